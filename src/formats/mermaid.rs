//! Trees and graphs as flowcharts, timelines as Gantt charts, in the language of Mermaid.
//!
//! A file of Mermaid holds one chart: all trees and graphs of a document, or if there are none,
//! its timelines.

mod escape;
mod flowchart;

use std::borrow::Cow;
use std::fmt::Write as _;

use super::ViewFormat;
use super::terminal::Style;
use crate::report::{Block, Graph, Report, Section, Timeline, Tone};

use escape::task;

/// The format.
pub(super) const FORMAT: ViewFormat = ViewFormat {
    name: "mermaid",
    about: "a flowchart or a Gantt chart for Mermaid",
    extensions: &["mmd", "mermaid"],
    draws: |block| matches!(block, Block::Tree(_) | Block::Graph(_) | Block::Timeline(_)),
    write,
};

fn write(report: &Report, _: Style) -> String {
    let graphs: Vec<Cow<'_, Graph>> = report.every_block().filter_map(graph_of).collect();
    if !graphs.is_empty() {
        return flowchart::flowchart(&graphs).0;
    }
    let timelines: Vec<&Timeline> = report
        .every_block()
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
            let (text, whole) = flowchart::flowchart(&[graph_of(block)?]);
            whole.then_some(text)
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

fn gantt(title: &str, timelines: &[&Timeline]) -> String {
    let axis = axis(timelines);
    let mut text = format!("gantt\n  title {}\n  dateFormat YYYY-MM-DD\n  axisFormat {axis}\n", task(title));
    // A chart without anything in it has no scale that a day could be marked on.
    if timelines.iter().all(|timeline| timeline.today.is_none() || timeline.span().is_none()) {
        text.push_str("  todayMarker off\n");
    }
    for section in timelines.iter().flat_map(|timeline| &timeline.sections) {
        rows(section, &mut text);
    }
    text
}

/// What stands below the marks of the scale: a year only where it takes one, for marks stand close.
fn axis(timelines: &[&Timeline]) -> &'static str {
    let longest = timelines
        .iter()
        .filter_map(|timeline| timeline.span())
        .map(|(first, last)| (last - first).num_days());
    if longest.max().unwrap_or(0) > 300 { "%b %Y" } else { "%d %b" }
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
