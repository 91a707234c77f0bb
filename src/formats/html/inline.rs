//! Text within a line, and where references lead.

use maud::{Markup, html};
use rustc_hash::FxHashSet;

use crate::report::{Block, Inline, Line, Report, Tone};

/// The entries that the page tells of.
pub(super) struct Anchors<'r> {
    known: FxHashSet<&'r str>,
}

impl<'r> Anchors<'r> {
    /// The entries that cards and rows of tables tell of.
    pub(super) fn of(report: &'r Report) -> Self {
        let mut known = FxHashSet::default();
        for block in report.every_block() {
            match block {
                Block::Table(table) => {
                    known.extend(table.rows.iter().filter_map(|row| row.anchor.as_deref()))
                }
                Block::Card(card) => known.extend(card.anchor.as_deref()),
                _ => {}
            }
        }
        Anchors { known }
    }

    /// A line without references, for places that are references themselves.
    pub(super) fn plain(&self, line: &Line) -> Markup {
        html! { (line.text()) }
    }
}

/// The name of the place that tells of an entry.
pub(super) fn place(id: &str) -> String {
    let name: String =
        id.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    format!("e-{name}")
}

/// A line.
pub(super) fn line(line: &Line, anchors: &Anchors<'_>) -> Markup {
    html! { @for piece in &line.0 { (inline(piece, anchors)) } }
}

fn inline(piece: &Inline, anchors: &Anchors<'_>) -> Markup {
    html! {
        @match piece {
            Inline::Plain(text) => (text),
            Inline::Strong(text) => strong { (text) },
            Inline::Code(text) => code { (text) },
            Inline::Id(id) if anchors.known.contains(id.as_str()) => a.id href={ "#" (place(id)) } { (id) },
            Inline::Id(id) => span.id { (id) },
            Inline::Badge(tone, text) => (badge(*tone, text)),
        }
    }
}

/// A word with its meaning: the glyph says it without the colour.
pub(super) fn badge(tone: Tone, word: &str) -> Markup {
    html! { span class={ "badge " (tone.name()) } { span aria-hidden="true" { (tone.glyph()) " " } (word) } }
}
