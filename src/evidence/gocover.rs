//! Coverage as a profile of `go test -coverprofile` (`cmd/cover`, `golang.org/x/tools/cover`).
//!
//! A first line with the mode, then a block of statements each: `FILE:LINE.COLUMN,LINE.COLUMN STATEMENTS COUNT`. Go counts
//! statements, and so the share of lines is that of statements, as `go tool cover -func` prints it. With `-coverpkg` and in
//! merged profiles a block is listed once for each test binary: it counts once.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::coverage::totals::{self, Count};
use super::coverage::{Block, Record};
use super::input::{Found, Input};
use super::{EvidenceDefect, EvidenceDefectKind};

/// What the first line says of how blocks were counted.
const MODES: [&str; 3] = ["set", "count", "atomic"];

/// Whether a text begins like a profile.
pub(super) fn begins_like_a_profile(text: &str) -> bool {
    text.lines().next().and_then(mode).is_some()
}

fn mode(line: &str) -> Option<&str> {
    line.trim().strip_prefix("mode:").map(str::trim).filter(|mode| MODES.contains(mode))
}

/// Reads a profile. A line that is broken is named, and reading goes on behind it.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut files: FxHashMap<&'s str, usize> = FxHashMap::default();
    let mut known: FxHashMap<(&'s str, [u32; 4]), u32> = FxHashMap::default();
    for line in input.text.split_inclusive('\n') {
        let whole = line.ends_with('\n');
        let line = line.trim_ascii();
        // Profiles that are put one behind the other have several first lines.
        if line.is_empty() || mode(line).is_some() {
            continue;
        }
        if !whole {
            let reason = "the file ends inside a line, and every line of a profile ends in a line break";
            found.broken(input.malformed(input.text.len(), reason));
        }
        let Some((path, block, count)) = entry(line) else {
            let reason = "a block looks like `shop/cart.go:5.2,6.27 2 1`";
            found.broken(totals::at(input, line, reason));
            continue;
        };
        if *known.entry((path, block.place)).or_insert(block.statements) != block.statements {
            let reason =
                "the same block has another number of statements before: the profiles are of other code";
            found.broken(totals::at(input, line, reason));
        }
        let is_executed = count.is_hit(input, found, line);
        let records = &mut found.records;
        let index = *files.entry(path).or_insert_with(|| {
            let mut record = Record::new(found.index, input.place(line), Cow::Borrowed(path), None);
            record.is_global = is_import_path(path);
            records.push(record);
            records.len() - 1
        });
        if let Some(record) = records.get_mut(index) {
            record.blocks.push((block, is_executed));
        }
    }
    if found.records.is_empty() {
        found.broken(EvidenceDefect { span: input.at(0, 0), kind: EvidenceDefectKind::NoCoverage });
    }
}

/// A file, a block of it, and how often it was executed.
fn entry(line: &str) -> Option<(&str, Block, Count)> {
    let (rest, count) = line.rsplit_once(' ')?;
    let (rest, statements) = rest.rsplit_once(' ')?;
    let (path, place) = rest.rsplit_once(':')?;
    let (start, end) = place.split_once(',')?;
    let position = |text: &str| {
        let (line, column) = text.split_once('.')?;
        Some((line.parse::<u32>().ok()?, column.parse::<u32>().ok()?))
    };
    let ((first, first_column), (last, last_column)) = (position(start)?, position(end)?);
    let place = [first, first_column, last, last_column];
    let block = Block { place, statements: statements.parse().ok()? };
    Some((path, block, Count::parse(count)?)).filter(|_| !path.is_empty())
}

/// Whether a path begins with the name of a host: such a module is the same one everywhere.
fn is_import_path(path: &str) -> bool {
    path.split('/').next().is_some_and(|host| host.trim_matches('.').contains('.') && path.contains('/'))
}
