use super::calendar;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// Releases that are rolled out to one environment on the same days.
    ///
    /// When a failure occurs there, its cause is unclear, and a rollback of one
    /// release takes the others with it. A rollout lasts as long as its phases;
    /// without any it is the day of the release.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   rollout:
    ///     - {name: Canary, traffic: 5%, duration: 2 days}
    ///     - {name: Everybody, traffic: 100%, duration: 2 days}
    /// - id: REL-002
    ///   version: "2.4.1"
    ///   date: 2027-03-03
    /// - id: DEP-001
    ///   type: Environment
    ///   name: production
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   rollout:
    ///     - {name: Canary, traffic: 5%, duration: 1 day}
    ///     - {name: Everybody, traffic: 100%, duration: 1 day}
    /// - id: REL-002
    ///   version: "2.4.1"
    ///   date: 2027-03-03
    /// - id: DEP-001
    ///   type: Environment
    ///   name: production
    /// ```
    "RP0720", "shared-environment", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    calendar::each(subject, RULE.name, reports)
}
