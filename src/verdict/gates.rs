//! Gates, judged: what each asks for, and how that stands.

mod plan;
mod reason;
mod soundness;

use chrono::NaiveDate;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::check::{Check, CheckKind, Judged};
use super::decision::{self, CheckState, GateShape, GateStatus};
use super::evidence_requirement::RequirementSubject;
use super::judgement::Judgement;
use super::{Judge, Verdict};
use crate::config::{Gate, GateCriterion, gates as chain};
use crate::model::rel::RelType;
use crate::model::{EntryIndex, Kind, id, same_folded};

pub use reason::{DisabledGate, disabled_gates};
pub use soundness::Soundness;

/// A gate, judged.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JudgedGate {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Whether the release is decided here.
    pub decides: bool,
    /// Whether the decision depends on it: it decides, or a gate that does waits for it.
    pub required: bool,
    /// Its status.
    pub status: GateStatus,
    /// The reasons for its status: its blockers, and those of the gates before it.
    pub reason: String,
    /// The day on which it must be passed, if a milestone of the release says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// Its criteria; the approvals are last.
    pub criteria: Vec<JudgedCriterion>,
    /// The gates that must pass before, each with its status.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<PrecedingGate>,
}

/// A gate before another.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PrecedingGate {
    /// Its name.
    pub name: String,
    /// Its status.
    pub status: GateStatus,
}

/// One thing that a gate asks for, judged.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JudgedCriterion {
    /// Its name.
    pub name: String,
    /// Which entries it chooses, in words; absent if it rests on facts alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chooses: Option<String>,
    /// The worst of its checks.
    pub verdict: Verdict,
    /// Whether the gate stays closed without it.
    pub blocking: bool,
    /// How many entries it looked at.
    pub entries: usize,
    /// Its checks, by id; `checks` holds them.
    pub checks: Vec<String>,
    #[serde(skip)]
    positions: Vec<(usize, bool)>,
}

/// What a check is that is no entry's. The kind belongs to it: a criterion may be called like a role, and proves
/// nobody's approval.
type Key = (CheckKind, String);

/// How many entries are judged in one go: fewer are judged before another thread wakes up.
const AT_ONCE: usize = 128;

/// The checks of a judgement while it is made.
#[derive(Default)]
pub(super) struct CheckTable {
    checks: Vec<Check>,
    by_key: FxHashMap<Key, usize>,
    by_entry: FxHashMap<EntryIndex, usize>,
}

impl CheckTable {
    /// Whether a check blocks.
    pub(super) fn is_blocking(&self, at: usize) -> bool {
        self.checks.get(at).is_some_and(|check| check.blocking)
    }

    /// Puts a check in place of another.
    pub(super) fn change(&mut self, at: usize, change: impl FnOnce(Check) -> Check) {
        if let Some(check) = self.checks.get_mut(at) {
            *check = change(check.clone());
        }
    }

    /// The position of the check of an entry, once it was judged.
    pub(super) fn of_entry(&self, index: EntryIndex) -> Option<usize> {
        self.by_entry.get(&index).copied()
    }

    /// The position of a check that may be there already.
    pub(super) fn put(&mut self, key: Key, make: impl FnOnce() -> Check) -> usize {
        if let Some(at) = self.by_key.get(&key) {
            return *at;
        }
        self.checks.push(make());
        self.by_key.insert(key, self.checks.len() - 1);
        self.checks.len() - 1
    }
}

impl Judge<'_> {
    /// Judges gates.
    pub fn judge_gates(&self, gates: &[&Gate], soundness: &Soundness) -> Judgement {
        let mut table = CheckTable::default();
        // Whatever the checklist has judged already, a gate sees in the same way.
        let mut known: Vec<Check> = self.checks();
        known.retain(|check| check.kind != CheckKind::Validation);
        let listed = known.len();
        for check in known {
            let entry = id::parse(&check.id).ok().and_then(|id| self.basis.plan.find(id));
            table.by_entry.extend(entry.map(|entry| (entry, table.checks.len())));
            table.checks.push(check);
        }
        self.look_at_deliverable_gates(&mut table);
        let mut judged: Vec<JudgedGate> =
            gates.iter().map(|gate| self.judge_gate(gate, soundness, &mut table)).collect();
        let shapes: Vec<GateShape> =
            gates.iter().zip(&judged).map(|(gate, judged)| self.shape(gate, judged, gates)).collect();
        let states: Vec<CheckState> = table.checks.iter().map(|check| check.verdict.into()).collect();
        let statuses: Vec<GateStatus> =
            (0..gates.len()).map(|gate| decision::status(&shapes, gate, &states)).collect();
        let required = decision::required(&shapes);
        for (gate, judged) in judged.iter_mut().enumerate() {
            judged.status = statuses[gate];
            judged.required = required.contains(&gate);
            let before = |at: &usize| PrecedingGate { name: gates[*at].name.clone(), status: statuses[*at] };
            judged.after = shapes[gate].after.iter().map(before).collect();
        }
        let reasons: Vec<String> =
            (0..gates.len()).map(|gate| reason::reason(&judged, &shapes, &table.checks, gate)).collect();
        judged.iter_mut().zip(reasons).for_each(|(gate, reason)| gate.reason = reason);
        Judgement { gates: judged, checks: table.checks, shapes, listed }
    }

    /// The gates that the release goes through.
    pub fn gates(&self) -> Vec<&Gate> {
        chain::of_type(&self.basis.config.gates, self.release_type())
    }

    /// The type of the release that is judged, if it is one and its type is known.
    pub fn release_type(&self) -> Option<RelType> {
        match &self.basis.plan.entry(self.release?).kind {
            Kind::Rel(rel) => rel.rel_type(),
            _ => None,
        }
    }

    fn judge_gate(&self, gate: &Gate, soundness: &Soundness, table: &mut CheckTable) -> JudgedGate {
        let criteria = match self.disabled(gate, table) {
            Some(disabled) => vec![disabled],
            None => self.judge_criteria(gate, soundness, table),
        };
        JudgedGate {
            name: gate.name.clone(),
            title: gate.title.clone(),
            decides: gate.decides,
            required: gate.decides,
            status: GateStatus::Fail,
            reason: String::new(),
            due: None,
            criteria,
            after: Vec::new(),
        }
    }

    /// Everything that a gate asks for.
    fn judge_criteria(
        &self,
        gate: &Gate,
        soundness: &Soundness,
        table: &mut CheckTable,
    ) -> Vec<JudgedCriterion> {
        let mut criteria = Vec::from_iter(self.plan_is_complete(table));
        if gate.decides {
            criteria.push(self.plan_is_sound(soundness, table));
            criteria.extend(self.work_tree_is_clean(table));
            criteria.extend(self.skipped(gate, table));
        }
        criteria
            .extend(gate.criteria.iter().map(|criterion| self.judge_criterion_of(gate, criterion, table)));
        if gate.decides {
            criteria.extend(self.judge_unmatched_failures(gate, table));
            criteria.extend(self.judge_deliverables(table));
        }
        criteria.extend(self.judge_approvals(gate, table));
        if gate.decides {
            // That the plan is complete and sound shows nothing of the release.
            let of_plan = |criterion: &&JudgedCriterion| {
                let mut positions = criterion.positions.iter();
                positions.any(|(at, _)| table.checks[*at].kind == CheckKind::Plan)
            };
            let asks = criteria.iter().filter(|own| !of_plan(own)).any(|criterion| criterion.blocking);
            if !asks && chain::earlier(&self.basis.config.gates, gate).is_empty() {
                criteria.push(self.nothing_asked(gate, table));
            }
            criteria.extend(self.judge_follow_ups(table));
        }
        criteria
    }

    /// A gate that nothing could keep closed says nothing by standing open.
    fn nothing_asked(&self, gate: &Gate, table: &mut CheckTable) -> JudgedCriterion {
        const NAME: &str = "The gate has checks";
        let id = format!("{}/{NAME}", gate.name);
        let make = || {
            let judged = Judged::new(
                Verdict::Unknown,
                format!("no check of the gate {} can fail", gate.name),
                "add a blocking criterion that selects entries",
            );
            // Nobody can waive that there is nothing to waive.
            Check::of_gate(id.clone(), CheckKind::Gate, NAME, judged)
        };
        let at = table.put((CheckKind::Gate, id.clone()), make);
        criterion(NAME, None, vec![(at, true)], 0, table)
    }

    fn judge_criterion_of(
        &self,
        gate: &Gate,
        asked: &GateCriterion,
        table: &mut CheckTable,
    ) -> JudgedCriterion {
        let chosen = self.chosen(asked);
        let key = format!("{}/{}", gate.name, asked.name.value);
        let mut positions = Vec::new();
        if let Some(requirement) = &asked.evidence_requirement {
            let tests = if asked.from.is_empty() { self.all_tests() } else { self.tests_of(&chosen) };
            let (counts, absent): (Vec<usize>, Vec<Vec<String>>) =
                chosen.iter().map(|index| self.missing_tests(*index)).unzip();
            let (missing, absent) = (counts.iter().sum(), absent.concat());
            let make = || {
                let proven = self.prove(
                    requirement,
                    RequirementSubject { tests: &tests, missing, absent: &absent, entry: None },
                );
                let proof = self.proof_of(&proven);
                let check = Check::of_gate(key.clone(), CheckKind::Gate, &asked.name.value, proven.judged);
                self.settled(Check { proof, ..check })
            };
            positions.push((table.put((CheckKind::Gate, key.clone()), make), asked.blocking));
        } else {
            self.look_at_all(&chosen, table);
            for at in chosen.iter().filter_map(|index| table.by_entry.get(index).copied()) {
                let blocking = asked.blocking && table.checks[at].blocking;
                positions.push((at, blocking));
            }
        }
        if chosen.len() < asked.min && !asked.from.is_empty() {
            // What the criterion demands has its name already.
            let id = if asked.evidence_requirement.is_some() { format!("{key}/entries") } else { key };
            let at = table.put((CheckKind::Gate, id.clone()), || self.too_few(&id, asked, chosen.len()));
            positions.push((at, asked.blocking));
        }
        let chooses = (!asked.from.is_empty()).then(|| asked.in_words());
        criterion(&asked.name.value, chooses, positions, chosen.len(), table)
    }

    /// A choice that found nothing proves nothing.
    fn too_few(&self, key: &str, asked: &GateCriterion, found: usize) -> Check {
        let what = asked.in_words();
        let reason = match found {
            0 => format!("no {what}"),
            found => format!("{found} of {} required {what}", asked.min),
        };
        let next = match (&asked.context, asked.built_in) {
            (Some(context), _) => format!("add the entries: the release context, {context}, requires them"),
            (None, true) => "add the entries, or change the gate in relplan.toml".to_owned(),
            (None, false) => "add the entries, or change the criterion in relplan.toml".to_owned(),
        };
        let judged = Judged::new(Verdict::Unknown, reason, next);
        self.check_of(key.to_owned(), CheckKind::Gate, &asked.name.value, judged)
    }

    /// The entries of the selection that a criterion chooses.
    fn chosen(&self, asked: &GateCriterion) -> Vec<EntryIndex> {
        if asked.from.is_empty() {
            return Vec::new();
        }
        let plan = self.basis.plan;
        let settled = |index: EntryIndex| match &plan.entry(index).kind {
            // Only high risks, and those of which nobody can say whether they are high, are checks.
            Kind::Risk(risk) => super::checks::is_settled(risk),
            Kind::Epic(_) => self.is_excluded(index),
            _ => false,
        };
        let fits = |(index, entry): &(EntryIndex, &crate::model::Entry<'_>)| {
            self.selection.has(*index)
                && plan.find(entry.id.value) == Some(*index)
                && asked.chooses(entry)
                && !settled(*index)
        };
        let mut chosen: Vec<EntryIndex> = plan.indexed().filter(fits).map(|(index, _)| index).collect();
        chosen.sort_by_key(|index| plan.entry(*index).id.value);
        chosen
    }

    /// Judges those of some entries that were not judged yet, side by side.
    pub(super) fn look_at_all(&self, entries: &[EntryIndex], table: &mut CheckTable) {
        let new = |index: &&EntryIndex| !table.by_entry.contains_key(*index);
        let new: Vec<EntryIndex> = entries.iter().filter(new).copied().collect();
        let look_at = |index: &EntryIndex| self.settled(self.look_at(*index));
        let checks: Vec<Check> = new.par_iter().with_min_len(AT_ONCE).map(look_at).collect();
        table.by_entry.extend(new.into_iter().zip(table.checks.len()..));
        table.checks.extend(checks);
    }

    /// Every test of the selection.
    pub(super) fn all_tests(&self) -> Vec<EntryIndex> {
        let plan = self.basis.plan;
        let tests = plan.indexed().filter(|(index, entry)| {
            matches!(entry.kind, Kind::Test(_))
                && self.selection.has(*index)
                && plan.find(entry.id.value) == Some(*index)
        });
        tests.map(|(index, _)| index).collect()
    }

    /// The tests among some entries, and those that are linked to the others.
    fn tests_of(&self, chosen: &[EntryIndex]) -> Vec<EntryIndex> {
        let mut tests = Vec::new();
        for index in chosen {
            match &self.basis.plan.entry(*index).kind {
                Kind::Test(_) => tests.push(*index),
                _ => tests.extend(self.linked_tests(*index)),
            }
        }
        tests.sort_unstable();
        tests.dedup();
        tests
    }

    /// The approvals of a gate; at one that decides also those that the release and the profile ask for. All of
    /// them are asked at once, so that nobody serves two roles.
    fn judge_approvals(&self, gate: &Gate, table: &mut CheckTable) -> Option<JudgedCriterion> {
        let roster = self.context.roster();
        let mut required: Vec<String> = Vec::new();
        let of_gate = gate.approvals.iter().map(|role| role.value.clone());
        let of_profile = self.basis.profile.approvals.iter().filter(|_| gate.decides).cloned();
        let of_release = self.release_roles(gate).into_iter();
        for text in of_gate.chain(of_profile).chain(of_release) {
            for role in super::approval::roles(&text, roster) {
                if !required.iter().any(|known| same_folded(known, &role)) {
                    required.push(role);
                }
            }
        }
        let nameless = self.nameless_approvals(gate, table);
        if required.is_empty() && nameless.is_none() {
            return None;
        }
        let statuses = self.approvals_of(&required, Some(&gate.name));
        let mut positions = Vec::from_iter(nameless.map(|at| (at, true)));
        for status in &statuses {
            let key = format!("{}/{}", gate.name, status.role);
            let make = || {
                let judged = self.judge_signature(status, &self.approval_due(status));
                let proof = self.proof_of_signature(status);
                let title = format!("Approval of {}: {}", gate.title, status.role);
                let owner = Some(status.role.clone());
                Check { owner, proof, ..self.check_of(key.clone(), CheckKind::Approval, &title, judged) }
            };
            positions.push((table.put((CheckKind::Approval, key.clone()), make), true));
        }
        let count = positions.len();
        Some(criterion("Approvals are given", None, positions, count, table))
    }

    /// That the release asks for approvals and does not say in which role, if it does.
    fn nameless_approvals(&self, gate: &Gate, table: &mut CheckTable) -> Option<usize> {
        let release = self.basis.plan.entry(self.release.filter(|_| gate.decides)?);
        let Kind::Rel(rel) = &release.kind else { return None };
        let says = |role: &crate::model::Text<'_>| !role.value.trim().is_empty();
        rel.approvals.iter().find(|approval| !approval.role.as_ref().is_some_and(says))?;
        let id = format!("{}/no role", gate.name);
        let make = || {
            let reason = format!("{} requires an approval without a role", release.id.value);
            let judged = Judged::new(Verdict::Unknown, reason, "add `role`");
            let title = format!("Approval of {}: no role", gate.title);
            self.check_of(id.clone(), CheckKind::Approval, &title, judged)
        };
        Some(table.put((CheckKind::Approval, id.clone()), make))
    }

    /// The roles that the release itself asks for: at a gate that decides, all that are not another gate's.
    fn release_roles(&self, gate: &Gate) -> Vec<String> {
        let Some(release) = self.release else { return Vec::new() };
        let Kind::Rel(rel) = &self.basis.plan.entry(release).kind else { return Vec::new() };
        let asked = rel.approvals.iter().filter(|approval| match &approval.gate {
            // An approval for a gate that has no say in the decision is asked for all the same.
            Some(own) if self.has_say(own.value.trim()) => same_folded(own.value.trim(), &gate.name),
            _ => gate.decides,
        });
        let roles = asked.filter_map(|approval| approval.role.as_ref());
        // A change that is no standard change is approved by its board.
        let board = rel.operations.as_ref().and_then(|operations| operations.board());
        let board = board.filter(|_| gate.decides);
        roles.chain(board).map(|role| role.value.trim().to_owned()).collect()
    }

    /// Whether the decision depends on a gate.
    fn has_say(&self, name: &str) -> bool {
        let all = &self.basis.config.gates;
        let gates = self.gates();
        let deciding = gates.iter().filter(|gate| gate.decides && gate.disabled.is_none());
        let mut reached = deciding.flat_map(|gate| chain::with_those_before(all, gate));
        reached.any(|gate| same_folded(&gate.name, name))
    }

    fn shape(&self, gate: &Gate, judged: &JudgedGate, gates: &[&Gate]) -> GateShape {
        let before = match gate.disabled {
            Some(_) => Vec::new(),
            None => chain::earlier(&self.basis.config.gates, gate),
        };
        let position = |before: &Gate| gates.iter().position(|gate| gate.name == before.name);
        GateShape {
            checks: judged
                .criteria
                .iter()
                .flat_map(|criterion| criterion.positions.iter().copied())
                .collect(),
            after: before.into_iter().filter_map(position).collect(),
            decides: gate.decides,
        }
    }

    /// A check that is no entry's.
    pub(super) fn check_of(&self, id: String, kind: CheckKind, title: &str, judged: Judged) -> Check {
        self.waived_by_record(Check::of_gate(id, kind, title, judged))
    }
}

pub(super) fn criterion(
    name: &str,
    chooses: Option<String>,
    mut positions: Vec<(usize, bool)>,
    entries: usize,
    table: &CheckTable,
) -> JudgedCriterion {
    positions.sort_by_cached_key(|(at, blocking)| {
        let check = &table.checks[*at];
        (std::cmp::Reverse(*blocking), std::cmp::Reverse(check.verdict))
    });
    let verdicts = positions.iter().map(|(at, _)| table.checks[*at].verdict);
    JudgedCriterion {
        name: name.to_owned(),
        chooses,
        // Where nothing is asked for, nothing is open.
        verdict: verdicts.max().unwrap_or(Verdict::Pass),
        blocking: positions.iter().any(|(_, blocking)| *blocking),
        entries,
        checks: positions.iter().map(|(at, _)| table.checks[*at].id.clone()).collect(),
        positions,
    }
}
