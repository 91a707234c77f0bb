//! A share of the linked tests passes.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::{FEW, Part, RequirementSubject, Share};
use crate::config::Retries;
use crate::evidence::matching::{Attempts, TestResult, TestVerdict};
use crate::evidence::{
    Case, CaseIndex, Evidence, Outcome, Report, ReportFlaw, ReportIndex, Timestamp, Unclear,
};
use crate::model::EntryIndex;
use crate::model::duration::Duration;
use crate::verdict::facts::{CommitMatch, Doubt, Freshness, Source};
use crate::verdict::{Judge, Verdict};

/// What reports say about a test, to be shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TestReport {
    /// PASS, FAIL, STALE or UNKNOWN.
    pub verdict: Verdict,
    /// In a few words.
    pub reason: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// What reports say about a test.
#[derive(Debug, Clone)]
pub(in crate::verdict) struct Reported {
    /// PASS, FAIL, STALE or UNKNOWN.
    pub(in crate::verdict) verdict: Verdict,
    /// In a few words.
    pub(in crate::verdict) reason: String,
    /// Whether it passed only after it had failed.
    pub(in crate::verdict) flaky: bool,
    /// What to do about it, if anything.
    pub(in crate::verdict) next: Option<String>,
    /// Where.
    pub(in crate::verdict) source: Option<Source>,
}

impl Judge<'_> {
    /// What reports say about a test, and where; nothing if none says anything.
    pub fn report_of(&self, test: EntryIndex) -> Option<TestReport> {
        let reported = self.reported(test, self.default_max_age())?;
        Some(TestReport {
            verdict: reported.verdict,
            reason: reported.reason.clone(),
            source: reported.source.clone(),
        })
    }

    /// What reports say about a test; nothing if none says anything. Of the usual age it is worked out once,
    /// however many criteria rest on it.
    pub(in crate::verdict) fn reported(
        &self,
        test: EntryIndex,
        max_age: Option<Duration>,
    ) -> Option<Cow<'_, Reported>> {
        let (place, all) = self.basis.facts.matches.placed(test)?;
        Some(match max_age == self.default_max_age() {
            true => Cow::Borrowed(self.reported[place].get_or_init(|| self.look_up(all, max_age))),
            false => Cow::Owned(self.look_up(all, max_age)),
        })
    }

    fn look_up(&self, all: &TestResult, max_age: Option<Duration>) -> Reported {
        // What is fresh decides, and every failure that is not proven to say nothing of the release.
        let evidence = self.basis.facts.evidence;
        let deciding = match self.are_all_fresh(all, max_age) {
            true => Some(Cow::Borrowed(all)),
            false => all.among(evidence, |case, report| {
                self.is_fresh(case, report, max_age) || (is_red(case.outcome) && !self.is_set_aside(case))
            }),
        };
        let Some(result) = deciding else { return self.not_fresh(all, max_age) };
        let rest = all.without_attempt_in(evidence, &result);
        let (result, retried) = self.without_retried(result);
        let (verdict, mut reason) = word(&result, evidence);
        if let Some(doubt) = self.doubt_of_failure(&result, max_age) {
            reason += &format!("; {doubt}, so it counts");
        }
        if verdict == Verdict::Pass
            && let Some(rest) = rest
        {
            return self.not_run_again(&rest, max_age);
        }
        let flaky = retried || result.verdict == TestVerdict::Flaky;
        Reported { verdict, reason, flaky, next: next(&result, evidence), source: self.source_of(&result) }
    }

    /// Whether a failure is proven to say nothing of the release: it is of another commit. One whose commit is not known
    /// is judged no milder than one of the release commit.
    pub(in crate::verdict) fn is_set_aside(&self, case: &Case<'_>) -> bool {
        let report = self.basis.facts.evidence.report(case.report);
        // A report that names two commits is of neither.
        self.of_commit[case.report.0 as usize] == CommitMatch::Other
            && report.flaw != Some(ReportFlaw::CommitsContradict)
    }

    /// Where the configuration counts the last attempt, what remains of a result without the failures after which the
    /// same case passed; and whether there was any.
    fn without_retried<'r>(&self, result: Cow<'r, TestResult>) -> (Cow<'r, TestResult>, bool) {
        if result.later_attempt.is_none() {
            return (result, false);
        }
        let evidence = self.basis.facts.evidence;
        let attempts = Attempts::new(evidence, &result.cases);
        let kept: Vec<CaseIndex> =
            result.cases.iter().copied().filter(|index| !self.is_retried(*index, &attempts)).collect();
        match kept.len() == result.cases.len() {
            true => (result, false),
            false => (Cow::Owned(TestResult::new(evidence, kept)), true),
        }
    }

    /// Whether a failure does not count because the same case passed on a later attempt.
    pub(in crate::verdict) fn is_retried(&self, index: CaseIndex, attempts: &Attempts<'_>) -> bool {
        self.basis.config.evidence.retries == Retries::Last
            && self.basis.facts.evidence.case(index).outcome.is_failure()
            && attempts.later(index).is_some_and(|later| {
                // Reports of two systems may hold the same case: what failed on one of them is no earlier attempt.
                let evidence = self.basis.facts.evidence;
                evidence.case(later).report == evidence.case(index).report
            })
    }

    /// Why a failure counts although it is not known to be of the release, if it is the first that failed.
    fn doubt_of_failure(&self, result: &TestResult, max_age: Option<Duration>) -> Option<String> {
        let facts = &self.basis.facts;
        let mut failed = result.cases.iter().map(|index| facts.evidence.case(*index));
        let failed = failed.find(|case| is_red(case.outcome))?;
        let report = facts.evidence.report(failed.report);
        match facts.freshness(report.commit.as_deref(), failed.time.or(report.time), max_age) {
            Freshness::Unknown(doubt) => Some(doubt.reason),
            Freshness::Fresh | Freshness::Stale(_) => None,
        }
    }

    /// Whether a case is fresh. That of its commit is known for the whole report.
    pub(in crate::verdict) fn is_fresh(
        &self,
        case: &Case<'_>,
        report: &Report<'_>,
        max_age: Option<Duration>,
    ) -> bool {
        report.flaw.is_none()
            && self.of_commit[case.report.0 as usize] == CommitMatch::Released
            && self.is_of_release_age(case.time.or(report.time), max_age)
    }

    /// Whether a time is new enough, and not before the release commit.
    fn is_of_release_age(&self, time: Timestamp, max_age: Option<Duration>) -> bool {
        let facts = &self.basis.facts;
        facts.is_fresh_by_age(time, max_age) && !time.known().is_some_and(|time| facts.is_before_commit(time))
    }

    /// Whether all cases are fresh, told without a look at each of them.
    fn are_all_fresh(&self, all: &TestResult, max_age: Option<Duration>) -> bool {
        let facts = &self.basis.facts;
        let is_fresh = |report: &ReportIndex| {
            facts.evidence.report(*report).flaw.is_none()
                && self.of_commit[report.0 as usize] == CommitMatch::Released
        };
        all.reports.iter().all(is_fresh) && all.times.all(|time| self.is_of_release_age(time, max_age))
    }

    fn not_fresh(&self, all: &TestResult, max_age: Option<Duration>) -> Reported {
        let facts = &self.basis.facts;
        let mut cases: Vec<&Case<'_>> = all.cases.iter().map(|case| facts.evidence.case(*case)).collect();
        // Those of one suite have one time, and one is enough to say why.
        cases.dedup_by_key(|case| (case.report, case.time));
        let freshness = cases
            .into_iter()
            .map(|case| facts.freshness_of(facts.evidence.report(case.report), case.time, max_age));
        let (verdict, reason, next) = match freshness.min() {
            Some(Freshness::Stale(Doubt { reason, next })) => (Verdict::Stale, reason, next),
            Some(Freshness::Unknown(Doubt { reason, next })) => (Verdict::Unknown, reason, next),
            _ => (Verdict::Unknown, "no result".to_owned(), RUN.to_owned()),
        };
        Reported { verdict, reason, flaky: false, next: Some(next), source: self.source_of(all) }
    }

    /// That a part of a test which passes is known from other runs alone: it proves nothing of the release, and what is
    /// fresh does not stand for it.
    fn not_run_again(&self, rest: &TestResult, max_age: Option<Duration>) -> Reported {
        let part = self.not_fresh(rest, max_age);
        let name = rest.cases.first().map(|index| self.basis.facts.evidence.case(*index).name.as_ref());
        let reason = format!("`{}` has no result that counts: {}", name.unwrap_or_default(), part.reason);
        let next = "run all tests on the release commit into an empty report folder".to_owned();
        Reported { reason, next: Some(next), ..part }
    }

    /// The case that decides: the first that did not pass, or else the first.
    fn source_of(&self, result: &TestResult) -> Option<Source> {
        let facts = &self.basis.facts;
        let case = |index: &&CaseIndex| facts.evidence.case(**index);
        let has_failed = result.counts.failed + result.counts.errored > 0;
        let failed = result.cases.iter().find(|index| has_failed && case(index).outcome.is_failure());
        let case = case(&failed.or(result.cases.first())?);
        Some(facts.source(self.basis.sources, case.report, case.span, case.time))
    }

    pub(super) fn tests_part(
        &self,
        share: Option<Share>,
        about: RequirementSubject<'_>,
        max_age: Option<Duration>,
    ) -> Part {
        let Some(share) = share else {
            return Part::nothing("the profile has no `pass_rate`", "set `pass_rate` in the profile");
        };
        let mut count = Count { total: about.tests.len() + about.missing, ..Count::default() };
        for test in about.tests {
            count.add(self.basis.plan.entry(*test).id.value.to_string(), self.reported(*test, max_age));
        }
        count.judge(share, about.absent, &self.produce(RUN))
    }
}

/// Whether a case ended in a way that may be a failure.
fn is_red(outcome: Outcome) -> bool {
    outcome.is_failure() || matches!(outcome, Outcome::Unclear(_))
}

/// What to do about tests that no report speaks of.
/// That the only case of a test failed, which need not be said again beside the list of what failed.
const FAILED: &str = "failed";

const RUN: &str = "run the tests, and pass their report: `--evidence FILE`";

fn next(result: &TestResult, evidence: &Evidence<'_>) -> Option<String> {
    let next = match result.verdict {
        TestVerdict::Passed | TestVerdict::Flaky => return None,
        TestVerdict::Failed | TestVerdict::Errored | TestVerdict::Contradicting
            if result.later_attempt.is_some_and(|found| {
                evidence.case(found.passed).report == evidence.case(found.failed).report
            }) =>
        {
            "fix the flaky test, or count the last attempt: `retries = \"last\"` in `[evidence]`"
        }
        TestVerdict::Failed | TestVerdict::Errored => "fix the failure, then run it again",
        TestVerdict::Contradicting => "keep only the report of the current run, or run the tests again",
        TestVerdict::Unclear => "check how it ended with `relplan check`, then run it again",
        TestVerdict::OnlySkipped => "run the skipped tests",
        TestVerdict::OnlyFlawed => "create the report again, whole",
    };
    Some(next.to_owned())
}

/// Why nobody can tell how a case ended.
fn unclear(reason: Unclear) -> &'static str {
    match reason {
        Unclear::UnknownResult => "unknown result",
        Unclear::RunFailed => "its suite failed",
        Unclear::StatedWorse => "its suite reports failures that are missing from it",
    }
}

fn word(result: &TestResult, evidence: &Evidence<'_>) -> (Verdict, String) {
    let verdict = match result.verdict {
        TestVerdict::Passed | TestVerdict::Flaky => Verdict::Pass,
        TestVerdict::Failed | TestVerdict::Errored => Verdict::Fail,
        TestVerdict::Contradicting
        | TestVerdict::Unclear
        | TestVerdict::OnlySkipped
        | TestVerdict::OnlyFlawed => Verdict::Unknown,
    };
    let counts = &result.counts;
    let cases =
        counts.passed + counts.failed + counts.errored + counts.skipped + counts.flawed + counts.unclear;
    let reason = match result.verdict {
        TestVerdict::Passed if cases == 1 => "passed".to_owned(),
        TestVerdict::Passed => format!("{} of {cases} cases passed", counts.passed),
        TestVerdict::Flaky => "passed only after a failure".to_owned(),
        TestVerdict::Failed | TestVerdict::Errored if cases == 1 => FAILED.to_owned(),
        TestVerdict::Failed | TestVerdict::Errored => {
            format!("{} of {cases} cases failed", counts.failed + counts.errored)
        }
        TestVerdict::Contradicting => "passed in one report and failed in another".to_owned(),
        TestVerdict::Unclear => {
            let mut outcomes = result.cases.iter().map(|index| evidence.case(*index).outcome);
            let why = outcomes.find_map(|outcome| match outcome {
                Outcome::Unclear(why) => Some(unclear(why)),
                _ => None,
            });
            why.unwrap_or("unknown result").to_owned()
        }
        TestVerdict::OnlySkipped => "skipped".to_owned(),
        TestVerdict::OnlyFlawed => "its report is invalid".to_owned(),
    };
    let reason = match result.later_attempt {
        Some(_) if verdict != Verdict::Pass => format!("{reason}, and passed on a later attempt"),
        _ => reason,
    };
    (verdict, reason)
}

/// How many of some tests stand how.
#[derive(Debug, Default)]
struct Count {
    total: usize,
    passed: usize,
    flaky: usize,
    failed: Vec<String>,
    stale: Vec<String>,
    /// Tests that were reported and prove nothing, with the reason.
    useless: Vec<String>,
    unreported: Vec<String>,
    /// What to do about those that were reported and do not pass, each once.
    next: Vec<String>,
    sources: Vec<Source>,
}

impl Count {
    fn add(&mut self, id: String, reported: Option<Cow<'_, Reported>>) {
        let Some(reported) = reported else { return self.unreported.push(id) };
        match reported.verdict {
            Verdict::Pass => {
                self.passed += 1;
                self.flaky += usize::from(reported.flaky);
            }
            Verdict::Fail if reported.reason == FAILED => self.failed.push(id),
            Verdict::Fail => self.failed.push(format!("{id} ({})", reported.reason)),
            Verdict::Stale => self.stale.push(format!("{id} ({})", reported.reason)),
            _ => self.useless.push(format!("{id} ({})", reported.reason)),
        }
        if let Some(next) = reported.next.as_ref().filter(|next| !self.next.contains(next)) {
            self.next.push(next.clone());
        }
        let Some(source) = reported.source.clone() else { return };
        let failed = reported.verdict == Verdict::Fail;
        // What failed is looked at first, and a file of passed tests is named once.
        if failed {
            self.sources.insert(0, source);
            self.sources.truncate(FEW);
        } else if !self.sources.iter().any(|known| known.file == source.file) {
            self.sources.push(source);
        }
    }

    /// What becomes of the share that is asked for. `run` is what to do about tests that no report speaks of.
    fn judge(mut self, share: Share, absent: &[String], run: &str) -> Part {
        if self.total == 0 {
            let next = "link tests: `tests: TEST-001`";
            return Part::nothing("no linked tests", next);
        }
        let (passed, total) = (self.passed as u64, self.total as u64);
        let could_pass = (self.total - self.failed.len()) as u64;
        self.sources.truncate(FEW);
        let mut words = format!("{passed} of {total} tests passed");
        if self.flaky > 0 {
            words += &format!(", {} of them only after a failure", self.flaky);
        }
        let lists = [
            (&self.failed, "failed"),
            (&self.stale, "stale"),
            (&self.useless, "without a valid result"),
            (&self.unreported, "in no report"),
        ];
        for (list, what) in lists.into_iter().filter(|(list, _)| !list.is_empty()) {
            words += &format!(", {} {what}: {}", list.len(), super::super::checks::some(list));
        }
        let named = total as usize - self.passed - lists.iter().map(|(list, _)| list.len()).sum::<usize>();
        if named > 0 {
            words += &format!(", {}", super::super::checks::not_in_plan(named, absent));
        }
        if !self.unreported.is_empty() || self.next.is_empty() {
            self.next.push(run.to_owned());
        }
        let next = self.next.join("; ");
        let asked = match share.in_words().as_str() {
            "all" => String::new(),
            share => format!("; required: {share}"),
        };
        let reason = words + &asked;
        let part = if share.is_reached(passed, total) {
            Part::pass(reason)
        } else if !share.is_reached(could_pass, total) {
            Part::new(Verdict::Fail, reason, next)
        } else if !self.stale.is_empty() && self.useless.is_empty() && self.unreported.is_empty() {
            Part::new(Verdict::Stale, reason, next)
        } else {
            Part::new(Verdict::Unknown, reason, next)
        };
        part.from(self.sources)
    }
}
