//! The checks of a checklist: those of the gates, and every entry of the selection that can be ticked.

use rustc_hash::FxHashSet;

use super::Judge;
use super::check::{Check, CheckKind};
use super::gates::Soundness;
use crate::model::Choice;
use crate::model::dep::Stage;

impl Judge<'_> {
    /// Every check of the selection, as the gates of the release judge it, so that a checklist has the blockers of the
    /// report; none if there is nothing to tick. What no gate asks for blocks nothing.
    pub fn checklist(&self, soundness: &Soundness) -> Option<Vec<Check>> {
        let judgement = self.judge_gates(&self.gates(), soundness);
        let validations = self.validations();
        if !judgement.lists_entries() && validations.is_empty() && !self.asks_for_approvals() {
            return None;
        }
        let mut checks = judgement.listed();
        checks.iter_mut().for_each(place);
        // A validation that a gate asks for is ready; one that none asks for waits for its result.
        let known: FxHashSet<String> = checks.iter().map(|check| check.id.clone()).collect();
        let results = validations.into_iter().filter(|check| !known.contains(&check.id));
        checks.extend(results.map(|check| self.settled(check)));
        Some(checks)
    }

    /// Whether the release itself asks for approvals.
    fn asks_for_approvals(&self) -> bool {
        let kind = self.release.map(|release| &self.basis.plan.entry(release).kind);
        matches!(kind, Some(crate::model::Kind::Rel(rel)) if !rel.approvals.is_empty())
    }
}

/// Says when a check matters that is no entry's: before the deployment.
fn place(check: &mut Check) {
    let stage = match check.kind {
        CheckKind::FollowUp => Stage::PostDeploy,
        kind if kind.is_of_gate() => Stage::PreDeploy,
        _ => return,
    };
    check.stage.get_or_insert(stage.word());
}
