//! Measurements as OpenMetrics 1.0, or in the text format of Prometheus that it was made of.
//!
//! Both are lines of `name{label="value"} number timestamp`. OpenMetrics ends with `# EOF` and counts seconds; Prometheus
//! counts milliseconds, and says nothing about the end. <https://prometheus.io/docs/specs/om/open_metrics_spec/>,
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

use std::borrow::Cow;

use chrono::DateTime;
use rustc_hash::FxHashMap;

use super::input::{Found, Input};
use super::measured::{self, Labels, Measured, number, trouble};
use super::{EvidenceDefect, EvidenceDefectKind, MetricTrouble, Timestamp, commit_names};
use crate::model::decimal::Decimal;

/// Reads measurements.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut reader = Reader {
        input,
        dialect: Dialect::of(input.name, input.text),
        units: FxHashMap::default(),
        family: Family::None,
    };
    let mut has_ended = false;
    let mut rest = input.text;
    while !rest.is_empty() {
        let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = behind;
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.trim().is_empty() {
            continue;
        }
        if has_ended {
            let reason = "text behind `# EOF`";
            return found.broken(input.malformed(input.place(line).start as usize, reason));
        }
        match line.trim_start().strip_prefix('#') {
            Some(comment) => has_ended = reader.comment(comment),
            None => {
                if let Err(defect) = reader.sample(line, found) {
                    found.broken(defect);
                }
            }
        }
    }
    let reason = match reader.dialect {
        Dialect::OpenMetrics if !has_ended => "the file is cut off: `# EOF` is missing",
        Dialect::Prometheus if !input.text.ends_with('\n') => {
            "the file is cut off: the last line has no line break"
        }
        Dialect::Prometheus if reader.family.is_cut() => "the file is cut off: its last metric is incomplete",
        _ => return,
    };
    let end = input.text.len();
    let kind = EvidenceDefectKind::Malformed { reason: reason.to_owned(), at_end: true };
    found.broken(EvidenceDefect { span: input.at(end, end), kind });
}

/// A sample as it is written, with the place of its line.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenSample<'s> {
    /// The name of the metric.
    pub name: Cow<'s, str>,
    /// Its labels, in the order of the text.
    pub labels: Vec<(Cow<'s, str>, Cow<'s, str>)>,
    /// Its value, as it is written.
    pub value: &'s str,
    /// When it was, in milliseconds since 1970, if that is said.
    pub millis: Option<i64>,
    /// The byte of the text at which its line begins.
    pub at: usize,
}

/// The samples of a text in either format, each with its time; or the byte at which one cannot be read, and why.
pub fn samples(text: &str) -> impl Iterator<Item = Result<WrittenSample<'_>, (usize, String)>> {
    let dialect = Dialect::of("", text);
    let place = move |part: &str| part.as_ptr().addr() - text.as_ptr().addr();
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    lines.map(move |line| {
        let sample = Line::new(line).sample().map_err(|(rest, reason)| (place(rest), reason.to_owned()))?;
        let millis = match sample.time {
            None => None,
            Some(time) => {
                let wrong = || (place(line), format!("`{time}` is no time"));
                Some(dialect.millis(time).ok_or_else(wrong)?)
            }
        };
        let (name, labels, value) = (sample.name, sample.labels, sample.value);
        Ok(WrittenSample { name, labels, value, millis, at: place(line) })
    })
}

/// Whether a text begins like one of both formats: with what they say about a metric, or with a sample that has labels.
pub fn begins_like(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let tells = |line: &str| {
        line == "# EOF" || ["# HELP ", "# TYPE ", "# UNIT "].iter().any(|start| line.starts_with(start))
    };
    let Some(first) = lines.next() else { return false };
    if tells(first) {
        return true;
    }
    let line = match first.starts_with('#') {
        false => first,
        true => match lines.find(|line| !line.starts_with('#') || tells(line)) {
            Some(line) if tells(line) => return true,
            Some(line) => line,
            None => return false,
        },
    };
    Line::new(line).sample().is_ok_and(|sample| sample.has_braces)
}

/// Which of both formats a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    OpenMetrics,
    Prometheus,
}

impl Dialect {
    /// OpenMetrics is told by its end, and where that is cut off, by its name or by what Prometheus does not have: among
    /// these, times in seconds.
    fn of(name: &str, text: &str) -> Dialect {
        const TYPES: [&str; 4] = [" unknown", " info", " stateset", " gaugehistogram"];
        let mut counter = "";
        let file = name.rsplit('/').next().unwrap_or_default();
        let is_whole = || text.trim_end().ends_with("# EOF");
        let is_open = file.contains("openmetrics")
            || is_whole()
            || text.lines().any(|line| match line.strip_prefix("# ") {
                Some(comment) if comment.starts_with("TYPE ") => {
                    counter = comment
                        .strip_suffix(" counter")
                        .and_then(|rest| rest.strip_prefix("TYPE "))
                        .unwrap_or("");
                    TYPES.iter().any(|kind| comment.ends_with(kind))
                }
                Some(comment) => comment.trim_end() == "EOF" || comment.starts_with("UNIT "),
                // A counter of OpenMetrics is called without the ending of its samples.
                None => {
                    let sample = line.strip_prefix(counter).unwrap_or("");
                    line.contains(" # {")
                        || (!counter.is_empty() && sample.starts_with("_total"))
                        || stated_time(line).is_some_and(is_in_seconds)
                }
            });
        if is_open { Dialect::OpenMetrics } else { Dialect::Prometheus }
    }
}

impl Dialect {
    /// The milliseconds since 1970 of a time.
    fn millis(self, text: &str) -> Option<i64> {
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite())?;
        let millis = match self {
            Dialect::OpenMetrics => number * 1000.0,
            Dialect::Prometheus => number,
        };
        (millis.abs() < 1e15).then(|| millis.round() as i64)
    }
}

/// What stands in the place of the time of a sample.
fn stated_time(line: &str) -> Option<&str> {
    let behind = match memchr::memrchr(b'}', line.as_bytes()) {
        Some(brace) => &line[brace + 1..],
        None => line.split_once([' ', '\t'])?.1,
    };
    behind.split_ascii_whitespace().nth(1)
}

/// Whether a time since 1970 is one in seconds: it has a fraction, or in milliseconds it lies in the first weeks.
fn is_in_seconds(time: &str) -> bool {
    time.contains('.') || time.parse::<f64>().is_ok_and(|time| (1e8..1e10).contains(&time))
}

struct Reader<'i, 's> {
    input: &'i Input<'s>,
    dialect: Dialect,
    /// The units of metrics that state one.
    units: FxHashMap<&'s str, &'s str>,
    family: Family<'s>,
}

/// How far the last metric was read. Prometheus' text has no end of its own, so that what a metric lacks is all that
/// tells a file that was cut off at the end of a line.
enum Family<'s> {
    None,
    /// Its help, which stands before its type.
    Help,
    /// A histogram or a summary, whose `_count` stands behind its other samples.
    Counted {
        name: &'s str,
        has_samples: bool,
        has_count: bool,
    },
}

impl<'s> Family<'s> {
    fn is_cut(&self) -> bool {
        match self {
            Family::None => false,
            Family::Help => true,
            Family::Counted { has_samples, has_count, .. } => *has_samples && !has_count,
        }
    }

    /// The metric that a comment begins.
    fn begin(words: (Option<&'s str>, Option<&'s str>, Option<&'s str>)) -> Option<Self> {
        match words {
            (Some("HELP"), Some(_), _) => Some(Family::Help),
            (Some("TYPE"), Some(name), Some("histogram" | "summary")) => {
                Some(Family::Counted { name, has_samples: false, has_count: false })
            }
            (Some("TYPE"), _, _) => Some(Family::None),
            _ => None,
        }
    }

    fn take_sample(&mut self, sample: &str) {
        if let Family::Counted { name, has_samples, has_count } = self
            && let Some(ending) = sample.strip_prefix(*name)
        {
            *has_samples = true;
            // The next child begins with its own buckets, or quantiles. Some write `_sum` before `_count`, some behind it.
            match ending {
                "_count" => *has_count = true,
                "" | "_bucket" => *has_count = false,
                _ => {}
            }
        } else {
            *self = Family::None;
        }
    }
}

impl<'s> Reader<'_, 's> {
    /// Reads what stands behind a `#`; whether it is the end.
    fn comment(&mut self, comment: &'s str) -> bool {
        let mut words = comment.split_ascii_whitespace();
        let words = (words.next(), words.next(), words.next());
        if let Some(family) = Family::begin(words) {
            self.family = family;
        }
        match words {
            (Some("EOF"), None, _) => return true,
            (Some("UNIT"), Some(name), Some(unit)) => drop(self.units.insert(name, unit)),
            _ => {}
        }
        false
    }

    fn sample(&mut self, line: &'s str, found: &mut Found<'s>) -> Result<(), EvidenceDefect> {
        let sample = Line::new(line)
            .sample()
            .map_err(|(rest, reason)| self.input.malformed(self.input.place(rest).start as usize, reason))?;
        self.family.take_sample(&sample.name);
        let span = self.input.place(line);
        let value_place = self.input.place(sample.value);
        let mut measured = Measured::default();
        match value(sample.value) {
            Ok(value) => measured.value = value,
            Err(reason) => found.broken(trouble(value_place, reason)),
        }
        measured.unit = self.unit(&sample.name).map(Cow::Owned);
        measured.name = sample.name;
        measured.time = sample.time.map_or(Timestamp::Missing, |time| self.time(time, found));
        for (name, value) in sample.labels {
            match commit_names::is_commit(&name, &value) {
                true => measured.is_about(value, span, found),
                false => measured.labels.push((name, value)),
            }
        }
        if let Some(label) = measured::repeated(&mut measured.labels) {
            return Err(measured::twice(self.input, line, label));
        }
        measured.finish(span, value_place, found);
        Ok(())
    }

    /// The unit of a sample: as it is stated, or else as the name ends with it, by the conventions of Prometheus.
    fn unit(&self, name: &str) -> Option<String> {
        const WITHOUT: [&str; 5] = ["_count", "_bucket", "_gcount", "_created", "_info"];
        const UNITS: [&str; 5] = ["milliseconds", "seconds", "bytes", "ratio", "percent"];
        if WITHOUT.iter().any(|ending| name.ends_with(ending)) {
            return None;
        }
        let family = ["_total", "_sum", "_gsum"].iter().find_map(|ending| name.strip_suffix(ending));
        let stated = self.units.get(name).or_else(|| self.units.get(family?));
        let family = family.unwrap_or(name);
        let by_name = || {
            UNITS
                .iter()
                .copied()
                .find(|unit| family.strip_suffix(unit).is_some_and(|rest| rest.ends_with('_')))
        };
        stated.copied().or_else(by_name).map(str::to_owned)
    }

    fn time(&self, text: &str, found: &mut Found<'s>) -> Timestamp {
        match self.dialect.millis(text).and_then(DateTime::from_timestamp_millis) {
            Some(time) => Timestamp::of(time),
            None => {
                found.defect(self.input.place(text), EvidenceDefectKind::TimeNotUnderstood);
                Timestamp::Unreadable
            }
        }
    }
}

/// The value of a sample; `NaN` and infinity are none, and so no data.
fn value(text: &str) -> Result<Option<Decimal>, MetricTrouble> {
    let is_no_number = text.parse::<f64>().is_ok_and(|number| !number.is_finite())
        && !text.bytes().any(|byte| byte.is_ascii_digit());
    if is_no_number { Ok(None) } else { number(text).map(Some) }
}

/// A line with a sample.
struct Sample<'s> {
    name: Cow<'s, str>,
    labels: Labels<'s>,
    has_braces: bool,
    value: &'s str,
    time: Option<&'s str>,
}

/// What is wrong, and the rest of the line from there.
type Wrong<'s> = (&'s str, &'static str);

/// What is left of a line.
struct Line<'s> {
    rest: &'s str,
}

impl<'s> Line<'s> {
    fn new(line: &'s str) -> Self {
        Line { rest: line.trim_start() }
    }

    fn sample(&mut self) -> Result<Sample<'s>, Wrong<'s>> {
        let mut name = Cow::Borrowed(self.word());
        let mut labels = Vec::new();
        let behind_name = self.rest;
        self.blanks();
        let is_apart = self.rest.len() < behind_name.len();
        let has_braces = self.takes('{');
        if has_braces {
            self.labels(&mut name, &mut labels)?;
        }
        if name.is_empty() {
            return Err((self.rest, "this is no sample: it has no name"));
        }
        if !has_braces && !is_apart {
            return Err((behind_name, "this is no sample of a metric"));
        }
        self.blanks();
        let value = self.token();
        if value.is_empty() || value.starts_with('#') {
            return Err((self.rest, "the sample has no value"));
        }
        self.blanks();
        let time = if self.rest.starts_with('#') { "" } else { self.token() };
        self.blanks();
        if let Some(exemplar) = self.rest.strip_prefix('#') {
            self.rest = exemplar;
            self.exemplar()?;
        }
        match self.rest.is_empty() {
            true => Ok(Sample {
                name,
                labels,
                has_braces,
                value,
                time: Some(time).filter(|time| !time.is_empty()),
            }),
            false => Err((self.rest, "text behind a sample")),
        }
    }

    /// An example of what was counted. It says nothing of its own.
    fn exemplar(&mut self) -> Result<(), Wrong<'s>> {
        self.blanks();
        if !self.takes('{') {
            return Err((self.rest, "an exemplar begins with `{`"));
        }
        self.labels(&mut Cow::Borrowed("exemplar"), &mut Vec::new())?;
        self.blanks();
        let value = self.token();
        if value.is_empty() {
            return Err((self.rest, "the exemplar has no value"));
        }
        self.blanks();
        self.token();
        self.blanks();
        Ok(())
    }

    /// The labels up to the closing brace. A name with dots or spaces stands between quotes, and that of the metric then
    /// is the first of them.
    fn labels(&mut self, name: &mut Cow<'s, str>, labels: &mut Labels<'s>) -> Result<(), Wrong<'s>> {
        loop {
            self.blanks();
            if self.takes('}') {
                return Ok(());
            }
            let start = self.rest;
            let is_quoted = start.starts_with('"');
            let label = if is_quoted { self.quoted()? } else { Cow::Borrowed(self.word()) };
            self.blanks();
            if self.takes('=') {
                self.blanks();
                if label.is_empty() {
                    return Err((start, "a label has no name"));
                }
                labels.push((label, self.quoted()?));
            } else if is_quoted && name.is_empty() {
                *name = label;
            } else {
                return Err((self.rest, "a label is written `name=\"value\"`"));
            }
            self.blanks();
            if !self.takes(',') && !self.rest.starts_with('}') {
                return Err((self.rest, "the labels are not closed: `}`"));
            }
        }
    }

    /// A text between quotes, in which `\"`, `\\` and `\n` stand for what they do.
    fn quoted(&mut self) -> Result<Cow<'s, str>, Wrong<'s>> {
        let start = self.rest;
        let inside = start.strip_prefix('"').ok_or((start, "write texts between double quotes"))?;
        let mut at = 0;
        let mut is_escaped = false;
        loop {
            match inside.as_bytes().get(at) {
                None => return Err((start, "the quotes are not closed")),
                Some(b'\\') => (is_escaped, at) = (true, at + 2),
                Some(b'"') => break,
                Some(_) => at += 1,
            }
        }
        let (text, rest) = (&inside[..at], &inside[at + 1..]);
        self.rest = rest;
        if !is_escaped {
            return Ok(Cow::Borrowed(text));
        }
        let mut plain = String::with_capacity(text.len());
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            match (letter, letter == '\\') {
                (_, true) => match letters.next() {
                    Some('n') => plain.push('\n'),
                    Some(letter @ ('"' | '\\')) => plain.push(letter),
                    other => plain.extend(['\\'].into_iter().chain(other)),
                },
                (letter, false) => plain.push(letter),
            }
        }
        Ok(Cow::Owned(plain))
    }

    /// The letters, digits, underscores and colons that come next.
    fn word(&mut self) -> &'s str {
        self.while_is(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'))
    }

    /// All up to the next blank.
    fn token(&mut self) -> &'s str {
        self.while_is(|c| !matches!(c, ' ' | '\t'))
    }

    fn blanks(&mut self) {
        self.while_is(|c| matches!(c, ' ' | '\t'));
    }

    fn while_is(&mut self, belongs: impl Fn(char) -> bool) -> &'s str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn takes(&mut self, letter: char) -> bool {
        match self.rest.strip_prefix(letter) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}
