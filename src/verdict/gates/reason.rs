//! Why a gate stands as it does, in a few words that name the earlier gates, and the gates that are disabled.

use schemars::JsonSchema;
use serde::Serialize;

use super::{CheckTable, JudgedCriterion, JudgedGate, criterion, decision};
use crate::config::{Gate, gates};
use crate::source::{SourceMap, Span};
use crate::verdict::check::{CheckKind, Judged};
use crate::verdict::decision::{GateShape, GateStatus};
use crate::verdict::{Check, Judge, Verdict};

/// A gate that `relplan.toml` disables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DisabledGate {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Whether releases are decided there.
    pub decides: bool,
    /// Where it is disabled: file and line.
    pub place: String,
}

/// The gates that are disabled, in their order.
pub fn disabled_gates(gates: &[Gate], sources: &SourceMap) -> Vec<DisabledGate> {
    let disabled = gates.iter().filter_map(|gate| {
        Some(DisabledGate {
            name: gate.name.clone(),
            title: gate.title.clone(),
            decides: gate.decides,
            place: place(gate.disabled?, sources),
        })
    });
    disabled.collect()
}

fn place(span: Span, sources: &SourceMap) -> String {
    format!("{}:{}", sources.file(span.file).name(), sources.start(span).line)
}

impl Judge<'_> {
    /// What a disabled gate asks for that decides: that it is enabled. Whoever switches off the decision has not made
    /// it.
    pub(super) fn disabled(&self, gate: &Gate, table: &mut CheckTable) -> Option<JudgedCriterion> {
        const NAME: &str = "The gate is enabled";
        let place = place(gate.disabled?, self.basis.sources);
        let id = format!("{}/{NAME}", gate.name);
        let make = || {
            let judged = Judged::new(
                Verdict::Unknown,
                format!("gate `{}` decides about the release and is disabled in {place}", gate.name),
                format!(
                    "enable it, or let another gate decide: add `decides = false` to `[gates.{}]` and `decides = true` \
                     to the other",
                    gate.name
                ),
            );
            Check::of_gate(id.clone(), CheckKind::Gate, NAME, judged)
        };
        let at = table.put((CheckKind::Gate, id.clone()), make);
        Some(criterion(NAME, None, vec![(at, true)], 0, table))
    }

    /// That no built-in gate is skipped: `after` changes the order of gates, and only `enabled = false` drops one.
    pub(super) fn skipped(&self, gate: &Gate, table: &mut CheckTable) -> Option<JudgedCriterion> {
        const NAME: &str = "No gate is skipped";
        let skipped = gates::skipped(&self.basis.config.gates, gate).filter(|skipped| !skipped.replaced)?;
        let names: Vec<String> = skipped.names.iter().map(|name| format!("`{name}`")).collect();
        let id = format!("{}/{NAME}", gate.name);
        let make = || {
            let judged = Judged::new(
                Verdict::Unknown,
                format!("`{}` does not wait for {}", gate.name, names.join(", ")),
                "add what is missing to `after` in relplan.toml, or disable it: `enabled = false`",
            );
            Check::of_gate(id.clone(), CheckKind::Gate, NAME, judged)
        };
        let at = table.put((CheckKind::Gate, id.clone()), make);
        Some(criterion(NAME, None, vec![(at, true)], 0, table))
    }
}

/// Why the gate at `at` stands as it does: how many checks of its own and of the gates before it are open, and which of
/// these gates have some.
pub(super) fn reason(gates: &[JudgedGate], shapes: &[GateShape], checks: &[Check], at: usize) -> String {
    let status = gates[at].status;
    let is_open = |(check, blocking): &(usize, bool)| {
        let verdict = checks[*check].verdict;
        match status {
            GateStatus::Fail => verdict.is_blocker(*blocking),
            GateStatus::Conditional => verdict != Verdict::Pass,
            GateStatus::Pass => true,
        }
    };
    let open = decision::reach(shapes, at).iter().filter(|check| is_open(check)).count();
    let (one, many) = match status {
        GateStatus::Pass => ("check passes", "checks pass"),
        GateStatus::Conditional => ("check does not pass", "checks do not pass"),
        GateStatus::Fail => ("blocker", "blockers"),
    };
    let words = count(open, one, many);
    let mut earlier = decision::before(shapes, at).split_off(1);
    earlier.retain(|before| status != GateStatus::Pass && shapes[*before].checks.iter().any(is_open));
    let names: Vec<String> =
        earlier.iter().rev().map(|before| format!("`{}`", gates[*before].name)).collect();
    let earlier = if status == GateStatus::Fail { "not passed" } else { "with conditions" };
    match (names.len(), open) {
        // A gate that could not fail does not pass.
        (_, 0) => "no check that blocks is asked for".to_owned(),
        (0, _) => words,
        (1, _) => format!("{words}; earlier gate {earlier}: {}", names[0]),
        _ => format!("{words}; earlier gates {earlier}: {}", names.join(", ")),
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    }
}
