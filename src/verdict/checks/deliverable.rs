//! Deliverables of a coordinated release: the release is ready when all of them are.

use rustc_hash::FxHashMap;

use crate::model::deliverable::{Deliverable, DeliverableStatus};
use crate::model::value::folded;
use crate::model::{Entry, Kind};
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
        let parts: Vec<&Deliverable<'_>> = release.deliverables.iter().collect();
        let names = distinct_names(&parts);
        for (deliverable, distinct) in parts.into_iter().zip(names) {
            let name = format!("Deliverable {} is ready", distinct.name);
            let id = format!("{}/{}", entry.id.value, distinct.name);
            let make = || {
                let judged = match distinct.is_clear {
                    true => self.judge_deliverable(deliverable, entry),
                    false => unclear(deliverable),
                };
                let proof = match judged.verdict {
                    Verdict::Pass | Verdict::Warn => Proof::asserted(None),
                    _ => Proof::none(None),
                };
                let check = Check::of_gate(id.clone(), CheckKind::Deliverable, &title(deliverable), judged);
                let owner = deliverable.team.as_ref().map(|team| team.value.trim().to_owned());
                self.settled(Check { owner, proof, ..check })
            };
            let mut positions = vec![(table.put((CheckKind::Deliverable, id.clone()), make), true)];
            // One that was dropped is asked for no more than a waiver.
            let gates = match deliverable.is_part() {
                true => deliverable.gates_of(entry, self.basis.plan),
                false => Vec::new(),
            };
            self.look_at_all(&gates, table);
            // `blocker: no` says that the release can do without an entry; that a deliverable names it as its gate says
            // that the deliverable cannot.
            positions.extend(gates.iter().filter_map(|gate| table.of_entry(*gate)).map(|at| (at, true)));
            criteria.push(criterion(&name, None, positions, gates.len(), table));
        }
        criteria
    }

    /// Judges the gates of the deliverables before anything else looks at them: as blocking, whatever their `blocker`, and
    /// with the deliverable in the reason, for a criterion that is known not to block would be a riddle among the blockers.
    pub(in crate::verdict) fn look_at_deliverable_gates(&self, table: &mut CheckTable) {
        let Some(index) = self.release else { return };
        let entry = self.basis.plan.entry(index);
        let Kind::Rel(release) = &entry.kind else { return };
        for deliverable in release.deliverables.iter().filter(|part| part.is_part()) {
            let mut gates = deliverable.gates_of(entry, self.basis.plan);
            gates.sort_unstable();
            gates.dedup();
            self.look_at_all(&gates, table);
            for at in gates.iter().filter_map(|gate| table.of_entry(*gate)).collect::<Vec<_>>() {
                if !table.is_blocking(at) {
                    table.change(at, |check| self.as_gate_of(deliverable, check));
                }
            }
        }
    }

    /// A check that does not block by itself, as the gate of a deliverable.
    fn as_gate_of(&self, deliverable: &Deliverable<'_>, check: Check) -> Check {
        let passed = check.verdict == Verdict::Pass;
        let audited = self.audited(Check { blocking: true, ..check });
        let judged = match passed && audited.verdict != Verdict::Pass {
            true => self.waived_by_record(audited),
            false => audited,
        };
        let reason = match judged.verdict.keeps_closed() {
            true => format!("{}; gate of deliverable {}", judged.reason, deliverable.title()),
            false => judged.reason,
        };
        Check { blocking: false, reason, ..judged }
    }

    /// How far a deliverable is; one of whose gates nothing is known is not known to be ready.
    fn judge_deliverable(&self, deliverable: &Deliverable<'_>, entry: &Entry<'_>) -> Judged {
        let judged = judge(deliverable);
        let missing = deliverable.gates_not_in(entry, self.basis.plan);
        match (judged.verdict, missing.as_slice()) {
            (Verdict::Pass | Verdict::Warn, _) if deliverable.has_unread_gates => Judged::new(
                Verdict::Unknown,
                "its `gates` cannot be read",
                "correct them: `relplan check` shows the place",
            ),
            (Verdict::Pass | Verdict::Warn, [first, ..]) => Judged::new(
                Verdict::Unknown,
                format!("gate {first} is not in this plan"),
                format!("add {first} to the plan, or remove it from `gates`"),
            ),
            _ => judged,
        }
    }
}

/// What a deliverable is called among those of its release.
struct DistinctName {
    /// No other deliverable has this name.
    name: String,
    /// Whether the plan states the name, and for this deliverable alone.
    is_clear: bool,
}

/// A name for each deliverable. One without a name, or with the name of another, is told apart by its number: otherwise
/// the check of one would count for both.
fn distinct_names(parts: &[&Deliverable<'_>]) -> Vec<DistinctName> {
    let key = |part: &Deliverable<'_>| part.name.as_ref().map(|name| folded(&name.value).collect::<String>());
    let mut count: FxHashMap<Option<String>, usize> = FxHashMap::default();
    parts.iter().for_each(|part| *count.entry(key(part)).or_default() += 1);
    let distinct = |(number, part): (usize, &&Deliverable<'_>)| {
        let key = key(part);
        let is_clear = key.is_some() && count.get(&key) == Some(&1);
        let name = match is_clear {
            true => part.title().to_owned(),
            false => format!("{} (number {number})", part.title()),
        };
        DistinctName { name, is_clear }
    };
    (1..).zip(parts).map(distinct).collect()
}

fn unclear(deliverable: &Deliverable<'_>) -> Judged {
    match deliverable.name {
        Some(_) => Judged::new(
            Verdict::Unknown,
            "another deliverable has the same name",
            "merge the two, or rename one",
        ),
        None => Judged::new(Verdict::Unknown, "no name", "add its `name`"),
    }
}

fn title(deliverable: &Deliverable<'_>) -> String {
    match &deliverable.version {
        Some(version) => format!("{} {}", deliverable.title(), version.value),
        None => deliverable.title().to_owned(),
    }
}

/// How far a deliverable is, as the plan says. As with an epic of the scope, a status names nobody who answers for leaving
/// it out.
fn judge(deliverable: &Deliverable<'_>) -> Judged {
    if !deliverable.is_part() {
        return Judged::new(
            Verdict::Fail,
            "dropped, but a deliverable of the release",
            "remove it from the release, or record the waiver: `relplan waive`",
        );
    }
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
