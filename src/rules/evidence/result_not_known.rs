use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A test result that is not known to be a pass.
    ///
    /// Test runners have many words for a test that did not pass: aborted, timeout,
    /// blocked, inconclusive. Only words that are known to mean a pass count as
    /// one; with any other word the test is UNKNOWN.
    ///
    /// ```xml,bad
    /// <testsuite tests="1">
    ///   <testcase classname="login" name="a user signs in" status="aborted"/>
    /// </testsuite>
    /// ```
    ///
    /// ```xml,bad
    /// <testsuite tests="1">
    ///   <testcase classname="login" name="a user signs in"><timeout/></testcase>
    /// </testsuite>
    /// ```
    ///
    /// ```xml,good
    /// <testsuite tests="1">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    "RP0629", "result-not-known", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let (message, help) = match kind {
            EvidenceDefectKind::ResultNotKnown { written } => (
                format!("unknown result `{written}`"),
                "let the test runner report passed, failed, error or skipped",
            ),
            EvidenceDefectKind::PassContradicted { by } => (
                format!("the test is reported as passed, but has {by}"),
                "run the test again, or fix what writes the report",
            ),
            _ => return None,
        };
        Some(Report::at(span, message).help(help))
    })
}
