use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A test suite that failed as a whole.
    ///
    /// It says that something went wrong outside of its test cases: it could not
    /// be prepared, or it was stopped. Test cases may be missing, so what passed
    /// in it is UNKNOWN.
    ///
    /// ```xml,bad
    /// <testsuite name="login" tests="1">
    ///   <error message="the database did not start"/>
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    ///
    /// ```xml,good
    /// <testsuite tests="1">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    "RP0630", "test-run-failed", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::RunFailed { name } = kind else { return None };
        let name =
            if name.is_empty() { "this test suite".to_owned() } else { format!("test suite `{name}`") };
        let message = format!("{name} failed as a whole: its passed tests do not count");
        Some(Report::at(span, message).help("fix the failure, then run it again"))
    })
}
