//! The reply of `/api/v1/query_range` (<https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries>).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{RecordedSeries, RecordingError, Sample, millis, push, value};

#[derive(Deserialize)]
struct Reply {
    status: Option<String>,
    error: Option<String>,
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "resultType")]
    result_type: String,
    result: serde_json::Value,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    #[serde(default)]
    values: Vec<(f64, String)>,
    #[serde(default)]
    histograms: Vec<serde_json::Value>,
}

/// Whether a text that begins with a bracket is JSON, and no selector of a metric.
pub(super) fn begins_like(text: &str) -> bool {
    let behind = text.trim_start_matches(['{', '[']).trim_start();
    behind.starts_with(['"', '}', ']', '{', '['])
}

pub(super) fn read(text: &str) -> Result<Vec<RecordedSeries>, RecordingError> {
    let wrong = |error: &serde_json::Error| {
        RecordingError::new(offset(text, error.line(), error.column()), reason(error))
    };
    let text = text.trim_start_matches('\u{feff}');
    let reply: Reply = serde_json::from_str(text).map_err(|error| wrong(&error))?;
    if reply.status.as_deref() == Some("error") || reply.error.is_some() {
        let error = reply.error.unwrap_or_else(|| "without a reason".to_owned());
        return Err(RecordingError::new(0, format!("Prometheus replied with an error: {error}")));
    }
    let data = match reply.data {
        Some(data) => data,
        // Some tools keep the inner part only.
        None => serde_json::from_str::<Data>(text).map_err(|_| {
            RecordingError::new(0, "this is not a reply of a range query of Prometheus: `data` is missing")
        })?,
    };
    if data.result_type != "matrix" {
        let reason = format!(
            "the reply is of the type `{}`: ask for a range with /api/v1/query_range",
            data.result_type
        );
        return Err(RecordingError::new(text.find("resultType").unwrap_or(0), reason));
    }
    let rows: Vec<Row> = serde_json::from_value(data.result).map_err(|error| {
        RecordingError::new(text.find("\"result\"").unwrap_or(0), format!("a series cannot be read: {error}"))
    })?;
    rows.into_iter().map(|row| series(text, row)).collect()
}

fn series(text: &str, row: Row) -> Result<RecordedSeries, RecordingError> {
    let labels: Vec<(String, String)> = row.metric.into_iter().collect();
    let at = labels.first().and_then(|(_, value)| text.find(value.as_str())).unwrap_or(0);
    if !row.histograms.is_empty() {
        return Err(RecordingError::new(at, "native histograms are not read"));
    }
    let mut samples = Vec::with_capacity(row.values.len());
    for (seconds, written) in row.values {
        let time = millis(seconds)
            .ok_or_else(|| RecordingError::new(at, format!("`{seconds}` is not a time in seconds")))?;
        let value = value(&written)
            .ok_or_else(|| RecordingError::new(at, format!("`{written}` is not a sample value")))?;
        push(&mut samples, Sample { time, value }, at)?;
    }
    Ok(RecordedSeries { labels, samples })
}

fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let plain = text.rsplit_once(" at line ").map_or(text.as_str(), |(plain, _)| plain);
    match error.classify() {
        serde_json::error::Category::Eof => "the file is cut off".to_owned(),
        _ => format!("this is not a reply of a range query of Prometheus: {plain}"),
    }
}

/// The byte of a line and a column, both from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (before + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
