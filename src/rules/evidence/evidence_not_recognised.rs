use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// An evidence file in no supported format.
    ///
    /// Its content does not count, so a gate that requires it stays UNKNOWN. JUnit
    /// XML, TRX, NUnit XML, xUnit.net XML, CTRF, `go test -json`, TAP, LCOV,
    /// Cobertura XML, SARIF 2.1.0, and metrics as JSON or CSV are recognised by
    /// their content, whatever their names.
    ///
    /// ```xml,bad
    /// <robot generator="Robot 7.5"/>
    /// ```
    ///
    /// ```xml,good
    /// <testsuite tests="1">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    "RP0620", "evidence-not-recognised", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::NotRecognised { hint } = kind else { return None };
        let name = subject.sources.file(span.file).name();
        let message = format!("`{name}` is not in a known evidence format");
        Some(Report::at(span, message).help(hint.unwrap_or(
            "list reports only: JUnit XML, TRX, NUnit, xUnit.net, CTRF, go test -json, TAP, LCOV, Cobertura XML, \
             SARIF 2.1.0, metrics as JSON or CSV",
        )))
    })
}
