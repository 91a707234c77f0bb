use super::{ERROR, Subject, words};
use crate::finding::Report;
use crate::model::offset::{Timing, WhenError};
use crate::model::rel::Rel;
use crate::model::{Entry, Text, same_folded};
use crate::schedule;

declare_rule! {
    /// A milestone without a clear date.
    ///
    /// A milestone without a date is on no calendar. Write a date, an offset such
    /// as `3 weeks before` or `2 days after code freeze`, a week such as `R-2
    /// Thursday`, `release date`, or `none`. The same applies to the `due` of an
    /// approval.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   code_freeze: mid February
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   code_freeze: 2027-15-02
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   sign off: 2 days after the big meeting
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// approvals:
    ///   - {role: QA Lead, due: code freeze}
    /// milestones:
    ///   feature_complete: 3 weeks before
    ///   sign off: 2 days after code freeze
    ///   code_freeze: 2027-02-15
    ///   production: release date
    /// ```
    "RP0707", "invalid-milestone", ERROR, since "0.1.0", formerly "milestone-not-understood"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        let approvals = release.approvals.iter().filter_map(|approval| approval.due.as_ref());
        let milestones = release.milestones.iter().map(|milestone| (&*milestone.name.value, &milestone.when));
        let due = approvals.filter(|due| !schedule::names_milestone(release, subject.config, &due.value));
        for (name, when) in milestones.chain(due.map(|due| ("due", due))) {
            looked_at += 1;
            if let Err(error) = Timing::parse(&when.value) {
                reports.push(report(entry, name, when, error));
            }
        }
        reports.extend(adrift(subject, entry, release));
    }
    words::keep_first_of_each_place(reports);
    looked_at
}

/// Milestones that are counted from one that is never placed, be it themselves.
fn adrift(subject: &Subject<'_>, entry: &Entry<'_>, release: &Rel<'_>) -> Vec<Report> {
    let unplaced = schedule::unplaced(release, &subject.config.calendar, subject.today);
    let reports = unplaced.into_iter().filter_map(|(name, when, span)| {
        let Ok(Timing::Milestone(_, anchor)) = Timing::parse(&when) else { return None };
        let id = entry.id.value;
        let message = match same_folded(&name, anchor) {
            true => format!("{id}: milestone `{name}` is relative to itself"),
            false => {
                format!(
                    "{id}: milestone `{name}` is relative to `{}`, which has no date",
                    words::short(anchor)
                )
            }
        };
        Some(Report::at(span, message).help("make it relative to the release, or to a milestone with a date"))
    });
    reports.collect()
}

fn report(entry: &Entry<'_>, name: &str, when: &Text<'_>, error: WhenError) -> Report {
    let (id, text) = (entry.id.value, words::short(&when.value));
    match error {
        WhenError::NotUnderstood => {
            let message = format!("{id}: milestone `{name}` has an invalid date `{text}`");
            Report::at(when.span, message).help(
                "write a day (`2027-02-15`), days (`2027-02-15 to 2027-02-16`), an offset (`2 weeks before`, \
                 `R-2 Thursday`, `week of R-2`) or `release date`",
            )
        }
        WhenError::WrongWeekday { day, stated } => {
            words::wrong_weekday(when.span, &format!("{id}: `{name}`"), day, stated)
        }
        WhenError::Reversed => {
            let message = format!("{id}: `{name}` is at `{text}`, which ends before it begins");
            Report::at(when.span, message).help("write the first day first: `2027-06-18 to 2027-06-19`")
        }
        WhenError::ImpossibleDate { swapped } => {
            let message = format!("{id}: milestone `{name}` is on `{text}`, which does not exist");
            words::with_swapped_date(Report::at(when.span, message), swapped, when)
        }
    }
}
