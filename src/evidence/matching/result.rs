//! What the cases that prove an entry say together.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::evidence::{Case, CaseIndex, Evidence, Outcome, Report, ReportIndex, Timestamp, same_commit};

/// What results say about a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TestVerdict {
    /// Every case that ran passed.
    Passed,
    /// Every case that ran passed, at least one of them only after it had failed.
    Flaky,
    /// A case failed.
    Failed,
    /// In a case something else went wrong, and none failed.
    Errored,
    /// Of some case nobody can tell how it ended, and none failed.
    Unclear,
    /// Reports of one commit say different things of one case, and nothing else failed.
    Contradicting,
    /// No case ran, which proves nothing.
    OnlySkipped,
    /// All that passed stands in reports of which nothing that passed counts.
    OnlyFlawed,
}

/// How many cases ended in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// As expected.
    pub passed: usize,
    /// Not as expected.
    pub failed: usize,
    /// Something else went wrong.
    pub errored: usize,
    /// Not run.
    pub skipped: usize,
    /// Of those that passed, how many only after they had failed.
    pub flaky: usize,
    /// Passed, but in a report of which nothing that passed counts; not among those that passed.
    pub flawed: usize,
    /// Nobody can tell how it ended.
    pub unclear: usize,
}

/// Two results of one case in different reports of one commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contradiction {
    /// Where it passed.
    pub passed: CaseIndex,
    /// Where it did not.
    pub failed: CaseIndex,
}

/// What cases say about one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// All of it in a word.
    pub verdict: TestVerdict,
    /// How many cases ended in which way.
    pub counts: Counts,
    /// When the newest of the cases ran that ran at all, as far as reports say.
    pub newest: Option<DateTime<Utc>>,
    /// When the oldest did.
    pub oldest: Option<DateTime<Utc>>,
    /// When its cases are dated, those included that did not run.
    pub times: Times,
    /// The reports that the cases stand in.
    pub reports: Vec<ReportIndex>,
    /// The cases.
    pub cases: Vec<CaseIndex>,
    /// What reports of one commit do not agree on, by case.
    pub contradictions: Vec<Contradiction>,
    /// A case that failed and passed on a later attempt: the first of those that failed.
    pub later_attempt: Option<Contradiction>,
}

/// The times of some cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    /// The first and the last of them.
    pub between: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Whether a case has none.
    pub some_missing: bool,
    /// Whether one of a case cannot be read.
    pub some_unreadable: bool,
}

impl Times {
    fn add(&mut self, time: Timestamp) {
        match (time, self.between) {
            (Timestamp::Missing, _) => self.some_missing = true,
            (Timestamp::Unreadable, _) => self.some_unreadable = true,
            (Timestamp::At(time), None) => self.between = Some((time, time)),
            (Timestamp::At(time), Some((first, last))) => {
                self.between = Some((first.min(time), last.max(time)));
            }
        }
    }

    /// Whether something holds for every time of the cases, if it holds for all between two for which it does.
    pub fn all(self, holds: impl Fn(Timestamp) -> bool) -> bool {
        (!self.some_missing || holds(Timestamp::Missing))
            && (!self.some_unreadable || holds(Timestamp::Unreadable))
            && self
                .between
                .is_none_or(|(first, last)| holds(Timestamp::At(first)) && holds(Timestamp::At(last)))
    }
}

impl TestResult {
    /// Judges cases of one entry, in their order.
    pub fn new(evidence: &Evidence<'_>, cases: Vec<CaseIndex>) -> TestResult {
        let mut counts = Counts::default();
        let (mut newest, mut oldest, mut times) = (None, None, Times::default());
        let mut reports: Vec<ReportIndex> = Vec::new();
        for case in cases.iter().map(|&index| evidence.case(index)) {
            let report = evidence.report(case.report);
            counts.add(case, report);
            if reports.last() != Some(&case.report) {
                reports.push(case.report);
            }
            let time = case.time.or(report.time);
            times.add(time);
            let time = time.known().filter(|_| case.outcome != Outcome::Skipped);
            newest = newest.max(time);
            oldest = [oldest, time].into_iter().flatten().min();
        }
        reports.sort_unstable();
        reports.dedup();
        // Only what passed once and not another time can contradict itself.
        let differ = counts.passed > 0 && counts.failed + counts.errored > 0;
        let (contradictions, later_attempt) =
            if differ { Attempts::new(evidence, &cases).compare(&cases) } else { (Vec::new(), None) };
        let verdict = counts.verdict(evidence, &contradictions);
        TestResult { verdict, counts, newest, oldest, times, reports, cases, contradictions, later_attempt }
    }

    /// The result of those of its cases that a condition holds for, for example those of one commit; nothing if
    /// it holds for none.
    pub fn among(
        &self,
        evidence: &Evidence<'_>,
        holds: impl Fn(&Case<'_>, &Report<'_>) -> bool,
    ) -> Option<Cow<'_, TestResult>> {
        let holds = |index: &CaseIndex| {
            let case = evidence.case(*index);
            holds(case, evidence.report(case.report))
        };
        // Mostly it holds for all of them or for none.
        let first = self.cases.iter().position(|index| !holds(index));
        let Some(first) = first else { return (!self.cases.is_empty()).then_some(Cow::Borrowed(self)) };
        let (kept, rest) = self.cases.split_at(first);
        let rest = rest.iter().filter(|index| holds(index));
        let kept: Vec<CaseIndex> = kept.iter().chain(rest).copied().collect();
        (!kept.is_empty()).then(|| Cow::Owned(TestResult::new(evidence, kept)))
    }

    /// The result of those of its cases that ran and of which another result holds no attempt at all; nothing if there
    /// are none.
    pub fn without_attempt_in(&self, evidence: &Evidence<'_>, other: &TestResult) -> Option<TestResult> {
        if other.cases.len() == self.cases.len() {
            return None;
        }
        let attempted: FxHashSet<Identity<'_>> =
            other.cases.iter().map(|index| identity(evidence.case(*index))).collect();
        let is_missing = |index: &CaseIndex| {
            let case = evidence.case(*index);
            case.outcome != Outcome::Skipped && !attempted.contains(&identity(case))
        };
        let missing: Vec<CaseIndex> = self.cases.iter().copied().filter(is_missing).collect();
        (!missing.is_empty()).then(|| TestResult::new(evidence, missing))
    }
}

impl Counts {
    fn add(&mut self, case: &Case<'_>, report: &Report<'_>) {
        match case.outcome {
            Outcome::Passed if report.flaw.is_some() => self.flawed += 1,
            Outcome::Passed => {
                self.passed += 1;
                self.flaky += usize::from(case.flaky);
            }
            // A failure counts even if the rest of its report is missing: to leave it out could turn a failed
            // test into one that passed elsewhere.
            Outcome::Failed => self.failed += 1,
            Outcome::Errored => self.errored += 1,
            Outcome::Skipped => self.skipped += 1,
            Outcome::Unclear(_) => self.unclear += 1,
        }
    }

    fn verdict(self, evidence: &Evidence<'_>, contradictions: &[Contradiction]) -> TestVerdict {
        let disputed = |outcome| {
            let failed = contradictions.iter().map(|found| evidence.case(found.failed).outcome);
            failed.filter(|of| *of == outcome).count()
        };
        if self.failed > disputed(Outcome::Failed) {
            return TestVerdict::Failed;
        }
        if self.errored > disputed(Outcome::Errored) {
            return TestVerdict::Errored;
        }
        match self {
            _ if !contradictions.is_empty() => TestVerdict::Contradicting,
            Counts { unclear: 1.., .. } => TestVerdict::Unclear,
            Counts { flaky: 1.., .. } => TestVerdict::Flaky,
            Counts { passed: 1.., .. } => TestVerdict::Passed,
            Counts { flawed: 1.., .. } => TestVerdict::OnlyFlawed,
            _ => TestVerdict::OnlySkipped,
        }
    }
}

/// What tells one case from another, whatever report it stands in.
type Identity<'e> = (&'e str, &'e str, Option<&'e str>);

fn identity<'e>(case: &'e Case<'_>) -> Identity<'e> {
    (&case.class, &case.name, case.file.as_deref())
}

/// The cases that passed, by what tells them apart.
pub struct Attempts<'e> {
    evidence: &'e Evidence<'e>,
    passed: FxHashMap<Identity<'e>, Vec<CaseIndex>>,
}

impl<'e> Attempts<'e> {
    /// Those of some cases that passed in reports without a flaw.
    pub fn new(evidence: &'e Evidence<'e>, cases: &[CaseIndex]) -> Self {
        let mut passed: FxHashMap<_, Vec<CaseIndex>> = FxHashMap::default();
        for &index in cases {
            let case = evidence.case(index);
            if case.outcome == Outcome::Passed && evidence.report(case.report).flaw.is_none() {
                passed.entry(identity(case)).or_default().push(index);
            }
        }
        Attempts { evidence, passed }
    }

    /// The attempts at the same case that passed.
    pub fn passed(&self, case: CaseIndex) -> &[CaseIndex] {
        self.passed.get(&identity(self.evidence.case(case))).map(Vec::as_slice).unwrap_or_default()
    }

    /// The attempt at a case of the same commit that passed after it failed: later in its report, or dated later.
    pub fn later(&self, failed: CaseIndex) -> Option<CaseIndex> {
        let case = self.evidence.case(failed);
        let report = self.evidence.report(case.report);
        self.passed(failed).iter().copied().find(|&index| {
            let other = self.evidence.case(index);
            let its_report = self.evidence.report(other.report);
            let (time, its_time) =
                (case.time.or(report.time).known(), other.time.or(its_report.time).known());
            match other.report == case.report {
                // Cases of two suites are no attempts at one test: they may be of two browsers.
                true => {
                    index > failed
                        && other.suite_start == case.suite_start
                        && time.zip(its_time).is_none_or(|(time, its_time)| time <= its_time)
                }
                false => {
                    are_of_one_commit(its_report, report)
                        && time.zip(its_time).is_some_and(|(time, its_time)| time < its_time)
                }
            }
        })
    }

    /// Every result that did not pass with one of the same case that did, in another report of the same commit; and
    /// the first that passed on a later attempt.
    fn compare(&self, cases: &[CaseIndex]) -> (Vec<Contradiction>, Option<Contradiction>) {
        let failed = || cases.iter().copied().filter(|&index| self.evidence.case(index).outcome.is_failure());
        let elsewhere = |failed: CaseIndex| {
            let case = self.evidence.case(failed);
            let passed = self.passed(failed).iter().copied().find(|&other| {
                let other = self.evidence.case(other);
                let (first, second) = (self.evidence.report(other.report), self.evidence.report(case.report));
                other.report != case.report && are_of_one_commit(first, second)
            })?;
            Some(Contradiction { passed, failed })
        };
        let later = failed().find_map(|failed| Some(Contradiction { passed: self.later(failed)?, failed }));
        (failed().filter_map(elsewhere).collect(), later)
    }
}

/// Whether two reports are about one commit, as far as they say: where neither says, nothing tells them apart.
fn are_of_one_commit(first: &Report<'_>, second: &Report<'_>) -> bool {
    match (first.commit.as_deref(), second.commit.as_deref()) {
        (Some(first), Some(second)) => same_commit(first, second),
        // A report that does not say its commit may be of any.
        _ => true,
    }
}
