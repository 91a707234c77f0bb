//! A dashboard of Grafana with a panel for each metric, the limits of the triggers as lines, and deployments and rollback alerts
//! as annotations (<https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/>).

use serde_json::{Value, json};

use super::target::{Export, ExportFile, ExportRequest, Subject, Target};
use crate::graph::Selection;
use crate::model::decimal::Decimal;
use crate::model::indicator::Mon;
use crate::model::measure::Measure;
use crate::model::promql::{Expr, Operator, Type};
use crate::model::{Entry, Id, Kind, Plan};
use crate::trigger::{LeftOut, Limit, Trigger};

/// Grafana.
pub static TARGET: Target = Target {
    name: "grafana",
    about: "a dashboard of Grafana with a panel for each metric and the limits of the triggers",
    subject: Subject::Metric,
    takes: &[],
    needs: &[],
    write,
};

/// A metric as a dashboard shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownMetric {
    /// Which.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// Its unit as it is stated.
    pub unit: Option<String>,
    /// What is measured.
    pub query: Expr,
    /// What it is compared with.
    pub baseline: Option<Expr>,
}

/// The metrics of a selection, and those that cannot be shown, each with the reason.
pub(super) fn metrics(plan: &Plan<'_>, selection: &Selection) -> (Vec<ShownMetric>, Vec<LeftOut>) {
    let (mut shown, mut left_out) = (Vec::new(), Vec::new());
    for entry in plan.entries() {
        let Kind::Mon(mon) = &entry.kind else { continue };
        if plan.find_current(entry.id.value).is_none_or(|index| !selection.has(index)) {
            continue;
        }
        match metric(entry, mon) {
            Ok(metric) => shown.push(metric),
            Err((reason, help)) => left_out.push(LeftOut {
                id: entry.id.value,
                reason: reason.to_owned(),
                help: help.to_owned(),
                is_automatic: false,
            }),
        }
    }
    shown.sort_by_key(|metric: &ShownMetric| metric.id);
    left_out.sort_by_key(|left_out| left_out.id);
    (shown, left_out)
}

fn metric(entry: &Entry<'_>, mon: &Mon<'_>) -> Result<ShownMetric, (&'static str, &'static str)> {
    let query = mon.query.as_ref().ok_or(("it has no query", "add `query` with PromQL"))?;
    let query = query.parsed.as_ref().map_err(|_| ("its PromQL is not valid", "correct the PromQL"))?;
    if !matches!(query.result_type(), Type::Vector | Type::Scalar) {
        return Err(("its query yields no values", "apply a function such as `rate(…)` to the range vector"));
    }
    let baseline = mon.baseline_query.as_ref().map(|query| query.parsed.as_ref()).transpose();
    let baseline = baseline.map_err(|_| ("its `baseline_query` is not valid", "correct the PromQL"))?;
    Ok(ShownMetric {
        id: entry.id.value,
        title: entry.title().to_owned(),
        unit: mon.unit.as_ref().map(|unit| unit.value.trim().to_owned()).filter(|unit| !unit.is_empty()),
        query: (**query).clone(),
        baseline: baseline.map(|expr| (**expr).clone()),
    })
}

fn write(request: &ExportRequest) -> Export {
    let mut export = Export { left_out: request.metrics_left_out.clone(), ..Export::default() };
    if request.metrics.is_empty() {
        return export;
    }
    // Who watches the dashboard must know which limits it does not show. Alerts are another export's, so that no rollback
    // is without its start here.
    let not_drawn = request.left_out.iter().cloned();
    export.left_out.extend(not_drawn.map(|left_out| LeftOut { is_automatic: false, ..left_out }));
    export.remarks.extend(request.triggers.iter().filter_map(|trigger| not_drawn_reason(request, trigger)));
    let title = request
        .release
        .as_ref()
        .map_or_else(|| "Release metrics".to_owned(), |release| format!("Release {release}"));
    let panels: Vec<Value> =
        request.metrics.iter().enumerate().map(|(place, metric)| panel(request, place, metric)).collect();
    let dashboard = json!({
        "annotations": {"list": annotations()},
        "description": TARGET.generated(),
        "editable": false,
        "graphTooltip": 1,
        "panels": panels,
        "refresh": "1m",
        "schemaVersion": 39,
        "tags": ["relplan"],
        "templating": {"list": [{
            "label": "Prometheus",
            "name": "datasource",
            "query": "prometheus",
            "type": "datasource",
        }]},
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "utc",
        "title": title,
        "uid": uid(request.release.as_deref()),
    });
    let text = serde_json::to_string_pretty(&dashboard).unwrap_or_default() + "\n";
    export.files.push(ExportFile::text("release.dashboard.json", text));
    export
}

/// The id of a dashboard: at most forty letters, digits and hyphens.
fn uid(release: Option<&str>) -> String {
    let release = release.map(|release| format!("-{release}")).unwrap_or_default();
    let letter =
        |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    format!("relplan{release}").chars().map(letter).take(40).collect()
}

fn source() -> Value {
    json!({"type": "prometheus", "uid": "${datasource}"})
}

/// Deployments, as a pipeline posts them to Grafana with the tag `deployment`, and rollback alerts while they fire.
fn annotations() -> Value {
    json!([
        {
            "datasource": {"type": "grafana", "uid": "-- Grafana --"},
            "enable": true,
            "hide": false,
            "iconColor": "blue",
            "name": "Deployments",
            "target": {"limit": 100, "matchAny": false, "tags": ["deployment"], "type": "tags"},
        },
        {
            "datasource": source(),
            "enable": true,
            "expr": "ALERTS{relplan_alert=\"rollback\", alertstate=\"firing\"}",
            "hide": false,
            "iconColor": "red",
            "name": "Rollback alerts",
        },
    ])
}

fn panel(request: &ExportRequest, place: usize, metric: &ShownMetric) -> Value {
    let triggers: Vec<&Trigger> =
        request.triggers.iter().filter(|trigger| trigger.metric == metric.id).collect();
    let mut lines = Lines::new(&metric.query);
    if let Some(baseline) = &metric.baseline {
        lines.add("baseline", baseline, "text");
    }
    for trigger in &triggers {
        if matches!(trigger.limit, Limit::Moving { .. }) {
            lines.add(&format!("limit of {}", trigger.id), &trigger.limit_expression(), "red");
        }
    }
    let readings: Vec<String> = triggers
        .iter()
        .map(|trigger| format!("{} {}: {}", trigger.id, trigger.title, trigger.reading))
        .collect();
    let steps = steps(&triggers);
    let style = if steps.len() > 1 { "line" } else { "off" };
    json!({
        "datasource": source(),
        "description": readings.join("\n"),
        "fieldConfig": {
            "defaults": {
                "custom": {
                    "axisLabel": metric.unit.clone().unwrap_or_default(),
                    "spanNulls": false,
                    "thresholdsStyle": {"mode": style},
                },
                "thresholds": {"mode": "absolute", "steps": steps},
                "unit": metric.unit.as_deref().map_or("short", unit),
            },
            "overrides": lines.overrides,
        },
        "gridPos": {"h": 8, "w": 12, "x": 12 * (place % 2), "y": 8 * (place / 2)},
        "id": place + 1,
        "targets": lines.targets,
        "title": format!("{} {}", metric.id, metric.title),
        "type": "timeseries",
    })
}

/// The queries of a panel, and how they are drawn.
struct Lines {
    targets: Vec<Value>,
    overrides: Vec<Value>,
}

impl Lines {
    fn new(query: &Expr) -> Self {
        let mut lines = Lines { targets: Vec::new(), overrides: Vec::new() };
        lines.push("__auto", query);
        lines
    }

    fn push(&mut self, legend: &str, expr: &Expr) -> String {
        let name = format!("Q{}", self.targets.len() + 1);
        self.targets.push(json!({
            "datasource": source(),
            "expr": expr.to_string(),
            "legendFormat": legend,
            "range": true,
            "refId": name,
        }));
        name
    }

    /// Adds a dashed line.
    fn add(&mut self, legend: &str, expr: &Expr, color: &str) {
        let name = self.push(legend, expr);
        self.overrides.push(json!({
            "matcher": {"id": "byFrameRefID", "options": name},
            "properties": [
                {"id": "custom.lineStyle", "value": {"dash": [10, 10], "fill": "dash"}},
                {"id": "color", "value": {"fixedColor": color, "mode": "fixed"}},
            ],
        }));
    }
}

/// Why a dashboard does not show the limit of a trigger, if it does not.
fn not_drawn_reason(request: &ExportRequest, trigger: &Trigger) -> Option<String> {
    let Trigger { id, metric, .. } = trigger;
    if !request.metrics.iter().any(|shown| shown.id == *metric) {
        return Some(format!("{id}: limit not drawn: {metric} has no panel"));
    }
    match trigger.limit {
        Limit::Number(_) if step(trigger).is_none() => Some(format!(
            "{id}: limit not drawn: Grafana colours what is above or below a limit, and not `{}`",
            trigger.operator.sign()
        )),
        Limit::NoData => Some(format!("{id}: limit not drawn: missing data has no line")),
        Limit::Number(_) | Limit::Moving { .. } => None,
    }
}

/// The number above or below which a trigger fires.
fn step(trigger: &Trigger) -> Option<(f64, Operator)> {
    let Limit::Number(limit) = trigger.limit else { return None };
    let is_side =
        matches!(trigger.operator, Operator::Above | Operator::AtLeast | Operator::Below | Operator::AtMost);
    is_side.then_some((limit, trigger.operator))
}

/// The limits of triggers as the steps of a scale: red where one of them fires.
fn steps(triggers: &[&Trigger]) -> Vec<Value> {
    let sides: Vec<(f64, Operator)> = triggers.iter().filter_map(|trigger| step(trigger)).collect();
    let mut limits: Vec<f64> = sides.iter().map(|(limit, _)| *limit).collect();
    limits.sort_by(f64::total_cmp);
    limits.dedup();
    let color = |value: f64| {
        let fires = sides.iter().any(|(limit, operator)| operator.holds(value, *limit));
        if fires { "red" } else { "green" }
    };
    // Between two limits no trigger begins or ends to fire, so that any value there shows the color.
    let between = |from: f64, to: Option<&f64>| to.map_or(f64::INFINITY, |to| from / 2.0 + to / 2.0);
    let base = json!({"color": color(f64::NEG_INFINITY), "value": null});
    let steps = limits.iter().enumerate().map(
        |(place, limit)| json!({"color": color(between(*limit, limits.get(place + 1))), "value": limit}),
    );
    std::iter::once(base).chain(steps).collect()
}

/// The unit as Grafana calls it.
fn unit(stated: &str) -> &'static str {
    let one = Measure::new(Decimal::from(1), stated);
    match one {
        Some(Measure::Share { percent, .. }) if percent == Decimal::from(1) => "percent",
        Some(Measure::Share { percent, .. }) if percent == Decimal::from(100) => "percentunit",
        Some(Measure::Time(millis)) if millis == Decimal::from(1) => "ms",
        Some(Measure::Time(millis)) if millis == Decimal::from(1_000) => "s",
        Some(Measure::Bytes(bytes)) if bytes == Decimal::from(1) => "bytes",
        _ => "short",
    }
}
