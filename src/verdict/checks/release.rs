//! What the release itself asks for: its scope complete, and its approvals given.

use super::TestTally;
use crate::graph::to_come;
use crate::model::dep::{Need, Stage};
use crate::model::epic::{Epic, State};
use crate::model::rel::{Approval, Rel};
use crate::model::{Choice, Entry, EntryIndex, Kind, LinkKind};
use crate::verdict::check::{Check, CheckKind, Judged, Proof};
use crate::verdict::{Judge, Verdict};

impl Judge<'_> {
    /// The work packages of the selection.
    pub(in crate::verdict) fn scope(&self) -> Vec<Check> {
        let found = self.basis.plan.epics().filter_map(|(entry, epic)| {
            let index = self.selected(entry).filter(|index| !self.is_excluded(*index))?;
            let tests = self.tests(index);
            let need = self.need(index).or_else(|| epic.priority.map(|need| need.value));
            Some(Check {
                stage: Some(Stage::PreDeploy.word()),
                // A work package of which nobody says how much it is needed is taken to be needed.
                blocking: need.is_none_or(|need| need == Need::Must),
                proof: match epic.state {
                    Some(_) => Proof::asserted(epic.progress.map(|done| format!("{} done", done.value))),
                    None => Proof::none(None),
                },
                ..Check::of(entry, CheckKind::Scope, self.judge_epic(entry, epic, tests.as_ref()))
            })
            .map(|check| Check { tests, ..check })
        });
        found.collect()
    }

    /// Whether the release leaves it out.
    fn is_excluded(&self, index: EntryIndex) -> bool {
        let release = self.selection.release.as_ref().and_then(|release| self.basis.plan.release(&release.id));
        self.basis.graph.any_edge(index, |edge| {
            edge.kind == LinkKind::Excludes && release.is_none_or(|own| edge.from == own)
        })
    }

    /// How much the scope of a release needs it.
    fn need(&self, index: EntryIndex) -> Option<Need> {
        let wanted = self.basis.plan.entry(index).id.value;
        to_come(self.basis.plan, self.selection).into_iter().find_map(|release| {
            let entry = self.basis.plan.entry(release);
            let Kind::Rel(rel) = &entry.kind else { return None };
            let part = rel.scope.iter().find(|part| {
                let links = entry.links.get(part.links.clone()).unwrap_or_default();
                links.iter().any(|link| names(&link.target, wanted))
            });
            part.map(|part| part.need)
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
                format!("stated as complete, but of its tests {}", tests.in_words()),
                "mend what fails, or take the statement back",
            ),
            (Some(State::Complete), Some(tests)) if tests.without_result() > 0 => Judged::new(
                Verdict::Unknown,
                format!("stated as complete, but of its tests {}", tests.in_words()),
                "run the tests that have no result",
            ),
            (Some(State::Complete), Some(_)) => {
                Judged::done(Verdict::Pass, format!("stated as complete{words}"))
            }
            (Some(State::Complete), None) => {
                Judged::new(Verdict::Warn, "stated as complete, and no test shows it", "link its `tests`")
            }
            (Some(State::Deferred), _) => {
                Judged::new(Verdict::Fail, "deferred, and still in the scope", "take it out of the scope")
            }
            (Some(state), _) if late.is_some() => Judged::new(
                Verdict::Fail,
                format!("{}, and overdue{due}{words}", state.word()),
                "complete it, or take it out of the scope",
            ),
            (Some(state), _) => Judged::new(
                Verdict::Fail,
                format!("{}, not complete{due}{words}", state.word()),
                "complete it",
            ),
            (None, _) if self.misread(entry, &["state", "status"]) => Judged::new(
                Verdict::Unknown,
                format!("its state cannot be read{words}"),
                "`relplan check` says what is wrong with it",
            ),
            (None, _) => Judged::new(Verdict::Unknown, format!("no state{words}"), "write its `state`"),
        }
    }

    /// The approvals of the release, or of all releases to come.
    pub(in crate::verdict) fn approvals(&self) -> Vec<Check> {
        let mut checks = Vec::new();
        for release in to_come(self.basis.plan, self.selection) {
            let entry = self.basis.plan.entry(release);
            let Kind::Rel(rel) = &entry.kind else { continue };
            checks.extend(rel.approvals.iter().map(|approval| self.approval(entry, rel, approval)));
        }
        checks
    }

    fn approval(&self, entry: &Entry<'_>, rel: &Rel<'_>, approval: &Approval<'_>) -> Check {
        let role = approval.role.as_ref().map(|role| role.value.trim().to_owned());
        let role = role.filter(|role| !role.is_empty());
        let version =
            rel.version.as_ref().map(|version| format!(" of {}", version.value)).unwrap_or_default();
        Check {
            title: format!("Approval{version}: {}", role.as_deref().unwrap_or("a role that is not named")),
            stage: Some(Stage::PreDeploy.word()),
            blocking: true,
            owner: role,
            proof: match approval.by {
                Some(_) => Proof::asserted(None),
                None => Proof::none(None),
            },
            ..Check::of(entry, CheckKind::Approval, self.judge_approval(entry, approval))
        }
    }

    fn judge_approval(&self, entry: &Entry<'_>, approval: &Approval<'_>) -> Judged {
        let by = approval.by.as_ref().map(|by| by.value.trim()).filter(|by| !by.is_empty());
        match (by, approval.on.map(|day| day.value)) {
            (Some(by), Some(day)) if day > self.today => Judged::new(
                Verdict::Unknown,
                format!("dated {day}, which is still to come, by {by}"),
                "ask again on that day",
            ),
            (Some(by), Some(day)) => Judged::done(Verdict::Pass, format!("given by {by} on {day}")),
            (Some(by), None) if self.misread(entry, &["on"]) => Judged::new(
                Verdict::Unknown,
                format!("given by {by}, on a day that cannot be read"),
                "`relplan check` says what is wrong with it",
            ),
            (Some(by), None) => {
                Judged::new(Verdict::Warn, format!("given by {by}, and no day is stated"), "write `on`")
            }
            (None, Some(day)) => {
                Judged::new(Verdict::Unknown, format!("dated {day}, and nobody is named"), "write `by`")
            }
            (None, None) => {
                let due = approval.due.as_ref().map(|due| format!(", due {}", due.value.trim()));
                let reason = format!("not given yet{}", due.unwrap_or_default());
                Judged::new(Verdict::Unknown, reason, "have it given: `by` and `on`")
            }
        }
    }
}

fn names(target: &crate::model::Target, wanted: crate::model::Id) -> bool {
    match target {
        crate::model::Target::One(id) => *id == wanted,
        crate::model::Target::Range(ends) => {
            let (from, to) = (ends.0.value, ends.1.value);
            from.prefix == wanted.prefix && (from..=to).contains(&wanted)
        }
    }
}
