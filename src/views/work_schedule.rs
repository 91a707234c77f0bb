//! The open work of a release on the working calendar, so that no team does more than it can: starts and ends, the
//! critical path and the critical chain, floats, buffers, and what is late.

use chrono::{Days, NaiveDate};
use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::Serialize;

use super::forecast::ReleaseDates;
use super::open_work::{Impossible, OpenWork, Viewpoint, WhatIf, name};
use super::scope::scope;
use crate::graph::Release;
use crate::leveling::{self, Placement, Project, Reason, Resource, Violation};
use crate::model::duration::Duration;
use crate::model::{Kind, id};
use crate::network::{Capacity, CriticalPath};

/// The output of `relplan schedule --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan schedule --format json")]
pub struct WorkSchedule {
    /// What tells the plan from all others; part of the UIDs of its dates.
    #[serde(skip)]
    pub plan: String,
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it was made.
    pub day: NaiveDate,
    /// The release that it is about; absent if it is about all that are still to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// Why there is no schedule; absent if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_schedule: Option<String>,
    /// The planned release date; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_date: Option<NaiveDate>,
    /// The day on which all work is complete; absent if there is no schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete: Option<NaiveDate>,
    /// The same with the buffer behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buffered: Option<NaiveDate>,
    /// The day on which the release can follow the work with its buffer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_follows: Option<NaiveDate>,
    /// The work, by start.
    pub items: Vec<ScheduledItem>,
    /// The longest path of dependencies, from its beginning, as if people were always free.
    pub critical_path: Vec<String>,
    /// The work that decides about the end, from its beginning, through dependencies and through people.
    pub critical_chain: Vec<String>,
    /// The buffer behind the critical chain; absent if there is no work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buffer: Option<Buffer>,
    /// The phases of the rollout, counted from the release date or from the day on which the release can follow, if that is
    /// later.
    pub phases: Vec<Phase>,
    /// What was assumed where the plan says nothing.
    pub assumptions: Vec<String>,
}

/// Whether a release can follow its work by its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// The release has no date.
    NoDate,
    /// It can follow by its date.
    OnTime {
        /// The date.
        planned: NaiveDate,
    },
    /// It can follow later only.
    Late {
        /// The date.
        planned: NaiveDate,
        /// When it can follow.
        follows: NaiveDate,
        /// The days between them.
        days: u64,
    },
    /// It can follow on no day that is known.
    TooFar {
        /// The date.
        planned: NaiveDate,
    },
}

impl WorkSchedule {
    /// Whether the release can follow its work by its date.
    pub fn outlook(&self) -> Outlook {
        let Some(planned) = self.release_date else { return Outlook::NoDate };
        let Some(follows) = self.release_follows else { return Outlook::TooFar { planned } };
        match u64::try_from((follows - planned).num_days()) {
            Ok(days @ 1..) => Outlook::Late { planned, follows, days },
            _ => Outlook::OnTime { planned },
        }
    }
}

/// A piece of work on the calendar.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScheduledItem {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The team that does it; absent if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Its first day.
    pub start: NaiveDate,
    /// Its last day.
    pub end: NaiveDate,
    /// The working days that it takes.
    pub days: f64,
    /// How many working days later it may end without moving the end of all work, as if people were always free.
    pub float: f64,
    /// Whether it is on the critical chain.
    pub critical: bool,
    /// Its due date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// How many days after its due date it ends; absent if it is not late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<i64>,
    /// Why it does not start earlier.
    pub reason: String,
}

/// The buffer behind a critical chain.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Buffer {
    /// The root of the sum of the squares of (pessimistic − expected) along the chain, in working days.
    pub root_sum_square: f64,
    /// Half of the chain, in working days.
    pub half_chain: f64,
}

/// A phase of the rollout.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Phase {
    /// What it is called.
    pub name: String,
    /// Its first day.
    pub start: NaiveDate,
    /// Its last day.
    pub end: NaiveDate,
}

/// Steps of a working day: hours.
const STEPS: u32 = 8;

/// How much work one search may take: the sum of all durations times the number of schedules.
const MOST_WORK: u64 = 4_000_000;

/// Makes the schedule of a release.
pub fn work_schedule(at: Viewpoint<'_, '_>) -> WorkSchedule {
    made(at).unwrap_or_else(|impossible| WorkSchedule {
        no_schedule: Some(impossible.words()),
        ..blank(at, ReleaseDates::new(at).date())
    })
}

fn blank(at: Viewpoint<'_, '_>, release_date: Option<NaiveDate>) -> WorkSchedule {
    WorkSchedule {
        plan: at.config.identity.clone(),
        version: 1,
        day: at.today,
        release: at.selection.release.clone(),
        no_schedule: None,
        release_date,
        complete: None,
        buffered: None,
        release_follows: None,
        items: Vec::new(),
        critical_path: Vec::new(),
        critical_chain: Vec::new(),
        buffer: None,
        phases: Vec::new(),
        assumptions: Vec::new(),
    }
}

fn made(at: Viewpoint<'_, '_>) -> Result<WorkSchedule, Impossible> {
    let scope = scope(at.plan, at.graph, at.selection, at.today);
    let work = OpenWork::new(at, &scope, &WhatIf::default())?;
    let dates = ReleaseDates::new(at);
    let mut made = blank(at, dates.date());
    let project = project(&work);
    let known = (work.days.len() as u64).saturating_mul(u64::from(STEPS));
    if project.shortest() > known {
        return Err(Impossible::TooLong);
    }
    let total: u64 = project.activities.iter().map(|activity| u64::from(activity.duration) + 8).sum();
    let schedules = u32::try_from((MOST_WORK / total.max(1)).clamp(40, 5_000)).unwrap_or(40);
    let found = leveling::schedule(&project, leveling::Effort { schedules, seed: 1 });
    let (placed, steps) = (&found.placed, found.end());
    let day = |step: u32| work.days.get((step / STEPS) as usize).copied();
    let complete = last_day(&work.days, steps).ok_or(Impossible::TooLong)?;
    if let Some(violation) = leveling::verify(&project, &found).first() {
        return Err(Impossible::NotVerified(violation_words(at, &work, *violation)));
    }
    let days: Vec<f64> = (0..work.entries.len())
        .map(|index| f64::from(project.activities[index].duration) / f64::from(STEPS))
        .collect();
    let path = CriticalPath::new(&work.network, &days).map_err(|cycle| {
        Impossible::Cycle(cycle.activities.iter().map(|index| name(at.plan, work.entries[*index])).collect())
    })?;
    let order = by_start(placed);
    let reasons = leveling::reasons(&project, &found);
    let chain = chain(&project, placed, &reasons);
    let on_chain: FxHashSet<usize> = chain.iter().copied().collect();
    let ids = |indices: &[usize]| indices.iter().map(|index| name(at.plan, work.entries[*index])).collect();
    made.critical_chain = ids(&chain);
    let mut critical: Vec<usize> =
        (0..days.len()).filter(|index| path.floats[*index].is_critical() && days[*index] > 0.0).collect();
    critical
        .sort_by(|a, b| path.floats[*a].early_start.total_cmp(&path.floats[*b].early_start).then(a.cmp(b)));
    made.critical_path = ids(&critical);
    let buffer = buffer(&work, &chain, &days);
    made.buffer = (!chain.is_empty()).then_some(buffer);
    made.complete = Some(complete);
    let with_buffer = steps + (buffer.root_sum_square * f64::from(STEPS)).ceil() as u32;
    made.buffered = last_day(&work.days, with_buffer);
    made.release_follows = made.buffered.and_then(|day| dates.follows(at.config, day));
    for &index in &order {
        let (Some(start), Some(end)) = (day(placed[index].start), last_day(&work.days, placed[index].finish))
        else {
            continue;
        };
        let entry = at.plan.entry(work.entries[index]);
        let end = end.max(start);
        let due = entry.due().map(|due| due.value);
        made.items.push(ScheduledItem {
            id: name(at.plan, work.entries[index]),
            title: entry.title().to_owned(),
            team: work.network.activities[index].team.map(|team| work.teams[team].clone()),
            start,
            end,
            days: days[index],
            float: (path.floats[index].total() * 10.0).round() / 10.0,
            critical: on_chain.contains(&index),
            due,
            late: due.map(|due| (end - due).num_days()).filter(|days| *days > 0),
            reason: reason(at, &work, reasons[index], start),
        });
    }
    made.assumptions = work.assumptions;
    made.phases = phases(at, &dates, made.release_follows, &mut made.assumptions);
    Ok(made)
}

/// What the verifier found, with the work that it is about.
fn violation_words(at: Viewpoint<'_, '_>, work: &OpenWork, violation: Violation) -> String {
    let named = |index: usize| name(at.plan, work.entries[index]);
    let day = |step: u32| {
        let day = work.days.get((step / STEPS) as usize);
        day.map_or_else(|| "an unknown day".to_owned(), NaiveDate::to_string)
    };
    let team = |resource: usize| work.teams.get(resource / 2).map_or("a team", String::as_str).to_owned();
    match violation {
        Violation::Duration(index) => format!("{} does not take its duration", named(index)),
        Violation::Pause(index, step) => format!("{} pauses on {}", named(index), day(step)),
        Violation::TooEarly(index) => format!("{} begins before its start date", named(index)),
        Violation::Dependency(index, before) => {
            format!("{} begins before {} is complete", named(index), named(before))
        }
        Violation::Overload(resource, step) => format!("{} does too much on {}", team(resource), day(step)),
    }
}

/// The last day of work that ends with a step; the first day, if there is no work.
fn last_day(days: &[NaiveDate], finish: u32) -> Option<NaiveDate> {
    days.get((finish.saturating_sub(1) / STEPS) as usize).copied()
}

/// The open work in hours, at expected durations: people and the work in progress limit of each team are resources.
fn project(work: &OpenWork) -> Project {
    let hours = |days: f64| (days * f64::from(STEPS) - 1e-6).ceil().max(0.0) as u32;
    let activities = work.network.activities.iter().enumerate().map(|(index, activity)| {
        let demands = activity.team.map_or_else(Vec::new, |team| {
            let capacity = &work.network.teams[team];
            let people = (2 * team, activity.people.min(capacity.people).max(1));
            std::iter::once(people).chain(capacity.wip_limit.map(|_| (2 * team + 1, 1))).collect()
        });
        leveling::Activity {
            duration: hours(work.network.days(index, activity.effort.expected())),
            after: activity.after.iter().map(|before| (before.activity, hours(before.lag))).collect(),
            demands,
            not_before: activity.not_before as u32 * STEPS,
        }
    });
    let resources = work.network.teams.iter().flat_map(|team| [people(team), limit(team)]);
    Project { activities: activities.collect(), resources: resources.collect() }
}

fn people(team: &Capacity) -> Resource {
    let present = team.present.iter().flat_map(|people| std::iter::repeat_n(*people, STEPS as usize));
    Resource { capacity: team.people, available: present.collect() }
}

fn limit(team: &Capacity) -> Resource {
    Resource { capacity: team.wip_limit.unwrap_or(u32::MAX), available: Vec::new() }
}

fn by_start(placed: &[Placement]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..placed.len()).collect();
    order.sort_by_key(|index| (placed[*index].start, placed[*index].finish, *index));
    order
}

/// From the activity that ends last back through what each waited for.
fn chain(project: &Project, placed: &[Placement], reasons: &[Reason]) -> Vec<usize> {
    let mut chain = Vec::new();
    let mut known: FxHashSet<usize> = FxHashSet::default();
    // Who gives a resource back in which step; the first in the list.
    let mut releases: FxHashMap<(usize, u32), Vec<usize>> = FxHashMap::default();
    for (index, (activity, placement)) in project.activities.iter().zip(placed).enumerate() {
        for (resource, _) in &activity.demands {
            releases.entry((*resource, placement.finish)).or_default().push(index);
        }
    }
    let mut at = (0..placed.len()).max_by_key(|index| (placed[*index].finish, std::cmp::Reverse(*index)));
    while let Some(index) = at.filter(|index| known.insert(*index)) {
        chain.push(index);
        at = match reasons[index] {
            Reason::Dependency(before) => Some(before),
            Reason::Resource(resource) => {
                let before = releases.get(&(resource, placed[index].start));
                before.and_then(|before| before.iter().copied().find(|other| *other != index))
            }
            Reason::Free | Reason::NotBefore => None,
        };
    }
    chain.retain(|index| project.activities[*index].duration > 0);
    chain.reverse();
    chain
}

fn buffer(work: &OpenWork, chain: &[usize], days: &[f64]) -> Buffer {
    let reserve = |index: &usize| {
        let effort = work.network.activities[*index].effort;
        work.network.days(*index, effort.pessimistic - effort.expected()).powi(2)
    };
    let rounded = |days: f64| (days * 10.0).round() / 10.0;
    Buffer {
        root_sum_square: rounded(chain.iter().map(reserve).sum::<f64>().sqrt()),
        half_chain: rounded(chain.iter().map(|index| days[*index]).sum::<f64>() / 2.0),
    }
}

fn reason(at: Viewpoint<'_, '_>, work: &OpenWork, reason: Reason, start: NaiveDate) -> String {
    match reason {
        Reason::Free if start > at.today => "starts on the next working day".to_owned(),
        Reason::Free => "starts today".to_owned(),
        Reason::NotBefore => "start date".to_owned(),
        Reason::Dependency(before) => {
            format!("waits for {} until {start}", name(at.plan, work.entries[before]))
        }
        Reason::Resource(resource) => {
            let team = work.teams.get(resource / 2).map_or("", String::as_str);
            match resource % 2 {
                0 => format!("waits for people of {team} until {start}"),
                _ => format!("waits for the work in progress limit of {team} until {start}"),
            }
        }
    }
}

/// The phases of the rollout from the day on which the release can follow its work, or from the release date if that is
/// later; none if it cannot follow on any day that is known.
fn phases(
    at: Viewpoint<'_, '_>,
    dates: &ReleaseDates,
    follows: Option<NaiveDate>,
    assumptions: &mut Vec<String>,
) -> Vec<Phase> {
    let release = at.selection.release.as_ref();
    let index = release.and_then(|release| at.plan.find(id::parse(&release.id).ok()?));
    let Some(Kind::Rel(rel)) = index.map(|index| &at.plan.entry(index).kind) else { return Vec::new() };
    let Some(follows) = follows else { return Vec::new() };
    let mut next = dates.date().map_or(follows, |date| date.max(follows));
    let (mut phases, mut without) = (Vec::new(), Vec::new());
    for phase in &rel.rollout {
        let length = phase.duration.as_ref().and_then(|duration| Duration::parse(&duration.value));
        let name = phase.name.as_ref().map_or_else(|| "Phase".to_owned(), |name| name.value.to_string());
        let days = length.map_or(1, |length| length.millis().div_ceil(86_400_000)).max(1);
        // Nothing is deployed in a freeze.
        let Some(start) = dates.deployable(at.config, next) else { break };
        let Some(after) = start.checked_add_days(Days::new(days)) else { break };
        if length.is_none() {
            without.push(name.clone());
        }
        phases.push(Phase { name, start, end: after.pred_opt().unwrap_or(start) });
        next = after;
    }
    if !without.is_empty() {
        assumptions
            .push(format!("No `duration` of a rollout phase, so a day is assumed: {}.", without.join(", ")));
    }
    phases
}
