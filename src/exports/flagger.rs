//! MetricTemplates of Flagger, and the analysis of a Canary (<https://docs.flagger.app/usage/metrics>).
//!
//! Flagger counts failed checks over a whole run and never forgets one, so that the query of a template has the value 1 while
//! the trigger fires and 0 while it does not, and one failed check is enough. A check without a value fails, too: Flagger cannot
//! wait for a decision, so that a trigger whose missing data is a decision is left out.

use std::fmt::Write as _;

use super::rollout::{Analysis, NoRollout, Rollout, RolloutFiles, go_duration, workload};
use super::target::{Export, ExportOption, ExportRequest, Subject, Target};
use super::yaml::{block, comment, text};
use crate::model::dep::Strategy;
use crate::model::duration::Duration;
use crate::trigger::{InstantQuery, Trigger};

/// Flagger.
pub static TARGET: Target = Target {
    name: "flagger",
    about: "MetricTemplates of Flagger, and a Canary with the analysis of the rollout",
    subject: Subject::Rollback,
    takes: &[ExportOption::Prometheus, ExportOption::Workload],
    needs: &[ExportOption::Prometheus],
    write,
};

/// Its files.
static FILES: RolloutFiles = RolloutFiles {
    target: &TARGET,
    tool: "Flagger",
    templates: "rollback.metrictemplates.yaml",
    resource: "Canary",
    rollout: "canary.yaml",
    interval,
    refuse,
    template,
    write_rollout: canary,
};

fn write(request: &ExportRequest) -> Export {
    FILES.export(request)
}

/// What Flagger cannot do as the plan means it, and what it would do to a query.
fn refuse(trigger: &Trigger, query: &str) -> Option<(String, String)> {
    if trigger.unknown().is_some() {
        let (reason, help) = match &trigger.traffic {
            Some(_) => {
                ("low traffic, and `minimum_traffic` asks for enough of it", "remove `minimum_traffic`")
            }
            None => ("missing data, and `no_data` is not `rollback`", "write `no_data: rollback`"),
        };
        return Some((
            format!("Flagger rolls back on {reason}"),
            format!("{help}, or export to `argo`, which pauses"),
        ));
    }
    (query.split_ascii_whitespace().collect::<Vec<_>>().join(" ") != query).then(|| {
        (
            "Flagger joins the spaces in a query, also those between quotes".to_owned(),
            "select the series by another label".to_owned(),
        )
    })
}

/// How often Flagger checks: with each evaluation of the condition, and never more often than every ten seconds.
fn interval(query: &InstantQuery) -> Duration {
    query.step.max(Duration::from_millis(10_000))
}

fn template(request: &ExportRequest, analysis: &Analysis<'_>) -> String {
    let Analysis { trigger, instant, .. } = analysis;
    let address = request.prometheus.as_deref().unwrap_or_default();
    // Flagger takes `{{` for the beginning of a template.
    let expression = instant.query.to_string().replace("{{", "{{ \"{{\" }}");
    format!(
        "{}apiVersion: flagger.app/v1beta1\nkind: MetricTemplate\nmetadata:\n  name: {}\n  annotations:\n    relplan-id: {}\n    \
         summary: {}\nspec:\n  provider:\n    type: prometheus\n    address: {}\n  # 1: the trigger fires. 0: it does not.\n  \
         query: {}\n",
        comment(&format!("{}: {}", trigger.id, trigger.reading)),
        analysis.name(),
        text(&trigger.id.to_string()),
        text(&trigger.title),
        text(address),
        block(&expression, 4),
    )
}

fn canary(request: &ExportRequest, analyses: &[Analysis<'_>]) -> Result<String, NoRollout> {
    let rollout = request.rollout.as_ref().map_err(Clone::clone)?;
    let interval = analyses.iter().map(|analysis| analysis.interval).min().unwrap_or_default();
    let steps = steps(rollout, interval)?;
    rollout.refuse_too_short(analyses)?;
    let workload = workload(request)?;
    let mut yaml = format!(
        "# A patch for the Canary that has the `service`.\napiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata:\n  \
         name: {0}\n  annotations:\n    relplan-id: {1}\nspec:\n  targetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    \
         name: {0}\n  analysis:\n    interval: {2}\n    # One failed check is enough: each metric has its duration in its query.\n    \
         threshold: 1\n    {steps}\n    metrics:\n",
        text(workload),
        text(&rollout.release.to_string()),
        go_duration(interval),
    );
    for analysis in analyses {
        let name = analysis.name();
        let _ = write!(
            yaml,
            "      - name: {name}\n        interval: {}\n        templateRef:\n          name: {name}\n        \
             thresholdRange:\n          max: 0\n",
            go_duration(interval),
        );
    }
    Ok(yaml)
}

/// The weights or iterations of a Canary. Each check is a step, so that a weight cannot be held for longer.
fn steps(rollout: &Rollout, interval: Duration) -> Result<String, NoRollout> {
    if rollout.strategy == Some(Strategy::BlueGreen) {
        let length = rollout.length().filter(|_| !interval.is_zero()).ok_or_else(|| {
            NoRollout::new(
                format!("a phase of {} has no duration, and Flagger cannot wait", rollout.release),
                "add `duration` to each phase",
            )
        })?;
        return Ok(format!("iterations: {}", length.millis().div_ceil(interval.millis())));
    }
    let weights = rollout.weights()?;
    if let Some((_, phase)) = weights.iter().find(|(_, phase)| phase.length != Some(interval)) {
        let length =
            phase.length.map_or_else(|| "until a person ends it".to_owned(), |length| format!("{length}"));
        return Err(NoRollout::new(
            format!("Flagger changes the weight at each check ({interval}), and a phase lasts {length}"),
            "export to `argo`, or set `stepWeights` in a Canary of your own",
        ));
    }
    let weights: Vec<String> = weights.iter().map(|(weight, _)| weight.to_string()).collect();
    Ok(format!("stepWeights: [{}]", weights.join(", ")))
}
