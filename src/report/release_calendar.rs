//! The release calendar as a document: what is overdue and in the way first, then the months, the
//! agenda, and how the releases lie beside each other.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use rustc_hash::{FxHashMap, FxHashSet};

use super::words::dated;
use super::{
    Cell, Checklist, Event, Events, Item as Checked, Line, Milestone, Month, MonthDay, Report, Section,
    Table, Timeline, TimelineBar, Tone, When,
};
use crate::model::phrase::counted;
use crate::source::secret::mask;
use crate::views::calendar::{Calendar, Conflict, Item, ItemKind, Release};

/// At most so many months are drawn; the agenda holds the rest.
const MOST_MONTHS: usize = 6;

/// Lowers the calendar.
pub fn report(calendar: &Calendar) -> Report {
    let mut report = Report::new("Release calendar", calendar.today);
    report.subtitle = subtitle(calendar);
    facts(calendar, &mut report);
    missing(calendar, &mut report);
    overdue(calendar, &mut report);
    conflicts(calendar, &mut report);
    agenda(calendar, &mut report);
    months(calendar, &mut report);
    timeline(calendar, &mut report);
    deliverables(calendar, &mut report);
    support(calendar, &mut report);
    trains(calendar, &mut report);
    for note in &calendar.notes {
        report.callout(Tone::Neutral, note.as_str());
    }
    report
}

fn subtitle(calendar: &Calendar) -> Option<String> {
    let range = match calendar.to {
        Some(to) => format!("{} to {to}", calendar.from),
        None => format!("from {}", calendar.from),
    };
    Some(match calendar.releases.as_slice() {
        [release] => format!("{}, {range}", release.name),
        _ => range,
    })
}

fn facts(calendar: &Calendar, report: &mut Report) {
    let coming =
        |release: &&Release| !release.over && release.date.is_some_and(|date| date >= calendar.today);
    let next = calendar.releases.iter().filter(coming).min_by_key(|release| release.date);
    if let Some((release, date)) = next.and_then(|release| Some((release, release.date?))) {
        report.detail("Next release", format!("{}, {}", release.name, dated(date, calendar.today)));
    }
    let (tone, word) = match (calendar.overdue.len(), calendar.conflicts.len()) {
        // Nobody knows the dates of a member that is not there.
        (0, 0) if !calendar.missing.is_empty() => (Tone::Unknown, Tone::Unknown.word().to_owned()),
        (0, 0) => (Tone::Good, "ON SCHEDULE".to_owned()),
        (0, conflicts) => (Tone::Attention, counted(conflicts, "conflict").to_uppercase()),
        (overdue, _) => (Tone::Bad, format!("{overdue} OVERDUE")),
    };
    report.headline(tone, word, Line::new());
    report.figure("Overdue", calendar.overdue.len().to_string());
    report.figure("Conflicts", calendar.conflicts.len().to_string());
    for cadence in &calendar.cadences {
        let kept = match cadence.intervals {
            0 => "n/a, no interval yet".to_owned(),
            intervals => format!("{} of {intervals} intervals kept", cadence.kept),
        };
        let of = cadence.member.as_ref().map(|member| format!("{member}: ")).unwrap_or_default();
        report.detail("Cadence", format!("{of}{} {}: {kept}", cadence.rel_type, cadence.cadence));
    }
    if let Some(time) = deadline_time(calendar) {
        report.detail("Deadline time", time);
    }
}

/// The time at which days are over, and where, if the plan states a time zone.
fn deadline_time(calendar: &Calendar) -> Option<String> {
    let zone = calendar.time_zone.as_ref()?;
    Some(format!("{} {zone}", calendar.deadline_time.as_deref().unwrap_or("24:00")))
}

/// Names the members of a workspace whose dates are not on the calendar.
fn missing(calendar: &Calendar, report: &mut Report) {
    for absent in &calendar.missing {
        let text = Line::from("Member ").code(absent.member.as_str());
        report.callout(Tone::Unknown, text.and(format!(" is not on this calendar: {}.", absent.reason)));
    }
}

fn overdue(calendar: &Calendar, report: &mut Report) {
    for item in &calendar.overdue {
        let days = calendar.today.signed_duration_since(item.day).num_days();
        let plural = if days == 1 { "" } else { "s" };
        report.callout(
            Tone::Bad,
            Line::prose(&item.what)
                .and(format!(" was due {}, {days} day{plural} ago", item.day.format("%a %Y-%m-%d"))),
        );
    }
}

fn conflicts(calendar: &Calendar, report: &mut Report) {
    if calendar.conflicts.is_empty() {
        return;
    }
    report.chapter("Conflicts");
    report.push(Checklist { items: calendar.conflicts.iter().map(conflict).collect() });
}

fn conflict(conflict: &Conflict) -> Checked {
    let tone = match conflict.rule {
        "release-in-freeze" => Tone::Bad,
        "release-before-day-off" => Tone::Neutral,
        _ => Tone::Attention,
    };
    let place = conflict.places.first().map(|at| Line::new().code(&*at.place));
    Checked {
        proof: place,
        next: Some(Line::prose(&conflict.help)),
        ..Checked::new(tone, Line::id(&*conflict.id).and(": ").prose_too(&conflict.message))
    }
}

/// The months in which something happens, from the first day of the range on.
fn months(calendar: &Calendar, report: &mut Report) {
    let days = marked_days(calendar);
    let mut months: Vec<(i32, u32)> = days.iter().map(|day| (day.date.year(), day.date.month())).collect();
    months.dedup();
    if !months.is_empty() {
        report.chapter("Months");
    }
    for (year, month) in months.into_iter().take(MOST_MONTHS) {
        let Some(of) = NaiveDate::from_ymd_opt(year, month, 1) else { continue };
        let own = days.iter().filter(|day| (day.date.year(), day.date.month()) == (year, month));
        report.push(Month { of, days: own.cloned().collect() });
    }
}

/// The days of the range on which something happens, or nobody works.
pub(crate) fn marked_days(calendar: &Calendar) -> Vec<MonthDay> {
    let mut days: BTreeMap<NaiveDate, MonthDay> = BTreeMap::new();
    let marks = Marks::of(calendar);
    let shown = |day: &NaiveDate| *day >= calendar.from && calendar.to.is_none_or(|to| *day <= to);
    for item in &calendar.agenda {
        let off = matches!(item.kind, ItemKind::Freeze | ItemKind::Holiday);
        for day in days_of(item).filter(shown) {
            // A freeze is named where it begins, and again in every month that it reaches into.
            let again = item.kind == ItemKind::Freeze && (day.day() == 1 || day == calendar.from);
            let named = day == item.day || again;
            if !named && !off {
                continue;
            }
            let entry =
                days.entry(day).or_insert_with(|| MonthDay { date: day, off: false, marks: Vec::new() });
            entry.off |= off;
            entry.marks.extend(named.then(|| (tone(calendar, &marks, item), item.what.clone())));
        }
    }
    days.into_values().collect()
}

/// The days of an item; a freeze of a century is cut.
fn days_of(item: &Item) -> impl Iterator<Item = NaiveDate> {
    let until = item.until.unwrap_or(item.day);
    item.day.iter_days().take_while(move |day| *day <= until).take(3660)
}

fn agenda(calendar: &Calendar, report: &mut Report) {
    report.chapter("Agenda");
    if calendar.agenda.is_empty() {
        report.text(format!("No dates from {} on.", calendar.from));
    }
    // A calendar without events is one, too, for programs that keep calendars.
    report.push(events(calendar));
    if calendar.left_out > 0 {
        report.text(format!("{} more are hidden by `--next`.", calendar.left_out));
    }
}

/// What is due in the range, by day.
pub(crate) fn events(calendar: &Calendar) -> Events {
    let marks = Marks::of(calendar);
    let events = calendar.agenda.iter().map(|item| event(calendar, &marks, item)).collect();
    let caption = if calendar.agenda.is_empty() { "" } else { "Dates by day" };
    Events { caption: caption.to_owned(), events }
}

fn event(calendar: &Calendar, marks: &Marks<'_>, item: &Item) -> Event {
    let until = item.until.unwrap_or(item.day);
    let end = until.checked_add_days(Days::new(1)).unwrap_or(until);
    let parts: Vec<String> = deadline(calendar, item).into_iter().chain(item.detail.clone()).collect();
    Event {
        uid: format!("{}@{}.relplan", mask(&item.key).replace(char::is_whitespace, "-"), calendar.plan),
        when: When::Days { start: item.day, end },
        summary: item.what.clone(),
        description: parts.join("; "),
        categories: std::iter::once(item.kind.word().to_owned()).chain(item.release.clone()).collect(),
        tone: tone(calendar, marks, item),
    }
}

/// Until when on its day something must be done. What merely happens, such as a release that goes out,
/// has no such time.
fn deadline(calendar: &Calendar, item: &Item) -> Option<String> {
    let binds = matches!(item.kind, ItemKind::Approval | ItemKind::Communication | ItemKind::Milestone);
    let time = item.own_deadline.clone().or_else(|| deadline_time(calendar));
    let time = time.filter(|_| binds && item.deadline.is_some())?;
    Some(format!("until {time}"))
}

/// What an item means: whatever is in the way of something needs attention.
fn tone(calendar: &Calendar, marks: &Marks<'_>, item: &Item) -> Tone {
    let release = item.release.as_deref();
    let conflict = release.and_then(|release| marks.conflicts.get(&(item.day, release)));
    let is_over = release.is_some_and(|release| marks.over.contains(release));
    match item.kind {
        ItemKind::Freeze => Tone::Attention,
        _ if conflict.is_some_and(|rule| *rule == "release-in-freeze") => Tone::Bad,
        ItemKind::Milestone | ItemKind::Release if conflict.is_some() => Tone::Attention,
        ItemKind::Approval => Tone::Unknown,
        ItemKind::Action | ItemKind::Due | ItemKind::Review | ItemKind::FlagExpiry | ItemKind::Rehearsal
            if item.day < calendar.today =>
        {
            Tone::Bad
        }
        _ if is_over && item.until.unwrap_or(item.day) <= calendar.today => Tone::Good,
        _ => Tone::Neutral,
    }
}

/// What the meaning of items depends on.
struct Marks<'c> {
    /// The rule of the first conflict of a release on a day.
    conflicts: FxHashMap<(NaiveDate, &'c str), &'static str>,
    /// The releases that are out, so that what belongs to them is done.
    over: FxHashSet<&'c str>,
}

impl<'c> Marks<'c> {
    fn of(calendar: &'c Calendar) -> Self {
        let mut conflicts = FxHashMap::default();
        for conflict in &calendar.conflicts {
            conflicts.entry((conflict.day, conflict.id.as_str())).or_insert(conflict.rule);
        }
        let over = calendar.releases.iter().filter(|release| release.over);
        Marks { conflicts, over: over.map(|release| release.id.as_str()).collect() }
    }
}

fn timeline(calendar: &Calendar, report: &mut Report) {
    let shown = |release: &&Release| {
        let support = release.support.iter().filter_map(|phase| phase.until);
        let last = release.milestones.iter().map(|milestone| milestone.day).chain(support).max();
        last.is_some_and(|last| last >= calendar.from)
            && release.milestones.first().is_some_and(|first| calendar.to.is_none_or(|to| first.day <= to))
    };
    let mut sections: Vec<Section> =
        calendar.releases.iter().filter(shown).map(|release| section(release, calendar.today)).collect();
    let freezes =
        calendar.freezes.iter().map(|freeze| bar(&freeze.name, freeze.from, freeze.to, Tone::Attention));
    let freezes: Vec<TimelineBar> = freezes.collect();
    if !freezes.is_empty() {
        sections.push(Section { title: "Freezes".to_owned(), bars: freezes, milestones: Vec::new() });
    }
    report.chapter("Timeline");
    let caption = "Releases and freezes".to_owned();
    report.push(Timeline { caption, today: Some(calendar.today), sections });
}

fn section(release: &Release, today: NaiveDate) -> Section {
    // What is still to come is not done, whatever became of the release.
    let tone = |last: NaiveDate| if release.over && last <= today { Tone::Good } else { Tone::Neutral };
    let milestones = release.milestones.iter().map(|milestone| Milestone {
        label: milestone.title(),
        on: milestone.day,
        tone: tone(milestone.day),
    });
    let first = release.milestones.first().map(|milestone| milestone.day);
    let preparing = first.zip(release.date).filter(|(first, date)| first < date);
    let preparing = preparing.map(|(first, date)| bar("Preparation", first, date, tone(date)));
    let rollout = release.date.zip(release.rolled_out).filter(|(date, last)| date < last);
    let rollout = rollout.map(|(date, last)| bar("Rollout", date, last, tone(last)));
    let support = release.support.iter().filter_map(|phase| {
        let (from, until) = (phase.from?, phase.until?);
        (from < until).then(|| bar(&format!("{} support", phase.phase), from, until, tone(until)))
    });
    Section {
        title: format!("{} {}", release.id, release.name),
        bars: preparing.into_iter().chain(rollout).chain(support).collect(),
        milestones: milestones.collect(),
    }
}

fn bar(label: &str, start: NaiveDate, last: NaiveDate, tone: Tone) -> TimelineBar {
    let end = last.checked_add_days(Days::new(1)).unwrap_or(last);
    TimelineBar { label: label.to_owned(), start, end, tone }
}

/// What coordinated releases are made of.
fn deliverables(calendar: &Calendar, report: &mut Report) {
    let coordinated = calendar.releases.iter().filter(|release| !release.deliverables.is_empty());
    let mut coordinated = coordinated.peekable();
    if coordinated.peek().is_some() {
        report.chapter("Deliverables");
    }
    for release in coordinated {
        report.push(deliverables_of(release));
    }
}

/// The deliverables of a release, each with its version, team and state.
pub(super) fn deliverables_of(release: &Release) -> Table {
    let caption = format!("Deliverables of {} {}", release.id, release.name);
    let mut table = Table::new(caption, &["Deliverable", "Version", "Team", "Status", "Due", "Branch"]);
    let or_dash = |text: Option<&str>| Cell::from(text.unwrap_or("–").to_owned());
    for deliverable in &release.deliverables {
        let tone = match deliverable.status {
            Some("ready" | "released") => Some(Tone::Good),
            Some("dropped") => None,
            _ => Some(Tone::Attention),
        };
        let version = deliverable.version.as_deref();
        table.row([
            Cell::from(deliverable.name.as_str()),
            Cell {
                tone: version.is_none().then_some(Tone::Unknown),
                text: version.unwrap_or("no version").into(),
            },
            or_dash(deliverable.team.as_deref()),
            Cell { tone, text: deliverable.status.unwrap_or("no status").into() },
            or_dash(deliverable.due.map(|due| due.format("%a %Y-%m-%d").to_string()).as_deref()),
            or_dash(deliverable.branch.as_deref()),
        ]);
    }
    table
}

/// Which releases are supported, in which phase and how long.
fn support(calendar: &Calendar, report: &mut Report) {
    let is_stated = |release: &&Release| {
        let named = release.channel.is_some() || release.branch.is_some();
        named || !release.support.is_empty() || release.end_of_life.is_some()
    };
    let releases: Vec<&Release> = calendar.releases.iter().filter(is_stated).collect();
    if releases.is_empty() {
        return;
    }
    report.chapter("Support");
    let today = calendar.today;
    let columns = ["Release", "Channel", "Branch", "Phase today", "Next phase", "End of life"];
    let mut table = Table::new(format!("Support on {today}"), &columns);
    let day = |day: NaiveDate| day.format("%a %Y-%m-%d").to_string();
    let or_dash = |text: Option<&str>| Cell::from(text.unwrap_or("–").to_owned());
    for release in releases {
        let next = release.support.iter().filter_map(|phase| Some((phase.from?, phase.phase)));
        let next = next.filter(|(from, _)| *from > today).min_by_key(|(from, _)| *from);
        let (tone, phase) = phase_on(release, today);
        table.row([
            Cell::from(format!("{} {}", release.id, release.name)),
            or_dash(release.channel.as_deref()),
            or_dash(release.branch.as_deref()),
            Cell { tone, text: phase.into() },
            or_dash(next.map(|(from, phase)| format!("{phase} from {}", day(from))).as_deref()),
            or_dash(release.end_of_life.map(day).or_else(|| open_end(release)).as_deref()),
        ]);
    }
    report.push(table);
}

/// The phase of support on a day, in a word.
fn phase_on(release: &Release, today: NaiveDate) -> (Option<Tone>, String) {
    let phase = release.support.iter().find(|phase| phase.covers(today)).map(|phase| phase.phase);
    let is_out = release.date.is_some_and(|date| date <= today);
    match (release.end_of_life, phase) {
        (Some(end), _) if end <= today => (Some(Tone::Bad), "end of life".to_owned()),
        _ if !is_out => (None, "not released".to_owned()),
        (_, Some(phase)) => (Some(Tone::Good), phase.to_owned()),
        (_, None) if release.support.is_empty() => (Some(Tone::Good), "supported".to_owned()),
        (_, None) => (Some(Tone::Attention), "no phase".to_owned()),
    }
}

/// What is written for an end that has no day yet: `n+3`.
fn open_end(release: &Release) -> Option<String> {
    release.support.last()?.until_stated.clone()
}

fn trains(calendar: &Calendar, report: &mut Report) {
    let trains: Vec<_> = calendar.trains.iter().filter(|train| !train.departures.is_empty()).collect();
    if trains.is_empty() {
        return;
    }
    report.chapter("Release trains");
    let mut table = Table::new("Next departures", &["Train", "Cadence", "Release", "Day", "Note"]);
    for train in trains {
        for departure in &train.departures {
            let freeze = departure.freeze.as_ref().map(|freeze| format!("in the freeze `{freeze}`"));
            let off = departure.day_off.as_ref().map(|off| format!("falls on {off}"));
            let remark = freeze.or(off);
            let tone = remark.as_ref().map(|_| Tone::Attention);
            table.row([
                Cell::from(train.name.as_str()),
                Cell::from(train.cadence.as_str()),
                Cell::from(departure.name.as_str()),
                Cell::from(departure.day.format("%a %Y-%m-%d").to_string()),
                Cell { tone, text: remark.unwrap_or_default().into() },
            ]);
        }
    }
    report.push(table);
}
