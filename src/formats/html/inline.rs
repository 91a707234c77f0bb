//! Text within a line, and where references lead.

use maud::{Markup, html};
use rustc_hash::FxHashSet;

use super::site::Place;
use crate::report::{Block, Inline, Line, Report, Tone};

/// Where ids lead: to the page of their entry in a site, elsewhere to the place that tells of it.
pub(super) struct Anchors<'r> {
    known: FxHashSet<&'r str>,
    place: Option<&'r Place<'r>>,
}

impl<'r> Anchors<'r> {
    /// The entries that cards and rows of tables tell of.
    pub(super) fn of(report: &'r Report, place: Option<&'r Place<'r>>) -> Self {
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
        Anchors { known, place }
    }

    /// Where an id leads, if it leads anywhere.
    pub(super) fn target(&self, id: &str) -> Option<String> {
        match self.place {
            Some(place) => place.entry(id),
            None => self.known.contains(id).then(|| format!("#{}", place(id))),
        }
    }

    /// Whether the page belongs to a site.
    pub(super) fn is_of_site(&self) -> bool {
        self.place.is_some()
    }

    /// An id, which leads where it can.
    pub(super) fn id(&self, id: &str) -> Markup {
        html! {
            @match self.target(id) {
                Some(target) => a.id href=(target) { (id) },
                None => span.id { (id) },
            }
        }
    }

    /// The id of what is told of right here: only in a site it leads elsewhere.
    pub(super) fn id_of_this(&self, id: &str) -> Markup {
        match self.place {
            Some(_) => self.id(id),
            None => html! { span.id { (id) } },
        }
    }

    fn page(&self, text: &str, path: &str) -> Markup {
        html! {
            @match self.place {
                Some(place) => a href=(place.to(path)) { (text) },
                None => (text),
            }
        }
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
            Inline::Id(id) => (anchors.id(id)),
            Inline::Page { text, path } => (anchors.page(text, path)),
            Inline::Badge(tone, text) => (badge(*tone, text)),
        }
    }
}

/// A word with its meaning: the glyph says it without the colour.
pub(super) fn badge(tone: Tone, word: &str) -> Markup {
    html! { span class={ "badge " (tone.name()) } { span aria-hidden="true" { (tone.glyph()) " " } (word) } }
}
