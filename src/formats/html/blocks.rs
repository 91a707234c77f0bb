//! Each block as HTML, and the tables.

use maud::{Markup, html};

use super::card::card;
use super::inline::{Anchors, line, place};
use super::lists::{checklist, events, facts, month};
use super::{bars, graph, heat_map, timeline, tree};
use crate::report::{Align, Block, Cell, Row, Table, Tone};

/// Texts of cells up to this length stay on one line.
const SHORT: usize = 18;

/// A block that is neither a heading nor an appendix; `id` names its place in the page.
pub(super) fn block(block: &Block, id: &str, anchors: &Anchors<'_>) -> Markup {
    html! {
        @match block {
            Block::Heading { .. } | Block::Appendix { .. } => {}
            Block::Text(text) => p { (line(text, anchors)) },
            Block::Facts(list) => (facts("facts", list, anchors)),
            Block::Bullets(lines) => ul { @for text in lines { li { (line(text, anchors)) } } },
            Block::Checklist(list) => (checklist(&list.items, anchors)),
            Block::Table(drawn) => (table(drawn, anchors)),
            Block::Tree(drawn) => (tree::figure(drawn, anchors)),
            Block::Graph(drawn) => (graph::figure(drawn, id, anchors)),
            Block::Timeline(drawn) => (timeline::figure(drawn)),
            Block::Events(list) => (events(list, anchors)),
            Block::Month(drawn) => (month(drawn)),
            Block::HeatMap(map) => (heat_map::figure(map, anchors)),
            Block::BarChart(chart) => (bars::figure(chart)),
            Block::RangeChart(chart) => (bars::ranges(chart)),
            Block::Card(drawn) => (card(drawn, anchors)),
            Block::Callout { tone, text } => (callout(*tone, line(text, anchors))),
        }
    }
}

fn callout(tone: Tone, text: Markup) -> Markup {
    html! {
        div class={ "callout " (tone.name()) } {
            span.glyph aria-hidden="true" { (tone.glyph()) }
            p { (text) }
        }
    }
}

/// A part that may be wider than the screen: it scrolls by itself, with a keyboard, too.
pub(super) fn scrolling(label: &str, class: &str, content: Markup) -> Markup {
    let label = if label.is_empty() { "Figure" } else { label };
    html! { div class={ "scroll " (class) } role="region" aria-label=(label) tabindex="0" { (content) } }
}

fn table(table: &Table, anchors: &Anchors<'_>) -> Markup {
    if table.rows.is_empty() {
        return html! { p.nothing { @if !table.caption.is_empty() { (table.caption) ": " } "nothing." } };
    }
    let class = if table.grid { "grid" } else { "list" };
    let drawn = html! {
        table class=(class) {
            @if !table.caption.is_empty() { caption { (table.caption) } }
            thead { tr { @for column in &table.columns {
                th scope="col" class=[align(column.align)] { span { (column.title) } }
            } } }
            tbody { @for cells in &table.rows { (row(table, cells, anchors)) } }
        }
    };
    scrolling(&table.caption, "", drawn)
}

fn row(table: &Table, row: &Row, anchors: &Anchors<'_>) -> Markup {
    let name = row.anchor.as_deref().map(place);
    html! {
        tr id=[name] {
            @for (index, (cell, column)) in row.cells.iter().zip(&table.columns).enumerate() {
                @if index == 0 {
                    th scope="row" { @match &row.anchor { Some(id) => (anchors.id_of_this(id)), None => (line(&cell.text, anchors)) } }
                } @else {
                    td class=[class(cell, column.align)] { (line(&cell.text, anchors)) }
                }
            }
        }
    }
}

fn align(align: Align) -> Option<&'static str> {
    match align {
        Align::Left => None,
        Align::Center => Some("center"),
        Align::Right => Some("right"),
    }
}

fn class(cell: &Cell, column: Align) -> Option<String> {
    // A date or a word is not broken, whatever hyphens it has.
    let short = (cell.text.text().chars().count() <= SHORT).then_some("short");
    let names: Vec<&str> = cell.tone.map(Tone::name).into_iter().chain(align(column)).chain(short).collect();
    (!names.is_empty()).then(|| names.join(" "))
}
