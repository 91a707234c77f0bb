//! AnalysisTemplates of Argo Rollouts, and a Rollout with the phases of the release
//! (<https://argo-rollouts.readthedocs.io/en/stable/features/analysis/>).
//!
//! Argo counts failed measurements over a whole run and knows no duration, so that the query of a template has the value 1
//! while the trigger fires, 0 while it does not, and none while that is unknown. One failed measurement aborts the rollout. A
//! measurement without a value is inconclusive; once there are more of them than the plan allows, the rollout pauses.

use std::fmt::Write as _;

use super::rollout::{Analysis, NoRollout, RolloutFiles, go_duration, workload};
use super::target::{Export, ExportOption, ExportRequest, Subject, Target};
use super::yaml::{block, comment, text};
use crate::model::duration::Duration;
use crate::trigger::{InstantQuery, Trigger};

/// Argo Rollouts.
pub static TARGET: Target = Target {
    name: "argo",
    about: "AnalysisTemplates of Argo Rollouts, and a Rollout with the phases of the release",
    subject: Subject::Rollback,
    takes: &[ExportOption::Prometheus, ExportOption::Workload],
    needs: &[],
    write,
};

/// Its files.
static FILES: RolloutFiles = RolloutFiles {
    target: &TARGET,
    tool: "Argo",
    templates: "rollback.analysistemplates.yaml",
    resource: "Rollout",
    rollout: "rollout.yaml",
    interval,
    refuse,
    template,
    write_rollout: rollout,
};

fn write(request: &ExportRequest) -> Export {
    FILES.export(request)
}

/// What Argo would do to a query.
fn refuse(_: &Trigger, query: &str) -> Option<(String, String)> {
    query.contains("{{").then(|| {
        (
            "Argo replaces what is between `{{` and `}}` in a query".to_owned(),
            "select the series by another label".to_owned(),
        )
    })
}

/// How often Argo measures. The time of a measurement is added to its interval, so that measurements once a minute would miss
/// a minute now and then.
fn interval(query: &InstantQuery) -> Duration {
    Duration::from_millis((query.step.millis() / 2).max(1_000))
}

/// How many measurements may have no value, so that the rollout pauses no later than there is an alert about missing data. Each
/// measurement takes some of the time: a tenth of the interval, if it is slow.
fn allowed_without_value(hold: Duration, interval: Duration) -> u64 {
    (hold.millis() * 10 / (interval.millis() * 11)).saturating_sub(1)
}

fn template(request: &ExportRequest, analysis: &Analysis<'_>) -> String {
    let Analysis { trigger, instant, interval } = analysis;
    let name = analysis.name();
    let allowed = allowed_without_value(trigger.unknown_hold(), *interval);
    let mut yaml = comment(&format!("{}: {}", trigger.id, trigger.reading));
    let _ = write!(
        yaml,
        "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata:\n  name: {name}\n  annotations:\n    \
         relplan-id: {}\n    summary: {}\nspec:\n  metrics:\n    - name: {name}\n      interval: {}\n      \
         failureLimit: 0\n",
        text(&trigger.id.to_string()),
        text(&trigger.title),
        go_duration(*interval),
    );
    let line = |yaml: &mut String, line: &str| *yaml += &format!("      {line}\n");
    line(&mut yaml, "# Measurements without a value; one more pauses the rollout.");
    line(&mut yaml, &format!("inconclusiveLimit: {allowed}"));
    line(&mut yaml, "# 1: the trigger fires. 0: it does not. No value: that is unknown.");
    line(&mut yaml, "successCondition: \"len(result) == 1 && result[0] == 0\"");
    line(&mut yaml, "failureCondition: \"len(result) == 1 && result[0] == 1\"");
    line(&mut yaml, "provider:");
    line(&mut yaml, "  prometheus:");
    if let Some(address) = &request.prometheus {
        line(&mut yaml, &format!("    address: {}", text(address)));
    }
    line(&mut yaml, &format!("    query: {}", block(&instant.query.to_string(), 12)));
    yaml
}

fn rollout(request: &ExportRequest, analyses: &[Analysis<'_>]) -> Result<String, NoRollout> {
    let rollout = request.rollout.as_ref().map_err(Clone::clone)?;
    let weights = rollout.weights()?;
    rollout.refuse_too_short(analyses)?;
    let workload = workload(request)?;
    let mut yaml = format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: {0}\n  annotations:\n    relplan-id: {1}\n\
         spec:\n  workloadRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: {0}\n  strategy:\n    canary:\n      \
         analysis:\n        startingStep: 1\n        templates:\n",
        text(workload),
        text(&rollout.release.to_string()),
    );
    for analysis in analyses {
        let _ = writeln!(yaml, "          - templateName: {}", analysis.name());
    }
    yaml += "      steps:\n";
    for (weight, phase) in weights {
        if !phase.name.is_empty() {
            yaml += &format!("        {}", comment(&phase.name));
        }
        let _ = writeln!(yaml, "        - setWeight: {weight}");
        match phase.length {
            Some(length) => {
                let _ = writeln!(yaml, "        - pause:\n            duration: {}", go_duration(length));
            }
            // Without a length, Argo waits until a person promotes the rollout.
            None => yaml += "        - pause: {}\n",
        }
    }
    Ok(yaml)
}
