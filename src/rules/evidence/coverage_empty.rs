use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A coverage report that names no line of any source file.
    ///
    /// The tests ran without the tool that measures, or it looked at the wrong
    /// folder. Of nothing there is no share: that is not 0 %, and not 100 %.
    ///
    /// ```lcov,bad
    /// TN:
    /// ```
    ///
    /// ```xml,bad
    /// <coverage line-rate="1"><packages/></coverage>
    /// ```
    ///
    /// ```lcov,good
    /// TN:
    /// SF:src/login.rs
    /// DA:1,1
    /// end_of_record
    /// ```
    "RP0626", "coverage-empty", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        if *kind != EvidenceDefectKind::NoCoverage {
            return None;
        }
        let name = subject.sources.file(span.file).name();
        let message = format!("empty coverage report `{name}`: no source lines");
        Some(Report::at(span, message).help("check that the tests ran with coverage, and for which sources"))
    })
}
