//! What a change does to a plan: entries, the status of gates and checks, findings, and the decision.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::{Finding, Level};
use crate::verdict::Verdict;
use crate::verdict::decision::{Decision, GateStatus};
use crate::views::base::LoosenedView;
use crate::views::go_no_go::GoNoGo;

/// The output of `relplan diff --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan diff --format json")]
pub struct Diff {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which both sides were judged.
    pub day: NaiveDate,
    /// What the plan is compared with.
    pub base: DiffSide,
    /// What is compared; absent if it is the work tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<DiffSide>,
    /// Whether the base has a plan. Otherwise everything is new.
    pub had_plan: bool,
    /// Whether all of the plan of the base could be read. If not, entries that are listed as added may be older.
    pub base_whole: bool,
    /// The decision before and after; absent if neither side has anything to decide on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionChange>,
    /// The gates whose status is another one.
    pub gates: Vec<GateChange>,
    /// The checks whose status is another one, those that became worse first.
    pub checks: Vec<CheckChange>,
    /// The entries that differ.
    pub entries: EntryChanges,
    /// What asks for less than before.
    pub loosened: Vec<LoosenedView>,
    /// The findings that are new and those that are gone, by level.
    pub findings: FindingChanges,
}

/// A commit that is compared.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DiffSide {
    /// The revision as it was named.
    pub revision: String,
    /// The commit.
    pub commit: String,
}

/// Whether a change made something better or worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It is worse than before, or new and not met.
    Worse,
    /// It is neither.
    Other,
    /// It is better than before.
    Better,
}

/// The decision on both sides.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DecisionChange {
    /// The decision before; absent if there was nothing to decide on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<DecisionView>,
    /// The decision now; absent if there is nothing to decide on any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<DecisionView>,
    /// Whether it became better or worse.
    pub direction: Direction,
}

/// A decision and the figures behind it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DecisionView {
    /// The release, by its id; absent if it is about the whole plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// GO, CONDITIONAL GO or NO-GO.
    pub decision: Decision,
    /// How many blockers there are.
    pub blockers: usize,
    /// The confidence in per cent; absent if there is nothing to weigh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

/// A gate whose status is another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GateChange {
    /// Its name.
    pub gate: String,
    /// Its status before; absent if it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<GateStatus>,
    /// Its status now; absent if it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<GateStatus>,
    /// Whether it became better or worse.
    pub direction: Direction,
}

/// A check whose status is another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CheckChange {
    /// The check.
    pub id: String,
    /// Its subject.
    pub title: String,
    /// Whether it blocks, on the side on which it is last known.
    pub blocking: bool,
    /// Its status before; absent if it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Verdict>,
    /// Its status now; absent if it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Verdict>,
    /// The reason of its status now, or of the last one.
    pub reason: String,
    /// Whether it became better or worse.
    pub direction: Direction,
}

/// The entries that differ.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct EntryChanges {
    /// Entries that are new.
    pub added: Vec<ListedEntry>,
    /// Entries that are gone.
    pub removed: Vec<ListedEntry>,
    /// Entries that have another id, and say the same.
    pub renamed: Vec<RenamedEntry>,
    /// Entries that say something else.
    pub changed: Vec<ChangedEntry>,
}

/// An entry with its place.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ListedEntry {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its place, `FILE:LINE`, or `REV:FILE:LINE` if it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// An entry that has another id, and says the same.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RenamedEntry {
    /// Its id before.
    pub from: String,
    /// What it is now.
    #[serde(flatten)]
    pub entry: ListedEntry,
}

/// An entry that says something else.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangedEntry {
    /// What it is now.
    #[serde(flatten)]
    pub entry: ListedEntry,
    /// The fields that differ.
    pub fields: Vec<ChangedField>,
}

/// A field that says something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangedField {
    /// Its name.
    pub field: String,
    /// Its value before; absent if it was not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Its value now; absent if it is not stated any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Whether it asks for less than before.
    pub loosened: bool,
}

/// How many findings are new, and how many are gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindingChanges {
    /// Findings that the base does not have.
    pub new: LevelCounts,
    /// Findings that only the base has.
    pub fixed: LevelCounts,
}

/// How many findings there are of each level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LevelCounts {
    /// Errors.
    pub error: usize,
    /// Warnings.
    pub warning: usize,
    /// Notes.
    pub note: usize,
}

impl LevelCounts {
    /// Counts findings.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut counts = LevelCounts::default();
        for finding in findings {
            *match finding.level {
                Level::Error => &mut counts.error,
                Level::Warning => &mut counts.warning,
                Level::Note => &mut counts.note,
            } += 1;
        }
        counts
    }

    /// Each level with its word, the gravest first.
    pub fn each(self) -> [(Level, usize); 3] {
        [(Level::Error, self.error), (Level::Warning, self.warning), (Level::Note, self.note)]
    }
}

impl DecisionView {
    fn of(report: &GoNoGo) -> Self {
        DecisionView {
            release: report.release.as_ref().map(|release| release.id.clone()),
            decision: report.decision,
            blockers: report.blockers.len(),
            confidence: report.confidence.percent,
        }
    }
}

/// What two reports differ in: the decision, the gates and the checks. `renamed` are entries that merely have another id.
pub fn judged(
    before: Option<&GoNoGo>,
    after: Option<&GoNoGo>,
    renamed: &[RenamedEntry],
) -> (Option<DecisionChange>, Vec<GateChange>, Vec<CheckChange>) {
    let views = [before, after].map(|report| report.map(DecisionView::of));
    let [was, is] = views.clone();
    let rank = |view: &Option<DecisionView>| view.as_ref().map(|view| (view.decision, view.blockers));
    let direction = direction(rank(&was), rank(&is), (Decision::Go, 0));
    let decision =
        (was.is_some() || is.is_some()).then_some(DecisionChange { before: was, after: is, direction });
    (decision, gates(before, after), checks(before, after, renamed))
}

/// Whether something became better or worse. What is new is compared with the best, and what is gone is neither.
fn direction<T: Ord>(before: Option<T>, after: Option<T>, best: T) -> Direction {
    match (before, after) {
        (Some(before), Some(after)) if after > before => Direction::Worse,
        (Some(before), Some(after)) if after < before => Direction::Better,
        (None, Some(after)) if after > best => Direction::Worse,
        _ => Direction::Other,
    }
}

fn gates(before: Option<&GoNoGo>, after: Option<&GoNoGo>) -> Vec<GateChange> {
    let all = |report: Option<&GoNoGo>| {
        let gates = report.map(|report| report.gates.as_slice()).unwrap_or_default();
        gates.iter().map(|gate| (gate.name.clone(), gate.status)).collect::<Vec<_>>()
    };
    let (old, new) = (all(before), all(after));
    let find = |gates: &[(String, GateStatus)], name: &str| {
        gates.iter().find(|(known, _)| known == name).map(|(_, status)| *status)
    };
    let gone = old.iter().filter(|(name, _)| find(&new, name).is_none());
    let names = new.iter().chain(gone).map(|(name, _)| name);
    let change = |name: &String| {
        let (before, after) = (find(&old, name), find(&new, name));
        let direction = direction(before, after, GateStatus::Pass);
        (before != after).then(|| GateChange { gate: name.clone(), before, after, direction })
    };
    names.filter_map(change).collect()
}

fn checks(before: Option<&GoNoGo>, after: Option<&GoNoGo>, renamed: &[RenamedEntry]) -> Vec<CheckChange> {
    let (old, new) = (
        before.map(|report| report.checks.as_slice()).unwrap_or_default(),
        after.map(|report| report.checks.as_slice()).unwrap_or_default(),
    );
    let known: FxHashMap<_, _> = old.iter().map(|check| ((check.kind, check.id.as_str()), check)).collect();
    // The check of an entry that has another id is the one that it was.
    let former: FxHashMap<&str, &str> =
        renamed.iter().map(|renaming| (renaming.entry.id.as_str(), renaming.from.as_str())).collect();
    let mut left = known.clone();
    let mut changes = Vec::new();
    for check in new {
        let id = check.id.as_str();
        let key = (check.kind, former.get(id).copied().unwrap_or(id));
        let was = known.get(&key).map(|was| was.verdict);
        left.remove(&key);
        if was != Some(check.verdict) {
            changes.push(CheckChange {
                id: check.id.clone(),
                title: check.title.clone(),
                blocking: check.blocking,
                before: was,
                after: Some(check.verdict),
                reason: check.reason.clone(),
                direction: direction(was, Some(check.verdict), Verdict::Pass),
            });
        }
    }
    for check in old.iter().filter(|check| left.contains_key(&(check.kind, check.id.as_str()))) {
        changes.push(CheckChange {
            id: check.id.clone(),
            title: check.title.clone(),
            blocking: check.blocking,
            before: Some(check.verdict),
            after: None,
            reason: check.reason.clone(),
            direction: Direction::Other,
        });
    }
    changes.sort_by_key(|change| (change.direction, !change.blocking));
    changes
}

impl Diff {
    /// Whether the change does nothing that is shown.
    pub fn is_empty(&self) -> bool {
        let entries = &self.entries;
        entries.added.is_empty()
            && entries.removed.is_empty()
            && entries.renamed.is_empty()
            && entries.changed.is_empty()
            && self.gates.is_empty()
            && self.checks.is_empty()
            && self.loosened.is_empty()
            && self.findings == FindingChanges::default()
    }
}
