//! One calendar over all plans of a workspace.

use rustc_hash::FxHashSet;

use super::{Calendar, Conflict, Freeze, Holiday, Item, ItemKind, Range, Release, Train};

/// The calendar of one plan of a workspace.
pub struct MemberCalendar {
    /// The name of the member; nothing for the workspace itself, whose ids are known without it.
    pub member: Option<String>,
    /// Its calendar, with every date of the range.
    pub calendar: Calendar,
}

/// A member whose dates nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct MissingMember {
    /// Its folder or name.
    pub member: String,
    /// The reason.
    pub reason: String,
}

/// Joins the calendars of a workspace, whose `own` is that of its settings. Ids of members begin with their names, as in links; freezes and holidays that
/// all plans share are on it once.
pub fn of_workspace(
    mut parts: Vec<MemberCalendar>,
    missing: Vec<MissingMember>,
    own: Calendar,
    range: &Range,
) -> Calendar {
    let mut whole = empty(own);
    let zones = common(parts.iter().map(|part| (&part.calendar.time_zone, &part.calendar.deadline_time)));
    (whole.time_zone, whole.deadline_time) = zones.unwrap_or_default();
    let working_days = common(parts.iter().map(|part| (&part.calendar.working_days, &())));
    whole.working_days = working_days.map(|(days, ())| days).unwrap_or_default();
    whole.from = parts.iter().map(|part| part.calendar.from).min().unwrap_or(whole.from);
    let shared = Shared::of(&parts);
    for part in &mut parts {
        part.state_deadlines(&whole);
        if let Some(member) = &part.member {
            name(&mut part.calendar, member, &shared);
        }
    }
    let frozen = frozen_by_workspace(&parts);
    let mut seen = FxHashSet::default();
    for MemberCalendar { calendar, .. } in parts {
        whole.releases.extend(calendar.releases);
        whole.overdue.extend(calendar.overdue);
        whole.agenda.extend(calendar.agenda.into_iter().filter(|item| seen.insert(item.key.clone())));
        let is_new = |freeze: &Freeze| !whole.freezes.iter().any(|other| same_freeze(other, freeze));
        let freezes: Vec<Freeze> = calendar.freezes.into_iter().filter(is_new).collect();
        whole.freezes.extend(freezes);
        let is_new = |holiday: &Holiday| !whole.holidays.iter().any(|other| same_holiday(other, holiday));
        let holidays: Vec<Holiday> = calendar.holidays.into_iter().filter(is_new).collect();
        whole.holidays.extend(holidays);
        whole.dates.extend(calendar.dates);
        whole.actions.extend(calendar.actions);
        whole.incidents.extend(calendar.incidents);
        whole.trains.extend(calendar.trains);
        whole.cadences.extend(calendar.cadences);
        whole.conflicts.extend(calendar.conflicts);
        whole.notes.extend(calendar.notes);
    }
    whole.conflicts.extend(frozen);
    whole.overdue.sort_by(|a, b| (a.day, &a.key).cmp(&(b.day, &b.key)));
    whole.agenda.sort_by(|a, b| (a.day, a.kind, &a.key).cmp(&(b.day, b.kind, &b.key)));
    whole.freezes.sort_by(|a, b| (a.from, &a.name).cmp(&(b.from, &b.name)));
    whole.holidays.sort_by(|a, b| (a.from, &a.name).cmp(&(b.from, &b.name)));
    whole.releases.sort_by(|a, b| (a.date.is_none(), a.date, &a.id).cmp(&(b.date.is_none(), b.date, &b.id)));
    whole.conflicts.sort_by(|a, b| (a.day, &a.id, a.rule).cmp(&(b.day, &b.id, b.rule)));
    let shown = range.next.unwrap_or(whole.agenda.len()).min(whole.agenda.len());
    whole.left_out = whole.agenda.len() - shown;
    whole.agenda.truncate(shown);
    whole.missing = missing;
    whole
}

/// A calendar without dates: what is left is what a calendar says of itself.
fn empty(calendar: Calendar) -> Calendar {
    Calendar {
        releases: Vec::new(),
        overdue: Vec::new(),
        agenda: Vec::new(),
        left_out: 0,
        dates: Vec::new(),
        actions: Vec::new(),
        incidents: Vec::new(),
        freezes: Vec::new(),
        holidays: Vec::new(),
        trains: Vec::new(),
        cadences: Vec::new(),
        conflicts: Vec::new(),
        notes: Vec::new(),
        missing: Vec::new(),
        ..calendar
    }
}

/// The releases of members that lie in a freeze of the workspace, which no member knows of.
fn frozen_by_workspace(parts: &[MemberCalendar]) -> Vec<Conflict> {
    let own = parts.iter().filter(|part| part.member.is_none()).flat_map(|part| &part.calendar.freezes);
    let freezes: Vec<&Freeze> = own.collect();
    let of_members = parts.iter().filter(|part| part.member.is_some());
    let planned = of_members.flat_map(|part| &part.calendar.releases).filter(|release| !release.over);
    let conflicts =
        planned.flat_map(|release| freezes.iter().filter_map(|freeze| in_freeze(release, freeze)));
    conflicts.collect()
}

fn in_freeze(release: &Release, freeze: &Freeze) -> Option<Conflict> {
    let day = release.date?;
    let last = release.rolled_out.unwrap_or(day);
    if last < freeze.from || day > freeze.to || release.status.as_deref() == Some("cancelled") {
        return None;
    }
    let Freeze { name, from, to, environments, .. } = freeze;
    let days = if day == last { format!("on {day}") } else { format!("from {day} to {last}") };
    let of = match environments.as_slice() {
        [] => String::new(),
        names => format!(" of {}", names.join(", ")),
    };
    Some(Conflict {
        rule: "release-in-freeze",
        id: release.id.clone(),
        day,
        message: format!(
            "the release {days} lies in the freeze `{name}`{of} of the workspace ({from} to {to})"
        ),
        help: format!("the freeze ends on {to}; move one of the two"),
        places: Vec::new(),
    })
}

/// What all plans have alike; nothing if two differ, or if there are none.
fn common<'c, A: PartialEq + Clone + 'c, B: PartialEq + Clone + 'c>(
    mut of: impl Iterator<Item = (&'c A, &'c B)>,
) -> Option<(A, B)> {
    let first = of.next()?;
    of.all(|other| other == first).then(|| (first.0.clone(), first.1.clone()))
}

impl MemberCalendar {
    /// Gives items the deadline of their own plan where the plans differ in it.
    fn state_deadlines(&mut self, whole: &Calendar) {
        let calendar = &mut self.calendar;
        let Some(zone) = calendar.time_zone.as_ref().filter(|_| whole.time_zone.is_none()) else { return };
        let time = format!("{} {zone}", calendar.deadline_time.as_deref().unwrap_or("24:00"));
        for item in calendar.agenda.iter_mut().chain(&mut calendar.overdue) {
            if item.deadline.is_some() {
                item.own_deadline.get_or_insert_with(|| time.clone());
            }
        }
    }
}

/// The freezes and holidays that every member of a workspace has.
struct Shared {
    keys: FxHashSet<String>,
}

impl Shared {
    fn of(parts: &[MemberCalendar]) -> Self {
        let shares = |item: &&Item| matches!(item.kind, ItemKind::Freeze | ItemKind::Holiday);
        let keys = |part: &MemberCalendar| -> FxHashSet<String> {
            part.calendar.agenda.iter().filter(shares).map(identity).collect()
        };
        let mut all = parts.iter().filter(|part| part.member.is_some()).map(keys);
        let first = all.next().unwrap_or_default();
        let keys = all.fold(first, |shared, own| shared.intersection(&own).cloned().collect());
        Shared { keys }
    }

    fn has(&self, item: &Item) -> bool {
        self.keys.contains(&identity(item))
    }

    fn has_name(&self, name: &str, from: chrono::NaiveDate, to: chrono::NaiveDate) -> bool {
        self.keys.contains(&format!("{name}\0{from}\0{to}"))
    }
}

fn identity(item: &Item) -> String {
    format!("{}\0{}\0{}", item.what, item.day, item.until.unwrap_or(item.day))
}

fn same_freeze(one: &Freeze, other: &Freeze) -> bool {
    (&one.name, one.from, one.to, &one.environments)
        == (&other.name, other.from, other.to, &other.environments)
}

fn same_holiday(one: &Holiday, other: &Holiday) -> bool {
    (&one.name, one.from, one.to) == (&other.name, other.from, other.to)
}

/// Puts the name of a member before its ids, and before what is shown without an id.
fn name(calendar: &mut Calendar, member: &str, shared: &Shared) {
    let of_member = |id: &str| format!("{member}:{id}");
    for release in &mut calendar.releases {
        name_release(release, member);
    }
    for item in calendar.agenda.iter_mut().chain(&mut calendar.overdue) {
        if shared.has(item) {
            continue;
        }
        item.key = format!("{member}/{}", item.key);
        item.what = format!("{member}: {}", item.what);
        item.release = item.release.as_deref().map(of_member);
    }
    name_all(calendar.dates.iter_mut().map(|date| &mut date.id), member);
    for action in &mut calendar.actions {
        name_all(
            std::iter::once(&mut action.id).chain(action.follows_from.iter_mut().map(|of| &mut of.id)),
            member,
        );
    }
    for incident in &mut calendar.incidents {
        let linked = [&mut incident.triggers_fired, &mut incident.triggers_missed, &mut incident.actions];
        let linked = linked.into_iter().flatten().map(|of| &mut of.id);
        name_all(std::iter::once(&mut incident.id).chain(linked), member);
    }
    for freeze in &mut calendar.freezes {
        if !shared.has_name(&freeze.name, freeze.from, freeze.to) {
            freeze.name = format!("{member}: {}", freeze.name);
        }
    }
    for holiday in &mut calendar.holidays {
        if !shared.has_name(&holiday.name, holiday.from, holiday.to) {
            holiday.name = format!("{member}: {}", holiday.name);
        }
    }
    for Train { name, .. } in &mut calendar.trains {
        *name = format!("{member}: {name}");
    }
    for cadence in &mut calendar.cadences {
        cadence.member = Some(member.to_owned());
    }
    for conflict in &mut calendar.conflicts {
        conflict.id = of_member(&conflict.id);
    }
    for note in &mut calendar.notes {
        *note = format!("{member}: {note}");
    }
}

fn name_all<'i>(ids: impl Iterator<Item = &'i mut String>, member: &str) {
    for id in ids {
        *id = format!("{member}:{id}");
    }
}

fn name_release(release: &mut Release, member: &str) {
    release.id = format!("{member}:{}", release.id);
}
