//! Floor 4: the plan on the calendar. Where milestones fall, when people work, what departs in a
//! rhythm, and what gets in the way of what.
//!
//! Nothing here knows the day unless it is told.

pub mod cadence;
mod conflict;
mod conflicts;
mod freezes;
pub mod ics;
mod milestone;
mod sent;
mod support;
mod train_run;
mod week;
mod working;

use chrono::{Days, NaiveDate};

use crate::config::Config;
use crate::config::calendar::CalendarSettings;
use crate::model::duration::Duration;
use crate::model::offset::Timing;
use crate::model::rel::{Rel, RelType};
use crate::model::{Entry, EntryIndex, Plan, Text};
use crate::source::{Span, Spanned};

pub use cadence::{Adherence, adherence};
pub use conflict::{Conflict, ConflictKind, Phase, Place};
pub use freezes::{
    Change, ChangedEnvironment, Coverage, FreezeSource, FreezeWindow, freeze_windows, undated_code_freezes,
};
pub use milestone::{
    HYPERCARE_END, Milestone, Source, circle, names_milestone, placed, placed_by_type, unplaced,
};
pub use sent::{EARLIEST_NOTICE, SentState};
pub use support::{HYPERCARE_DAYS, Lifecycle, PhaseDays, lifecycles};
pub use train_run::{TrainRun, departures};
pub use week::{StatedWeek, WrongWeek, wrong_weeks};
pub use working::{DayOff, WorkingCalendar};

/// The releases of a plan on the calendar.
#[derive(Debug)]
pub struct Schedule<'p> {
    /// When people work.
    pub working: WorkingCalendar<'p>,
    /// The releases, in the order of their ids.
    pub releases: Vec<Planned<'p>>,
}

/// A release on the calendar.
#[derive(Debug)]
pub struct Planned<'p> {
    /// Which entry it is.
    pub index: EntryIndex,
    /// The entry.
    pub entry: &'p Entry<'p>,
    /// What it says about itself.
    pub release: &'p Rel<'p>,
    /// Its milestones that have a day, by day, and on one day in the order of the gates.
    pub milestones: Vec<Milestone<'p>>,
    /// The days on which it is rolled out, the first and the last, if its date is known.
    pub window: Option<(NaiveDate, NaiveDate)>,
}

impl<'p> Schedule<'p> {
    /// Puts every release of a plan on the calendar.
    pub fn new(plan: &'p Plan<'p>, config: &'p Config) -> Self {
        let working = WorkingCalendar::new(&config.calendar);
        let planned = |(entry, release): (&'p Entry<'p>, &'p Rel<'p>)| {
            let index = plan.find(entry.id.value)?;
            Some(Planned::new(index, entry, release, &config.calendar, &working))
        };
        let releases = plan.releases().filter_map(planned).collect();
        Schedule { working, releases }
    }

    /// Whether the plan has a release for a departure of a train: by its version, or by its day.
    pub fn has(&self, run: &TrainRun, plan: &Plan<'_>) -> bool {
        let version = run.version.as_deref();
        let by_version = version.is_some_and(|version| plan.release(version).is_some());
        let mut dates = self.releases.iter().filter_map(|planned| planned.release.date);
        by_version || dates.any(|date| date.value == run.day)
    }

    /// Everything that gets in the way of something, by day. What is over or cancelled is let be, and
    /// so is what lies before `today`: nobody can change it any more.
    pub fn conflicts(&self, plan: &Plan<'_>, config: &'p Config, today: NaiveDate) -> Vec<Conflict<'p>> {
        conflicts::all(self, plan, config, today)
    }
}

impl<'p> Planned<'p> {
    /// Puts a release on the calendar.
    pub fn new(
        index: EntryIndex,
        entry: &'p Entry<'p>,
        release: &'p Rel<'p>,
        settings: &'p CalendarSettings,
        working: &WorkingCalendar<'p>,
    ) -> Self {
        let date = release.date.map(|date| date.value);
        let milestones = placed(release, settings, working, date);
        let window =
            date.and_then(|date| Some((date, date.checked_add_days(Days::new(rollout_days(release)))?)));
        Planned { index, entry, release, milestones, window }
    }

    /// The milestone with this name, if it has a day.
    pub fn milestone(&self, name: &str) -> Option<&Milestone<'p>> {
        milestone::find(&self.milestones, name)
    }

    /// The day that a text names: of the calendar, or counted from the release or a milestone of it.
    pub fn day_of(&self, when: &Text<'_>) -> Option<NaiveDate> {
        if let Some(milestone) = self.milestone(&when.value) {
            return Some(milestone.day);
        }
        let date = self.release.date.map(|date| date.value);
        match Timing::parse(&when.value).ok()? {
            Timing::When(when) => Some(when.moment(date)?.date()),
            Timing::Milestone(offset, name) => Some(offset.moment(self.milestone(name)?.day)?.date()),
            Timing::Never => None,
        }
    }

    /// How the entry is called: its version, or else its title, or its id.
    pub fn name(&self) -> String {
        let version = self.release.version.as_ref().map(|version| version.value.to_string());
        let title = self.entry.title.as_ref().map(|title| title.value.to_string());
        version.or(title).unwrap_or_else(|| self.entry.id.value.to_string())
    }
}

/// How many days after the first the rollout ends: the sum of its phases, begun days not counted.
fn rollout_days(release: &Rel<'_>) -> u64 {
    let length = |text: &Text<'_>| Duration::parse(&text.value).map_or(0, Duration::millis);
    let phases = release.rollout.iter().filter_map(|phase| phase.duration.as_ref());
    let total = phases.map(length).fold(0, u64::saturating_add);
    total.div_ceil(DAY).saturating_sub(1)
}

/// A day in milliseconds.
const DAY: u64 = 86_400_000;

/// How long planning and testing of a release type take at least, each with the place that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinimumDurations {
    /// From the day on which a release is entered to feature complete.
    pub planning: Option<(Duration, Option<Span>)>,
    /// From feature complete to the release.
    pub testing: Option<(Duration, Option<Span>)>,
}

/// The most time for a release type: as `[calendar.maximum]` says, and for a hotfix a day of planning and eight hours
/// of testing (seed: release types).
pub fn most(settings: &CalendarSettings, rel_type: RelType) -> MinimumDurations {
    const HOUR: u64 = DAY / 24;
    let stated =
        settings.maximums.iter().rev().find(|(known, _)| *known == rel_type).map(|(_, stated)| stated);
    let is_hotfix = rel_type == RelType::Hotfix;
    let chosen = |stated: Option<Spanned<Duration>>, usual: u64| match stated {
        Some(stated) => Some((stated.value, Some(stated.span))),
        None => is_hotfix.then(|| (Duration::from_millis(usual * HOUR), None)),
    };
    MinimumDurations {
        planning: chosen(stated.and_then(|stated| stated.planning), 24),
        testing: chosen(stated.and_then(|stated| stated.testing), 8),
    }
}

/// The least time for a release type: as `[calendar.minimum]` says, or as is usual (seed: release types).
/// A hotfix cannot wait.
pub fn least(settings: &CalendarSettings, rel_type: RelType) -> MinimumDurations {
    let stated =
        settings.minimums.iter().rev().find(|(known, _)| *known == rel_type).map(|(_, stated)| stated);
    let (planning, testing) = match rel_type {
        RelType::Major => (Some(42), Some(14)),
        RelType::Minor => (Some(21), Some(7)),
        RelType::Patch => (Some(7), Some(3)),
        RelType::Hotfix => (None, None),
    };
    let chosen = |stated: Option<Spanned<Duration>>, usual: Option<u64>| match stated {
        Some(stated) => Some((stated.value, Some(stated.span))),
        None => usual.map(|days| (Duration::from_millis(days * DAY), None)),
    };
    MinimumDurations {
        planning: chosen(stated.and_then(|stated| stated.planning), planning),
        testing: chosen(stated.and_then(|stated| stated.testing), testing),
    }
}
