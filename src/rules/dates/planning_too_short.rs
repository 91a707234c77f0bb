use super::calendar;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A release that is planned in less time than its type demands.
    ///
    /// From the day on which a release is entered (`created`) to feature complete
    /// a major release takes at least six weeks, a minor one three weeks, and a
    /// patch one week (without feature complete, to the release). `[calendar.minimum.TYPE]`
    /// states another time. A release that does not say when it was entered is not
    /// looked at.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// created: 2027-01-04
    /// date: 2027-03-02
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// created: 2027-01-04
    /// date: 2027-04-06
    /// ```
    "RP0716", "planning-too-short", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    calendar::each(subject, RULE.name, reports)
}
