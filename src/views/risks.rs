//! The risk register: how likely, how bad, what is done, and who looks at it when.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use crate::graph::Graph;
use crate::graph::{Release, Selection};
use crate::model::exposure::Exposure;
use crate::model::risk::{Likelihood, Probability, Risk};
use crate::model::{Choice, Entry, EntryIndex, Kind, LinkKind, Plan};
use crate::verdict::entry_state::{EntryState, entry_state};

/// The output of `relplan risks --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan risks --format json")]
pub struct Register {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release that it is about; absent if it is about the whole plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The risks: those that can still happen first, by exposure.
    pub risks: Vec<RatedRisk>,
    /// How likely it is that something happens.
    pub chance: Chance,
    /// What words of probability are reckoned with.
    pub scale: Vec<ScaleStep>,
}

/// A risk.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RatedRisk {
    /// Its id.
    pub id: String,
    /// What may happen.
    pub title: String,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// How far the work on it is, if the plan says so; a risk without status counts as open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// Whether it can happen: open, accepted, or neither.
    pub state: RiskState,
    /// How likely it is; absent if the plan does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<RiskLikelihood>,
    /// How bad it is: Low, Medium, High or Critical; absent if the plan does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<&'static str>,
    /// What the plan adds to the impact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact_note: Option<String>,
    /// Where probability and impact lead; absent if either is not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exposure: Option<Exposure>,
    /// What is done about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<&'static str>,
    /// Its trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// What makes it less likely or less bad, in words.
    pub mitigation: Vec<String>,
    /// The entries that mitigate it, by links of either side.
    pub mitigated_by: Vec<Mitigating>,
    /// What is done if it happens.
    pub contingency: Vec<String>,
    /// Who accepted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_by: Option<String>,
    /// Until when the acceptance holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptance_expires: Option<NaiveDate>,
    /// Whether that day is over.
    pub acceptance_expired: bool,
    /// When it is looked at again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_date: Option<NaiveDate>,
    /// Whether that day is over, and the risk can still happen.
    pub review_overdue: bool,
}

/// Whether a risk can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskState {
    /// It can, and no person accepted that.
    Open,
    /// It can, and a person accepted that.
    Accepted,
    /// Something was done about it, or it can no longer happen.
    Closed,
}

/// How likely a risk is.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RiskLikelihood {
    /// In per cent.
    pub percent: f64,
    /// The word that the plan states instead of a figure; `scale` says how it is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<&'static str>,
}

/// An entry that mitigates a risk.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Mitigating {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its status, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Its status.
    pub state: EntryState,
}

/// How likely it is that something happens.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Chance {
    /// How it is reckoned.
    pub formula: &'static str,
    /// That at least one of the open risks happens, in per cent; absent if none of them has a probability.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_percent: Option<f64>,
    /// The same with the accepted risks, which can happen just as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_accepted_percent: Option<f64>,
    /// The open risks that were counted.
    pub open: Vec<String>,
    /// The accepted risks that were counted.
    pub accepted: Vec<String>,
    /// Risks that can happen and have no probability. They are not counted.
    pub not_counted: Vec<String>,
}

/// How a word of probability is read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScaleStep {
    /// The word.
    pub word: &'static str,
    /// In per cent.
    pub percent: f64,
}

/// How the chance is reckoned.
pub const FORMULA: &str = "1 − Π(1 − p), assuming independent risks";

/// The register of the risks that belong to the selection.
pub fn register(plan: &Plan<'_>, graph: &Graph, selection: &Selection, today: NaiveDate) -> Register {
    let all = plan.indexed().filter(|(index, _)| selection.has(*index));
    let mut risks: Vec<RatedRisk> = all
        .filter_map(|(index, entry)| match &entry.kind {
            Kind::Risk(risk) => Some(rated(plan, graph, index, entry, risk, today)),
            _ => None,
        })
        .collect();
    // What deserves attention comes first; equals keep the order of the files.
    risks.sort_by(|one, other| {
        let score =
            |risk: &RatedRisk| risk.exposure.as_ref().map_or(f64::INFINITY, |exposure| exposure.score);
        one.state.cmp(&other.state).then(score(other).total_cmp(&score(one))).then(one.id.cmp(&other.id))
    });
    let scale = [Likelihood::Low, Likelihood::Medium, Likelihood::High];
    Register {
        version: 1,
        day: today,
        release: selection.release.clone(),
        chance: chance(&risks),
        risks,
        scale: scale.map(|word| ScaleStep { word: word.word(), percent: word.percentage().0 }).into(),
    }
}

fn rated(
    plan: &Plan<'_>,
    graph: &Graph,
    index: EntryIndex,
    entry: &Entry<'_>,
    risk: &Risk<'_>,
    today: NaiveDate,
) -> RatedRisk {
    let probability = risk.probability.map(|probability| likely(probability.value));
    let impact = risk.impact.as_ref().map(|impact| impact.value.value);
    let state = state(risk);
    let over = |day: Option<NaiveDate>| day.is_some_and(|day| day < today);
    let review_date = risk.review_date.map(|date| date.value);
    let acceptance_expires = risk.expires.map(|date| date.value);
    RatedRisk {
        id: entry.id.value.to_string(),
        title: entry.title().to_owned(),
        owner: entry.owner.as_ref().map(|owner| owner.value.to_string()),
        category: risk.category.as_ref().map(|text| text.value.to_string()),
        status: risk.status.map(|status| status.value.word()),
        state,
        exposure: risk.exposure(),
        probability,
        impact: impact.map(Choice::word),
        impact_note: risk.impact.as_ref().and_then(|impact| impact.value.note()).map(|note| note.to_string()),
        response: risk.response.map(|response| response.value.word()),
        trigger: risk.trigger.as_ref().map(|text| text.value.to_string()),
        mitigation: risk.mitigation.iter().map(|text| text.value.to_string()).collect(),
        mitigated_by: mitigating(plan, graph, index),
        contingency: risk.contingency.iter().map(|text| text.value.to_string()).collect(),
        accepted_by: risk.accepted_by.as_ref().map(|text| text.value.to_string()),
        acceptance_expires,
        acceptance_expired: state == RiskState::Accepted && over(acceptance_expires),
        review_date,
        review_overdue: state != RiskState::Closed && over(review_date),
    }
}

fn likely(probability: Probability) -> RiskLikelihood {
    let word = match probability {
        Probability::Share(_) => None,
        Probability::Word(word) => Some(word.word()),
    };
    RiskLikelihood { percent: probability.percentage().0, word }
}

fn state(risk: &Risk<'_>) -> RiskState {
    use crate::model::risk::RiskStatus;
    match risk.status.map(|status| status.value) {
        _ if risk.is_open() => RiskState::Open,
        Some(RiskStatus::Accepted) => RiskState::Accepted,
        _ => RiskState::Closed,
    }
}

/// What the risk says mitigates it, and what says so itself.
fn mitigating(plan: &Plan<'_>, graph: &Graph, risk: EntryIndex) -> Vec<Mitigating> {
    let mut entries: Vec<EntryIndex> = graph
        .outgoing(risk)
        .filter(|edge| edge.kind == LinkKind::MitigatedBy && edge.to != risk)
        .map(|edge| edge.to)
        .collect();
    let mut seen = rustc_hash::FxHashSet::default();
    entries.retain(|entry| seen.insert(*entry));
    let one = |index: EntryIndex| {
        let entry = plan.entry(index);
        Mitigating {
            id: entry.id.value.to_string(),
            title: entry.title().to_owned(),
            status: entry.status().map(str::to_owned),
            state: entry_state(entry),
        }
    };
    entries.into_iter().map(one).collect()
}

fn chance(risks: &[RatedRisk]) -> Chance {
    let of = |state: RiskState, rated: bool| {
        let fits = move |risk: &&RatedRisk| risk.state == state && risk.probability.is_some() == rated;
        risks.iter().filter(fits)
    };
    let ids = |risks: Vec<&RatedRisk>| risks.into_iter().map(|risk| risk.id.clone()).collect::<Vec<_>>();
    let open: Vec<&RatedRisk> = of(RiskState::Open, true).collect();
    let accepted: Vec<&RatedRisk> = of(RiskState::Accepted, true).collect();
    let not_counted = of(RiskState::Open, false).chain(of(RiskState::Accepted, false)).collect();
    Chance {
        formula: FORMULA,
        open_percent: at_least_one(&open),
        with_accepted_percent: at_least_one(&[open.as_slice(), accepted.as_slice()].concat()),
        open: ids(open),
        accepted: ids(accepted),
        not_counted: ids(not_counted),
    }
}

/// `1 − Π(1 − p)` in per cent with one decimal, or nothing where there is nothing to reckon with.
fn at_least_one(risks: &[&RatedRisk]) -> Option<f64> {
    if risks.is_empty() {
        return None;
    }
    let shares =
        risks.iter().filter_map(|risk| risk.probability.as_ref()).map(|likely| likely.percent / 100.0);
    let none: f64 = shares.map(|share| 1.0 - share).product();
    Some(((1.0 - none) * 1000.0).round() / 10.0)
}
