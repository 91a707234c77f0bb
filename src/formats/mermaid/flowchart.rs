//! Graphs as flowcharts, as much of them as Mermaid takes.

use std::borrow::Cow;
use std::fmt::Write as _;

use rustc_hash::{FxHashMap, FxHashSet};

use super::escape::label;
use crate::report::{Graph, GraphNode, Tone};

/// What Mermaid takes, unless the page around it says otherwise: 500 edges and 50,000 characters,
/// of which some are for what stands around the graph.
struct Room {
    edges: usize,
    text: usize,
}

const ALL: Room = Room { edges: 500, text: 46_000 };

/// All graphs in one chart, and whether they are whole. What does not fit is counted in the chart.
pub(super) fn flowchart(graphs: &[Cow<'_, Graph>]) -> (String, bool) {
    let mut text = String::from("flowchart LR\n");
    let (mut room, mut whole) = (ALL, true);
    for (number, graph) in graphs.iter().enumerate() {
        if graphs.len() > 1 {
            let _ = writeln!(text, "  subgraph g{number}[\"{}\"]", label(&graph.caption));
        }
        whole &= draw(number, graph, &mut room, &mut text);
        if graphs.len() > 1 {
            text.push_str("  end\n");
        }
    }
    let used = |tone: &Tone| text.contains(&format!(":::{}\n", tone.name()));
    let classes: Vec<Tone> = Tone::ALL.into_iter().filter(used).collect();
    for tone in classes {
        let _ = writeln!(text, "  classDef {} {}", tone.name(), look(tone));
    }
    (text, whole)
}

fn draw(number: usize, graph: &Graph, room: &mut Room, text: &mut String) -> bool {
    let nodes: Vec<String> =
        graph.nodes.iter().enumerate().map(|(index, node)| node_line(number, index, node)).collect();
    let edges = edge_lines(number, graph);
    let (nodes_drawn, edges_drawn) = drawn(&nodes, &edges, room);
    let shown =
        (0..nodes.len()).filter(|index| nodes_drawn.contains(index)).map(|index| nodes[index].as_str());
    text.extend(shown.chain(edges.iter().take(edges_drawn).map(|(_, _, line)| line.as_str())));
    let (less_nodes, less_edges) = (nodes.len() - nodes_drawn.len(), edges.len() - edges_drawn);
    if less_nodes + less_edges == 0 {
        return true;
    }
    let less =
        format!("▲ {less_edges} more links and {less_nodes} more nodes are not drawn: use --format dot");
    let _ = writeln!(text, "  more{number}[\"{}\"]:::attention", label(&less));
    false
}

/// Which nodes and how many of the edges have room: edges with their ends first, then the other nodes.
fn drawn(nodes: &[String], edges: &[(usize, usize, String)], room: &mut Room) -> (FxHashSet<usize>, usize) {
    let mut chosen = FxHashSet::default();
    let mut count = 0;
    for (from, to, line) in edges {
        let new: FxHashSet<usize> = [*from, *to].into_iter().filter(|node| !chosen.contains(node)).collect();
        let size = line.len() + new.iter().map(|node| nodes[*node].len()).sum::<usize>();
        if room.edges == 0 || room.text < size {
            break;
        }
        room.edges -= 1;
        room.text -= size;
        chosen.extend(new);
        count += 1;
    }
    for (index, line) in nodes.iter().enumerate() {
        if !chosen.contains(&index) && room.text >= line.len() {
            room.text -= line.len();
            chosen.insert(index);
        }
    }
    (chosen, count)
}

fn node_line(number: usize, index: usize, node: &GraphNode) -> String {
    let glyph = node.tone.map(|tone| format!("{} ", label(tone.glyph()))).unwrap_or_default();
    let class = node.tone.map(|tone| format!(":::{}", tone.name())).unwrap_or_default();
    format!("  n{number}_{index}[\"{glyph}{}\"]{class}\n", label(&node.label))
}

fn edge_lines(number: usize, graph: &Graph) -> Vec<(usize, usize, String)> {
    let names: FxHashMap<&str, usize> =
        graph.nodes.iter().enumerate().map(|(index, node)| (node.key.as_str(), index)).collect();
    let place = |key: &str| names.get(key).copied();
    let line = |from: usize, to: usize, word: &str| match word {
        "" => format!("  n{number}_{from} --> n{number}_{to}\n"),
        word => format!("  n{number}_{from} -->|\"{}\"| n{number}_{to}\n", label(word)),
    };
    let edges =
        graph.edges.iter().filter_map(|edge| Some((place(&edge.from)?, place(&edge.to)?, &edge.label)));
    edges.map(|(from, to, word)| (from, to, line(from, to, word))).collect()
}

/// The looks of the tones; each names its text colour, so that they hold in dark pages.
fn look(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "fill:#dafbe1,stroke:#1a7f37,color:#0b3d1a",
        Tone::Attention => "fill:#fff8c5,stroke:#9a6700,color:#3d2b00",
        Tone::Bad => "fill:#ffebe9,stroke:#cf222e,color:#5a0b12,stroke-width:2px",
        Tone::Unknown => "fill:#fbefff,stroke:#8250df,color:#3b1f66,stroke-dasharray:4 3",
        Tone::Stale => "fill:#ddf4ff,stroke:#0969da,color:#0a3069,stroke-dasharray:4 3",
        Tone::Waived => "fill:#d6f5f5,stroke:#1b7c83,color:#0b3b3f",
        Tone::Neutral => "fill:#f6f8fa,stroke:#57606a,color:#24292f",
    }
}
