use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::finding::Report;
use crate::model::rel::RelType;
use crate::rules::{Subject, WARNING};
use crate::source::edit::Edit;

declare_rule! {
    /// A release on a Saturday or a Sunday.
    ///
    /// Those who would notice a fault and could take the release back are not at
    /// work. Where a quiet weekend is the maintenance window on purpose, allow
    /// it with that reason, or name the days under `working_days` of `[calendar]`.
    /// A hotfix cannot wait and is not looked at.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-02-27
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-03-01
    /// ```
    "RP0704", "release-on-weekend", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for (entry, release) in subject.plan.releases() {
        let Some(date) = release.date.filter(|_| !release.is_over()) else { continue };
        if subject.config.calendar.working_days.contains(date.value.weekday()) {
            continue;
        }
        let Some((day, monday)) = weekend(date.value) else { continue };
        if release.rel_type() != Some(RelType::Hotfix) {
            let message = format!("{}: {} is a {day}", entry.id.value, date.value);
            reports.push(
                Report::at(date.span, message)
                    .help("choose a working day that is followed by another working day")
                    .suggested_fix(
                        format!("move it to Monday, {monday}"),
                        vec![Edit::replace(date.span, monday.to_string())],
                    ),
            );
        }
    }
    subject.plan.releases().count()
}

/// The name of a day at the weekend, and the Monday after it.
fn weekend(date: NaiveDate) -> Option<(&'static str, NaiveDate)> {
    let (day, left) = match date.weekday() {
        Weekday::Sat => ("Saturday", 2),
        Weekday::Sun => ("Sunday", 1),
        _ => return None,
    };
    Some((day, date.checked_add_days(Days::new(left))?))
}
