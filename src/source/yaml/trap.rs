//! Names the trap behind a syntax error, and says how to read past it.

use super::events::{Reason, Stop};

/// Texts that YAML takes for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trap {
    /// `Threshold: >2% of requests`: `>` and `|` begin a block of text.
    BlockIndicator,
    /// `Owner: @team`: a character that no plain value may begin with.
    ReservedCharacter,
    /// `Note: see: below`: a colon and a space make a second key.
    Colon,
    /// A tab in the indentation.
    Tab,
    /// `Notification: #incidents`: a comment swallows the value.
    Comment,
    /// `Owner: &team`: an anchor swallows the value.
    Anchor,
    /// `Status: !important`: a tag swallows its word.
    Tag,
}

/// A trap, its text, and the byte whose masking lets the parser past it.
pub(super) struct Found {
    pub trap: Trap,
    pub start: usize,
    pub end: usize,
    pub mask: usize,
    pub with: u8,
}

/// The trap that the parser fell into, if it is one of the known ones.
pub(super) fn recognise(text: &str, stop: &Stop) -> Option<Found> {
    let offset = stop.offset.min(text.len());
    let line_start = memchr::memrchr(b'\n', &text.as_bytes()[..offset]).map_or(0, |at| at + 1);
    let line_end = memchr::memchr(b'\n', &text.as_bytes()[offset..]).map_or(text.len(), |at| offset + at);
    let line = text.get(line_start..line_end)?.trim_end();
    let line_end = line_start + line.len();
    let before = &line[..offset.min(line_end) - line_start];
    match stop.reason {
        Reason::BlockHeader => {
            whole_value(text, Trap::BlockIndicator, offset, line_end, |first| matches!(first, b'>' | b'|'))
        }
        Reason::ReservedCharacter => whole_value(text, Trap::ReservedCharacter, offset, line_end, |first| {
            matches!(first, b'@' | b'`' | b'%' | b'*' | b'&')
        }),
        Reason::ColonInValue => {
            let value = line_start + value_begin(before)?;
            Some(Found { trap: Trap::Colon, start: value, end: line_end, mask: offset, with: b'x' })
        }
        Reason::Tab => {
            let tab = line_start + line.find('\t')?;
            let end = tab + line[tab - line_start..].bytes().take_while(|&byte| byte == b'\t').count();
            Some(Found { trap: Trap::Tab, start: tab, end, mask: tab, with: b' ' })
        }
        Reason::TooDeep | Reason::Other => None,
    }
}

fn whole_value(text: &str, trap: Trap, start: usize, end: usize, fits: impl Fn(u8) -> bool) -> Option<Found> {
    fits(*text.as_bytes().get(start)?).then_some(Found {
        trap,
        start,
        end: end.max(start + 1),
        mask: start,
        with: b'x',
    })
}

/// Where the value begins in a line that holds `key: value` before the trap.
fn value_begin(before: &str) -> Option<usize> {
    let colon = before.find(": ")?;
    let value = before[colon + 1..].trim_start();
    (!value.is_empty()).then(|| before.len() - value.len())
}
