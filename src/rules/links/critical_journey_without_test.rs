use crate::finding::Report;
use crate::rules::{Subject, WARNING, link_rules};

declare_rule! {
    /// A critical user journey that no TEST covers.
    ///
    /// `criticality` of a UJ entry rates its importance. What every user does first is
    /// tested before each release.
    ///
    /// ```yaml,bad
    /// id: UJ-001
    /// title: Sign in
    /// criticality: Critical
    /// ```
    ///
    /// ```yaml,good
    /// - id: UJ-001
    ///   title: Sign in
    ///   criticality: Critical
    ///   verified_by: TEST-001
    /// - id: TEST-001
    ///   title: Sign-in works
    /// - id: DEP-301
    ///   title: Sign-in works in production
    ///   type: Validation
    ///   linked_ids: UJ-001
    /// ```
    "RP0331", "critical-journey-without-test", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    link_rules::check_built_in(RULE.name, subject, reports)
}
