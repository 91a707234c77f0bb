//! What falls on a day on which nobody works, or just before one.

use super::{and_config, described, is_day, place};
use crate::model::rel::RelType;
use crate::schedule::conflict::{Conflict, ConflictKind, Place};
use crate::schedule::working::DayOff;
use crate::schedule::{Milestone, Planned, Schedule};

/// Milestones on days off. Whatever hangs on the date of a release at the weekend is off with it, and
/// one report about the date says enough.
pub(super) fn days_off<'p>(planned: &Planned<'p>, schedule: &Schedule<'p>) -> Vec<Conflict<'p>> {
    let working = &schedule.working;
    let date = planned.release.date.map(|date| date.value);
    let weekend = date.is_some_and(|date| matches!(working.day_off(date), Some(DayOff::Weekend(_))));
    let mut found = Vec::new();
    for milestone in &planned.milestones {
        if milestone.is_production() {
            found.extend(release_day(planned, milestone, schedule));
            continue;
        }
        let Some(off) = working.day_off(milestone.day) else { continue };
        if weekend && !is_day(&milestone.when) && matches!(off, DayOff::Weekend(_)) {
            continue;
        }
        let (previous, next) = (working.previous(milestone.day), working.next(milestone.day));
        let kind = ConflictKind::DayOff { milestone: described(planned, milestone), off, previous, next };
        found.extend(on_day_off(planned, milestone, off, kind));
    }
    found
}

fn on_day_off<'p>(
    planned: &Planned<'p>,
    milestone: &Milestone<'p>,
    off: DayOff<'p>,
    kind: ConflictKind<'p>,
) -> Option<Conflict<'p>> {
    let mut places = vec![place(planned, milestone)?];
    if let DayOff::Holiday(holiday) = off {
        places.push(Place::new(holiday.span, "the holiday"));
    }
    let places = and_config(places, milestone);
    Some(Conflict { id: planned.entry.id.value, day: milestone.day, kind, places })
}

/// The release itself on a holiday, or before a day off. A hotfix cannot wait, and the weekend is
/// `release-on-weekend`'s.
fn release_day<'p>(
    planned: &Planned<'p>,
    milestone: &Milestone<'p>,
    schedule: &Schedule<'p>,
) -> Option<Conflict<'p>> {
    let working = &schedule.working;
    if planned.release.rel_type() == Some(RelType::Hotfix) {
        return None;
    }
    let (off, kind) = match working.day_off(milestone.day) {
        Some(DayOff::Weekend(_)) => return None,
        Some(off) => (off, ConflictKind::ReleaseOnHoliday { off, next: working.next(milestone.day) }),
        None => {
            let off = working.day_off(milestone.day.succ_opt()?)?;
            (off, ConflictKind::BeforeDayOff { off, next: working.next(milestone.day) })
        }
    };
    on_day_off(planned, milestone, off, kind)
}
