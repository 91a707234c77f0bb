use super::calendar;
use crate::finding::Report;
use crate::rules::{NOTE, Subject};

declare_rule! {
    /// A release on a Friday, or on the day before a holiday.
    ///
    /// Users find the faults of the first night, and the people who could roll back
    /// are off work. A hotfix cannot wait and is not checked.
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
