use crate::finding::Report;
use crate::graph::Edge;
use crate::model::epic::State;
use crate::model::test::TestStatus;
use crate::model::{Entry, EntryIndex, Kind, LinkKind};
use crate::rules::{ERROR, Subject};
use crate::source::Spanned;

declare_rule! {
    /// A complete EPIC with a test that does not pass.
    ///
    /// Work is complete when all of its tests pass. A test that fails, is
    /// blocked, is skipped or was never run says otherwise; one of the two
    /// states is wrong.
    ///
    /// ```yaml,bad
    /// - id: EPIC-01
    ///   title: Search service
    ///   state: Complete
    ///   tests: TEST-001
    /// - id: TEST-001
    ///   title: A saved search finds what it found before
    ///   status: failing
    /// ```
    ///
    /// ```yaml,good
    /// - id: EPIC-01
    ///   title: Search service
    ///   state: Testing
    ///   tests: TEST-001
    /// - id: TEST-001
    ///   title: A saved search finds what it found before
    ///   status: failing
    /// ```
    "RP0412", "complete-epic-with-failing-test", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, epic) in subject.plan.epics() {
        let Some(state) = epic.state.filter(|state| state.value == State::Complete) else { continue };
        let Some(index) = subject.plan.find(entry.id.value) else { continue };
        looked_at += 1;
        for (test, status) in open_tests(subject, index) {
            let message =
                format!("{} is `Complete`, but {} is {}", entry.id.value, test.id.value, status.value);
            reports.push(
                Report::at(state.span, message)
                    .and(status.span, "the test does not pass")
                    .help("set the EPIC back to `Testing`, or fix the test"),
            );
        }
    }
    looked_at
}

/// The tests of an EPIC that are said not to pass, each once, in the order of the files.
fn open_tests<'p>(subject: &Subject<'p>, epic: EntryIndex) -> Vec<(&'p Entry<'p>, Spanned<TestStatus>)> {
    let mut tests = Vec::new();
    subject.graph.any_edge(epic, |edge| {
        tests.extend(test_end(epic, &edge));
        false
    });
    tests.sort_unstable();
    tests.dedup();
    let unheard = tests.into_iter().filter(|index| !subject.is_reported_as_passing(*index));
    let entries = unheard.map(|index| subject.plan.entry(index));
    entries.filter_map(|entry| Some((entry, not_passing(entry)?))).collect()
}

/// The other end of a link that may join an EPIC with its tests.
pub(in crate::rules) fn test_end(epic: EntryIndex, edge: &Edge) -> Option<EntryIndex> {
    use LinkKind::{DependsOn, Implements, LinkedIds, PartOf, VerifiedBy};
    match edge.kind {
        VerifiedBy | LinkedIds if edge.from == epic => Some(edge.to),
        PartOf | Implements | LinkedIds | DependsOn if edge.to == epic => Some(edge.from),
        _ => None,
    }
}

fn not_passing(entry: &Entry<'_>) -> Option<Spanned<TestStatus>> {
    match &entry.kind {
        Kind::Test(test) => test.status.filter(|status| status.value != TestStatus::Passing),
        _ => None,
    }
}
