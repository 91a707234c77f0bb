//! What an entry reaches and what reaches it, as trees.

use super::{Edge, Graph};
use crate::model::EntryIndex;

/// Both directions of a trace.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The entry that is traced.
    pub entry: EntryIndex,
    /// What links to it, and what links to that.
    pub upstream: Vec<TraceNode>,
    /// What it links to, and what that links to.
    pub downstream: Vec<TraceNode>,
}

/// One step of a trace.
#[derive(Debug, Clone)]
pub struct TraceNode {
    /// The link that leads here.
    pub edge: Edge,
    /// The entry that is reached: the far end of the link.
    pub entry: EntryIndex,
    /// Whether it stands elsewhere in the tree with what follows it.
    pub repeated: bool,
    /// Whether more would follow but for the depth limit.
    pub cut: bool,
    /// What follows.
    pub next: Vec<TraceNode>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Towards {
    Targets,
    Sources,
}

/// How far a trace goes at most: what is farther nobody follows by eye, and the
/// tree is walked by functions that call themselves.
pub const DEEPEST: usize = 200;

/// Traces an entry both ways, `depth` steps far.
pub fn trace(graph: &Graph, entry: EntryIndex, depth: usize) -> Trace {
    let depth = depth.min(DEEPEST);
    Trace {
        entry,
        upstream: tree(graph, entry, Towards::Sources, depth),
        downstream: tree(graph, entry, Towards::Targets, depth),
    }
}

/// The tree of one direction, built breadth first so that every entry unfolds
/// where it is nearest to the root, and is only named elsewhere.
fn tree(graph: &Graph, root: EntryIndex, towards: Towards, depth: usize) -> Vec<TraceNode> {
    let mut seen = rustc_hash::FxHashSet::from_iter([root]);
    let mut levels: Vec<Vec<(usize, TraceNode)>> = Vec::new();
    let mut frontier = vec![root];
    for _ in 0..depth {
        let mut level = Vec::new();
        for (parent, &at) in frontier.iter().enumerate() {
            for (edge, entry) in steps(graph, at, towards) {
                let repeated = !seen.insert(entry);
                level.push((parent, leaf(edge, entry, repeated)));
            }
        }
        if level.is_empty() {
            break;
        }
        // Repeated entries do not unfold, but keep their place among the parents.
        frontier = level.iter().map(|(_, node)| node.entry).collect();
        let unfolds: Vec<bool> = level.iter().map(|(_, node)| !node.repeated).collect();
        levels.push(level);
        if !unfolds.contains(&true) {
            break;
        }
        frontier = frontier
            .into_iter()
            .zip(unfolds)
            .map(|(entry, unfolds)| if unfolds { entry } else { EntryIndex(u32::MAX) })
            .collect();
    }
    mark_cut(graph, &mut levels, towards, depth);
    assemble(levels)
}

fn leaf(edge: Edge, entry: EntryIndex, repeated: bool) -> TraceNode {
    TraceNode { edge, entry, repeated, cut: false, next: Vec::new() }
}

fn steps(graph: &Graph, at: EntryIndex, towards: Towards) -> Vec<(Edge, EntryIndex)> {
    // The place of an entry that does not unfold.
    if at == EntryIndex(u32::MAX) {
        return Vec::new();
    }
    let mut steps: Vec<(Edge, EntryIndex)> = match towards {
        Towards::Targets => graph.outgoing(at).map(|edge| (edge, edge.to)).collect(),
        Towards::Sources => graph.incoming(at).map(|edge| (edge, edge.from)).collect(),
    };
    let mut named = rustc_hash::FxHashSet::default();
    steps.retain(|(edge, entry)| *entry != at && named.insert((*entry, edge.kind)));
    steps
}

fn mark_cut(graph: &Graph, levels: &mut [Vec<(usize, TraceNode)>], towards: Towards, depth: usize) {
    if levels.len() < depth {
        return;
    }
    for (_, node) in levels.last_mut().into_iter().flatten() {
        node.cut = !node.repeated && !steps(graph, node.entry, towards).is_empty();
    }
}

/// Hangs each level under the one before, from the last to the first.
fn assemble(mut levels: Vec<Vec<(usize, TraceNode)>>) -> Vec<TraceNode> {
    while levels.len() > 1 {
        let children = levels.pop().unwrap_or_default();
        if let Some(parents) = levels.last_mut() {
            for (parent, child) in children {
                parents[parent].1.next.push(child);
            }
        }
    }
    levels.pop().unwrap_or_default().into_iter().map(|(_, node)| node).collect()
}
