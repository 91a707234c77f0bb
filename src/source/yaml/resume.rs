//! Where to read on after a part that could not be read.

use super::events::{Stop, UnitKind};

/// A place to begin a new fragment at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Resume {
    pub start: usize,
    /// Whether it belongs to the document that broke.
    pub same_document: bool,
}

/// The first line after the broken unit that begins another unit of the same
/// kind at the same column, or another document.
pub(super) fn next_unit(text: &str, stop: &Stop) -> Option<Resume> {
    let first_line_end = line_end(text, stop.unit.start);
    let mut start = first_line_end;
    for line in text.get(first_line_end..)?.split_inclusive('\n') {
        let same_document = match stop.unit.kind {
            UnitKind::Item => begins_item(line, stop.unit.column),
            UnitKind::Pair => names_an_entry(line.trim_end()),
            UnitKind::Document => false,
        };
        if same_document || begins_document(line) {
            return Some(Resume { start, same_document });
        }
        start += line.len();
    }
    None
}

/// Whether a line without indentation looks like `DEP-001: …`, a key that is an id.
pub(super) fn names_an_entry(line: &str) -> bool {
    let key = line.split(':').next().unwrap_or("");
    let upper = key.starts_with(|first: char| first.is_ascii_uppercase());
    let number = key.split('-').skip(1).any(|part| part.starts_with(|first: char| first.is_ascii_digit()));
    upper && number && line.len() > key.len() && !key.contains(' ')
}

fn begins_item(line: &str, column: usize) -> bool {
    let content = line.trim_start_matches(' ');
    line.len() - content.len() == column
        && content.strip_prefix('-').is_some_and(|rest| rest.starts_with([' ', '\n', '\r']))
}

fn begins_document(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

fn line_end(text: &str, offset: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[offset.min(text.len())..]).map_or(text.len(), |at| offset + at + 1)
}
