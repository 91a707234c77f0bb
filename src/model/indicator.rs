//! What is measured: monitored metrics (`MON-`) and key performance indicators (`KPI-`).

use super::duration::Duration;
use super::entry::choice_of;
use super::field::{Field, Shape};
use super::order::{Order, word_of};
use super::reader::{Condition, Query, Reader};
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

choice! {
    /// What a key performance indicator is about (seed: success metrics).
    KpiCategory {
        /// Performance, availability, deployments.
        Technical = "technical" | "technical performance",
        /// Adoption, satisfaction, revenue.
        Business = "business" | "business impact",
        /// Engagement, completion of tasks, ratings.
        UserExperience = "user experience" | "ux",
        /// How releases are made.
        Process = "process",
    }
}

/// A monitored metric.
#[derive(Debug)]
pub struct Mon<'s> {
    /// The query that yields it, in PromQL.
    pub query: Option<Query<'s>>,
    /// How often Prometheus scrapes what the query reads.
    pub scrape_interval: Option<Spanned<Duration>>,
    /// What it is counted in.
    pub unit: Option<Text<'s>>,
    /// What it is when all is well.
    pub baseline: Option<Text<'s>>,
    /// The query that yields the baseline, such as the stable side of a canary.
    pub baseline_query: Option<Query<'s>>,
    /// How long ago the same query yielded the baseline.
    pub baseline_offset: Option<Spanned<Duration>>,
    /// The query that yields how much there is to measure.
    pub traffic: Option<Query<'s>>,
    /// How much of it there must be, so that the metric says something.
    pub minimum_traffic: Option<Spanned<f64>>,
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
    /// What it is about.
    pub category: Option<Spanned<KpiCategory>>,
    /// How long after the release it is measured.
    pub window: Option<Spanned<Duration>>,
}

impl<'s> Mon<'s> {
    /// The fields of a monitored metric.
    pub const FIELDS: &'static [Field] = &[
        Field::new("query", Shape::Text, "The query that yields it, in PromQL.").asks(Order::Exact),
        Field::new("scrape_interval", Shape::Duration, "Scrape interval of Prometheus: `15s`.")
            .asks(Order::Exact),
        Field::new("unit", Shape::Text, "Unit.").asks(Order::Exact),
        Field::new("baseline", Shape::Text, "Normal value.").asks(Order::Exact),
        Field::new(
            "baseline_query",
            Shape::Text,
            "PromQL for the baseline, such as the stable side of a canary.",
        )
        .asks(Order::Exact),
        Field::new(
            "baseline_offset",
            Shape::Duration,
            "Age of the baseline: with `1d`, the baseline is the value one day ago.",
        )
        .asks(Order::Exact),
        Field::new("traffic", Shape::Text, "PromQL for the traffic, such as requests per second.")
            .asks(Order::Exact),
        Field::new("minimum_traffic", Shape::Number, "Traffic below which the metric says nothing.")
            .asks(Order::AtMost),
        Field::new("type", choice_of::<MonType>(), "A metric, an alert, or a service level objective.")
            .asks(Order::Selects),
        Field::new("target", Shape::Threshold, "Target.").asks(Order::Requirement),
    ];

    /// Whether it says what is normal: as a figure, by a query, or by an earlier time.
    pub fn has_baseline(&self) -> bool {
        self.baseline.is_some() || self.baseline_query.is_some() || self.baseline_offset.is_some()
    }

    /// Its queries, each with the name of its field.
    pub fn queries(&self) -> impl Iterator<Item = (&'static str, &Query<'s>)> {
        let fields = [
            ("query", self.query.as_ref()),
            ("baseline_query", self.baseline_query.as_ref()),
            ("traffic", self.traffic.as_ref()),
        ];
        fields.into_iter().filter_map(|(name, query)| Some((name, query?)))
    }

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        Mon {
            query: fields.query("query"),
            scrape_interval: fields.duration("scrape_interval"),
            unit: fields.text("unit"),
            baseline: fields.figure("baseline"),
            baseline_query: fields.query("baseline_query"),
            baseline_offset: fields.duration("baseline_offset"),
            traffic: fields.query("traffic"),
            minimum_traffic: fields.number("minimum_traffic"),
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
        Field::new("category", choice_of::<KpiCategory>(), "Category.").asks(Order::Nothing),
        Field::new("window", Shape::Duration, "Time after the release in which it is measured: `30 days`.")
            .asks(Order::Nothing),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        Kpi {
            target: fields.target("target"),
            baseline: fields.figure("baseline"),
            actual: fields.figure("actual"),
            unit: fields.text("unit"),
            direction: fields.choice("direction"),
            category: fields.choice("category"),
            window: fields.duration("window"),
        }
    }
}
