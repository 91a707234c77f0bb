//! Functions of the samples in a window.

use super::{
    ABSENT, Column, Engine, EngineError, Grid, Labels, NAME, Sample, Value, is_absent, present, without_name,
};
use crate::model::promql::{Expr, ExprKind, Subquery};

/// The samples of a series in a window, and the window itself.
struct Window<'w> {
    samples: &'w [Sample],
    start: i64,
    end: i64,
}

type Compute = fn(&Window<'_>) -> Option<f64>;

/// The function with a name, and whether the series keeps the name of its metric.
fn computation(name: &str) -> Option<Compute> {
    Some(match name {
        "rate" => |window| extrapolated(window, true, true),
        "increase" => |window| extrapolated(window, true, false),
        "delta" => |window| extrapolated(window, false, false),
        "irate" => |window| instant(window, true),
        "idelta" => |window| instant(window, false),
        "avg_over_time" => |window| Some(average(window.samples)),
        "sum_over_time" => |window| Some(sum(window.samples)),
        "min_over_time" => |window| extreme(window.samples, |value, least| value < least),
        "max_over_time" => |window| extreme(window.samples, |value, most| value > most),
        "count_over_time" => |window| Some(count(window.samples.len())),
        "last_over_time" => |window| window.samples.last().map(|sample| sample.value),
        "present_over_time" => |_| Some(1.0),
        "changes" => |window| {
            let is_change = |pair: &&[Sample]| {
                pair[0].value != pair[1].value && !(pair[0].value.is_nan() && pair[1].value.is_nan())
            };
            Some(count(window.samples.windows(2).filter(is_change).count()))
        },
        "resets" => |window| {
            Some(count(window.samples.windows(2).filter(|pair| pair[1].value < pair[0].value).count()))
        },
        _ => return None,
    })
}

fn count(number: usize) -> f64 {
    number as f64
}

impl Engine<'_> {
    /// A function of a window; nothing if there is none of this name.
    pub(super) fn over_time(
        &self,
        name: &str,
        argument: &Expr,
        grid: Grid,
    ) -> Result<Option<Value>, EngineError> {
        let Some(compute) = computation(name) else { return Ok(None) };
        let mut columns = Vec::new();
        self.each_window(argument, grid, |labels, windows| {
            let labels = if name == "last_over_time" { labels } else { without_name(labels) };
            let value = |window: &Window<'_>| match window.samples {
                [] => ABSENT,
                _ => compute(window).map_or(ABSENT, present),
            };
            columns.push(Column { labels, values: windows.iter().map(value).collect() });
        })?;
        columns.retain(|column| column.values.iter().any(|value| !is_absent(*value)));
        Ok(Some(Value::Vector(columns)))
    }

    /// At which moments any series has a sample in its window.
    pub(super) fn any_in_window(&self, argument: &Expr, grid: Grid) -> Result<Vec<bool>, EngineError> {
        let mut any = vec![false; grid.count];
        self.each_window(argument, grid, |_, windows| {
            for (any, window) in any.iter_mut().zip(windows) {
                *any |= !window.samples.is_empty();
            }
        })?;
        Ok(any)
    }

    /// Hands over each series with its window for each moment.
    fn each_window(
        &self,
        argument: &Expr,
        grid: Grid,
        mut take: impl FnMut(Labels, &[Window<'_>]),
    ) -> Result<(), EngineError> {
        match &argument.kind {
            ExprKind::Parentheses(inner) => self.each_window(inner, grid, take),
            ExprKind::Matrix(selector, length) => {
                for series in self.matching(selector)? {
                    // The mark of the end is no sample of a window.
                    let there: Vec<Sample> =
                        series.samples.iter().copied().filter(|sample| !is_absent(sample.value)).collect();
                    take(series.labels.clone(), &windows(&there, millis(*length), selector.offset, grid));
                }
                Ok(())
            }
            ExprKind::Subquery(subquery) => {
                let inner = inner_grid(subquery, grid)?;
                for column in self.columns(&subquery.of, inner)? {
                    let samples = inner.times().zip(&column.values);
                    let there: Vec<Sample> = samples
                        .filter(|(_, value)| !is_absent(**value))
                        .map(|(time, value)| Sample { time, value: *value })
                        .collect();
                    take(column.labels, &windows(&there, millis(subquery.window), subquery.offset, grid));
                }
                Ok(())
            }
            _ => Err(EngineError::NotBuilt("a window of an expression".to_owned())),
        }
    }
}

fn millis(length: u64) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX / 4)
}

/// The moments at which a subquery is evaluated: the multiples of its step, whatever is asked for.
fn inner_grid(subquery: &Subquery, grid: Grid) -> Result<Grid, EngineError> {
    if subquery.at.is_some() {
        return Err(EngineError::NotBuilt("`@`".to_owned()));
    }
    let step = subquery.step.ok_or_else(|| {
        EngineError::NotBuilt("a subquery without a step: write it, as in `[5m:1m]`".to_owned())
    })?;
    let (step, length) = (millis(step).max(1), millis(subquery.window));
    let first = grid.start - subquery.offset - length;
    let last = grid.time(grid.count.saturating_sub(1)) - subquery.offset;
    let start = first.div_euclid(step) * step;
    let start = if start < first { start + step } else { start };
    let count = if last < start { 0 } else { usize::try_from((last - start) / step + 1).unwrap_or(0) };
    const MOST: usize = 10_000_000;
    if count > MOST {
        return Err(EngineError::NotBuilt(format!("a subquery of {count} steps")));
    }
    Ok(Grid { start, step, count })
}

fn windows(samples: &[Sample], length: i64, offset: i64, grid: Grid) -> Vec<Window<'_>> {
    let (mut first, mut behind) = (0, 0);
    let window = |time: i64| {
        let (start, end) = (time - offset - length, time - offset);
        while samples.get(first).is_some_and(|sample| sample.time < start) {
            first += 1;
        }
        behind = behind.max(first);
        while samples.get(behind).is_some_and(|sample| sample.time <= end) {
            behind += 1;
        }
        Window { samples: &samples[first..behind], start, end }
    };
    grid.times().map(window).collect()
}

fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

/// The change over the window, as if the samples reached to both of its ends where they nearly do.
fn extrapolated(window: &Window<'_>, is_counter: bool, is_rate: bool) -> Option<f64> {
    let [first, .., last] = window.samples else { return None };
    let mut change = last.value - first.value;
    if is_counter {
        // A counter that falls was reset, and what it had counted before counts, too.
        let mut previous = first.value;
        for sample in &window.samples[1..] {
            if sample.value < previous {
                change += previous;
            }
            previous = sample.value;
        }
    }
    let mut to_start = seconds(first.time - window.start);
    let to_end = seconds(window.end - last.time);
    let sampled = seconds(last.time - first.time);
    let between = sampled / count(window.samples.len() - 1);
    if is_counter && change > 0.0 && first.value >= 0.0 {
        // No counter was below zero: it began later than that.
        let to_zero = sampled * (first.value / change);
        to_start = to_start.min(to_zero);
    }
    let near = between * 1.1;
    let mut length = sampled;
    length += if to_start < near { to_start } else { between / 2.0 };
    length += if to_end < near { to_end } else { between / 2.0 };
    let mut factor = length / sampled;
    if is_rate {
        factor /= seconds(window.end - window.start);
    }
    Some(change * factor)
}

/// The change between the last two samples.
fn instant(window: &Window<'_>, is_rate: bool) -> Option<f64> {
    let [.., before, last] = window.samples else { return None };
    let is_reset = is_rate && last.value < before.value;
    let change = if is_reset { last.value } else { last.value - before.value };
    let between = last.time - before.time;
    if between == 0 {
        return None;
    }
    Some(if is_rate { change / seconds(between) } else { change })
}

/// The sum that loses nothing to rounding, in two parts.
fn kahan((sum, rest): (f64, f64), more: f64) -> (f64, f64) {
    let total = sum + more;
    let lost = if sum.abs() >= more.abs() { (sum - total) + more } else { (more - total) + sum };
    (total, rest + lost)
}

fn sum(samples: &[Sample]) -> f64 {
    let (sum, rest) = samples.iter().fold((0.0, 0.0), |sum, sample| kahan(sum, sample.value));
    if sum.is_infinite() { sum } else { sum + rest }
}

fn average(samples: &[Sample]) -> f64 {
    let (mut mean, mut number) = ((0.0_f64, 0.0_f64), 0.0);
    for sample in samples {
        number += 1.0;
        let value = sample.value;
        if mean.0.is_infinite() {
            let same = value.is_infinite() && (mean.0 > 0.0) == (value > 0.0);
            if same || value.is_finite() {
                continue;
            }
        }
        mean = kahan(mean, value / number - mean.0 / number);
    }
    if mean.0.is_infinite() { mean.0 } else { mean.0 + mean.1 }
}

fn extreme(samples: &[Sample], beats: impl Fn(f64, f64) -> bool) -> Option<f64> {
    let mut found = samples.first()?.value;
    for sample in samples {
        if beats(sample.value, found) || found.is_nan() {
            found = sample.value;
        }
    }
    Some(found)
}

/// The labels that a series would have which a selector means: those that it compares with `=`, once each.
pub(super) fn labels_of_absent(expr: &Expr) -> Labels {
    let selector = match &expr.kind {
        ExprKind::Selector(selector) | ExprKind::Matrix(selector, _) => selector,
        _ => return Labels::new(),
    };
    let mut labels = Labels::new();
    let mut repeated: Vec<&str> = Vec::new();
    for matcher in &selector.matchers {
        if matcher.label == NAME {
            continue;
        }
        let is_new = !labels.iter().any(|(label, _)| *label == matcher.label);
        if matcher.operator == crate::model::promql::MatchOperator::Equal && is_new {
            labels.push((matcher.label.clone(), matcher.value.clone()));
        } else {
            repeated.push(&matcher.label);
        }
    }
    labels.retain(|(label, value)| !repeated.contains(&label.as_str()) && !value.is_empty());
    labels.sort();
    labels
}
