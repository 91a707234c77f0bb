use super::{Subject, WARNING, calendar};
use crate::finding::Report;

declare_rule! {
    /// A release on a holiday.
    ///
    /// Those who would notice a fault and could take the release back are not at
    /// work. Holidays stand in `[[calendar.holidays]]` or in an iCalendar file
    /// that `holidays_file` names. A hotfix cannot wait and is not looked at.
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
