//! What follows from gates that were judged: the decision, how much of it rests on proof, and what would turn it.

use schemars::JsonSchema;
use serde::Serialize;

use super::decision::{self, CheckState, Decision, GateShape};
use super::gates::JudgedGate;
use super::{Check, ProofKind, Verdict};

/// Every gate, judged, and what follows.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The gates, in their order.
    pub gates: Vec<JudgedGate>,
    /// Every check of every gate, each once.
    pub checks: Vec<Check>,
    pub(super) shapes: Vec<GateShape>,
    /// How many checks, the first ones, are of entries that a checklist lists whether a gate asks for them or not.
    pub(super) listed: usize,
}

/// How much of what decides rests on fresh proof.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Confidence {
    /// The share in per cent; absent if there is nothing to weigh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// How many checks were weighed.
    pub checks: usize,
    /// How many of them relplan checked itself, without a report.
    pub checked_by_relplan: usize,
    /// How many a report proves.
    pub reported: usize,
    /// How many somebody who is named signed.
    pub attested: usize,
    /// How many are merely stated.
    pub asserted: usize,
    /// How many rest on nothing, or on nothing fresh.
    pub without: usize,
}

impl Confidence {
    /// The count that a check with such a proof belongs to.
    fn of(&mut self, kind: ProofKind) -> &mut usize {
        match kind {
            ProofKind::CheckedByRelplan => &mut self.checked_by_relplan,
            ProofKind::Reported => &mut self.reported,
            ProofKind::Signed | ProofKind::Attested => &mut self.attested,
            ProofKind::Asserted | ProofKind::Link => &mut self.asserted,
            ProofKind::None => &mut self.without,
        }
    }
}

/// How much a check weighs in the confidence, against one that does not block.
const WEIGHT_OF_BLOCKING: f64 = 3.0;

/// The smallest change that would turn the decision.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ShortestPath {
    /// The checks, by id.
    pub checks: Vec<String>,
    /// Whether they would have to be met, or to be open.
    pub to_hold: bool,
    /// What the decision would be then.
    pub decision: Decision,
    /// How many checks could turn it alone, if one is enough.
    pub alternatives: usize,
}

impl Judgement {
    /// Whether the release may ship.
    pub fn decision(&self) -> Decision {
        decision::decide(&self.shapes, &self.states())
    }

    fn states(&self) -> Vec<CheckState> {
        self.checks.iter().map(|check| check.verdict.into()).collect()
    }

    /// The checks that have a say in the decision, and whether each blocks.
    pub fn deciding(&self) -> impl Iterator<Item = (&Check, bool)> {
        decision::deciding(&self.shapes).into_iter().map(|(at, blocking)| (&self.checks[at], blocking))
    }

    /// The blockers: every check that blocks the decision and does not hold, the worst first. The one definition for
    /// report, gate, checklist and plan; a check with a warning is none.
    pub fn blockers(&self) -> Vec<&Check> {
        self.open(&decision::deciding(&self.shapes))
    }

    /// The blockers of one gate, by position, and of the gates that it waits for.
    pub fn blockers_of(&self, gate: usize) -> Vec<&Check> {
        self.open(&decision::reach(&self.shapes, gate))
    }

    fn open(&self, asked: &[(usize, bool)]) -> Vec<&Check> {
        let is_open = |(at, blocking): &&(usize, bool)| self.checks[*at].verdict.is_blocker(*blocking);
        let mut open: Vec<&Check> = asked.iter().filter(is_open).map(|(at, _)| &self.checks[*at]).collect();
        open.sort_by_key(|check| std::cmp::Reverse(check.verdict));
        open
    }

    /// Every check that a gate asks for, blocking if it blocks the decision.
    pub fn asked(&self) -> Vec<Check> {
        let blocking = self.blocking(&decision::deciding(&self.shapes));
        self.every_asked().into_iter().map(|at| self.check(at, &blocking)).collect()
    }

    /// Every check of one gate, by position, and of the gates that it waits for, blocking if it blocks that gate.
    pub fn asked_by(&self, gate: usize) -> Vec<Check> {
        let reached = decision::reach(&self.shapes, gate);
        let blocking = self.blocking(&reached);
        // Its own come first.
        let own = self.shapes[gate].checks.iter().map(|(at, _)| *at);
        let mut seen = rustc_hash::FxHashSet::default();
        let all = own.chain(reached.iter().map(|(at, _)| *at)).filter(|at| seen.insert(*at));
        all.map(|at| self.check(at, &blocking)).collect()
    }

    /// The checks of a checklist: everything that the decision depends on, and every other criterion, work package,
    /// risk and environment. The gates that the decision does not depend on ask for nothing here.
    pub(super) fn listed(&self) -> Vec<Check> {
        let deciding = decision::deciding(&self.shapes);
        let blocking = self.blocking(&deciding);
        let others = deciding.iter().map(|(at, _)| *at).filter(|at| *at >= self.listed);
        (0..self.listed).chain(others).map(|at| self.check(at, &blocking)).collect()
    }

    /// Whether it has a check of an entry, whatever the gates ask for.
    pub(super) fn lists_entries(&self) -> bool {
        self.listed > 0
    }

    fn every_asked(&self) -> Vec<usize> {
        let mut all: Vec<usize> =
            self.shapes.iter().flat_map(|shape| shape.checks.iter().map(|(at, _)| *at)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn blocking(&self, asked: &[(usize, bool)]) -> Vec<bool> {
        let mut blocking = vec![false; self.checks.len()];
        asked.iter().for_each(|(at, blocks)| blocking[*at] |= *blocks);
        blocking
    }

    fn check(&self, at: usize, blocking: &[bool]) -> Check {
        Check { blocking: blocking[at], ..self.checks[at].clone() }
    }

    /// How much of what decides rests on fresh proof: `Σ weight·fresh·trust ÷ Σ weight`.
    pub fn confidence(&self) -> Confidence {
        let (mut weight, mut sum) = (0.0, 0.0);
        let mut counts = Confidence {
            percent: None,
            checks: 0,
            checked_by_relplan: 0,
            reported: 0,
            attested: 0,
            asserted: 0,
            without: 0,
        };
        for (check, blocking) in self.deciding() {
            let own = if blocking { WEIGHT_OF_BLOCKING } else { 1.0 };
            let fresh = !matches!(check.verdict, Verdict::Stale | Verdict::Unknown);
            counts.checks += 1;
            weight += own;
            let kind = if fresh { check.proof.kind } else { ProofKind::None };
            sum += own * kind.trust();
            *counts.of(kind) += 1;
        }
        // One decimal, rounded down: a figure must not look better than it is.
        counts.percent = (weight > 0.0).then(|| (1000.0 * sum / weight).floor() / 10.0);
        counts
    }

    /// The smallest change that would turn the decision.
    pub fn shortest_path(&self) -> Option<ShortestPath> {
        let doubt = |at: usize| 10 - (10.0 * self.checks[at].proof.kind.trust()) as u32;
        let flip = decision::flip(&self.shapes, &self.states(), doubt)?;
        let blocking = decision::deciding(&self.shapes).iter().filter(|(_, blocking)| *blocking).count();
        let to_hold = flip.state == CheckState::Met;
        Some(ShortestPath {
            alternatives: if flip.checks.len() == 1 && !to_hold { blocking } else { 1 },
            checks: flip.checks.iter().map(|at| self.checks[*at].id.clone()).collect(),
            to_hold,
            decision: flip.decision,
        })
    }
}
