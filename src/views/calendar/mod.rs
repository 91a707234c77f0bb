//! The release calendar: what is due when, what is overdue, and what gets in the way of what.

mod agenda;

use chrono::{NaiveDate, TimeDelta};
use schemars::JsonSchema;
use serde::Serialize;

use crate::config::Config;
use crate::config::calendar::{Deadline, zone_name};
use crate::model::cadence::full_name;
use crate::model::rel::{Approval, Communication, RelType};
use crate::model::{Choice, EntryIndex, Plan, Text};
use crate::schedule::{self, ConflictKind, Departure, Milestone, Planned, Schedule, Source};
use crate::source::{SourceMap, Span};

/// Which part of the calendar is wanted.
#[derive(Debug, Clone, Default)]
pub struct Range {
    /// The first day; without it, today.
    pub from: Option<NaiveDate>,
    /// The last day; without it, all that is known.
    pub to: Option<NaiveDate>,
    /// At most so many things.
    pub next: Option<usize>,
    /// Only this release.
    pub release: Option<EntryIndex>,
}

/// The output of `relplan calendar --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan calendar --format json")]
pub struct Calendar {
    /// The version of this format: 1.
    pub version: u32,
    /// The day that the plan is looked at.
    pub today: NaiveDate,
    /// The first day of the agenda.
    pub from: NaiveDate,
    /// The last day of the agenda, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// The time zone of the deadlines, if the plan states one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The time at which a day is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_time: Option<String>,
    /// The days of the week on which people work.
    pub working_days: Vec<&'static str>,
    /// The releases, by id, whatever the range.
    pub releases: Vec<Release>,
    /// What should have been done before today and was not, the oldest first.
    pub overdue: Vec<Item>,
    /// What is due in the range, by day.
    pub agenda: Vec<Item>,
    /// How many things of the range `--next` left out.
    pub left_out: usize,
    /// The freezes that touch the range, by day.
    pub freezes: Vec<Freeze>,
    /// The holidays that touch the range, by day.
    pub holidays: Vec<Holiday>,
    /// The release trains and their coming departures.
    pub trains: Vec<Train>,
    /// What gets in the way of what, by day, whatever the range.
    pub conflicts: Vec<Conflict>,
    /// What else there is to know about the calendar.
    pub notes: Vec<String>,
}

/// A release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Release {
    /// Its id.
    pub id: String,
    /// Its version, or its title, or its id.
    pub name: String,
    /// Its title.
    pub title: String,
    /// How large it is.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub rel_type: Option<&'static str>,
    /// The day on which it goes out, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// The last day of its rollout, if it has a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolled_out: Option<NaiveDate>,
    /// How far it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Whether it is out, taken back or cancelled.
    pub over: bool,
    /// Its milestones that have a day, by day.
    pub milestones: Vec<MilestoneDay>,
    /// Who is told what when.
    pub communications: Vec<Said>,
    /// Who must approve it, or did.
    pub approvals: Vec<Approved>,
}

/// A milestone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MilestoneDay {
    /// Its name: one of the seven, or what the plan calls it.
    pub name: String,
    /// The day on which it is.
    pub day: NaiveDate,
    /// The day before it moved to a working day, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<NaiveDate>,
    /// The moment at which its day is over, if the plan states a time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// What it is counted by, as written.
    pub when: String,
    /// Who says so: `release`, `relplan.toml` or `usual`.
    pub stated_by: &'static str,
}

/// A communication.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Said {
    /// What is said.
    pub name: String,
    /// To whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// By which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// When, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The day, if it can be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// The moment at which its day is over, if the plan states a time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// Whether it is what is usual, because the release states none.
    pub usual: bool,
}

/// An approval.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Approved {
    /// The role that approves.
    pub role: String,
    /// Who did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// The day on which it is needed, if it can be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// The moment at which that day is over, if the plan states a time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// Whether it was given.
    pub given: bool,
}

/// What an item of the agenda is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// A freeze begins.
    Freeze,
    /// Nobody works.
    Holiday,
    /// An approval is needed.
    Approval,
    /// A milestone of a release.
    Milestone,
    /// A release goes out.
    Release,
    /// A train departs.
    Train,
    /// Somebody is told something.
    Communication,
}

impl ItemKind {
    /// The word that people read.
    pub fn word(self) -> &'static str {
        match self {
            ItemKind::Freeze => "freeze",
            ItemKind::Holiday => "holiday",
            ItemKind::Approval => "approval",
            ItemKind::Milestone => "milestone",
            ItemKind::Release => "release",
            ItemKind::Train => "train",
            ItemKind::Communication => "communication",
        }
    }
}

/// Something on a day.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Item {
    /// A name that stays when the day or the words change.
    pub key: String,
    /// Its day, or the first of several.
    pub day: NaiveDate,
    /// The last of several days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// What kind of thing it is.
    pub kind: ItemKind,
    /// What it is, in a few words.
    pub what: String,
    /// The id of the release that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// More about it: to whom, why, moved from where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The moment at which its day is over, if the plan states a time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
}

/// A freeze.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Freeze {
    /// What it is called.
    pub name: String,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The environments that it is about; all if there are none.
    pub environments: Vec<String>,
    /// Families whose entries may not be due in it either.
    pub families: Vec<String>,
}

/// A holiday.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Holiday {
    /// What it is called.
    pub name: String,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
}

/// A release train.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Train {
    /// What it is called.
    pub name: String,
    /// How often it comes.
    pub cadence: String,
    /// Its coming departures that the plan does not hold as releases, by day.
    pub departures: Vec<Departing>,
}

/// A coming departure of a train.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Departing {
    /// Its day.
    pub day: NaiveDate,
    /// Its version, or the name and number of the train.
    pub name: String,
    /// Why nobody works on that day, if nobody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_off: Option<String>,
    /// The freeze that it falls into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freeze: Option<String>,
    /// Its milestones, if its type is known, by day.
    pub milestones: Vec<MilestoneDay>,
}

/// Something that gets in the way of something else.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Conflict {
    /// The rule of `relplan check` that reports it.
    pub rule: &'static str,
    /// The release or other entry that it is about.
    pub id: String,
    /// The day that it is about.
    pub day: NaiveDate,
    /// What it is.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where: `file:line:column` and what stands there; the first is the one to change.
    pub places: Vec<At>,
}

/// A place of a conflict.
#[derive(Debug, Serialize, JsonSchema)]
pub struct At {
    /// `file:line:column`.
    pub place: String,
    /// What stands there.
    pub text: String,
}

/// The communications of a release that states none (seed: communication strategy, process standards).
const USUAL_COMMUNICATIONS: [(&str, &str, i64); 3] = [
    ("Announcement", "4 weeks before", -28),
    ("Notice of the rollout", "48 hours before", -2),
    ("Summary", "2 weeks after", 14),
];

/// What a calendar is made from.
struct Maker<'m> {
    plan: &'m Plan<'m>,
    config: &'m Config,
    sources: &'m SourceMap,
    schedule: Schedule<'m>,
}

/// The calendar of a plan.
pub fn calendar(
    plan: &Plan<'_>,
    config: &Config,
    sources: &SourceMap,
    today: NaiveDate,
    range: &Range,
) -> Calendar {
    let schedule = Schedule::new(plan, config);
    let maker = Maker { plan, config, sources, schedule };
    let settings = &config.calendar;
    let from = maker.from(today, range);
    let mut calendar = Calendar {
        version: 1,
        today,
        from,
        to: range.to,
        time_zone: settings.zone.map(|zone| zone_name(zone.value).to_owned()),
        deadline_time: settings.deadline.map(|deadline| deadline.value.to_string()),
        working_days: settings.working_days.iter(chrono::Weekday::Mon).map(full_name).collect(),
        releases: maker.chosen(range).map(|planned| maker.release(planned)).collect(),
        overdue: Vec::new(),
        agenda: Vec::new(),
        left_out: 0,
        freezes: maker.freezes(from, range.to),
        holidays: Vec::new(),
        trains: if range.release.is_none() { maker.trains(from, range.to) } else { Vec::new() },
        conflicts: maker.conflicts(today, range),
        notes: maker.notes(range),
    };
    agenda::fill(&mut calendar, &maker.schedule, range);
    calendar
}

impl<'m> Maker<'m> {
    /// The first day of the agenda: stated, or today, or for all of one release its first milestone.
    fn from(&self, today: NaiveDate, range: &Range) -> NaiveDate {
        let whole = range.release.is_some() && range.next.is_none();
        let first = || {
            let mut chosen = self.chosen(range).filter(|_| whole);
            let first = chosen.next()?.milestones.first()?.day;
            Some(first.min(today))
        };
        range.from.or_else(first).unwrap_or(today)
    }

    fn chosen(&self, range: &Range) -> impl Iterator<Item = &Planned<'m>> {
        let wanted = range.release;
        self.schedule.releases.iter().filter(move |planned| wanted.is_none_or(|index| index == planned.index))
    }

    fn release(&self, planned: &Planned<'m>) -> Release {
        let release = planned.release;
        Release {
            id: planned.entry.id.value.to_string(),
            name: planned.name(),
            title: planned.entry.title().to_owned(),
            rel_type: release.rel_type().map(Choice::word),
            date: release.date.map(|date| date.value),
            rolled_out: planned.window.map(|(_, last)| last),
            status: release.status.map(|status| status.value.word().to_owned()),
            over: release.is_over(),
            milestones: planned.milestones.iter().map(|milestone| self.milestone(milestone)).collect(),
            communications: self.communications(planned),
            approvals: release.approvals.iter().map(|approval| self.approved(planned, approval)).collect(),
        }
    }

    fn milestone(&self, milestone: &Milestone<'_>) -> MilestoneDay {
        MilestoneDay {
            name: milestone.name.to_string(),
            day: milestone.day,
            moved_from: Some(milestone.planned).filter(|planned| *planned != milestone.day),
            deadline: self.deadline(milestone.day),
            when: milestone.when.to_string(),
            stated_by: match milestone.source {
                Source::Release(_) => "release",
                Source::Config(_) => "relplan.toml",
                Source::Usual => "usual",
            },
        }
    }

    /// The moment at which a day is over, in UTC (RFC 3339).
    fn deadline(&self, day: NaiveDate) -> Option<String> {
        let zone = self.config.calendar.zone?.value;
        let time = self.config.calendar.deadline.map_or(Deadline::END_OF_DAY, |deadline| deadline.value);
        Some(time.moment(day, zone)?.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    fn freezes(&self, from: NaiveDate, to: Option<NaiveDate>) -> Vec<Freeze> {
        let touching = |freeze: &&crate::config::calendar::Freeze| {
            freeze.to >= from && to.is_none_or(|to| freeze.from <= to)
        };
        let mut freezes: Vec<_> = self.config.calendar.freezes.iter().filter(touching).collect();
        freezes.sort_by_key(|freeze| (freeze.from, freeze.to, &freeze.name));
        let plain = |freeze: &crate::config::calendar::Freeze| Freeze {
            name: freeze.name.clone(),
            from: freeze.from,
            to: freeze.to,
            reason: freeze.reason.clone(),
            environments: freeze.environments.clone(),
            families: freeze.families.iter().map(ToString::to_string).collect(),
        };
        freezes.into_iter().map(plain).collect()
    }

    fn trains(&self, from: NaiveDate, to: Option<NaiveDate>) -> Vec<Train> {
        let trains = self.config.calendar.trains.iter().map(|train| {
            let departures = schedule::departures(train, from).into_iter();
            let coming = departures.filter(|departure| to.is_none_or(|to| departure.day <= to));
            let unknown = coming.filter(|departure| !self.is_planned(departure));
            Train {
                name: train.name.clone(),
                cadence: train.cadence.to_string(),
                departures: unknown.map(|departure| self.departing(&train.name, &departure)).collect(),
            }
        });
        trains.collect()
    }

    /// Whether the plan holds a departure as a release: by its version, or by its day.
    fn is_planned(&self, departure: &Departure) -> bool {
        let version = departure.version.as_deref();
        let by_version = version.is_some_and(|version| self.plan.release(version).is_some());
        let mut dates = self.schedule.releases.iter().filter_map(|planned| planned.release.date);
        by_version || dates.any(|date| date.value == departure.day)
    }

    fn departing(&self, train: &str, departure: &Departure) -> Departing {
        let settings = &self.config.calendar;
        let name = departure.version.clone().unwrap_or_else(|| format!("{train} {}", departure.number));
        let milestones = departure.rel_type.map(|rel_type| {
            schedule::placed_by_type(Some(rel_type), settings, &self.schedule.working, departure.day)
        });
        let freeze = settings.freezes.iter().find(|freeze| {
            freeze.from <= departure.day && departure.day <= freeze.to && freeze.environments.is_empty()
        });
        Departing {
            day: departure.day,
            name,
            day_off: self.schedule.working.day_off(departure.day).map(|off| off.to_string()),
            freeze: freeze.map(|freeze| freeze.name.clone()),
            milestones: milestones.iter().flatten().map(|milestone| self.milestone(milestone)).collect(),
        }
    }

    fn conflicts(&self, today: NaiveDate, range: &Range) -> Vec<Conflict> {
        let chosen = range.release.map(|index| self.plan.entry(index).id.value);
        let all = self.schedule.conflicts(self.plan, self.config, today);
        let concerns = |conflict: &&schedule::Conflict<'_>| {
            let other = match &conflict.kind {
                ConflictKind::SharedEnvironment { other, .. } => Some(*other),
                _ => None,
            };
            chosen.is_none_or(|id| conflict.id == id || other == Some(id))
        };
        let conflicts = all.iter().filter(concerns).map(|conflict| Conflict {
            rule: conflict.kind.rule(),
            id: conflict.id.to_string(),
            day: conflict.day,
            message: conflict.to_string(),
            help: conflict.kind.help(),
            places: conflict.places.iter().map(|place| self.at(place.span, &place.text)).collect(),
        });
        conflicts.collect()
    }

    fn at(&self, span: Span, text: &str) -> At {
        let (file, start) = (self.sources.file(span.file).name(), self.sources.start(span));
        At { place: format!("{file}:{}:{}", start.line, start.column), text: text.to_owned() }
    }

    /// What a release states and what is on no day of the agenda: nothing is left out in silence.
    fn without_day(&self, planned: &Planned<'_>) -> Vec<String> {
        let id = planned.entry.id.value;
        let Some(date) = planned.release.date else { return Vec::new() };
        let lost = schedule::unplaced(planned.release, &self.config.calendar, date.value);
        let mut notes: Vec<String> =
            lost.iter().map(|(name, when, _)| format!("{id}: `{name}` has no day: `{when}`")).collect();
        let said = self.communications(planned).into_iter().filter(|said| said.day.is_none());
        notes.extend(said.map(|said| {
            let when = said.when.map_or_else(|| "it says no `when`".to_owned(), |when| format!("`{when}`"));
            format!("{id}: {} has no day: {when}", said.name)
        }));
        for approval in &planned.release.approvals {
            let Approved { role, due, given, .. } = self.approved(planned, approval);
            if let (Some(stated), None, false) = (&approval.due, due, given) {
                notes.push(format!("{id}: the approval by {role} has no day: `{}`", stated.value));
            }
        }
        notes
    }

    fn notes(&self, range: &Range) -> Vec<String> {
        let mut notes = Vec::new();
        for planned in self.chosen(range).filter(|planned| !planned.release.is_over()) {
            if planned.release.date.is_none() {
                notes.push(format!(
                    "{} has no date, so only what it states as days is known",
                    planned.entry.id.value
                ));
            }
        }
        for planned in self.chosen(range).filter(|planned| !planned.release.is_over()) {
            notes.extend(self.without_day(planned));
        }
        let usual = |planned: &Planned<'_>, name| {
            planned.milestone(name).is_some_and(|milestone| milestone.source == Source::Usual)
        };
        let both = |planned: &&Planned<'_>| {
            !planned.release.is_over() && usual(planned, "alpha") && usual(planned, "feature_complete")
        };
        // The methodology contradicts itself here, and who relies on it should know.
        if self.chosen(range).any(|planned| both(&planned)) {
            notes.push(
                "the usual offsets plan alpha a week before feature complete, and beta on the day of code freeze, \
                 although the gates run the other way; `[calendar.milestones.TYPE]` states better ones"
                    .to_owned(),
            );
        }
        notes
    }
}

impl Maker<'_> {
    /// Who is told what: as the release says, or as is usual for its type.
    fn communications(&self, planned: &Planned<'_>) -> Vec<Said> {
        let stated = &planned.release.communications;
        match stated.is_empty() {
            true => self.usual_communications(planned),
            false => stated.iter().map(|communication| self.said(planned, communication)).collect(),
        }
    }

    fn said(&self, planned: &Planned<'_>, communication: &Communication<'_>) -> Said {
        let text = |text: &Option<Text<'_>>| text.as_ref().map(|text| text.value.to_string());
        let day = communication.when.as_ref().and_then(|when| planned.day_of(when));
        Said {
            name: text(&communication.name).unwrap_or_else(|| "Communication".to_owned()),
            audience: text(&communication.audience),
            channel: text(&communication.channel),
            when: text(&communication.when),
            day,
            deadline: day.and_then(|day| self.deadline(day)),
            usual: false,
        }
    }

    /// A hotfix cannot be announced, and a patch is not planned four weeks ahead.
    fn usual_communications(&self, planned: &Planned<'_>) -> Vec<Said> {
        let fits = |days: i64| match planned.release.rel_type() {
            Some(RelType::Hotfix) => days > 0,
            Some(RelType::Patch) => days > -7,
            _ => true,
        };
        let date = planned.release.date.map(|date| date.value);
        let usual = USUAL_COMMUNICATIONS.into_iter().filter(|(.., days)| fits(*days));
        let said = |(name, when, days): (&str, &str, i64)| {
            let day = date.and_then(|date| date.checked_add_signed(TimeDelta::days(days)));
            Said {
                name: name.to_owned(),
                audience: None,
                channel: None,
                when: Some(when.to_owned()),
                day,
                deadline: day.and_then(|day| self.deadline(day)),
                usual: true,
            }
        };
        usual.map(said).collect()
    }

    fn approved(&self, planned: &Planned<'_>, approval: &Approval<'_>) -> Approved {
        let release = planned.release.date.map(|date| date.value);
        let due = approval.due.as_ref().map_or(release, |due| planned.day_of(due));
        Approved {
            role: approval.role.as_ref().map_or_else(|| "somebody".to_owned(), |role| role.value.to_string()),
            by: approval.by.as_ref().map(|by| by.value.to_string()),
            on: approval.on.map(|on| on.value),
            due,
            deadline: due.and_then(|due| self.deadline(due)),
            given: approval.on.is_some() || approval.by.is_some(),
        }
    }
}
