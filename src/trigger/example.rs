//! Input for a unit test of a trigger: series that meet its condition from a known minute on, and only just.
//!
//! A test proves something if it fails once the limit or the duration is another one. So the healthy and the breaching values
//! are searched for on both sides of the limit, as near to it as a few digits allow, and the minutes are those that the
//! evaluator gives.

mod search;
mod sources;
mod timeline;

use super::Trigger;
use super::alert::{State, alerts};
use super::engine::{Engine, Grid, Labels, Series};
use crate::model::duration::Duration;
use crate::model::promql::{Expr, ExprKind};

/// How many samples a unit test may have. Short windows and long durations would need more than anybody wants to keep.
const MOST_SAMPLES: usize = 5_000_000;

/// A unit test of one trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// From sample to sample, and from evaluation to evaluation, in milliseconds.
    pub interval: i64,
    /// The series, each with its samples in the notation of `promtool test rules`.
    pub series: Vec<(Labels, String)>,
    /// What is so at which moment, in the order of time.
    pub moments: Vec<Moment>,
}

/// What the alerts of a trigger are at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// When, in milliseconds from the beginning.
    pub time: i64,
    /// Which alert.
    pub alert: AlertKind,
    /// The labels of each series for which it fires; none if it does not.
    pub firing: Vec<Labels>,
}

/// The alerts of one trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// The condition is met.
    Rollback,
    /// It is not known whether it is met.
    Unknown,
}

/// A unit test of a trigger; nothing if no series were found that meet its condition.
pub fn example(trigger: &Trigger) -> Option<Example> {
    let interval = interval(trigger)?;
    let sources = sources::of(trigger)?;
    let pair = search::pair(trigger, &sources, interval)?;
    let length = timeline::Length::of(trigger, interval);
    let series: usize = sources.iter().map(|source| timeline::parts(source, 0.0).len()).sum();
    if length.total().saturating_mul(series) > MOST_SAMPLES {
        return None;
    }
    let (series, notation) = timeline::series(&sources, &pair, &length, interval);
    let grid = Grid { start: 0, step: interval, count: length.total() };
    let mut moments =
        changes(&series, &trigger.condition(), grid, trigger.hold, trigger.keep_firing, AlertKind::Rollback)?;
    if moments.iter().all(|moment| moment.firing.is_empty()) {
        return None;
    }
    if let Some(unknown) = trigger.unknown() {
        let none = Duration::default();
        moments.extend(changes(&series, &unknown, grid, trigger.unknown_hold(), none, AlertKind::Unknown)?);
    }
    moments.sort_by_key(|moment| (moment.time, moment.alert == AlertKind::Unknown));
    Some(Example { interval, series: notation, moments })
}

/// The moments around each change of an alert: the last before it and the first after it.
fn changes(
    series: &[Series],
    condition: &Expr,
    grid: Grid,
    hold: Duration,
    keep_firing: Duration,
    alert: AlertKind,
) -> Option<Vec<Moment>> {
    let columns = Engine::new(series).vector(condition, grid).ok()?;
    let alerts = alerts(&columns, grid, hold, keep_firing);
    let firing = |index: usize| -> Vec<Labels> {
        let is_firing = alerts.iter().filter(|alert| alert.states[index] == State::Firing);
        is_firing.map(|alert| alert.labels.clone()).collect()
    };
    let mut moments: Vec<Moment> = Vec::new();
    for index in 1..grid.count {
        if firing(index) == firing(index - 1) {
            continue;
        }
        for index in [index - 1, index] {
            let moment = Moment { time: grid.time(index), alert, firing: firing(index) };
            if !moments.contains(&moment) {
                moments.push(moment);
            }
        }
    }
    Some(moments)
}

/// The time between samples: a minute, or less where windows are short, or more where they are very long.
fn interval(trigger: &Trigger) -> Option<i64> {
    const FINE: [i64; 5] = [60_000, 30_000, 15_000, 5_000, 1_000];
    const COARSE: [i64; 5] = [300_000, 900_000, 3_600_000, 21_600_000, 86_400_000];
    const FINEST: i64 = 2_000;
    let span = timeline::Reach::of(trigger).total();
    if let Some(coarse) = COARSE.into_iter().rev().find(|interval| span / interval >= FINEST / 5)
        && span / FINE[0] > FINEST
    {
        return Some(coarse);
    }
    let hold = millis(trigger.hold);
    let shortest = windows(trigger).min().unwrap_or(i64::MAX);
    let fits = |interval: &i64| {
        interval.saturating_mul(2) <= shortest
            && hold % interval == 0
            && millis(trigger.keep_firing) % interval == 0
    };
    FINE.into_iter().find(fits)
}

/// The windows of everything that a trigger reads, in milliseconds.
fn windows(trigger: &Trigger) -> impl Iterator<Item = i64> {
    let length = |part: &Expr| match &part.kind {
        ExprKind::Matrix(_, window) => Some(*window),
        ExprKind::Subquery(subquery) => Some(subquery.window),
        _ => None,
    };
    let condition = trigger.condition();
    let found: Vec<u64> = condition.all().into_iter().filter_map(length).collect();
    found.into_iter().map(|window| i64::try_from(window).unwrap_or(i64::MAX / 8))
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.millis()).unwrap_or(i64::MAX / 8)
}
