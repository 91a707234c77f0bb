//! The whole release plan as one document: what the release is, what it ships, when, to whom, how it is
//! tested, what must hold, what can go wrong, how to go back, and who does what.
//!
//! What another view shows is that view's value, so that no two documents can differ. What the plan says
//! nothing about is a [`Gap`], with the entry that would fill it.

mod gap;
mod operations;
mod responsibility;
mod strategy;
mod testing;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::calendar::{Calendar, Range, calendar};
use super::checklist::{self, Readiness, readiness};
use super::risks::{Register, register};
use super::rollback::{DecisionTree, decision_tree};
use super::scope::{Scope, scope};
use crate::graph::{Release, Selection};
use crate::model::dep::Detail;
use crate::model::duration::Duration;
use crate::model::rel::{self, Rel};
use crate::model::{Choice, Entry, EntryIndex, Kind, Plan, Text};
use crate::verdict::Basis;
use crate::verdict::entry_state::{EntryState, entry_state};
use crate::verdict::gates::Soundness;
use crate::verdict::target::TargetResult;

pub use gap::{Gap, Part};
pub use operations::Operations;
pub use responsibility::{Member, Responsibility};
pub use strategy::{Strategy, Summary};
pub use testing::{TestGroup, Testing};

/// The output of `relplan plan --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan plan --format json")]
pub struct ReleasePlan {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release that it is about; absent if the plan has none that is still to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// What the release is; absent if there is no REL entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overview: Option<Overview>,
    /// Its goal.
    pub objectives: Vec<Objective>,
    /// Its scope.
    pub scope: Scope,
    /// When what is due.
    pub calendar: Calendar,
    /// In which phases it reaches its users.
    pub rollout: Vec<Phase>,
    /// The steps of the deployment, in order.
    pub steps: Vec<Step>,
    /// How it is tested.
    pub testing: Testing,
    /// How it is to be tested, as the release says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_strategy: Option<Strategy>,
    /// What must hold, and how that stands; absent if nothing can be checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readiness: Option<Readiness>,
    /// What can go wrong.
    pub risks: Register,
    /// How to go back.
    pub rollback: DecisionTree,
    /// Who does what.
    pub team: Vec<Member>,
    /// Who is responsible, accountable, consulted and informed, as far as stated.
    pub responsibilities: Vec<Responsibility>,
    /// Who is trained in what.
    pub training: Vec<String>,
    /// What shows whether it was a success.
    pub indicators: Vec<Indicator>,
    /// How its results are reviewed.
    pub measurement_review: Vec<String>,
    /// How it is run.
    pub operations: Operations,
    /// The entries of the release by family.
    pub inventory: Vec<InventoryItem>,
    /// Gaps of the plan.
    pub gaps: Vec<Gap>,
}

/// What a release is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Overview {
    /// How large it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rel_type: Option<&'static str>,
    /// When it goes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// How far it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What it is about, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// What it will make possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vision: Option<String>,
    /// The plan for those who read one page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executive_summary: Option<Summary>,
    /// What it is about, at length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How it reaches its users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<&'static str>,
    /// Its feature flags.
    pub flags: Vec<String>,
}

/// Something that a release is to achieve.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Objective {
    /// What.
    pub name: String,
    /// How much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// How much it became.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// Whether the target was met.
    pub result: TargetResult,
}

/// A phase of the rollout.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// The share of the traffic, in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<f64>,
    /// How many users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<u32>,
    /// Which users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// How long it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// What must be seen before the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_criteria: Option<String>,
}

/// A step of the deployment.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// What is done.
    pub title: String,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<&'static str>,
    /// Who does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The share of the traffic behind it, in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<f64>,
    /// How long it takes, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// How long to wait and watch after it, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<String>,
    /// Whether a machine does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automated: Option<bool>,
}

/// What shows whether a release was a success.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// What is measured.
    pub title: String,
    /// What it was before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// What it should be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// What it is counted in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'static str>,
    /// The day on which it is measured: its window after the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured_on: Option<NaiveDate>,
    /// Whether the target was met.
    pub result: TargetResult,
}

/// The entries of a family that belong to the release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InventoryItem {
    /// The prefix of the family.
    pub family: String,
    /// How many entries.
    pub entries: usize,
    /// How many of them are done; absent where nothing says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<usize>,
    /// Their ids.
    pub ids: Vec<String>,
}

/// The whole plan of the selected release.
pub fn release_plan(
    basis: Basis<'_>,
    selection: &Selection,
    soundness: &Soundness,
    today: NaiveDate,
) -> ReleasePlan {
    let Basis { plan, sources, config, graph, .. } = basis;
    let release = selection.release.as_ref().and_then(|release| plan.release(&release.id));
    let rel = release.and_then(|index| rel_of(plan.entry(index)));
    let range = Range { release, ..Range::default() };
    let readiness = readiness(
        basis,
        selection,
        soundness,
        checklist::Filter::default(),
        checklist::Grouping::Stage,
        today,
    );
    let mut document = ReleasePlan {
        version: 1,
        day: today,
        release: selection.release.clone(),
        overview: release.zip(rel).map(|(index, rel)| overview(plan.entry(index), rel)),
        objectives: rel.map(objectives).unwrap_or_default(),
        scope: scope(plan, graph, selection, today),
        calendar: calendar(plan, config, sources, today, &range),
        rollout: rel.map(rollout).unwrap_or_default(),
        steps: steps(plan, selection),
        testing: testing::testing(plan, selection),
        test_strategy: rel.and_then(|rel| rel.test_strategy.as_deref()).map(strategy::strategy),
        readiness: readiness.ok(),
        risks: register(plan, graph, selection, today),
        rollback: decision_tree(plan, graph, selection, today),
        team: rel.map(responsibility::team).unwrap_or_default(),
        responsibilities: responsibility::responsibilities(plan, selection, release.zip(rel)),
        training: rel.map(|rel| strategy::texts(&rel.training)).unwrap_or_default(),
        indicators: indicators(plan, selection, rel),
        operations: operations::operations(plan, selection, rel),
        measurement_review: rel.map(|rel| strategy::texts(&rel.measurement_review)).unwrap_or_default(),
        inventory: inventory(plan, selection),
        gaps: Vec::new(),
    };
    document.gaps = gap::gaps(&document);
    document
}

fn rel_of<'p, 's>(entry: &'p Entry<'s>) -> Option<&'p Rel<'s>> {
    match &entry.kind {
        Kind::Rel(rel) => Some(rel),
        _ => None,
    }
}

/// A text that says something.
fn stated(text: &Option<Text<'_>>) -> Option<String> {
    text.as_ref().map(|text| text.value.trim().to_owned()).filter(|text| !text.is_empty())
}

fn overview(entry: &Entry<'_>, rel: &Rel<'_>) -> Overview {
    Overview {
        rel_type: rel.rel_type().map(Choice::word),
        date: rel.date.map(|date| date.value),
        status: rel.status.map(|status| status.value.word()),
        owner: stated(&entry.owner),
        theme: stated(&rel.theme),
        vision: stated(&rel.vision),
        executive_summary: rel.executive_summary.as_deref().map(strategy::summary),
        description: entry.description().map(|text| text.value.trim().to_owned()),
        strategy: rel.strategy.map(|strategy| strategy.value.word()),
        flags: rel.flags.iter().map(|flag| flag.value.to_string()).collect(),
    }
}

pub(in crate::views) fn objectives(rel: &Rel<'_>) -> Vec<Objective> {
    let objective = |objective: &rel::Objective<'_>| Objective {
        name: stated(&objective.name).unwrap_or_default(),
        target: stated(&objective.target),
        actual: stated(&objective.actual),
        result: TargetResult::of_objective(objective),
    };
    rel.objectives.iter().map(objective).collect()
}

fn rollout(rel: &Rel<'_>) -> Vec<Phase> {
    let phase = |(number, phase): (usize, &rel::Phase<'_>)| Phase {
        name: stated(&phase.name).unwrap_or_else(|| format!("Phase {number}")),
        traffic: phase.traffic.map(|traffic| traffic.value.0),
        users: phase.users.map(|users| users.value),
        audience: stated(&phase.audience),
        duration: stated(&phase.duration),
        success_criteria: stated(&phase.success_criteria),
    };
    (1..).zip(&rel.rollout).map(phase).collect()
}

/// The steps of the deployment: by stage, then by `order`, then by id.
pub(in crate::views) fn steps(plan: &Plan<'_>, selection: &Selection) -> Vec<Step> {
    let mut steps = Vec::new();
    for (entry, dep) in plan.deps().filter(|(entry, _)| selected(plan, selection, entry)) {
        let Detail::Step(step) = &dep.detail else { continue };
        let stage = dep.stage.map(|stage| stage.value);
        let place = (stage, step.order.map_or(u32::MAX, |order| order.value), entry.id.value);
        let shown = Step {
            id: entry.id.value.to_string(),
            title: entry.title().to_owned(),
            stage: stage.map(Choice::word),
            owner: stated(&entry.owner),
            traffic: step.traffic.map(|traffic| traffic.value.0),
            duration: step.duration.map(|duration| duration.value.in_words()),
            pause: step.pause.map(|pause| pause.value.in_words()),
            automated: step.automated.as_ref().map(|automated| automated.value.value),
        };
        steps.push((place, shown));
    }
    steps.sort_by_key(|(place, _)| *place);
    steps.into_iter().map(|(_, step)| step).collect()
}

fn selected(plan: &Plan<'_>, selection: &Selection, entry: &Entry<'_>) -> bool {
    plan.find(entry.id.value).is_some_and(|index: EntryIndex| selection.has(index))
}

/// The day that lies so long behind another.
pub fn days_after(day: NaiveDate, window: Duration) -> Option<NaiveDate> {
    day.checked_add_days(chrono::Days::new(window.millis().div_ceil(86_400_000)))
}

/// The entries that belong to the release, by family.
fn inventory(plan: &Plan<'_>, selection: &Selection) -> Vec<InventoryItem> {
    let mut families: BTreeMap<String, InventoryItem> = BTreeMap::new();
    for (_, entry) in plan.indexed().filter(|(_, entry)| selected(plan, selection, entry)) {
        let family = entry.id.value.prefix.to_string();
        let item = families.entry(family.clone()).or_insert_with(|| InventoryItem {
            family,
            entries: 0,
            done: None,
            ids: Vec::new(),
        });
        item.entries += 1;
        match entry_state(entry) {
            EntryState::Unknown => {}
            EntryState::Done => item.done = Some(item.done.unwrap_or(0) + 1),
            EntryState::Waived | EntryState::Open | EntryState::Failed => {
                item.done.get_or_insert(0);
            }
        }
        item.ids.push(entry.id.value.to_string());
    }
    families.into_values().collect()
}

pub(in crate::views) fn indicators(
    plan: &Plan<'_>,
    selection: &Selection,
    rel: Option<&Rel<'_>>,
) -> Vec<Indicator> {
    let released = rel.and_then(|rel| rel.deployed_at.or(rel.date)).map(|day| day.value);
    let kpis = plan.kpis().filter(|(entry, _)| selected(plan, selection, entry));
    let indicator = |(entry, kpi): (&Entry<'_>, &crate::model::indicator::Kpi<'_>)| Indicator {
        id: entry.id.value.to_string(),
        title: entry.title().to_owned(),
        baseline: stated(&kpi.baseline),
        target: kpi.target.as_ref().map(|target| target.value.text.trim().to_owned()),
        actual: stated(&kpi.actual),
        unit: stated(&kpi.unit),
        category: kpi.category.map(|category| category.value.word()),
        measured_on: released.zip(kpi.window).and_then(|(day, window)| days_after(day, window.value)),
        result: TargetResult::of_kpi(kpi),
    };
    kpis.map(indicator).collect()
}

impl ReleasePlan {
    /// The milestones of the release, by day.
    pub fn milestones(&self) -> &[super::calendar::MilestoneDay] {
        self.scheduled().map_or(&[], |release| &release.milestones)
    }

    /// Who is told what.
    pub fn communications(&self) -> &[super::calendar::PlannedCommunication] {
        self.scheduled().map_or(&[], |release| &release.communications)
    }

    /// Who must approve, or did.
    pub fn approvals(&self) -> &[super::calendar::Approved] {
        self.scheduled().map_or(&[], |release| &release.approvals)
    }

    fn scheduled(&self) -> Option<&super::calendar::Release> {
        let id = &self.release.as_ref()?.id;
        self.calendar.releases.iter().find(|release| release.id == *id)
    }

    /// What is missing of a part, if it has nothing to show.
    pub fn gap(&self, part: Part) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.part == part)
    }
}
