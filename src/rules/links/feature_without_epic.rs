use crate::finding::Report;
use crate::rules::{Subject, WARNING, link_rules};

declare_rule! {
    /// A feature that no EPIC builds.
    ///
    /// In a plan that plans its work in EPICs, a feature without one is
    /// promised and not scheduled. Features that say that they are deferred,
    /// cancelled, rejected, dropped, an idea or in the backlog are left alone.
    ///
    /// ```yaml,bad
    /// - id: FEA-001
    ///   title: Saved searches
    /// - id: FEA-002
    ///   title: Shared searches
    /// - id: EPIC-01
    ///   title: Search service
    ///   implements: FEA-001
    ///   tests: TEST-001
    /// - id: TEST-001
    ///   title: A saved search finds what it found before
    /// ```
    ///
    /// ```yaml,good
    /// - id: FEA-001
    ///   title: Saved searches
    /// - id: FEA-002
    ///   title: Shared searches
    ///   status: backlog
    /// - id: EPIC-01
    ///   title: Search service
    ///   implements: FEA-001
    ///   tests: TEST-001
    /// - id: TEST-001
    ///   title: A saved search finds what it found before
    /// ```
    "RP0313", "feature-without-epic", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    link_rules::check_built_in(RULE.name, subject, reports)
}
