//! The two medians that tools for DORA metrics use.

use crate::config::Median;

/// The median of values; nothing of none.
pub fn median(values: &[i64], kind: Median) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let last = sorted.len().checked_sub(1)?;
    // The values up to the lower middle are those whose percent rank is at most one half: the rank of equal values is that
    // of the first of them.
    let (low, high) = (sorted[last / 2] as f64, sorted[last.div_ceil(2)] as f64);
    Some(match kind {
        Median::PercentRank => low,
        Median::PercentileCont => low + (high - low) / 2.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definitions as they are written, slow and plain.
    fn by_definition(values: &[i64], kind: Median) -> Option<f64> {
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        let count = sorted.len();
        match (kind, count) {
            (_, 0) => None,
            (_, 1) => Some(sorted[0] as f64),
            (Median::PercentRank, _) => {
                let rank = |value: i64| sorted.iter().filter(|other| **other < value).count() as f64;
                let fits = |value: &&i64| rank(**value) / (count as f64 - 1.0) <= 0.5;
                sorted.iter().filter(fits).max().map(|value| *value as f64)
            }
            (Median::PercentileCont, _) => {
                let at = 0.5 * (count as f64 - 1.0);
                let (low, high) = (sorted[at.floor() as usize] as f64, sorted[at.ceil() as usize] as f64);
                Some(low + (high - low) * at.fract())
            }
        }
    }

    #[test]
    fn of_an_even_number_of_values_the_medians_differ() {
        for (values, cont, rank) in [
            (&[][..], None, None),
            (&[7], Some(7.0), Some(7.0)),
            (&[4, 2, 3, 1], Some(2.5), Some(2.0)),
            (&[1, 2, 3], Some(2.0), Some(2.0)),
            (&[1, 5, 5, 5], Some(5.0), Some(5.0)),
            (&[1, 1, 5, 5], Some(3.0), Some(1.0)),
            (&[60, 3600], Some(1830.0), Some(60.0)),
        ] {
            assert_eq!(median(values, Median::PercentileCont), cont, "{values:?}");
            assert_eq!(median(values, Median::PercentRank), rank, "{values:?}");
        }
    }

    #[test]
    fn both_medians_are_as_they_are_defined() {
        // Every list of up to six values out of four.
        for count in 0..=6_u32 {
            for number in 0..4_usize.pow(count) {
                let digit = |place: u32| (number / 4_usize.pow(place) % 4) as i64 * 10;
                let values: Vec<i64> = (0..count).map(digit).collect();
                for kind in [Median::PercentileCont, Median::PercentRank] {
                    assert_eq!(median(&values, kind), by_definition(&values, kind), "{values:?} {kind:?}");
                }
            }
        }
    }
}
