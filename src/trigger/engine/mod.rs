//! PromQL over recorded samples, as Prometheus 2.42 evaluates it.
//!
//! An expression is evaluated for all moments at once: each series is a column with a value for each moment. Lookback and
//! windows include both of their ends, as in Prometheus before version 3. What is not built is refused with its name, so that
//! no result differs silently.

mod aggregate;
mod binary;
mod calls;
mod histogram;
mod over_time;
mod select;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::model::promql::{Expr, ExprKind};

pub use select::Series;

/// Labels with their values, sorted by label. The name of the metric is `__name__`.
pub type Labels = Vec<(String, String)>;

/// The label that holds the name of a metric.
pub const NAME: &str = "__name__";

/// The bits of the value that marks the end of a series in Prometheus.
const STALE: u64 = 0x7ff0_0000_0000_0002;

/// The value that stands where a series has none.
pub const ABSENT: f64 = f64::from_bits(STALE);

/// Whether a value stands for none.
pub fn is_absent(value: f64) -> bool {
    value.to_bits() == STALE
}

/// How far Prometheus looks back for the latest sample, in milliseconds.
pub const LOOKBACK: i64 = 300_000;

/// A sample of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// When, in milliseconds.
    pub time: i64,
    /// What; [`ABSENT`] marks the end of the series.
    pub value: f64,
}

/// The moments of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// The first, in milliseconds.
    pub start: i64,
    /// From one to the next, in milliseconds.
    pub step: i64,
    /// How many.
    pub count: usize,
}

impl Grid {
    /// The moment at a position.
    pub fn time(self, index: usize) -> i64 {
        self.start + self.step * i64::try_from(index).unwrap_or(i64::MAX / self.step.max(1))
    }

    /// The moments, in order.
    pub fn times(self) -> impl Iterator<Item = i64> {
        (0..self.count).map(move |index| self.time(index))
    }
}

/// A series with a value for each moment of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its labels.
    pub labels: Labels,
    /// Its values; [`ABSENT`] where it has none.
    pub values: Vec<f64>,
}

/// What an expression yields.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Scalar(Vec<f64>),
    Vector(Vec<Column>),
}

/// Why an expression was not evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineError {
    /// A part of PromQL that is not built.
    NotBuilt(String),
    /// Several series where Prometheus allows one.
    SeveralSeries {
        /// Where: the operator.
        operator: &'static str,
        /// The labels that they share.
        labels: String,
    },
}

impl fmt::Display for EngineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EngineError::NotBuilt(part) => write!(formatter, "relplan does not evaluate {part}"),
            EngineError::SeveralSeries { operator, labels } => {
                write!(formatter, "several series with the labels {{{labels}}} on one side of `{operator}`")
            }
        }
    }
}

/// Recorded series, and how they are looked at.
#[derive(Debug)]
pub struct Engine<'d> {
    data: &'d [Series],
}

impl<'d> Engine<'d> {
    /// An engine over recorded series.
    pub fn new(data: &'d [Series]) -> Self {
        Engine { data }
    }

    /// The values of an expression at each moment, one column for each series that has any.
    ///
    /// # Errors
    ///
    /// What is not evaluated, or what Prometheus itself refuses.
    pub fn vector(&self, expr: &Expr, grid: Grid) -> Result<Vec<Column>, EngineError> {
        match self.value(expr, grid)? {
            Value::Vector(columns) => Ok(columns),
            Value::Scalar(values) => Ok(vec![Column { labels: Labels::new(), values }]),
        }
    }

    fn value(&self, expr: &Expr, grid: Grid) -> Result<Value, EngineError> {
        match &expr.kind {
            ExprKind::Number(number) => Ok(Value::Scalar(vec![*number; grid.count])),
            ExprKind::Selector(selector) => self.latest(selector, grid).map(Value::Vector),
            ExprKind::Call(function, arguments) => self.call(function, arguments, grid),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, grid).map(Value::Vector),
            ExprKind::Binary(binary) => self.binary(binary, grid),
            ExprKind::Parentheses(of) => self.value(of, grid),
            ExprKind::Negative(of) => Ok(match self.value(of, grid)? {
                Value::Scalar(values) => Value::Scalar(values.into_iter().map(|value| -value).collect()),
                Value::Vector(columns) => Value::Vector(mapped(columns, |value| -value)),
            }),
            ExprKind::Text(_) | ExprKind::Matrix(..) | ExprKind::Subquery(_) => {
                Err(EngineError::NotBuilt("an expression without a value".to_owned()))
            }
        }
    }

    /// The columns of an expression; a scalar is none of them.
    fn columns(&self, expr: &Expr, grid: Grid) -> Result<Vec<Column>, EngineError> {
        match self.value(expr, grid)? {
            Value::Vector(columns) => Ok(columns),
            Value::Scalar(_) => Ok(Vec::new()),
        }
    }

    fn scalars(&self, expr: &Expr, grid: Grid) -> Result<Vec<f64>, EngineError> {
        match self.value(expr, grid)? {
            Value::Scalar(values) => Ok(values),
            Value::Vector(_) => Ok(vec![f64::NAN; grid.count]),
        }
    }
}

/// Columns with each of their values changed, and without the name of the metric, which no longer fits.
fn mapped(columns: Vec<Column>, change: impl Fn(f64) -> f64) -> Vec<Column> {
    let change = |value: f64| if is_absent(value) { value } else { present(change(value)) };
    let columns = columns.into_iter().map(|column| Column {
        labels: without_name(column.labels),
        values: column.values.into_iter().map(change).collect(),
    });
    columns.collect()
}

fn without_name(mut labels: Labels) -> Labels {
    labels.retain(|(label, _)| label != NAME);
    labels
}

/// A computed value, which is never the mark of the end: arithmetic with a NaN may keep its bits.
fn present(value: f64) -> f64 {
    if is_absent(value) { f64::NAN } else { value }
}

/// Labels as PromQL writes them between braces.
pub fn labels_text(labels: &[(String, String)]) -> String {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let pairs: Vec<String> =
        labels.iter().map(|(label, value)| format!("{label}=\"{}\"", quoted(value))).collect();
    pairs.join(", ")
}
