//! Runbooks of rollback triggers: what an alert means, and what to do, as the plan states it.

use super::linked::Linked;
use super::rollback::{Trigger as RollbackTrigger, decision_tree};
use crate::graph::{Graph, Selection, once, sources, targets};
use crate::model::indicator::{Kpi, Mon};
use crate::model::{Choice, EntryIndex, Kind, Plan, Text, id};
use crate::trigger::{Compiled, LeftOut, Trigger};

/// What to do when a rollback trigger fires.
#[derive(Debug)]
pub struct Runbook {
    /// The rollback, with all that the plan says about it and what it leaves open.
    pub rollback: RollbackTrigger,
    /// What it is about, at length.
    pub description: Option<String>,
    /// The alert, or why there is none.
    pub alert: Result<Trigger, LeftOut>,
    /// Risks that are linked to it.
    pub risks: Vec<LinkedRisk>,
    /// The metrics that show it.
    pub metrics: Vec<Metric>,
}

impl Runbook {
    /// How many things its reader has to find out elsewhere.
    pub fn gap_count(&self) -> usize {
        let without_query = |metric: &&Metric| matches!(metric.query, MetricQuery::NotStated);
        self.rollback.gaps.len()
            + usize::from(self.description.is_none())
            + usize::from(self.alert.is_err())
            + self.metrics.iter().filter(without_query).count()
    }
}

/// A risk that a rollback is linked to.
#[derive(Debug)]
pub struct LinkedRisk {
    /// Which.
    pub risk: Linked,
    /// How bad it is.
    pub impact: Option<String>,
    /// What is done if it occurs.
    pub contingency: Vec<String>,
}

/// A metric, as somebody looks at it who searches for a cause.
#[derive(Debug)]
pub struct Metric {
    /// Which.
    pub metric: Linked,
    /// What is asked for its values.
    pub query: MetricQuery,
    /// What is stated about its values: each with what it is called.
    pub values: Vec<(&'static str, String)>,
}

/// What is asked for the values of a metric.
#[derive(Debug)]
pub enum MetricQuery {
    /// This PromQL.
    PromQl(String),
    /// Nothing that the plan states.
    NotStated,
    /// A KPI has no query.
    None,
}

/// The runbooks of the rollbacks that belong to a selection, in the order of their ids.
pub fn runbooks(plan: &Plan<'_>, graph: &Graph, selection: &Selection) -> Vec<Runbook> {
    let Compiled { triggers, left_out } = Compiled::new(plan, graph, selection);
    let alerts = triggers.into_iter().map(Ok).chain(left_out.into_iter().map(Err));
    let mut alerts: Vec<Result<Trigger, LeftOut>> = alerts.collect();
    let mut found: Vec<_> = decision_tree(plan, graph, selection, chrono::NaiveDate::default())
        .triggers
        .into_iter()
        .filter_map(|rollback| {
            let id = id::parse(&rollback.id).ok()?;
            let of = |alert: &Result<Trigger, LeftOut>| match alert {
                Ok(trigger) => trigger.id,
                Err(left_out) => left_out.id,
            };
            let alert = alerts.iter().position(|alert| of(alert) == id)?;
            let runbook = runbook(plan, graph, plan.find_current(id)?, rollback, alerts.swap_remove(alert));
            Some((id, runbook))
        })
        .collect();
    found.sort_by_key(|(id, _)| *id);
    found.into_iter().map(|(_, runbook)| runbook).collect()
}

fn runbook(
    plan: &Plan<'_>,
    graph: &Graph,
    index: EntryIndex,
    rollback: RollbackTrigger,
    alert: Result<Trigger, LeftOut>,
) -> Runbook {
    let entry = plan.entry(index);
    let is_risk = |index: EntryIndex| matches!(plan.entry(index).kind, Kind::Risk(_));
    let out = targets(graph, index, |edge| is_risk(edge.to));
    let back = sources(graph, index, |edge| is_risk(edge.from));
    let risks = once(out.into_iter().chain(back), index);
    Runbook {
        description: entry.uncommon.as_ref().and_then(|uncommon| stated(uncommon.description.as_ref())),
        alert,
        risks: risks.into_iter().filter_map(|index| risk(plan, index)).collect(),
        metrics: rollback.watched_by.iter().filter_map(|linked| metric(plan, linked)).collect(),
        rollback,
    }
}

fn stated(text: Option<&Text<'_>>) -> Option<String> {
    text.map(|text| text.value.trim().to_owned()).filter(|text| !text.is_empty())
}

fn risk(plan: &Plan<'_>, index: EntryIndex) -> Option<LinkedRisk> {
    let Kind::Risk(risk) = &plan.entry(index).kind else { return None };
    let impact = risk.impact.as_ref().map(|impact| {
        let word = impact.value.value.word();
        impact.value.note().map_or_else(|| word.to_owned(), |note| format!("{word} ({note})"))
    });
    let contingency = risk.contingency.iter().filter_map(|text| stated(Some(text))).collect();
    Some(LinkedRisk { risk: Linked::new(plan, index), impact, contingency })
}

pub(super) fn metric(plan: &Plan<'_>, linked: &Linked) -> Option<Metric> {
    let entry = plan.entry(plan.find(id::parse(&linked.id).ok()?)?);
    let (query, values) = match &entry.kind {
        Kind::Mon(mon) => (query(mon), values(mon)),
        Kind::Kpi(kpi) => (MetricQuery::None, values_of_kpi(kpi)),
        _ => (MetricQuery::None, Vec::new()),
    };
    Some(Metric { metric: linked.clone(), query, values })
}

/// The query in one line; as it is written, if it is not valid.
fn query(mon: &Mon<'_>) -> MetricQuery {
    let Some(query) = &mon.query else { return MetricQuery::NotStated };
    MetricQuery::PromQl(match &query.parsed {
        Ok(expr) => expr.to_string(),
        Err(_) => query.text.value.split_whitespace().collect::<Vec<_>>().join(" "),
    })
}

fn values_of_kpi(kpi: &Kpi<'_>) -> Vec<(&'static str, String)> {
    let target = kpi.target.as_ref().map(|target| target.value.text.trim().to_owned());
    let all = [
        ("Unit", stated(kpi.unit.as_ref())),
        ("Normal value", stated(kpi.baseline.as_ref())),
        ("Target", target),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn values(mon: &Mon<'_>) -> Vec<(&'static str, String)> {
    let target = mon.target.as_ref().map(|target| target.value.text.trim().to_owned());
    let traffic = mon.minimum_traffic.map(|least| format!("at least {}", least.value));
    let all = [
        ("Unit", stated(mon.unit.as_ref())),
        ("Normal value", stated(mon.baseline.as_ref())),
        ("Target", target),
        ("Traffic", traffic),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
