//! Measurements as JSON or CSV.
//!
//! JSON is a list of `{"name": …, "value": …, "unit": …, "time": …, "commit": …}`, alone or as the member `metrics` of an
//! object, which may state the time and the commit of all of them. CSV (RFC 4180) has a header that names the same
//! columns in any order. What has another name tells what was measured, and becomes a label.

use std::borrow::Cow;

use serde::de::{IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use super::input::{Found, Input};
use super::json::{self, Items, Object, Pairs};
use super::measured::{self, Labels, Measured, Role, number, role, trouble};
use super::{EvidenceDefect, EvidenceDefectKind, MetricTrouble, Timestamp, commit_names};

/// Reads metrics as JSON.
pub(super) fn read_json<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut file = File::default();
    let read = match input.text.trim_start().starts_with('[') {
        true => json::read_list(input, &mut file.metrics),
        false => json::read_object(input, &mut file),
    };
    let common = file.about(input, found);
    for item in file.metrics {
        let read = json::read_part(input, item, &mut Pairs::default(), |members| {
            measurement(input, item, members, common.clone(), found)
        });
        if let Err(defect) = read {
            found.broken(defect);
        }
    }
    if let Err(defect) = read {
        found.broken(defect);
    }
}

/// An object with a list of measurements.
#[derive(Default)]
struct File<'s> {
    metrics: Vec<&'s RawValue>,
    has_metrics: bool,
    /// What is said about all of them.
    others: Pairs<'s>,
    /// The list stands there twice.
    is_repeated: bool,
}

impl<'s> Object<'s> for File<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        match &*name {
            "metrics" => {
                self.is_repeated |= std::mem::replace(&mut self.has_metrics, true);
                values.next_value_seed(Items(&mut self.metrics))
            }
            _ if matches!(role(&name), Role::Label | Role::Name | Role::Value)
                && !measured::says_of_what(&name)
                && !measured::holds_labels(&name) =>
            {
                values.next_value::<IgnoredAny>().map(drop)
            }
            _ => self.others.member(name, values),
        }
    }
}

impl<'s> File<'s> {
    /// Reads what is said about all measurements: the report is about that time and commit, and each has the labels.
    fn about(&mut self, input: &Input<'s>, found: &mut Found<'s>) -> Labels<'s> {
        let mut all = Measured::default();
        if self.is_repeated {
            found.broken(measured::twice(input, input.text, "metrics"));
        }
        for (key, value) in std::mem::take(&mut self.others.0) {
            if role(&key) == Role::Unit {
                continue;
            }
            say(input, &mut all, &key, value, found);
        }
        if found.report.time == Timestamp::Missing {
            found.report.time = all.time;
        }
        if let Some((commit, span)) = all.commit {
            found.is_about(commit, span);
        }
        all.labels
    }
}

impl Pairs<'_> {
    /// The members with a role, if there is one that is not null; two of them are a defect.
    fn one(&self, wanted: Role) -> Result<Option<&RawValue>, &str> {
        let mut found = self.0.iter().filter(|(key, value)| role(key) == wanted && value.get() != "null");
        match (found.next(), found.next()) {
            (_, Some((key, _))) => Err(key),
            (first, None) => Ok(first.map(|(_, value)| *value)),
        }
    }
}

fn measurement<'s>(
    input: &Input<'s>,
    item: &'s RawValue,
    members: &Pairs<'s>,
    common: Labels<'s>,
    found: &mut Found<'s>,
) -> Result<(), EvidenceDefect> {
    let span = input.first_line(item.get());
    let twice = |key: &str| measured::twice(input, item.get(), key);
    if let Some(key) = members.repeated() {
        return Err(twice(key));
    }
    let mut measured = Measured { labels: common, ..Measured::default() };
    let name = members.one(Role::Name).map_err(twice)?.and_then(json::text);
    measured.name = name
        .filter(|name| !name.trim().is_empty())
        .map(|name| Cow::Owned(name.into_owned()))
        .ok_or_else(|| trouble(span, MetricTrouble::NoName))?;
    // What has no value that can be read stays, so that an older value does not speak in its place.
    let value = members.one(Role::Value).map_err(twice)?;
    let value_place = value.map_or(span, |value| input.first_line(value.get()));
    match value.ok_or(MetricTrouble::NoValue).and_then(|value| number(value.get())) {
        Ok(number) => measured.value = Some(number),
        Err(reason) => found.broken(trouble(value_place, reason)),
    }
    if let Some(unit) = members.one(Role::Unit).map_err(twice)? {
        match json::text(unit) {
            Some(text) => measured.unit = Some(Cow::Owned(text.into_owned())),
            None => {
                measured.value = None;
                found.broken(json::wrong(input, unit, "a unit is a text: `ms`"));
            }
        }
    }
    for (key, value) in &members.0 {
        say(input, &mut measured, key, value, found);
    }
    if let Some(label) = measured::repeated(&mut measured.labels) {
        return Err(twice(label));
    }
    measured.finish(span, value_place, found);
    Ok(())
}

/// Takes what a member says about a measurement, beside its name, value and unit.
fn say<'s>(
    input: &Input<'s>,
    measured: &mut Measured<'s>,
    key: &str,
    value: &'s RawValue,
    found: &mut Found<'s>,
) {
    let span = input.first_line(value.get());
    if value.get() == "null" {
        return;
    }
    // What is no text is what it is written as.
    let text = || json::text(value).unwrap_or(Cow::Borrowed(value.get()));
    match role(key) {
        Role::Name | Role::Value | Role::Unit => {}
        Role::Time => {
            let time = found.time(&text(), span);
            measured.measured_at(time, span, found);
        }
        Role::Commit if text().trim().is_empty() => {}
        Role::Commit => measured.is_about(text(), span, found),
        Role::Misspelt => measured::misspelt(key, span, found),
        Role::Label if measured::holds_labels(key) && value.get().starts_with('{') => {
            let mut members = Pairs::default();
            let read = json::read_part(input, value, &mut members, |members| {
                for (key, value) in &members.0 {
                    nested(input, measured, key, value, found);
                }
                Ok(())
            });
            if let Err(defect) = read {
                found.broken(defect);
            }
        }
        Role::Label => measured.labels.push((Cow::Owned(key.to_owned()), text())),
    }
}

/// Takes a label that stands in an object of labels: whatever it is called, it is a label, or the commit.
fn nested<'s>(
    input: &Input<'s>,
    measured: &mut Measured<'s>,
    key: &str,
    value: &'s RawValue,
    found: &mut Found<'s>,
) {
    let text = json::text(value).unwrap_or(Cow::Borrowed(value.get()));
    match commit_names::is_commit(key, &text) {
        true => measured.is_about(text, input.first_line(value.get()), found),
        false => measured.labels.push((Cow::Owned(key.to_owned()), text)),
    }
}

/// Whether a text begins with a header that has a name or a value.
pub(super) fn begins_like_a_table(text: &str) -> bool {
    let header = text.lines().next().unwrap_or("");
    header.split(',').any(|column| matches!(role(unquoted(column)), Role::Name | Role::Value))
}

/// Whether columns are those of a table of measurements: each has a name and a value.
pub(super) fn is_header<'c>(columns: impl Iterator<Item = &'c str>) -> bool {
    let roles: Vec<Role> = columns.map(|column| role(unquoted(column))).collect();
    roles.contains(&Role::Name) && roles.contains(&Role::Value)
}

fn unquoted(column: &str) -> &str {
    column.trim().trim_matches('"').trim()
}

/// Reads metrics as CSV.
pub(super) fn read_csv<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut rows = Rows { input, rest: input.text };
    let header = match rows.next() {
        Some(Ok(header)) => header,
        Some(Err(defect)) => return found.broken(defect),
        None => return,
    };
    let Some(columns) = Columns::of(input, header, found) else { return };
    let mut before: Option<Vec<Field<'s>>> = None;
    let mut last: Option<Vec<Field<'s>>> = None;
    for row in rows {
        let row = match row {
            Ok(row) => row,
            Err(defect) => return found.broken(defect),
        };
        if let Err(defect) = columns.measurement(input, &row, found) {
            found.broken(defect);
        }
        before = last.replace(row);
    }
    if let Some(last) = last
        && !columns.is_finished(input, &last, before.as_deref())
    {
        let reason = "the last line has no line break, so that its end may be missing; end it with one";
        let kind = EvidenceDefectKind::Malformed { reason: reason.to_owned(), at_end: true };
        let end = input.text.len();
        found.broken(EvidenceDefect { span: input.at(end, end), kind });
    }
}

/// The columns of a table.
struct Columns<'s>(Vec<(Role, Field<'s>)>);

impl<'s> Columns<'s> {
    /// Reads the header. What is wrong with it is a defect.
    fn of(input: &Input<'s>, header: Vec<Field<'s>>, found: &mut Found<'s>) -> Option<Columns<'s>> {
        let columns: Vec<(Role, Field<'s>)> =
            header.into_iter().map(|field| (role(field.value.trim()), field)).collect();
        let mut labels: Vec<&str> = Vec::new();
        for (at, (role, field)) in columns.iter().enumerate() {
            let place = input.place(field.raw);
            let is_first = !columns[..at].iter().any(|(other, _)| other == role);
            let name = match role {
                Role::Name => "name",
                Role::Value => "value",
                Role::Unit => "unit",
                Role::Misspelt => {
                    measured::misspelt(&field.value, place, found);
                    continue;
                }
                // An empty one says nothing.
                Role::Time | Role::Commit | Role::Label => {
                    let name = field.value.trim();
                    if !name.is_empty() && labels.contains(&name) {
                        found.broken(measured::twice(input, field.raw, name));
                        return None;
                    }
                    labels.push(name);
                    continue;
                }
            };
            if !is_first {
                found.broken(trouble(place, MetricTrouble::ColumnTwice(name)));
                return None;
            }
        }
        let mut is_whole = true;
        for (wanted, name) in [(Role::Name, "name"), (Role::Value, "value")] {
            if !columns.iter().any(|(role, _)| *role == wanted) {
                let line = input.first_line(input.text.trim_start());
                found.broken(trouble(line, MetricTrouble::ColumnMissing(name)));
                is_whole = false;
            }
        }
        is_whole.then_some(Columns(columns))
    }

    fn measurement(
        &self,
        input: &Input<'s>,
        row: &[Field<'s>],
        found: &mut Found<'s>,
    ) -> Result<(), EvidenceDefect> {
        let span = match row {
            [first, .., last] => input.place(first.raw).to(input.place(last.raw)),
            _ => input.place(row.first().map_or("", |field| field.raw)),
        };
        if row.len() != self.0.len() {
            let counts = MetricTrouble::FieldCount { expected: self.0.len(), found: row.len() };
            return Err(trouble(span, counts));
        }
        let mut measured = Measured::default();
        let mut value_place = None;
        for ((role, column), field) in self.0.iter().zip(row) {
            let place = input.place(field.raw);
            if field.value.trim().is_empty() {
                continue;
            }
            match role {
                Role::Name => measured.name = field.value.clone(),
                Role::Value => {
                    value_place = Some(place);
                    match number(&field.value) {
                        Ok(number) => measured.value = Some(number),
                        Err(reason) => found.broken(trouble(place, reason)),
                    }
                }
                Role::Unit => measured.unit = Some(field.value.clone()),
                Role::Time => {
                    let time = found.time(&field.value, place);
                    measured.measured_at(time, place, found);
                }
                Role::Commit => measured.is_about(field.value.clone(), place, found),
                Role::Label if column.value.trim().is_empty() => {
                    // Row numbers stand in a column without a name, as pandas writes them; anything else may be a time.
                    if !field.value.bytes().all(|byte| byte.is_ascii_digit()) {
                        let reason = "its column has no name".to_owned();
                        let kind = EvidenceDefectKind::Malformed { reason, at_end: false };
                        found.broken(EvidenceDefect { span: place, kind });
                    }
                }
                Role::Label => measured.labels.push((column.value.clone(), field.value.clone())),
                Role::Misspelt => {}
            }
        }
        if measured.name.is_empty() {
            return Err(trouble(span, MetricTrouble::NoName));
        }
        if value_place.is_none() {
            found.broken(trouble(span, MetricTrouble::NoValue));
        }
        measured.finish(span, value_place.unwrap_or(span), found);
        Ok(())
    }

    /// Whether the last row is there whole. A file that was cut off has no line break at its end; neither have many
    /// that are whole, and of these what can be told is told by their last field: quotes that are closed, a time with
    /// its offset, or a unit or time that the row before ends with, too. `18` may be what is left of `180`.
    fn is_finished(&self, input: &Input<'s>, last: &[Field<'s>], before: Option<&[Field<'s>]>) -> bool {
        if input.text.ends_with(['\n', '\r']) {
            return true;
        }
        let (Some((role, _)), Some(field)) = (self.0.last(), last.last()) else { return false };
        if last.len() != self.0.len() || field.raw.starts_with('"') {
            return true;
        }
        let is_repeated = before.and_then(<[_]>::last).is_some_and(|before| before.value == field.value);
        match role {
            Role::Time => is_repeated || has_offset(&field.value),
            Role::Unit => is_repeated,
            _ => false,
        }
    }
}

/// Whether a time ends with its offset from UTC, behind which nothing can stand.
fn has_offset(text: &str) -> bool {
    let is_known = Timestamp::read(text).known().is_some();
    let is_offset = |text: &[u8]| match text {
        [b'+' | b'-', hours @ .., b':', tens, ones] => {
            hours.len() == 2 && hours.iter().chain([tens, ones]).all(u8::is_ascii_digit)
        }
        _ => false,
    };
    is_known
        && text.is_ascii()
        && text.contains('T')
        && (text.ends_with('Z') || text.as_bytes().last_chunk::<6>().is_some_and(|end| is_offset(end)))
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
