//! The reply of `/api/v1/query_range` (<https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries>).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{RecordedSeries, RecordingError, Sample, millis, push, value};

#[derive(Deserialize)]
struct Reply {
    status: Option<String>,
    error: Option<String>,
    #[serde(default)]
    warnings: Option<Vec<String>>,
    /// What clusters that speak the same API say if one of their parts is away.
    #[serde(default, rename = "isPartial")]
    is_partial: Option<serde_json::Value>,
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

/// What a running Prometheus answered to a range query, just now.
///
/// It is read more strictly than a file: it must say that it succeeded, and a warning is an error, because it says that something
/// is missing. No series is an answer.
///
/// # Errors
///
/// Why it cannot be relied on.
pub fn answer(text: &str) -> Result<Vec<RecordedSeries>, String> {
    let reply: Reply = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
    let data = succeeded(reply)?;
    if data.result_type != "matrix" {
        return Err(format!("the answer is of the type `{}` instead of `matrix`", data.result_type));
    }
    let rows: Vec<Row> = serde_json::from_value(data.result)
        .map_err(|error| format!("a series of the answer cannot be read: {error}"))?;
    let series: Vec<RecordedSeries> = rows
        .into_iter()
        .map(|row| series(text, row))
        .collect::<Result<_, _>>()
        .map_err(|error| error.reason)?;
    let mut labels: Vec<_> = series.iter().map(|series| &series.labels).collect();
    labels.sort();
    match labels.windows(2).any(|pair| pair[0] == pair[1]) {
        true => Err("two series of the answer have the same labels".to_owned()),
        false => Ok(series),
    }
}

/// The number that a running Prometheus answered to an instant query of a scalar.
///
/// # Errors
///
/// Why it cannot be relied on.
pub fn scalar(text: &str) -> Result<f64, String> {
    let reply: Reply = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
    let data = succeeded(reply)?;
    let (_, written): (f64, String) = match data.result_type.as_str() {
        "scalar" => serde_json::from_value(data.result).map_err(|error| error.to_string())?,
        other => return Err(format!("the answer is of the type `{other}` instead of `scalar`")),
    };
    let number = value(&written).filter(|number| number.is_finite());
    number.ok_or_else(|| format!("`{written}` is not a number"))
}

fn succeeded(reply: Reply) -> Result<Data, String> {
    if let Some(error) = reply.error {
        return Err(format!("Prometheus answered with an error: {error}"));
    }
    match reply.status.as_deref() {
        Some("success") => {}
        Some(other) => return Err(format!("Prometheus answered with the status `{other}`")),
        None => return Err("the answer has no `status`: it is not from Prometheus".to_owned()),
    }
    if let Some(warning) = reply.warnings.iter().flatten().next() {
        return Err(format!("Prometheus answered with a warning: {warning}"));
    }
    if reply
        .is_partial
        .is_some_and(|partial| !matches!(partial, serde_json::Value::Bool(false) | serde_json::Value::Null))
    {
        return Err("the answer is partial: a part of the cluster is away".to_owned());
    }
    reply.data.ok_or_else(|| "the answer has no `data`".to_owned())
}

fn not_json(text: &str, error: &serde_json::Error) -> String {
    match text.trim_start().starts_with('<') {
        true => "the answer is a web page, and not from the API of Prometheus".to_owned(),
        false if text.trim().is_empty() => "the answer is empty".to_owned(),
        false => format!("the answer is not that of Prometheus: {error}"),
    }
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
