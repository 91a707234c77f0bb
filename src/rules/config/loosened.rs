//! What asks for less than the base, in words.

use crate::compare::{Area, Change, Comparison, Loosening};
use crate::finding::{FindingSubject, Report};
use crate::model::Id;
use crate::rules::Subject;
use crate::source::Span;

/// The rules that compare with the base. Their level is the base's, and no comment of the plan allows their findings:
/// a change cannot excuse itself.
pub const GUARDED: [&str; 5] =
    ["loosened-configuration", "loosened-entry", "loosened-waiver", "replaced-evidence", "rewritten-record"];

/// What a plan is compared with, and what came of it.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// What differs.
    pub comparison: &'a Comparison,
    /// For each loosening by whose word it may stay, if by anybody's.
    pub waived: &'a [Option<String>],
    /// What the base is called: `main`.
    pub base: &'a str,
}

impl<'a> Compared<'a> {
    /// The loosenings of an area that nobody waived.
    fn open(self, area: Area) -> impl Iterator<Item = &'a Loosening> {
        let all = self.comparison.loosened.iter().zip(self.waived);
        all.filter(move |(loosened, waived)| loosened.area == area && waived.is_none())
            .map(|(loosened, _)| loosened)
    }
}

/// Reports every loosening of an area; how many things were compared.
pub(super) fn check(subject: &Subject<'_>, area: Area, reports: &mut Vec<Report>) -> usize {
    let Some(compared) = subject.compared else { return 0 };
    reports.extend(compared.open(area).map(|loosened| report(subject, compared, loosened)));
    // A comparison is of everything, or of nothing.
    subject.plan.entries().len().max(1)
}

fn report(subject: &Subject<'_>, compared: Compared<'_>, loosened: &Loosening) -> Report {
    let message = in_words(loosened);
    let help = format!(
        "restore it, or add a waiver by a role of `{}`: `check: \"loosened:{}\"` under `waivers:`",
        compared.base, loosened.subject
    );
    let report = match loosened.place.or_else(|| anywhere(subject)) {
        Some(place) => Report::at(place, message).saying(now(&loosened.change)),
        None => Report::of_plan(message),
    };
    let report = match loosened.base {
        Some(base) => report.and(base, before(&loosened.change)),
        None => report,
    };
    // What asks for less may be what takes an entry out of a release.
    report.help(help).about(FindingSubject::Plan)
}

/// Where to point to if what is meant is nowhere any more: the first file.
fn anywhere(subject: &Subject<'_>) -> Option<Span> {
    let entry = subject.plan.entries().first()?;
    Some(Span::new(entry.span.file, 0, 0))
}

/// What asks for less, in a sentence.
pub fn in_words(loosened: &Loosening) -> String {
    let thing = &loosened.thing;
    match &loosened.change {
        Change::Value { before, after } => format!("{thing} loosened from `{before}` to `{after}`"),
        Change::Unclear { before, after } => {
            format!("{thing} changed from `{before}` to `{after}`, which may ask for less")
        }
        Change::Gone(title) if title.is_empty() => format!("{thing} was removed"),
        Change::Gone(title) => format!("{thing} ({title}) was removed"),
        Change::Removed(value) if value.is_empty() => format!("{thing} was removed"),
        Change::Removed(value) => format!("{thing} was removed; it was `{value}`"),
        Change::Added(value) if value.is_empty() => format!("{thing} was added"),
        Change::Added(value) => format!("{thing} was added: `{value}`"),
        Change::Replaced => format!("{thing} was replaced together with the code that it judges"),
        Change::ItemRemoved(item) => format!("`{item}` was removed from {thing}"),
        Change::ItemAdded(item) => format!("`{item}` was added to {thing}"),
        Change::Unlinked { targets, count, kind } => {
            format!("{thing} is no longer linked to {} by `{kind}`", named(targets, *count))
        }
        Change::NotReached { targets, count } => {
            format!("{thing} no longer includes {}", named(targets, *count))
        }
        Change::NotSelected { by, field } => {
            let cause = field
                .as_ref()
                .map(|(name, before, after)| format!(": `{name}` changed from `{before}` to `{after}`"));
            format!("{thing} is no longer {by}{}", cause.unwrap_or_default())
        }
    }
}

fn named(targets: &[Id], count: usize) -> String {
    let mut names: Vec<String> = targets.iter().map(|id| format!("`{id}`")).collect();
    match count - targets.len() {
        0 => {}
        more => names.push(format!("{more} more")),
    }
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What to notice at the place in the work tree.
fn now(change: &Change) -> String {
    match change {
        Change::Value { after, .. } | Change::Unclear { after, .. } => format!("now `{after}`"),
        Change::Gone(_) => "was next to this".to_owned(),
        Change::Removed(_) | Change::ItemRemoved(_) => "removed here".to_owned(),
        Change::Added(_) | Change::ItemAdded(_) => "added here".to_owned(),
        Change::Unlinked { .. } | Change::NotReached { .. } | Change::Replaced => String::new(),
        Change::NotSelected { field, .. } => {
            field.as_ref().map_or_else(String::new, |(_, _, after)| format!("now `{after}`"))
        }
    }
}

/// What to notice at the place in the base.
fn before(change: &Change) -> String {
    match change {
        Change::Value { before, .. } | Change::Unclear { before, .. } => format!("was `{before}`"),
        Change::NotSelected { field: Some((_, before, _)), .. } => format!("was `{before}`"),
        Change::Added(_) | Change::ItemAdded(_) => "the base".to_owned(),
        _ => "was here".to_owned(),
    }
}
