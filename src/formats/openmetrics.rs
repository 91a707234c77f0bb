//! Delivery metrics as OpenMetrics text, for the textfile collector of Prometheus and its like.
//!
//! What is not available has no sample: neither zero nor `NaN` would be true.

use std::fmt::Write as _;

use crate::metrics::{Measure, Unit};
use crate::source::shown::shown;
use crate::views::metrics::{MetricView, MetricsView, TargetStatus};

/// The name of the format.
pub const NAME: &str = "openmetrics";

/// What it is.
pub const ABOUT: &str = "OpenMetrics text, for Prometheus; metrics that are not available are absent";

/// Writes the metrics.
pub fn text(view: &MetricsView) -> String {
    let mut text = String::new();
    let environment = escaped(&shown(&view.environment));
    for metric in &view.metrics {
        let Some(value) = metric.value else { continue };
        let (value, unit) = match metric.unit {
            // The value has two decimals.
            Unit::Percent => ((value * 100.0).round() / 10_000.0, Some("ratio")),
            Unit::Seconds => (value, Some("seconds")),
            Unit::PerWeek => (value, None),
        };
        let name = name(metric.name);
        let _ = writeln!(text, "# TYPE {name} gauge");
        if let Some(unit) = unit {
            let _ = writeln!(text, "# UNIT {name} {unit}");
        }
        let _ = writeln!(text, "# HELP {name} {}.", metric.name.title());
        let _ = writeln!(text, "{name}{{environment=\"{environment}\"}} {value}");
    }
    family(
        &mut text,
        view,
        "relplan_metric_samples",
        "Deployments, commits, incidents or releases that a metric rests on.",
        &environment,
        |metric| metric.denominator.or(metric.numerator).map(|count| count.to_string()),
    );
    family(
        &mut text,
        view,
        "relplan_metric_target_met",
        "Whether the target of a metric is met.",
        &environment,
        |metric| match metric.target?.status {
            TargetStatus::Met => Some("1".to_owned()),
            TargetStatus::Missed => Some("0".to_owned()),
            TargetStatus::Unknown => None,
        },
    );
    text + "# EOF\n"
}

/// A family with a sample for each metric that has one.
fn family(
    text: &mut String,
    view: &MetricsView,
    name: &str,
    about: &str,
    environment: &str,
    value: impl Fn(&MetricView) -> Option<String>,
) {
    let samples: Vec<(&str, String)> =
        view.metrics.iter().filter_map(|metric| Some((label(metric.name), value(metric)?))).collect();
    if samples.is_empty() {
        return;
    }
    let _ = write!(text, "# TYPE {name} gauge\n# HELP {name} {about}\n");
    for (metric, value) in samples {
        let _ = writeln!(text, "{name}{{environment=\"{environment}\",metric=\"{metric}\"}} {value}");
    }
}

fn name(measure: Measure) -> &'static str {
    match measure {
        Measure::DeploymentFrequency => "relplan_deployments_per_week",
        Measure::ChangeLeadTime => "relplan_change_lead_time_seconds",
        Measure::ChangeFailRate => "relplan_change_fail_ratio",
        Measure::RecoveryTime => "relplan_failed_deployment_recovery_time_seconds",
        Measure::ReworkRate => "relplan_deployment_rework_ratio",
        Measure::DeploymentSuccess => "relplan_deployment_success_ratio",
        Measure::RollbackRate => "relplan_rollback_ratio",
        Measure::DeploymentTime => "relplan_deployment_time_seconds",
        Measure::RollbackTime => "relplan_rollback_time_seconds",
        Measure::ReleasesOnTime => "relplan_releases_on_time_ratio",
    }
}

fn label(measure: Measure) -> &'static str {
    match measure {
        Measure::DeploymentFrequency => "deployment_frequency",
        Measure::ChangeLeadTime => "change_lead_time",
        Measure::ChangeFailRate => "change_fail_rate",
        Measure::RecoveryTime => "recovery_time",
        Measure::ReworkRate => "rework_rate",
        Measure::DeploymentSuccess => "deployment_success",
        Measure::RollbackRate => "rollback_rate",
        Measure::DeploymentTime => "deployment_time",
        Measure::RollbackTime => "rollback_time",
        Measure::ReleasesOnTime => "releases_on_time",
    }
}

/// The value of a label.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
