//! The decision tree of a rollback: from "something is wrong" through each trigger, the gravest
//! first, to what is done, who is told and what follows if it does not help.
//!
//! It holds what the plan states. What the plan leaves open is a [`Gap`]; the usual steps of a
//! strategy stand in only where the plan has none of its own, and say that they do.

mod defaults;
mod limit;
mod marks;
mod procedure;
mod trigger;
mod unmatched;
pub mod walk;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::linked::Linked;
use crate::graph::Graph;
use crate::graph::{Release, Selection};
use crate::model::Plan;

pub use marks::{Mark, MarkKind};

/// The output of `relplan rollback --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan rollback --format json")]
pub struct DecisionTree {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release that it is about; absent if it is about the whole plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The triggers, the gravest first; those without a severity come last.
    pub triggers: Vec<Trigger>,
    /// The default rollback procedure, one for each strategy.
    pub ways_back: Vec<RollbackProcedure>,
    /// What to do when no trigger applies.
    pub nothing_matches: UnmatchedTrigger,
    /// Deployment steps that going back does not undo by itself.
    pub not_undone: Vec<Step>,
}

/// A rollback entry: what starts it, and what follows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Trigger {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who answers for the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// How bad it is, in the plan's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<&'static str>,
    /// What starts it, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// What starts it, in numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Limit>,
    /// The metrics that show it.
    pub watched_by: Vec<Linked>,
    /// Validations that lead here when they fail.
    pub started_by: Vec<Linked>,
    /// Whether a machine starts it; absent if the plan does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automatic: Option<bool>,
    /// What the plan remarks on that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automatic_note: Option<String>,
    /// Who may decide to start it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// How long it may take, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_limit: Option<String>,
    /// When it was last tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_rehearsed: Option<NaiveDate>,
    /// The feature flags that are switched before anything else is done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kill_switches: Vec<Step>,
    /// What is done.
    pub procedure: Procedure,
    /// Who is told, and where.
    pub notification: Vec<String>,
    /// The runbooks that tell the person on call what to do.
    pub runbooks: Vec<Runbook>,
    /// What is done if it does not help.
    pub escalates_to: Vec<Linked>,
    /// What the plan leaves open.
    pub gaps: Vec<Gap>,
}

/// What starts a rollback, in numbers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Limit {
    /// As the plan writes it.
    pub text: String,
    /// In short, as relplan would write it; absent if it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    /// In words, as relplan reads it; absent if it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// The limit as one figure, if it counts from a known baseline: `0.5 % + 2 pp = 2.5 %`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worked_out: Option<String>,
}

/// What is done, and where that is written.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Procedure {
    /// Where the steps come from.
    pub source: Source,
    /// The runbook that holds them, or the strategy whose usual steps they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// Where steps come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The rollback entry itself.
    Entry,
    /// The runbook that it names.
    Runbook,
    /// The plan's deployment steps of stage Rollback.
    PlanSteps,
    /// relplan: the usual steps of the strategy that the plan states. They are not the plan's.
    DefaultSteps,
    /// Nowhere.
    Nowhere,
}

/// One step.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Step {
    /// Its place, from 1.
    pub number: usize,
    /// What is done.
    pub text: String,
    /// The entry that it is, if it is one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// What makes it dangerous.
    pub marks: Vec<Mark>,
}

/// A runbook.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Runbook {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When it was last tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_tested: Option<NaiveDate>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// Something that the plan leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gap {
    /// The field that would fill it, of the rollback entry or of the release.
    pub field: &'static str,
    /// What is missing: `no runbook`.
    pub missing: String,
    /// How to fill it.
    pub next: String,
}

/// The default rollback procedure.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RollbackProcedure {
    /// The strategy that it belongs to, if one is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<&'static str>,
    /// What states the strategy: a release or a step.
    pub stated_by: Vec<String>,
    /// What is done.
    pub procedure: Procedure,
}

/// What to do when no trigger applies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnmatchedTrigger {
    /// The person who decides then: the owner of the release. Absent without an owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decides: Option<String>,
    /// The metrics that all triggers watch.
    pub metrics: Vec<Linked>,
    /// What the triggers escalate to.
    pub escalates_to: Vec<Linked>,
    /// What is usually done. It is not the plan's.
    pub default_steps: Vec<&'static str>,
    /// What the plan leaves open.
    pub gaps: Vec<Gap>,
}

impl Gap {
    fn new(field: &'static str, missing: impl Into<String>, next: impl Into<String>) -> Self {
        Gap { field, missing: missing.into(), next: next.into() }
    }
}

impl Step {
    fn new(number: usize, text: impl Into<String>) -> Self {
        let text = text.into();
        Step { number, marks: marks::of(&text), text, entry: None }
    }
}

impl Trigger {
    /// What is missing of a field, if the plan leaves it open.
    pub fn gap(&self, field: &str) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.field == field)
    }
}

impl Procedure {
    fn of(source: Source, of: Option<String>, texts: impl IntoIterator<Item = String>) -> Self {
        let steps = (1..).zip(texts).map(|(number, text)| Step::new(number, text)).collect();
        Procedure { source, of, steps }
    }

    fn nowhere() -> Self {
        Procedure { source: Source::Nowhere, of: None, steps: Vec::new() }
    }

    /// Whether the steps are not the plan's.
    pub fn is_default(&self) -> bool {
        self.source == Source::DefaultSteps
    }
}

impl DecisionTree {
    /// What was deployed, in words: the release, or whatever the plan is about.
    pub fn deployed(&self) -> String {
        self.release.as_ref().map_or_else(|| "a release".to_owned(), Release::name)
    }

    /// How many things the plan leaves open.
    pub fn hole_count(&self) -> usize {
        let of_triggers: usize = self.triggers.iter().map(|trigger| trigger.gaps.len()).sum();
        of_triggers + self.nothing_matches.gaps.len()
    }
}

/// The decision tree of the rollbacks that belong to the selection.
pub fn decision_tree(
    plan: &Plan<'_>,
    graph: &Graph,
    selection: &Selection,
    today: NaiveDate,
) -> DecisionTree {
    let ways_back = procedure::ways_back(plan, graph, selection);
    let mut triggers = trigger::triggers(plan, graph, selection, &ways_back);
    // Nobody said how bad the last ones are, so nothing says that they can wait; but what is known
    // to be grave is looked at first.
    triggers.sort_by_key(|(severity, _)| (severity.is_none(), *severity));
    let triggers: Vec<Trigger> = triggers.into_iter().map(|(_, trigger)| trigger).collect();
    DecisionTree {
        version: 1,
        day: today,
        release: selection.release.clone(),
        nothing_matches: unmatched::nothing_matches(plan, selection, &triggers, &ways_back),
        triggers,
        ways_back,
        not_undone: procedure::not_undone(plan, graph, selection),
    }
}
