//! A runbook as a document: meaning, impact, diagnosis, mitigation, escalation. What the plan does not state is a gap in its place.

use super::rollback::card::{known, linked, or_gap, procedures, start};
use super::{Block, Card, Fact, Line, Report, Tone};
use crate::trigger::alert_name;
use crate::views::rollback::Trigger as RollbackTrigger;
use crate::views::runbook::{Metric, MetricQuery, Runbook};

/// Lowers a runbook. It has no day: it is a file that is kept beside the plan.
pub fn report(runbook: &Runbook) -> Report {
    let rollback = &runbook.rollback;
    let mut report = Report::new(format!("{} {}", rollback.id, rollback.title), chrono::NaiveDate::default());
    meaning(runbook, &mut report);
    impact(runbook, &mut report);
    diagnosis(runbook, &mut report);
    mitigation(rollback, &mut report);
    escalation(rollback, &mut report);
    report
}

/// The list of all runbooks. `to` says how each of them is named, and may lead to it.
pub fn index(runbooks: &[Runbook], to: impl Fn(&str) -> Line) -> Report {
    let mut report = Report::new("Rollback runbooks", chrono::NaiveDate::default());
    let mut table = super::Table::new("Runbooks", &["Rollback", "Severity", "Start", "Gaps"]);
    for runbook in runbooks {
        let rollback = &runbook.rollback;
        let severity = rollback.severity.map_or_else(missing, Line::from);
        let cells =
            [to(&rollback.id).and(" ").and(&rollback.title), severity, start(rollback), gaps(runbook)];
        table.row(cells);
    }
    report.push(table);
    report
}

fn gaps(runbook: &Runbook) -> Line {
    match runbook.gap_count() {
        0 => Line::from("0"),
        count => Line::badge(Tone::Attention, count.to_string()),
    }
}

/// Something that the plan does not state, and what to do about it.
pub(super) fn open(missing: &str, next: &str) -> Line {
    Line::badge(Tone::Unknown, missing).and(": ").prose_too(next)
}

pub(super) fn missing() -> Line {
    Line::badge(Tone::Unknown, "not stated")
}

pub(super) fn prose(text: Option<&String>) -> Line {
    text.map_or_else(Line::new, |text| Line::prose(text))
}

fn meaning(runbook: &Runbook, report: &mut Report) {
    let rollback = &runbook.rollback;
    report.chapter("Meaning");
    let limit = rollback.threshold.as_ref();
    let reading = limit.and_then(|limit| limit.reading.as_ref());
    let condition = or_gap(rollback, "threshold", prose(reading));
    let alert = match &runbook.alert {
        Ok(trigger) => Line::new().code(alert_name(trigger.id, "rollback")),
        Err(left_out) => open("no alert", &format!("{}; {}", left_out.reason, left_out.help)),
    };
    facts(
        report,
        [
            Fact::new("Trigger", or_gap(rollback, "trigger", prose(rollback.trigger.as_ref()))),
            Fact::new("Condition", condition),
            Fact::new("Limit", prose(limit.and_then(|limit| limit.worked_out.as_ref()))),
            Fact::new("Metric", or_gap(rollback, "monitored_by", linked(&rollback.watched_by))),
            Fact::new("Alert", alert),
        ],
    );
}

fn impact(runbook: &Runbook, report: &mut Report) {
    report.chapter("Impact");
    let severity = runbook.rollback.severity.map_or_else(Line::new, Line::from);
    let description = match &runbook.description {
        Some(text) => Line::prose(text),
        None => open("no description", "add `description: …`"),
    };
    facts(
        report,
        [
            Fact::new("Severity", or_gap(&runbook.rollback, "severity", severity)),
            Fact::new("Description", description),
        ],
    );
    for risk in &runbook.risks {
        let of = Line::id(&risk.risk.id).and(" ").and(&risk.risk.title);
        let impact = risk.impact.as_deref().map_or_else(missing, Line::prose);
        report.push(Block::Bullets(vec![of.and(": impact ").join(impact)]));
    }
}

fn diagnosis(runbook: &Runbook, report: &mut Report) {
    report.chapter("Diagnosis");
    let rollback = &runbook.rollback;
    if runbook.metrics.is_empty() {
        report.text(or_gap(rollback, "monitored_by", Line::new()));
    }
    for Metric { metric, query, values } in &runbook.metrics {
        report.section(Line::id(&metric.id).and(" ").and(&metric.title));
        let query = match query {
            MetricQuery::PromQl(query) => Line::new().code(query),
            MetricQuery::NotStated => open("no query", &format!("add `query` to {}", metric.id)),
            MetricQuery::None => Line::new(),
        };
        let stated = values.iter().map(|(name, value)| Fact::new(*name, Line::prose(value)));
        let query = (!query.is_empty()).then(|| Fact::new("Query", query));
        report.push(Block::Facts(query.into_iter().chain(stated).collect()));
    }
    if !rollback.started_by.is_empty() {
        report.section("Validations");
        let line = |entry: &crate::views::linked::Linked| Line::id(&entry.id).and(" ").and(&entry.title);
        report.push(Block::Bullets(rollback.started_by.iter().map(line).collect()));
    }
}

fn mitigation(rollback: &RollbackTrigger, report: &mut Report) {
    report.chapter("Mitigation");
    let rehearsed = rollback.last_rehearsed.map(|day| day.to_string());
    report.push(Card {
        anchor: None,
        tone: super::rollback::severity(rollback),
        word: rollback.severity.unwrap_or("no severity").to_owned(),
        title: Line::from("Roll back"),
        facts: known([
            Fact::new("Start", start(rollback)),
            Fact::new("Authority", or_gap(rollback, "authority", prose(rollback.authority.as_ref()))),
            Fact::new("Time limit", or_gap(rollback, "max_duration", prose(rollback.time_limit.as_ref()))),
            Fact::new("Last rehearsed", or_gap(rollback, "last_rehearsed", prose(rehearsed.as_ref()))),
        ]),
        procedures: procedures(rollback),
        afterwards: Vec::new(),
    });
}

fn escalation(rollback: &RollbackTrigger, report: &mut Report) {
    report.chapter("Escalation");
    let notify = Line::prose(&rollback.notification.join("; "));
    let owner = rollback
        .owner
        .as_deref()
        .map_or_else(|| Line::badge(Tone::Attention, "no owner").and(": add `owner: …`"), Line::prose);
    facts(
        report,
        [
            Fact::new("Notify", or_gap(rollback, "notification", notify)),
            Fact::new("Escalate to", or_gap(rollback, "escalates_to", linked(&rollback.escalates_to))),
            Fact::new("Owner", owner),
        ],
    );
}

fn facts<const N: usize>(report: &mut Report, facts: [Fact; N]) {
    report.push(Block::Facts(known(facts)));
}
