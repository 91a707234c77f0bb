//! Deliverables of a coordinated release: the release is ready when all of them are.

use crate::model::Kind;
use crate::model::deliverable::{Deliverable, DeliverableStatus};
use crate::verdict::check::{Check, CheckKind, Judged};
use crate::verdict::gates::{CheckTable, JudgedCriterion, criterion};
use crate::verdict::{Judge, Proof, Verdict};

impl Judge<'_> {
    /// One criterion for each deliverable of the release: its own state, and its gates.
    pub(in crate::verdict) fn judge_deliverables(&self, table: &mut CheckTable) -> Vec<JudgedCriterion> {
        let Some(index) = self.release else { return Vec::new() };
        let entry = self.basis.plan.entry(index);
        let Kind::Rel(release) = &entry.kind else { return Vec::new() };
        let mut criteria = Vec::new();
        for deliverable in release.deliverables.iter().filter(|deliverable| deliverable.is_part()) {
            let name = format!("Deliverable {} is ready", deliverable.title());
            let id = format!("{}/{}", entry.id.value, deliverable.title());
            let make = || {
                let judged = judge(deliverable);
                let proof = match judged.verdict {
                    Verdict::Pass | Verdict::Warn => Proof::asserted(None),
                    _ => Proof::none(None),
                };
                let check = Check::of_gate(id.clone(), CheckKind::Deliverable, &title(deliverable), judged);
                let owner = deliverable.team.as_ref().map(|team| team.value.trim().to_owned());
                self.settled(Check { owner, proof, ..check })
            };
            let mut positions = vec![(table.put((CheckKind::Deliverable, id.clone()), make), true)];
            let gates = deliverable.gates_of(entry, self.basis.plan);
            self.look_at_all(&gates, table);
            positions.extend(
                gates.iter().filter_map(|gate| table.of_entry(*gate)).map(|at| (at, table.is_blocking(at))),
            );
            criteria.push(criterion(&name, None, positions, gates.len(), table));
        }
        criteria
    }
}

fn title(deliverable: &Deliverable<'_>) -> String {
    match &deliverable.version {
        Some(version) => format!("{} {}", deliverable.title(), version.value),
        None => deliverable.title().to_owned(),
    }
}

/// How far a deliverable is, as the plan says.
fn judge(deliverable: &Deliverable<'_>) -> Judged {
    let Some(version) = &deliverable.version else {
        return Judged::new(Verdict::Unknown, "no version", "add its `version`");
    };
    let is_pre_release = version.value.is_pre_release();
    match deliverable.status.map(|status| status.value) {
        Some(DeliverableStatus::Ready | DeliverableStatus::Released) if is_pre_release => Judged::new(
            Verdict::Warn,
            format!("`{}` is a pre-release", version.value),
            "set the version that is released",
        ),
        Some(DeliverableStatus::Released) => Judged::new(Verdict::Pass, "released", ""),
        Some(DeliverableStatus::Ready) => Judged::new(Verdict::Pass, "ready", ""),
        Some(DeliverableStatus::InProgress) => {
            Judged::new(Verdict::Fail, "in progress, not ready", "complete it, then set `status: ready`")
        }
        Some(DeliverableStatus::Planned | DeliverableStatus::Dropped) => {
            Judged::new(Verdict::Fail, "planned, not ready", "complete it, then set `status: ready`")
        }
        None => Judged::new(Verdict::Unknown, "no status", "set its `status`"),
    }
}
