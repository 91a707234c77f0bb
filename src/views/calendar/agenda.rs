//! What is due on which day.

use chrono::NaiveDate;

use super::{Calendar, Holiday, Item, ItemKind, Range, Release};
use crate::schedule::Schedule;

/// How far a calendar without an end looks for holidays when nothing else is on it: a quarter.
const USUAL_DAYS: u64 = 92;

/// Fills in what is due, what is overdue, and the holidays around it.
pub(super) fn fill(calendar: &mut Calendar, schedule: &Schedule<'_>, range: &Range) {
    let all = items(calendar);
    calendar.overdue = overdue(calendar);
    let (from, to) = (calendar.from, calendar.to);
    let touches = |item: &Item| item.until.unwrap_or(item.day) >= from && to.is_none_or(|to| item.day <= to);
    let mut agenda: Vec<Item> = all.into_iter().filter(touches).collect();
    let quarter = from.checked_add_days(chrono::Days::new(USUAL_DAYS)).unwrap_or(from);
    let last = to.or_else(|| agenda.iter().map(|item| item.until.unwrap_or(item.day)).max());
    for (first, end, holiday) in schedule.working.holidays(from, last.unwrap_or(quarter)) {
        calendar.holidays.push(Holiday { name: holiday.name.clone(), from: first, to: end });
    }
    agenda.extend(calendar.holidays.iter().map(of_holiday));
    agenda.sort_by(|a, b| (a.day, a.kind, &a.key).cmp(&(b.day, b.kind, &b.key)));
    let shown = range.next.unwrap_or(agenda.len()).min(agenda.len());
    calendar.left_out = agenda.len() - shown;
    agenda.truncate(shown);
    calendar.agenda = agenda;
}

/// Everything that happens, but for holidays.
fn items(calendar: &Calendar) -> Vec<Item> {
    let mut items: Vec<Item> = calendar.releases.iter().flat_map(of_release).collect();
    let freezes = calendar.freezes.iter().map(|freeze| Item {
        until: (freeze.to > freeze.from).then_some(freeze.to),
        detail: freeze.reason.clone(),
        ..item(
            format!("freeze/{}/{}", freeze.name, freeze.from),
            freeze.from,
            ItemKind::Freeze,
            freeze.name.clone(),
        )
    });
    items.extend(freezes);
    for train in &calendar.trains {
        items.extend(train.departures.iter().map(|departure| {
            Item {
                detail: departure
                    .freeze
                    .as_ref()
                    .map(|freeze| format!("in the freeze `{freeze}`"))
                    .or_else(|| departure.day_off.as_ref().map(|off| format!("falls on {off}"))),
                ..item(
                    format!("train/{}/{}", train.name, departure.name),
                    departure.day,
                    ItemKind::Train,
                    format!("{} departs", departure.name),
                )
            }
        }));
    }
    items
}

fn item(key: String, day: NaiveDate, kind: ItemKind, what: String) -> Item {
    Item { key, day, until: None, kind, what, release: None, detail: None, deadline: None }
}

/// The milestones, communications and approvals of a release. A cancelled one has none to come, but what
/// is over was, and stays on the calendar.
fn of_release(release: &Release) -> Vec<Item> {
    if release.status.as_deref() == Some("cancelled") {
        return Vec::new();
    }
    let name = &release.name;
    let of = |item: Item| Item { release: Some(release.id.clone()), ..item };
    let mut items = Vec::new();
    for milestone in &release.milestones {
        let key = format!("{}/milestone/{}", release.id, milestone.name);
        let moved = milestone.moved_from.map(|from| format!("moved from {from}, a day off"));
        let production = milestone.name == "production";
        let (kind, what) = match production {
            true => (ItemKind::Release, format!("{name} release")),
            false => (ItemKind::Milestone, format!("{name} {}", milestone.name.replace('_', " "))),
        };
        let until = release.rolled_out.filter(|last| production && *last > milestone.day);
        let deadline = milestone.deadline.clone();
        items.push(of(Item { detail: moved, deadline, until, ..item(key, milestone.day, kind, what) }));
    }
    for (at, said) in release.communications.iter().enumerate() {
        let Some(day) = said.day else { continue };
        let parts: Vec<&str> =
            [&said.audience, &said.channel].into_iter().flatten().map(String::as_str).collect();
        let detail = match parts.is_empty() {
            true => said.usual.then(|| "default".to_owned()),
            false => Some(format!("to {}", parts.join(", by "))),
        };
        let key = format!("{}/communication/{}", release.id, at + 1);
        items.push(of(Item {
            detail,
            deadline: said.deadline.clone(),
            ..item(key, day, ItemKind::Communication, format!("{name} {}", said.name))
        }));
    }
    items.extend(approvals(release).map(|(_, item)| of(item)));
    items
}

/// The approvals that are still to be given, with their position.
fn approvals(release: &Release) -> impl Iterator<Item = (usize, Item)> {
    let open = release.approvals.iter().enumerate().filter(|(_, approval)| !approval.given && !release.over);
    open.filter_map(|(at, approval)| {
        let key = format!("{}/approval/{}", release.id, at + 1);
        let what = format!("{} approval by {}", release.name, approval.role);
        let deadline = approval.deadline.clone();
        Some((at, Item { deadline, ..item(key, approval.due?, ItemKind::Approval, what) }))
    })
}

fn of_holiday(holiday: &Holiday) -> Item {
    Item {
        until: (holiday.to > holiday.from).then_some(holiday.to),
        ..item(
            format!("holiday/{}/{}", holiday.name, holiday.from),
            holiday.from,
            ItemKind::Holiday,
            holiday.name.clone(),
        )
    }
}

/// What should have been done: releases that are not out, and approvals that were not given.
fn overdue(calendar: &Calendar) -> Vec<Item> {
    let today = calendar.today;
    let mut overdue = Vec::new();
    for release in calendar.releases.iter().filter(|release| !release.over) {
        let of = |item: Item| Item { release: Some(release.id.clone()), ..item };
        if let Some(date) = release.date.filter(|date| *date < today) {
            let key = format!("{}/milestone/production", release.id);
            let what = format!("{} is not released", release.name);
            overdue.push(of(item(key, date, ItemKind::Release, what)));
        }
        overdue.extend(approvals(release).map(|(_, item)| of(item)).filter(|item| item.day < today));
    }
    overdue.sort_by(|a, b| (a.day, a.kind, &a.key).cmp(&(b.day, b.kind, &b.key)));
    overdue
}
