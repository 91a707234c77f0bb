//! Rollback triggers on recorded data: what would have fired, and when.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::trigger::engine::labels_text;
use crate::trigger::replay::{Firing, Replay, Sweep, UnknownSpan};
use crate::trigger::{LeftOut, Limit, Trigger};

/// The output of `relplan replay --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan replay --format json")]
pub struct ReplayView {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// How many series were recorded.
    pub series: usize,
    /// How many samples they have.
    pub samples: usize,
    /// The triggers, in the order of their ids.
    pub triggers: Vec<ReplayedTrigger>,
    /// Rollbacks that are not evaluated.
    pub left_out: Vec<NotEvaluated>,
}

/// A trigger on recorded data.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReplayedTrigger {
    /// The rollback entry.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The threshold as relplan reads it.
    pub threshold: String,
    /// The metric.
    pub metric: String,
    /// The expression that is evaluated.
    pub expression: String,
    /// What came of it.
    pub status: ReplayStatus,
    /// Why that is unknown; absent if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The first moment of the evaluation.
    pub from: String,
    /// The last moment.
    pub to: String,
    /// How many seconds lie between two evaluations.
    pub interval_seconds: f64,
    /// How many evaluations there were.
    pub evaluations: usize,
    /// When it fired first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_fired: Option<String>,
    /// Each time that it fired.
    pub firings: Vec<FiringView>,
    /// When it was not known whether its condition is met.
    pub unknown: Vec<UnknownView>,
    /// For how many seconds the condition was met without interruption, at the most.
    pub longest_met_seconds: f64,
    /// The lowest measured value; absent if there is none, or it is infinite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lowest: Option<f64>,
    /// The highest measured value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highest: Option<f64>,
    /// When it would first have fired with other limits and durations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sweep: Option<SweepView>,
}

/// What came of a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplayStatus {
    /// It fired.
    Fired,
    /// It did not fire, and it was known all the time that its condition was not met.
    NotFired,
    /// It did not fire, but the data does not show that it should not have: `reason` says why.
    Unknown,
}

/// A time during which a trigger fired.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FiringView {
    /// The first moment.
    pub from: String,
    /// The last moment; absent if it was still firing at the end of the data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The labels of the series, as PromQL writes them; empty if it has none.
    pub labels: String,
}

/// A time during which it was not known whether a condition is met.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnknownView {
    /// The first moment.
    pub from: String,
    /// The last moment.
    pub to: String,
    /// Why.
    pub reason: &'static str,
}

/// When a trigger would first have fired with other limits and durations.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SweepView {
    /// The durations, in order.
    pub durations: Vec<String>,
    /// One row for each limit.
    pub rows: Vec<SweepRowView>,
}

/// One limit with each duration.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SweepRowView {
    /// The limit as PromQL.
    pub limit: String,
    /// Whether it is that of the plan.
    pub is_planned: bool,
    /// For each duration what would have come of it.
    pub results: Vec<SweepResult>,
}

/// What would have come of one limit and duration.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SweepResult {
    /// When it would have fired first; absent if it would not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_fired: Option<String>,
    /// How often it would have fired.
    pub firings: usize,
}

/// A rollback that is not evaluated.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NotEvaluated {
    /// Which.
    pub id: String,
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub help: String,
}

impl NotEvaluated {
    /// A rollback that cannot be compiled.
    pub fn not_compiled(left_out: LeftOut) -> Self {
        let LeftOut { id, reason, help, .. } = left_out;
        NotEvaluated { id: id.to_string(), reason, help }
    }
}

impl ReplayedTrigger {
    /// What a trigger did.
    pub fn new(
        trigger: &Trigger,
        expression: String,
        grid: crate::trigger::engine::Grid,
        replay: &Replay,
        sweep: Option<Sweep>,
    ) -> Self {
        let reason = reason(trigger, grid, replay).filter(|_| replay.firings.is_empty());
        let status = match &reason {
            _ if !replay.firings.is_empty() => ReplayStatus::Fired,
            Some(_) => ReplayStatus::Unknown,
            None => ReplayStatus::NotFired,
        };
        let finite = |number: f64| Some(number).filter(|number| number.is_finite());
        let first = replay.firings.iter().map(|firing| firing.from).min();
        ReplayedTrigger {
            id: trigger.id.to_string(),
            title: trigger.title.clone(),
            threshold: trigger.reading.clone(),
            metric: trigger.metric.to_string(),
            expression,
            status,
            reason,
            from: moment(grid.start),
            to: moment(grid.time(grid.count.saturating_sub(1))),
            interval_seconds: seconds(grid.step),
            evaluations: grid.count,
            first_fired: first.map(moment),
            firings: replay.firings.iter().map(FiringView::new).collect(),
            unknown: replay.unknown.iter().map(UnknownView::new).collect(),
            longest_met_seconds: seconds(replay.longest_met),
            lowest: replay.range.and_then(|(low, _)| finite(low)),
            highest: replay.range.and_then(|(_, high)| finite(high)),
            sweep: sweep.map(SweepView::new),
        }
    }
}

/// Why it says nothing that a trigger did not fire; nothing if it does.
fn reason(trigger: &Trigger, grid: crate::trigger::engine::Grid, replay: &Replay) -> Option<String> {
    let hold = i64::try_from(trigger.hold.millis()).unwrap_or(i64::MAX);
    let recorded = grid.time(grid.count.saturating_sub(1)) - grid.start;
    let in_words = trigger.hold.in_words();
    if replay.range.is_none() && trigger.limit != Limit::NoData {
        Some(format!("no value of {} was recorded", trigger.metric))
    } else if recorded < hold {
        Some(format!("the recording is shorter than {in_words}"))
    } else if replay.is_unknown {
        let unknown = trigger.unknown_hold().in_words();
        Some(format!("no data, or too little traffic, for {unknown}"))
    } else if replay.longest_known < hold {
        Some(format!("the data has no stretch of {in_words} without a gap"))
    } else {
        None
    }
}

impl FiringView {
    fn new(firing: &Firing) -> Self {
        FiringView {
            from: moment(firing.from),
            to: (!firing.is_open).then(|| moment(firing.to)),
            labels: labels_text(&firing.labels),
        }
    }
}

impl UnknownView {
    fn new(span: &UnknownSpan) -> Self {
        UnknownView { from: moment(span.from), to: moment(span.to), reason: span.reason.words() }
    }
}

impl SweepView {
    fn new(sweep: Sweep) -> Self {
        let rows = sweep.rows.into_iter().map(|row| SweepRowView {
            limit: row.limit,
            is_planned: row.is_planned,
            results: row
                .results
                .into_iter()
                .map(|result| SweepResult {
                    first_fired: result.map(|(first, _)| moment(first)),
                    firings: result.map_or(0, |(_, count)| count),
                })
                .collect(),
        });
        SweepView {
            durations: sweep.durations.iter().map(ToString::to_string).collect(),
            rows: rows.collect(),
        }
    }
}

fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

/// A moment in UTC: `2026-11-20T10:05:00Z`.
fn moment(millis: i64) -> String {
    let time: DateTime<Utc> = DateTime::from_timestamp_millis(millis).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
