//! A share of the linked tests passes.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::{About, FEW, HOW_TO_TELL, Part, Share};
use crate::evidence::matching::{TestResult, TestVerdict};
use crate::evidence::{Case, CaseIndex, Outcome, Report, ReportIndex};
use crate::model::EntryIndex;
use crate::model::duration::Duration;
use crate::verdict::facts::{Freshness, Source};
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
    pub(in crate::verdict) next: Option<&'static str>,
    /// Where.
    pub(in crate::verdict) source: Option<Source>,
}

impl Judge<'_> {
    /// What reports say about a test, and where; nothing if none says anything.
    pub fn report_of(&self, test: EntryIndex) -> Option<TestReport> {
        let reported = self.reported(test, self.usual_max_age())?;
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
        Some(match max_age == self.usual_max_age() {
            true => Cow::Borrowed(self.reported[place].get_or_init(|| self.look_up(all, max_age))),
            false => Cow::Owned(self.look_up(all, max_age)),
        })
    }

    fn look_up(&self, all: &TestResult, max_age: Option<Duration>) -> Reported {
        // What is fresh decides. An old failure says as little as an old success.
        let fresh = match self.are_all_fresh(all, max_age) {
            true => Some(Cow::Borrowed(all)),
            false => all.among(self.basis.facts.evidence, |case, report| {
                self.is_fresh(case, report, max_age) || (!report.whole && fails(case.outcome))
            }),
        };
        let Some(result) = fresh else { return self.not_fresh(all, max_age) };
        let (verdict, reason) = word(&result);
        let flaky = result.verdict == TestVerdict::Flaky;
        Reported { verdict, reason, flaky, next: next(result.verdict), source: self.source_of(&result) }
    }

    /// Whether a case is fresh. That of its commit is known for the whole report.
    fn is_fresh(&self, case: &Case<'_>, report: &Report<'_>, max_age: Option<Duration>) -> bool {
        report.whole
            && self.of_commit[case.report.0 as usize]
            && self.basis.facts.is_fresh_by_age(case.time.or(report.time), max_age)
    }

    /// Whether all cases are fresh, told without a look at each of them.
    fn are_all_fresh(&self, all: &TestResult, max_age: Option<Duration>) -> bool {
        let facts = &self.basis.facts;
        let is_fresh =
            |report: &ReportIndex| facts.evidence.report(*report).whole && self.of_commit[report.0 as usize];
        all.reports.iter().all(is_fresh) && all.times.all(|time| facts.is_fresh_by_age(time, max_age))
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
            Some(Freshness::Stale(reason)) => (Verdict::Stale, reason, "run the tests again on the commit"),
            Some(Freshness::Unknown(reason)) => (Verdict::Unknown, reason, HOW_TO_TELL),
            _ => (Verdict::Unknown, "no result".to_owned(), RUN),
        };
        Reported { verdict, reason, flaky: false, next: Some(next), source: self.source_of(all) }
    }

    /// The case that decides: the first that did not pass, or else the first.
    fn source_of(&self, result: &TestResult) -> Option<Source> {
        let facts = &self.basis.facts;
        let case = |index: &&CaseIndex| facts.evidence.case(**index);
        let has_failed = result.counts.failed + result.counts.errored > 0;
        let failed = result.cases.iter().find(|index| has_failed && fails(case(index).outcome));
        let case = case(&failed.or(result.cases.first())?);
        Some(facts.source(self.basis.sources, case.report, case.span, case.time))
    }

    pub(super) fn tests_part(
        &self,
        share: Option<Share>,
        about: About<'_>,
        max_age: Option<Duration>,
    ) -> Part {
        let Some(share) = share else {
            return Part::nothing("the profile asks for no pass rate", "give the profile a `pass_rate`");
        };
        let mut count = Count { total: about.tests.len() + about.missing, ..Count::default() };
        for test in about.tests {
            count.add(self.basis.plan.entry(*test).id.value.to_string(), self.reported(*test, max_age));
        }
        count.judge(share, about.absent)
    }
}

fn fails(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Failed | Outcome::Errored)
}

/// What to do about tests that no report speaks of.
const RUN: &str = "run the tests, and name their report: `--evidence FILE`";

fn next(verdict: TestVerdict) -> Option<&'static str> {
    match verdict {
        TestVerdict::Passed | TestVerdict::Flaky => None,
        TestVerdict::Failed | TestVerdict::Errored => Some("mend what fails, and run it again"),
        TestVerdict::Contradicting => Some("keep the report of the run that counts, or run the tests again"),
        TestVerdict::OnlySkipped => Some("run what is skipped"),
        TestVerdict::OnlyCutOff => Some("produce the whole of the report anew"),
    }
}

fn word(result: &TestResult) -> (Verdict, String) {
    let verdict = match result.verdict {
        TestVerdict::Passed | TestVerdict::Flaky => Verdict::Pass,
        TestVerdict::Failed | TestVerdict::Errored => Verdict::Fail,
        TestVerdict::Contradicting | TestVerdict::OnlySkipped | TestVerdict::OnlyCutOff => Verdict::Unknown,
    };
    let counts = &result.counts;
    let cases = counts.passed + counts.failed + counts.errored + counts.skipped + counts.cut_off;
    let reason = match result.verdict {
        TestVerdict::Passed if cases == 1 => "passed".to_owned(),
        TestVerdict::Passed => format!("{} of {cases} cases passed", counts.passed),
        TestVerdict::Flaky => "passed only after it had failed".to_owned(),
        TestVerdict::Failed | TestVerdict::Errored if cases == 1 => "failed".to_owned(),
        TestVerdict::Failed | TestVerdict::Errored => {
            format!("{} of {cases} cases failed", counts.failed + counts.errored)
        }
        TestVerdict::Contradicting => "passed in one report and failed in another".to_owned(),
        TestVerdict::OnlySkipped => "skipped, which proves nothing".to_owned(),
        TestVerdict::OnlyCutOff => "its report could not be read to its end".to_owned(),
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
    next: Vec<&'static str>,
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
            Verdict::Fail => self.failed.push(id),
            Verdict::Stale => self.stale.push(format!("{id} ({})", reported.reason)),
            _ => self.useless.push(format!("{id} ({})", reported.reason)),
        }
        if let Some(next) = reported.next.filter(|next| !self.next.contains(next)) {
            self.next.push(next);
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

    fn judge(mut self, share: Share, absent: &[String]) -> Part {
        if self.total == 0 {
            let next = "link the tests that show it: `tests: TEST-001`";
            return Part::nothing("no test is linked, so no share of them can pass", next);
        }
        let (passed, total) = (self.passed as u64, self.total as u64);
        let could_pass = (self.total - self.failed.len()) as u64;
        self.sources.truncate(FEW);
        let mut words = format!("{passed} of {total} tests passed");
        if self.flaky > 0 {
            words += &format!(", {} of them only after failing", self.flaky);
        }
        let lists = [
            (&self.failed, "failed"),
            (&self.stale, "out of date"),
            (&self.useless, "without a usable result"),
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
            self.next.push(RUN);
        }
        let next = self.next.join("; ");
        let asked = match share.in_words().as_str() {
            "all" => String::new(),
            share => format!("; {share} asked for"),
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
