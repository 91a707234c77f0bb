//! What can be reached from where.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Graph;
use crate::model::{EntryIndex, LinkKind};

/// Everything that links lead to from these entries, themselves included. What a release leaves
/// out is not followed.
pub fn reachable(graph: &Graph, from: impl IntoIterator<Item = EntryIndex>) -> FxHashSet<EntryIndex> {
    let mut waiting: Vec<EntryIndex> = from.into_iter().collect();
    let mut seen: FxHashSet<EntryIndex> = waiting.iter().copied().collect();
    while let Some(at) = waiting.pop() {
        let next = graph.outgoing(at).filter(|edge| edge.kind != LinkKind::Excludes);
        waiting.extend(next.map(|edge| edge.to).filter(|to| seen.insert(*to)));
    }
    seen
}

/// The shortest chain of links to each entry that `ends` accepts, as the entries between.
///
/// A chain leads from the whole to its parts and from what is claimed to what shows it, and along no
/// other links: nearly everything has something to do with everything else, and that proves nothing.
/// It does not lead through what `closed` accepts, or a part would borrow what belongs to its sibling.
pub fn chains(
    graph: &Graph,
    from: EntryIndex,
    closed: impl Fn(EntryIndex) -> bool,
    ends: impl Fn(EntryIndex) -> bool,
) -> Vec<(EntryIndex, Vec<EntryIndex>)> {
    let mut before: FxHashMap<EntryIndex, EntryIndex> = FxHashMap::from_iter([(from, from)]);
    let mut waiting = VecDeque::from([from]);
    let mut found = Vec::new();
    while let Some(at) = waiting.pop_front() {
        for next in down(graph, at) {
            if before.contains_key(&next) {
                continue;
            }
            before.insert(next, at);
            if ends(next) {
                found.push((next, between(&before, from, at)));
            }
            if !closed(next) {
                waiting.push_back(next);
            }
        }
    }
    found
}

fn down(graph: &Graph, at: EntryIndex) -> Vec<EntryIndex> {
    let to = graph.outgoing(at).filter(|edge| leads_down(edge.kind)).map(|edge| edge.to);
    let from = graph.incoming(at).filter(|edge| leads_up(edge.kind)).map(|edge| edge.from);
    to.chain(from).collect()
}

/// Links from the whole to its parts, and from what is claimed to what shows it.
fn leads_down(kind: LinkKind) -> bool {
    use LinkKind::{MitigatedBy, MonitoredBy, Runbook, Scope, VerifiedBy};
    matches!(kind, VerifiedBy | MitigatedBy | MonitoredBy | Runbook | Scope)
}

/// Links that the part declares.
fn leads_up(kind: LinkKind) -> bool {
    matches!(kind, LinkKind::PartOf | LinkKind::Implements)
}

fn between(
    before: &FxHashMap<EntryIndex, EntryIndex>,
    from: EntryIndex,
    last: EntryIndex,
) -> Vec<EntryIndex> {
    let mut way = Vec::new();
    let mut at = last;
    while at != from {
        way.push(at);
        match before.get(&at) {
            Some(&earlier) => at = earlier,
            None => break,
        }
    }
    way.reverse();
    way
}
