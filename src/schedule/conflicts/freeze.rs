//! What lies in a freeze.

use super::environment::Environments;
use super::{and_config, described, place};
use crate::config::calendar::{CalendarSettings, Freeze};
use crate::model::{Plan, same_folded};
use crate::schedule::conflict::{Conflict, ConflictKind, Place};
use crate::schedule::{Milestone, Planned};
use crate::source::Spanned;

pub(super) fn in_freezes<'p>(
    planned: &Planned<'p>,
    environments: &Environments<'_>,
    settings: &'p CalendarSettings,
) -> Vec<Conflict<'p>> {
    let mut found = Vec::new();
    for freeze in &settings.freezes {
        let limited = !freeze.environments.is_empty();
        let concerned = !limited || deploys_to(planned, environments, &freeze.environments);
        for milestone in planned.milestones.iter().filter(|_| concerned) {
            // Only what goes out reaches an environment.
            if freeze.covers(milestone.day) && (milestone.is_production() || !limited) {
                found.extend(in_freeze(planned, milestone, freeze));
            } else if freeze.touches(milestone.day) && milestone.is_production() {
                found.extend(beside_freeze(planned, milestone, freeze));
            }
        }
    }
    found
}

fn in_freeze<'p>(
    planned: &Planned<'p>,
    milestone: &Milestone<'p>,
    freeze: &'p Freeze,
) -> Option<Conflict<'p>> {
    let kind = match milestone.is_production() {
        true => ConflictKind::ReleaseInFreeze(freeze),
        false => ConflictKind::MilestoneInFreeze { milestone: described(planned, milestone), freeze },
    };
    let places = vec![place(planned, milestone)?, Place::new(freeze.span, "the freeze")];
    let places = and_config(places, milestone);
    Some(Conflict { id: planned.entry.id.value, day: milestone.day, kind, places })
}

/// A release on a day on which a freeze begins or ends.
fn beside_freeze<'p>(
    planned: &Planned<'p>,
    milestone: &Milestone<'p>,
    freeze: &'p Freeze,
) -> Option<Conflict<'p>> {
    let places = vec![place(planned, milestone)?, Place::new(freeze.span, "the freeze")];
    let kind = ConflictKind::PartOfDayFrozen(freeze);
    Some(Conflict { id: planned.entry.id.value, day: milestone.day, kind, places })
}

/// Whether a release is deployed to one of the environments; what is not described may be.
fn deploys_to(planned: &Planned<'_>, environments: &Environments<'_>, names: &[Spanned<String>]) -> bool {
    let mut own = environments.of_release(planned.index).peekable();
    own.peek().is_none()
        || own.any(|(entry, name)| {
            let id = entry.id.value.to_string();
            names.iter().any(|wanted| same_folded(&wanted.value, name) || same_folded(&wanted.value, &id))
        })
}

pub(super) fn due_in_freezes<'p>(plan: &Plan<'_>, settings: &'p CalendarSettings) -> Vec<Conflict<'p>> {
    let mut found = Vec::new();
    for freeze in &settings.freezes {
        for index in freeze.families.iter().flat_map(|family| plan.family(family.value)) {
            let entry = plan.entry(*index);
            let Some(due) = entry.due().filter(|due| freeze.covers(due.value)) else {
                continue;
            };
            let places = vec![Place::new(due.span, "due here"), Place::new(freeze.span, "the freeze")];
            let (id, kind) = (entry.id.value, ConflictKind::DueInFreeze(freeze));
            found.push(Conflict { id, day: due.value, kind, places });
        }
    }
    found
}
