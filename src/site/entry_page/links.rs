//! What an entry is joined with, both ways.

use super::super::Site;
use crate::model::phrase::counted;
use crate::model::{Choice, EntryIndex};
use crate::report::listing::heading;
use crate::report::words::status;
use crate::report::{Cell, Line, Report, Table};
use crate::verdict::entry_state::entry_state;

/// Lowers the links.
pub(super) fn chapters(site: Site<'_>, index: EntryIndex, report: &mut Report) {
    let graph = site.inputs.basis.graph;
    let out: Vec<_> = graph.outgoing(index).map(|edge| (edge.kind.word(), edge.to)).collect();
    let back: Vec<_> = graph.incoming(index).map(|edge| (edge.kind.word(), edge.from)).collect();
    table(site, ("Links", "Link"), out, report);
    table(site, ("Linked from", "By its field"), back, report);
    let Some(mentions) = site.entries.mentions_of(index) else { return };
    prose(site, "Mentions", &mentions.out, report);
    prose(site, "Mentioned by", &mentions.back, report);
}

fn table(site: Site<'_>, (title, by): (&str, &str), links: Vec<(&str, EntryIndex)>, report: &mut Report) {
    if links.is_empty() {
        return;
    }
    report.chapter(title);
    let mut table = Table::new(counted(links.len(), "link"), &["Entry", "Title", by, "Status"]);
    for (kind, other) in links {
        let entry = site.plan().entry(other);
        table.row([
            Cell::from(Line::id(entry.id.value.to_string())),
            Cell::from(Line::prose(entry.title())),
            Cell::from(heading(kind)),
            Cell::from(status(entry_state(entry), entry.status())),
        ]);
    }
    report.push(table);
}

fn prose(site: Site<'_>, title: &str, others: &[EntryIndex], report: &mut Report) {
    if others.is_empty() {
        return;
    }
    report.chapter(title);
    let mut table = Table::new(counted(others.len(), "mention"), &["Entry", "Title"]);
    for other in others {
        let entry = site.plan().entry(*other);
        table.row([Cell::from(Line::id(entry.id.value.to_string())), Cell::from(Line::prose(entry.title()))]);
    }
    report.push(table);
}
