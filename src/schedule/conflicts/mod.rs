//! Finds what gets in the way of what.

mod day_off;
mod environment;
mod freeze;
mod order;
mod phase;

use chrono::NaiveDate;

use super::conflict::{Conflict, Place};
use super::{Milestone, Planned, Schedule, Source};
use crate::config::Config;
use crate::model::Plan;
use crate::model::offset::Timing;
use day_off::days_off;
use environment::{Environments, shared_environments};
use freeze::{due_in_freezes, in_freezes};
use order::out_of_order;
use phase::too_short;

/// Every conflict of the releases that are still to come, by day.
pub(super) fn all<'p>(
    schedule: &Schedule<'p>,
    plan: &Plan<'_>,
    config: &'p Config,
    today: NaiveDate,
) -> Vec<Conflict<'p>> {
    let coming: Vec<&Planned<'p>> =
        schedule.releases.iter().filter(|planned| !planned.release.is_over()).collect();
    let environments = Environments::of(plan);
    let mut found = Vec::new();
    for planned in &coming {
        found.extend(in_freezes(planned, &environments, &config.calendar));
        found.extend(days_off(planned, schedule));
        found.extend(too_short(planned, &config.calendar));
        found.extend(out_of_order(planned, schedule, &config.calendar, today));
    }
    found.extend(due_in_freezes(plan, &config.calendar));
    found.extend(shared_environments(&coming, &environments));
    // The past cannot be moved; the order of gates and the date of a release still to come can be mended.
    found.retain(|conflict| conflict.day >= today || conflict.kind.rule() == "milestone-order");
    found.sort_by(|a, b| (a.day, a.id, a.kind.rule()).cmp(&(b.day, b.id, b.kind.rule())));
    found
}

/// Where a milestone is stated; one at its usual offset hangs on the date of the release.
fn place(planned: &Planned<'_>, milestone: &Milestone<'_>) -> Option<Place> {
    let text = format!("{}: {}", milestone.title(), milestone.day);
    let date = planned.release.date.map(|date| date.span);
    match milestone.source {
        Source::Release(span) => Some(Place::new(span, text)),
        Source::Config(_) | Source::Default => Some(Place::new(date?, format!("{text}, {}", milestone.when))),
    }
}

/// A milestone in words; where its day hangs on the date of the release, with that date.
fn described(planned: &Planned<'_>, milestone: &Milestone<'_>) -> String {
    let title = milestone.title();
    match (milestone.source, planned.release.date) {
        _ if milestone.is_production() => format!("the release on {}", milestone.day),
        (Source::Config(_) | Source::Default, Some(date)) => {
            let when = milestone.when.trim_end_matches(" release");
            format!("{title} ({when} {}: {})", date.value, milestone.day)
        }
        _ => title,
    }
}

/// The line of `relplan.toml` that an offset comes from, as one more place.
fn and_config(mut places: Vec<Place>, milestone: &Milestone<'_>) -> Vec<Place> {
    if let Source::Config(span) = milestone.source {
        places.push(Place::new(span, format!("{} is counted by this", milestone.title())));
    }
    places
}

/// Whether a milestone is stated as a day of the calendar.
fn is_day(when: &str) -> bool {
    matches!(Timing::parse(when), Ok(Timing::When(when)) if when.is_dated())
}
