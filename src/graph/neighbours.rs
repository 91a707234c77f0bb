//! What stands at the other ends of an entry's links.

use super::{Edge, Graph};
use crate::model::EntryIndex;

/// What the links of an entry lead to, each once, in the order of the links; not the entry itself.
pub fn targets(graph: &Graph, from: EntryIndex, fits: impl Fn(&Edge) -> bool) -> Vec<EntryIndex> {
    once(graph.outgoing(from).filter(fits).map(|edge| edge.to), from)
}

/// What links to an entry, each once, in the order of the files; not the entry itself.
pub fn sources(graph: &Graph, to: EntryIndex, fits: impl Fn(&Edge) -> bool) -> Vec<EntryIndex> {
    once(graph.incoming(to).filter(fits).map(|edge| edge.from), to)
}

/// The entries of an iterator, each once, without one of them.
pub fn once(entries: impl Iterator<Item = EntryIndex>, except: EntryIndex) -> Vec<EntryIndex> {
    let mut seen = rustc_hash::FxHashSet::from_iter([except]);
    entries.filter(|entry| seen.insert(*entry)).collect()
}
