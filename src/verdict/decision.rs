//! From gates to the decision, and the smallest change that would turn it.
//!
//! Here a check is no more than how it stands, so that what follows from checks can be proved by trying every
//! change to every check.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Verdict;

/// How a check stands, as far as a gate cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckState {
    /// It holds.
    Met,
    /// It holds with something to see to, or somebody who is named accepts that it does not.
    Accepted,
    /// It does not hold, or nobody knows.
    Open,
}

impl From<Verdict> for CheckState {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => CheckState::Met,
            Verdict::Waived | Verdict::Warn => CheckState::Accepted,
            Verdict::Stale | Verdict::Unknown | Verdict::Fail => CheckState::Open,
        }
    }
}

/// The status of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateStatus {
    /// Every check holds.
    Pass,
    /// Only non-blocking checks are open, or something was accepted.
    Conditional,
    /// A blocking check is not met.
    Fail,
}

/// Whether a release may ship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It may.
    Go,
    /// It may, with accepted risks or open conditions.
    ConditionalGo,
    /// It may not.
    NoGo,
}

impl GateStatus {
    /// As people call it.
    pub fn word(self) -> &'static str {
        match self {
            GateStatus::Pass => "PASS",
            GateStatus::Conditional => "CONDITIONAL",
            GateStatus::Fail => "FAIL",
        }
    }
}

impl Decision {
    /// As people call it.
    pub fn word(self) -> &'static str {
        match self {
            Decision::Go => "GO",
            Decision::ConditionalGo => "CONDITIONAL GO",
            Decision::NoGo => "NO-GO",
        }
    }
}

/// A gate, reduced to which checks it has.
#[derive(Debug, Clone, Default)]
pub struct GateShape {
    /// Its checks, by position, and whether each blocks.
    pub checks: Vec<(usize, bool)>,
    /// The gates that must have been passed before, by position.
    pub after: Vec<usize>,
    /// Whether the release is decided here.
    pub decides: bool,
}

/// How a gate stands: as badly as the worst of its checks and of the gates before it. A gate without a
/// blocking check could not fail, so that it never passes.
pub fn status(gates: &[GateShape], gate: usize, checks: &[CheckState]) -> GateStatus {
    if !can_fail(gates, gate) {
        return GateStatus::Fail;
    }
    let reached = reach(gates, gate);
    let state = |(check, blocking): &(usize, bool)| match (checks[*check], blocking) {
        (CheckState::Met, _) => GateStatus::Pass,
        (CheckState::Open, true) => GateStatus::Fail,
        (CheckState::Accepted, _) | (CheckState::Open, false) => GateStatus::Conditional,
    };
    reached.iter().map(state).max().unwrap_or(GateStatus::Fail)
}

/// Whether a gate and every gate before it has a check that blocks, of its own or of a gate before it.
fn can_fail(gates: &[GateShape], gate: usize) -> bool {
    let blocks = |gate: usize| reach(gates, gate).iter().any(|(_, blocking)| *blocking);
    before(gates, gate).into_iter().all(blocks)
}

/// The gates that the decision depends on: those that decide, and those that they wait for.
pub(super) fn required(gates: &[GateShape]) -> Vec<usize> {
    let deciding = (0..gates.len()).filter(|gate| gates[*gate].decides);
    deciding.flat_map(|gate| before(gates, gate)).collect()
}

/// A gate, and every gate that must have been passed before.
pub(super) fn before(gates: &[GateShape], gate: usize) -> Vec<usize> {
    let mut found = vec![gate];
    let mut at = 0;
    while let Some(gate) = found.get(at) {
        for before in gates.get(*gate).map(|gate| gate.after.as_slice()).unwrap_or_default() {
            if !found.contains(before) {
                found.push(*before);
            }
        }
        at += 1;
    }
    found
}

/// Every check of a gate and of the gates before it. One that blocks anywhere blocks.
pub(super) fn reach(gates: &[GateShape], gate: usize) -> Vec<(usize, bool)> {
    let gates = before(gates, gate).into_iter().filter_map(|gate| gates.get(gate));
    let mut found: Vec<(usize, bool)> = gates.flat_map(|gate| gate.checks.iter().copied()).collect();
    found.sort_unstable_by_key(|(check, blocking)| (*check, std::cmp::Reverse(*blocking)));
    found.dedup_by_key(|(check, _)| *check);
    found
}

/// Whether the release may ship: as the worst of the gates that decide says. Where none decides, nothing may.
pub fn decide(gates: &[GateShape], checks: &[CheckState]) -> Decision {
    let deciding = (0..gates.len()).filter(|gate| gates[*gate].decides);
    match deciding.map(|gate| status(gates, gate, checks)).max() {
        Some(GateStatus::Pass) => Decision::Go,
        Some(GateStatus::Conditional) => Decision::ConditionalGo,
        Some(GateStatus::Fail) | None => Decision::NoGo,
    }
}

/// A smallest set of checks whose change turns the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionChange {
    /// The checks, by position.
    pub checks: Vec<usize>,
    /// What each of them would have to become.
    pub state: CheckState,
    /// What the decision would be then.
    pub decision: Decision,
}

/// Every check that has a say in the decision. One that blocks at any of the deciding gates blocks.
pub fn deciding(gates: &[GateShape]) -> Vec<(usize, bool)> {
    let mut all: Vec<(usize, bool)> =
        (0..gates.len()).filter(|gate| gates[*gate].decides).flat_map(|gate| reach(gates, gate)).collect();
    all.sort_unstable_by_key(|(check, blocking)| (*check, std::cmp::Reverse(*blocking)));
    all.dedup_by_key(|(check, _)| *check);
    all
}

/// A smallest set of checks whose change turns the decision, and of several such sets one that turns it to the
/// better; nothing if no change does. `doubt` says how little a check can be relied on: where any single one
/// would do, the most doubtful is named.
///
/// The decision gets better only if every check that keeps it where it is changes, so that they are one set; it
/// gets worse by any one check.
pub fn flip(
    gates: &[GateShape],
    checks: &[CheckState],
    doubt: impl Fn(usize) -> u32,
) -> Option<DecisionChange> {
    let now = decide(gates, checks);
    let deciding = deciding(gates);
    let keeps = |(check, blocking): &&(usize, bool)| match now {
        Decision::NoGo => *blocking && checks[*check] == CheckState::Open,
        Decision::ConditionalGo => checks[*check] != CheckState::Met,
        Decision::Go => false,
    };
    let better: Vec<usize> = deciding.iter().filter(keeps).map(|(check, _)| *check).collect();
    let worse =
        deciding.iter().max_by_key(|(check, blocking)| (*blocking, doubt(*check), std::cmp::Reverse(*check)));
    let worse = worse.filter(|_| now != Decision::NoGo).map(|(check, _)| vec![*check]);
    let candidates =
        [(!better.is_empty()).then_some((better, CheckState::Met)), worse.map(|one| (one, CheckState::Open))];
    let turned = candidates.into_iter().flatten().filter_map(|(changed, state)| {
        let mut checks = checks.to_vec();
        changed.iter().for_each(|check| checks[*check] = state);
        let decision = decide(gates, &checks);
        (decision != now).then_some(DecisionChange { checks: changed, state, decision })
    });
    turned.min_by_key(|flip| flip.checks.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHECK_STATES: [CheckState; 3] = [CheckState::Met, CheckState::Accepted, CheckState::Open];

    fn plan() -> impl Strategy<Value = (Vec<GateShape>, Vec<CheckState>)> {
        (1..=6_usize).prop_flat_map(|count| {
            let states = prop::collection::vec(prop::sample::select(CHECK_STATES.to_vec()), count);
            (gates(count, 0..=count), states)
        })
    }

    fn gates(count: usize, size: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<GateShape>> {
        let gate = (
            prop::collection::vec((0..count, any::<bool>()), size),
            prop::collection::vec(0..4_usize, 0..2),
            any::<bool>(),
        );
        let gate = gate.prop_map(|(checks, after, decides)| GateShape { checks, after, decides });
        prop::collection::vec(gate, 1..=4)
    }

    /// The size of the smallest change that turns the decision, by trying every change.
    fn smallest(gates: &[GateShape], checks: &[CheckState]) -> Option<usize> {
        let now = decide(gates, checks);
        let mut smallest: Option<usize> = None;
        for mut number in 0..3_usize.pow(u32::try_from(checks.len()).expect("few checks")) {
            let mut changed = Vec::with_capacity(checks.len());
            for _ in checks {
                changed.push(CHECK_STATES[number % 3]);
                number /= 3;
            }
            let differ = changed.iter().zip(checks).filter(|(new, old)| new != old).count();
            if decide(gates, &changed) != now {
                smallest = Some(smallest.map_or(differ, |known| known.min(differ)));
            }
        }
        smallest
    }

    /// The same for many checks: every set of checks, each set to holding or to open.
    fn smallest_of_two(gates: &[GateShape], checks: &[CheckState]) -> Option<usize> {
        let now = decide(gates, checks);
        let turned = (1..1_u32 << checks.len()).filter(|set| {
            [CheckState::Met, CheckState::Open].into_iter().any(|state| {
                let new = |(at, old): (usize, &CheckState)| if set >> at & 1 == 1 { state } else { *old };
                decide(gates, &checks.iter().enumerate().map(new).collect::<Vec<_>>()) != now
            })
        });
        turned.map(|set| set.count_ones() as usize).min()
    }

    fn turns(gates: &[GateShape], checks: &[CheckState], found: &DecisionChange) -> bool {
        let mut changed = checks.to_vec();
        found.checks.iter().for_each(|check| changed[*check] = found.state);
        decide(gates, &changed) == found.decision && found.decision != decide(gates, checks)
    }

    proptest! {
        #[test]
        fn the_flip_set_turns_the_decision_and_no_smaller_change_does((gates, checks) in plan()) {
            let found = flip(&gates, &checks, |_| 0);
            prop_assert_eq!(found.as_ref().map(|found| found.checks.len()), smallest(&gates, &checks));
            if let Some(found) = found {
                prop_assert!(turns(&gates, &checks, &found));
            }
        }

        #[test]
        fn so_it_is_with_twelve_checks(
            gates in gates(12, 8..=12),
            checks in prop::collection::vec(prop::sample::select(CHECK_STATES.to_vec()), 12),
        ) {
            let found = flip(&gates, &checks, |_| 0);
            prop_assert_eq!(found.as_ref().map(|found| found.checks.len()), smallest_of_two(&gates, &checks));
        }

        #[test]
        fn a_check_that_gets_worse_never_makes_the_decision_better(
            (gates, checks) in plan(),
            at in any::<prop::sample::Index>(),
        ) {
            let mut worse = checks.clone();
            *at.get_mut(&mut worse[..]) = CheckState::Open;
            prop_assert!(decide(&gates, &worse) >= decide(&gates, &checks));
        }
    }

    #[test]
    fn a_gate_that_could_not_fail_does_not_pass() {
        let gate =
            |checks: &[(usize, bool)]| GateShape { checks: checks.into(), after: vec![], decides: true };
        assert_eq!(decide(&[], &[]), Decision::NoGo);
        assert_eq!(decide(&[gate(&[])], &[]), Decision::NoGo);
        assert_eq!(decide(&[gate(&[(0, false)])], &[CheckState::Met]), Decision::NoGo);
        assert_eq!(decide(&[gate(&[(0, true)])], &[CheckState::Met]), Decision::Go);
        assert_eq!(
            decide(&[GateShape { decides: false, ..gate(&[(0, true)]) }], &[CheckState::Met]),
            Decision::NoGo
        );
    }
}
