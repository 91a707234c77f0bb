//! Floor 4: a rollback trigger as a value, and what it says about recorded data.
//!
//! A trigger is compiled from a rollback entry and the metric that it watches: the expression that is measured, what it is
//! compared with, and for how long. Alerts of other tools are written from this value, and the evaluator runs it with the
//! semantics of Prometheus 2.42, so that all of them mean the same. What cannot be compiled says why, with the field to add.

pub mod alert;
mod compile;
pub mod engine;
pub mod example;
mod instant;
pub mod live;
mod obstacle;
mod qualifier;
pub mod recorded;
pub mod replay;
pub mod slo;
#[cfg(test)]
mod tests;
pub mod watch;
mod window;

use crate::model::Id;
use crate::model::dep::{NoData, Severity};
use crate::model::duration::Duration;
use crate::model::promql::{Expr, Operator};

pub use compile::{Compiled, LeftOut, compile, triggers};
pub use instant::{InstantQuery, NotInstant};
pub use obstacle::{LONGEST_HOLD, Obstacle};
pub use window::{ShortWindow, short_windows};

/// A rollback trigger that can be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// The rollback entry.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// The threshold as relplan reads it.
    pub reading: String,
    /// The metric.
    pub metric: Id,
    /// The unit of the metric, if it states one.
    pub unit: Option<String>,
    /// What is measured.
    pub query: Expr,
    /// How the measured value compares with the limit while the trigger's condition is met.
    pub operator: Operator,
    /// The limit.
    pub limit: Limit,
    /// For how long the condition has to be met, without interruption.
    pub hold: Duration,
    /// How long the alert goes on after the condition has ended.
    pub keep_firing: Duration,
    /// How much there must be to measure.
    pub traffic: Option<Traffic>,
    /// What it means that nothing is measured.
    pub no_data: NoData,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// Whether a machine starts the rollback, if that is stated.
    pub automatic: Option<bool>,
    /// The runbooks that say what to do.
    pub runbooks: Vec<Id>,
    /// How often the metric is scraped, if that is stated.
    pub scrape_interval: Option<Duration>,
}

/// What a measured value is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// None: any value is fine, and only missing data meets the condition.
    NoData,
    /// A number in the unit of the metric.
    Number(f64),
    /// A distance from a value that is measured, too.
    Moving {
        /// The baseline.
        baseline: Expr,
        /// The distance.
        change: Change,
        /// Where the baseline is from.
        from: BaselineSource,
    },
}

/// A distance from a baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// So much more, or less, in the unit of the metric.
    Plus(f64),
    /// So many times as much.
    Times(f64),
}

/// Where a measured baseline is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaselineSource {
    /// A query of its own, such as the stable side of a canary.
    Query,
    /// The same query, so long ago.
    Earlier(Duration),
}

/// How much there must be to measure, so that a value says something.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    /// What yields how much there is.
    pub query: Expr,
    /// How much there must be.
    pub minimum: f64,
}

impl Trigger {
    /// The limit as an expression; that of no limit is less than all numbers.
    pub fn limit_expression(&self) -> Expr {
        match &self.limit {
            Limit::NoData => Expr::number(f64::NEG_INFINITY),
            Limit::Number(number) => Expr::number(*number),
            Limit::Moving { baseline, change: Change::Plus(0.0), .. } => baseline.clone(),
            Limit::Moving { baseline, change: Change::Plus(number), .. } if *number < 0.0 => {
                baseline.clone().joined(Operator::Subtract, Expr::number(-number))
            }
            Limit::Moving { baseline, change: Change::Plus(number), .. } => {
                baseline.clone().joined(Operator::Add, Expr::number(*number))
            }
            Limit::Moving { baseline, change: Change::Times(number), .. } => {
                baseline.clone().joined(Operator::Multiply, Expr::number(*number))
            }
        }
    }

    /// The expression that yields something while the condition is met: that of an alert.
    pub fn condition(&self) -> Expr {
        if self.limit == Limit::NoData {
            return self.missing();
        }
        let breached = self.query.clone().joined(self.operator, self.limit_expression());
        let breached = match &self.traffic {
            None => breached,
            Some(traffic) => {
                let minimum = Expr::number(traffic.minimum);
                breached.matched(
                    Operator::And,
                    on_nothing(),
                    traffic.query.clone().joined(Operator::AtLeast, minimum),
                )
            }
        };
        match self.no_data {
            NoData::Unknown => breached,
            NoData::Rollback => breached.joined(Operator::Or, self.missing()),
        }
    }

    /// The expression that yields something while it is not known whether the condition is met: nothing is measured, or too
    /// little. There is none if missing data meets the condition and any traffic is enough.
    pub fn unknown(&self) -> Option<Expr> {
        let is_met = self.limit == Limit::NoData || self.no_data == NoData::Rollback;
        let missing = (!is_met).then(|| self.missing());
        let Some(traffic) = &self.traffic else { return missing };
        let low = traffic.query.clone().joined(Operator::Below, Expr::number(traffic.minimum));
        let little = low.joined(Operator::Or, measured(&traffic.query).called("absent"));
        Some(match missing {
            Some(missing) => missing.joined(Operator::Or, little),
            None => little,
        })
    }

    /// For how long it has to be unknown before that is an alert: as long as the condition has to be met, or five minutes.
    pub fn unknown_hold(&self) -> Duration {
        if self.hold.is_zero() { Duration::from_millis(300_000) } else { self.hold }
    }

    /// The expression that yields something while the value or its baseline is no number.
    pub fn missing(&self) -> Expr {
        let value = measured(&self.query).called("absent");
        match &self.limit {
            Limit::NoData | Limit::Number(_) => value,
            Limit::Moving { baseline, .. } => value.joined(Operator::Or, measured(baseline).called("absent")),
        }
    }

    /// Whether at most one series is measured, whatever the data.
    pub fn is_single(&self) -> bool {
        self.query.labels().is_some_and(|labels| labels.is_empty())
    }
}

/// The name of an entry's alert: `DEP_401_rollback`.
pub fn alert_name(id: Id, word: &str) -> String {
    let separator = if word.is_empty() { "" } else { "_" };
    let id = id.to_string().replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
    format!("{id}{separator}{word}")
}

/// What yields the values of an expression that are numbers: a comparison with NaN holds never.
pub fn measured(query: &Expr) -> Expr {
    query.clone().joined(Operator::AtLeast, Expr::number(f64::NEG_INFINITY))
}

fn on_nothing() -> crate::model::promql::Matching {
    crate::model::promql::Matching { on: true, ..Default::default() }
}
