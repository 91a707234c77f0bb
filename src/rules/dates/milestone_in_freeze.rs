use super::calendar;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A milestone, or an entry of a family that a freeze names, within the freeze.
    ///
    /// During a freeze, people are away or changes are forbidden. Move the
    /// milestone, or end the freeze earlier.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-01-12
    /// milestones:
    ///   code_freeze: 2026-12-28
    /// ```
    /// ```toml,bad
    /// [[calendar.freezes]]
    /// name = "Turn of the year"
    /// from = 2026-12-24
    /// to = 2027-01-01
    /// reason = "The shops have their busiest days"
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-03-02
    /// milestones:
    ///   code_freeze: 2027-02-16
    /// ```
    /// ```toml,good
    /// [[calendar.freezes]]
    /// name = "Turn of the year"
    /// from = 2026-12-24
    /// to = 2027-01-01
    /// ```
    "RP0714", "milestone-in-freeze", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    calendar::each_freeze(subject, RULE.name, reports)
}
