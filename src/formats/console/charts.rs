//! Trees, graphs and timelines in characters.

use chrono::NaiveDate;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::marks::{Paint, clean, marked};
use super::wrapped;
use crate::model::phrase::counted;
use crate::report::{BarChart, Graph, RangeChart, Section, Timeline, Tone, Tree, TreeNode};

/// A tree with one line, or more where it must wrap, for each node.
pub(super) fn tree(tree: &Tree, width: usize) -> String {
    let mut text = String::new();
    if !tree.caption.is_empty() {
        text += &wrapped(&Paint::Faint.around(&clean(&tree.caption)), "", "", width);
    }
    for root in &tree.roots {
        text += &wrapped(&node(root), "", "  ", width);
        branches(&root.children, "", width, &mut text);
    }
    text
}

fn branches(nodes: &[TreeNode], indent: &str, width: usize, text: &mut String) {
    // What lies so deep that no text fits beside it is drawn at one depth.
    let indent = if indent.chars().count() > width / 2 { &indent[..0] } else { indent };
    for (index, inner) in nodes.iter().enumerate() {
        let last = index + 1 == nodes.len();
        let (branch, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let first = format!("{indent}{branch}");
        let rest = format!("{indent}{below}");
        *text += &wrapped(&node(inner), &first, &rest, width);
        branches(&inner.children, &rest, width, text);
    }
}

fn node(node: &TreeNode) -> String {
    let edge = node.lead().map(|edge| format!("{} ", Paint::Faint.around(&clean(&edge)))).unwrap_or_default();
    let tone =
        node.tone.map(|tone| format!("{} ", Paint::Tone(tone).around(tone.glyph()))).unwrap_or_default();
    format!("{edge}{tone}{}", marked(&node.text))
}

/// Lines that cross are nothing for characters; other formats draw them.
pub(super) fn graph(graph: &Graph, width: usize) -> String {
    if graph.nodes.is_empty() {
        return "nothing\n".to_owned();
    }
    let (nodes, edges) = (counted(graph.nodes.len(), "node"), counted(graph.edges.len(), "edge"));
    let line = format!(
        "{}: {nodes}, {edges}; `--format html`, `mermaid` or `dot` draws them",
        clean(&graph.caption)
    );
    wrapped(&Paint::Faint.around(&line), "", "", width)
}

/// Bars over a scale of days where there is room, and the days in figures everywhere.
pub(super) fn timeline(timeline: &Timeline, width: usize) -> String {
    let mut text = wrapped(&Paint::Faint.around(&clean(&timeline.caption)), "", "", width);
    let Some((first, last)) = timeline.span() else { return text + "nothing\n" };
    let label = (width / 3).min(32);
    let chart = Scale { first, last, columns: width.saturating_sub(label + 13) };
    for section in &timeline.sections {
        text += &wrapped(&Paint::Strong.around(&clean(&section.title)), "", "", width);
        text += &rows(section, &chart, label);
    }
    if let Some(today) = timeline.today.filter(|today| (first..last).contains(today)) {
        text += &format!("{}{}\n", " ".repeat(label + 13 + chart.column(today)), "↑ today");
    }
    text
}

struct Scale {
    first: NaiveDate,
    last: NaiveDate,
    columns: usize,
}

impl Scale {
    fn column(&self, day: NaiveDate) -> usize {
        let all = (self.last - self.first).num_days().max(1);
        let at = (day - self.first).num_days().clamp(0, all);
        usize::try_from(at).unwrap_or(0) * self.columns.saturating_sub(1) / usize::try_from(all).unwrap_or(1)
    }
}

fn rows(section: &Section, chart: &Scale, label: usize) -> String {
    let bars = section.bars.iter().map(|bar| {
        let (from, to) = (chart.column(bar.start), chart.column(bar.end));
        let drawn = "█".repeat((to.saturating_sub(from)).max(1));
        (&bar.label, bar.start, bar.tone, " ".repeat(from), drawn)
    });
    let points = section.milestones.iter().map(|point| {
        (&point.label, point.on, point.tone, " ".repeat(chart.column(point.on)), "◆".to_owned())
    });
    let mut rows: Vec<_> = bars.chain(points).collect();
    rows.sort_by_key(|row| row.1);
    let line = |(name, on, tone, before, drawn): (&String, NaiveDate, Tone, String, String)| {
        format!("{} {on}  {before}{}\n", fitted(&clean(name), label), Paint::Tone(tone).around(&drawn))
    };
    rows.into_iter().map(line).collect()
}

/// Bars of blocks, each with its value behind it.
pub(super) fn bars(chart: &BarChart, width: usize) -> String {
    let mut text = wrapped(&Paint::Faint.around(&clean(&chart.caption)), "", "", width);
    let label = column(chart.bars.iter().map(|bar| &bar.label), width);
    let shown = column(chart.bars.iter().map(|bar| &bar.shown), width);
    let room = width.saturating_sub(label + shown + 4);
    let most = chart.bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    for bar in &chart.bars {
        let length = cells(bar.value, most, room);
        let row = format!("{}  {}", fitted(&clean(&bar.label), label), fitted(&clean(&bar.shown), shown));
        match length {
            0 => text += row.trim_end(),
            length => text += &format!("{row}  {}", Paint::Tone(bar.tone).around(&"█".repeat(length))),
        }
        text.push('\n');
    }
    text
}

/// Ranges as lines of `░` with `█` in the middle.
pub(super) fn ranges(chart: &RangeChart, width: usize) -> String {
    let mut text = wrapped(&Paint::Faint.around(&clean(&chart.caption)), "", "", width);
    let label = column(chart.points.iter().map(|point| &point.label), width);
    let shown: Vec<String> = chart.points.iter().map(|point| point.shown()).collect();
    let words = column(shown.iter(), width);
    let room = width.saturating_sub(label + words + 4).max(1);
    for (point, shown) in chart.points.iter().zip(&shown) {
        let at = |value: f64| cells(value, chart.most, room - 1);
        let (low, middle, high) = (at(point.low), at(point.middle), at(point.high));
        let mark = |place: usize| match place {
            place if place == middle => '█',
            place if (low..=high).contains(&place) => '░',
            _ => ' ',
        };
        let drawn: String = (0..=high.max(middle)).map(mark).collect();
        text += &format!("{}  {}  {drawn}\n", fitted(&clean(&point.label), label), fitted(shown, words));
    }
    text
}

/// The width of a column that holds these texts.
fn column<'t>(texts: impl Iterator<Item = &'t String>, width: usize) -> usize {
    texts.map(|text| clean(text).width()).max().unwrap_or(0).min(width / 3)
}

/// How many cells a value takes if the greatest takes all of them; what is not nothing takes at least one.
fn cells(value: f64, most: f64, room: usize) -> usize {
    if !(value > 0.0 && most > 0.0) {
        return 0;
    }
    ((value / most).min(1.0) * room as f64).round().max(1.0) as usize
}

/// The text in exactly so many columns.
fn fitted(text: &str, columns: usize) -> String {
    let width = text.width();
    if width <= columns {
        return format!("{text}{}", " ".repeat(columns - width));
    }
    let mut shown = String::new();
    let mut used = 0;
    for letter in text.chars() {
        used += letter.width().unwrap_or(0);
        if used >= columns {
            break;
        }
        shown.push(letter);
    }
    let left = columns.saturating_sub(shown.width() + 1);
    format!("{shown}…{}", " ".repeat(left))
}
