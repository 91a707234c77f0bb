//! Milestones that come in another order than their gates.

use chrono::NaiveDate;

use super::is_day;
use crate::config::calendar::CalendarSettings;
use crate::schedule::conflict::{Conflict, ConflictKind, Place};
use crate::schedule::{Milestone, Planned, Schedule, Source, placed};
use crate::source::Span;

/// Milestones that come in another order than their gates. Those at their usual offsets are not
/// compared: nobody stated them.
pub(super) fn out_of_order<'p>(
    planned: &Planned<'p>,
    schedule: &Schedule<'p>,
    settings: &'p CalendarSettings,
    today: NaiveDate,
) -> Vec<Conflict<'p>> {
    let without_date;
    let milestones = match planned.release.date {
        Some(_) => &planned.milestones,
        // Offsets compare with each other from any day, but not with days of the calendar.
        None if planned.release.milestones.iter().any(|stated| is_day(&stated.when.value)) => {
            &planned.milestones
        }
        None => {
            without_date = placed(planned.release, settings, &schedule.working, Some(today));
            &without_date
        }
    };
    let mut gates: Vec<(usize, &Milestone<'p>, Span)> = milestones
        .iter()
        .filter_map(|milestone| match milestone.source {
            Source::Release(span) | Source::Config(span) => Some((milestone.gate()?, milestone, span)),
            Source::Usual => None,
        })
        .collect();
    gates.sort_by_key(|(gate, ..)| *gate);
    let pairs = gates.windows(2).filter_map(|pair| order(planned, &pair[0], &pair[1]));
    pairs.collect()
}

type Gate<'g, 'p> = (usize, &'g Milestone<'p>, Span);

fn order<'p>(planned: &Planned<'p>, first: &Gate<'_, 'p>, second: &Gate<'_, 'p>) -> Option<Conflict<'p>> {
    let ((_, before, before_span), (_, after, after_span)) = (first, second);
    // What `relplan.toml` states for every release is wrong once, there.
    let (first, second) = (before.title(), after.title());
    let one_day = before.day == after.day && (&*before.name, &*after.name) == ("code_freeze", "beta");
    let kind = match before.day.cmp(&after.day) {
        std::cmp::Ordering::Greater => ConflictKind::OutOfOrder { first, second },
        _ if one_day => ConflictKind::SameDay { first, second },
        _ => return None,
    };
    let text = |milestone: &Milestone<'_>| format!("{}: {}", milestone.title(), milestone.day);
    let places = vec![Place::new(*after_span, text(after)), Place::new(*before_span, text(before))];
    Some(Conflict { id: planned.entry.id.value, day: after.day, kind, places })
}
