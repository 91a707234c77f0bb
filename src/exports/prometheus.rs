//! Alerting rules of Prometheus, and the unit test that shows when they fire.
//!
//! Each trigger has an alert for its condition and one for that it is not known whether the condition is met, because an alert
//! without data is silent (<https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/>,
//! <https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/>).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::target::{Export, ExportFile, ExportRequest, Subject, Target};
use super::yaml::{block, text};
use crate::model::Choice;
use crate::model::duration::Duration;
use crate::model::promql::{Expr, duration_text};
use crate::trigger::engine::{Labels, NAME};
use crate::trigger::example::{AlertKind, Example, Moment, example};
use crate::trigger::{Trigger, alert_name};

/// Prometheus.
pub static TARGET: Target = Target {
    name: "prometheus",
    about: "alerting rules of Prometheus, with a unit test for promtool",
    subject: Subject::Rollback,
    takes: &[],
    needs: &[],
    write,
};

/// The name of the file with the rules.
const RULES: &str = "rollback.rules.yaml";

fn write(request: &ExportRequest) -> Export {
    let header = request.header(&TARGET, &request.left_out);
    let mut export = Export { left_out: request.left_out.clone(), ..Export::default() };
    if request.triggers.is_empty() {
        return export;
    }
    let rules = format!("{header}groups:\n{}", groups(request, 2));
    export.files.push(ExportFile::text(RULES, rules));
    let examples: Vec<(&Trigger, Option<Example>)> =
        request.triggers.iter().map(|trigger| (trigger, example(trigger))).collect();
    let mut by_interval: BTreeMap<i64, Vec<(&Trigger, &Example)>> = BTreeMap::new();
    for (trigger, example) in &examples {
        match example {
            Some(example) => by_interval.entry(example.interval).or_default().push((trigger, example)),
            None => export.remarks.push(format!(
                "{}: no unit test: relplan found no series that meet the condition; write one by hand",
                trigger.id
            )),
        }
    }
    let is_only = by_interval.len() == 1;
    for (interval, tests) in by_interval {
        let length = duration_text(interval.unsigned_abs());
        let name =
            if is_only { "rollback.test.yaml".to_owned() } else { format!("rollback.{length}.test.yaml") };
        let mut file = format!("{header}rule_files: [{RULES}]\nevaluation_interval: {length}\ntests:\n");
        for (trigger, example) in tests {
            file += &unit_test(request, trigger, example);
        }
        export.files.push(ExportFile::text(name, file));
    }
    export
}

/// The rule groups, indented by so many spaces.
pub(super) fn groups(request: &ExportRequest, indent: usize) -> String {
    let mut text = format!("{:indent$}- name: relplan-rollback\n{:indent$}  rules:\n", "", "");
    for trigger in &request.triggers {
        for kind in [AlertKind::Rollback, AlertKind::Unknown] {
            if let Some(alert) = Alert::new(request, trigger, kind) {
                text += &alert.rule(indent + 4);
            }
        }
    }
    text
}

/// An alerting rule.
struct Alert {
    name: String,
    condition: Expr,
    hold: u64,
    keep_firing: u64,
    labels: Vec<(&'static str, String)>,
    annotations: Vec<(&'static str, String)>,
    source: String,
}

impl Alert {
    fn new(request: &ExportRequest, trigger: &Trigger, kind: AlertKind) -> Option<Self> {
        let id = trigger.id.to_string();
        let (condition, hold, keep_firing) = match kind {
            AlertKind::Rollback => (trigger.condition(), trigger.hold, trigger.keep_firing),
            AlertKind::Unknown => (trigger.unknown()?, trigger.unknown_hold(), Duration::default()),
        };
        let title = if trigger.title.is_empty() { &id } else { &trigger.title };
        let of = format!("{}: {}", trigger.metric, trigger.reading);
        let (word, summary, description) = match kind {
            AlertKind::Rollback => {
                let start =
                    if trigger.automatic == Some(true) { "Roll back." } else { "Decide on a rollback." };
                ("rollback", format!("{id}: {title}"), format!("{of}. {start}"))
            }
            AlertKind::Unknown => (
                "unknown",
                format!("{id}: no data for the rollback trigger"),
                format!(
                    "{} has no value, or too little traffic, so it is unknown whether to roll back.",
                    trigger.metric
                ),
            ),
        };
        let mut labels = vec![("relplan_id", id.clone()), ("relplan_alert", word.to_owned())];
        labels.extend(request.release.clone().map(|release| ("relplan_release", release)));
        if let Some(severity) = trigger.severity {
            let severity = match kind {
                AlertKind::Rollback => severity.word().to_lowercase(),
                AlertKind::Unknown => "warning".to_owned(),
            };
            labels.push(("severity", severity));
        }
        labels.sort();
        let mut annotations = vec![("description", description)];
        let runbooks: Vec<String> = trigger.runbooks.iter().map(ToString::to_string).collect();
        if !runbooks.is_empty() {
            annotations.push(("runbook", runbooks.join(", ")));
        }
        annotations.push(("summary", summary));
        Some(Alert {
            name: alert_name(trigger.id, word),
            condition,
            hold: hold.millis(),
            keep_firing: keep_firing.millis(),
            labels,
            annotations,
            source: format!("{id}: {}", trigger.reading),
        })
    }

    fn rule(&self, indent: usize) -> String {
        let mut rule = format!("{:indent$}{}", "", super::yaml::comment(&self.source));
        let line = |text: String| format!("{:indent$}  {text}\n", "");
        let _ = writeln!(rule, "{:indent$}- alert: {}", "", self.name);
        rule += &line(format!("expr: {}", block(&self.condition.to_string(), indent + 4)));
        if self.hold > 0 {
            rule += &line(format!("for: {}", duration_text(self.hold)));
        }
        if self.keep_firing > 0 {
            rule += &line(format!("keep_firing_for: {}", duration_text(self.keep_firing)));
        }
        for (key, pairs) in [("labels", &self.labels), ("annotations", &self.annotations)] {
            rule += &line(format!("{key}:"));
            for (name, value) in pairs {
                rule += &line(format!("  {name}: {}", text(&untemplated(value))));
            }
        }
        rule
    }

    /// The labels of the alert for a series.
    fn labels_for(&self, series: &Labels) -> BTreeMap<String, String> {
        let mut labels: BTreeMap<String, String> = series.iter().cloned().collect();
        labels.extend(self.labels.iter().map(|(label, value)| ((*label).to_owned(), value.clone())));
        labels.retain(|_, value| !value.is_empty());
        labels
    }
}

/// A text in which no part is a template: `{{` begins one.
fn untemplated(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

/// The test group of one trigger.
fn unit_test(request: &ExportRequest, trigger: &Trigger, example: &Example) -> String {
    let mut test = format!(
        "  - name: {}\n    interval: {}\n    input_series:\n",
        text(&format!("{}: {}: {}", trigger.id, trigger.metric, trigger.reading)),
        duration_text(example.interval.unsigned_abs())
    );
    for (labels, values) in &example.series {
        let _ = writeln!(
            test,
            "      - series: {}\n        values: {}",
            text(&series_text(labels)),
            text(values)
        );
    }
    test += "    alert_rule_test:\n";
    for moment in &example.moments {
        let Some(alert) = Alert::new(request, trigger, moment.alert) else { continue };
        test += &moment_test(&alert, moment);
    }
    test
}

fn moment_test(alert: &Alert, moment: &Moment) -> String {
    let time = duration_text(moment.time.unsigned_abs());
    let mut test = format!("      - eval_time: {time}\n        alertname: {}\n", alert.name);
    if moment.firing.is_empty() {
        return test + "        exp_alerts: []\n";
    }
    test += "        exp_alerts:\n";
    for series in &moment.firing {
        test += "          - exp_labels:\n";
        for (label, value) in alert.labels_for(series) {
            let _ = writeln!(test, "              {label}: {}", text(&value));
        }
        test += "            exp_annotations:\n";
        for (name, value) in &alert.annotations {
            let _ = writeln!(test, "              {name}: {}", text(value));
        }
    }
    test
}

/// A series as PromQL selects it.
fn series_text(labels: &Labels) -> String {
    let name = labels.iter().find(|(label, _)| label == NAME).map_or("", |(_, name)| name);
    let rest: Labels = labels.iter().filter(|(label, _)| label != NAME).cloned().collect();
    match rest.is_empty() {
        true => name.to_owned(),
        false => format!("{name}{{{}}}", crate::trigger::engine::labels_text(&rest)),
    }
}
