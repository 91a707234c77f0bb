//! The checks of a checklist: those of the gates, and every entry of the selection that can be ticked.

use rustc_hash::FxHashSet;

use super::Judge;
use super::check::{Check, CheckKind};
use super::gates::Soundness;
use crate::model::Choice;
use crate::model::dep::Stage;

impl Judge<'_> {
    /// Every check of the selection, as the gates of the release judge it, so that a checklist has the blockers of the
    /// report. What no gate asks for blocks nothing.
    pub fn checklist(&self, soundness: &Soundness) -> Vec<Check> {
        let mut checks = self.judge_gates(&self.gates(), soundness).listed();
        checks.iter_mut().for_each(place);
        // A validation that a gate asks for is ready; one that none asks for waits for its result.
        let known: FxHashSet<String> = checks.iter().map(|check| check.id.clone()).collect();
        let results = self.validations().into_iter().filter(|check| !known.contains(&check.id));
        checks.extend(results.map(|check| self.settled(check)));
        checks
    }

    /// Whether the selection has anything to tick: an entry, or an approval that a release asks for.
    pub fn has_checklist(&self) -> bool {
        let asks = |release| match &self.basis.plan.entry(release).kind {
            crate::model::Kind::Rel(rel) => !rel.approvals.is_empty(),
            _ => false,
        };
        !self.checks().is_empty() || self.release.is_some_and(asks)
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
