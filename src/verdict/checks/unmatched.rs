//! Failed results that prove nothing about any test of the plan: they are red all the same.

use crate::config::{Gate, UnmatchedFailures};
use crate::evidence::matching::{Attempts, CaseMatch};
use crate::evidence::{CaseIndex, Outcome, Timestamp};
use crate::verdict::check::{CheckKind, Judged, Proof};
use crate::verdict::gates::{CheckTable, JudgedCriterion, criterion};
use crate::verdict::{Check, Judge, Verdict};

/// The name of the criterion.
pub const UNMATCHED_FAILURES: &str = "Failed results have a TEST entry";

/// How many of the results are named.
const NAMED: usize = 3;

/// The results that failed, or may have failed, and fit no TEST entry.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// Those that failed.
    pub failed: Vec<CaseIndex>,
    /// Those of which the report does not say that they passed.
    pub unclear: Vec<CaseIndex>,
}

impl Unmatched {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.failed.len() + self.unclear.len()
    }
}

impl Judge<'_> {
    /// The results that failed, or may have failed, that prove nothing about any TEST entry, and are not proven to be
    /// of another commit.
    pub fn unmatched_failures(&self) -> Unmatched {
        let facts = &self.basis.facts;
        let red = |index: CaseIndex| {
            let outcome = facts.evidence.case(index).outcome;
            outcome.is_failure() || matches!(outcome, Outcome::Unclear(_))
        };
        let all = facts.matches.cases().filter(|(_, found)| !matches!(found, CaseMatch::Proves(..)));
        let unmatched: Vec<CaseIndex> = all.map(|(index, _)| index).collect();
        if !unmatched.iter().any(|index| red(*index)) {
            return Unmatched::default();
        }
        let attempts = Attempts::new(facts.evidence, &unmatched);
        let mut found = Unmatched::default();
        for index in unmatched.iter().copied().filter(|index| red(*index)) {
            if self.is_set_aside(facts.evidence.case(index)) || self.is_retried(index, &attempts) {
                continue;
            }
            match facts.evidence.case(index).outcome {
                Outcome::Unclear(_) => found.unclear.push(index),
                _ => found.failed.push(index),
            }
        }
        found
    }

    /// The criterion that asks about them, if there are any: by the profile it blocks or warns.
    pub(in crate::verdict) fn judge_unmatched_failures(
        &self,
        gate: &Gate,
        table: &mut CheckTable,
    ) -> Option<JudgedCriterion> {
        let found = self.unmatched_failures();
        let count = found.count();
        if count == 0 {
            return None;
        }
        let blocks = self.basis.profile.unmatched_failures == UnmatchedFailures::Block;
        let verdict = match (blocks, found.failed.is_empty()) {
            (false, _) => Verdict::Warn,
            (true, false) => Verdict::Fail,
            (true, true) => Verdict::Unknown,
        };
        let facts = &self.basis.facts;
        let named = found.failed.iter().chain(&found.unclear).take(NAMED);
        let sources = named.map(|index| {
            let case = facts.evidence.case(*index);
            facts.source(self.basis.sources, case.report, case.span, case.time)
        });
        let sources = sources.collect();
        let key = format!("{}/{UNMATCHED_FAILURES}", gate.name);
        let make = || {
            let next = "fix the failures, or assign the results to a TEST entry: `TEST-001 …` in the name, `match` or `automation`";
            let judged = Judged::new(verdict, self.in_words(&found), next);
            let check = Check::of_gate(key.clone(), CheckKind::Gate, UNMATCHED_FAILURES, judged);
            self.settled(Check { blocking: blocks, proof: Proof::reported(sources), ..check })
        };
        let at = table.put((CheckKind::Gate, key.clone()), make);
        Some(criterion(UNMATCHED_FAILURES, None, vec![(at, blocks)], count, table))
    }

    fn in_words(&self, found: &Unmatched) -> String {
        let count = |count: usize, what: &str| match count {
            1 => format!("1 result that {what} matches no TEST entry"),
            count => format!("{count} results that {what} match no TEST entry"),
        };
        let parts = [(&found.failed, "failed"), (&found.unclear, "may have failed")];
        let words = parts.into_iter().filter(|(cases, _)| !cases.is_empty()).map(|(cases, what)| {
            let names: Vec<String> = cases.iter().map(|index| self.name_of(*index)).collect();
            format!("{}: {}", count(cases.len(), what), super::some(&names))
        });
        words.collect::<Vec<_>>().join("; ")
    }

    /// A case as it is named, with the line where it is.
    fn name_of(&self, index: CaseIndex) -> String {
        let facts = &self.basis.facts;
        let case = facts.evidence.case(index);
        let place = facts.source(self.basis.sources, case.report, case.span, Timestamp::Missing);
        let name = crate::model::value::short(&case.name);
        format!("`{name}` ({}:{})", place.file, place.line)
    }
}
