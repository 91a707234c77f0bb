//! Trees and graphs in the language of Graphviz. Every link is there, however many there are.

use std::fmt::Write as _;

use super::terminal::Style;
use super::{ViewFormat, steers};
use crate::report::{Block, Graph, GraphNode, Report, Tone, Tree};

/// The format.
pub(super) const FORMAT: ViewFormat = ViewFormat {
    name: "dot",
    about: "a graph for Graphviz",
    extensions: &["dot", "gv"],
    draws: |block| matches!(block, Block::Tree(_) | Block::Graph(_)),
    write,
};

/// Columns after which a label goes on in the next line.
const LABEL: usize = 32;

fn write(report: &Report, _: Style) -> String {
    let mut text = format!("digraph {} {{\n", quoted(&report.title));
    text += "  graph [rankdir=LR, charset=\"UTF-8\", fontname=\"Helvetica\", labeljust=l, nodesep=0.25, ranksep=1];\n";
    text += "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11, margin=\"0.15,0.08\"];\n";
    text += "  edge [fontname=\"Helvetica\", fontsize=9, color=\"#57606a\", fontcolor=\"#57606a\"];\n";
    let graphs = report.every_block().filter_map(graph_of);
    for (number, graph) in graphs.enumerate() {
        cluster(number, &graph, &mut text);
    }
    text + "}\n"
}

fn graph_of(block: &Block) -> Option<std::borrow::Cow<'_, Graph>> {
    match block {
        Block::Tree(tree) => Some(std::borrow::Cow::Owned(from_below(tree))),
        Block::Graph(graph) => Some(std::borrow::Cow::Borrowed(graph)),
        _ => None,
    }
}

/// The tree as a graph whose last comes first: from left to right, Graphviz begins at the bottom, and a
/// tree is read from the top.
fn from_below(tree: &Tree) -> Graph {
    let mut graph = tree.graph();
    graph.nodes.reverse();
    graph.edges.reverse();
    graph
}

fn cluster(number: usize, graph: &Graph, text: &mut String) {
    let _ = writeln!(text, "  subgraph cluster_{number} {{");
    let _ = writeln!(text, "    label={}; color=\"#d0d7de\"; style=rounded;", quoted(&graph.caption));
    for node in &graph.nodes {
        let name = quoted(&format!("{number}/{}", node.key));
        let _ = writeln!(text, "    {name} [label={}, {}];", quoted_lines(&label(node)), look(node.tone));
    }
    layers(number, graph, text);
    for edge in &graph.edges {
        let (from, to) =
            (quoted(&format!("{number}/{}", edge.from)), quoted(&format!("{number}/{}", edge.to)));
        let label = match edge.label.as_str() {
            "" => String::new(),
            label => format!(" [label={}]", quoted_lines(label)),
        };
        let _ = writeln!(text, "    {from} -> {to}{label};");
    }
    text.push_str("  }\n");
}

/// Nodes that belong into one layer stand below each other, with links and without.
fn layers(number: usize, graph: &Graph, text: &mut String) {
    let last = graph.nodes.iter().filter_map(|node| node.layer).max();
    for layer in 0..last.map_or(0, |last| last + 1) {
        let same = graph.nodes.iter().filter(|node| node.layer == Some(layer));
        let names: Vec<String> = same.map(|node| quoted(&format!("{number}/{}", node.key))).collect();
        if !names.is_empty() {
            let _ = writeln!(text, "    {{ rank=same; {}; }}", names.join("; "));
        }
    }
}

fn label(node: &GraphNode) -> String {
    match node.tone {
        Some(tone) => format!("{} {}", tone.glyph(), node.label),
        None => node.label.clone(),
    }
}

fn look(tone: Option<Tone>) -> &'static str {
    match tone {
        Some(Tone::Good) => "color=\"#1a7f37\", fillcolor=\"#dafbe1\"",
        Some(Tone::Attention) => "color=\"#9a6700\", fillcolor=\"#fff8c5\"",
        Some(Tone::Bad) => "color=\"#cf222e\", fillcolor=\"#ffebe9\"",
        Some(Tone::Unknown) => "color=\"#8250df\", fillcolor=\"#fbefff\", style=\"rounded,filled,dashed\"",
        Some(Tone::Stale) => "color=\"#0969da\", fillcolor=\"#ddf4ff\", style=\"rounded,filled,dashed\"",
        Some(Tone::Waived) => "color=\"#1b7c83\", fillcolor=\"#d6f5f5\"",
        Some(Tone::Neutral) | None => "color=\"#57606a\", fillcolor=\"#f6f8fa\"",
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", bare(text))
}

/// A text between quotation marks: backslashes would begin escapes, and a NUL would end the file.
fn bare(text: &str) -> String {
    text.replace(steers, " ").replace('\\', "\\\\").replace('"', "\\\"")
}

/// A quoted text in lines that begin below each other.
fn quoted_lines(text: &str) -> String {
    let options = textwrap::Options::new(LABEL).word_splitter(textwrap::WordSplitter::NoHyphenation);
    let lines = textwrap::wrap(text, options);
    match lines.as_slice() {
        [] => "\"\"".to_owned(),
        [line] => quoted(line),
        lines => {
            let lines = lines.iter().map(|line| bare(line) + "\\l");
            format!("\"{}\"", lines.collect::<String>())
        }
    }
}
