//! Recorded data: what Prometheus replied, what was scraped, or a table.
//!
//! Three formats are recognised by their content: the reply of a range query of Prometheus as JSON, OpenMetrics with times, and
//! CSV with the time in its first column. What cannot be read is an error at its place, and nothing of the file is used.

mod join;
mod open_metrics;
mod prometheus_json;
mod table;
#[cfg(test)]
mod tests;

use rustc_hash::FxHashMap;

pub use join::{Overlap, join};
pub use prometheus_json::{answer, scalar};

use super::engine::{Labels, NAME, Sample, Series, labels_text};

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The series, in the order of the file.
    pub series: Vec<RecordedSeries>,
}

/// A series as it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedSeries {
    /// Its labels, sorted.
    pub labels: Labels,
    /// Its samples, in the order of their times.
    pub samples: Vec<Sample>,
}

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingError {
    /// The byte of the text at which it is.
    pub at: usize,
    /// Why, in plain words.
    pub reason: String,
}

impl RecordingError {
    fn new(at: usize, reason: impl Into<String>) -> Self {
        RecordingError { at, reason: reason.into() }
    }
}

/// Reads recorded data.
///
/// # Errors
///
/// The first place that cannot be read, and why.
pub fn read(text: &str) -> Result<Recording, RecordingError> {
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    let series = if begins.is_empty() {
        return Err(RecordingError::new(0, "the file is empty"));
    } else if begins.starts_with(['{', '[']) && prometheus_json::begins_like(begins) {
        prometheus_json::read(text)?
    } else if open_metrics::begins_like(begins) {
        open_metrics::read(text)?
    } else {
        table::read(text)?
    };
    if series.iter().all(|series| series.samples.is_empty()) {
        return Err(RecordingError::new(0, "the file has no sample"));
    }
    Ok(Recording { series })
}

impl Recording {
    /// The series as Prometheus would have scraped them; an error if one has no name.
    ///
    /// # Errors
    ///
    /// The labels of a series without a name: it is what a query yielded.
    pub fn scraped(self) -> Result<Vec<Series>, String> {
        let nameless = |series: &&RecordedSeries| !series.labels.iter().any(|(label, _)| label == NAME);
        if let Some(series) = self.series.iter().find(nameless) {
            return Err(labels_text(&series.labels));
        }
        Ok(self.series.into_iter().map(|series| Series::scraped(series.labels, series.samples)).collect())
    }

    /// The series as values of a query, under the name that stands for it.
    pub fn asked(self, name: &str) -> Vec<Series> {
        let series = self.series.into_iter().map(|series| {
            let mut labels = series.labels;
            labels.retain(|(label, _)| label != NAME);
            labels.push((NAME.to_owned(), name.to_owned()));
            Series::asked(labels, series.samples)
        });
        series.collect()
    }

    /// The shortest time between two samples of a series, in milliseconds.
    pub fn step(&self) -> Option<i64> {
        let gaps = self
            .series
            .iter()
            .flat_map(|series| series.samples.windows(2).map(|pair| pair[1].time - pair[0].time));
        gaps.min()
    }
}

/// Gathers samples by their labels.
#[derive(Default)]
struct Gathering {
    index: FxHashMap<Labels, usize>,
    series: Vec<RecordedSeries>,
}

impl Gathering {
    /// Adds a sample. A time before that of the sample before it is an error.
    fn add(&mut self, mut labels: Labels, sample: Sample, at: usize) -> Result<(), RecordingError> {
        labels.sort();
        let index = match self.index.get(&labels) {
            Some(index) => *index,
            None => {
                self.index.insert(labels.clone(), self.series.len());
                self.series.push(RecordedSeries { labels, samples: Vec::new() });
                self.series.len() - 1
            }
        };
        push(&mut self.series[index].samples, sample, at)
    }
}

/// Adds a sample behind others, which must be earlier.
fn push(samples: &mut Vec<Sample>, sample: Sample, at: usize) -> Result<(), RecordingError> {
    match samples.last() {
        Some(last) if last.time == sample.time => {
            Err(RecordingError::new(at, "two samples of a series have the same time"))
        }
        Some(last) if last.time > sample.time => {
            Err(RecordingError::new(at, "the samples of a series are not in the order of time"))
        }
        _ => {
            samples.push(sample);
            Ok(())
        }
    }
}

/// A value as Prometheus writes it: `0.04`, `NaN`, `+Inf`.
fn value(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

/// Milliseconds of a number of seconds.
fn millis(seconds: f64) -> Option<i64> {
    // Beyond the year 10,000 something else is meant.
    let is_time = seconds.is_finite() && seconds.abs() < 253_402_300_800.0;
    is_time.then(|| (seconds * 1000.0).round() as i64)
}
