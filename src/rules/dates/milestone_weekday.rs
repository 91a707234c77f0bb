use chrono::Datelike;

use crate::finding::Report;
use crate::model::cadence::full_name;
use crate::model::day::{nearest_weekday, weekday};
use crate::model::{Entry, Text};
use crate::rules::{Subject, WARNING};
use crate::schedule::{Milestone, Planned, wrong_weeks};

declare_rule! {
    /// A milestone on another weekday or in another week than is published for it.
    ///
    /// Schedules name the weekday or the week beside the date, and readers plan by
    /// either. `weekday` and `week` of a milestone are checks: a weekday; a week of the
    /// cycle (`4`), counted from week 1; a week before the release (`R-5`); or a week of
    /// the year (`2027-W08`, ISO 8601). Weeks begin on Monday. Of the weeks of a
    /// cycle, those that most milestones agree on are taken for right.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-03
    /// milestones:
    ///   docs freeze: {date: 2027-02-16, weekday: Wednesday}
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-03
    /// milestones:
    ///   cycle start: {date: 2027-01-11, week: 1}
    ///   enhancements freeze: {date: 2027-01-21, week: 2}
    ///   docs freeze: {date: 2027-02-16, week: 5}
    ///   code_freeze: {date: 2027-02-18, week: R-3}
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-03
    /// milestones:
    ///   cycle start: {date: 2027-01-11, week: 1}
    ///   enhancements freeze: {date: 2027-01-21, week: 2, weekday: Thursday}
    ///   docs freeze: {date: 2027-02-16, week: 6, weekday: Tuesday}
    ///   code_freeze: {date: 2027-02-18, week: R-2}
    /// ```
    "RP0728", "milestone-weekday", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for planned in &subject.calendar().schedule.releases {
        let records = planned.milestones.iter().filter_map(Milestone::record);
        looked_at += records.filter(|record| record.weekday.is_some() || record.week.is_some()).count();
        reports
            .extend(planned.milestones.iter().filter_map(|milestone| on_other_day(planned.entry, milestone)));
        reports.extend(in_other_weeks(planned));
    }
    looked_at
}

fn on_other_day(entry: &Entry<'_>, milestone: &Milestone<'_>) -> Option<Report> {
    let text = milestone.record()?.weekday.as_ref()?;
    let (stated, found) = (weekday(text.value.trim())?, milestone.day.weekday());
    let (id, title, day) = (entry.id.value, milestone.title(), milestone.day);
    let message =
        format!("{id}: {title} is on a {}, and its weekday is {}", full_name(found), full_name(stated));
    let near = nearest_weekday(day, stated);
    let report = at(text, milestone, message).help(format!(
        "correct one of the two: {day} is a {}, {near} is a {}",
        full_name(found),
        full_name(stated)
    ));
    (stated != found).then_some(report)
}

fn in_other_weeks(planned: &Planned<'_>) -> Vec<Report> {
    let wrong = wrong_weeks(planned).into_iter().filter_map(|wrong| {
        let text = wrong.milestone.record()?.week.as_ref()?;
        let (id, title, day) = (planned.entry.id.value, wrong.milestone.title(), wrong.milestone.day);
        let message =
            format!("{id}: {title} on {day} is in {}, and its week is {}", wrong.found, text.value.trim());
        Some(at(text, wrong.milestone, message).help(match wrong.days {
            Some((from, to)) => format!("correct one of the two: that week is from {from} to {to}"),
            None => "correct one of the two".to_owned(),
        }))
    });
    wrong.collect()
}

/// A report at what is published, with the place of the date.
fn at(text: &Text<'_>, milestone: &Milestone<'_>, message: String) -> Report {
    let report = Report::at(text.span, message);
    match milestone.stated.and_then(|stated| stated.when.as_ref()) {
        Some(when) => report.and(when.span, format!("its date is {}", milestone.day)),
        None => report,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(milestones: &str, expect: &[&str]) {
        let yaml = format!("{{id: REL-1, version: 3.0.0, date: 2027-03-03, milestones: {{{milestones}}}}}");
        assert_eq!(messages("milestone-weekday", &yaml, ""), expect, "{milestones}");
    }

    #[test]
    fn weekdays_and_weeks_are_held() {
        check("docs: {date: 2027-02-16, weekday: Tue, week: R-2}", &[]);
        check("docs: {date: R-2 Tuesday, weekday: Tuesday, week: 2027-W07}", &[]);
        check("code_freeze: {weekday: Wednesday, week: R-2}", &[]);
        check(
            "docs: {date: 2027-02-16, week: 2026-W07}",
            &["REL-1: docs on 2027-02-16 is in 2027-W07, and its week is 2026-W07"],
        );
        check(
            "docs: {date: 2027-02-16, weekday: Monday}",
            &["REL-1: docs is on a Tuesday, and its weekday is Monday"],
        );
        check("docs: {date: none, weekday: Monday, week: 3}", &[]);
        // Two against one.
        check(
            "a: {date: 2027-01-11, week: 2}, b: {date: 2027-01-18, week: 2}, c: {date: 2027-01-25, week: 3}",
            &["REL-1: a on 2027-01-11 is in week 1, and its week is 2"],
        );
    }
}
