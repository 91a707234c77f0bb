//! What is said about a measurement beside its value: by which key, and what two keys say together.
//!
//! What is not known by its key tells what was measured, and becomes a label: measurements of two services are two.

use std::borrow::Cow;

use super::commit_names::CommitName;
use super::input::{Found, Input};
use super::{
    EvidenceDefect, EvidenceDefectKind, Metric, MetricTrouble, ReportFlaw, Timestamp, commit_names,
    same_commit,
};
use crate::model::decimal::Decimal;
use crate::model::measure::Measure;
use crate::model::value::folded;
use crate::source::Span;

/// What a key or a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Name,
    Value,
    Unit,
    Time,
    Commit,
    /// What was measured, or anything else.
    Label,
    /// It is nearly one of the others, and so is hardly meant to be a label.
    Misspelt,
}

/// The keys that are read, folded. Those of commits are in [`commit_names`], too.
const KEYS: [(&str, Role); 20] = [
    ("name", Role::Name),
    ("value", Role::Value),
    ("unit", Role::Unit),
    ("time", Role::Time),
    ("timestamp", Role::Time),
    ("date", Role::Time),
    ("datetime", Role::Time),
    ("created", Role::Time),
    ("createdat", Role::Time),
    ("measuredat", Role::Time),
    ("recordedat", Role::Time),
    ("collectedat", Role::Time),
    ("observedat", Role::Time),
    ("sampledat", Role::Time),
    ("updatedat", Role::Time),
    ("generatedat", Role::Time),
    ("endtime", Role::Time),
    ("starttime", Role::Time),
    ("commit", Role::Commit),
    ("revision", Role::Commit),
];

/// Words that differ from a key by one letter, and are labels.
const NO_SLIPS: [&str; 9] = ["rate", "data", "gate", "late", "game", "mime", "tile", "dame", "lime"];

/// Objects whose members are labels.
const NESTED: [&str; 5] = ["labels", "tags", "attributes", "dimensions", "resource"];

/// Members beside the list of measurements that say of what all of them are.
const SUBJECTS: [&str; 12] = [
    "service",
    "application",
    "app",
    "region",
    "environment",
    "env",
    "host",
    "instance",
    "cluster",
    "namespace",
    "endpoint",
    "stage",
];

/// What a key says, in any spelling.
pub(super) fn role(key: &str) -> Role {
    // No key is longer, and whatever a longer one says, it is a label.
    if key.len() > 48 {
        return Role::Label;
    }
    let written = key.trim();
    let key: String = folded(written).collect();
    if let Some((_, role)) = KEYS.iter().find(|(known, _)| *known == key) {
        return *role;
    }
    // Whoever writes so of a measurement says that it is none.
    if ["error", "errors", "exception", "ok", "success", "valid"].contains(&key.as_str()) {
        return Role::Misspelt;
    }
    if ["timestamp", "datetime", "timeutc"].iter().any(|end| key.ends_with(end)) {
        return Role::Time;
    }
    if commit_names::of(&key).is_some() || commit_names::of(written) == Some(CommitName::Commit) {
        return Role::Commit;
    }
    let is_slip = |known: &str| {
        let most = if known.len() > 6 { 2 } else { 1 };
        strsim::osa_distance(known, &key) <= most
    };
    match !NO_SLIPS.contains(&key.as_str()) && KEYS.iter().any(|(known, _)| is_slip(known)) {
        true => Role::Misspelt,
        false => Role::Label,
    }
}

/// Whether what stands under a key are labels.
pub(super) fn holds_labels(key: &str) -> bool {
    is_one_of(&NESTED, key)
}

/// Whether a member beside the list of measurements says of what they are.
pub(super) fn says_of_what(key: &str) -> bool {
    is_one_of(&SUBJECTS, key)
}

fn is_one_of(words: &[&str], key: &str) -> bool {
    key.len() <= 16 && words.iter().any(|word| folded(word).eq(folded(key)))
}

/// Names of labels and their values.
pub(super) type Labels<'s> = Vec<(Cow<'s, str>, Cow<'s, str>)>;

/// What is known of a measurement so far.
#[derive(Debug, Default, Clone)]
pub(super) struct Measured<'s> {
    pub name: Cow<'s, str>,
    pub value: Option<Decimal>,
    pub unit: Option<Cow<'s, str>>,
    pub labels: Labels<'s>,
    pub time: Timestamp,
    pub commit: Option<(Cow<'s, str>, Span)>,
}

impl<'s> Measured<'s> {
    /// Takes one more time. Two of them that differ say nothing, save where one names the day of the other.
    pub fn measured_at(&mut self, time: Timestamp, span: Span, found: &mut Found<'s>) {
        self.time = match (self.time.known(), time.known()) {
            (Some(first), Some(second)) if first.date_naive() == second.date_naive() => {
                Timestamp::At(first.min(second))
            }
            (Some(_), Some(_)) => {
                found.defect(span, EvidenceDefectKind::TimeNotUnderstood);
                Timestamp::Unreadable
            }
            _ => self.time.earliest(time),
        };
    }

    /// Takes one more commit. Another than before is a contradiction.
    pub fn is_about(&mut self, commit: Cow<'s, str>, span: Span, found: &mut Found<'s>) {
        match &self.commit {
            Some((first, elsewhere)) if !same_commit(first, &commit) => {
                let (other, elsewhere) = (first.clone().into_owned(), *elsewhere);
                found.doubt(ReportFlaw::CommitsContradict);
                found.defect(span, EvidenceDefectKind::CommitsContradict { other, elsewhere });
            }
            Some(_) => {}
            None => self.commit = Some((commit, span)),
        }
    }

    /// The measurement. A value that its unit cannot have is a defect, and stays: no other takes its place.
    pub fn finish(mut self, span: Span, value_place: Span, found: &mut Found<'s>) {
        let measure =
            self.value.zip(self.unit.as_deref()).and_then(|(value, unit)| Measure::new(value, unit));
        if let Some(reason) = measure.and_then(|measure| measure.impossible()) {
            let kind = EvidenceDefectKind::MetricNotUnderstood(MetricTrouble::Impossible { reason });
            found.defect(value_place, kind);
        }
        if self.labels.iter().any(|(key, value)| is_count_of_samples(key) && is_zero(value)) {
            let reason = "of no samples nothing was measured";
            found.defect(span, EvidenceDefectKind::MetricNotUnderstood(MetricTrouble::Impossible { reason }));
            self.value = None;
        }
        self.labels.sort();
        found.metrics.push(Metric {
            report: found.index,
            span,
            name: self.name,
            value: self.value,
            unit: self.unit,
            labels: self.labels.into(),
            time: self.time,
            commit: self.commit.map(|(commit, _)| commit),
        });
    }
}

/// Whether a label says of how many samples a value is made.
fn is_count_of_samples(key: &str) -> bool {
    is_one_of(&["samples", "sample count", "count", "observations", "n"], key)
}

fn is_zero(text: &str) -> bool {
    text.trim().parse::<f64>() == Ok(0.0)
}

/// Notes a key that is nearly one that is read. What it says may be the time, the commit or the unit.
pub(super) fn misspelt(key: &str, span: Span, found: &mut Found<'_>) {
    found.doubt(ReportFlaw::Malformed);
    found.defect(span, EvidenceDefectKind::KeyNotRead { key: key.to_owned() });
}

/// A finite number that can be compared exactly, or what is wrong with it.
pub(super) fn number(text: &str) -> Result<Decimal, MetricTrouble> {
    let text = text.trim();
    let float = text.parse::<f64>().ok().filter(|number| number.is_finite());
    match (Decimal::parse(text), float) {
        (Some(number), Some(_)) => Ok(number),
        (None, Some(_)) => {
            Err(MetricTrouble::Impossible { reason: "it has more than 38 digits, which nothing measures" })
        }
        // What Rust takes beyond figures, `inf` and `nan`, is not finite.
        (_, None) => Err(MetricTrouble::NoNumber),
    }
}

/// That a label is named twice, if so: the labels are sorted for that.
pub(super) fn repeated<'l>(labels: &'l mut Labels<'_>) -> Option<&'l str> {
    labels.sort();
    labels.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| &*pair[0].0)
}

/// A defect of a measurement.
pub(super) fn trouble(span: Span, trouble: MetricTrouble) -> EvidenceDefect {
    EvidenceDefect { span, kind: EvidenceDefectKind::MetricNotUnderstood(trouble) }
}

/// That something stands twice where it may stand once.
pub(super) fn twice(input: &Input<'_>, place: &str, what: &str) -> EvidenceDefect {
    EvidenceDefect {
        span: input.first_line(place),
        kind: EvidenceDefectKind::Malformed { reason: format!("duplicate `{what}`"), at_end: false },
    }
}
