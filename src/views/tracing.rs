//! What an entry reaches and what reaches it, as trees of plain values.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::graph::{self, Graph, TraceNode};
use crate::model::{Choice, EntryIndex, Plan};
use crate::source::SourceMap;

/// The output of `relplan trace --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan trace --format json")]
pub struct Tracing {
    /// The version of this format: 1.
    pub version: u32,
    /// The entry that is traced.
    pub entry: Traced,
    /// The condition of `--where`; entries that do not meet it are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// What links to it, and what links to that.
    pub upstream: Vec<Step>,
    /// What it links to, and what that links to.
    pub downstream: Vec<Step>,
    /// Entries whose prose mentions it.
    pub mentioned_by: Vec<Traced>,
    /// Entries that its prose mentions.
    pub mentions: Vec<Traced>,
}

/// An entry in a trace.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Traced {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its status, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Its ids in other tools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub external_ids: Vec<String>,
}

/// One link of a trace and what follows it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Step {
    /// What the link says.
    pub kind: &'static str,
    /// The entry at its far end.
    pub entry: Traced,
    /// Where the link is declared: `file:line:column`.
    pub declared_at: String,
    /// Whether the entry is elsewhere in the tree, with its own links.
    pub repeated: bool,
    /// Whether more follows beyond the depth limit.
    pub cut: bool,
    /// What follows.
    pub next: Vec<Step>,
}

/// Traces an entry both ways, `depth` steps far.
pub fn tracing(
    plan: &Plan<'_>,
    graph: &Graph,
    sources: &SourceMap,
    entry: EntryIndex,
    depth: usize,
) -> Tracing {
    let trace = graph::trace(graph, entry, depth);
    let steps = |nodes: &[TraceNode]| nodes.iter().map(|node| step(plan, sources, node)).collect();
    let mut mentioned_by: Vec<EntryIndex> = graph
        .mentions
        .iter()
        .filter(|mention| mention.1 == entry && mention.0 != entry)
        .map(|mention| mention.0)
        .collect();
    let mut mentions: Vec<EntryIndex> = graph
        .mentions
        .iter()
        .filter(|mention| mention.0 == entry && mention.1 != entry)
        .map(|mention| mention.1)
        .collect();
    mentioned_by.dedup();
    mentions.sort_unstable();
    mentions.dedup();
    Tracing {
        version: 1,
        condition: None,
        entry: traced(plan, entry),
        upstream: steps(&trace.upstream),
        downstream: steps(&trace.downstream),
        mentioned_by: mentioned_by.into_iter().map(|entry| traced(plan, entry)).collect(),
        mentions: mentions.into_iter().map(|entry| traced(plan, entry)).collect(),
    }
}

impl Tracing {
    /// Leaves of the trees only what leads to an entry that meets a condition. `meets` is asked for ids.
    pub fn narrow(&mut self, meets: impl Fn(&str) -> bool) {
        for steps in [&mut self.upstream, &mut self.downstream] {
            let mut kept: BTreeSet<String> = BTreeSet::new();
            // What follows a repeated entry is elsewhere in the tree, perhaps further down.
            loop {
                let before = kept.len();
                mark(steps, &meets, &mut kept);
                if kept.len() == before {
                    break;
                }
            }
            prune(steps, &kept);
        }
        self.mentioned_by.retain(|entry| meets(&entry.id));
        self.mentions.retain(|entry| meets(&entry.id));
    }
}

/// Notes the ids of entries that meet the condition or lead to one that does; whether there is one among these.
fn mark(steps: &[Step], meets: &impl Fn(&str) -> bool, kept: &mut BTreeSet<String>) -> bool {
    let mut any = false;
    for step in steps {
        let leads_on = mark(&step.next, meets, kept);
        if leads_on || kept.contains(&step.entry.id) || meets(&step.entry.id) {
            kept.insert(step.entry.id.clone());
            any = true;
        }
    }
    any
}

fn prune(steps: &mut Vec<Step>, kept: &BTreeSet<String>) {
    steps.retain(|step| kept.contains(&step.entry.id));
    steps.iter_mut().for_each(|step| prune(&mut step.next, kept));
}

fn traced(plan: &Plan<'_>, index: EntryIndex) -> Traced {
    let entry = plan.entry(index);
    Traced {
        id: entry.id.value.to_string(),
        title: entry.title().to_owned(),
        status: entry.status().map(str::to_owned),
        external_ids: entry.external_ids().iter().map(|id| id.value.trim().to_owned()).collect(),
    }
}

fn step(plan: &Plan<'_>, sources: &SourceMap, node: &TraceNode) -> Step {
    let place = sources.start(node.edge.span);
    let file = sources.file(node.edge.span.file).name();
    Step {
        kind: node.edge.kind.word(),
        entry: traced(plan, node.entry),
        declared_at: format!("{file}:{}:{}", place.line, place.column),
        repeated: node.repeated,
        cut: node.cut,
        next: node.next.iter().map(|next| step(plan, sources, next)).collect(),
    }
}
