//! The dates that entries and waivers state themselves.

use chrono::NaiveDate;

use super::{EntryDate, ItemKind, Range};
use crate::model::{Entry, EntryIndex, Kind, Plan};
use crate::verdict::entry_state::is_done;

/// Due dates of open work, reviews of risks, expiry of feature flags and ends of waivers: all of the plan, or those of a release. A waiver that
/// has ended is over; what is due or to be reviewed stays until it is done.
pub(super) fn of_entries(plan: &Plan<'_>, today: NaiveDate, range: &Range) -> Vec<EntryDate> {
    let all = plan.entries().iter().filter(|entry| is_wanted(plan, entry, range));
    let mut dates: Vec<EntryDate> = all
        .flat_map(|entry| [due(entry, today), review(entry, today), expiry(entry, today)])
        .flatten()
        .collect();
    dates.extend(waivers(plan, today, range));
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

/// The waivers that still hold, with their last day. Those of all releases are on the calendar of one, too.
fn waivers<'p>(
    plan: &'p Plan<'_>,
    today: NaiveDate,
    range: &'p Range,
) -> impl Iterator<Item = EntryDate> + use<'p> {
    let of_range = move |release: Option<&str>| {
        let named = release.and_then(|name| plan.release(name));
        range.release.is_none() || release.is_none() || named == range.release
    };
    plan.waivers.iter().filter_map(move |waiver| {
        let day = waiver.until?.value;
        let release = waiver.release.as_ref().map(|name| name.value.trim());
        let check = waiver.check.as_ref()?.value.trim().to_owned();
        (day >= today && of_range(release)).then(|| EntryDate {
            kind: ItemKind::Waiver,
            id: check,
            title: String::new(),
            day,
            owner: waiver.by.as_ref().map(|by| by.value.trim().to_owned()),
            is_overdue: false,
        })
    })
}
