//! What is due on which day.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::{Calendar, EntryDate, Freeze, Holiday, Item, ItemKind, PlannedDeliverable, Range, Release};
use crate::model::digest::Digest;
use crate::schedule::Schedule;
use crate::views::incidents::{ActionView, IncidentView};

/// How far a calendar without an end looks for holidays when nothing else is on it: a quarter.
const DEFAULT_DAYS: u64 = 92;

/// Fills in what is due, what is overdue, and the holidays around it.
pub(super) fn fill(calendar: &mut Calendar, schedule: &Schedule<'_>, range: &Range) {
    let all = items(calendar);
    calendar.overdue = overdue(calendar);
    let (from, to) = (calendar.from, calendar.to);
    let touches = |item: &Item| item.until.unwrap_or(item.day) >= from && to.is_none_or(|to| item.day <= to);
    let mut agenda: Vec<Item> = all.into_iter().filter(touches).collect();
    let quarter = from.checked_add_days(chrono::Days::new(DEFAULT_DAYS)).unwrap_or(from);
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
    let mut items: Vec<Item> =
        calendar.releases.iter().flat_map(|release| of_release(release, calendar)).collect();
    let freezes = calendar.freezes.iter().map(|freeze| Item {
        until: (freeze.to > freeze.from).then_some(freeze.to),
        detail: hours(freeze)
            .into_iter()
            .chain(freeze.reason.clone())
            .reduce(|hours, reason| format!("{hours}; {reason}")),
        ..item(
            key("freeze", &[&freeze.name, &freeze.from.to_string()], &freeze.environments),
            freeze.from,
            ItemKind::Freeze,
            freeze.name.clone(),
        )
    });
    items.extend(freezes);
    items.extend(calendar.actions.iter().filter_map(of_action));
    items.extend(calendar.dates.iter().map(of_date));
    items.extend(calendar.incidents.iter().filter_map(of_incident));
    for train in &calendar.trains {
        items.extend(train.departures.iter().map(|departure| {
            Item {
                detail: departure
                    .freeze
                    .as_ref()
                    .map(|freeze| format!("in the freeze `{freeze}`"))
                    .or_else(|| departure.day_off.as_ref().map(|off| format!("falls on {off}"))),
                ..item(
                    key("train", &[&train.name, &departure.name], &[departure.day.to_string()]),
                    departure.day,
                    ItemKind::Train,
                    format!("{} departs", departure.name),
                )
            }
        }));
    }
    number_repeated(&mut items);
    items
}

/// The times of day at which a freeze begins and ends, where it has any.
fn hours(freeze: &Freeze) -> Option<String> {
    let begins = freeze.begins_at.as_ref().map(|time| format!("from {time}"));
    let ends = freeze.ends_at.as_ref().map(|time| format!("until {time} on {}", freeze.to));
    begins.into_iter().chain(ends).reduce(|begins, ends| format!("{begins} {ends}"))
}

/// The key of an item: what it is of, its name, and where names may repeat, a digest of what else tells it from
/// others.
fn key(of: &str, names: &[&str], more: &[String]) -> String {
    let mut key = names.iter().fold(of.to_owned(), |key, name| format!("{key}/{name}"));
    if more.iter().any(|part| !part.is_empty()) {
        let digest = Digest::of(more.join("\0").as_bytes()).hex();
        key += &format!("/{}", &digest[..8]);
    }
    key
}

/// Gives a number to all but the first of items that nothing tells apart.
fn number_repeated(items: &mut [Item]) {
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    for item in items {
        let count = seen.entry(item.key.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            item.key += &format!("/{count}");
        }
    }
}

fn item(key: String, day: NaiveDate, kind: ItemKind, what: String) -> Item {
    Item {
        key,
        day,
        until: None,
        kind,
        what,
        release: None,
        detail: None,
        deadline: None,
        own_deadline: None,
    }
}

/// The milestones, communications and approvals of a release. A cancelled one has none to come, but what
/// is over was, and stays on the calendar.
fn of_release(release: &Release, calendar: &Calendar) -> Vec<Item> {
    if release.status.as_deref() == Some("cancelled") {
        return Vec::new();
    }
    let name = &release.name;
    let of = |item: Item| Item { release: Some(release.id.clone()), ..item };
    let mut items = Vec::new();
    for milestone in &release.milestones {
        let key = key(&release.id, &["milestone", &milestone.name], &[]);
        let moved = milestone.moved_from.map(|from| format!("moved from {from}, a day off"));
        let production = milestone.name == "production";
        let (kind, what) = match production {
            true => (ItemKind::Release, format!("{name} release")),
            false => (ItemKind::Milestone, format!("{name} {}", milestone.title())),
        };
        let default =
            milestone.is_default().then(|| format!("default, not stated in the plan: {}", milestone.when));
        let until = release.rolled_out.filter(|last| production && *last > milestone.day).or(milestone.until);
        let deadline = milestone.deadline.clone();
        let details = [default, moved].into_iter().flatten().chain(milestone.details());
        let detail = details.collect::<Vec<_>>().join("; ");
        let detail = Some(detail).filter(|detail| !detail.is_empty());
        let own_deadline = milestone.own_deadline(calendar);
        items.push(of(Item {
            detail,
            deadline,
            own_deadline,
            until,
            ..item(key, milestone.day, kind, what)
        }));
    }
    items.extend(support(release).into_iter().map(of));
    items.extend(deliverables(release).map(of));
    for said in &release.communications {
        let Some(day) = said.day else { continue };
        let parts: Vec<&str> =
            [&said.audience, &said.channel].into_iter().flatten().map(String::as_str).collect();
        let detail = match parts.is_empty() {
            true => said.default.then(|| "default, not stated in the plan".to_owned()),
            false => Some(format!("to {}", parts.join(", by "))),
        };
        let more = [&said.audience, &said.channel, &said.when].map(|part| part.clone().unwrap_or_default());
        let key = key(&release.id, &["communication", &said.name], &more);
        items.push(of(Item {
            detail,
            deadline: said.deadline.clone(),
            ..item(key, day, ItemKind::Communication, format!("{name} {}", said.title()))
        }));
    }
    items.extend(approvals(release).map(of));
    items
}

/// The deliverables of a release that are due before it and not done.
fn deliverables(release: &Release) -> impl Iterator<Item = Item> + '_ {
    let is_open = |deliverable: &&PlannedDeliverable| {
        !matches!(deliverable.status, Some("ready" | "released" | "dropped")) && !release.over
    };
    release.deliverables.iter().filter(is_open).filter_map(|deliverable| {
        let due = deliverable.due.filter(|due| Some(*due) != release.date)?;
        let version = deliverable.version.as_ref().map_or_else(String::new, |version| format!(" {version}"));
        let key = key(&release.id, &["deliverable", &deliverable.name], &[]);
        let what = format!("{} deliverable {}{version}", release.name, deliverable.name);
        let detail = deliverable.team.as_ref().map(|team| format!("by {team}"));
        Some(Item { detail, ..item(key, due, ItemKind::Milestone, what) })
    })
}

/// The changes of the support of a release: each phase that begins behind the release, and the end.
fn support(release: &Release) -> Vec<Item> {
    let name = &release.name;
    let begins = release.support.iter().filter_map(|phase| Some((phase.from?, phase)));
    let behind = begins.filter(|(from, _)| release.date.is_none_or(|date| *from > date));
    let phases = behind.map(|(from, phase)| {
        let key = key(&release.id, &["support", phase.phase], &[from.to_string()]);
        item(key, from, ItemKind::Support, format!("{name} {} support begins", phase.phase))
    });
    let end = release.end_of_life.map(|end| {
        let branch = release.branch.as_ref().map(|branch| format!("branch {branch}"));
        Item {
            detail: branch,
            ..item(
                key(&release.id, &["support", "end"], &[]),
                end,
                ItemKind::Support,
                format!("{name} end of life"),
            )
        }
    });
    phases.chain(end).collect()
}

/// The approvals that are still to be given.
fn approvals(release: &Release) -> impl Iterator<Item = Item> {
    let open = release.approvals.iter().enumerate().filter(|(_, approval)| !approval.given && !release.over);
    open.filter_map(|(at, approval)| {
        // Those that were given count, so that the others keep their number.
        let before = release.approvals[..at].iter().filter(|other| other.role == approval.role).count();
        let number = if before > 0 { (before + 1).to_string() } else { String::new() };
        let key = key(&release.id, &["approval", &approval.role], &[number]);
        let what = format!("{} approval by {}", release.name, approval.role);
        let deadline = approval.deadline.clone();
        Some(Item { deadline, ..item(key, approval.due?, ItemKind::Approval, what) })
    })
}

fn of_action(action: &ActionView) -> Option<Item> {
    let key = key("action", &[&action.id], &[]);
    let what = format!("{} {}", action.id, action.title);
    let detail = action.owner.as_ref().map(|owner| format!("by {owner}"));
    Some(Item { detail, ..item(key, action.due?, ItemKind::Action, what) })
}

/// What the date is of: `EPIC-03 Enhanced security`, `Review of RISK-001 Data loss`.
fn thing(date: &EntryDate) -> String {
    let named = if date.title.is_empty() { date.id.clone() } else { format!("{} {}", date.id, date.title) };
    match date.kind {
        ItemKind::Review => format!("Review of {named}"),
        ItemKind::Waiver => format!("Waiver of {named}"),
        ItemKind::Rehearsal => format!("Rehearsal of {named}"),
        ItemKind::Validation => format!("Validation {named}"),
        ItemKind::ApprovalExpiry if date.title.is_empty() => format!("Approval as {}", date.id),
        ItemKind::ApprovalExpiry => format!("Approval of {} as {}", date.title, date.id),
        _ => named,
    }
}

fn of_date(date: &EntryDate) -> Item {
    let apart = match date.kind {
        ItemKind::ApprovalExpiry => vec![date.title.clone(), date.owner.clone().unwrap_or_default()],
        _ => Vec::new(),
    };
    let key = key(date.kind.word(), &[&date.id], &apart);
    let what = match date.kind {
        ItemKind::Waiver => format!("{} ends", thing(date)),
        ItemKind::Validation => format!("{}: window ends", thing(date)),
        ItemKind::FlagExpiry | ItemKind::ApprovalExpiry => format!("{} expires", thing(date)),
        ItemKind::Due | ItemKind::Rehearsal => format!("{} is due", thing(date)),
        _ => thing(date),
    };
    let detail = date.owner.as_ref().map(|owner| format!("by {owner}"));
    Item { detail, ..item(key, date.day, date.kind, what) }
}

fn of_incident(incident: &IncidentView) -> Option<Item> {
    let key = key("incident", &[&incident.id], &[]);
    let what = format!("{} {}", incident.id, incident.title);
    let until = incident.resolved.map(|resolved| resolved.date_naive());
    let day = incident.detected?.date_naive();
    let detail = Some(format!("{}, {}", incident.severity.unwrap_or("no severity"), incident.status));
    let until = until.filter(|until| *until > day);
    Some(Item { detail, until, ..item(key, day, ItemKind::Incident, what) })
}

fn of_holiday(holiday: &Holiday) -> Item {
    let until: Vec<String> =
        Some(holiday.to).filter(|to| *to > holiday.from).iter().map(NaiveDate::to_string).collect();
    Item {
        until: (holiday.to > holiday.from).then_some(holiday.to),
        ..item(
            key("holiday", &[&holiday.name, &holiday.from.to_string()], &until),
            holiday.from,
            ItemKind::Holiday,
            holiday.name.clone(),
        )
    }
}

/// What should have been done: releases that are not out, approvals that were not given, actions that are not done.
fn overdue(calendar: &Calendar) -> Vec<Item> {
    let today = calendar.today;
    let mut overdue = Vec::new();
    for release in calendar.releases.iter().filter(|release| !release.over) {
        let of = |item: Item| Item { release: Some(release.id.clone()), ..item };
        if let Some(date) = release.date.filter(|date| *date < today) {
            let key = key(&release.id, &["milestone", "production"], &[]);
            let what = format!("{} is not released", release.name);
            overdue.push(of(item(key, date, ItemKind::Release, what)));
        }
        overdue.extend(approvals(release).map(of).filter(|item| item.day < today));
        overdue.extend(deliverables(release).map(of).filter(|item| item.day < today));
    }
    let late = calendar.actions.iter().filter(|action| action.is_overdue);
    overdue.extend(late.filter_map(of_action));
    let late = calendar.dates.iter().filter(|date| date.is_overdue);
    overdue.extend(late.map(|date| Item { what: thing(date), ..of_date(date) }));
    overdue.sort_by(|a, b| (a.day, a.kind, &a.key).cmp(&(b.day, b.kind, &b.key)));
    overdue
}
