//! Phases that are too short.

use super::{described, place};
use crate::config::calendar::CalendarSettings;
use crate::model::duration::Duration;
use crate::schedule::conflict::{Conflict, ConflictKind, Phase, Place};
use crate::schedule::{DAY, Planned, least};

/// Planning and testing that are shorter than the release type demands.
pub(super) fn too_short<'p>(planned: &Planned<'p>, settings: &CalendarSettings) -> Vec<Conflict<'p>> {
    let Some(rel_type) = planned.release.rel_type() else { return Vec::new() };
    let least = least(settings, rel_type);
    let entered = planned.entry.uncommon.as_ref().and_then(|uncommon| uncommon.created);
    let complete = planned.milestone("feature_complete");
    let out = planned.milestone("production");
    let begun = entered.map(|entered| (entered.value, Some(Place::new(entered.span, "entered here"))));
    // What has no feature complete is tested from its first milestone before the release on.
    let ready = complete.or_else(|| planned.milestones.iter().find(|one| one.gate().is_some()));
    let ready = ready.filter(|ready| !ready.is_production());
    let tested = ready.map(|ready| (ready.day, place(planned, ready)));
    let phases = [
        (Phase::Planning, begun, complete.or(out), least.planning),
        (Phase::Testing, tested, out, least.testing),
    ];
    let mut found = Vec::new();
    for (phase, from, to, wanted) in phases {
        let (Some((from, begun)), Some(to), Some(wanted)) = (from, to, wanted) else { continue };
        let days = to.day.signed_duration_since(from).num_days();
        let (wanted, span) = wanted;
        if days >= 0 && !reaches(days, wanted) {
            let until = described(planned, to);
            let kind = ConflictKind::TooShort { phase, rel_type, until, days, least: wanted };
            let mut places: Vec<Place> = place(planned, to).into_iter().chain(begun).collect();
            places.dedup_by_key(|place| place.span);
            places.extend(span.map(|span| Place::new(span, "the time that it takes")));
            let id = planned.entry.id.value;
            found.extend((!places.is_empty()).then_some(Conflict { id, day: to.day, kind, places }));
        }
    }
    found
}

fn reaches(days: i64, wanted: Duration) -> bool {
    u64::try_from(days).is_ok_and(|days| days.saturating_mul(DAY) >= wanted.millis())
}
