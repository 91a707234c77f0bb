//! The weekly health report of a release: Green, Yellow or Red by stated rules, progress, delays, and what is to come.

mod signals;

use chrono::{Datelike, Days, NaiveDate};
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::Serialize;

use super::forecast::{Forecast, Record};
use super::go_no_go::GoNoGo;
use super::open_work::Viewpoint;
use super::scope::options::{OptionKind, ScopeOptions, TeamLoads};
use super::scope::{Scope, scope};
use super::work_schedule::{ScheduledItem, WorkSchedule};
use crate::forecast::History;
use crate::graph::Release;
use crate::model::{EntryIndex, Kind, LinkKind, id};
use crate::verdict::entry_state::{EntryState, entry_state};

/// The output of `relplan health --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan health --format json")]
pub struct HealthReport {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release that it is about; absent if it is about all that are still to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The release date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_date: Option<NaiveDate>,
    /// The worst of the signals; an unknown one counts as Yellow.
    pub health: Health,
    /// What it follows from.
    pub signals: Vec<Signal>,
    /// How much is complete.
    pub progress: Vec<Progress>,
    /// What ends after its due date.
    pub delays: Vec<Delay>,
    /// What would make the release date more likely, if it is not likely enough.
    pub scope_changes: Vec<String>,
    /// The work of the rest of this week.
    pub this_week: Vec<WeekItem>,
    /// The work of the next week.
    pub next_week: Vec<WeekItem>,
    /// What needs somebody's help.
    pub support_needed: Vec<Support>,
}

/// How a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// As planned.
    Green,
    /// It needs attention.
    Yellow,
    /// The release date or the release is in danger.
    Red,
}

/// How one aspect of a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignalStatus {
    /// As planned.
    Green,
    /// It needs attention.
    Yellow,
    /// In danger.
    Red,
    /// It cannot be told; counts as Yellow.
    Unknown,
    /// The plan has nothing of the kind; does not count.
    NotApplicable,
}

/// An aspect of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Signal {
    /// What it is.
    pub name: &'static str,
    /// How it is.
    pub status: SignalStatus,
    /// The figures.
    pub reason: String,
    /// The rule.
    pub rule: &'static str,
}

/// How much of something is complete.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Progress {
    /// What is counted.
    pub of: &'static str,
    /// How much is complete.
    pub complete: f64,
    /// How much there is.
    pub total: f64,
    /// How many entries are not counted, because they do not say how much it is or how far.
    pub unknown: usize,
    /// The share, in per cent; absent if there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
}

/// Work that ends after its due date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Delay {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its due date.
    pub due: NaiveDate,
    /// When it ends by the schedule.
    pub end: NaiveDate,
    /// Whether it is on the critical chain.
    pub critical: bool,
}

/// Work in a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WeekItem {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The team that does it; absent if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// What becomes of it in that week.
    pub activity: WeekActivity,
}

/// What becomes of work in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeekActivity {
    /// It begins.
    Starts,
    /// It goes on.
    Continues,
    /// It ends.
    Completes,
}

/// Something that needs somebody's help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Support {
    /// What it is about.
    pub subject: String,
    /// What is needed.
    pub need: String,
    /// Who answers for it, if that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

impl Health {
    /// As people call it.
    pub const fn word(self) -> &'static str {
        match self {
            Health::Green => "Green",
            Health::Yellow => "Yellow",
            Health::Red => "Red",
        }
    }
}

impl SignalStatus {
    /// As people call it.
    pub const fn word(self) -> &'static str {
        match self {
            SignalStatus::Green => "Green",
            SignalStatus::Yellow => "Yellow",
            SignalStatus::Red => "Red",
            SignalStatus::Unknown => "Unknown",
            SignalStatus::NotApplicable => "Not applicable",
        }
    }

    /// What it counts for; nothing if it does not apply.
    pub const fn health(self) -> Option<Health> {
        match self {
            SignalStatus::Green => Some(Health::Green),
            SignalStatus::Yellow | SignalStatus::Unknown => Some(Health::Yellow),
            SignalStatus::Red => Some(Health::Red),
            SignalStatus::NotApplicable => None,
        }
    }
}

/// What the health of a release is told from.
#[derive(Clone, Copy)]
pub struct HealthInputs<'a> {
    /// The judgement.
    pub judged: &'a GoNoGo,
    /// The forecast.
    pub forecast: &'a Forecast,
    /// The schedule.
    pub schedule: &'a WorkSchedule,
    /// The options of the scope.
    pub options: &'a ScopeOptions,
    /// How much work each team has, or why that is not known.
    pub loads: &'a Result<TeamLoads, String>,
    /// The recorded forecasts.
    pub records: &'a [Record],
    /// How many lines of the record of forecasts cannot be read.
    pub unreadable_records: usize,
    /// The history.
    pub history: &'a History,
}

/// The health of a release.
pub fn health(at: Viewpoint<'_, '_>, inputs: HealthInputs<'_>) -> HealthReport {
    let signals = signals::all(at, inputs);
    let health = signals.iter().filter_map(|signal| signal.status.health()).max();
    let scope = scope(at.plan, at.graph, at.selection, at.today);
    let (this_week, next_week) = weeks(at.today, &inputs.schedule.items);
    HealthReport {
        version: 1,
        day: at.today,
        release: at.selection.release.clone(),
        release_date: inputs.schedule.release_date,
        // Where no signal applies, nothing is known to be as planned.
        health: health.unwrap_or(Health::Yellow),
        progress: progress(at, &scope),
        delays: inputs.schedule.items.iter().filter_map(delay).collect(),
        scope_changes: scope_changes(inputs.options),
        this_week,
        next_week,
        support_needed: signals::support(at, inputs),
        signals,
    }
}

fn delay(item: &ScheduledItem) -> Option<Delay> {
    item.late?;
    Some(Delay {
        id: item.id.clone(),
        title: item.title.clone(),
        due: item.due?,
        end: item.end,
        critical: item.critical,
    })
}

/// How many features, work packages and work items are complete.
fn progress(at: Viewpoint<'_, '_>, scope: &Scope) -> Vec<Progress> {
    let of = |of: &'static str, complete: f64, total: f64, unknown: usize| Progress {
        of,
        complete,
        total,
        unknown,
        percent: (total > 0.0).then(|| (complete / total * 1000.0).round() / 10.0),
    };
    let out: FxHashSet<&str> = scope.out_of_scope.iter().map(|out| out.id.as_str()).collect();
    let features = at.plan.indexed().filter(|(index, entry)| {
        entry.id.value.prefix.as_str() == "FEA"
            && at.selection.has(*index)
            && !out.contains(entry.id.value.to_string().as_str())
    });
    let states: Vec<EntryState> = features.map(|(index, _)| feature_state(at, index)).collect();
    let count = |wanted: EntryState| states.iter().filter(|state| **state == wanted).count();
    let (done, unknown) = (count(EntryState::Done), count(EntryState::Unknown));
    let (mut epics, mut complete, mut points, mut points_done) = (0.0, 0.0, 0.0, 0.0);
    let mut without_items = 0;
    for item in &scope.items {
        let index = id::parse(&item.id).ok().and_then(|id| at.plan.find(id));
        let Some(Kind::Epic(epic)) = index.map(|index| &at.plan.entry(index).kind) else { continue };
        let share = match item.is_done() {
            true => 1.0,
            false => epic.progress.map_or(0.0, |progress| progress.value.0 / 100.0),
        };
        epics += 1.0;
        complete += f64::from(u8::from(item.is_done()));
        match epic.items {
            Some(items) => {
                let whole = f64::midpoint(items.value.low, items.value.high);
                points += whole;
                points_done += whole * share;
            }
            None => without_items += 1,
        }
    }
    vec![
        of("Features", done as f64, (states.len() - unknown) as f64, unknown),
        of("EPIC entries", complete, epics, 0),
        of("Work items (points)", (points_done * 10.0).round() / 10.0, points, without_items),
    ]
}

/// The state of a feature: its own, or else that of the work packages that implement it.
fn feature_state(at: Viewpoint<'_, '_>, index: EntryIndex) -> EntryState {
    let own = entry_state(at.plan.entry(index));
    if own != EntryState::Unknown {
        return own;
    }
    let parts = at.graph.incoming(index);
    let parts = parts.filter(|edge| matches!(edge.kind, LinkKind::Implements | LinkKind::PartOf));
    let parts: Vec<EntryState> = parts
        .map(|edge| at.plan.entry(edge.from))
        .filter(|part| matches!(part.kind, Kind::Epic(_)))
        .map(entry_state)
        .collect();
    match parts.as_slice() {
        [] => EntryState::Unknown,
        parts if parts.iter().all(|part| *part == EntryState::Done) => EntryState::Done,
        _ => EntryState::Open,
    }
}

/// The work of the rest of this week and of the next.
fn weeks(today: NaiveDate, items: &[ScheduledItem]) -> (Vec<WeekItem>, Vec<WeekItem>) {
    let after = |day: NaiveDate, days: u64| day.checked_add_days(Days::new(days)).unwrap_or(day);
    let sunday = after(today, u64::from(6 - today.weekday().num_days_from_monday()));
    let week = |from: NaiveDate, to: NaiveDate| {
        let at_work = items.iter().filter(|item| item.start <= to && item.end >= from);
        let shown = at_work.map(|item| WeekItem {
            id: item.id.clone(),
            title: item.title.clone(),
            team: item.team.clone(),
            activity: match () {
                () if item.end <= to => WeekActivity::Completes,
                () if item.start > from => WeekActivity::Starts,
                () => WeekActivity::Continues,
            },
        });
        shown.collect()
    };
    (week(today, sunday), week(after(sunday, 1), after(sunday, 7)))
}

/// What to leave out so that the date is likely enough.
fn scope_changes(options: &ScopeOptions) -> Vec<String> {
    let whole = options.whole_scope_likelihood;
    if options.no_options.is_some() || whole.is_some_and(|whole| whole >= super::scope::options::TARGET) {
        return Vec::new();
    }
    let recommended = options.options.iter().find(|option| option.kind == OptionKind::Recommended);
    let Some(option) = recommended else { return Vec::new() };
    match (&option.unavailable, option.likelihood) {
        (Some(reason), _) => vec![format!("No scope can be recommended: {reason}.")],
        (None, Some(likelihood)) if !option.left_out.is_empty() => {
            let out: Vec<&str> = option.left_out.iter().map(|out| out.id.as_str()).collect();
            let now = whole.map_or_else(|| "unknown".to_owned(), |whole| format!("{whole} %"));
            vec![format!(
                "Leave out {}: the release date becomes {likelihood} % likely instead of {now}.",
                out.join(", ")
            )]
        }
        _ => Vec::new(),
    }
}
