//! CSV: the time in the first column, a series in each other one.
//!
//! A column is called as PromQL selects its series: `http_requests_total{code="500"}`, or by any name where the values are those
//! of a query.

use chrono::{DateTime, NaiveDateTime};

use super::{RecordedSeries, RecordingError, Sample, millis, push, value};
use crate::model::promql::{self, ExprKind, MatchOperator};
use crate::trigger::engine::{Labels, NAME};

pub(super) fn read(text: &str) -> Result<Vec<RecordedSeries>, RecordingError> {
    let text_without_mark = text.trim_start_matches('\u{feff}');
    let skipped = text.len() - text_without_mark.len();
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text_without_mark.as_bytes());
    let header = reader.headers().map_err(|error| RecordingError::new(0, error.to_string()))?.clone();
    if header.len() < 2 {
        let reason = "this is neither a reply of Prometheus nor OpenMetrics nor CSV with a time and a series";
        return Err(RecordingError::new(0, reason));
    }
    let mut series: Vec<RecordedSeries> = Vec::new();
    for title in header.iter().skip(1) {
        let labels = labels(title).map_err(|reason| RecordingError::new(0, reason))?;
        if series.iter().any(|known| known.labels == labels) {
            return Err(RecordingError::new(0, format!("two columns are called `{title}`")));
        }
        series.push(RecordedSeries { labels, samples: Vec::new() });
    }
    for record in reader.records() {
        let record = record.map_err(|error| {
            let at = error.position().map_or(0, |position| position.byte());
            RecordingError::new(skipped + usize::try_from(at).unwrap_or(0), error.to_string())
        })?;
        let at = record.position().map_or(0, |position| position.byte());
        let at = skipped + usize::try_from(at).unwrap_or(0);
        if record.len() != header.len() {
            let reason = format!("the line has {} cells, and the first one {}", record.len(), header.len());
            return Err(RecordingError::new(at, reason));
        }
        let written = record.get(0).unwrap_or_default();
        let time = time(written).ok_or_else(|| {
            RecordingError::new(
                at,
                format!("`{written}` is not a time: write 2026-11-20T10:00:00Z, or seconds since 1970"),
            )
        })?;
        for (series, cell) in series.iter_mut().zip(record.iter().skip(1)) {
            if cell.is_empty() || cell.eq_ignore_ascii_case("null") {
                continue;
            }
            let value =
                value(cell).ok_or_else(|| RecordingError::new(at, format!("`{cell}` is not a number")))?;
            push(&mut series.samples, Sample { time, value }, at)?;
        }
    }
    Ok(series)
}

/// The labels that a title of a column stands for.
fn labels(title: &str) -> Result<Labels, String> {
    let is_selector = title.contains('{')
        || (!title.is_empty() && title.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':')));
    if !is_selector {
        return Ok(vec![("column".to_owned(), title.to_owned())]);
    }
    let expr = promql::parse(title)
        .map_err(|error| format!("the column `{title}` is not a series: {}", error.reason))?;
    let ExprKind::Selector(selector) = expr.kind else {
        return Err(format!("the column `{title}` is not a series such as `requests_total{{code=\"500\"}}`"));
    };
    let mut labels = Labels::new();
    labels.extend(selector.name.map(|name| (NAME.to_owned(), name)));
    for matcher in selector.matchers {
        if matcher.operator != MatchOperator::Equal {
            return Err(format!("the column `{title}` names no single series: write each label with `=`"));
        }
        labels.push((matcher.label, matcher.value));
    }
    labels.sort();
    Ok(labels)
}

/// A time: RFC 3339, a date with a time of day in UTC, or seconds or milliseconds since 1970.
fn time(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<f64>() {
        // Milliseconds of the seventies are seconds of a time that nobody records.
        return if number.abs() >= 1e11 { millis(number / 1000.0) } else { millis(number) };
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.timestamp_millis());
    }
    let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M"];
    let read = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    read.map(|time| time.and_utc().timestamp_millis())
}
