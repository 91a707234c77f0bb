//! What is measured: monitored metrics (`MON-`) and key performance indicators (`KPI-`).

use super::entry::choice_of;
use super::field::{Field, Shape};
use super::order::{Order, word_of};
use super::reader::{Condition, Reader};
use super::threshold::Target;
use super::value::{Text, choice};
use crate::source::Spanned;

choice! {
    /// What a monitor is.
    MonType {
        /// A time series.
        Metric = "metric",
        /// Something that wakes somebody.
        Alert = "alert",
        /// A service level objective.
        Slo = "slo",
    }
}

choice! {
    /// Which way is better.
    Direction {
        /// More is better.
        Up = "up" | "higher" | "increase",
        /// Less is better.
        Down = "down" | "lower" | "decrease",
    }
}

/// A monitored metric.
#[derive(Debug)]
pub struct Mon<'s> {
    /// The query that yields it, in PromQL.
    pub query: Option<Text<'s>>,
    /// What it is counted in.
    pub unit: Option<Text<'s>>,
    /// What it is when all is well.
    pub baseline: Option<Text<'s>>,
    /// What kind of monitor it is.
    pub mon_type: Option<Spanned<MonType>>,
    /// What it should be.
    pub target: Option<Spanned<Condition<'s, Target>>>,
}

/// A key performance indicator.
#[derive(Debug)]
pub struct Kpi<'s> {
    /// What it should be.
    pub target: Option<Spanned<Condition<'s, Target>>>,
    /// What it was before.
    pub baseline: Option<Text<'s>>,
    /// Its kind.
    pub actual: Option<Text<'s>>,
    /// What it is counted in.
    pub unit: Option<Text<'s>>,
    /// Which way is better.
    pub direction: Option<Spanned<Direction>>,
}

impl<'s> Mon<'s> {
    /// The fields of a monitored metric.
    pub const FIELDS: &'static [Field] = &[
        Field::new("query", Shape::Text, "The query that yields it, in PromQL.").asks(Order::Exact),
        Field::new("unit", Shape::Text, "Unit.").asks(Order::Exact),
        Field::new("baseline", Shape::Text, "Normal value.").asks(Order::Exact),
        Field::new("type", choice_of::<MonType>(), "A metric, an alert, or a service level objective.")
            .asks(Order::Selects),
        Field::new("target", Shape::Threshold, "Target.").asks(Order::Requirement),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        Mon {
            query: fields.text("query"),
            unit: fields.text("unit"),
            baseline: fields.figure("baseline"),
            mon_type: fields.choice("type"),
            target: fields.target("target"),
        }
    }
}

impl<'s> Kpi<'s> {
    /// The fields of a key performance indicator.
    pub const FIELDS: &'static [Field] = &[
        Field::new("target", Shape::Threshold, "Target.").asks(Order::Requirement),
        Field::new("baseline", Shape::Text, "Baseline.").asks(Order::Nothing),
        Field::new("actual", Shape::Text, "Actual value.").progress(),
        Field::new("unit", Shape::Text, "Unit.").asks(Order::Exact),
        Field::new("direction", choice_of::<Direction>(), "Direction: whether higher or lower is better.")
            .asks(word_of::<Direction>()),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        Kpi {
            target: fields.target("target"),
            baseline: fields.figure("baseline"),
            actual: fields.figure("actual"),
            unit: fields.text("unit"),
            direction: fields.choice("direction"),
        }
    }
}
