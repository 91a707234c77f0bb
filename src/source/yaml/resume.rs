//! Where to read on after a part that could not be read.

use super::events::{Unit, UnitKind};
use super::line::Line;
use crate::source::Pair;

/// A place to begin a new fragment at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Resume {
    pub start: usize,
    /// Whether it belongs to the document that broke.
    pub same_document: bool,
}

/// The first line after the beginning of a unit, and not behind `limit`, that
/// begins another unit of the same kind at the same column, or another document.
pub(super) fn next_unit(text: &str, unit: &Unit, limit: usize) -> Option<Resume> {
    let mut line = Line::at(text, unit.start).next(text);
    while let Some(found) = line.filter(|found| found.start <= limit) {
        let content = &text[found.content..found.end];
        let same_document = match unit.kind {
            UnitKind::Item => found.is_item_at(unit.column),
            UnitKind::Pair => found.column() == unit.column && names_an_entry(content),
            UnitKind::Document => false,
        };
        if same_document || begins_document(&text[found.start..found.end]) {
            return Some(Resume { start: found.start, same_document });
        }
        line = found.next(text);
    }
    None
}

/// Whether a line looks like `DEP-001: …`, a key that is an id.
pub(super) fn names_an_entry(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, _)| is_name(key))
}

/// Whether a key looks like an id.
pub(super) fn is_name(key: &str) -> bool {
    let upper = key.starts_with(|first: char| first.is_ascii_uppercase());
    let number = |part: &str| part.starts_with(|first: char| first.is_ascii_digit());
    // A template's `DEP-XXX` names an entry that has no number yet.
    let placeholder = |part: &str| part.len() > 1 && part.bytes().all(|byte| byte == b'X');
    upper && !key.contains(' ') && key.split('-').skip(1).any(|part| number(part) || placeholder(part))
}

/// Whether an entry that begins with its `id` ends before a pair, because that is the id of another: somebody
/// forgot the `---` between them.
pub fn begins_with_other_id(entry: &[Pair<'_>], next: &Pair<'_>) -> bool {
    let id = |pair: &Pair<'_>| pair.key.text() == Some("id");
    entry.first().is_some_and(|first| id(first) && id(next) && first.value.text() != next.value.text())
}

fn begins_document(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}
