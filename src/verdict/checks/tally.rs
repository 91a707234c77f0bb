//! The tests and work packages behind a check, counted through the graph.

use schemars::JsonSchema;
use serde::Serialize;

use crate::graph::{once, sources, targets};
use crate::model::agreement::stricter;
use crate::model::epic::State;
use crate::model::evidence_requirement::EvidenceRequirement;
use crate::model::stated::ShareOf;
use crate::model::test::TestStatus;
use crate::model::{EntryIndex, Kind, LinkKind};
use crate::verdict::evidence_requirement::{RequirementResult, RequirementSubject};
use crate::verdict::{Judge, Verdict};

/// The status of the tests of an entry: from reports, or else from the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TestTally {
    /// How many there are, those included that are named and missing.
    pub total: usize,
    /// How many pass.
    pub passed: usize,
    /// Those that fail or cannot be run.
    pub failed: Vec<String>,
    /// Those that have not been run, or have no result.
    pub unknown: Vec<String>,
    /// Those whose reports are too old, or for another commit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<String>,
    /// How many of all come from a report.
    #[serde(skip_serializing_if = "is_zero")]
    pub reported: usize,
    /// How many are named, alone or within a range, and are not in the plan.
    pub missing: usize,
    /// The first of these.
    #[serde(skip)]
    pub absent: Vec<String>,
}

/// The status of the work packages of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EpicTally {
    /// How many there are.
    pub total: usize,
    /// How many are complete.
    pub complete: usize,
    /// Those that are not, or have no status.
    pub open: Vec<String>,
    /// The tests of all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestTally>,
}

impl TestTally {
    /// How many have no result.
    pub fn without_result(&self) -> usize {
        self.unknown.len() + self.stale.len() + self.missing
    }

    /// The counts in a few words: `48 of 50 passed, 1 failed (TEST-007), 1 without a result`.
    pub fn in_words(&self) -> String {
        let mut words = format!("{} of {} passed", self.passed, self.total);
        if !self.failed.is_empty() {
            words += &format!(", {} failed ({})", self.failed.len(), some(&self.failed));
        }
        if !self.unknown.is_empty() {
            words += &format!(", {} without a result ({})", self.unknown.len(), some(&self.unknown));
        }
        if !self.stale.is_empty() {
            words += &format!(", {} with stale results ({})", self.stale.len(), some(&self.stale));
        }
        if self.missing > 0 {
            words += &format!(", {}", not_in_plan(self.missing, &self.absent));
        }
        words
    }
}

impl EpicTally {
    /// The counts in a few words.
    pub fn in_words(&self) -> String {
        let mut words = format!("{} of {} complete", self.complete, self.total);
        if !self.open.is_empty() {
            words += &format!(", open: {}", some(&self.open));
        }
        words
    }
}

/// For serde.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// That so many tests are named and not in the plan, and which the first of them are.
pub(in crate::verdict) fn not_in_plan(count: usize, first: &[String]) -> String {
    let more = count - first.len().min(count);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{count} not in the plan ({}{more})", first.join(", "))
}

/// How many ids are named.
const FEW: usize = 5;

/// The first few ids, and how many more there are.
pub(in crate::verdict) fn some(ids: &[String]) -> String {
    match ids.len() {
        0..=FEW => ids.join(", "),
        all => format!("{} and {} more", ids[..FEW].join(", "), all - FEW),
    }
}

impl Judge<'_> {
    /// The tests that are linked to an entry in either direction.
    pub(in crate::verdict) fn tests(&self, index: EntryIndex) -> Option<TestTally> {
        let mut tally = self.tally_tests(self.linked_tests(index));
        (tally.missing, tally.absent) = self.missing_tests(index);
        tally.total += tally.missing;
        (tally.total > 0).then_some(tally)
    }

    /// The entries of the tests that are linked to an entry in either direction.
    pub(in crate::verdict) fn linked_tests(&self, index: EntryIndex) -> Vec<EntryIndex> {
        self.either(index, |other| matches!(self.basis.plan.entry(other).kind, Kind::Test(_)))
    }

    /// What there is to prove an entry by.
    pub(in crate::verdict) fn prove_entry(
        &self,
        index: EntryIndex,
        requirement: &EvidenceRequirement,
    ) -> RequirementResult {
        let mut tests = self.linked_tests(index);
        // The tests of its work packages show it as well as its own.
        if tests.is_empty() {
            let epics =
                self.either(index, |other| matches!(self.basis.plan.entry(other).kind, Kind::Epic(_)));
            tests = once(epics.into_iter().flat_map(|epic| self.linked_tests(epic)), index);
        }
        let (missing, absent) = self.missing_tests(index);
        let about = RequirementSubject { tests: &tests, missing, absent: &absent, entry: Some(index) };
        // Where the words of the entry ask for more than its evidence requirement, they count.
        let profile = self.basis.profile;
        let stricter = stricter(self.basis.plan.entry(index), requirement, |whole| match whole {
            ShareOf::Tests => profile.pass_rate,
            ShareOf::Lines => profile.line_coverage,
            ShareOf::Branches => profile.branch_coverage,
        });
        self.prove(stricter.as_ref().unwrap_or(requirement), about)
    }

    /// The work packages that are linked to an entry in either direction, and their tests.
    pub(in crate::verdict) fn epics(&self, index: EntryIndex) -> Option<EpicTally> {
        let is_epic = |other: EntryIndex| matches!(self.basis.plan.entry(other).kind, Kind::Epic(_));
        let epics = self.either(index, is_epic);
        if epics.is_empty() {
            return None;
        }
        let mut tally = EpicTally { total: epics.len(), ..EpicTally::default() };
        for epic in &epics {
            let entry = self.basis.plan.entry(*epic);
            match &entry.kind {
                Kind::Epic(epic) if epic.state.is_some_and(|state| state.value == State::Complete) => {
                    tally.complete += 1;
                }
                _ => tally.open.push(entry.id.value.to_string()),
            }
        }
        let is_test = |other: EntryIndex| matches!(self.basis.plan.entry(other).kind, Kind::Test(_));
        let tests = epics.iter().flat_map(|epic| self.either(*epic, is_test));
        let tests = self.tally_tests(once(tests, index));
        tally.tests = (tests.total > 0).then_some(tests);
        Some(tally)
    }

    fn either(&self, index: EntryIndex, fits: impl Fn(EntryIndex) -> bool) -> Vec<EntryIndex> {
        // What a release leaves out or an entry conflicts with is not behind it.
        let behind = |kind: LinkKind| !matches!(kind, LinkKind::Excludes | LinkKind::ConflictsWith);
        let out = targets(self.basis.graph, index, |edge| behind(edge.kind) && fits(edge.to));
        let back = sources(self.basis.graph, index, |edge| behind(edge.kind) && fits(edge.from));
        let mut found = once(out.into_iter().chain(back), index);
        found.sort_by_key(|index| self.basis.plan.entry(*index).id.value);
        found
    }

    fn tally_tests(&self, tests: Vec<EntryIndex>) -> TestTally {
        let mut tally = TestTally { total: tests.len(), ..TestTally::default() };
        for index in tests {
            let entry = self.basis.plan.entry(index);
            let Kind::Test(test) = &entry.kind else { continue };
            let id = entry.id.value.to_string();
            if let Some(reported) = self.reported(index, self.default_max_age()) {
                tally.reported += 1;
                match reported.verdict {
                    Verdict::Pass => tally.passed += 1,
                    Verdict::Fail => tally.failed.push(id),
                    Verdict::Stale => tally.stale.push(id),
                    _ => tally.unknown.push(id),
                }
                continue;
            }
            match test.status.map(|status| status.value) {
                // Where reports speak, a test in none of them has no result, whatever is stated.
                Some(TestStatus::Passing) if self.rests_on_reports() => tally.unknown.push(id),
                Some(TestStatus::Passing) => tally.passed += 1,
                Some(TestStatus::Failing | TestStatus::Blocked) => tally.failed.push(id),
                Some(TestStatus::Skipped | TestStatus::NotRun) | None => tally.unknown.push(id),
            }
        }
        tally
    }

    /// How many tests the links of an entry name that the plan does not have, and the first few of them.
    pub(in crate::verdict) fn missing_tests(&self, index: EntryIndex) -> (usize, Vec<String>) {
        let is_test = |id: &crate::model::Id| id.prefix.head() == "TEST";
        let graph = self.basis.graph;
        let alone = graph.dangling.iter().filter(|link| link.from == index && is_test(&link.id));
        // The results of a test of another member are not known here.
        let members = self.basis.plan.entry(index).member_links().iter();
        let members =
            members.filter(|link| is_test(&link.id)).map(|link| format!("{}:{}", link.member, link.id));
        let alone: Vec<String> = alone.map(|link| link.id.to_string()).chain(members).collect();
        let holes = graph.holes.iter().filter(|hole| hole.from == index);
        let holes: Vec<_> = holes.filter(|hole| hole.missing.first().is_some_and(is_test)).collect();
        let count = alone.len() + holes.iter().map(|hole| hole.count).sum::<usize>();
        let in_ranges = holes.iter().flat_map(|hole| &hole.missing).map(ToString::to_string);
        (count, alone.into_iter().chain(in_ranges).take(FEW).collect())
    }
}
