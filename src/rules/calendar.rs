//! What the rules have in common that report conflicts of the calendar.

use super::Subject;
use crate::finding::Report;
use crate::schedule::{Conflict, Schedule};

/// Reports every conflict that belongs to a rule; what was looked at are the releases.
pub(super) fn each(subject: &Subject<'_>, rule: &str, reports: &mut Vec<Report>) -> usize {
    let schedule = Schedule::new(subject.plan, subject.config);
    let conflicts = schedule.conflicts(subject.plan, subject.config, subject.today);
    reports.extend(conflicts.iter().filter(|conflict| conflict.kind.rule() == rule).filter_map(report));
    schedule.releases.len()
}

/// The same for rules about freezes, which have nothing to look at where there is none.
pub(super) fn each_freeze(subject: &Subject<'_>, rule: &str, reports: &mut Vec<Report>) -> usize {
    let looked_at = each(subject, rule, reports);
    if subject.config.calendar.freezes.is_empty() { 0 } else { looked_at }
}

fn report(conflict: &Conflict<'_>) -> Option<Report> {
    let (first, others) = conflict.places.split_first()?;
    let report = Report::at(first.span, format!("{}: {conflict}", conflict.id)).saying(&*first.text);
    let report = others.iter().fold(report, |report, place| report.and(place.span, &*place.text));
    Some(report.help(conflict.kind.help()))
}
