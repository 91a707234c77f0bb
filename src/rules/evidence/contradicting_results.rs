use super::test_results::named;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A test that passed in one report and failed in another of the same commit.
    ///
    /// The reports contradict each other, so the test proves nothing: it is
    /// UNKNOWN, never PASS.
    ///
    /// ```yaml,bad
    /// id: TEST-001
    /// title: A user signs in
    /// ```
    /// ```xml,beside
    /// <testsuite>
    ///   <testcase classname="login" name="TEST-001"/>
    /// </testsuite>
    /// ```
    /// ```xml,beside
    /// <testsuite>
    ///   <testcase classname="login" name="TEST-001"><failure message="no session"/></testcase>
    /// </testsuite>
    /// ```
    ///
    /// ```yaml,good
    /// id: TEST-001
    /// title: A user signs in
    /// ```
    /// ```xml,beside
    /// <testsuite>
    ///   <testcase classname="login" name="TEST-001"><failure message="no session"/></testcase>
    /// </testsuite>
    /// ```
    "RP0603", "contradicting-results", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for (entry, result) in subject.matches().results() {
        let id = subject.plan.entry(entry).id.value;
        for found in &result.contradictions {
            let (passed, failed) = (subject.evidence.case(found.passed), subject.evidence.case(found.failed));
            let message = format!(
                "{id}: contradicting results for `{}`: passed in one report, failed in another",
                named(failed)
            );
            let report =
                Report::at(failed.span, message).saying("failed here").and(passed.span, "passed here");
            reports.push(report.help("keep only the report of the current run, or run the test again"));
        }
    }
    subject.evidence.cases.len()
}
