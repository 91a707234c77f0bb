//! `[metrics]`: where deployments and incidents are recorded, and what they are held against.

use super::owned;
use crate::model::duration::Duration;
use crate::model::field::{Field, Shape, choices};
use crate::model::order::Order;
use crate::model::reader::Reader;
use crate::model::value::{Percentage, choice};
use crate::source::Spanned;

choice! {
    /// Which median of an even number of values.
    #[derive(Default)]
    Median {
        /// Halfway between the two in the middle, as Four Keys has it: `PERCENTILE_CONT(0.5)`. Of 1, 2, 3, 4 it is 2.5.
        #[default]
        PercentileCont = "percentile_cont",
        /// The greatest value with a percent rank of at most one half, as Apache DevLake has it. Of 1, 2, 3, 4 it is 2.
        PercentRank = "percent_rank",
    }
}

/// What `[metrics]` says.
#[derive(Debug, Clone, Default)]
pub struct MetricsSettings {
    /// Globs of the files with deployments, from the folder of `relplan.toml`.
    pub deployments: Vec<Spanned<String>>,
    /// Globs of the files with incidents, from the folder of `relplan.toml`.
    pub incidents: Vec<Spanned<String>>,
    /// The environment whose deployments count; `production` if absent.
    pub environment: Option<String>,
    /// Which median.
    pub median: Median,
    /// What the metrics are held against.
    pub targets: MetricTargets,
}

/// What `[metrics.targets]` says.
#[derive(Debug, Clone, Copy, Default)]
pub struct MetricTargets {
    /// The fewest deployments in a week.
    pub deployments_per_week: Option<f64>,
    /// The longest change lead time.
    pub change_lead_time: Option<Duration>,
    /// The greatest change fail rate.
    pub change_fail_rate: Option<Percentage>,
    /// The longest failed deployment recovery time.
    pub recovery_time: Option<Duration>,
    /// The greatest deployment rework rate.
    pub rework_rate: Option<Percentage>,
    /// The smallest share of deployments that succeed.
    pub deployment_success: Option<Percentage>,
    /// The greatest share of rollbacks.
    pub rollback_rate: Option<Percentage>,
    /// The longest time that a deployment takes.
    pub deployment_time: Option<Duration>,
    /// The longest time that a rollback takes.
    pub rollback_time: Option<Duration>,
    /// The smallest share of releases that ship on their date or before.
    pub releases_on_time: Option<Percentage>,
}

/// The environment that counts, unless another is stated.
pub const PRODUCTION: &str = "production";

impl MetricsSettings {
    /// The environment whose deployments count.
    pub fn environment(&self) -> &str {
        self.environment.as_deref().unwrap_or(PRODUCTION)
    }
}

/// The keys of `[metrics]`.
pub const METRICS: &[Field] = &[
    Field::new(
        "deployments",
        Shape::List,
        "Globs of files with deployments (JSON Lines of relplan, CDEvents, GitHub deployments with their statuses, DevLake webhooks), relative to the plan folder.",
    )
    .asks(Order::Nothing),
    Field::new(
        "incidents",
        Shape::List,
        "Globs of files with incidents (JSON Lines of relplan, CDEvents, DevLake webhooks), relative to the plan folder.",
    )
    .asks(Order::Nothing),
    Field::new("environment", Shape::Text, "Environment whose deployments count; `production` by default.")
        .asks(Order::Nothing),
    Field::new(
        "median",
        Shape::Choice(choices::<Median>),
        "Median of an even number of values: `percentile_cont` (default, as Four Keys) or `percent_rank` (as Apache DevLake).",
    )
    .asks(Order::Nothing),
    Field::new("targets", Shape::Structure(TARGETS), "Targets of the metrics.").asks(Order::Nothing),
];

/// The keys of `[metrics.targets]`.
pub const TARGETS: &[Field] = &[
    Field::new("deployments_per_week", Shape::Number, "Minimum number of deployments a week.")
        .asks(Order::Nothing),
    Field::new("change_lead_time", Shape::Duration, "Maximum change lead time: `1 week`.")
        .asks(Order::Nothing),
    Field::new("change_fail_rate", Shape::Percentage, "Maximum change fail rate: `5%`.").asks(Order::Nothing),
    Field::new("recovery_time", Shape::Duration, "Maximum failed deployment recovery time: `15 minutes`.")
        .asks(Order::Nothing),
    Field::new("rework_rate", Shape::Percentage, "Maximum deployment rework rate.").asks(Order::Nothing),
    Field::new("deployment_success", Shape::Percentage, "Minimum share of successful deployments: `99.5%`.")
        .asks(Order::Nothing),
    Field::new("rollback_rate", Shape::Percentage, "Maximum share of rollbacks: `2%`.").asks(Order::Nothing),
    Field::new("deployment_time", Shape::Duration, "Maximum duration of a deployment: `30 minutes`.")
        .asks(Order::Nothing),
    Field::new("rollback_time", Shape::Duration, "Maximum duration of a rollback: `5 minutes`.")
        .asks(Order::Nothing),
    Field::new("releases_on_time", Shape::Percentage, "Minimum share of releases that ship on time.")
        .asks(Order::Nothing),
];

/// Reads `[metrics]`.
pub(super) fn read(reader: &mut Reader<'_>) -> MetricsSettings {
    let Some((mut table, _)) = reader.structure("metrics") else { return MetricsSettings::default() };
    let settings = MetricsSettings {
        deployments: owned(table.list("deployments")),
        incidents: owned(table.list("incidents")),
        environment: table.text("environment").map(|text| text.value.trim().to_owned()),
        median: table.choice("median").map(|median| median.value).unwrap_or_default(),
        targets: read_targets(&mut table),
    };
    reader.absorb(table, &[METRICS]);
    settings
}

fn read_targets(reader: &mut Reader<'_>) -> MetricTargets {
    let Some((mut table, _)) = reader.structure("targets") else { return MetricTargets::default() };
    let targets = MetricTargets {
        deployments_per_week: table.number("deployments_per_week").map(|number| number.value),
        change_lead_time: table.duration("change_lead_time").map(|time| time.value),
        change_fail_rate: table.percentage("change_fail_rate").map(|share| share.value),
        recovery_time: table.duration("recovery_time").map(|time| time.value),
        rework_rate: table.percentage("rework_rate").map(|share| share.value),
        deployment_success: table.percentage("deployment_success").map(|share| share.value),
        rollback_rate: table.percentage("rollback_rate").map(|share| share.value),
        deployment_time: table.duration("deployment_time").map(|time| time.value),
        rollback_time: table.duration("rollback_time").map(|time| time.value),
        releases_on_time: table.percentage("releases_on_time").map(|share| share.value),
    };
    reader.absorb(table, &[TARGETS]);
    targets
}
