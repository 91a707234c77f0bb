//! What a trigger would have done on recorded data.

use super::alert::{Alert, State, alerts};
use super::engine::{Column, Engine, EngineError, Grid, Labels, Series, is_absent};
use super::{Change, Limit, Trigger, measured};
use crate::model::Id;
use crate::model::duration::Duration;
use crate::model::promql::{Expr, ExprKind, Selector};

/// What a trigger did on recorded data.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// When it fired, each with the labels of the series.
    pub firings: Vec<Firing>,
    /// When it was not known whether its condition is met, and why.
    pub unknown: Vec<UnknownSpan>,
    /// Whether it was unknown for so long that the alert about that fires.
    pub is_unknown: bool,
    /// The longest time for which the condition was met, in milliseconds.
    pub longest_met: i64,
    /// Since when it has been met up to the last moment; nothing if it is not met there.
    pub met_since: Option<i64>,
    /// The longest time for which it was known whether the condition is met, in milliseconds.
    pub longest_known: i64,
    /// The lowest and the highest measured value.
    pub range: Option<(f64, f64)>,
}

/// A time during which an alert fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firing {
    /// The labels of the series.
    pub labels: Labels,
    /// The first moment, in milliseconds.
    pub from: i64,
    /// The last moment, in milliseconds.
    pub to: i64,
    /// Whether it was still firing at the end of the data.
    pub is_open: bool,
}

/// A time during which it was not known whether a condition is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownSpan {
    /// The first moment, in milliseconds.
    pub from: i64,
    /// The last moment, in milliseconds.
    pub to: i64,
    /// Why.
    pub reason: UnknownReason,
}

/// Why it is not known whether a condition is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownReason {
    /// Nothing that the query reads was recorded.
    NoSeries,
    /// There are series, and the query yields nothing at this moment.
    NoData,
    /// The query yields NaN: a ratio of nothing to nothing.
    NotANumber,
    /// The baseline has no value.
    NoBaseline,
    /// There is too little traffic.
    LowTraffic,
    /// The traffic has no value.
    NoTraffic,
}

impl UnknownReason {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            UnknownReason::NoSeries => "no series recorded",
            UnknownReason::NoData => "no data",
            UnknownReason::NotANumber => "not a number",
            UnknownReason::NoBaseline => "no baseline",
            UnknownReason::LowTraffic => "low traffic",
            UnknownReason::NoTraffic => "no traffic data",
        }
    }
}

/// The trigger on the values that its query had, which were recorded under a name.
pub fn on_recorded_values(trigger: &Trigger, name: &str) -> Trigger {
    let selector = Selector { name: Some(name.to_owned()), matchers: Vec::new(), offset: 0, at: None };
    let query = Expr { kind: ExprKind::Selector(selector), range: 0..0 };
    let mut replaced = trigger.clone();
    if let Limit::Moving { baseline, from: super::BaselineSource::Earlier(offset), .. } = &mut replaced.limit
    {
        *baseline = query.earlier(i64::try_from(offset.millis()).unwrap_or(i64::MAX / 4));
    }
    replaced.query = query;
    replaced
}

/// The name under which the recorded values of a metric's query stand.
pub fn name_of_values(metric: Id) -> String {
    format!("{VALUES_OF}{metric}")
}

/// Whether a name stands for the recorded values of a query.
pub fn is_name_of_values(name: &str) -> bool {
    name.starts_with(VALUES_OF)
}

/// What the names of recorded values begin with.
const VALUES_OF: &str = "relplan:";

/// Runs a trigger over recorded series.
///
/// # Errors
///
/// What is not evaluated, or what Prometheus itself refuses.
pub fn replay(trigger: &Trigger, series: &[Series], grid: Grid) -> Result<Replay, EngineError> {
    let engine = Engine::new(series);
    let columns = engine.vector(&trigger.condition(), grid)?;
    let states = alerts(&columns, grid, trigger.hold, trigger.keep_firing);
    let unknown_alerts = match trigger.unknown() {
        Some(unknown) => {
            alerts(&engine.vector(&unknown, grid)?, grid, trigger.unknown_hold(), Duration::default())
        }
        None => Vec::new(),
    };
    let is_firing = |alert: &Alert| alert.states.contains(&State::Firing);
    let values = engine.vector(&trigger.query, grid)?;
    let unknown = unknown_spans(trigger, &engine, &values, grid)?;
    Ok(Replay {
        firings: states.iter().flat_map(|alert| firings(alert, grid)).collect(),
        longest_known: longest_between(&unknown, grid),
        unknown,
        is_unknown: unknown_alerts.iter().any(is_firing),
        longest_met: longest(&columns, grid),
        met_since: met_since(&columns, grid),
        range: range(&values),
    })
}

fn firings(alert: &Alert, grid: Grid) -> Vec<Firing> {
    let mut found: Vec<Firing> = Vec::new();
    let mut is_on = false;
    for (index, state) in alert.states.iter().enumerate() {
        let time = grid.time(index);
        match (*state == State::Firing, is_on) {
            (true, false) => {
                found.push(Firing { labels: alert.labels.clone(), from: time, to: time, is_open: true })
            }
            (true, true) => {
                if let Some(last) = found.last_mut() {
                    last.to = time;
                }
            }
            (false, true) => {
                if let Some(last) = found.last_mut() {
                    last.is_open = false;
                }
            }
            (false, false) => {}
        }
        is_on = *state == State::Firing;
    }
    found
}

/// The longest run of moments at which a series meets the condition.
fn longest(columns: &[Column], grid: Grid) -> i64 {
    let runs =
        columns.iter().flat_map(|column| column.values.split(|value| is_absent(*value)).map(<[f64]>::len));
    let moments = runs.max().unwrap_or(0);
    i64::try_from(moments.saturating_sub(1)).unwrap_or(0) * grid.step
}

/// The first moment of the longest run that ends with the last moment.
fn met_since(columns: &[Column], grid: Grid) -> Option<i64> {
    let run = |column: &Column| column.values.iter().rev().take_while(|value| !is_absent(**value)).count();
    let longest = columns.iter().map(run).max()?;
    grid.count.checked_sub(longest).filter(|_| longest > 0).map(|first| grid.time(first))
}

/// The longest run of moments outside of all spans.
fn longest_between(spans: &[UnknownSpan], grid: Grid) -> i64 {
    let (mut longest, mut from) = (0, grid.start);
    for span in spans {
        longest = longest.max(span.from - grid.step - from);
        from = span.to + grid.step;
    }
    longest.max(grid.time(grid.count.saturating_sub(1)) - from)
}

fn range(columns: &[Column]) -> Option<(f64, f64)> {
    let values = columns.iter().flat_map(|column| &column.values);
    let mut values = values.copied().filter(|value| !value.is_nan());
    let first = values.next()?;
    Some(values.fold((first, first), |(low, high), value| (low.min(value), high.max(value))))
}

fn unknown_spans(
    trigger: &Trigger,
    engine: &Engine<'_>,
    values: &[Column],
    grid: Grid,
) -> Result<Vec<UnknownSpan>, EngineError> {
    let Some(unknown) = trigger.unknown() else { return Ok(Vec::new()) };
    let unknown = engine.vector(&unknown, grid)?;
    let baseline = match &trigger.limit {
        Limit::Moving { baseline, .. } => Some(engine.vector(&measured(baseline), grid)?),
        _ => None,
    };
    let traffic = match &trigger.traffic {
        Some(traffic) => Some(engine.vector(&measured(&traffic.query), grid)?),
        None => None,
    };
    let any =
        |columns: &[Column], index: usize| columns.iter().any(|column| !is_absent(column.values[index]));
    let reason = |index: usize| -> Option<UnknownReason> {
        if !any(&unknown, index) {
            return None;
        }
        let is_number = |column: &Column| !column.values[index].is_nan();
        Some(if !values.iter().any(is_number) {
            match (values.is_empty(), any(values, index)) {
                (true, _) => UnknownReason::NoSeries,
                (false, true) => UnknownReason::NotANumber,
                (false, false) => UnknownReason::NoData,
            }
        } else if baseline.as_ref().is_some_and(|baseline| !any(baseline, index)) {
            UnknownReason::NoBaseline
        } else if traffic.as_ref().is_some_and(|traffic| !any(traffic, index)) {
            UnknownReason::NoTraffic
        } else {
            UnknownReason::LowTraffic
        })
    };
    let mut spans: Vec<UnknownSpan> = Vec::new();
    for index in 0..grid.count {
        let Some(reason) = reason(index) else { continue };
        let time = grid.time(index);
        match spans.last_mut().filter(|last| last.reason == reason && last.to == time - grid.step) {
            Some(last) => last.to = time,
            None => spans.push(UnknownSpan { from: time, to: time, reason }),
        }
    }
    Ok(spans)
}

/// When a trigger would first have fired with other limits and durations.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// The durations of the columns.
    pub durations: Vec<Duration>,
    /// One row for each limit.
    pub rows: Vec<SweepRow>,
}

/// One limit with each duration.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepRow {
    /// The limit as an expression.
    pub limit: String,
    /// Whether it is that of the plan.
    pub is_planned: bool,
    /// For each duration when the trigger first fires, and how often it does.
    pub results: Vec<Option<(i64, usize)>>,
}

/// Runs a trigger with limits from half to twice its own, and with durations from none to four times its own.
///
/// # Errors
///
/// What is not evaluated, or what Prometheus itself refuses.
pub fn sweep(trigger: &Trigger, series: &[Series], grid: Grid) -> Result<Option<Sweep>, EngineError> {
    const FACTORS: [f64; 7] = [0.5, 0.75, 0.9, 1.0, 1.1, 1.5, 2.0];
    if trigger.limit == Limit::NoData {
        return Ok(None);
    }
    let engine = Engine::new(series);
    let durations = durations(trigger.hold, grid.step);
    let mut rows: Vec<SweepRow> = Vec::new();
    for factor in FACTORS {
        let varied = Trigger { limit: scaled(&trigger.limit, factor), ..trigger.clone() };
        let columns = engine.vector(&varied.condition(), grid)?;
        let results = durations.iter().map(|hold| {
            let states = alerts(&columns, grid, *hold, trigger.keep_firing);
            let all: Vec<Firing> = states.iter().flat_map(|alert| firings(alert, grid)).collect();
            let first = all.iter().map(|firing| firing.from).min()?;
            Some((first, all.len()))
        });
        let limit = varied.limit_expression().to_string();
        if rows.iter().all(|row| row.limit != limit) {
            rows.push(SweepRow { limit, is_planned: factor == 1.0, results: results.collect() });
        }
    }
    Ok(Some(Sweep { durations, rows }))
}

fn scaled(limit: &Limit, factor: f64) -> Limit {
    let tidy = |number: f64| format!("{number:.5e}").parse().unwrap_or(number);
    match limit {
        Limit::NoData => Limit::NoData,
        Limit::Number(number) if factor == 1.0 => Limit::Number(*number),
        Limit::Number(number) => Limit::Number(tidy(number * factor)),
        Limit::Moving { baseline, change, from } => {
            let change = match change {
                _ if factor == 1.0 => *change,
                Change::Plus(points) => Change::Plus(tidy(points * factor)),
                Change::Times(times) => Change::Times(tidy(1.0 + (times - 1.0) * factor)),
            };
            Limit::Moving { baseline: baseline.clone(), change, from: *from }
        }
    }
}

fn durations(hold: Duration, step: i64) -> Vec<Duration> {
    let step = step.unsigned_abs().max(1);
    let own = hold.millis();
    let round = |millis: u64| millis.div_ceil(step) * step;
    let mut all = match own {
        0 => vec![0, step, 2 * step, 5 * step],
        _ => vec![0, round(own / 2), own, own.saturating_mul(2), own.saturating_mul(4)],
    };
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(Duration::from_millis).collect()
}

/// Why there are no moments to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoGrid {
    /// Nothing was recorded.
    NoSamples,
    /// There would be so many moments.
    TooMany(i64),
}

/// The moments from the first recorded sample to the last, so far apart.
///
/// # Errors
///
/// There are none, or more than anyone records: to leave out the last of them would hide what fires there.
pub fn grid(series: &[Series], step: i64) -> Result<Grid, NoGrid> {
    const MOST: i64 = 10_000_000;
    let first = series.iter().filter_map(|series| series.samples.first()).map(|sample| sample.time).min();
    let last = series.iter().filter_map(|series| series.samples.last()).map(|sample| sample.time).max();
    let (Some(first), Some(last)) = (first, last) else { return Err(NoGrid::NoSamples) };
    let step = step.max(1);
    let count = (last - first) / step + 1;
    match usize::try_from(count) {
        Ok(moments) if count <= MOST => Ok(Grid { start: first, step, count: moments }),
        _ => Err(NoGrid::TooMany(count)),
    }
}
