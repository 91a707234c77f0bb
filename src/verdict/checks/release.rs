//! What the release itself asks for: its scope complete, and its approvals given.

use super::TestTally;
use crate::graph::{scope_needs, to_come};
use crate::model::dep::{Need, Stage};
use crate::model::epic::{Epic, State};
use crate::model::phrase::counted;
use crate::model::rel::Approval;
use crate::model::{Choice, Entry, EntryIndex, Kind, LinkKind, same_folded};
use crate::source::shown::in_words;
use crate::verdict::approval::{RoleApproval, roles};
use crate::verdict::check::{Check, CheckKind, Judged, Proof};
use crate::verdict::evidence_requirement::{RequirementResult, SignOff, sign_off};
use crate::verdict::{Judge, ProofKind, Source, Verdict};

impl Judge<'_> {
    /// The work packages of the selection.
    pub(in crate::verdict) fn scope(&self) -> Vec<Check> {
        let releases = to_come(self.basis.plan, self.selection);
        let needs = scope_needs(self.basis.plan, self.basis.graph, releases);
        let found = self.basis.plan.epics().filter_map(|(entry, epic)| {
            let index = self.selected(entry).filter(|index| !self.is_excluded(*index))?;
            let tests = self.tests(index);
            let need = needs.get(&index).copied().or_else(|| epic.priority.map(|need| need.value));
            let stated = self.judge_epic(entry, epic, tests.as_ref());
            let proven =
                epic.evidence_requirement.as_deref().map(|requirement| self.prove_entry(index, requirement));
            let (judged, proof) = match proven {
                Some(proven) => self.with_proof(stated, proven),
                None => (stated, self.proof_of_epic(index, epic, tests.as_ref())),
            };
            Some(Check {
                stage: Some(Stage::PreDeploy.word()),
                // A work package of which nobody says how much it is needed is taken to be needed.
                blocking: need.is_none_or(|need| need == Need::Must),
                proof,
                tests,
                ..Check::of(entry, CheckKind::Scope, judged)
            })
        });
        found.collect()
    }

    /// What is stated, and what the facts show: the worse of both.
    pub(super) fn with_proof(&self, stated: Judged, proven: RequirementResult) -> (Judged, Proof) {
        let mut proof = self.proof_of(&proven);
        let judged = match stated.verdict.cmp(&proven.judged.verdict) {
            std::cmp::Ordering::Greater => {
                // Whatever the facts show, what decides is no more than somebody's word.
                proof.kind = proof.kind.weaker(ProofKind::Asserted);
                stated
            }
            std::cmp::Ordering::Less => proven.judged,
            std::cmp::Ordering::Equal => {
                Judged { reason: format!("{}; {}", stated.reason, proven.judged.reason), ..stated }
            }
        };
        (judged, proof)
    }

    /// What shows that a work package is complete: its tests, if a report speaks of all of them.
    fn proof_of_epic(&self, index: EntryIndex, epic: &Epic<'_>, tests: Option<&TestTally>) -> Proof {
        if epic.state.is_none() {
            return Proof::none(None);
        }
        // That it is not complete is no more than somebody's word, whatever its tests show.
        let complete = epic.state.is_some_and(|state| state.value == State::Complete);
        if complete && tests.is_some_and(|tests| tests.total > 0 && tests.reported == tests.total) {
            let max_age = self.default_max_age();
            let reported =
                self.linked_tests(index).into_iter().filter_map(|test| self.reported(test, max_age));
            let sources = reported.filter_map(|reported| reported.source.clone()).collect();
            return Proof::reported(sources);
        }
        let progress = epic.progress.map(|done| format!("{} done", done.value));
        Proof::asserted(epic.evidence.as_ref().map(|text| text.value.trim().to_owned()).or(progress))
    }

    /// Whether the release leaves it out.
    pub(in crate::verdict) fn is_excluded(&self, index: EntryIndex) -> bool {
        let release =
            self.selection.release.as_ref().and_then(|release| self.basis.plan.release(&release.id));
        self.basis.graph.any_edge(index, |edge| {
            edge.kind == LinkKind::Excludes && release.is_none_or(|own| edge.from == own)
        })
    }

    fn judge_epic(&self, entry: &Entry<'_>, epic: &Epic<'_>, tests: Option<&TestTally>) -> Judged {
        let words = tests.map(|tests| format!("; tests: {}", tests.in_words())).unwrap_or_default();
        let late = entry.due().map(|due| due.value).filter(|due| *due < self.today);
        let due = entry.due().map(|due| format!(", due {}", due.value)).unwrap_or_default();
        let state = epic.state.map(|state| state.value);
        match (state, tests) {
            (Some(State::Complete), Some(tests)) if !tests.failed.is_empty() => Judged::new(
                Verdict::Fail,
                format!("self-reported as complete, but tests: {}", tests.in_words()),
                "fix the failures, or correct the status",
            ),
            (Some(State::Complete), Some(tests)) if tests.without_result() > 0 => Judged::new(
                Verdict::Unknown,
                format!("self-reported as complete, but tests: {}", tests.in_words()),
                "run the tests without a result",
            ),
            (Some(State::Complete), _) if epic.open_items().next().is_some() => {
                let open: Vec<&str> = epic.open_items().map(|item| &*item.name.value).collect();
                Judged::new(
                    Verdict::Fail,
                    format!(
                        "self-reported as complete, but {} of {} of its definition of done open: {}",
                        open.len(),
                        counted(epic.definition_of_done.len(), "item"),
                        open.join(", ")
                    ),
                    "complete the items, or correct the status",
                )
            }
            (Some(State::Complete), Some(_)) => {
                Judged::done(Verdict::Pass, format!("self-reported as complete{words}"))
            }
            (Some(State::Complete), None) => Judged::new(
                Verdict::Warn,
                "self-reported as complete, without tests",
                "link tests: `tests: TEST-001`",
            ),
            (Some(State::Deferred), _) => {
                Judged::new(Verdict::Fail, "deferred, but in scope", "remove it from the scope")
            }
            (Some(state), _) if late.is_some() => Judged::new(
                Verdict::Fail,
                format!("{}, overdue{due}{words}", state.word()),
                "complete it, or remove it from the scope",
            ),
            (Some(state), _) => Judged::new(
                Verdict::Fail,
                format!("{}, not complete{due}{words}", state.word()),
                "complete it",
            ),
            (None, _) if self.unreadable(entry, &["state", "status"]) => Judged::new(
                Verdict::Unknown,
                format!("invalid `state`{words}"),
                "run `relplan check` for the error",
            ),
            (None, _) => Judged::new(Verdict::Unknown, format!("no state{words}"), "set its `state`"),
        }
    }

    /// When the release says that an approval is due that nobody has given: `, due release candidate`.
    pub(in crate::verdict) fn approval_due(&self, status: &RoleApproval) -> String {
        let kind = self.release.map(|release| &self.basis.plan.entry(release).kind);
        let Some(Kind::Rel(rel)) = kind.filter(|_| status.place.is_none()) else { return String::new() };
        let asked = |approval: &&Approval<'_>| {
            let roles = approval.role.as_ref().map(|role| roles(&role.value, self.context.roster()));
            roles.is_some_and(|roles| roles.iter().any(|role| same_folded(role, &status.role)))
        };
        let due = rel.approvals.iter().find(asked).and_then(|approval| rel.due_of(approval));
        due.map(|due| format!(", due {}", in_words(due.value.trim()))).unwrap_or_default()
    }

    /// What an approval comes to; `due` says when it is needed.
    pub(in crate::verdict) fn judge_signature(&self, status: &RoleApproval, due: &str) -> Judged {
        let SignOff { verdict, reason, next, .. } = sign_off(status, self.basis.profile);
        Judged { verdict, reason: format!("{reason}{due}"), next }
    }

    /// What a signature is worth, and where it stands.
    pub(in crate::verdict) fn proof_of_signature(&self, status: &RoleApproval) -> Proof {
        let place = status.place.map(|place| Source::at(self.basis.sources, place));
        Proof {
            kind: sign_off(status, self.basis.profile).kind,
            sources: place.into_iter().collect(),
            ..Proof::none(None)
        }
    }
}
