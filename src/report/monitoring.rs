//! The monitoring plan as a document: metrics, thresholds, escalation. Every rollback is in it, with a gap where no metric shows it.

use super::rollback::card::{linked, or_gap, start};
use super::runbook::{missing, open, prose};
use super::{Line, Report, Table, Tone};
use crate::trigger::{LeftOut, alert_name};
use crate::views::monitoring::MonitoredMetric;
use crate::views::runbook::Runbook;

/// Lowers the plan. `not_shown` are the metrics without a panel on the dashboard. It has no day: it is a file that is kept
/// beside the plan.
pub fn report(metrics: &[MonitoredMetric], not_shown: &[LeftOut], runbooks: &[Runbook]) -> Report {
    let mut report = Report::new("Monitoring plan", chrono::NaiveDate::default());
    report.chapter("Metrics");
    match metrics.is_empty() {
        true => report.text(open("no metrics", "add a MON entry with a `query`")),
        false => report.push(watched(metrics, not_shown)),
    }
    if runbooks.is_empty() {
        report.chapter("Thresholds");
        report.text(open("no rollbacks", "add a DEP entry of `type: Rollback` with a `threshold`"));
        return report;
    }
    report.chapter("Thresholds");
    report.push(thresholds(runbooks));
    report.chapter("Escalation");
    report.push(escalation(runbooks));
    report
}

fn watched(metrics: &[MonitoredMetric], not_shown: &[LeftOut]) -> Table {
    let columns = ["Metric", "Type", "Owner", "Normal value", "Target", "Dashboard", "Rollbacks"];
    let mut table = Table::new("Metrics by id", &columns);
    for monitored in metrics {
        let metric = &monitored.metric;
        let value = |name: &str| {
            metric
                .values
                .iter()
                .find(|(known, _)| *known == name)
                .map_or_else(missing, |(_, value)| Line::prose(value))
        };
        let left_out = not_shown.iter().find(|left_out| left_out.id.to_string() == metric.metric.id);
        let dashboard = left_out.map_or_else(
            || Line::from("panel"),
            |left_out| open("no panel", &format!("{}; {}", left_out.reason, left_out.help)),
        );
        let starts = match monitored.starts.is_empty() {
            true => Line::from("none"),
            false => Line::ids(&monitored.starts),
        };
        table.row([
            Line::id(&metric.metric.id).and(" ").and(&metric.metric.title),
            monitored.mon_type.map_or_else(missing, Line::from),
            owner(monitored.owner.as_ref()),
            value("Normal value"),
            value("Target"),
            dashboard,
            starts,
        ]);
    }
    table
}

fn owner(stated: Option<&String>) -> Line {
    stated.map_or_else(
        || Line::badge(Tone::Attention, "no owner").and(": ").prose_too("add `owner: …`"),
        |owner| Line::prose(owner),
    )
}

fn thresholds(runbooks: &[Runbook]) -> Table {
    let columns = ["Rollback", "Severity", "Condition", "Metrics", "Alert", "Start"];
    let mut table = Table::new("Rollback thresholds", &columns);
    for runbook in runbooks {
        let rollback = &runbook.rollback;
        let limit = rollback.threshold.as_ref();
        let reading = limit.and_then(|limit| limit.reading.as_ref().or(Some(&limit.text)));
        let alert = match &runbook.alert {
            Ok(trigger) => Line::new().code(alert_name(trigger.id, "rollback")),
            Err(left_out) => open("no alert", &format!("{}; {}", left_out.reason, left_out.help)),
        };
        table.row([
            Line::id(&rollback.id).and(" ").and(&rollback.title),
            rollback.severity.map_or_else(missing, Line::from),
            or_gap(rollback, "threshold", prose(reading)),
            or_gap(rollback, "monitored_by", linked(&rollback.watched_by)),
            alert,
            start(rollback),
        ]);
    }
    table
}

fn escalation(runbooks: &[Runbook]) -> Table {
    let columns = ["Rollback", "Owner", "Notify", "Authority", "Escalate to"];
    let mut table = Table::new("Escalation by rollback", &columns);
    for runbook in runbooks {
        let rollback = &runbook.rollback;
        table.row([
            Line::id(&rollback.id),
            owner(rollback.owner.as_ref()),
            or_gap(rollback, "notification", Line::prose(&rollback.notification.join("; "))),
            or_gap(rollback, "authority", prose(rollback.authority.as_ref())),
            or_gap(rollback, "escalates_to", linked(&rollback.escalates_to)),
        ]);
    }
    table
}
