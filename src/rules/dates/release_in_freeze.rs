use super::calendar;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A release in a freeze.
    ///
    /// The plan says in one place that nothing goes out on this day and in
    /// another that something does. A freeze that names environments holds for
    /// releases that are deployed to one of them. Of a freeze that begins or ends
    /// in the course of a day, that day is another rule's.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2026-12-29
    /// ```
    /// ```toml,bad
    /// [[calendar.freezes]]
    /// name = "Turn of the year"
    /// from = 2026-12-24
    /// to = 2027-01-01
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   version: "2.4.0"
    ///   date: 2026-12-29
    /// - id: DEP-001
    ///   type: Environment
    ///   name: production
    /// ```
    /// ```toml,good
    /// [[calendar.freezes]]
    /// name = "Rebuild of staging"
    /// from = 2026-12-24
    /// to = 2027-01-01
    /// environments = ["staging"]
    /// ```
    "RP0718", "release-in-freeze", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    calendar::each_freeze(subject, RULE.name, reports)
}
