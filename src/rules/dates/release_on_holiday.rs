use super::calendar;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A release on a holiday.
    ///
    /// The people who would notice a fault and could roll back are off work. List
    /// holidays in `[[calendar.holidays]]`, or in an iCalendar file under
    /// `holidays_file`. A hotfix cannot wait and is not checked.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.1"
    /// date: 2027-05-06
    /// ```
    /// ```toml,bad
    /// [[calendar.holidays]]
    /// name = "Ascension Day"
    /// date = 2027-05-06
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.1"
    /// date: 2027-05-04
    /// ```
    /// ```toml,good
    /// [[calendar.holidays]]
    /// name = "Ascension Day"
    /// date = 2027-05-06
    /// ```
    "RP0719", "release-on-holiday", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    calendar::each(subject, RULE.name, reports)
}
