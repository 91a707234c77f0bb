//! Distributions as tables of their quantiles.

use crate::network::Effort;
use crate::random::Random;

/// Into how many equal shares of likelihood a table divides a distribution.
const STEPS: usize = 256;

/// Into how many parts the density of a distribution is divided to make a table.
const PARTS: usize = 4096;

/// A distribution, as the values that are not exceeded with a likelihood of 0, 1/256, 2/256, … 1.
#[derive(Debug, Clone)]
pub struct Quantiles(Box<[f32; STEPS + 1]>);

impl Quantiles {
    /// The PERT distribution of three figures: the beta distribution between the outer two whose mean is
    /// (optimistic + 4 × likely + pessimistic) ÷ 6.
    pub fn pert(effort: Effort) -> Self {
        let Effort { optimistic, likely, pessimistic } = effort;
        let width = pessimistic - optimistic;
        let mut table = Box::new([optimistic as f32; STEPS + 1]);
        if width <= 0.0 {
            return Quantiles(table);
        }
        let (left, right) = (4.0 * (likely - optimistic) / width, 4.0 * (pessimistic - likely) / width);
        let density = |share: f64| share.powf(left) * (1.0 - share).powf(right);
        let below: Vec<f64> = (0..PARTS)
            .scan(0.0, |sum, part| {
                *sum += density((part as f64 + 0.5) / PARTS as f64);
                Some(*sum)
            })
            .collect();
        let total = below.last().copied().unwrap_or(1.0);
        for (step, value) in table.iter_mut().enumerate() {
            let wanted = total * step as f64 / STEPS as f64;
            let part = below.partition_point(|sum| *sum < wanted).min(PARTS - 1);
            let before = if part == 0 { 0.0 } else { below[part - 1] };
            let within = (wanted - before) / (below[part] - before);
            *value = (optimistic + width * (part as f64 + within.clamp(0.0, 1.0)) / PARTS as f64) as f32;
        }
        // The outermost shares are long and thin: their ends are where their means are right.
        let mean = |parts: std::ops::Range<usize>| {
            let (mut weight, mut sum) = (0.0, 0.0);
            for part in parts {
                let middle = (part as f64 + 0.5) / PARTS as f64;
                weight += density(middle);
                sum += density(middle) * middle;
            }
            optimistic + width * sum / weight
        };
        let part_of = |share: f64| below.partition_point(|sum| *sum < total * share).min(PARTS - 1);
        let (first, last) = (part_of(1.0 / STEPS as f64), part_of(1.0 - 1.0 / STEPS as f64));
        table[0] = ((2.0 * mean(0..first + 1)) as f32 - table[1]).max(optimistic as f32);
        table[STEPS] = ((2.0 * mean(last..PARTS)) as f32 - table[STEPS - 1]).min(pessimistic as f32);
        Quantiles(table)
    }

    /// The same distribution with every value multiplied.
    pub fn times(mut self, factor: f64) -> Self {
        self.0.iter_mut().for_each(|value| *value = (f64::from(*value) * factor) as f32);
        self
    }

    /// A value drawn from it.
    #[inline]
    pub fn draw(&self, random: &mut Random) -> f32 {
        self.at(random.bits())
    }

    /// The value that 64 random bits stand for.
    #[inline]
    pub fn at(&self, bits: u64) -> f32 {
        let step = (bits >> 56) as usize;
        let within = ((bits >> 32) & 0x00ff_ffff) as f32 * (1.0 / (1 << 24) as f32);
        let (low, high) = (self.0[step], self.0[step + 1]);
        low + (high - low) * within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_and_deviation(effort: Effort) -> (f64, f64) {
        let quantiles = Quantiles::pert(effort);
        let mut random = Random::of_trial(3, 0);
        let drawn: Vec<f64> = (0..200_000).map(|_| f64::from(quantiles.draw(&mut random))).collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        let variance = drawn.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / drawn.len() as f64;
        (mean, variance.sqrt())
    }

    #[test]
    fn means_and_deviations_are_those_of_the_closed_form() {
        for (optimistic, likely, pessimistic) in
            [(2.0, 5.0, 11.0), (1.0, 1.0, 7.0), (3.0, 9.0, 9.0), (4.0, 5.0, 6.0)]
        {
            let effort = Effort { optimistic, likely, pessimistic };
            let (mean, deviation) = mean_and_deviation(effort);
            assert!((mean / effort.expected() - 1.0).abs() < 0.005, "{effort:?}: {mean}");
            // The variance of a beta distribution whose two shapes add up to 6.
            let expect = ((effort.expected() - optimistic) * (pessimistic - effort.expected()) / 7.0).sqrt();
            assert!((deviation / expect - 1.0).abs() < 0.01, "{effort:?}: {deviation} {expect}");
        }
    }

    #[test]
    fn one_figure_has_no_spread() {
        assert_eq!(mean_and_deviation(Effort::exactly(5.0)), (5.0, 0.0));
        assert_eq!(Quantiles::pert(Effort::exactly(0.0)).at(u64::MAX), 0.0);
    }
}
