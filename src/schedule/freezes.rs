//! When deployments and merges are frozen, as moments: the freezes of the calendar, and the code freeze of each release
//! that has not shipped.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::train_run::departures;
use super::{Milestone, Planned, Schedule, milestone, placed_by_type};
use crate::config::calendar::{
    Boundary, CalendarSettings, Deadline, Freeze, Train, boundary, is_branch, is_branch_of, time_zone,
};
use crate::model::rel::gate;
use crate::model::{EntryIndex, Id, Plan, Text, id, same_folded};

/// A freeze with its first and last moment.
#[derive(Debug)]
pub struct FreezeWindow<'p> {
    /// Where it comes from, and what it covers.
    pub source: FreezeSource<'p>,
    /// From when on it applies.
    pub from: DateTime<Utc>,
    /// Until when; absent if nobody knows.
    pub until: Option<DateTime<Utc>>,
}

/// Where a freeze comes from.
#[derive(Debug, Clone, Copy)]
pub enum FreezeSource<'p> {
    /// From `[[calendar.freezes]]`.
    Calendar(&'p Freeze),
    /// From the milestone `code_freeze` of a release. It covers merges to the branch of the release, and to every branch
    /// if the release has none of its own.
    CodeFreeze {
        /// The release.
        release: EntryIndex,
        /// Its branch.
        branch: Option<&'p str>,
    },
    /// From the milestone `code_freeze` that `relplan.toml` states for the type of the releases of a train. It covers merges to
    /// every branch.
    Train {
        /// The train.
        train: &'p Train,
        /// The day on which it departs.
        departs: NaiveDate,
    },
}

/// What is to happen, and where: what is not stated may be anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Change<'c> {
    /// The branch that is merged to.
    pub branch: Option<&'c str>,
    /// The environment that is deployed to, as the plan knows it.
    pub environment: Option<&'c ChangedEnvironment>,
}

/// An environment that is deployed to.
#[derive(Debug, Clone)]
pub struct ChangedEnvironment {
    /// What it is called.
    pub name: String,
    /// The entries that describe it; several may have one name.
    pub ids: Vec<Id>,
}

/// Whether a freeze covers a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coverage {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It names an environment that the plan does not describe, and could mean this one.
    Unknown(String),
}

impl FreezeSource<'_> {
    /// Whether it covers a change. A deployment is no merge: where only one of branch and environment is stated, only what
    /// covers that is asked.
    pub fn covers(&self, change: Change<'_>, plan: &Plan<'_>) -> Coverage {
        let yes = |covers: bool| if covers { Coverage::Yes } else { Coverage::No };
        match self {
            FreezeSource::Calendar(freeze) => {
                let everything = freeze.branches.is_empty() && freeze.environments.is_empty();
                let nothing_stated = change.branch.is_none() && change.environment.is_none();
                let to_branch = change.branch.is_some_and(|branch| is_branch_of(branch, &freeze.branches));
                if everything || nothing_stated || to_branch {
                    return Coverage::Yes;
                }
                change.environment.map_or(Coverage::No, |environment| deploys_to(freeze, environment, plan))
            }
            FreezeSource::Train { .. } => yes(change.branch.is_some() || change.environment.is_none()),
            FreezeSource::CodeFreeze { branch: own, .. } => yes(match (change.branch, own) {
                (Some(branch), Some(own)) => is_branch(branch, own),
                (Some(_), None) => true,
                (None, _) => change.environment.is_none(),
            }),
        }
    }
}

fn deploys_to(freeze: &Freeze, environment: &ChangedEnvironment, plan: &Plan<'_>) -> Coverage {
    let mut unknown = None;
    for wanted in freeze.environments.iter().map(|wanted| wanted.value.trim()) {
        let entry =
            id::parse(wanted).ok().and_then(|id| plan.find(id)).map(|index| plan.entry(index).id.value);
        if same_folded(wanted, &environment.name) || entry.is_some_and(|id| environment.ids.contains(&id)) {
            return Coverage::Yes;
        }
        let is_described = entry.is_some_and(|id| plan.environments().any(|(other, _)| other.id.value == id))
            || plan.environments().any(|(_, other)| {
                other.name.as_ref().is_some_and(|name| same_folded(name.value.trim(), wanted))
            });
        // Where the plan describes none, the names of the freezes are all there is.
        if !is_described && plan.environments().next().is_some() {
            unknown = Some(wanted.to_owned());
        }
    }
    unknown.map_or(Coverage::No, Coverage::Unknown)
}

/// All freezes, by their beginnings; of the trains those of the departures that are still to come at a moment.
pub fn freeze_windows<'p>(
    schedule: &Schedule<'p>,
    plan: &Plan<'_>,
    settings: &'p CalendarSettings,
    (at, zone): (DateTime<Utc>, Tz),
) -> Vec<FreezeWindow<'p>> {
    let calendar = settings.freezes.iter().filter_map(|freeze| {
        let (from, until) = freeze.moments(zone)?;
        Some(FreezeWindow { source: FreezeSource::Calendar(freeze), from, until: Some(until) })
    });
    let of_releases = schedule.releases.iter().filter_map(|planned| code_freeze(planned, settings, zone));
    let of_trains = train_freezes(schedule, plan, settings, (at, zone));
    let mut windows: Vec<FreezeWindow<'p>> = calendar.chain(of_releases).chain(of_trains).collect();
    windows.sort_by_key(|window| window.from);
    windows
}

/// The code freezes of the coming departures that no release of the plan stands for yet, where `relplan.toml` states one for
/// their type. Whoever keeps to the rhythm of a train is frozen before it has an entry.
fn train_freezes<'p>(
    schedule: &Schedule<'p>,
    plan: &Plan<'_>,
    settings: &'p CalendarSettings,
    (at, zone): (DateTime<Utc>, Tz),
) -> Vec<FreezeWindow<'p>> {
    let today = at.with_timezone(&zone).date_naive();
    let deadline = settings.deadline.as_ref().map_or(Deadline::END_OF_DAY, |deadline| deadline.value);
    let mut windows = Vec::new();
    for train in &settings.trains {
        for run in departures(train, today).iter().filter(|run| !schedule.has(run, plan)) {
            let milestones = placed_by_type(run.rel_type, settings, &schedule.working, run.day);
            let frozen = milestone::find(&milestones, CODE_FREEZE).filter(|milestone| milestone.is_stated());
            let moments = || {
                let from = deadline.moment(frozen?.day, zone)?;
                let end = run.day.succ_opt()?.and_time(NaiveTime::MIN);
                Some((from, boundary(end, zone, Boundary::End)?))
            };
            windows.extend(moments().map(|(from, until)| FreezeWindow {
                source: FreezeSource::Train { train, departs: run.day },
                from,
                until: Some(until),
            }));
        }
    }
    windows
}

/// The code freezes that are stated and have no day: it cannot be read, counts from what has none, or from a release
/// without a date. Whether they apply is not known.
pub fn undated_code_freezes<'p>(
    schedule: &Schedule<'p>,
    settings: &'p CalendarSettings,
    zone: Tz,
) -> Vec<FreezeSource<'p>> {
    let is_code_freeze = |name: &str| gate(name) == Some(CODE_FREEZE);
    let undated = schedule.releases.iter().filter(|planned| {
        let own = planned.release.milestones.iter().find(|own| is_code_freeze(&own.name.value));
        let is_none = |text: &str| same_folded(text.trim(), "none");
        let is_stated = match own {
            Some(own) => !own.when.as_ref().is_some_and(|when| is_none(&when.value)),
            None => settings.milestones.iter().any(|default| {
                Some(default.rel_type) == planned.release.rel_type()
                    && is_code_freeze(&default.name.value)
                    && !is_none(&default.when.value)
            }),
        };
        is_stated && !planned.release.is_over() && code_freeze(planned, settings, zone).is_none()
    });
    undated.map(|planned| source_of(planned)).collect()
}

/// The milestone from which on code is frozen.
const CODE_FREEZE: &str = "code_freeze";

fn source_of<'p>(planned: &Planned<'p>) -> FreezeSource<'p> {
    let branch = planned.release.branch.as_ref().map(|branch: &Text<'p>| &*branch.value);
    FreezeSource::CodeFreeze { release: planned.index, branch }
}

/// The code freeze of a release, if the release or the configuration states one: from the deadline of its milestone
/// until the release has shipped. When that will be, nobody knows; the end of its last planned day is what the plan says.
fn code_freeze<'p>(planned: &Planned<'p>, settings: &CalendarSettings, zone: Tz) -> Option<FreezeWindow<'p>> {
    if planned.release.is_over() {
        return None;
    }
    let milestone = planned.milestone(CODE_FREEZE).filter(|milestone| milestone.is_stated())?;
    let record = milestone.record();
    let own = |text: &Option<Text<'_>>| text.as_ref().map(|text| text.value.to_string());
    let own_zone = record.and_then(|record| own(&record.time_zone)).and_then(|zone| time_zone(&zone));
    let own_deadline = record.and_then(|record| own(&record.deadline_time));
    let deadline = own_deadline.and_then(|time| Deadline::parse(&time));
    let deadline = deadline.or_else(|| settings.deadline.as_ref().map(|deadline| deadline.value));
    // A freeze that came early is in force from that day on.
    let actual = record.and_then(|record| record.actual).map(|actual| actual.value);
    let day = actual.map_or(milestone.day, |actual| actual.min(milestone.day));
    let from = deadline.unwrap_or(Deadline::END_OF_DAY).moment(day, own_zone.unwrap_or(zone))?;
    let last = |milestone: &Milestone<'_>| milestone.until.unwrap_or(milestone.day);
    let until = planned.milestone("production").and_then(|production| {
        boundary(last(production).succ_opt()?.and_time(NaiveTime::MIN), zone, Boundary::End)
    });
    Some(FreezeWindow { source: source_of(planned), from, until })
}
