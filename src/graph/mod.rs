//! Floor 3: the links of a plan as a graph. The only room that knows petgraph.
//!
//! Nodes are the entries of the plan, edges its links from the entry that
//! declares them to the entry that they name. The graph does not judge: what a
//! missing target or a cycle means is for rules to say.

mod coverage;
mod neighbours;
mod reach;
mod release_membership;
mod resolve;
mod scope_needs;
mod selection;
#[cfg(test)]
mod tests;
mod trace;

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, EdgeIndex, EdgeReference, NodeIndex};
use petgraph::visit::{EdgeFiltered, EdgeRef};
use rustc_hash::FxHashSet;

use crate::model::{EntryIndex, Families, Id, LinkKind, Plan};
use crate::source::Span;

pub use coverage::{Coverage, coverage};
pub use neighbours::{once, sources, targets};
pub use reach::{chains, reachable};
pub use release_membership::{OutsideRelease, outside};
pub use resolve::{Dangling, DanglingMention, RANGE_BUDGET, RangeEnd, RangeGap};
pub use scope_needs::scope_needs;
pub use selection::{NoSuchRelease, OverdueRelease, Release, Selection, overdue, to_come};
pub use trace::{DEEPEST, Trace, TraceNode, trace};

/// One link between two entries that both exist.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    /// The entry that declares the link.
    pub from: EntryIndex,
    /// The entry that it names.
    pub to: EntryIndex,
    /// What it says.
    pub kind: LinkKind,
    /// The text that names the target.
    pub span: Span,
}

#[derive(Debug, Clone, Copy)]
struct Weight {
    kind: LinkKind,
    span: Span,
}

/// The traceability graph of a plan.
#[derive(Debug, Default)]
pub struct Graph {
    links: DiGraph<(), Weight>,
    /// Links that name no entry.
    pub dangling: Vec<Dangling>,
    /// Mentions in prose that name no entry.
    pub dangling_mentions: Vec<DanglingMention>,
    /// Ranges with numbers inside that name no entry.
    pub holes: Vec<RangeGap>,
    /// Mentions in prose that name an entry: where from, where to, and the text.
    pub mentions: Vec<(EntryIndex, EntryIndex, Span)>,
    /// How many links lead out of the plan, to families that live elsewhere.
    pub external_links: usize,
    /// How many links were looked at.
    pub link_count: usize,
    /// The first range that was too much to expand.
    pub beyond_budget: Option<Span>,
}

/// A set of entries that all reach each other, with one way around.
#[derive(Debug, Clone)]
pub struct Cycle {
    /// Links that lead from the first entry back to it.
    pub way: Vec<Edge>,
    /// How many entries reach each other.
    pub size: usize,
}

impl Graph {
    /// Joins the entries of a plan by their links. `external` holds the ids that
    /// are known to exist in families that live outside the plan.
    pub fn new(plan: &Plan<'_>, families: &Families, external: &FxHashSet<Id>) -> Self {
        // A range stands for several, so there may be more.
        let edges = plan.entries().iter().map(|entry| entry.links.len()).sum();
        let mut graph =
            Graph { links: DiGraph::with_capacity(plan.entries().len(), edges), ..Graph::default() };
        for _ in plan.entries() {
            graph.links.add_node(());
        }
        resolve::resolve(plan, families, external, |part| graph.take(part));
        graph
    }

    fn take(&mut self, part: resolve::Resolved) {
        for Edge { from, to, kind, span } in part.edges {
            self.links.add_edge(node(from), node(to), Weight { kind, span });
        }
        self.dangling.extend(part.dangling);
        self.dangling_mentions.extend(part.dangling_mentions);
        self.holes.extend(part.holes);
        self.mentions.extend(part.mentions);
        self.external_links += part.external_links;
        self.link_count += part.link_count;
        self.beyond_budget = self.beyond_budget.or(part.beyond_budget);
    }

    /// The links that an entry declares, in the order of its fields.
    pub fn outgoing(&self, entry: EntryIndex) -> impl Iterator<Item = Edge> + '_ {
        self.ordered(entry, Direction::Outgoing).into_iter()
    }

    /// The links that name an entry, in the order of the files.
    pub fn incoming(&self, entry: EntryIndex) -> impl Iterator<Item = Edge> + '_ {
        self.ordered(entry, Direction::Incoming).into_iter()
    }

    /// Whether nothing links to the entry from elsewhere.
    pub fn is_unreferenced(&self, entry: EntryIndex) -> bool {
        let from = self.links.neighbors_directed(node(entry), Direction::Incoming);
        from.into_iter().all(|other| other == node(entry))
    }

    /// Whether the entry has a link of its own or one that names it, in any order.
    pub fn any_edge(&self, entry: EntryIndex, mut fits: impl FnMut(Edge) -> bool) -> bool {
        let both = [Direction::Outgoing, Direction::Incoming];
        both.into_iter().any(|direction| {
            self.links.edges_directed(node(entry), direction).any(|edge| fits(self.edge(edge.id())))
        })
    }

    /// All links, in the order of the files.
    pub fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        self.links.edge_indices().map(|index| self.edge(index))
    }

    /// How many links join two entries.
    pub fn edge_count(&self) -> usize {
        self.links.edge_count()
    }

    /// Every set of entries that reach each other by links of one kind. An
    /// entry that links to itself is not one.
    pub fn cycles(&self, kind: LinkKind) -> Vec<Cycle> {
        let of_kind = EdgeFiltered::from_fn(&self.links, |edge| leads_on(&edge, kind));
        let mut cycles: Vec<Cycle> = kosaraju_scc(&of_kind)
            .into_iter()
            .filter_map(|component| self.way_around(&component, kind))
            .collect();
        cycles.sort_by_key(|cycle| cycle.way.first().map(|edge| edge.span));
        cycles
    }

    /// The shortest way from the first entry of a component back to it.
    fn way_around(&self, component: &[NodeIndex], kind: LinkKind) -> Option<Cycle> {
        if component.len() < 2 {
            return None;
        }
        let start = *component.iter().min()?;
        let members: FxHashSet<NodeIndex> = component.iter().copied().collect();
        let mut reached: rustc_hash::FxHashMap<NodeIndex, EdgeIndex> = Default::default();
        let mut waiting = std::collections::VecDeque::from([start]);
        while let Some(at) = waiting.pop_front() {
            for edge in self.links.edges(at).filter(|edge| leads_on(edge, kind)) {
                let next = edge.target();
                if !members.contains(&next) || reached.contains_key(&next) {
                    continue;
                }
                reached.insert(next, edge.id());
                if next == start {
                    return Some(self.walk_back(start, &reached, component.len()));
                }
                waiting.push_back(next);
            }
        }
        None
    }

    fn walk_back(
        &self,
        start: NodeIndex,
        reached: &rustc_hash::FxHashMap<NodeIndex, EdgeIndex>,
        size: usize,
    ) -> Cycle {
        let mut way = Vec::new();
        let mut at = start;
        while let Some(&index) = reached.get(&at) {
            let edge = self.edge(index);
            at = node(edge.from);
            way.push(edge);
            if at == start {
                break;
            }
        }
        way.reverse();
        Cycle { way, size }
    }

    /// The entries in an order in which each comes after all that it links to
    /// by `kind`, or nothing if there is a cycle. Ties keep the order of the
    /// files, and links of an entry to itself are passed over.
    pub fn topological_order(&self, kind: LinkKind) -> Option<Vec<EntryIndex>> {
        let mut open: Vec<usize> = self
            .links
            .node_indices()
            .map(|at| self.links.edges(at).filter(|edge| leads_on(edge, kind)).count())
            .collect();
        let mut ready: std::collections::BinaryHeap<std::cmp::Reverse<NodeIndex>> =
            self.links.node_indices().filter(|at| open[at.index()] == 0).map(std::cmp::Reverse).collect();
        let mut order = Vec::with_capacity(open.len());
        while let Some(std::cmp::Reverse(at)) = ready.pop() {
            order.push(entry(at));
            let dependents = self.links.edges_directed(at, Direction::Incoming);
            for edge in dependents.filter(|edge| leads_on(edge, kind)) {
                let dependent = edge.source();
                open[dependent.index()] -= 1;
                if open[dependent.index()] == 0 {
                    ready.push(std::cmp::Reverse(dependent));
                }
            }
        }
        (order.len() == open.len()).then_some(order)
    }

    fn ordered(&self, entry: EntryIndex, direction: Direction) -> Vec<Edge> {
        let mut edges: Vec<EdgeIndex> =
            self.links.edges_directed(node(entry), direction).map(|edge| edge.id()).collect();
        // petgraph yields the newest edge first; edges were added in the order of the files.
        edges.sort_unstable();
        edges.into_iter().map(|index| self.edge(index)).collect()
    }

    fn edge(&self, index: EdgeIndex) -> Edge {
        let (from, to) = self.links.edge_endpoints(index).unwrap_or_default();
        let Weight { kind, span } = self.links[index];
        Edge { from: entry(from), to: entry(to), kind, span }
    }
}

/// Whether a link is of this kind and joins two entries.
fn leads_on(edge: &EdgeReference<'_, Weight>, kind: LinkKind) -> bool {
    edge.weight().kind == kind && edge.source() != edge.target()
}

fn node(entry: EntryIndex) -> NodeIndex {
    NodeIndex::new(entry.0 as usize)
}

fn entry(node: NodeIndex) -> EntryIndex {
    EntryIndex(u32::try_from(node.index()).unwrap_or(u32::MAX))
}
