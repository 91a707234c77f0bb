//! The order of gates: which a gate waits for, and which a release goes through.

use super::Gate;
use crate::model::defect::GateDefect;
use crate::model::reader::nearest_name;
use crate::model::rel::RelType;
use crate::model::same_folded;
use crate::source::{FileId, Span};

/// The gate of a name, in any spelling.
pub fn find<'g>(gates: &'g [Gate], name: &str) -> Option<&'g Gate> {
    gates.iter().find(|gate| same_folded(&gate.name, name))
}

/// The gate that was probably meant.
pub fn near(gates: &[Gate], name: &str) -> Option<String> {
    nearest_name(name, gates.iter().map(|gate| gate.name.as_str())).map(str::to_owned)
}

/// The names of gates, in their order.
pub fn names(gates: &[Gate]) -> Vec<String> {
    gates.iter().map(|gate| gate.name.clone()).collect()
}

/// The gates that are named in `after` of a gate.
fn named<'g>(all: &'g [Gate], gate: &Gate) -> impl Iterator<Item = &'g Gate> {
    gate.after.iter().filter_map(|before| find(all, &before.value))
}

/// Some gates, and every gate behind them.
fn closure<'g>(start: Vec<&'g Gate>, next: impl Fn(&Gate) -> Vec<&'g Gate>) -> Vec<&'g Gate> {
    let mut found = start;
    let mut at = 0;
    while let Some(gate) = found.get(at).copied() {
        for other in next(gate) {
            if !found.iter().any(|known| std::ptr::eq(*known, other)) {
                found.push(other);
            }
        }
        at += 1;
    }
    found
}

/// The gates that a gate waits for directly: in place of a disabled one, those that it waits for itself.
pub fn earlier<'g>(all: &'g [Gate], gate: &Gate) -> Vec<&'g Gate> {
    let through = |gate: &Gate| match gate.disabled {
        Some(_) => named(all, gate).collect(),
        None => Vec::new(),
    };
    let mut found = closure(named(all, gate).collect(), through);
    found.retain(|gate| gate.disabled.is_none());
    found
}

/// A gate, and behind it those that it waits for.
pub fn with_those_before<'g>(all: &'g [Gate], gate: &'g Gate) -> Vec<&'g Gate> {
    closure(vec![gate], |gate| earlier(all, gate))
}

/// The gates that a release of this type goes through, in their order. One that is disabled is none of them, unless the
/// release is decided there: nothing takes the place of its decision.
pub fn of_type(all: &[Gate], rel_type: Option<RelType>) -> Vec<&Gate> {
    let mut gates = on_the_way(all, rel_type);
    gates.retain(|gate| gate.disabled.is_none() || gate.decides);
    gates
}

/// The same with every gate that is disabled.
pub fn on_the_way(all: &[Gate], rel_type: Option<RelType>) -> Vec<&Gate> {
    // A hotfix skips the gates of the long way, unless one of its own waits for them.
    let is_hotfix = rel_type == Some(RelType::Hotfix);
    let own = |gate: &&Gate| gate.is_for(rel_type) && !(is_hotfix && gate.release_types.is_empty());
    let wanted = closure(all.iter().filter(own).collect(), |gate| named(all, gate).collect());
    all.iter().filter(|gate| wanted.iter().any(|wanted| std::ptr::eq(*wanted, *gate))).collect()
}

/// The enabled built-in gates that a deciding gate does not wait for.
#[derive(Debug)]
pub struct Skipped<'g> {
    /// Their names, in their order.
    pub names: Vec<&'g str>,
    /// Whether a gate of the plan's own takes their place.
    pub replaced: bool,
}

/// The built-in gates that `after` takes out of the way to a deciding gate although they are enabled.
pub fn skipped<'g>(all: &'g [Gate], gate: &'g Gate) -> Option<Skipped<'g>> {
    let reached = with_those_before(all, gate);
    let built_in = super::built_in();
    let usual = with_those_before(&built_in, find(&built_in, &gate.name)?);
    let is_skipped = |own: &&Gate| {
        own.disabled.is_none()
            && usual.iter().any(|usual| same_folded(&usual.name, &own.name))
            && !reached.iter().any(|reached| std::ptr::eq(*reached, *own))
    };
    let names: Vec<&str> = all.iter().filter(is_skipped).map(|gate| gate.name.as_str()).collect();
    let replaced = reached.iter().any(|gate| !gate.built_in);
    (gate.decides && gate.disabled.is_none() && !names.is_empty()).then_some(Skipped { names, replaced })
}

/// What is wrong with the order of gates, and where it is written: a gate that does not exist, or a circle.
pub(super) fn problems(gates: &[Gate]) -> Vec<(Span, GateDefect)> {
    let mut problems = Vec::new();
    for gate in gates {
        for before in &gate.after {
            let problem = match find(gates, &before.value) {
                None => GateDefect::Unknown { near: near(gates, &before.value), known: names(gates) },
                Some(other) => match way(gates, other, gate) {
                    Some(way) => GateDefect::Circle { way },
                    None => continue,
                },
            };
            // The built-in order has no circle, so that one of its gates is also changed in relplan.toml.
            if before.span.file != FileId::BUILT_IN {
                problems.push((before.span, problem));
            }
        }
    }
    problems
}

/// The names of the gates from one that is waited for back to the gate that waits, if there is such a way.
fn way(all: &[Gate], from: &Gate, to: &Gate) -> Option<Vec<String>> {
    let mut found: Vec<(&Gate, usize)> = vec![(from, 0)];
    let mut at = 0;
    while let Some((gate, _)) = found.get(at).copied() {
        if std::ptr::eq(gate, to) {
            let mut names = Vec::new();
            while at > 0 {
                names.push(found[at].0.name.clone());
                at = found[at].1;
            }
            names.push(from.name.clone());
            names.push(to.name.clone());
            names.reverse();
            return Some(names);
        }
        for other in named(all, gate) {
            if !found.iter().any(|(known, _)| std::ptr::eq(*known, other)) {
                found.push((other, at));
            }
        }
        at += 1;
    }
    None
}
