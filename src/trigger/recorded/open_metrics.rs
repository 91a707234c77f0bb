//! OpenMetrics with times, as `promtool tsdb dump-openmetrics` and exporters write it.

use super::{Gathering, RecordedSeries, RecordingError, Sample};
use crate::evidence::openmetrics;
use crate::trigger::engine::NAME;

/// Whether a text begins like OpenMetrics or the text format of Prometheus.
pub(super) fn begins_like(text: &str) -> bool {
    openmetrics::begins_like(text) || begins_with_sample(text)
}

/// Whether the first line is a sample without labels: `up 1 1795225637`.
fn begins_with_sample(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or("");
    let mut words = first.split_ascii_whitespace();
    let is_name = words.next().is_some_and(|word| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !word.contains(',')
    });
    is_name && words.next().is_some_and(|word| word.parse::<f64>().is_ok())
}

pub(super) fn read(text: &str) -> Result<Vec<RecordedSeries>, RecordingError> {
    let mut gathering = Gathering::default();
    for sample in openmetrics::samples(text) {
        let sample = sample.map_err(|(at, reason)| RecordingError::new(at, reason))?;
        let value = super::value(sample.value)
            .ok_or_else(|| RecordingError::new(sample.at, format!("`{}` is not a number", sample.value)))?;
        let time = sample.millis.ok_or_else(|| {
            RecordingError::new(sample.at, "the sample has no time, so that it is unknown when it was")
        })?;
        let mut labels: Vec<(String, String)> = sample
            .labels
            .into_iter()
            .map(|(label, value)| (label.into_owned(), value.into_owned()))
            .collect();
        labels.retain(|(_, value)| !value.is_empty());
        labels.push((NAME.to_owned(), sample.name.into_owned()));
        gathering.add(labels, Sample { time, value }, sample.at)?;
    }
    Ok(gathering.series)
}
