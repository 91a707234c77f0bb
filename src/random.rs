//! Floor 0: random numbers whose sequence is part of a forecast: the same seed gives the same forecast in every version.

/// A generator of random numbers: xoshiro256++ (Blackman and Vigna, public domain).
#[derive(Debug, Clone)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    /// The generator of one trial of a simulation. Each trial has its own, so that it does not matter which thread runs it.
    pub fn of_trial(seed: u64, trial: u64) -> Self {
        let mut mixer = SplitMix(seed ^ trial.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        // Neighbouring seeds would share states that are one step apart.
        let mut mixer = SplitMix(mixer.next());
        Random { state: [mixer.next(), mixer.next(), mixer.next(), mixer.next()] }
    }

    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        result
    }

    /// A number from 0 to 1, without 1.
    #[inline]
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// A whole number below `count`, which is not 0; all are equally likely up to one part in 2^32.
    #[inline]
    pub fn below(&mut self, count: u32) -> u32 {
        // The upper half of a product is below `count`, so that it fits.
        (((self.bits() >> 32) * u64::from(count)) >> 32) as u32
    }

    /// A whole number between two, both included.
    #[inline]
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high - low).saturating_add(1))
    }
}

/// Makes states from seeds: SplitMix64 (Steele, Lea and Flood).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_that_of_the_reference() {
        // The first numbers of the authors' program from the state 1, 2, 3, 4.
        let mut random = Random { state: [1, 2, 3, 4] };
        let found: Vec<u64> = (0..4).map(|_| random.bits()).collect();
        assert_eq!(found, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn numbers_are_spread_evenly() {
        let mut random = Random::of_trial(1, 0);
        let mut counts = [0u32; 6];
        (0..60_000).for_each(|_| counts[random.below(6) as usize] += 1);
        assert!(counts.iter().all(|count| (9_700..10_300).contains(count)), "{counts:?}");
        let mean = (0..60_000).map(|_| random.share()).sum::<f64>() / 60_000.0;
        assert!((mean - 0.5).abs() < 0.01, "{mean}");
        assert!((0..1_000).all(|_| (3..=6).contains(&random.between(3, 6))));
        assert_eq!(random.between(u32::MAX, u32::MAX), u32::MAX);
    }

    #[test]
    fn trials_differ() {
        let first = |trial| Random::of_trial(7, trial).bits();
        let mut all: Vec<u64> = (0..1_000).map(first).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 1_000);
    }
}
