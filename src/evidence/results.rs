//! What the readers of test results share: how cases are counted, how the counts that a report states are held
//! against them, and what becomes of what passed where a report contradicts itself.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use super::input::{Found, Input};
use super::xml::Attribute;
use super::{Case, EvidenceDefect, EvidenceDefectKind, Outcome, Timestamp, Unclear};
use crate::source::Span;

/// A case of which only its place is known. Until its report says how it ended, that is unclear.
pub(super) fn blank<'s>(found: &Found<'s>, span: Span) -> Case<'s> {
    Case {
        report: found.index,
        span,
        name: Cow::Borrowed(""),
        class: Cow::Borrowed(""),
        suite: None,
        suite_start: None,
        file: None,
        properties: Box::default(),
        outcome: Outcome::Unclear(Unclear::UnknownResult),
        flaky: false,
        time: Timestamp::Missing,
    }
}

/// How many cases ended in which way.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tally {
    pub cases: u64,
    pub passed: u64,
    pub failed: u64,
    pub errored: u64,
    pub skipped: u64,
    pub unclear: u64,
}

impl Tally {
    /// Counts one more case.
    pub fn count(&mut self, outcome: Outcome) {
        self.cases += 1;
        *match outcome {
            Outcome::Passed => &mut self.passed,
            Outcome::Failed => &mut self.failed,
            Outcome::Errored => &mut self.errored,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Unclear(_) => &mut self.unclear,
        } += 1;
    }

    /// Counts those of a suite within.
    pub fn add(&mut self, other: Tally) {
        self.cases += other.cases;
        self.passed += other.passed;
        self.failed += other.failed;
        self.errored += other.errored;
        self.skipped += other.skipped;
        self.unclear += other.unclear;
    }

    /// How many did not pass although they ran.
    pub fn failures(self) -> u64 {
        self.failed + self.errored
    }
}

/// What a count is a count of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CountOf {
    /// All cases, with or without those that were skipped.
    Cases,
    /// Those that ran. Some count what was skipped among them, and some count nothing.
    Executed,
    Passed,
    /// Failures and errors.
    Failed,
    Skipped,
    /// Those that were not run, for whatever reason: one that cannot be run went wrong.
    NotRun,
    /// Cases that are neither: inconclusive ones, those with a warning.
    Unclear,
}

/// A count that a report states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StatedCount {
    /// What the report calls it.
    pub what: &'static str,
    pub of: CountOf,
    pub number: u64,
}

impl StatedCount {
    /// What is counted, if the statement is neither that nor what is counted without the rows of data-driven tests;
    /// and whether the statement is the worse of both.
    fn difference(self, all: Tally, without_rows: Tally) -> Option<(u64, bool)> {
        let (least, most, is_worse_below) = match self.of {
            CountOf::Cases => (without_rows.cases - without_rows.skipped, all.cases, false),
            CountOf::Executed if self.number == 0 => (0, all.cases, false),
            CountOf::Executed => (without_rows.passed, all.cases, true),
            CountOf::Passed => (without_rows.passed, all.passed, true),
            CountOf::Failed => (without_rows.failures(), all.failures(), false),
            // A skipped case may be written with a word of its own, and is unclear then.
            CountOf::Skipped => (0, all.skipped + all.unclear, false),
            CountOf::NotRun => (0, all.skipped + all.unclear + all.failures(), false),
            CountOf::Unclear => (0, all.unclear, false),
        };
        match self.number {
            number if number < least => Some((least, is_worse_below)),
            // More that passed than there are at all: some of the report is missing.
            number if number > most => Some((most, !is_worse_below || number > all.cases)),
            _ => None,
        }
    }
}

/// Holds the counts that a report states of some of its cases against them. Every difference is a defect; where a
/// statement is the worse of both, what passed among the cases is unclear.
pub(super) fn compare(
    stated: &[StatedCount],
    (all, without_rows): (Tally, Tally),
    span: Span,
    cases: Range<usize>,
    found: &mut Found<'_>,
) {
    let mut is_worse = false;
    for count in stated.iter().filter(|count| !leaves_out_skipped(stated, **count, all)) {
        if let Some((counted, worse)) = count.difference(all, without_rows) {
            let kind = EvidenceDefectKind::CountsDiffer { what: count.what, stated: count.number, counted };
            found.defect(span, kind);
            is_worse |= worse;
        }
    }
    if is_worse {
        let has_failed = stated.iter().any(|count| count.of == CountOf::Failed && count.number > 0);
        let outcome = if has_failed { Outcome::Errored } else { Outcome::Unclear(Unclear::StatedWorse) };
        stand_in(found, span, cases.clone(), outcome);
        doubt(found, cases, Unclear::StatedWorse);
    }
}

/// Adds a result for a suite that is red and contains no case that could show it: nothing in it passed that could be
/// doubted, and nothing in it failed.
fn stand_in(found: &mut Found<'_>, span: Span, cases: Range<usize>, outcome: Outcome) {
    let shows = |case: &Case<'_>| !matches!(case.outcome, Outcome::Skipped);
    if !found.cases.range(cases).any(shows) {
        let case = Case { name: Cow::Borrowed("a suite without results"), outcome, ..blank(found, span) };
        found.cases.push(case);
    }
}

/// Whether a statement counts what was skipped and is written as no case, as another statement says: of all cases, or
/// of those that were skipped.
fn leaves_out_skipped(stated: &[StatedCount], count: StatedCount, all: Tally) -> bool {
    let number = |of| stated.iter().find(|other| other.of == of).map(|other| other.number);
    let left_out = number(CountOf::Skipped).and_then(|skipped| skipped.checked_sub(all.skipped));
    matches!(count.of, CountOf::Cases | CountOf::Skipped)
        && left_out.is_some_and(|more| number(CountOf::Cases) == Some(all.cases.saturating_add(more)))
}

/// Makes unclear what passed among some cases.
pub(super) fn doubt(found: &mut Found<'_>, cases: Range<usize>, reason: Unclear) {
    for case in found.cases.range_mut(cases).filter(|case| case.outcome == Outcome::Passed) {
        case.outcome = Outcome::Unclear(reason);
    }
}

/// Notes that a suite, or the whole run, failed as such: what passed in it is unclear.
pub(super) fn run_failed(found: &mut Found<'_>, span: Span, name: &str, cases: Range<usize>) {
    found.defect(span, EvidenceDefectKind::RunFailed { name: name.to_owned() });
    stand_in(found, span, cases.clone(), Outcome::Errored);
    doubt(found, cases, Unclear::RunFailed);
}

/// Notes a result that proves nothing, as it is written.
pub(super) fn not_known(found: &mut Found<'_>, span: Span, written: String) -> Outcome {
    found.defect(span, EvidenceDefectKind::ResultNotKnown { written });
    Outcome::Unclear(Unclear::UnknownResult)
}

/// A test that is reported as passed, though something of it says otherwise.
pub(super) fn contradicted(found: &mut Found<'_>, span: Span, by: String) -> Outcome {
    found.defect(span, EvidenceDefectKind::PassContradicted { by });
    Outcome::Unclear(Unclear::UnknownResult)
}

/// Of two statements about one case the one that counts: the worse.
pub(super) fn worse(first: Option<Outcome>, second: Option<Outcome>) -> Option<Outcome> {
    let rank = |outcome: &Outcome| match outcome {
        Outcome::Passed => 0,
        Outcome::Skipped => 1,
        Outcome::Unclear(_) => 2,
        Outcome::Errored => 3,
        Outcome::Failed => 4,
    };
    first.into_iter().chain(second).max_by_key(rank)
}

/// A report that states no time of its own is as old as the oldest of its cases.
pub(super) fn date_by_cases(found: &mut Found<'_>) {
    if found.report.time == Timestamp::Missing {
        let earliest = |piece: &Vec<Case<'_>>| {
            piece.iter().map(|case| case.time).fold(Timestamp::Missing, Timestamp::earliest)
        };
        found.report.time =
            found.cases.pieces().par_iter().map(earliest).reduce(Timestamp::default, Timestamp::earliest);
    }
}

/// The time in an attribute. One that cannot be read is a defect; an empty one says nothing.
pub(super) fn when<'s>(attribute: Attribute<'s>, input: &Input<'s>, found: &mut Found<'s>) -> Timestamp {
    found.time(attribute.raw, input.place(attribute.raw))
}

/// The count in an attribute. One that is no count leaves open what stands in the report.
pub(super) fn count<'s>(attribute: Attribute<'s>, input: &Input<'s>, found: &mut Found<'s>) -> Option<u64> {
    let text = attribute.raw.trim();
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let count = whole.parse().ok();
    if count.is_none() && !text.is_empty() {
        let reason = format!("`{}` is a count, and `{text}` is none", attribute.name);
        let kind = EvidenceDefectKind::Malformed { reason, at_end: false };
        found.broken(EvidenceDefect { span: input.place(attribute.raw), kind });
    }
    count
}

/// Whether a text may name the id of a test. It is read in detail only if nothing nearer to the case names one.
pub(super) fn may_name_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().any(u8::is_ascii_digit) && bytes.windows(4).any(|word| word.eq_ignore_ascii_case(b"test"))
}

/// The name of a case without that of its class in front, with which some write it: `Shop.Cart.Pays(cents: 1)`,
/// `test_cart.py::test_pays`.
pub(super) fn without_class<'s>(name: Cow<'s, str>, class: &str) -> Cow<'s, str> {
    let rest = |name: &str| {
        let rest = name.strip_prefix(class)?;
        let rest = rest.strip_prefix('.').or_else(|| rest.strip_prefix("::"))?;
        (!class.is_empty() && !rest.is_empty()).then_some(name.len() - rest.len())
    };
    match (rest(&name), name) {
        (None, name) => name,
        (Some(start), Cow::Borrowed(name)) => Cow::Borrowed(&name[start..]),
        (Some(start), Cow::Owned(name)) => Cow::Owned(name[start..].to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_of_two_statements_counts() {
        let (passed, failed, unclear) =
            (Some(Outcome::Passed), Some(Outcome::Failed), Some(Outcome::Unclear(Unclear::UnknownResult)));
        assert_eq!(worse(passed, failed), failed);
        assert_eq!(worse(unclear, passed), unclear);
        assert_eq!(worse(failed, unclear), failed);
        assert_eq!(worse(None, passed), passed);
    }

    #[test]
    fn a_count_differs_where_no_way_of_counting_gives_it() {
        let all = Tally { cases: 6, passed: 3, failed: 1, errored: 1, skipped: 1, unclear: 0 };
        let without_rows = Tally { cases: 4, passed: 2, failed: 1, errored: 0, skipped: 1, unclear: 0 };
        let check = |of, number| StatedCount { what: "a", of, number }.difference(all, without_rows);
        for number in 3..=6 {
            assert_eq!(check(CountOf::Cases, number), None);
        }
        assert_eq!(check(CountOf::Cases, 2), Some((3, false)));
        assert_eq!(check(CountOf::Cases, 7), Some((6, true)));
        assert_eq!(check(CountOf::Passed, 1), Some((2, true)));
        assert_eq!(check(CountOf::Passed, 4), Some((3, false)));
        assert_eq!(check(CountOf::Failed, 0), Some((1, false)));
        assert_eq!(check(CountOf::Failed, 3), Some((2, true)));
        assert_eq!(check(CountOf::Skipped, 0), None);
        assert_eq!(check(CountOf::Skipped, 2), Some((1, true)));
        assert_eq!(check(CountOf::Unclear, 1), Some((0, true)));
    }

    #[test]
    fn names_lose_the_class_that_is_written_in_front() {
        let check = |name: &'static str, class| without_class(Cow::Borrowed(name), class).into_owned();
        assert_eq!(check("Shop.Cart.Pays(cents: 1)", "Shop.Cart"), "Pays(cents: 1)");
        assert_eq!(check("test_cart.py::test_pays", "test_cart.py"), "test_pays");
        assert_eq!(check("Shop.CartTests.Pays", "Shop.Cart"), "Shop.CartTests.Pays");
        assert_eq!(check("Shop.Cart", "Shop.Cart"), "Shop.Cart");
        assert_eq!(check(".Pays", ""), ".Pays");
    }
}
