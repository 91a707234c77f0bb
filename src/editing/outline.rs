//! What a plan says with its ids and links.

use crate::graph::Graph;
use crate::model::{EntryIndex, Id, LinkKind, Plan};

/// What a plan says with its ids and links, to see that an edit changed nothing else.
#[derive(Debug, PartialEq, Eq)]
pub struct Outline {
    ids: Vec<Id>,
    links: Vec<(EntryIndex, EntryIndex, LinkKind)>,
    mentions: Vec<(EntryIndex, EntryIndex)>,
    /// Dangling links, defects of fields, defects of texts, approvals and waivers.
    counts: [usize; 5],
}

impl Outline {
    /// The outline of a plan.
    pub fn new(plan: &Plan<'_>, graph: &Graph) -> Self {
        Outline {
            ids: plan.entries().iter().map(|entry| entry.id.value).collect(),
            links: graph.edges().map(|edge| (edge.from, edge.to, edge.kind)).collect(),
            mentions: graph.mentions.iter().map(|(from, to, _)| (*from, *to)).collect(),
            counts: [
                graph.dangling.len(),
                plan.defects.len(),
                plan.yaml_defects.len(),
                plan.approvals.len(),
                plan.waivers.len(),
            ],
        }
    }

    /// The same, whatever the order in which an entry names its links.
    pub fn in_any_order(mut self) -> Self {
        self.links.sort_unstable();
        self.mentions.sort_unstable();
        self
    }

    /// The same with another id for one entry.
    pub fn with_id(mut self, entry: EntryIndex, id: Id) -> Self {
        if let Some(place) = self.ids.get_mut(entry.0 as usize) {
            *place = id;
        }
        self
    }
}
