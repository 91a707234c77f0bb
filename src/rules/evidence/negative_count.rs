use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A coverage report with a negative count.
    ///
    /// A line cannot be executed less than zero times. Counters that are not
    /// atomic overflow in programs with several threads. The line counts as not
    /// covered.
    ///
    /// ```lcov,bad
    /// SF:src/login.rs
    /// DA:1,-3
    /// DA:2,1
    /// end_of_record
    /// ```
    ///
    /// ```lcov,good
    /// SF:src/login.rs
    /// DA:1,3
    /// DA:2,1
    /// end_of_record
    /// ```
    "RP0631", "negative-count", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::NegativeCount = kind else { return None };
        let message = "negative execution count, read as 0";
        Some(Report::at(span, message).help("build with atomic counters: `-fprofile-update=atomic`"))
    })
}
