use crate::finding::Report;
use crate::rules::{Subject, WARNING, link_rules};

declare_rule! {
    /// An API contract that no TEST checks.
    ///
    /// Others build on what it promises, so a break is found by them. In a plan
    /// that has tests, each API is named by one of them, or names it.
    ///
    /// ```yaml,bad
    /// - id: API-001
    ///   title: POST /orders
    ///   verified_by: TEST-001
    /// - id: API-002
    ///   title: GET /orders
    /// - id: TEST-001
    ///   title: An order is accepted once
    /// ```
    ///
    /// ```yaml,good
    /// - id: API-001
    ///   title: POST /orders
    ///   verified_by: TEST-001
    /// - id: API-002
    ///   title: GET /orders
    /// - id: TEST-001
    ///   title: An order is accepted once and can be read again
    ///   linked_ids: API-002
    /// ```
    "RP0314", "api-without-test", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    link_rules::check_built_in(RULE.name, subject, reports)
}
