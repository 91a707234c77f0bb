//! Levels of the sources on both sides of a limit.

use super::sources::{Kind, Source};
use super::timeline::{self, Reach};
use crate::model::promql::{Expr, Operator};
use crate::trigger::engine::{Engine, Grid, is_absent};
use crate::trigger::{Limit, Trigger, measured};

/// The level of each source: at first, while all is just well, and while the condition is met.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair {
    pub(super) base: Vec<f64>,
    pub(super) healthy: Vec<f64>,
    pub(super) breaching: Vec<f64>,
}

/// What levels lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Healthy,
    Breaching,
    /// Nothing is measured, or too little.
    Nothing,
}

/// How near the healthy and the breaching level come to each other, as a share of them.
const NEAR: f64 = 0.01;

/// The levels of a trigger; nothing if none were found.
pub(super) fn pair(trigger: &Trigger, sources: &[Source], interval: i64) -> Option<Pair> {
    let mut probe = Probe::new(trigger, sources, interval);
    if trigger.limit == Limit::NoData {
        let levels = vec![1.0; sources.len()];
        probe.base.clone_from(&levels);
        return (probe.outcome(&levels) == Outcome::Healthy).then(|| Pair {
            base: levels.clone(),
            healthy: levels.clone(),
            breaching: levels,
        });
    }
    for base in [100.0, 1.0, 10_000.0, 1e6, 0.01] {
        let level = |source: &Source| if source.kind == Kind::Histogram { 9.0 } else { base };
        let levels: Vec<f64> = sources.iter().map(level).collect();
        probe.base.clone_from(&levels);
        for index in 0..sources.len() {
            if let Some(pair) = probe.vary(&levels, index) {
                return Some(pair);
            }
        }
    }
    None
}

struct Probe<'t> {
    trigger: &'t Trigger,
    sources: &'t [Source],
    interval: i64,
    /// The levels at first, to which a baseline of an earlier time looks back.
    base: Vec<f64>,
}

impl<'t> Probe<'t> {
    fn new(trigger: &'t Trigger, sources: &'t [Source], interval: i64) -> Self {
        Probe { trigger, sources, interval, base: Vec::new() }
    }

    fn outcome(&self, levels: &[f64]) -> Outcome {
        let (series, time) =
            timeline::steady(self.sources, (&self.base, levels), self.interval, Reach::of(self.trigger));
        let engine = Engine::new(&series);
        let grid = Grid { start: time, step: self.interval, count: 1 };
        let yields = |expr: &Expr| {
            let columns = engine.vector(expr, grid).unwrap_or_default();
            columns.iter().any(|column| column.values.iter().any(|value| !is_absent(*value)))
        };
        let is_unknown = self.trigger.unknown().is_some_and(|unknown| yields(&unknown));
        if is_unknown || !yields(&measured(&self.trigger.query)) {
            return Outcome::Nothing;
        }
        if yields(&self.trigger.condition()) { Outcome::Breaching } else { Outcome::Healthy }
    }

    fn with(&self, levels: &[f64], index: usize, level: f64) -> Outcome {
        let mut levels = levels.to_vec();
        levels[index] = level;
        self.outcome(&levels)
    }

    /// Levels of which one source makes the difference.
    fn vary(&self, levels: &[f64], index: usize) -> Option<Pair> {
        let tried: Vec<f64> = match self.sources[index].kind {
            Kind::Histogram => (0..52_u8).map(|half| f64::from(half) / 2.0).collect(),
            _ => [0.0].into_iter().chain((-4..=10).map(|power| 10_f64.powi(power))).collect(),
        };
        let outcomes: Vec<(f64, Outcome)> =
            tried.into_iter().map(|level| (level, self.with(levels, index, level))).collect();
        let of = |wanted: Outcome| outcomes.iter().filter(move |(_, outcome)| *outcome == wanted);
        // The nearest two of which one is healthy and the other is not.
        let pairs = of(Outcome::Healthy).flat_map(|(healthy, _)| {
            of(Outcome::Breaching).map(move |(breaching, _)| (*healthy, *breaching))
        });
        let (healthy, breaching) = pairs
            .min_by(|first, second| (first.0 - first.1).abs().total_cmp(&(second.0 - second.1).abs()))?;
        let (healthy, breaching) = match self.trigger.operator {
            // Only one value meets such a condition, and none lies next to it.
            Operator::Equal | Operator::NotEqual => (healthy, breaching),
            _ => self.narrowed(levels, index, (healthy, breaching)),
        };
        let of = |level: f64| {
            let mut levels = levels.to_vec();
            levels[index] = level;
            levels
        };
        let is_moving = Reach::of(self.trigger).offset > 0;
        let base = if is_moving { self.base.clone() } else { of(healthy) };
        Some(Pair { base, healthy: of(healthy), breaching: of(breaching) })
    }

    /// Moves both levels to the limit between them, and rounds them.
    fn narrowed(&self, levels: &[f64], index: usize, (healthy, breaching): (f64, f64)) -> (f64, f64) {
        let (mut low, mut high) = (healthy, breaching);
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            match self.with(levels, index, middle) {
                Outcome::Healthy => low = middle,
                Outcome::Breaching => high = middle,
                Outcome::Nothing => return (healthy, breaching),
            }
        }
        let rounded = |level: f64, away: f64, wanted: Outcome| {
            let candidates = (1..=12).map(|digits| round(level + away * level.abs() * NEAR / 2.0, digits));
            let near = |candidate: &f64| (candidate - level).abs() <= NEAR * level.abs();
            let fits = |candidate: &f64| near(candidate) && self.with(levels, index, *candidate) == wanted;
            candidates.into_iter().find(fits).unwrap_or(level)
        };
        let side = if breaching > healthy { 1.0 } else { -1.0 };
        (rounded(low, -side, Outcome::Healthy), rounded(high, side, Outcome::Breaching))
    }
}

/// A number with so many digits.
fn round(number: f64, digits: usize) -> f64 {
    format!("{number:.*e}", digits.saturating_sub(1)).parse().unwrap_or(number)
}
