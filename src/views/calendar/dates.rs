//! The dates that entries and waivers state themselves.

use chrono::{Days, NaiveDate};

use super::{EntryDate, ItemKind, Range};
use crate::config::Config;
use crate::model::{Entry, EntryIndex, Kind, Plan};
use crate::verdict::entry_state::is_done;

/// Due dates of open work, reviews of risks, expiry of feature flags and approvals, rehearsals of rollbacks, windows of
/// validations and ends of waivers: all of the plan, or those of a release. A waiver, an approval or a window that has
/// ended is over; what is due, to be reviewed or to be rehearsed stays until it is done.
pub(super) fn of_entries(
    plan: &Plan<'_>,
    config: &Config,
    today: NaiveDate,
    range: &Range,
) -> Vec<EntryDate> {
    let all = plan.entries().iter().filter(|entry| is_wanted(plan, entry, range));
    let mut dates: Vec<EntryDate> = all
        .flat_map(|entry| [due(entry, today), review(entry, today), expiry(entry, today)])
        .flatten()
        .collect();
    dates.extend(waivers(plan, today, range));
    dates.extend(approvals(plan, today, range));
    dates.extend(rehearsals(plan, config, today, range));
    dates.extend(validations(plan, today, range));
    dates.sort_by(|one, other| (one.day, one.kind, &one.id).cmp(&(other.day, other.kind, &other.id)));
    dates
}

fn is_wanted(plan: &Plan<'_>, entry: &Entry<'_>, range: &Range) -> bool {
    let of_release = |index: EntryIndex| range.of_release.contains(&index);
    range.release.is_none() || plan.find_current(entry.id.value).is_some_and(of_release)
}

fn due(entry: &Entry<'_>, today: NaiveDate) -> Option<EntryDate> {
    let is_open = match &entry.kind {
        Kind::Epic(epic) => epic.is_open(),
        // Actions have dates of their own on the calendar.
        Kind::Action(_) => false,
        _ => !is_done(entry),
    };
    let day = entry.due().filter(|_| is_open)?.value;
    Some(dated(entry, ItemKind::Due, day, today))
}

fn review(entry: &Entry<'_>, today: NaiveDate) -> Option<EntryDate> {
    let Kind::Risk(risk) = &entry.kind else { return None };
    let day = risk.review_date.filter(|_| !risk.is_resolved())?.value;
    Some(dated(entry, ItemKind::Review, day, today))
}

fn expiry(entry: &Entry<'_>, today: NaiveDate) -> Option<EntryDate> {
    let Kind::Flag(flag) = &entry.kind else { return None };
    let day = flag.expires.filter(|_| !flag.is_removed())?.value;
    Some(dated(entry, ItemKind::FlagExpiry, day, today))
}

fn dated(entry: &Entry<'_>, kind: ItemKind, day: NaiveDate, today: NaiveDate) -> EntryDate {
    EntryDate {
        kind,
        id: entry.id.value.to_string(),
        title: entry.title().to_owned(),
        day,
        owner: entry.owner.as_ref().map(|owner| owner.value.trim().to_owned()),
        is_overdue: day < today,
    }
}

/// The rehearsals that the profile asks for: the last one, and as long as it may be ago. Nobody has to rehearse what
/// no release to come could need.
fn rehearsals(plan: &Plan<'_>, config: &Config, today: NaiveDate, range: &Range) -> Vec<EntryDate> {
    let longest = config.profile_of_context().and_then(|profile| profile.rehearsal_age);
    let Some(longest) = longest.filter(|_| plan.releases().any(|(_, rel)| !rel.is_over())) else {
        return Vec::new();
    };
    let longest = Days::new(longest.millis() / 86_400_000);
    let dated = plan.rollbacks().filter(|(entry, _)| is_wanted(plan, entry, range));
    let dated = dated.filter_map(|(entry, rollback)| {
        // A rehearsal in the future is an error, and proves nothing.
        let last = rollback.last_rehearsed.filter(|last| last.value <= today)?.value;
        Some(self::dated(entry, ItemKind::Rehearsal, last.checked_add_days(longest)?, today))
    });
    dated.collect()
}

/// The windows of validations that are still open or to come: after the deployment of their release or, of those that
/// name none, of the release on the calendar, the next, or else the last that was deployed.
fn validations(plan: &Plan<'_>, today: NaiveDate, range: &Range) -> Vec<EntryDate> {
    let day_of = |index: EntryIndex| match &plan.entry(index).kind {
        Kind::Rel(rel) if !rel.is_cancelled() => Some(rel.deployed_at.or(rel.date)?.value),
        _ => None,
    };
    let dated = plan.indexed().filter_map(|(index, _)| Some((day_of(index)?, index)));
    let dated: Vec<(NaiveDate, EntryIndex)> = dated.collect();
    let next = dated.iter().filter(|(day, _)| *day >= today).min();
    let usual = range.release.or_else(|| Some(next.or_else(|| dated.iter().max())?.1));
    let wanted = plan.validations().filter(|(entry, _)| is_wanted(plan, entry, range));
    let ends = wanted.filter_map(|(entry, validation)| {
        let release = match entry.release() {
            Some(name) => plan.release(&name.value),
            None => usual,
        };
        let end = validation.window?.value.last_day(day_of(release?)?)?;
        (end >= today).then(|| self::dated(entry, ItemKind::Validation, end, today))
    });
    ends.collect()
}

/// Whether something that names a release, or none, is wanted.
fn is_about(plan: &Plan<'_>, release: Option<&str>, range: &Range) -> bool {
    let named = release.and_then(|name| plan.release(name));
    range.release.is_none() || release.is_none() || named == range.release
}

/// The approvals that somebody has given and that still hold, with their last day.
fn approvals<'p>(
    plan: &'p Plan<'_>,
    today: NaiveDate,
    range: &'p Range,
) -> impl Iterator<Item = EntryDate> + use<'p> {
    let records =
        plan.approvals.iter().filter(|record| !record.withdrawn.as_ref().is_some_and(|it| it.value.value));
    let records = records.filter_map(move |record| {
        let release = record.release.as_ref().map(|name| name.value.trim());
        let given = record.on.filter(|on| on.value <= today);
        let day = record.expires.filter(|_| given.is_some() && is_about(plan, release, range))?.value;
        Some((day, release.unwrap_or_default().to_owned(), record.role.as_ref()?, record.by.as_ref()?))
    });
    let of_releases = plan.releases().flat_map(move |(entry, rel)| {
        let id = entry.id.value.to_string();
        let is_wanted = is_about(plan, Some(&id), range);
        rel.approvals.iter().filter(move |_| is_wanted).filter_map(move |approval| {
            let given = approval.on.filter(|on| on.value <= today);
            let day = approval.expires.filter(|_| given.is_some())?.value;
            Some((day, id.clone(), approval.role.as_ref()?, approval.by.as_ref()?))
        })
    });
    records.chain(of_releases).filter(move |(day, ..)| *day >= today).map(|(day, release, role, by)| {
        EntryDate {
            kind: ItemKind::ApprovalExpiry,
            id: role.value.trim().to_owned(),
            title: release,
            day,
            owner: Some(by.value.trim().to_owned()),
            is_overdue: false,
        }
    })
}

/// The waivers that still hold, with their last day. Those of all releases are on the calendar of one, too.
fn waivers<'p>(
    plan: &'p Plan<'_>,
    today: NaiveDate,
    range: &'p Range,
) -> impl Iterator<Item = EntryDate> + use<'p> {
    plan.waivers.iter().filter_map(move |waiver| {
        let day = waiver.until?.value;
        let release = waiver.release.as_ref().map(|name| name.value.trim());
        let check = waiver.check.as_ref()?.value.trim().to_owned();
        (day >= today && is_about(plan, release, range)).then(|| EntryDate {
            kind: ItemKind::Waiver,
            id: check,
            title: String::new(),
            day,
            owner: waiver.by.as_ref().map(|by| by.value.trim().to_owned()),
            is_overdue: false,
        })
    })
}
