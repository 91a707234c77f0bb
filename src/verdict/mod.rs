//! Floor 4: how what has to hold stands, and what follows from it.
//!
//! Verdicts rest on what the plan states and on evidence, and never guess: what nobody states is UNKNOWN,
//! and no data is never a pass. Whatever is known to be otherwise is FAIL.

pub mod approval;
mod check;
mod checks;
pub mod standing;
mod totals;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use crate::graph::{Graph, Selection};
use crate::model::{Entry, EntryIndex, Misread, Plan};
use crate::source::SourceMap;

pub use check::{Check, CheckKind, Proof, ProofKind};
pub use checks::{EpicTally, Rung, TestTally};
pub use totals::{Totals, totals};

/// How a check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not hold, and somebody who is named accepts that.
    Waived,
    /// It holds, with something to see to.
    Warn,
    /// It held once, and nobody has looked again in time.
    Stale,
    /// Nobody knows.
    Unknown,
    /// It does not hold.
    Fail,
}

impl Verdict {
    /// Every verdict, the best first.
    pub const ALL: [Verdict; 6] =
        [Verdict::Pass, Verdict::Waived, Verdict::Warn, Verdict::Stale, Verdict::Unknown, Verdict::Fail];

    /// Whether somebody has to do something about it.
    pub fn is_open(self) -> bool {
        !matches!(self, Verdict::Pass | Verdict::Waived)
    }
}

/// Judges the entries of a selection.
pub struct Judge<'p, 's> {
    plan: &'p Plan<'s>,
    graph: &'p Graph,
    selection: &'p Selection,
    misread: Misread<'p>,
    today: NaiveDate,
}

impl<'p, 's> Judge<'p, 's> {
    /// A judge of what belongs to the selection, as it stands on a day.
    pub fn new(
        plan: &'p Plan<'s>,
        sources: &'p SourceMap,
        graph: &'p Graph,
        selection: &'p Selection,
        today: NaiveDate,
    ) -> Self {
        Judge { plan, graph, selection, misread: Misread::new(plan, sources), today }
    }
}

impl Judge<'_, '_> {
    /// Every check of the selection.
    pub fn checks(&self) -> Vec<Check> {
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
