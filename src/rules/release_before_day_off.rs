use super::{NOTE, Subject, calendar};
use crate::finding::Report;

declare_rule! {
    /// A release on a Friday, or on the day before a holiday.
    ///
    /// What goes wrong in the first night is found by the users, and nobody is at
    /// work to take it back. A hotfix cannot wait and is not looked at.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.1"
    /// date: 2027-03-05
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.1"
    /// date: 2027-03-02
    /// ```
    "RP0717", "release-before-day-off", NOTE, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    calendar::each(subject, RULE.name, reports)
}
