//! Documents for people at a terminal: wrapped to its width, coloured by meaning, and readable
//! without a colour.

mod charts;
mod head;
mod marks;
mod tables;

use rayon::prelude::*;

use super::{ViewFormat, draws_everything};
use crate::formats::terminal::Style;
use crate::report::{Block, Card, Checklist, Fact, Item, Line, Mark, Report, Tone};

use marks::{Paint, clean, marked, painted};

/// The format.
pub const FORMAT: ViewFormat = ViewFormat {
    name: "terminal",
    about: "for the terminal (default)",
    extensions: &["txt"],
    draws: draws_everything,
    write,
};

/// The widths between which lines can be read.
const NARROWEST: usize = 40;
const WIDEST: usize = 200;

fn write(report: &Report, style: Style) -> String {
    let width = style.width.clamp(NARROWEST, WIDEST);
    let mut text = wrapped(&Paint::Title.around(&clean(&report.title)), "", "", width);
    if let Some(subtitle) = &report.subtitle {
        text += &wrapped(&clean(subtitle), "", "", width);
    }
    text += &format!("as of {}\n", report.day);
    text += &head::drawn(&report.head, width);
    // Wrapping by what is seen is most of the work of a large document, and no block knows of another.
    let blocks: Vec<String> = report.blocks.par_iter().map(|block| drawn(block, width)).collect();
    for block in blocks {
        text += "\n";
        text += &block;
    }
    painted(&text, style.colour)
}

/// A line on its own, for what is asked at the terminal.
pub fn line(line: &Line, indent: &str, style: Style) -> String {
    let width = style.width.clamp(NARROWEST, WIDEST);
    painted(&wrapped(&marked(line), indent, indent, width), style.colour)
}

fn drawn(block: &Block, width: usize) -> String {
    match block {
        Block::Heading { level, text } => heading(*level, text, width),
        Block::Text(line) => wrapped(&marked(line), "", "", width),
        Block::Facts(list) => facts(list, width),
        Block::Bullets(lines) => lines.iter().map(|line| wrapped(&marked(line), "- ", "  ", width)).collect(),
        Block::Checklist(list) => checklist(list, width),
        Block::Table(table) => tables::table(table, width),
        Block::Tree(tree) => charts::tree(tree, width),
        Block::Graph(graph) => charts::graph(graph, width),
        Block::Timeline(timeline) => charts::timeline(timeline, width),
        Block::Events(events) => tables::events(events, width),
        Block::Month(month) => tables::month(month, width),
        Block::HeatMap(map) => tables::heat_map(map, width),
        Block::BarChart(chart) => charts::bars(chart, width),
        Block::RangeChart(chart) => charts::ranges(chart, width),
        Block::Callout { tone, text } => {
            let mark = Paint::Tone(*tone).around(tone.glyph());
            wrapped(&marked(text), &format!("{mark} "), "  ", width)
        }
        Block::Card(drawn) => card(drawn, width),
        Block::Appendix { title, blocks } => {
            let parts = blocks.iter().map(|block| drawn(block, width));
            std::iter::once(heading(2, title, width)).chain(parts).collect::<Vec<_>>().join("\n")
        }
    }
}

fn card(card: &Card, width: usize) -> String {
    let badge = Paint::Tone(card.tone).around(&format!("{} {}", card.tone.glyph(), clean(&card.word)));
    let title = Paint::Strong.around(&clean(&card.title.text()));
    let mut text = wrapped(&title, &format!("{badge}  "), "  ", width);
    text += &facts(&card.facts, width);
    for procedure in &card.procedures {
        text += &wrapped(&marked(&procedure.title), "", "", width);
        for (step, number) in procedure.steps.iter().zip(1..) {
            text += &wrapped(&marked(step), &format!("{number:>4}. "), "      ", width);
        }
    }
    text += &facts(&card.afterwards, width);
    text
}

fn heading(level: u8, text: &Line, width: usize) -> String {
    let line = wrapped(&Paint::Strong.around(&clean(&text.text())), "", "", width);
    match level {
        2 => format!("{line}{}\n", "─".repeat(width)),
        _ => line,
    }
}

/// Text in lines of at most `width` columns, each with its line break.
fn wrapped(text: &str, first: &str, rest: &str, width: usize) -> String {
    let options = textwrap::Options::new(width)
        .initial_indent(first)
        .subsequent_indent(rest)
        // Ids have hyphens, and half an id is none.
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let lines = textwrap::wrap(text, options);
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn facts(facts: &[Fact], width: usize) -> String {
    let label = |fact: &Fact| unicode_width::UnicodeWidthStr::width(clean(&fact.label).as_str());
    let widest = facts.iter().map(label).max().unwrap_or(0).min(width * 2 / 3);
    let mut text = String::new();
    for fact in facts {
        // A label without room beside it has lines of its own.
        if label(fact) > widest {
            text += &wrapped(&Paint::Faint.around(&clean(&fact.label)), "", "", width);
            text += &wrapped(&marked(&fact.value), "  ", "  ", width);
            continue;
        }
        let space = " ".repeat(widest.saturating_sub(label(fact)) + 2);
        let first = format!("{}{space}", Paint::Faint.around(&clean(&fact.label)));
        text += &wrapped(&marked(&fact.value), &first, &" ".repeat(widest + 2), width);
    }
    text
}

fn checklist(list: &Checklist, width: usize) -> String {
    let mut text = String::new();
    items(&list.items, 0, width, &mut text);
    text
}

fn items(list: &[Item], depth: usize, width: usize, text: &mut String) {
    let indent = "  ".repeat(depth.min(width / 8));
    for item in list {
        let (mark, below) = match item.mark {
            Some(Mark::Box) => (format!("{indent}{} ", Mark::BOX), format!("{indent}  ")),
            Some(Mark::Verdict(tone)) => (format!("{indent}{} ", verdict(tone)), format!("{indent}  ")),
            None => (indent.clone(), indent.clone()),
        };
        let blocking = if item.blocking { " [blocker]" } else { "" };
        let owner = item.owner.as_ref().map(|owner| format!(" ({})", clean(owner))).unwrap_or_default();
        *text += &wrapped(&format!("{}{blocking}{owner}", marked(&item.text)), &mark, &below, width);
        for (word, line) in [("evidence", &item.proof), ("next", &item.next)] {
            if let Some(line) = line {
                let first = format!("{below}  {} ", Paint::Faint.around(&format!("{word}:")));
                *text += &wrapped(&marked(line), &first, &format!("{below}    "), width);
            }
        }
        items(&item.items, depth + 1, width, text);
    }
}

/// A glyph and a word, all of one width so that texts begin below each other.
fn verdict(tone: Tone) -> String {
    Paint::Tone(tone).around(&format!("{} {:<7}", tone.glyph(), tone.word()))
}
