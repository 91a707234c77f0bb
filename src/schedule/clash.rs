//! Finds what gets in the way of what.

use chrono::NaiveDate;

use super::conflict::{Conflict, ConflictKind, Phase, Place};
use super::working::DayOff;
use super::{Milestone, Planned, Schedule, Source, least, placed};
use crate::config::Config;
use crate::config::calendar::{CalendarSettings, Freeze};
use crate::model::duration::Duration;
use crate::model::offset::{Timing, When};
use crate::model::rel::RelType;
use crate::model::{Entry, Plan, same_folded};
use crate::source::Span;

/// Every conflict of the releases that are still to come, by day.
pub(super) fn all<'p>(
    schedule: &Schedule<'p>,
    plan: &Plan<'_>,
    config: &'p Config,
    today: NaiveDate,
) -> Vec<Conflict<'p>> {
    let coming: Vec<&Planned<'p>> =
        schedule.releases.iter().filter(|planned| !planned.release.is_over()).collect();
    let mut found = Vec::new();
    for planned in &coming {
        found.extend(in_freezes(planned, plan, &config.calendar));
        found.extend(days_off(planned, schedule));
        found.extend(too_short(planned, &config.calendar));
        found.extend(out_of_order(planned, schedule, &config.calendar, today));
    }
    found.extend(due_in_freezes(plan, &config.calendar));
    found.extend(shared_environments(&coming, plan));
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
        Source::Config(_) | Source::Usual => Some(Place::new(date?, format!("{text}, {}", milestone.when))),
    }
}

/// A milestone in words; where its day hangs on the date of the release, with that date.
fn described(planned: &Planned<'_>, milestone: &Milestone<'_>) -> String {
    let title = milestone.title();
    match (milestone.source, planned.release.date) {
        _ if milestone.is_production() => format!("the release on {}", milestone.day),
        (Source::Config(_) | Source::Usual, Some(date)) => {
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

fn in_freezes<'p>(
    planned: &Planned<'p>,
    plan: &Plan<'_>,
    settings: &'p CalendarSettings,
) -> Vec<Conflict<'p>> {
    let mut found = Vec::new();
    for freeze in &settings.freezes {
        let environments = !freeze.environments.is_empty();
        let concerned = !environments || deploys_to(planned, plan, &freeze.environments);
        for milestone in planned.milestones.iter().filter(|_| concerned) {
            let inside = freeze.from <= milestone.day && milestone.day <= freeze.to;
            // Only what goes out reaches an environment.
            if inside && (milestone.is_production() || !environments) {
                found.extend(in_freeze(planned, milestone, freeze));
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

/// Whether a release is deployed to one of the environments; what is not described may be.
fn deploys_to(planned: &Planned<'_>, plan: &Plan<'_>, names: &[String]) -> bool {
    let own = environments(planned, plan);
    own.is_empty()
        || own.iter().any(|(entry, name)| {
            let id = entry.id.value.to_string();
            names.iter().any(|wanted| same_folded(wanted, name) || same_folded(wanted, &id))
        })
}

/// The environments of a release with their names: its own, and those of every release.
fn environments<'e>(planned: &Planned<'_>, plan: &'e Plan<'e>) -> Vec<(&'e Entry<'e>, String)> {
    let own = plan.environments().filter(|(entry, _)| match entry.release() {
        Some(release) => plan.release(&release.value) == Some(planned.index),
        None => true,
    });
    let name = |entry: &Entry<'_>, name: Option<String>| name.unwrap_or_else(|| entry.id.value.to_string());
    own.map(|(entry, found)| {
        let stated = found.name.as_ref().map(|name| name.value.to_string());
        (entry, name(entry, stated))
    })
    .collect()
}

fn due_in_freezes<'p>(plan: &Plan<'_>, settings: &'p CalendarSettings) -> Vec<Conflict<'p>> {
    let mut found = Vec::new();
    for freeze in &settings.freezes {
        for index in freeze.families.iter().flat_map(|family| plan.family(*family)) {
            let entry = plan.entry(*index);
            let Some(due) = entry.due().filter(|due| freeze.from <= due.value && due.value <= freeze.to)
            else {
                continue;
            };
            let places = vec![Place::new(due.span, "due here"), Place::new(freeze.span, "the freeze")];
            let (id, kind) = (entry.id.value, ConflictKind::DueInFreeze(freeze));
            found.push(Conflict { id, day: due.value, kind, places });
        }
    }
    found
}

/// Milestones on days off. Whatever hangs on the date of a release at the weekend is off with it, and
/// one report about the date says enough.
fn days_off<'p>(planned: &Planned<'p>, schedule: &Schedule<'p>) -> Vec<Conflict<'p>> {
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

/// Planning and testing that are shorter than the release type demands.
fn too_short<'p>(planned: &Planned<'p>, settings: &CalendarSettings) -> Vec<Conflict<'p>> {
    let Some(rel_type) = planned.release.rel_type() else { return Vec::new() };
    let least = least(settings, rel_type);
    let entered = planned.entry.rare.as_ref().and_then(|rare| rare.created);
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
    u64::try_from(days).is_ok_and(|days| days.saturating_mul(super::DAY) >= wanted.millis())
}

/// Milestones that come in another order than their gates. Those at their usual offsets are not
/// compared: nobody stated them.
fn out_of_order<'p>(
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

fn is_day(when: &str) -> bool {
    matches!(Timing::parse(when), Ok(Timing::When(When::Day(_))))
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

/// A release with the days of its rollout and the names of its environments.
type Rollout<'r, 'p> = (NaiveDate, NaiveDate, &'r Planned<'p>, Vec<String>);

/// Releases whose rollouts take the same days of the same environment.
fn shared_environments<'p>(coming: &[&Planned<'p>], plan: &Plan<'_>) -> Vec<Conflict<'p>> {
    let rollouts = coming.iter().copied().filter_map(|planned| {
        let (from, to) = planned.window?;
        let names = environments(planned, plan).into_iter().map(|(_, name)| name).collect();
        Some((from, to, planned, names))
    });
    let mut rollouts: Vec<Rollout<'_, 'p>> = rollouts.collect();
    rollouts.sort_by_key(|(from, _, planned, _)| (*from, planned.entry.id.value));
    let mut found = Vec::new();
    for (at, first) in rollouts.iter().enumerate() {
        let later = rollouts[at + 1..].iter().take_while(|(from, ..)| *from <= first.1);
        found.extend(later.filter_map(|second| shared(first, second)));
    }
    found
}

fn shared<'p>(first: &Rollout<'_, 'p>, second: &Rollout<'_, 'p>) -> Option<Conflict<'p>> {
    let (_, end, earlier, others) = first;
    let (from, last, later, names) = second;
    let is_common = |name: &&String| others.iter().any(|other| same_folded(name, other));
    let environments: Vec<String> = names.iter().filter(is_common).cloned().collect();
    if environments.is_empty() {
        return None;
    }
    let (id, other) = (later.entry.id.value, earlier.entry.id.value);
    let places = vec![
        Place::new(later.release.date?.span, format!("{id} goes out here")),
        Place::new(earlier.release.date?.span, format!("{other} goes out here")),
    ];
    let kind = ConflictKind::SharedEnvironment { other, environments, from: *from, to: *end.min(last) };
    Some(Conflict { id, day: *from, kind, places })
}
