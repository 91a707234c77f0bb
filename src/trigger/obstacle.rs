//! Why a rollback cannot be compiled, and which field would change that.

use std::fmt;

use crate::model::Id;
use crate::model::dep::Rollback;
use crate::model::duration::Duration;

/// The longest duration of a trigger. A release is watched for days; what is longer is a slip of the keyboard, and its unit
/// test would need more samples than memory has room for.
pub const LONGEST_HOLD: Duration = Duration::from_millis(14 * 86_400_000);

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
    /// The threshold names an entry that is not a metric, or not in the plan.
    NotAMetric(String),
    /// The query, the baseline or the traffic of the metric is not valid PromQL.
    InvalidQuery(Id),
    /// The query is read at a fixed time, so that it never changes.
    FixedTime {
        /// The metric.
        metric: Id,
        /// The field that holds the query.
        field: &'static str,
    },
    /// The query has a value even if nothing is recorded, so that missing data is not seen.
    HidesMissingData {
        /// The metric.
        metric: Id,
        /// The field that holds the query.
        field: &'static str,
    },
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
        examples: String,
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
    /// A part of the metric's target that has no opposite.
    TargetPart {
        /// The metric.
        metric: Id,
        /// The part.
        part: String,
    },
    /// Points, and a metric that is not a share.
    PointsOfNoShare(Id),
    /// The normal value is on the side of the limit on which the trigger fires.
    MetByBaseline {
        /// The operator of the threshold.
        operator: &'static str,
        /// Its quantity.
        quantity: String,
    },
    /// No value of the metric is beyond the limit, or all are.
    OutOfRange {
        /// The metric.
        metric: Id,
        /// The limit in the unit of the metric.
        limit: String,
        /// Whether all values are beyond it.
        is_always_met: bool,
        /// Whether the metric is a share of which it does not say of what.
        has_no_whole: bool,
    },
    /// No value that the query yields meets the limit.
    NeverYielded {
        /// The metric.
        metric: Id,
        /// The field that holds the query.
        field: &'static str,
        /// The comparison.
        limit: String,
        /// What the query yields, in words.
        yields: String,
    },
    /// A duration that is longer than anybody watches a release.
    HoldTooLong {
        /// What the plan calls it.
        name: &'static str,
        /// The duration.
        stated: Duration,
    },
    /// A minimum of traffic without a query that yields it.
    NoTraffic(Id),
    /// The threshold is about something that the metric does not say it measures.
    OtherSubject {
        /// The metric.
        metric: Id,
        /// What it measures: its title.
        title: String,
        /// What the threshold is about.
        subject: String,
    },
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
            Obstacle::NotAMetric(_) => "name a MON entry: `(from MON-001)`".to_owned(),
            Obstacle::InvalidQuery(metric) => format!("correct the PromQL of {metric}"),
            Obstacle::FixedTime { metric, field: "baseline_query" } => {
                format!("remove `@` from the `baseline_query` of {metric}, or write `baseline_offset: 1d`")
            }
            Obstacle::FixedTime { metric, field } => format!("remove `@` from the `{field}` of {metric}"),
            Obstacle::HidesMissingData { metric, .. } => format!(
                "write `or 0 * sum(…)` of a metric that is always recorded instead of `or vector(0)` in {metric}"
            ),
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
            Obstacle::TargetPart { metric, .. } => {
                format!(
                    "write a value such as `< 100% for 5m`, or remove the part from the target of {metric}"
                )
            }
            Obstacle::MetByBaseline { quantity, .. } => format!("write `> {quantity}`"),
            Obstacle::OutOfRange { metric, has_no_whole: true, .. } => format!(
                "correct the limit, or write in the `unit` of {metric} of what it is a share: `percent of one core`"
            ),
            Obstacle::NeverYielded { metric, field, .. } => {
                format!("correct the comparison in the `{field}` of {metric}, or the limit")
            }
            Obstacle::OutOfRange { metric, .. } => {
                format!("correct the limit, or the `baseline` or `unit` of {metric}")
            }
            Obstacle::HoldTooLong { name, .. } => {
                let separator = if *name == "for" { " " } else { ": " };
                format!("write at most {LONGEST_HOLD}, such as `{name}{separator}5m`")
            }
            Obstacle::PointsOfNoShare(metric) => {
                format!("write `20% over baseline`, or set `unit: percent` or `unit: ratio` in {metric}")
            }
            Obstacle::NoTraffic(metric) => format!("add `traffic` with PromQL to {metric}"),
            Obstacle::OtherSubject { metric, .. } => {
                format!(
                    "link the metric that measures it, or name this one in the threshold: `(from {metric})`"
                )
            }
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
            && !matches!(
                self,
                Obstacle::NoThreshold | Obstacle::NoMetric | Obstacle::NotAMetric(_) | Obstacle::NoQuery(_)
            )
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
            Obstacle::NotAMetric(source) => write!(formatter, "`{source}` is not a MON entry of the plan"),
            Obstacle::InvalidQuery(metric) => write!(formatter, "the PromQL of {metric} is not valid"),
            Obstacle::FixedTime { metric, field } => {
                write!(formatter, "the `{field}` of {metric} is read at a fixed time (`@`) and never changes")
            }
            Obstacle::HidesMissingData { metric, field } => {
                write!(formatter, "the `{field}` of {metric} has a value without data (`vector`)")
            }
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
                write!(formatter, "`{state}` is not a value, and {metric} has no target")
            }
            Obstacle::UnclearTarget(metric) => {
                write!(formatter, "the target of {metric} does not say which values are good")
            }
            Obstacle::PointsOfNoShare(metric) => {
                write!(formatter, "percentage points need a share, and {metric} is not a share")
            }
            Obstacle::TargetPart { metric, part } => {
                write!(formatter, "the target of {metric} has `{part}`, which has no opposite")
            }
            Obstacle::MetByBaseline { operator, quantity } => {
                write!(formatter, "the baseline itself meets `{operator} {quantity}`")
            }
            Obstacle::NeverYielded { metric, field, limit, yields } => {
                write!(formatter, "the limit is `{limit}`, and the `{field}` of {metric} yields {yields}")
            }
            Obstacle::OutOfRange { metric, limit, is_always_met, .. } => {
                let fires = if *is_always_met { "always" } else { "never" };
                write!(formatter, "the limit is {limit}, and {metric} is {fires} beyond it")
            }
            Obstacle::HoldTooLong { name, stated } => {
                write!(formatter, "`{name}` is {stated}, longer than {LONGEST_HOLD}")
            }
            Obstacle::NoTraffic(metric) => {
                write!(formatter, "{metric} has `minimum_traffic` and no `traffic`")
            }
            Obstacle::OtherSubject { metric, title, subject } => {
                write!(formatter, "the threshold is about `{subject}`, and {metric} measures `{title}`")
            }
            Obstacle::Inexpressible(part) => write!(formatter, "an alert cannot express `{part}`"),
            Obstacle::UnmatchedSeries { metric, field } => {
                write!(formatter, "the series of `{field}` and `query` of {metric} may have different labels")
            }
        }
    }
}
