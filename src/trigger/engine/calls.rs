//! Functions of values.

use super::over_time::labels_of_absent;
use super::{ABSENT, Column, Engine, EngineError, Grid, Labels, Value, is_absent, mapped};
use crate::model::promql::{Expr, Function};

impl Engine<'_> {
    pub(super) fn call(
        &self,
        function: &'static Function,
        arguments: &[Expr],
        grid: Grid,
    ) -> Result<Value, EngineError> {
        let name = function.name;
        let refused = || EngineError::NotBuilt(format!("the function `{name}`"));
        let Some(first) = arguments.first() else {
            return match name {
                "time" => Ok(Value::Scalar(grid.times().map(|time| time as f64 / 1000.0).collect())),
                "pi" => Ok(Value::Scalar(vec![std::f64::consts::PI; grid.count])),
                _ => Err(refused()),
            };
        };
        if let Some(value) = self.over_time(name, first, grid)? {
            return Ok(value);
        }
        if let Some(change) = plain(name) {
            return Ok(Value::Vector(mapped(self.columns(first, grid)?, change)));
        }
        match name {
            "absent" => {
                let columns = self.columns(first, grid)?;
                let is_there = |index: usize| columns.iter().any(|column| !is_absent(column.values[index]));
                Ok(absent(first, (0..grid.count).map(is_there)))
            }
            "absent_over_time" => Ok(absent(first, self.any_in_window(first, grid)?.into_iter())),
            "scalar" => Ok(Value::Scalar(only(&self.columns(first, grid)?, grid))),
            "vector" => {
                let values = self.scalars(first, grid)?;
                Ok(Value::Vector(vec![Column { labels: Labels::new(), values }]))
            }
            "sort" | "sort_desc" => self.columns(first, grid).map(Value::Vector),
            "clamp_min" | "clamp_max" | "clamp" | "round" => self.bounded(name, arguments, grid),
            "histogram_quantile" => {
                let Some(of) = arguments.get(1) else { return Err(refused()) };
                let quantiles = self.scalars(first, grid)?;
                Ok(Value::Vector(super::histogram::quantiles(&quantiles, self.columns(of, grid)?)))
            }
            _ => Err(refused()),
        }
    }

    /// The functions whose numbers may differ from moment to moment.
    fn bounded(&self, name: &str, arguments: &[Expr], grid: Grid) -> Result<Value, EngineError> {
        let Some((first, rest)) = arguments.split_first() else { return Ok(Value::Vector(Vec::new())) };
        let mut numbers = Vec::new();
        for argument in rest {
            numbers.push(self.scalars(argument, grid)?);
        }
        let mut columns = mapped(self.columns(first, grid)?, |value| value);
        for column in &mut columns {
            for (index, value) in column.values.iter_mut().enumerate() {
                if is_absent(*value) {
                    continue;
                }
                let number = |which: usize| numbers.get(which).map_or(1.0, |numbers| numbers[index]);
                *value = match name {
                    "clamp_min" => greater(number(0), *value),
                    "clamp_max" => less(number(0), *value),
                    "clamp" if number(1) < number(0) => ABSENT,
                    "clamp" => greater(number(0), less(number(1), *value)),
                    // As Prometheus does it: by the inverse, so that 0.1 has fewer surprises.
                    _ => (*value * (1.0 / number(0)) + 0.5).floor() / (1.0 / number(0)),
                };
            }
        }
        Ok(Value::Vector(columns))
    }
}

/// The greater of two; no number if one of them is none, as in Go.
fn greater(first: f64, second: f64) -> f64 {
    if first.is_nan() || second.is_nan() { f64::NAN } else { first.max(second) }
}

/// The lesser of two; no number if one of them is none, as in Go.
fn less(first: f64, second: f64) -> f64 {
    if first.is_nan() || second.is_nan() { f64::NAN } else { first.min(second) }
}

/// A function of each value by itself.
fn plain(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "abs" => f64::abs,
        "ceil" => f64::ceil,
        "floor" => f64::floor,
        "sqrt" => f64::sqrt,
        "exp" => f64::exp,
        "ln" => f64::ln,
        "log2" => f64::log2,
        "log10" => f64::log10,
        "sgn" => |value| {
            if value < 0.0 {
                -1.0
            } else if value > 0.0 {
                1.0
            } else {
                value
            }
        },
        _ => return None,
    })
}

fn absent(argument: &Expr, is_there: impl Iterator<Item = bool>) -> Value {
    let values: Vec<f64> = is_there.map(|is_there| if is_there { ABSENT } else { 1.0 }).collect();
    let column = Column { labels: labels_of_absent(argument), values };
    let is_empty = column.values.iter().all(|value| is_absent(*value));
    Value::Vector(if is_empty { Vec::new() } else { vec![column] })
}

/// The value of the only series at each moment.
fn only(columns: &[Column], grid: Grid) -> Vec<f64> {
    let value = |index: usize| {
        let mut there = columns.iter().map(|column| column.values[index]).filter(|value| !is_absent(*value));
        match (there.next(), there.next()) {
            (Some(value), None) => value,
            _ => f64::NAN,
        }
    };
    (0..grid.count).map(value).collect()
}
