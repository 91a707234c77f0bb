//! Trees and graphs as flowcharts, timelines as Gantt charts, in the language of Mermaid.
//!
//! A file of Mermaid holds one chart: all trees and graphs of a document, or if there are none,
//! its timelines.

mod escape;

use std::borrow::Cow;
use std::fmt::Write as _;

use super::ViewFormat;
use super::terminal::Style;
use crate::report::{Block, Graph, Report, Section, Timeline, Tone};

use escape::{label, task};

/// The format.
pub(super) const FORMAT: ViewFormat = ViewFormat {
    name: "mermaid",
    about: "a flowchart or a Gantt chart for Mermaid",
    extensions: &["mmd", "mermaid"],
    draws: |block| matches!(block, Block::Tree(_) | Block::Graph(_) | Block::Timeline(_)),
    write,
};

/// Mermaid refuses charts with more edges, unless the page around it says otherwise.
const MOST_EDGES: usize = 500;

fn write(report: &Report, _: Style) -> String {
    let graphs: Vec<Cow<'_, Graph>> = report.blocks.iter().filter_map(graph_of).collect();
    if !graphs.is_empty() {
        return flowchart(&graphs);
    }
    let timelines: Vec<&Timeline> = report
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Timeline(timeline) => Some(timeline),
            _ => None,
        })
        .collect();
    gantt(&report.title, &timelines)
}

/// One block as a chart, or nothing where it has none or is larger than Mermaid takes.
pub(super) fn chart(block: &Block) -> Option<String> {
    match block {
        Block::Timeline(timeline) => Some(gantt(&timeline.caption, &[timeline])),
        _ => {
            let graph = graph_of(block).filter(|graph| graph.edges.len() <= MOST_EDGES)?;
            Some(flowchart(&[graph]))
        }
    }
}

fn graph_of(block: &Block) -> Option<Cow<'_, Graph>> {
    match block {
        Block::Tree(tree) => Some(Cow::Owned(tree.graph())),
        Block::Graph(graph) => Some(Cow::Borrowed(graph)),
        _ => None,
    }
}

fn flowchart(graphs: &[Cow<'_, Graph>]) -> String {
    let mut text = String::from("flowchart LR\n");
    let mut room = MOST_EDGES;
    for (number, graph) in graphs.iter().enumerate() {
        let indent = if graphs.len() > 1 { "    " } else { "  " };
        if graphs.len() > 1 {
            let _ = writeln!(text, "  subgraph g{number}[\"{}\"]", label(&graph.caption));
        }
        subgraph(number, graph, indent, &mut room, &mut text);
        if graphs.len() > 1 {
            text.push_str("  end\n");
        }
    }
    text + &classes(graphs)
}

fn subgraph(number: usize, graph: &Graph, indent: &str, room: &mut usize, text: &mut String) {
    let names: rustc_hash::FxHashMap<&str, usize> =
        graph.nodes.iter().enumerate().map(|(index, node)| (node.key.as_str(), index)).collect();
    for (index, node) in graph.nodes.iter().enumerate() {
        let glyph = node.tone.map(|tone| format!("{} ", tone.glyph())).unwrap_or_default();
        let class = node.tone.map(|tone| format!(":::{}", tone.name())).unwrap_or_default();
        let _ =
            writeln!(text, "{indent}n{number}_{index}[\"{}{}\"]{class}", label(&glyph), label(&node.label));
    }
    let drawn = graph.edges.len().min(*room);
    for edge in &graph.edges[..drawn] {
        let (Some(from), Some(to)) = (names.get(edge.from.as_str()), names.get(edge.to.as_str())) else {
            continue;
        };
        let word = match edge.label.as_str() {
            "" => String::new(),
            word => format!("|\"{}\"|", label(word)),
        };
        let _ = writeln!(text, "{indent}n{number}_{from} -->{word} n{number}_{to}");
    }
    *room -= drawn;
    let left = graph.edges.len() - drawn;
    if left > 0 {
        let _ = writeln!(
            text,
            "{indent}more{number}[\"▲ {left} more links are not drawn: use --format dot\"]:::attention"
        );
    }
}

/// The looks of the tones that occur; each names its text colour, so that they hold in dark pages.
fn classes(graphs: &[Cow<'_, Graph>]) -> String {
    let used = |tone: Tone| {
        let cut = tone == Tone::Attention
            && graphs.iter().map(|graph| graph.edges.len()).sum::<usize>() > MOST_EDGES;
        cut || graphs.iter().flat_map(|graph| &graph.nodes).any(|node| node.tone == Some(tone))
    };
    let class = |tone: Tone| format!("  classDef {} {}\n", tone.name(), look(tone));
    Tone::ALL.into_iter().filter(|tone| used(*tone)).map(class).collect()
}

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

fn gantt(title: &str, timelines: &[&Timeline]) -> String {
    let mut text =
        format!("gantt\n  title {}\n  dateFormat YYYY-MM-DD\n  axisFormat %Y-%m-%d\n", task(title));
    if timelines.iter().all(|timeline| timeline.today.is_none()) {
        text.push_str("  todayMarker off\n");
    }
    for section in timelines.iter().flat_map(|timeline| &timeline.sections) {
        rows(section, &mut text);
    }
    text
}

fn rows(section: &Section, text: &mut String) {
    let _ = writeln!(text, "  section {}", task(&section.title));
    for bar in &section.bars {
        let _ = writeln!(text, "  {} :{}{}, {}", task(&bar.label), tag(bar.tone), bar.start, bar.end);
    }
    for point in &section.milestones {
        let (name, tag) = (task(&point.label), tag(point.tone));
        let _ = writeln!(text, "  {name} :{tag}milestone, {}, 0d", point.on);
    }
}

fn tag(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "crit, ",
        Tone::Good => "done, ",
        Tone::Attention => "active, ",
        _ => "",
    }
}
