//! Series over time: healthy, then breaching, then gone.

use super::search::Pair;
use super::sources::{Kind, Source};
use super::{millis, windows};
use crate::model::promql::{ExprKind, number_text};
use crate::trigger::Trigger;
use crate::trigger::engine::{LOOKBACK, Labels, Sample, Series};

/// How many samples each phase has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Length {
    base: usize,
    healthy: usize,
    breaching: usize,
    gone: usize,
}

/// How far back a trigger looks, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// For what it measures.
    pub(super) window: i64,
    /// For the baseline of an earlier time.
    pub(super) offset: i64,
}

impl Reach {
    pub(super) fn of(trigger: &Trigger) -> Self {
        let condition = trigger.condition();
        let offsets = condition.all().into_iter().map(|part| match &part.kind {
            ExprKind::Selector(selector) | ExprKind::Matrix(selector, _) => selector.offset.max(0),
            ExprKind::Subquery(subquery) => subquery.offset.max(0),
            _ => 0,
        });
        // Windows inside each other add up.
        let (sum, most) = (windows(trigger).sum::<i64>(), windows(trigger).max().unwrap_or(0));
        Reach { window: sum.min(most.saturating_mul(2)), offset: offsets.max().unwrap_or(0) }
    }

    pub(super) fn total(self) -> i64 {
        self.window.saturating_add(self.offset)
    }
}

impl Length {
    pub(super) fn of(trigger: &Trigger, interval: i64) -> Self {
        let steps = |millis: i64| usize::try_from(millis / interval).unwrap_or(0) + 3;
        let reach = Reach::of(trigger);
        let hold = millis(trigger.hold);
        let window = windows(trigger).max().unwrap_or(0).max(LOOKBACK);
        let run = if reach.offset > 0 { reach.window } else { window.min(reach.window.max(LOOKBACK)) };
        Length {
            base: if reach.offset > 0 { steps(reach.total()) } else { 0 },
            healthy: steps(reach.window + if reach.offset > 0 { hold } else { 0 }) + 2,
            breaching: steps(run + hold) + 2,
            gone: steps(window + millis(trigger.unknown_hold()) + millis(trigger.keep_firing)) + 2,
        }
    }

    pub(super) fn total(self) -> usize {
        self.base + self.healthy + self.breaching + self.gone
    }
}

/// The bounds of the buckets of a histogram, from a thousandth to a hundred thousand.
pub(super) fn bounds() -> Vec<f64> {
    let decades = [0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0];
    let mut bounds: Vec<f64> =
        decades.iter().flat_map(|decade| [*decade, decade * 2.5, decade * 5.0]).collect();
    bounds.push(f64::INFINITY);
    bounds
}

/// How many of a histogram's observations in each interval lie at or below each bound: those of a level of 3.25 lie to three
/// quarters in the fourth bucket and to one quarter in the next.
fn counts_of_level(level: f64) -> Vec<f64> {
    const OBSERVATIONS: f64 = 1_000.0;
    let whole = level.floor();
    let above = ((level - whole) * OBSERVATIONS).round();
    let count = |index: usize| match (index as f64).total_cmp(&whole) {
        std::cmp::Ordering::Less => 0.0,
        std::cmp::Ordering::Equal => OBSERVATIONS - above,
        std::cmp::Ordering::Greater => OBSERVATIONS,
    };
    (0..bounds().len()).map(count).collect()
}

/// The series of a source, each with its change from sample to sample, or its value if it is a gauge.
pub(super) fn parts(source: &Source, level: f64) -> Vec<(Labels, f64)> {
    if source.kind != Kind::Histogram {
        return vec![(source.labels.clone(), level)];
    }
    let bucket = |(bound, count): (f64, f64)| {
        let mut labels = source.labels.clone();
        let bound = if bound.is_infinite() { "+Inf".to_owned() } else { number_text(bound) };
        labels.push(("le".to_owned(), bound));
        labels.sort();
        (labels, count)
    };
    bounds().into_iter().zip(counts_of_level(level)).map(bucket).collect()
}

/// The values of a run of samples, computed as promtool computes them.
fn run(start: f64, change: f64, count: usize) -> Vec<f64> {
    let mut value = start;
    let mut values = Vec::with_capacity(count);
    for _ in 0..count {
        values.push(value);
        value += change;
    }
    values
}

fn run_text(start: f64, change: f64, count: usize) -> String {
    let sign = if change < 0.0 { '-' } else { '+' };
    let times = count.saturating_sub(1);
    format!("{}{sign}{}x{times}", plain(start), plain(change.abs()))
}

/// A number without an exponent, which the notation of promtool does not have everywhere.
fn plain(number: f64) -> String {
    number.to_string()
}

/// The series of all sources, as samples and in the notation of promtool.
pub(super) fn series(
    sources: &[Source],
    pair: &Pair,
    length: &Length,
    interval: i64,
) -> (Vec<Series>, Vec<(Labels, String)>) {
    let (mut all, mut notation) = (Vec::new(), Vec::new());
    for (index, source) in sources.iter().enumerate() {
        let phases = [
            (parts(source, pair.base[index]), length.base),
            (parts(source, pair.healthy[index]), length.healthy),
            (parts(source, pair.breaching[index]), length.breaching),
        ];
        for part in 0..phases[0].0.len() {
            let labels = phases[0].0[part].0.clone();
            let (mut values, mut text, mut last) = (Vec::new(), Vec::new(), None);
            for (parts, count) in &phases {
                let level = parts[part].1;
                let (start, change) = match (source.kind, last) {
                    (Kind::Gauge, _) => (level, 0.0),
                    (_, None) => (0.0, level),
                    (_, Some(last)) => (last + level, level),
                };
                values.extend(run(start, change, *count));
                last = values.last().copied();
                text.extend((*count > 0).then(|| run_text(start, change, *count)));
            }
            text.push(format!("_x{}", length.gone));
            let times = (0..).map(|step: i64| step * interval);
            let samples = times.zip(values).map(|(time, value)| Sample { time, value }).collect();
            all.push(Series::scraped(labels.clone(), samples));
            notation.push((labels, text.join(" ")));
        }
    }
    (all, notation)
}

/// All series with one level each, over the time that a trigger looks back, before which they had their first levels.
pub(super) fn steady(
    sources: &[Source],
    (base, levels): (&[f64], &[f64]),
    interval: i64,
    reach: Reach,
) -> (Vec<Series>, i64) {
    let before =
        if reach.offset > 0 { (reach.total() / interval + 3) - (reach.window / interval + 2) } else { 0 };
    let count = reach.total() / interval + 5;
    let mut all = Vec::new();
    for ((source, base), level) in sources.iter().zip(base).zip(levels) {
        for ((labels, first), (_, then)) in parts(source, *base).into_iter().zip(parts(source, *level)) {
            let mut total = 0.0;
            let value = |step: i64| {
                let level = if step < before { first } else { then };
                match source.kind {
                    Kind::Gauge => level,
                    Kind::Counter | Kind::Histogram => {
                        total += level;
                        total
                    }
                }
            };
            let values: Vec<f64> = (0..count).map(value).collect();
            let times = (0..).map(|step: i64| step * interval);
            let samples = times.zip(values).map(|(time, value)| Sample { time, value }).collect();
            all.push(Series::scraped(labels, samples));
        }
    }
    (all, (count - 1) * interval)
}
