//! The readiness checklist: everything that has to hold before, during and after a release, with a
//! verdict on each.
//!
//! Verdicts rest on what the plan states and never guess: what nobody states is UNKNOWN, and no data
//! is never a pass. Whatever is stated and known to be otherwise is FAIL.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use crate::graph::{Release, Selection};
use crate::model::Choice;
use crate::model::dep::Stage;
use crate::model::value::choice;
use crate::verdict::gates::Soundness;
use crate::verdict::{Basis, Check, CheckKind, Judge, PromotionStep, Totals, totals};
use crate::views::go_no_go::OpenCheck;
use crate::views::release_plan::{Step, steps};

/// The output of `relplan checklist --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan checklist --format json")]
pub struct Readiness {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release that it is about; absent if it is about the whole plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// Which checks were asked for.
    pub filter: Filter,
    /// By what the checks are grouped.
    pub grouping: Grouping,
    /// The blockers among the checks that were asked for, the worst first: without a filter those of the report.
    pub blockers: Vec<OpenCheck>,
    /// The checks that were asked for, by group. Within one: by stage, then by category, blockers first, the worst first.
    /// Those of gates come behind.
    pub checks: Vec<Check>,
    /// How many checks there are without the filter.
    pub total: usize,
    /// How many criteria there are without the filter.
    pub criteria: usize,
    /// The deployment steps in their order, to tick off on the day. They are no checks, and count in no total.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// The environments in the order in which a build passes through them, with their gates.
    pub progression: Vec<PromotionStep>,
    /// The status of the selected checks, by stage and in all.
    pub totals: Vec<Totals>,
}

/// Which checks are wanted; what is absent does not matter.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Filter {
    /// The stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<&'static str>,
    /// A part of the owner, in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Only what neither passes nor is waived.
    pub open: bool,
}

choice! {
    /// By what a checklist is grouped.
    Grouping {
        /// When it is due: before, during or after the deployment.
        Stage = "stage",
        /// Who has to see to it.
        Owner = "owner",
        /// Its topic: functional, performance, security and so on, or the kind of check where it has no category.
        Category = "category",
    }
}

impl Serialize for Grouping {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl JsonSchema for Grouping {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Grouping".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words: Vec<&str> = Grouping::WORDS.iter().map(|(word, _)| *word).collect();
        schemars::json_schema!({ "type": "string", "enum": words })
    }
}

impl Filter {
    fn passes(&self, check: &Check) -> bool {
        self.has(check.stage, check.owner.as_deref()) && (!self.open || check.verdict.is_open())
    }

    /// Whether something of this stage and owner is wanted.
    fn has(&self, stage: Option<&str>, owner: Option<&str>) -> bool {
        let is_of_owner = self
            .owner
            .as_ref()
            .is_none_or(|wanted| owner.unwrap_or_default().to_lowercase().contains(&wanted.to_lowercase()));
        self.stage.is_none_or(|wanted| stage == Some(wanted)) && is_of_owner
    }
}

impl Readiness {
    /// Who answers for something, each once: whom `--owner` can name.
    pub fn owners(checks: &[Check]) -> Vec<String> {
        let mut owners: Vec<String> = checks.iter().filter_map(|check| check.owner.clone()).collect();
        owners.sort();
        owners.dedup();
        owners
    }
}

/// Why there is no checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoChecklist {
    /// Nothing in the selection can be checked.
    ToCheck,
    /// There are checks, and none passes the filter. Who answers for those that there are.
    Asked {
        /// Their owners.
        owners: Vec<String>,
    },
}

/// The checklist of what belongs to the selection. An empty one would look like a finished one, so there
/// is none; only if nothing stands open may `--open` leave nothing.
pub fn readiness(
    basis: Basis<'_>,
    selection: &Selection,
    soundness: &Soundness,
    filter: Filter,
    grouping: Grouping,
    today: NaiveDate,
) -> Result<Readiness, NoChecklist> {
    let judge = Judge::new(basis, selection, today);
    let mut all = judge.checklist(soundness).ok_or(NoChecklist::ToCheck)?;
    let blockers = blockers(&all, &filter);
    all.sort_by_key(place);
    match grouping {
        Grouping::Stage => {}
        Grouping::Owner => all.sort_by(|one, other| owner_place(one).cmp(&owner_place(other))),
        Grouping::Category => all.sort_by_key(topic_place),
    }
    let total = all.len();
    let criteria = all.iter().filter(|check| check.kind == CheckKind::Criterion).count();
    let asked = Filter { open: false, ..filter.clone() };
    let mut steps = steps(basis.plan, selection);
    steps.retain(|step| filter.has(step.stage, step.owner.as_deref()));
    if steps.is_empty() && !all.iter().any(|check| asked.passes(check)) {
        return Err(NoChecklist::Asked { owners: Readiness::owners(&all) });
    }
    let progression = judge.progression(&all);
    let asked: Vec<&Check> = all.iter().filter(|check| asked.passes(check)).collect();
    let totals = totals(&asked);
    let checks = asked.into_iter().filter(|check| filter.passes(check)).cloned().collect();
    let release = selection.release.clone();
    Ok(Readiness {
        version: 1,
        day: today,
        release,
        filter,
        grouping,
        blockers,
        checks,
        total,
        criteria,
        steps,
        progression,
        totals,
    })
}

/// The blockers that the filter asks for, in the order of the report.
fn blockers(all: &[Check], filter: &Filter) -> Vec<OpenCheck> {
    let mut blockers: Vec<&Check> =
        all.iter().filter(|check| check.is_blocker() && filter.passes(check)).collect();
    blockers.sort_by_key(|check| std::cmp::Reverse(check.verdict));
    blockers.into_iter().map(OpenCheck::from).collect()
}

/// The order of the checks.
fn place(check: &Check) -> impl Ord + use<> {
    let stages = <Stage as Choice>::WORDS.iter().map(|(word, _)| *word);
    let stage = stages.into_iter().position(|word| check.stage == Some(word)).unwrap_or(usize::MAX);
    let order = [std::cmp::Reverse(check.blocking as u8), std::cmp::Reverse(check.verdict as u8)];
    // Those of one verdict keep the order in which they were found, by id.
    (check.kind.is_of_gate(), stage, check.kind, category_place(check.category), order)
}

/// Owners by name, what has none last.
fn owner_place(check: &Check) -> (bool, Option<&str>) {
    (check.owner.is_none(), check.owner.as_deref())
}

/// Categories first, then kinds of checks.
fn topic_place(check: &Check) -> impl Ord + use<> {
    let of_criterion = check.kind == CheckKind::Criterion;
    (!of_criterion, if of_criterion { category_place(check.category) } else { 0 }, check.kind)
}

/// The categories in the order of the methodology; without one, last.
fn category_place(category: Option<&str>) -> usize {
    let words = <crate::model::dep::Category as Choice>::WORDS;
    words.iter().position(|(word, _)| category == Some(*word)).unwrap_or(usize::MAX)
}
