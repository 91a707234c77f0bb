//! Makes the calendar of a plan.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Approved, CadenceKept, Calendar, Conflict, ConflictPlace, Freeze, MilestoneDay, PlannedDeliverable,
    Range, Release, SupportDays, Train, UpcomingTrainRun, agenda, dates,
};
use crate::config::Config;
use crate::config::calendar::{Deadline, time_zone, zone_name};
use crate::model::cadence::full_name;
use crate::model::deliverable::Deliverable;
use crate::model::milestone::MilestoneRecord;
use crate::model::{Choice, Entry, Id, Plan, Text};
use crate::schedule::{
    self, ConflictKind, HYPERCARE_END, Lifecycle, Milestone, PhaseDays, Planned, Schedule, Source, TrainRun,
    lifecycles,
};
use crate::source::{SourceMap, Span};
use crate::views::incidents::{ActionLinks, ActionView, IncidentView, actions_from, release_of};

/// What a calendar is made from.
pub(super) struct CalendarBuilder<'m> {
    plan: &'m Plan<'m>,
    config: &'m Config,
    sources: &'m SourceMap,
    schedule: Schedule<'m>,
    links: ActionLinks,
    pub(super) today: NaiveDate,
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
    let builder = CalendarBuilder { plan, config, sources, schedule, links: ActionLinks::new(plan), today };
    let settings = &config.calendar;
    let from = builder.from(range);
    let mut calendar = Calendar {
        plan: config.identity.clone(),
        version: 1,
        today,
        from,
        to: range.to,
        time_zone: settings.zone.map(|zone| zone_name(zone.value).to_owned()),
        deadline_time: settings.deadline.map(|deadline| deadline.value.to_string()),
        working_days: settings.working_days.iter(chrono::Weekday::Mon).map(full_name).collect(),
        releases: builder.releases(range),
        overdue: Vec::new(),
        agenda: Vec::new(),
        left_out: 0,
        actions: builder.actions(today, range),
        incidents: builder.incidents(range),
        freezes: builder.freezes(from, range.to),
        holidays: Vec::new(),
        trains: if range.release.is_none() { builder.trains(from, range.to) } else { Vec::new() },
        cadences: builder.cadences(),
        conflicts: builder.conflicts(range),
        notes: builder.notes(range),
        missing: Vec::new(),
        dates: dates::of_entries(plan, config, today, range),
    };
    agenda::fill(&mut calendar, &builder.schedule, range);
    calendar
}

fn delivered(planned: &Planned<'_>, deliverable: &Deliverable<'_>) -> PlannedDeliverable {
    let text = |text: &Option<Text<'_>>| text.as_ref().map(|text| text.value.trim().to_owned());
    let release = planned.release.date.map(|date| date.value);
    PlannedDeliverable {
        name: deliverable.title().to_owned(),
        version: deliverable.version.as_ref().map(|version| version.value.to_string()),
        team: text(&deliverable.team),
        status: deliverable.status.map(|status| status.value.word()),
        due: deliverable.due.as_ref().map_or(release, |due| planned.day_of(due)),
        branch: text(&deliverable.branch),
    }
}

fn supported(phase: &PhaseDays<'_>) -> SupportDays {
    SupportDays {
        phase: phase.phase.word(),
        from: phase.from,
        until: phase.until,
        until_stated: phase.stated.until.as_ref().map(|until| until.value.to_string()),
    }
}

/// A moment as RFC 3339 writes it.
fn in_utc(moment: DateTime<Utc>) -> Option<String> {
    Some(moment.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

impl<'m> CalendarBuilder<'m> {
    /// The first day of the agenda: stated, or today, or for all of one release its first milestone.
    fn from(&self, range: &Range) -> NaiveDate {
        let whole = range.release.is_some() && range.next.is_none();
        let first = || {
            let mut chosen = self.chosen(range).filter(|_| whole);
            let first = chosen.next()?.milestones.first()?.day;
            Some(first.min(self.today))
        };
        range.from.or_else(first).unwrap_or(self.today)
    }

    fn chosen(&self, range: &Range) -> impl Iterator<Item = &Planned<'m>> {
        let wanted = range.release;
        self.schedule.releases.iter().filter(move |planned| wanted.is_none_or(|index| index == planned.index))
    }

    fn releases(&self, range: &Range) -> Vec<Release> {
        let lifecycles = lifecycles(&self.schedule.releases);
        let all = self.schedule.releases.iter().zip(&lifecycles);
        let chosen = all.filter(|(planned, _)| range.release.is_none_or(|index| index == planned.index));
        chosen.map(|(planned, lifecycle)| self.release(planned, lifecycle)).collect()
    }

    fn release(&self, planned: &Planned<'m>, lifecycle: &Lifecycle<'_>) -> Release {
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
            deliverables: release
                .deliverables
                .iter()
                .map(|deliverable| delivered(planned, deliverable))
                .collect(),
            channel: release.channel.as_ref().map(|channel| channel.value.to_string()),
            branch: release.branch.as_ref().map(|branch| branch.value.to_string()),
            support: lifecycle.phases.iter().map(supported).collect(),
            end_of_life: lifecycle.end.map(|(end, _)| end).filter(|_| lifecycle.is_stated()),
            milestones: planned.milestones.iter().map(|milestone| self.milestone(milestone)).collect(),
            communications: self.communications(planned),
            approvals: release.approvals.iter().map(|approval| self.approved(planned, approval)).collect(),
        }
    }

    /// The open actions with a due date: all, or those that follow from one release or are to be done in it.
    fn actions(&self, today: NaiveDate, range: &Range) -> Vec<ActionView> {
        let plan = self.plan;
        let all = plan.actions().filter(|(entry, action)| action.is_open() && entry.due().is_some());
        let mut actions: Vec<ActionView> = match range.release {
            None => {
                all.map(|(entry, action)| ActionView::new(plan, &self.links, entry, action, today)).collect()
            }
            Some(release) => {
                let of = all.filter(|(entry, _)| release_of(plan, entry) == Some(release));
                let of = of.map(|(entry, action)| ActionView::new(plan, &self.links, entry, action, today));
                let from = actions_from(plan, &self.links, release, today).into_iter();
                of.chain(from.filter(|action| action.is_open() && action.due.is_some())).collect()
            }
        };
        actions.sort_by(|one, other| (one.due, &one.id).cmp(&(other.due, &other.id)));
        actions.dedup_by(|one, other| one.id == other.id);
        actions
    }

    /// The incidents that have a time of detection: all, or those of one release.
    fn incidents(&self, range: &Range) -> Vec<IncidentView> {
        let plan = self.plan;
        let is_wanted =
            |entry: &Entry<'_>| range.release.is_none_or(|release| release_of(plan, entry) == Some(release));
        let all = plan.incidents().filter(|(entry, one)| one.detected.is_some() && is_wanted(entry));
        all.map(|(entry, incident)| IncidentView::new(plan, &self.links, entry, incident)).collect()
    }

    fn milestone(&self, milestone: &Milestone<'m>) -> MilestoneDay {
        let record = milestone.record();
        let of = |field: for<'r> fn(&'r MilestoneRecord<'_>) -> Option<&'r str>| {
            record.and_then(field).map(|text| text.trim().to_owned())
        };
        MilestoneDay {
            name: milestone.name.to_string(),
            day: milestone.day,
            until: milestone.until,
            moved_from: Some(milestone.planned).filter(|planned| *planned != milestone.day),
            deadline: self.deadline_of(milestone),
            when: milestone.when.to_string(),
            stated_by: match milestone.source {
                Source::Release(_) => "release",
                Source::Config(_) => "relplan.toml",
                Source::Default => super::BY_DEFAULT,
            },
            title: of(|record| record.title.as_ref().map(|text| &*text.value))
                .or_else(|| milestone.is_hypercare.then(|| HYPERCARE_END.to_owned())),
            version: milestone.stated.and_then(|stated| Some(stated.version.as_ref()?.value.to_string())),
            owner: of(|record| record.owner.as_ref().map(|text| &*text.value)),
            time_zone: of(|record| record.time_zone.as_ref().map(|text| &*text.value)),
            deadline_time: of(|record| record.deadline_time.as_ref().map(|text| &*text.value)),
            actual: record.and_then(|record| Some(record.actual?.value)),
            delay: milestone.delay(),
            gate: of(|record| record.gate.as_ref().map(|text| &*text.value)),
            approvals: record.map_or_else(Vec::new, |record| {
                record.approvals.iter().map(|role| role.value.to_string()).collect()
            }),
            branch: of(|record| record.branch.as_ref().map(|text| &*text.value)),
            tag: of(|record| record.tag.as_ref().map(|text| &*text.value)),
            note: of(|record| record.note.as_ref().map(|text| &*text.value)),
        }
    }

    /// The moment at which the day of a milestone is over, in its own zone and at its own time where it has them.
    fn deadline_of(&self, milestone: &Milestone<'_>) -> Option<String> {
        let settings = &self.config.calendar;
        let record = milestone.record();
        let zone = record.and_then(|record| time_zone(&record.time_zone.as_ref()?.value));
        let time = record.and_then(|record| Deadline::parse(&record.deadline_time.as_ref()?.value));
        let zone = zone.or(settings.zone.map(|zone| zone.value))?;
        let time = time.or(settings.deadline.map(|time| time.value)).unwrap_or(Deadline::END_OF_DAY);
        in_utc(time.moment(milestone.day, zone)?)
    }

    /// The moment at which a day is over, in UTC (RFC 3339).
    pub(super) fn deadline(&self, day: NaiveDate) -> Option<String> {
        let zone = self.config.calendar.zone?.value;
        let time = self.config.calendar.deadline.map_or(Deadline::END_OF_DAY, |deadline| deadline.value);
        in_utc(time.moment(day, zone)?)
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
            begins_at: freeze.begins_at().map(|time| time.format("%H:%M").to_string()),
            ends_at: freeze.ends_at().map(|time| time.format("%H:%M").to_string()),
            environments: freeze.environments.iter().map(|name| name.value.clone()).collect(),
            families: freeze.families.iter().map(|family| family.value.to_string()).collect(),
        };
        freezes.into_iter().map(plain).collect()
    }

    fn trains(&self, from: NaiveDate, to: Option<NaiveDate>) -> Vec<Train> {
        let trains = self.config.calendar.trains.iter().map(|train| {
            let departures = schedule::departures(train, from).into_iter();
            let coming = departures.filter(|departure| to.is_none_or(|to| departure.day <= to));
            let unknown = coming.filter(|departure| !self.schedule.has(departure, self.plan));
            Train {
                name: train.name.clone(),
                cadence: train.cadence.to_string(),
                departures: unknown.map(|departure| self.departing(&train.name, &departure)).collect(),
            }
        });
        trains.collect()
    }

    fn departing(&self, train: &str, departure: &TrainRun) -> UpcomingTrainRun {
        let settings = &self.config.calendar;
        let name = departure.version.clone().unwrap_or_else(|| format!("{train} {}", departure.number));
        let milestones = departure.rel_type.map(|rel_type| {
            schedule::placed_by_type(Some(rel_type), settings, &self.schedule.working, departure.day)
        });
        let freeze = settings
            .freezes
            .iter()
            .find(|freeze| freeze.covers(departure.day) && freeze.environments.is_empty());
        UpcomingTrainRun {
            day: departure.day,
            name,
            day_off: self.schedule.working.day_off(departure.day).map(|off| off.to_string()),
            freeze: freeze.map(|freeze| freeze.name.clone()),
            milestones: milestones.iter().flatten().map(|milestone| self.milestone(milestone)).collect(),
        }
    }

    fn cadences(&self) -> Vec<CadenceKept> {
        let all = schedule::adherence(&self.schedule.releases, &self.config.calendar);
        let kept = all.iter().map(|adherence| CadenceKept {
            member: None,
            rel_type: adherence.rel_type.word(),
            cadence: adherence.cadence.value.to_string(),
            intervals: adherence.intervals,
            kept: adherence.intervals - adherence.late.len(),
        });
        kept.collect()
    }

    fn conflicts(&self, range: &Range) -> Vec<Conflict> {
        let chosen = range.release.map(|index| self.plan.entry(index).id.value);
        let all = self.schedule.conflicts(self.plan, self.config, self.today);
        let concerns = |conflict: &&schedule::Conflict<'_>| {
            let others: &[Id] = match &conflict.kind {
                ConflictKind::SharedEnvironment { others, .. } => others,
                _ => &[],
            };
            chosen.is_none_or(|id| conflict.id == id || others.contains(&id))
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

    fn at(&self, span: Span, text: &str) -> ConflictPlace {
        let (file, start) = (self.sources.file(span.file).name(), self.sources.start(span));
        ConflictPlace { place: format!("{file}:{}:{}", start.line, start.column), text: text.to_owned() }
    }

    /// What a release states and what is on no day of the agenda: nothing is left out in silence.
    fn without_day(&self, planned: &Planned<'_>) -> Vec<String> {
        let id = planned.entry.id.value;
        let Some(date) = planned.release.date else { return Vec::new() };
        let lost = schedule::unplaced(planned.release, &self.config.calendar, date.value);
        let mut notes: Vec<String> =
            lost.iter().map(|(name, when, _)| format!("{id}: `{name}` has no date: `{when}`")).collect();
        let said = self.communications(planned).into_iter().filter(|said| said.day.is_none());
        notes.extend(said.map(|said| {
            let when = said.when.map_or_else(|| "no `when`".to_owned(), |when| format!("`{when}`"));
            format!("{id}: {} has no date: {when}", said.name)
        }));
        for approval in &planned.release.approvals {
            let Approved { role, due, given, .. } = self.approved(planned, approval);
            if let (Some(stated), None, false) = (&approval.due, due, given) {
                notes.push(format!("{id}: the approval by {role} has no date: `{}`", stated.value));
            }
        }
        notes
    }

    fn notes(&self, range: &Range) -> Vec<String> {
        let mut notes = Vec::new();
        for planned in self.chosen(range).filter(|planned| !planned.release.is_over()) {
            if planned.release.date.is_none() {
                notes.push(format!("{} has no date: only absolute dates are shown", planned.entry.id.value));
            }
        }
        for planned in self.chosen(range).filter(|planned| !planned.release.is_over()) {
            notes.extend(self.without_day(planned));
        }
        let usual = |planned: &Planned<'_>, name| {
            planned.milestone(name).is_some_and(|milestone| milestone.source == Source::Default)
        };
        let both = |planned: &&Planned<'_>| {
            !planned.release.is_over() && usual(planned, "alpha") && usual(planned, "feature_complete")
        };
        // The methodology contradicts itself here, and who relies on it should know.
        if self.chosen(range).any(|planned| both(&planned)) {
            notes.push(
                "the default offsets put alpha a week before feature complete, and beta on the day of code freeze; set your own in `[calendar.milestones.TYPE]`"
                    .to_owned(),
            );
        }
        notes
    }
}
