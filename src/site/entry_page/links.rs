//! What an entry is joined with, both ways.

use super::super::Site;
use crate::model::{Choice, EntryIndex};
use crate::report::listing::heading;
use crate::report::words::tone_of;
use crate::report::{Block, Fact, Line, Report};
use crate::verdict::entry_state::entry_state;

/// What an id in prose is called beside the kinds of links.
const MENTIONS: &str = "Mentions";

/// Lowers the links and the ids in prose.
pub(super) fn chapters(site: Site<'_>, index: EntryIndex, report: &mut Report) {
    let graph = site.inputs.basis.graph;
    let mentions = site.entries.mentions_of(index);
    let out = graph.outgoing(index).map(|edge| fact(site, &heading(edge.kind.word()), edge.to));
    let mentioned =
        mentions.iter().flat_map(|mentions| &mentions.out).map(|other| fact(site, MENTIONS, *other));
    chapter("Links", out.chain(mentioned).collect(), report);
    // The field is that of the other entry.
    let back = graph.incoming(index).map(|edge| fact(site, &heading(edge.kind.word()), edge.from));
    let mentioned =
        mentions.iter().flat_map(|mentions| &mentions.back).map(|other| fact(site, MENTIONS, *other));
    chapter("Linked from", back.chain(mentioned).collect(), report);
}

fn chapter(title: &str, links: Vec<Fact>, report: &mut Report) {
    if !links.is_empty() {
        report.chapter(title);
        report.push(Block::Facts(links));
    }
}

/// A link: its kind, and the entry at its far end with its status.
fn fact(site: Site<'_>, kind: &str, other: EntryIndex) -> Fact {
    let entry = site.plan().entry(other);
    let line = Line::id(entry.id.value.to_string()).and(" ").prose_too(entry.title());
    let line = match entry.status() {
        Some(status) => line.and(" ").badge_too(tone_of(entry_state(entry)), status),
        None => line,
    };
    Fact::new(kind, line)
}
