use crate::finding::Report;
use crate::rules::{ERROR, Subject, link_rules};

declare_rule! {
    /// An EPIC that no TEST verifies.
    ///
    /// A work package is done when its tests pass. Without one, "complete" is
    /// an opinion. Deferred EPICs are left alone.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Search service
    /// state: Planned
    /// ```
    ///
    /// ```yaml,good
    /// - id: EPIC-01
    ///   title: Search service
    ///   state: Planned
    ///   tests: TEST-001
    /// - id: EPIC-02
    ///   title: Search in pictures
    ///   state: Deferred
    /// - id: TEST-001
    ///   title: A saved search finds what it found before
    /// ```
    "RP0410", "epic-without-test", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    link_rules::check_built_in(RULE.name, subject, reports)
}
