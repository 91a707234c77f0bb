//! The readiness checklist: everything that has to hold before, during and after a release, with a
//! verdict on each.
//!
//! Verdicts rest on what the plan states and never guess: what nobody states is UNKNOWN, and no data
//! is never a pass. Whatever is stated and known to be otherwise is FAIL.

mod criterion;
mod environment;
mod release;
mod risk;
mod tally;
mod totals;
mod validation;
mod verdict;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::release::{Release, Selection};
use crate::graph::Graph;
use crate::model::dep::Stage;
use crate::model::{Choice, Entry, EntryIndex, Misread, Plan};
use crate::source::SourceMap;

pub use environment::Rung;
pub use tally::{EpicTally, TestTally};
pub use totals::Totals;
pub use verdict::Verdict;

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
    /// The checks that were asked for: by stage, then by category, blockers first, the worst first.
    pub checks: Vec<Check>,
    /// How many checks there are without the filter.
    pub total: usize,
    /// How many criteria there are without the filter. Without any, nothing says what must be true.
    pub criteria: usize,
    /// The environments in the order in which a build passes through them, with their gates.
    pub progression: Vec<Rung>,
    /// How the checks that were asked for stand, by stage and in all.
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

/// One thing that has to hold.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Check {
    /// The entry; for an approval, the release that asks for it.
    pub id: String,
    /// What kind of check it is.
    pub kind: CheckKind,
    /// What it is about.
    pub title: String,
    /// What must be true, or what is looked at, at length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// When it matters; absent if the plan does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<&'static str>,
    /// The category of a criterion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'static str>,
    /// Whether the release stops without it.
    pub blocking: bool,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// How it stands.
    pub verdict: Verdict,
    /// Why it stands so.
    pub reason: String,
    /// What proves it.
    pub proof: Proof,
    /// What to do next; absent if nothing is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The tests behind it; absent if none is linked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestTally>,
    /// The work packages behind it; absent if none is linked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epics: Option<EpicTally>,
}

/// The kinds of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// A release criterion.
    Criterion,
    /// A work package in scope is complete.
    Scope,
    /// A high risk is mitigated or accepted.
    Risk,
    /// An environment is documented.
    Environment,
    /// Somebody approves.
    Approval,
    /// Something is looked at after the deployment.
    Validation,
}

/// What proves a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Proof {
    /// How much it is worth.
    pub kind: ProofKind,
    /// What it is, in the plan's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// How much a proof is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// Somebody wrote it into the plan.
    Asserted,
    /// Somebody wrote it into the plan, with an address where it can be seen.
    Link,
    /// There is none.
    None,
}

/// What checks are made of.
struct Context<'p, 's> {
    plan: &'p Plan<'s>,
    graph: &'p Graph,
    selection: &'p Selection,
    misread: Misread<'p>,
    today: NaiveDate,
}

/// A verdict with its reason, and what follows from it.
struct Judged {
    verdict: Verdict,
    reason: String,
    next: Option<String>,
}

impl Judged {
    fn new(verdict: Verdict, reason: impl Into<String>, next: impl Into<String>) -> Self {
        Judged { verdict, reason: reason.into(), next: Some(next.into()) }
    }

    fn done(verdict: Verdict, reason: impl Into<String>) -> Self {
        Judged { verdict, reason: reason.into(), next: None }
    }
}

impl Check {
    /// A check of an entry, without what its kind adds.
    fn of(entry: &Entry<'_>, kind: CheckKind, judged: Judged) -> Self {
        let owner = entry.owner.as_ref().map(|owner| owner.value.trim().to_owned());
        Check {
            id: entry.id.value.to_string(),
            kind,
            title: entry.title().to_owned(),
            requirement: None,
            stage: None,
            category: None,
            blocking: false,
            owner: owner.filter(|owner| !owner.is_empty()),
            verdict: judged.verdict,
            reason: judged.reason,
            proof: Proof { kind: ProofKind::None, text: None },
            next: judged.next,
            tests: None,
            epics: None,
        }
    }
}

impl Proof {
    /// What the plan asserts. An address in its words is where it can be seen.
    fn asserted(text: impl Into<Option<String>>) -> Self {
        let text = text.into();
        let linked = text.as_ref().is_some_and(|text| text.contains("https://") || text.contains("http://"));
        Proof { kind: if linked { ProofKind::Link } else { ProofKind::Asserted }, text }
    }
}

impl Filter {
    fn passes(&self, check: &Check) -> bool {
        let stage = self.stage.is_none_or(|stage| check.stage == Some(stage));
        let owner = self.owner.as_ref().is_none_or(|wanted| {
            let owner = check.owner.as_deref().unwrap_or_default().to_lowercase();
            owner.contains(&wanted.to_lowercase())
        });
        stage && owner && (!self.open || check.verdict.is_open())
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

    /// The blockers that stand open, the worst first.
    pub fn open_blockers(&self) -> Vec<&Check> {
        let mut open: Vec<&Check> =
            self.checks.iter().filter(|check| check.blocking && check.verdict.is_open()).collect();
        open.sort_by_key(|check| std::cmp::Reverse(check.verdict));
        open
    }
}

/// Why there is no checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nothing {
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
    plan: &Plan<'_>,
    sources: &SourceMap,
    graph: &Graph,
    selection: &Selection,
    filter: Filter,
    today: NaiveDate,
) -> Result<Readiness, Nothing> {
    let context = Context { plan, graph, selection, misread: Misread::new(plan, sources), today };
    let mut all = context.checks();
    all.sort_by_key(place);
    if all.is_empty() {
        return Err(Nothing::ToCheck);
    }
    let total = all.len();
    let criteria = all.iter().filter(|check| check.kind == CheckKind::Criterion).count();
    let asked = Filter { open: false, ..filter.clone() };
    if !all.iter().any(|check| asked.passes(check)) {
        return Err(Nothing::Asked { owners: Readiness::owners(&all) });
    }
    let progression = context.progression(&all);
    let asked: Vec<&Check> = all.iter().filter(|check| asked.passes(check)).collect();
    let totals = totals::totals(&asked);
    let checks = asked.into_iter().filter(|check| filter.passes(check)).cloned().collect();
    let release = selection.release.clone();
    Ok(Readiness { version: 1, day: today, release, filter, checks, total, criteria, progression, totals })
}

/// The order of the checks.
fn place(check: &Check) -> impl Ord + use<> {
    let stages = <Stage as Choice>::WORDS.iter().map(|(word, _)| *word);
    let stage = stages.into_iter().position(|word| check.stage == Some(word)).unwrap_or(usize::MAX);
    let order = [std::cmp::Reverse(check.blocking as u8), std::cmp::Reverse(check.verdict as u8)];
    // Those of one verdict keep the order in which they were found, by id.
    (stage, check.kind, category_place(check.category), order)
}

/// The categories in the order of the methodology; without one, last.
fn category_place(category: Option<&str>) -> usize {
    let words = <crate::model::dep::Category as Choice>::WORDS;
    words.iter().position(|(word, _)| category == Some(*word)).unwrap_or(usize::MAX)
}

impl Context<'_, '_> {
    fn checks(&self) -> Vec<Check> {
        let mut checks = self.criteria();
        checks.extend(self.scope());
        checks.extend(self.risks());
        checks.extend(self.environments());
        checks.extend(self.approvals());
        checks.extend(self.validations());
        checks
    }

    /// The index of an entry that belongs to the selection.
    fn selected(&self, entry: &Entry<'_>) -> Option<EntryIndex> {
        self.plan.find(entry.id.value).filter(|index| self.selection.has(*index))
    }

    fn misread(&self, entry: &Entry<'_>, fields: &[&str]) -> bool {
        self.misread.has_any(entry.id.value, fields)
    }
}
