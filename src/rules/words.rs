//! Words and places that several rules share.

pub(super) use crate::model::value::short;
use chrono::{Datelike, NaiveDate, Weekday};
use rustc_hash::FxHashSet;

use super::Subject;
use crate::finding::{FindingSubject, Report};
use crate::model::cadence::full_name;
use crate::model::day::nearest_weekday;
use crate::model::reader::nearest;
use crate::model::rel::Rel;
use crate::model::{Entry, EntryIndex, Id, Prefix, Text, same_folded};
use crate::source::Span;
use crate::source::edit::Edit;

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, "and")
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn any_of<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, "or")
}

/// `one, two and three`.
pub(super) fn all_of<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, "and")
}

fn joined<T: AsRef<str>>(items: &[T], word: &str) -> String {
    let join = |items: &[T]| items.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => format!("{} {word} {}", join(first), last.as_ref()),
    }
}

/// `1 step`, `3 steps`; `1 entry`, `3 entries`; `1 day`, `3 days`.
pub(super) fn count(number: usize, thing: &str) -> String {
    match thing.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        _ if number == 1 => format!("1 {thing}"),
        Some(stem) => format!("{number} {stem}ies"),
        None => format!("{number} {thing}s"),
    }
}

/// Items in quotes, of which only the first few are named: `` `a`, `b` and 7 more ``.
pub(super) fn quoted<T: std::fmt::Display>(items: &[T], total: usize) -> String {
    const NAMED: usize = 8;
    let mut names: Vec<String> = items.iter().take(NAMED).map(|item| format!("`{item}`")).collect();
    if total > names.len() {
        names.push(format!("{} more", total - names.len()));
    }
    list(&names)
}

/// `a TEST`, `an EPIC, TEST or API`; `an entry` for no family in particular.
pub(super) fn one_of(families: &[Prefix]) -> String {
    let names: Vec<&str> = families.iter().map(Prefix::as_str).collect();
    match names.first() {
        None => "an entry".to_owned(),
        Some(first) if first.starts_with(['A', 'E', 'I', 'O']) => format!("an {}", any_of(&names)),
        Some(_) => format!("a {}", any_of(&names)),
    }
}

/// The family that was probably meant by a prefix that no family has.
pub(super) fn nearest_family(subject: &Subject<'_>, prefix: &Prefix) -> Option<Prefix> {
    let families = &subject.config.families;
    if families.of(prefix).is_some() {
        return None;
    }
    let known: Vec<Prefix> = families.sorted().iter().map(|family| family.prefix).collect();
    let near = nearest(&prefix.as_str().to_ascii_lowercase(), known.iter().map(Prefix::as_str))?;
    known.iter().copied().find(|prefix| prefix.as_str() == near)
}

/// What entries with this prefix are, with an article: `a feature`, `an API contract`.
pub(super) fn a_kind_of(subject: &Subject<'_>, prefix: &Prefix) -> String {
    let title = subject.config.families.of(prefix).map_or(prefix.as_str(), |family| &family.title);
    let article = if title.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) { "an" } else { "a" };
    format!("{article} {title}")
}

/// Whether an entry says itself that it is not to be shipped.
pub(super) fn is_put_off(entry: &Entry<'_>) -> bool {
    const WORDS: &[&str] = &[
        "deferred",
        "cancelled",
        "canceled",
        "rejected",
        "dropped",
        "removed",
        "superseded",
        "idea",
        "backlog",
    ];
    entry.status().is_some_and(|status| WORDS.iter().any(|word| same_folded(word, status)))
}

/// Keeps the first report of each place: what `defaults` give to many entries is wrong once.
pub(super) fn keep_first_of_each_place(reports: &mut Vec<Report>) {
    let mut seen = FxHashSet::default();
    reports.retain(|report| report.labels.first().is_none_or(|label| seen.insert(label.span)));
}

/// Keeps the first report of each message: two links between the same entries are one problem.
pub(super) fn keep_first_of_each_message(reports: &mut Vec<Report>) {
    let mut seen = FxHashSet::default();
    reports.retain(|report| seen.insert(report.message.clone()));
}

/// What to do about an id that no entry has, and that is near to none.
pub(super) fn what_if_missing(subject: &Subject<'_>, missing: Id) -> String {
    let prefix = missing.prefix;
    if subject.plan.family(prefix).is_empty() {
        format!(
            "add {missing}, or declare `[families.{prefix}]` with `external = true` if its entries live elsewhere"
        )
    } else {
        format!("add {missing}, or use an existing id")
    }
}

/// How many missing ids of one field are reported one by one. More are read by nobody, and a field of a
/// hundred thousand must not cost as many findings.
pub(super) const MOST_OF_A_FIELD: usize = 20;

/// That an id and those behind it do not exist, after others were reported one by one.
pub(super) fn and_more(
    subject: &Subject<'_>,
    from: EntryIndex,
    first: Id,
    count: usize,
    what: &str,
) -> String {
    let from = subject.plan.entry(from).id.value;
    match count {
        1 => format!("{from}: `{first}` {what} does not exist either"),
        _ => format!("{from}: `{first}` and {} more {what} do not exist", count - 1),
    }
}

/// What to do about a day that no calendar has.
pub(super) fn with_swapped_date(report: Report, swapped: Option<NaiveDate>, when: &Text<'_>) -> Report {
    match swapped {
        Some(day) => report.help("write the date as year-month-day: `2027-02-15`").suggested_fix(
            format!("swap month and day: {day}"),
            vec![Edit::replace(when.span, day.to_string())],
        ),
        None => report.help("write an existing date, such as `2027-02-28`"),
    }
}

/// That a day has another weekday than is written beside it; `what` begins the message.
pub(super) fn wrong_weekday(span: Span, what: &str, day: NaiveDate, stated: Weekday) -> Report {
    let (own, stated_name) = (full_name(day.weekday()), full_name(stated));
    let near = nearest_weekday(day, stated);
    Report::at(span, format!("{what} says {stated_name}, and {day} is a {own}"))
        .help(format!("write `{day} ({own})` or `{near} ({stated_name})`"))
}

/// The place of a part of a text, or of the whole text if the part is not written as it reads.
pub(super) fn place_of(subject: &Subject<'_>, text: &Text<'_>, part: &str) -> Span {
    place_in(subject, text.span, part)
}

/// A place together with the text behind it, if that is `suffix`: a figure with its unit.
pub(super) fn with_suffix(subject: &Subject<'_>, span: Span, suffix: &str) -> Span {
    let text = subject.sources.file(span.file).text();
    let follows = text.get(span.end as usize..).is_some_and(|rest| rest.starts_with(suffix));
    let end = span.end as usize + if follows { suffix.len() } else { 0 };
    Span::new(span.file, span.start as usize, end)
}

/// The first place of `part` inside `whole`, or `whole` itself.
pub(super) fn place_in(subject: &Subject<'_>, whole: Span, part: &str) -> Span {
    let written = subject.sources.slice(whole);
    match memchr::memmem::find(written.as_bytes(), part.as_bytes()) {
        Some(at) if !part.is_empty() => whole.within(at, at + part.len()),
        _ => whole,
    }
}

/// A report on something that is missing in the whole plan: at the release that
/// is to come, at the first one if none is, and nowhere in a plan without releases.
pub(super) fn of_plan(subject: &Subject<'_>, message: impl Into<String>) -> Report {
    let to_come = subject.plan.releases().find(|(_, release)| !release.is_over());
    let report = match to_come.or_else(|| subject.plan.releases().next()) {
        Some((entry, _)) => Report::at(entry.id.span, format!("{}: {}", entry.id.value, message.into())),
        None => Report::of_plan(message),
    };
    report.about(FindingSubject::Plan)
}

/// Whether entries with this prefix may exist that were not read: a syntax
/// error cut one off, or they live outside the plan.
pub(super) fn may_be_elsewhere(subject: &Subject<'_>, prefix: &str) -> bool {
    let cut_off = subject.plan.broken.iter().any(|id| id.prefix.as_str() == prefix);
    let family = Prefix::new(prefix).and_then(|prefix| subject.config.families.of(&prefix));
    cut_off || family.is_some_and(|family| family.external.is_some())
}

/// Whether a release is still to come: it says so, or its date does.
pub(super) fn is_to_come(subject: &Subject<'_>, release: &Rel<'_>) -> bool {
    let ahead = release.date.is_none_or(|date| date.value >= subject.today);
    !release.is_over() && (release.status.is_some() || (ahead && release.deployed_at.is_none()))
}

/// Whether two entries may belong to one release: neither says another than the other.
pub(super) fn may_share_release(first: &Entry<'_>, second: &Entry<'_>) -> bool {
    match (first.release(), second.release()) {
        (Some(first), Some(second)) => crate::model::same_folded(&first.value, &second.value),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_like_a_sentence() {
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a and b");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(any_of(&["a", "b", "c"]), "a, b or c");
        assert_eq!(quoted(&["a", "b"], 9), "`a`, `b` and 7 more");
    }

    #[test]
    fn things_are_counted() {
        assert_eq!((count(1, "entry"), count(3, "entry")), ("1 entry".into(), "3 entries".into()));
        assert_eq!((count(1, "link"), count(0, "link")), ("1 link".into(), "0 links".into()));
        assert_eq!((count(1, "day"), count(2, "day")), ("1 day".into(), "2 days".into()));
    }

    #[test]
    fn families_take_their_article() {
        let families =
            |names: &[&str]| -> Vec<Prefix> { names.iter().filter_map(|name| Prefix::new(name)).collect() };
        assert_eq!(one_of(&families(&["EPIC", "TEST"])), "an EPIC or TEST");
        assert_eq!(one_of(&families(&["TEST"])), "a TEST");
        assert_eq!(one_of(&[]), "an entry");
    }
}
