//! Several recordings of the same series, joined to one.

use rustc_hash::FxHashMap;

use crate::trigger::engine::{Labels, NAME, Series, labels_text};
use crate::trigger::replay::is_name_of_values;

/// A series of which two recordings hold the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Its labels, as PromQL writes them.
    pub labels: String,
    /// The first moment of the second recording, in milliseconds.
    pub from: i64,
    /// Its last moment.
    pub to: i64,
}

/// Adds the series of another recording. Those that are known go on, whichever recording is the earlier one.
///
/// # Errors
///
/// The first series that both hold at the same time: which of them is right is not known, and both would count twice.
pub fn join(known: &mut Vec<Series>, more: Vec<Series>) -> Result<(), Overlap> {
    let mut places: FxHashMap<Labels, usize> =
        known.iter().enumerate().map(|(index, series)| (series.labels.clone(), index)).collect();
    for series in more {
        let (Some(first), Some(last)) = (series.samples.first(), series.samples.last()) else { continue };
        let Some(index) = places.get(&series.labels) else {
            places.insert(series.labels.clone(), known.len());
            known.push(series);
            continue;
        };
        let samples = &mut known[*index].samples;
        let at = samples.partition_point(|sample| sample.time < first.time);
        if samples.get(at).is_some_and(|next| next.time <= last.time) {
            // The name that stands for a query is nobody's.
            let is_own = |(label, value): &&(String, String)| label != NAME || !is_name_of_values(value);
            let labels: Labels = series.labels.iter().filter(is_own).cloned().collect();
            let labels = labels_text(&labels);
            return Err(Overlap { labels, from: first.time, to: last.time });
        }
        samples.splice(at..at, series.samples);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trigger::engine::Sample;

    fn series(pod: &str, times: &[i64]) -> Series {
        let samples = times.iter().map(|time| Sample { time: *time, value: 1.0 }).collect();
        Series::asked(vec![("pod".to_owned(), pod.to_owned())], samples)
    }

    #[test]
    fn recordings_are_joined_in_the_order_of_time() {
        let mut known = vec![series("a", &[30, 40])];
        join(&mut known, vec![series("a", &[10, 20]), series("b", &[10])]).unwrap();
        join(&mut known, vec![series("a", &[25])]).unwrap();
        assert_eq!(known, [series("a", &[10, 20, 25, 30, 40]), series("b", &[10])]);
    }

    #[test]
    fn recordings_of_one_time_are_refused() {
        for times in [&[10_i64][..], &[5, 35], &[20, 25], &[0, 10]] {
            let mut known = vec![series("a", &[10, 20, 30])];
            let overlap = join(&mut known, vec![series("a", times)]).unwrap_err();
            assert_eq!(overlap.labels, "pod=\"a\"");
        }
    }
}
