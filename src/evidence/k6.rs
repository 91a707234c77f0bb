//! The summary that k6 writes at the end of a load test: with `--summary-export`, or the data of `handleSummary()`.
//!
//! Both have `metrics` by name and `root_group` with the checks. In the first, the values stand in the metric, and a
//! threshold is `true` if it was crossed; in the second they stand in `values`, and a threshold is `{"ok": true}` if it
//! was not. <https://grafana.com/docs/k6/latest/results-output/end-of-test/custom-summary/>
//!
//! What may fail a run, thresholds and checks, become test cases; every value becomes a measurement, called
//! `http_req_duration.p(95)`.

use std::borrow::Cow;

use serde::de::{Error, IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use super::input::{Found, Input};
use super::json::{self, Items, Object, Pairs};
use super::measured::{Measured, number, trouble};
use super::{Case, EvidenceDefect, EvidenceDefectKind, Outcome, Timestamp, Unclear};

/// Deeper than this no groups of checks lie.
const DEEPEST: usize = 64;

/// Reads a summary.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    found.made_by("k6");
    let mut file = File::default();
    let read = json::read_object(input, &mut file);
    let mut stated = None;
    for (name, metric) in &file.metrics.0 {
        match Summary::of(input, name, metric) {
            Ok(summary) => {
                if name == "checks" {
                    stated = summary.count("fails");
                }
                summary.read(input, found);
            }
            Err(defect) => found.broken(defect),
        }
    }
    if let Some(key) = file.metrics.repeated() {
        found.broken(input.malformed(0, format!("duplicate key `{key}` in `metrics`")));
    }
    if let Some(group) = file.root_group {
        let mut failed = 0;
        if let Err(defect) = checks(input, group, DEEPEST, &mut failed, found) {
            found.broken(defect);
        }
        if let Some(stated) = stated.filter(|stated| *stated > failed) {
            let kind = EvidenceDefectKind::CountsDiffer { what: "fails", stated, counted: failed };
            found.broken(EvidenceDefect { span: input.first_line(group.get()), kind });
        }
    }
    if let Err(defect) = read {
        found.broken(defect);
    }
}

#[derive(Default)]
struct File<'s> {
    metrics: Pairs<'s>,
    root_group: Option<&'s RawValue>,
}

impl<'s> Object<'s> for File<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        match &*name {
            "metrics" => values.next_value_seed(json::Members(&mut self.metrics)),
            "root_group" => match self.root_group.replace(values.next_value()?) {
                Some(_) => Err(A::Error::custom("duplicate key `root_group`")),
                None => Ok(()),
            },
            _ => values.next_value::<IgnoredAny>().map(drop),
        }
    }
}

/// What k6 says about one metric.
struct Summary<'n, 's> {
    name: &'n str,
    whole: &'s RawValue,
    /// Whether its values stand apart, as `handleSummary()` gets them.
    is_apart: bool,
    values: Pairs<'s>,
    thresholds: Option<&'s RawValue>,
    /// What its values are: `time`, `data`.
    contains: Cow<'s, str>,
}

/// The metrics that are built in and are times, in milliseconds. `--summary-export` does not say so.
const TIMES: [&str; 14] = [
    "http_req_blocked",
    "http_req_connecting",
    "http_req_duration",
    "http_req_receiving",
    "http_req_sending",
    "http_req_tls_handshaking",
    "http_req_waiting",
    "iteration_duration",
    "group_duration",
    "ws_connecting",
    "ws_ping",
    "ws_session_duration",
    "grpc_req_duration",
    "browser_http_req_duration",
];

/// The metrics that are built in and are amounts of data, in bytes.
const DATA: [&str; 4] = ["data_received", "data_sent", "browser_data_received", "browser_data_sent"];

impl<'n, 's> Summary<'n, 's> {
    fn of(input: &Input<'s>, name: &'n str, whole: &'s RawValue) -> Result<Self, EvidenceDefect> {
        let members = Pairs::of(input, whole)?;
        let apart = members.get("values");
        let thresholds = members.get("thresholds");
        // A part of a metric has its tags behind the name: `http_req_duration{staticAsset:yes}`.
        let built_in = name.split('{').next().unwrap_or("").trim();
        let by_name = match built_in {
            name if TIMES.contains(&name) => "time",
            name if DATA.contains(&name) => "data",
            _ => "default",
        };
        let contains = members.get("contains").and_then(json::text).unwrap_or(Cow::Borrowed(by_name));
        let values = match apart {
            Some(values) => Pairs::of(input, values)?,
            None => members,
        };
        Ok(Summary { name, whole, is_apart: apart.is_some(), values, thresholds, contains })
    }

    fn count(&self, key: &str) -> Option<u64> {
        self.values.get(key)?.get().parse().ok()
    }

    fn read(&self, input: &Input<'s>, found: &mut Found<'s>) {
        for (key, value) in &self.values.0 {
            if self.is_apart || !matches!(&**key, "thresholds" | "type" | "contains") {
                self.value(input, key, value, found);
            }
        }
        let Some(thresholds) = self.thresholds else { return };
        match Pairs::of(input, thresholds) {
            Ok(thresholds) => {
                for (expression, threshold) in &thresholds.0 {
                    self.threshold(input, expression, threshold, found);
                }
            }
            Err(defect) => found.broken(defect),
        }
    }

    fn value(&self, input: &Input<'s>, key: &str, value: &'s RawValue, found: &mut Found<'s>) {
        let place = input.first_line(value.get());
        let mut measured = Measured { name: format!("{}.{key}", self.name).into(), ..Measured::default() };
        // JavaScript writes null for a number that is none, and of no samples k6 writes zeros.
        if value.get() != "null" && !self.is_empty() {
            match number(value.get()) {
                Ok(number) => measured.value = Some(number),
                Err(reason) => found.broken(trouble(place, reason)),
            }
        }
        measured.unit = self.unit(key).map(Cow::Borrowed);
        measured.finish(place, place, found);
    }

    fn unit(&self, key: &str) -> Option<&'static str> {
        // What is rated has how often it was so and was not, and the share of these.
        let is_rated = self.values.get("passes").is_some() && self.values.get("fails").is_some();
        match (&*self.contains, key) {
            _ if is_rated => matches!(key, "rate" | "value").then_some("ratio"),
            ("data", "rate") => Some("B/s"),
            ("data", _) => Some("B"),
            (_, "count" | "rate") => None,
            ("time", _) => Some("ms"),
            _ => None,
        }
    }

    /// Whether the metric was measured at all. Of no samples every percentile is zero, and lies below any limit.
    fn is_empty(&self) -> bool {
        let is_zero = |key: &str| {
            let value = self.values.get(key).map(|value| number(value.get()));
            value.is_none_or(|value| value.is_ok_and(|value| value.is_zero()))
        };
        let is_trend = self
            .values
            .0
            .iter()
            .any(|(key, _)| matches!(&**key, "avg" | "med" | "min" | "max") || key.starts_with("p("));
        let is_rated = self.values.get("passes").is_some() && self.values.get("fails").is_some();
        match (is_rated, is_trend && self.values.get("value").is_none()) {
            (true, _) => is_zero("passes") && is_zero("fails"),
            (false, true) => self
                .values
                .0
                .iter()
                .all(|(key, _)| matches!(&**key, "thresholds" | "type" | "contains") || is_zero(key)),
            (false, false) => false,
        }
    }

    fn threshold(&self, input: &Input<'s>, expression: &str, threshold: &'s RawValue, found: &mut Found<'s>) {
        let is_crossed = match threshold.get() {
            "true" if !self.is_apart => Some(true),
            "false" if !self.is_apart => Some(false),
            text if text.starts_with('{') => match Pairs::of(input, threshold) {
                Ok(members) => match members.get("ok").map(RawValue::get) {
                    Some("true") => Some(false),
                    Some("false") => Some(true),
                    _ => None,
                },
                Err(defect) => return found.broken(defect),
            },
            _ => None,
        };
        let span = input.first_line(threshold.get());
        let outcome = match is_crossed {
            Some(true) => Outcome::Failed,
            Some(false) if self.is_empty() => {
                let written = format!("{expression} of no samples");
                found.defect(span, EvidenceDefectKind::ResultNotKnown { written });
                Outcome::Unclear(Unclear::UnknownResult)
            }
            Some(false) => Outcome::Passed,
            None => {
                let written = threshold.get().lines().next().unwrap_or("").to_owned();
                found.defect(span, EvidenceDefectKind::ResultNotKnown { written });
                Outcome::Unclear(Unclear::UnknownResult)
            }
        };
        let name = format!("k6 threshold: {} {expression}", self.name);
        let whole = input.first_line(self.whole.get());
        let span = if threshold.get().is_empty() { whole } else { span };
        found.cases.push(case(found.index, span, name, String::new(), outcome));
    }
}

fn case<'s>(
    report: super::ReportIndex,
    span: crate::source::Span,
    name: String,
    class: String,
    outcome: Outcome,
) -> Case<'s> {
    Case {
        report,
        span,
        name: name.into(),
        class: class.into(),
        suite: None,
        suite_start: None,
        file: None,
        properties: Box::default(),
        outcome,
        flaky: false,
        time: Timestamp::Missing,
    }
}

/// Reads the checks of a group, and of those in it. How often they failed is added up.
fn checks<'s>(
    input: &Input<'s>,
    group: &'s RawValue,
    deepest: usize,
    failed: &mut u64,
    found: &mut Found<'s>,
) -> Result<(), EvidenceDefect> {
    if deepest == 0 {
        return Err(json::wrong(input, group, &format!("groups lie more than {DEEPEST} deep")));
    }
    let members = Pairs::of(input, group)?;
    for check in children(input, members.get("checks"))? {
        let check_members = Pairs::of(input, check)?;
        let text = |key| check_members.get(key).and_then(json::text);
        let Some(name) = text("name") else {
            return Err(json::wrong(input, check, "a check has a `name`"));
        };
        // The path names the groups: `::sign-in::status is 200`.
        let path = text("path").unwrap_or_default();
        let group = path.strip_suffix(&*name).unwrap_or("").trim_matches(':').to_owned();
        let count = |key| check_members.get(key).and_then(|value| value.get().parse::<u64>().ok());
        let span = input.first_line(check.get());
        let outcome = match (count("passes"), count("fails")) {
            (_, Some(fails @ 1..)) => {
                *failed = failed.saturating_add(fails);
                Outcome::Failed
            }
            (Some(0), Some(0)) => Outcome::Skipped,
            (Some(_), Some(_)) => Outcome::Passed,
            _ => {
                let written = format!("a check without `passes` or `fails`: {name}");
                found.defect(span, EvidenceDefectKind::ResultNotKnown { written });
                Outcome::Unclear(Unclear::UnknownResult)
            }
        };
        found.cases.push(case(found.index, span, name.into_owned(), group, outcome));
    }
    for group in children(input, members.get("groups"))? {
        checks(input, group, deepest - 1, failed, found)?;
    }
    Ok(())
}

/// What lies in a list, or in an object by name: `--summary-export` writes the second.
fn children<'s>(input: &Input<'s>, part: Option<&'s RawValue>) -> Result<Vec<&'s RawValue>, EvidenceDefect> {
    let Some(part) = part else { return Ok(Vec::new()) };
    match part.get().as_bytes().first() {
        Some(b'[') => {
            let mut items = Vec::new();
            json::read_items(input, part, Items(&mut items))?;
            Ok(items)
        }
        Some(b'{') => Ok(Pairs::of(input, part)?.0.into_iter().map(|(_, value)| value).collect()),
        _ => Err(json::wrong(input, part, "checks and groups are a list, or an object by name")),
    }
}
