//! Which entries belong to which release.

use rustc_hash::FxHashSet;

use super::{Graph, reachable};
use crate::model::{EntryIndex, Kind, LinkKind, Plan};

/// What belongs to other releases only: what says so itself, and what the scope of another release
/// reaches and that of this one does not. What nobody claims belongs to every release.
pub fn left_out(plan: &Plan<'_>, graph: &Graph, chosen: EntryIndex) -> FxHashSet<EntryIndex> {
    let scope = |release: EntryIndex| {
        let ships = graph.outgoing(release).filter(|edge| edge.kind == LinkKind::Scope).map(|edge| edge.to);
        reachable(graph, ships)
    };
    let own = scope(chosen);
    let others =
        plan.indexed().filter(|(index, entry)| matches!(entry.kind, Kind::Rel(_)) && *index != chosen);
    let mut left_out: FxHashSet<EntryIndex> =
        others.flat_map(|(index, _)| scope(index).into_iter().chain([index])).collect();
    left_out.retain(|index| !own.contains(index));
    for (index, entry) in plan.indexed() {
        match entry.release() {
            Some(stated) if plan.release(&stated.value) == Some(chosen) => left_out.remove(&index),
            Some(_) => left_out.insert(index),
            None => continue,
        };
    }
    left_out.remove(&chosen);
    left_out
}
