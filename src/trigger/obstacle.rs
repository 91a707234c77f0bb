//! Why a rollback cannot be compiled, and which field would change that.

use std::fmt;

use crate::model::Id;
use crate::model::dep::Rollback;

/// Why a rollback cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It has no threshold.
    NoThreshold,
    /// Its threshold cannot be read.
    UnreadableThreshold,
    /// No metric is linked.
    NoMetric,
    /// Several metrics are linked, and the threshold names none of them.
    SeveralMetrics(Vec<Id>),
    /// The metric has no query.
    NoQuery(Id),
    /// The query, the baseline or the traffic of the metric is no PromQL.
    InvalidQuery(Id),
    /// The query yields no values of series.
    NoVector {
        /// The metric.
        metric: Id,
        /// The field that holds the query.
        field: &'static str,
        /// What it yields.
        found: &'static str,
    },
    /// The limit has a unit and the metric has none.
    NoUnit {
        /// The metric.
        metric: Id,
        /// Units that would do.
        examples: &'static str,
    },
    /// The limit and the metric have different units.
    UnitDiffers {
        /// The metric.
        metric: Id,
        /// The limit as written.
        limit: String,
        /// The unit of the metric.
        unit: String,
    },
    /// The limit counts from a baseline that nothing yields.
    NoBaseline(Id),
    /// The limit is worse or better than a baseline, and the metric does not say which side is worse.
    NoSide(Id),
    /// A state without a value that would show it.
    NoTarget {
        /// The metric.
        metric: Id,
        /// The state.
        state: &'static str,
    },
    /// The target of the metric cannot be turned into its opposite.
    UnclearTarget(Id),
    /// Points, and a metric that is no share.
    PointsOfNoShare(Id),
    /// A minimum of traffic without a query that yields it.
    NoTraffic(Id),
    /// A part of the threshold that an alert cannot express.
    Inexpressible(String),
    /// Several series of the metric and of its baseline or traffic that cannot be told to belong together.
    UnmatchedSeries {
        /// The metric.
        metric: Id,
        /// The field of the other series.
        field: &'static str,
    },
}

impl Obstacle {
    /// Which field to add or change.
    pub fn help(&self) -> String {
        match self {
            Obstacle::NoThreshold => "add `threshold: \"> 2% of requests for 5m\"`".to_owned(),
            Obstacle::UnreadableThreshold => "correct the threshold".to_owned(),
            Obstacle::NoMetric => "add `monitored_by` with a MON entry that has a `query`".to_owned(),
            Obstacle::SeveralMetrics(metrics) => {
                let first = metrics.first().map(ToString::to_string).unwrap_or_default();
                format!("name one in the threshold: `(from {first})`")
            }
            Obstacle::NoQuery(metric) => format!("add `query` with PromQL to {metric}"),
            Obstacle::InvalidQuery(metric) => format!("correct the PromQL of {metric}"),
            Obstacle::NoVector { metric, field, .. } => {
                format!("write a `{field}` in {metric} that yields the current value of a series")
            }
            Obstacle::NoUnit { metric, examples } => format!("add {examples} to {metric}"),
            Obstacle::UnitDiffers { metric, .. } => {
                format!("write the threshold in the unit of {metric}, or correct the unit")
            }
            Obstacle::NoBaseline(metric) => {
                format!("add `baseline`, `baseline_query` or `baseline_offset` to {metric}")
            }
            Obstacle::NoSide(metric) => {
                format!(
                    "write `over baseline` or `under baseline`, or add a `target` with `<` or `>` to {metric}"
                )
            }
            Obstacle::NoTarget { metric, .. } => {
                format!(
                    "write a value such as `< 100% for 5m`, or add a `target` with `<` or `>` to {metric}"
                )
            }
            Obstacle::UnclearTarget(metric) => {
                format!("write the `target` of {metric} with `<`, `<=`, `>` or `>=` and a value")
            }
            Obstacle::PointsOfNoShare(metric) => {
                format!("write `20% over baseline`, or set `unit: percent` or `unit: ratio` in {metric}")
            }
            Obstacle::NoTraffic(metric) => format!("add `traffic` with PromQL to {metric}"),
            Obstacle::Inexpressible(_) => "remove it from the threshold".to_owned(),
            Obstacle::UnmatchedSeries { metric, field } => {
                format!("aggregate the `{field}` of {metric} as its `query` is: `sum(…)`")
            }
        }
    }

    /// Whether another finding says the same: the threshold, the query or the baseline is missing or cannot be read.
    pub fn is_reported_elsewhere(&self) -> bool {
        matches!(self, Obstacle::UnreadableThreshold | Obstacle::InvalidQuery(_) | Obstacle::NoBaseline(_))
    }

    /// Whether the plan means the trigger to be evaluated by a machine: there is a query.
    pub fn is_about_a_query(&self, rollback: &Rollback<'_>) -> bool {
        rollback.threshold.is_some()
            && !matches!(self, Obstacle::NoThreshold | Obstacle::NoMetric | Obstacle::NoQuery(_))
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::NoThreshold => formatter.write_str("the rollback has no threshold"),
            Obstacle::UnreadableThreshold => formatter.write_str("the threshold cannot be read"),
            Obstacle::NoMetric => formatter.write_str("no metric is linked"),
            Obstacle::SeveralMetrics(metrics) => {
                let names: Vec<String> = metrics.iter().map(ToString::to_string).collect();
                write!(formatter, "several metrics are linked: {}", names.join(", "))
            }
            Obstacle::NoQuery(metric) => write!(formatter, "{metric} has no query"),
            Obstacle::InvalidQuery(metric) => write!(formatter, "the PromQL of {metric} is not valid"),
            Obstacle::NoVector { metric, field, found } => {
                write!(formatter, "the `{field}` of {metric} yields {found}")
            }
            Obstacle::NoUnit { metric, .. } => write!(formatter, "{metric} has no unit"),
            Obstacle::UnitDiffers { metric, limit, unit } => {
                write!(formatter, "the limit is {limit}, and {metric} is in {unit}")
            }
            Obstacle::NoBaseline(metric) => write!(formatter, "{metric} has no baseline"),
            Obstacle::NoSide(metric) => {
                write!(formatter, "{metric} does not say which side of the baseline is worse")
            }
            Obstacle::NoTarget { metric, state } => {
                write!(formatter, "`{state}` is no value, and {metric} has no target")
            }
            Obstacle::UnclearTarget(metric) => {
                write!(formatter, "the target of {metric} does not say which values are good")
            }
            Obstacle::PointsOfNoShare(metric) => {
                write!(formatter, "percentage points need a share, and {metric} is none")
            }
            Obstacle::NoTraffic(metric) => {
                write!(formatter, "{metric} has `minimum_traffic` and no `traffic`")
            }
            Obstacle::Inexpressible(part) => write!(formatter, "an alert cannot express `{part}`"),
            Obstacle::UnmatchedSeries { metric, field } => {
                write!(formatter, "the series of `{field}` and `query` of {metric} may have different labels")
            }
        }
    }
}
