//! Values that YAML makes nothing of, or less than was written, without an error.

use std::ops::Range;

use super::Trap;
use super::line::{Line, is_blank, value_end};
use crate::source::{Scalar, Style};

/// What was written behind a key, ending at `key_end`, whose value is empty for YAML.
pub(super) fn value(text: &str, key_end: usize, empty: &Scalar<'_>) -> Option<(Trap, Range<usize>)> {
    let line = text.get(key_end..)?.lines().next()?;
    let value = line.strip_prefix(':').or_else(|| line.trim_start().strip_prefix(':'))?.trim_start();
    let start = key_end + line.len() - value.len();
    let end = start + value.trim_end().len();
    let range = start..if value.starts_with('#') { end } else { value_end(text, start, end) };
    match value.as_bytes() {
        [b'#', next, ..] if !next.is_ascii_whitespace() && !matches!(next, b'#' | b'!') => {
            Some((Trap::Comment, range))
        }
        [b'>' | b'|', next, ..] if next.is_ascii_digit() && empty.style == Style::Block => {
            Some((Trap::BlockIndicator, range))
        }
        [b'&', next, ..] if !next.is_ascii_whitespace() => Some((Trap::Anchor, range)),
        _ => None,
    }
}

/// What was written in an item that is empty for YAML and stands between two places.
pub(super) fn item(text: &str, from: usize, to: usize) -> Option<(Trap, Range<usize>)> {
    let mut line = Line::at(text, from);
    while line.start <= to {
        let found = text.get(line.body..line.end)?;
        let empty = line.body >= from && line.body > line.content;
        match found.as_bytes() {
            [b'#', next, ..] if empty && !next.is_ascii_whitespace() && *next != b'#' => {
                return Some((Trap::Comment, line.body..line.end));
            }
            [b'&', next, ..] if empty && !next.is_ascii_whitespace() => {
                return Some((Trap::Anchor, line.body..value_end(text, line.body, line.end)));
            }
            _ => line = line.next(text)?,
        }
    }
    None
}

/// The comment that cuts off a plain value or item ending at `end`, if it looks like
/// a part of it: `Fixes #123`, `Slack #incidents, PagerDuty`, `Write to #shop and wait`.
///
/// The blank decides. A number, or a word in small letters, directly behind
/// the `#` is a name: of an issue, of a channel. A comment that is meant as
/// one has a blank behind its `#`, begins with a capital, or is one of the
/// words that programmers leave behind.
pub(super) fn tail(text: &str, end: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    if !bytes.get(end).is_some_and(|&byte| is_blank(byte)) {
        return None;
    }
    let line = Line::at(text, end);
    let rest = text.get(end..line.end)?;
    let comment = rest.trim_start();
    let words = comment.strip_prefix('#')?;
    let word = words.split([' ', '\t', ',', ';', ')', '.', '!', '?']).next()?;
    let number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    let channel = word.len() > 1 && word.bytes().all(lower) && !is_marker(word);
    (number || channel).then(|| line.end - comment.len()..line.end)
}

/// Words that programmers put behind a `#` without a blank.
fn is_marker(word: &str) -> bool {
    matches!(word, "todo" | "fixme" | "xxx" | "hack" | "tbd" | "noqa" | "nosec" | "relplan")
}
