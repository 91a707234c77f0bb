//! How a release stands, for the messages that report on it: health, decision, progress, what was reached in the last
//! week, what comes next, and what is needed.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::{line, shown};
use crate::graph::Selection;
use crate::model::rel::Rel;
use crate::model::{Entry, Plan};
use crate::verdict::entry_state::{EntryState, entry_state};
use crate::views::go_no_go::GoNoGo;
use crate::views::health::{HealthReport, SignalStatus, WeekActivity, WeekItem};
use crate::views::release_plan::objectives;
use crate::views::risks::RiskState;

/// At most so many of a kind are named: a status update is read in a minute.
const MOST: usize = 5;

/// How a release stands.
#[derive(Debug, Clone, Serialize)]
pub struct StatusFacts {
    /// Green, Yellow or Red.
    pub health: &'static str,
    /// Why it is not Green.
    pub reasons: Vec<String>,
    /// The decision as of today.
    pub decision: &'static str,
    /// The number of blockers.
    pub blockers: usize,
    /// How much is complete: `EPIC entries: 3 of 14`.
    pub progress: Vec<String>,
    /// How likely the release date is, if that can be told: `62 %`.
    pub likelihood: Option<String>,
    /// What was reached in the seven days to today, as far as the plan says so.
    pub accomplishments: Vec<String>,
    /// The work of the rest of this week.
    pub this_week: Vec<String>,
    /// The work of the next week.
    pub next_week: Vec<String>,
    /// What needs somebody's help.
    pub support_needed: Vec<NeedFact>,
    /// The open risks, by exposure.
    pub risks: Vec<NeedFact>,
    /// The objectives with target and value.
    pub objectives: Vec<String>,
    /// The summary of the plan itself.
    pub summary: Option<String>,
    /// What comes of it.
    pub outcomes: Vec<String>,
}

/// Something, and what is done about it.
#[derive(Debug, Clone, Serialize)]
pub struct NeedFact {
    /// What.
    pub text: String,
    /// What is needed, or done.
    pub action: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
}

/// Gathers how a release stands.
pub fn status_facts(
    (plan, selection): (&Plan<'_>, &Selection),
    rel: &Rel<'_>,
    (health, judged, likelihood): (&HealthReport, &GoNoGo, Option<f64>),
    today: NaiveDate,
) -> StatusFacts {
    let reasons = health
        .signals
        .iter()
        .filter(|signal| !matches!(signal.status, SignalStatus::Green | SignalStatus::NotApplicable));
    let summary = rel.executive_summary.as_deref();
    let outcomes = summary.map_or(&[][..], |summary| &summary.outcomes);
    StatusFacts {
        health: health.health.word(),
        reasons: reasons
            .map(|signal| line(&format!("{}: {}, {}", signal.name, signal.status.word(), signal.reason)))
            .collect(),
        decision: judged.decision.word(),
        blockers: judged.blockers.len(),
        progress: health
            .progress
            .iter()
            .filter(|progress| progress.total > 0.0)
            .map(|progress| {
                let of = progress_label(progress.of);
                format!("{of}: {} of {}", progress.complete, progress.total)
            })
            .collect(),
        likelihood: likelihood.map(|likelihood| format!("{likelihood} %")),
        accomplishments: accomplishments(plan, selection, rel, today),
        this_week: week(&health.this_week),
        next_week: week(&health.next_week),
        support_needed: health
            .support_needed
            .iter()
            .map(|support| NeedFact {
                text: line(&support.subject),
                action: Some(line(&support.need)),
                owner: support.owner.as_deref().map(line),
            })
            .collect(),
        risks: risks(judged),
        objectives: objectives(rel).iter().map(objective).collect(),
        summary: summary.and_then(|summary| summary.text.as_ref()).map(|text| line(&text.value)),
        outcomes: outcomes.iter().map(|text| line(&text.value)).collect(),
    }
}

/// What is counted as complete, in words for readers who do not know the families of a plan.
fn progress_label(of: &str) -> String {
    match of {
        "EPIC entries" => "Epics complete".to_owned(),
        "Work items (points)" => "Work items complete (points)".to_owned(),
        of => format!("{of} complete"),
    }
}

fn objective(objective: &crate::views::release_plan::Objective) -> String {
    let target = objective.target.as_deref().map(|target| format!(", target {target}")).unwrap_or_default();
    let actual = objective.actual.as_deref().map(|actual| format!(", now {actual}")).unwrap_or_default();
    line(&format!("{}{target}{actual}", objective.name))
}

fn week(items: &[WeekItem]) -> Vec<String> {
    let word = |activity| match activity {
        WeekActivity::Starts => "starts",
        WeekActivity::Continues => "continues",
        WeekActivity::Completes => "to be completed",
    };
    items.iter().map(|item| line(&format!("{} {}: {}", item.id, item.title, word(item.activity)))).collect()
}

fn risks(judged: &GoNoGo) -> Vec<NeedFact> {
    let open = judged.risks.risks.iter().filter(|risk| risk.state == RiskState::Open);
    open.take(MOST)
        .map(|risk| NeedFact {
            text: line(&format!("{} {}", risk.id, risk.title)),
            action: (!risk.mitigation.is_empty()).then(|| line(&risk.mitigation.join("; "))),
            owner: risk.owner.as_deref().map(line),
        })
        .collect()
}

/// What is complete and was changed, the milestones that were reached, and what was sent in the last seven days. An entry
/// that does not say when it was changed is not known to be of this week.
fn accomplishments(plan: &Plan<'_>, selection: &Selection, rel: &Rel<'_>, today: NaiveDate) -> Vec<String> {
    let from = today.checked_sub_days(Days::new(6)).unwrap_or(today);
    let is_recent = |day: NaiveDate| (from..=today).contains(&day);
    let updated = |entry: &Entry<'_>| entry.uncommon.as_ref().and_then(|uncommon| uncommon.updated);
    let is_done = |entry: &Entry<'_>| {
        entry_state(entry) == EntryState::Done && updated(entry).is_some_and(|day| is_recent(day.value))
    };
    let work = plan.indexed().filter(|(index, entry)| selection.has(*index) && is_done(entry));
    let work = work.map(|(_, entry)| {
        format!("{} {}: {}", entry.id.value, entry.title(), entry.status().unwrap_or("done"))
    });
    let milestones = rel.milestones.iter().filter_map(|milestone| {
        let day = milestone.record.as_ref()?.actual?.value;
        is_recent(day).then(|| format!("{}: reached on {}", milestone.name.value, shown(day)))
    });
    let sent = rel.communications.iter().filter_map(|said| {
        let (name, day) = (said.name.as_ref()?, said.sent?.value);
        is_recent(day).then(|| format!("{}: sent on {}", name.value.trim(), shown(day)))
    });
    work.chain(milestones).chain(sent).map(|text| line(&text)).collect()
}
