use super::calendar;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A milestone at the weekend or on a holiday.
    ///
    /// A freeze that begins on a Sunday is seen on Monday, and a candidate that is
    /// due on a holiday is built the day after. The message names the working days
    /// around it. With `adjust = "next"` or `"previous"` under `[calendar]`,
    /// milestones that are counted from a release move there themselves; days that
    /// are written out stay where they are.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-03-02
    /// milestones:
    ///   code_freeze: 2027-02-14
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-01-12
    /// milestones:
    ///   beta: 11 days before
    /// ```
    /// ```toml,bad
    /// [[calendar.holidays]]
    /// name = "New Year's Day"
    /// date = 2026-01-01
    /// yearly = true
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-01-12
    /// milestones:
    ///   beta: 11 days before
    /// ```
    /// ```toml,good
    /// [calendar]
    /// adjust = "next"
    ///
    /// [[calendar.holidays]]
    /// name = "New Year's Day"
    /// date = 2026-01-01
    /// yearly = true
    /// ```
    "RP0715", "milestone-on-day-off", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    calendar::each(subject, RULE.name, reports)
}
