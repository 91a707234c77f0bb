//! What the rules have in common that report conflicts of the calendar.

use crate::finding::{FindingSubject, Report};
use crate::rules::Subject;
use crate::schedule::{Conflict, Schedule};
use crate::source::Span;

/// The plan on the calendar, and what gets in the way of what there.
pub(in crate::rules) struct Calendar<'a> {
    /// Where the milestones of the releases fall.
    pub schedule: Schedule<'a>,
    conflicts: Vec<Conflict<'a>>,
}

impl<'a> Subject<'a> {
    /// The plan on the calendar. Nine rules ask for it, and the first of them makes it for all.
    pub(in crate::rules) fn calendar(&self) -> &Calendar<'a> {
        self.calendar.get_or_init(|| {
            let schedule = Schedule::new(self.plan, self.config);
            let conflicts = schedule.conflicts(self.plan, self.config, self.today);
            Calendar { schedule, conflicts }
        })
    }
}

/// Reports every conflict that belongs to a rule; what was looked at are the releases.
pub(in crate::rules) fn each(subject: &Subject<'_>, rule: &str, reports: &mut Vec<Report>) -> usize {
    let Calendar { schedule, conflicts } = subject.calendar();
    reports.extend(conflicts.iter().filter(|conflict| conflict.kind.rule() == rule).filter_map(report));
    schedule.releases.len()
}

/// The same for rules about freezes, which have nothing to look at where there is none.
pub(in crate::rules) fn each_freeze(subject: &Subject<'_>, rule: &str, reports: &mut Vec<Report>) -> usize {
    let looked_at = each(subject, rule, reports);
    if subject.config.calendar.freezes.is_empty() { 0 } else { looked_at }
}

/// How many further places are shown.
const SHOWN: usize = 8;

fn report(conflict: &Conflict<'_>) -> Option<Report> {
    let (first, others) = conflict.places.split_first()?;
    let report = Report::at(first.span, format!("{}: {conflict}", conflict.id)).saying(&*first.text);
    let (shown, hidden) = others.split_at(others.len().min(SHOWN));
    let report = shown.iter().fold(report, |report, place| report.and(place.span, &*place.text));
    let hidden: Vec<Span> = hidden.iter().map(|place| place.span).collect();
    Some(report.help(conflict.kind.help()).about(FindingSubject::Also(hidden)))
}
