use super::calendar;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A release on a day on which a freeze begins or ends.
    ///
    /// A freeze may begin or end at a time of the day. The release has to keep
    /// to the other part of that day, and a plan of days cannot say so.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-04-05
    /// ```
    /// ```toml,bad
    /// [[calendar.freezes]]
    /// name = "Cut-over"
    /// from = 2027-04-02T18:00:00
    /// to = 2027-04-05T06:00:00
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-04-06
    /// ```
    /// ```toml,good
    /// [[calendar.freezes]]
    /// name = "Cut-over"
    /// from = 2027-04-02T18:00:00
    /// to = 2027-04-05T06:00:00
    /// ```
    "RP0722", "release-on-day-of-freeze", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    calendar::each_freeze(subject, RULE.name, reports)
}
