//! Measurements as JSON or CSV.
//!
//! JSON is a list of `{"name": …, "value": …, "unit": …, "time": …}`, alone or as the member `metrics` of an
//! object. CSV (RFC 4180) has a header that names the same columns in any order; others are passed over.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use super::input::{Found, Input};
use super::json::{self, Items, Object};
use super::{EvidenceDefect, EvidenceDefectKind, Metric, MetricTrouble, Timestamp};
use crate::source::Span;

/// Reads metrics as JSON.
pub(super) fn read_json<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut file = File::default();
    let read = match input.text.trim_start().starts_with('[') {
        true => json::read_list(input, &mut file.metrics),
        false => json::read_object(input, &mut file),
    };
    for item in file.metrics {
        match measurement(input, item, found) {
            Ok(metric) => found.metrics.push(metric),
            Err(defect) => found.broken(defect),
        }
    }
    if let Err(defect) = read {
        found.broken(defect);
    }
}

#[derive(Default)]
struct File<'s> {
    metrics: Vec<&'s RawValue>,
}

impl<'s> Object<'s> for File<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: &str, values: &mut A) -> Result<(), A::Error> {
        match name {
            "metrics" => values.next_value_seed(Items(&mut self.metrics)),
            _ => values.next_value::<IgnoredAny>().map(drop),
        }
    }
}

/// A measurement as it is written.
#[derive(Deserialize)]
struct Written<'s> {
    #[serde(borrow)]
    name: Option<&'s RawValue>,
    #[serde(borrow)]
    value: Option<&'s RawValue>,
    #[serde(borrow)]
    unit: Option<&'s RawValue>,
    #[serde(borrow)]
    time: Option<&'s RawValue>,
}

fn measurement<'s>(
    input: &Input<'s>,
    item: &'s RawValue,
    found: &mut Found<'s>,
) -> Result<Metric<'s>, EvidenceDefect> {
    let written: Written<'s> = json::read(input, item)?;
    let span = input.first_line(item.get());
    let trouble =
        |span, trouble| EvidenceDefect { span, kind: EvidenceDefectKind::MetricNotUnderstood(trouble) };
    let name = written.name.and_then(json::text).filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| trouble(span, MetricTrouble::NoName))?;
    let value = written.value.ok_or_else(|| trouble(span, MetricTrouble::NoValue))?;
    let number = number(value.get());
    let number = number.ok_or_else(|| trouble(input.first_line(value.get()), MetricTrouble::NoNumber))?;
    let time = written.time.map_or(Timestamp::Missing, |when| {
        let text = json::text(when).unwrap_or(Cow::Borrowed(when.get()));
        found.time(&text, input.first_line(when.get()))
    });
    let unit = written.unit.and_then(json::text);
    Ok(Metric {
        report: found.index,
        span,
        name,
        value: number,
        unit,
        labels: Box::default(),
        time,
        commit: None,
    })
}

/// A finite number.
fn number(text: &str) -> Option<f64> {
    // What Rust takes beyond figures, `inf` and `nan`, is not finite.
    text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}

const COLUMNS: [&str; 4] = ["name", "value", "unit", "time"];

/// Whether a text begins with a header that has a name or a value.
pub(super) fn begins_like_a_table(text: &str) -> bool {
    let header = text.lines().next().unwrap_or("");
    header.split(',').any(|column| matches!(column_of(column), Some(0 | 1)))
}

fn column_of(text: &str) -> Option<usize> {
    let text = text.trim().trim_matches('"').trim();
    COLUMNS.iter().position(|column| column.eq_ignore_ascii_case(text))
}

/// Reads metrics as CSV.
pub(super) fn read_csv<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut rows = Rows { input, rest: input.text };
    let header = match rows.next() {
        Some(Ok(header)) => header,
        Some(Err(defect)) => return found.broken(defect),
        None => return,
    };
    let columns = columns(input, &header, found);
    let [Some(name), Some(value), unit, time] = columns else { return };
    for row in rows {
        let row = match row {
            Ok(row) => row,
            Err(defect) => return found.broken(defect),
        };
        let picked = Columns { name, value, unit, time, count: header.len() };
        match picked.measurement(input, &row, found) {
            Ok(metric) => found.metrics.push(metric),
            Err((span, trouble)) => {
                let kind = EvidenceDefectKind::MetricNotUnderstood(trouble);
                found.broken(EvidenceDefect { span, kind });
            }
        }
    }
}

/// Where each column stands; what is wrong with the header is a defect.
fn columns<'s>(input: &Input<'s>, header: &[Field<'s>], found: &mut Found<'s>) -> [Option<usize>; 4] {
    let mut columns = [None; 4];
    let mut trouble = |span, trouble| {
        let kind = EvidenceDefectKind::MetricNotUnderstood(trouble);
        found.broken(EvidenceDefect { span, kind });
    };
    for (at, field) in header.iter().enumerate() {
        let Some(column) = column_of(&field.value) else { continue };
        if columns[column].replace(at).is_some() {
            trouble(input.place(field.raw), MetricTrouble::ColumnTwice(COLUMNS[column]));
            return [None; 4];
        }
    }
    for column in [0, 1] {
        if columns[column].is_none() {
            let line = input.first_line(input.text.trim_start());
            trouble(line, MetricTrouble::ColumnMissing(COLUMNS[column]));
        }
    }
    columns
}

/// Where the columns of a table stand, and how many there are.
struct Columns {
    name: usize,
    value: usize,
    unit: Option<usize>,
    time: Option<usize>,
    count: usize,
}

impl Columns {
    fn measurement<'s>(
        &self,
        input: &Input<'s>,
        row: &[Field<'s>],
        found: &mut Found<'s>,
    ) -> Result<Metric<'s>, (Span, MetricTrouble)> {
        let span = match row {
            [first, .., last] => input.place(first.raw).to(input.place(last.raw)),
            _ => input.place(row.first().map_or("", |field| field.raw)),
        };
        if row.len() != self.count {
            return Err((span, MetricTrouble::FieldCount { expected: self.count, found: row.len() }));
        }
        let filled =
            |at: Option<usize>| at.and_then(|at| row.get(at)).filter(|field| !field.value.trim().is_empty());
        let name = filled(Some(self.name)).ok_or((span, MetricTrouble::NoName))?;
        let value = filled(Some(self.value)).ok_or((span, MetricTrouble::NoValue))?;
        let number = number(&value.value).ok_or((input.place(value.raw), MetricTrouble::NoNumber))?;
        let time = filled(self.time)
            .map_or(Timestamp::Missing, |field| found.time(&field.value, input.place(field.raw)));
        let unit = filled(self.unit).map(|field| field.value.clone());
        let name = name.value.clone();
        Ok(Metric {
            report: found.index,
            span,
            name,
            value: number,
            unit,
            labels: Box::default(),
            time,
            commit: None,
        })
    }
}

/// A field of a table.
#[derive(Debug)]
struct Field<'s> {
    /// As it is written, with its quotes.
    raw: &'s str,
    value: Cow<'s, str>,
}

/// The rows of a table. The `csv` crate knows where a record begins, but not where its fields do.
struct Rows<'i, 's> {
    input: &'i Input<'s>,
    rest: &'s str,
}

impl<'s> Iterator for Rows<'_, 's> {
    type Item = Result<Vec<Field<'s>>, EvidenceDefect>;

    fn next(&mut self) -> Option<Self::Item> {
        // Empty lines are no rows.
        self.rest = self.rest.trim_start_matches(['\n', '\r']);
        if self.rest.trim().is_empty() {
            return None;
        }
        let mut row = Vec::new();
        loop {
            match self.field() {
                Ok(field) => row.push(field),
                Err(defect) => {
                    self.rest = "";
                    return Some(Err(defect));
                }
            }
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None => return Some(Ok(row)),
            }
        }
    }
}

impl<'s> Rows<'_, 's> {
    fn field(&mut self) -> Result<Field<'s>, EvidenceDefect> {
        let text = self.rest;
        if !text.starts_with('"') {
            let end = text.find([',', '\n', '\r']).unwrap_or(text.len());
            self.rest = &text[end..];
            return Ok(Field { raw: &text[..end], value: Cow::Borrowed(text[..end].trim()) });
        }
        let start = self.input.place(text).start as usize;
        let end =
            closing_quote(text).ok_or_else(|| self.input.malformed(start, "the quotes are not closed"))?;
        let (raw, rest) = text.split_at(end + 1);
        if !rest.is_empty() && !rest.starts_with([',', '\n', '\r']) {
            return Err(self.input.malformed(start + end + 1, "text behind the closing quotes of a field"));
        }
        self.rest = rest;
        let inside = &raw[1..end];
        let value = match inside.contains('"') {
            true => Cow::Owned(inside.replace("\"\"", "\"")),
            false => Cow::Borrowed(inside),
        };
        Ok(Field { raw, value })
    }
}

/// Where the quotes close that a text begins with; two of them are one of the text.
fn closing_quote(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        at += memchr::memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}
