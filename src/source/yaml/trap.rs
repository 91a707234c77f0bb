//! Names what the parser fell into, and says how to read past it.
//!
//! Everything here works on the lines of the text, because the parser says no
//! more than where it stopped.

use std::ops::Range;

use super::events::Stop;
use super::line::{Line, flow_item_end, is_blank, quote_end, value_end};
use super::mask::Mask;
use super::reason::Reason;
use super::resume;

/// Texts that YAML takes for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trap {
    /// `Threshold: >2% of requests`: `>` and `|` begin a block of text.
    BlockIndicator,
    /// `Owner: @team`: a character that no plain value may begin with.
    ReservedCharacter,
    /// `- [ ] Backup taken`: brackets are a list, and nothing may follow a list.
    Bracket,
    /// `Title: "Fast" search`: nothing may follow a closing quote.
    Quote,
    /// `Note: see: below`: a colon and a space make a second key.
    Colon,
    /// A tab in the indentation.
    Tab,
    /// `1. Alert` in the column of the keys, which is no list.
    NumberedLine,
    /// `Notification: #incidents`: a comment swallows the value.
    Comment,
    /// `Owner: Team #2`: a comment swallows the end of the value.
    CommentInside,
    /// `Owner: &team`: an anchor swallows the value.
    Anchor,
    /// `Status: !important`: a tag swallows its word.
    Tag,
    /// `- Stop` indented deeper than the item above it: the dash continues the text there.
    FoldedDash,
}

/// What stands at a place where the parser stopped, and how to read past it.
pub(super) struct Repair {
    pub what: RepairFinding,
    pub span: Range<usize>,
    pub masks: Vec<Mask>,
}

/// What to report.
pub(super) enum RepairFinding {
    Trap(Trap),
    Syntax(&'static str),
    /// A list below a key that has this text already.
    ListBehindText(Range<usize>),
    /// Nothing yet: what follows will be reported when it is read.
    Later,
}

impl Repair {
    /// The whole of `span` becomes plain text.
    fn text(trap: Trap, span: Range<usize>) -> Self {
        Repair { what: RepairFinding::Trap(trap), masks: vec![Mask::text(span.clone())], span }
    }

    fn syntax(words: &'static str, span: Range<usize>, masks: Vec<Mask>) -> Self {
        Repair { what: RepairFinding::Syntax(words), span, masks }
    }
}

/// A way past the place where the parser stopped, if one is known that loses nothing else.
pub(super) fn recognise(text: &str, stop: &Stop) -> Option<Repair> {
    let line = Line::at(text, stop.offset);
    match stop.reason {
        Reason::Indicator => indicator(text, stop, &line),
        Reason::Colon => numbered_lines(text, &line, true).or_else(|| colon(text, stop, &line)),
        Reason::AfterQuote => hash_in_brackets(text, stop, &line)
            .or_else(|| behind(text, stop, &line))
            .or_else(|| open_quote(text, stop)),
        Reason::OpenQuote => open_quote(text, stop),
        Reason::Escape => escape(text, stop),
        Reason::NoKey => behind(text, stop, &line).or_else(|| list_behind_text(text, stop, &line)),
        Reason::NoPair => numbered_lines(text, &line, false),
        Reason::CommentInText => numbered_lines(text, &line, true)
            .or_else(|| numbered_lines(text, &line.previous(text)?, true))
            .or_else(|| comment_in_text(text, stop, &line)),
        Reason::Tab => tabs(text, stop),
        Reason::OpenBracket => bracket(text, stop, &line),
        Reason::ClosingBracket => {
            indicator(text, stop, &line).or_else(|| take_away(text, stop, |found| matches!(found, ']' | '}')))
        }
        Reason::Character => {
            take_away(text, stop, |found| found != '\t' && found.is_control() || found == '\u{feff}')
        }
        Reason::TooDeep | Reason::DocumentEnd | Reason::Other => None,
    }
}

/// The place that is to blame for an error: where a quote or a bracket opens
/// that is not closed, or where the parser stopped.
pub(super) fn culprit(text: &str, stop: &Stop) -> usize {
    match stop.reason {
        Reason::OpenQuote | Reason::AfterQuote => opening_quote(text, stop.last, stop.offset),
        Reason::OpenBracket | Reason::Colon | Reason::TooDeep => stop.flow,
        _ => None,
    }
    .unwrap_or(stop.offset)
}

/// Where the brackets begin that the parser stopped in. It may not have said so
/// yet: as long as the brackets may be a key, it waits for the colon.
fn flow(text: &str, stop: &Stop, line: &Line) -> Option<usize> {
    let opens = |&at: &usize| {
        at < stop.offset && matches!(text.as_bytes()[at], b'[' | b'{') && !closes(text, at, stop.offset)
    };
    stop.flow.or(line.value.filter(opens)).or(Some(line.body).filter(|&at| at < line.end).filter(opens))
}

/// A value, or a key, that begins with a character YAML keeps for itself.
fn indicator(text: &str, stop: &Stop, line: &Line) -> Option<Repair> {
    let start = stop.offset;
    let trap = match text.as_bytes().get(start)? {
        b'>' | b'|' => Trap::BlockIndicator,
        b'!' => Trap::Tag,
        b'@' | b'`' | b'%' | b'*' | b'&' | b'?' | b'-' | b',' | b']' | b'}' => Trap::ReservedCharacter,
        _ => return None,
    };
    if flow(text, stop, line).is_some() {
        return Some(Repair::text(trap, start..flow_item_end(text, start, line.end).max(start + 1)));
    }
    let begins = line.value == Some(start) || line.body == start || line.content == start;
    if !begins {
        return None;
    }
    Some(Repair::text(trap, key_at(text, line, start).unwrap_or_else(|| line.value_from(text, start))))
}

/// The key that begins at `start`, if `start` is where a key stands.
fn key_at(text: &str, line: &Line, start: usize) -> Option<Range<usize>> {
    let key = &text[start..line.value.filter(|&value| value > start)?];
    let length = key.trim_end().strip_suffix(':')?.trim_end().len();
    Some(start..start + length)
}

/// A colon in a value.
fn colon(text: &str, stop: &Stop, line: &Line) -> Option<Repair> {
    let bytes = text.as_bytes();
    if bytes.get(stop.offset) != Some(&b':') {
        return bracket(text, stop, line);
    }
    if let Some(flow) = flow(text, stop, line) {
        let before = &bytes[flow..stop.offset];
        let start = before.iter().rposition(|byte| matches!(byte, b',' | b'[' | b'{' | b':'))?;
        let start = flow + start + 1;
        let start = start + bytes[start..].iter().take_while(|&&byte| byte.is_ascii_whitespace()).count();
        return Some(Repair::text(Trap::Colon, start..flow_item_end(text, start, line.end)));
    }
    let start = line.value.filter(|&start| start < stop.offset)?;
    let trap = match bytes[start] {
        b'"' | b'\'' => Trap::Quote,
        b'[' | b'{' => Trap::Bracket,
        _ => Trap::Colon,
    };
    Some(Repair::text(trap, line.value_from(text, start)))
}

/// `[#releases, pager]`: what looks like a comment is an item.
fn hash_in_brackets(text: &str, stop: &Stop, line: &Line) -> Option<Repair> {
    let before = text.as_bytes().get(stop.offset.checked_sub(1)?)?;
    let item = text.as_bytes().get(stop.offset) == Some(&b'#') && matches!(before, b'[' | b'{' | b',');
    let end = flow_item_end(text, stop.offset, line.end);
    item.then(|| Repair::text(Trap::ReservedCharacter, stop.offset..end))
}

/// Text behind something that is complete: a quoted text, brackets, an alias.
fn behind(text: &str, stop: &Stop, line: &Line) -> Option<Repair> {
    if stop.flow.is_some() {
        return bracket(text, stop, line);
    }
    let fits = |&start: &usize| start < stop.offset && trap_of_beginning(text, start).is_some();
    let start = line.value.filter(fits).or_else(|| Some(line.body).filter(fits))?;
    Some(Repair::text(trap_of_beginning(text, start)?, line.value_from(text, start)))
}

fn trap_of_beginning(text: &str, start: usize) -> Option<Trap> {
    match text.as_bytes().get(start)? {
        b'"' | b'\'' => Some(Trap::Quote),
        b'[' | b'{' => Some(Trap::Bracket),
        b'*' | b'&' => Some(Trap::ReservedCharacter),
        _ => None,
    }
}

/// A quote that is not closed where its writer thought.
fn open_quote(text: &str, stop: &Stop) -> Option<Repair> {
    let quote = opening_quote(text, stop.last, stop.offset)?;
    let line = Line::at(text, quote);
    if stop.flow.is_some() {
        let masks = bracket(text, stop, &line)?.masks;
        return Some(Repair::syntax(words_for_quote(stop), quote..quote + 1, masks));
    }
    // Before a key, the quote leaves nothing of its line to rely on.
    if line.body == quote && line.content == quote {
        return None;
    }
    let value = line.value_from(text, quote);
    let masks = vec![Mask::blank(quote..quote + 1), Mask::text(quote + 1..value.end)];
    Some(Repair::syntax(words_for_quote(stop), quote..quote + 1, masks))
}

fn words_for_quote(stop: &Stop) -> &'static str {
    match stop.reason {
        Reason::AfterQuote => "this quote is closed before its text ends",
        _ => "this quote is not closed",
    }
}

/// The first quote between two places that begins a value and is not closed in its line.
fn opening_quote(text: &str, from: usize, to: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < to.min(bytes.len()) {
        let begins = matches!(bytes[at], b'"' | b'\'') && begins_a_value(&bytes[..at]);
        match begins.then(|| quote_end(text, at, Line::at(text, at).end)) {
            Some(None) => return Some(at),
            Some(Some(end)) => at = end,
            None => at += 1,
        }
    }
    None
}

fn begins_a_value(before: &[u8]) -> bool {
    let last = before.iter().rev().find(|&&byte| !is_blank(byte));
    last.is_none_or(|byte| matches!(byte, b':' | b'-' | b'?' | b'[' | b'{' | b',' | b'\n'))
}

/// A backslash in double quotes that escapes nothing.
fn escape(text: &str, stop: &Stop) -> Option<Repair> {
    let bytes = text.as_bytes();
    let mut wrong = Vec::new();
    let mut at = stop.offset + memchr::memchr(b'"', bytes.get(stop.offset..)?)? + 1;
    while let Some(&byte) = bytes.get(at).filter(|&&byte| byte != b'"') {
        let escaped = byte == b'\\';
        if escaped && !begins_escape(&bytes[at + 1..]) {
            wrong.push(at..at + 1);
        } else if escaped {
            at += 1;
        }
        at += 1;
    }
    let span = wrong.first()?.clone();
    let words = "this backslash escapes nothing; in single quotes it is just a backslash";
    Some(Repair::syntax(words, span, wrong.into_iter().map(Mask::text).collect()))
}

fn begins_escape(rest: &[u8]) -> bool {
    let hex = |digits: usize| rest.len() > digits && rest[1..=digits].iter().all(u8::is_ascii_hexdigit);
    match rest.first() {
        // Surrogates have digits enough and are wrong all the same; nobody writes them by hand.
        Some(b'x') => hex(2),
        Some(b'u') => hex(4) && !matches!(rest[1..3], [b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F']),
        Some(b'U') => hex(8),
        Some(byte) => b"0abtnvfre \"/\\N_LP\t\r\n".contains(byte),
        None => false,
    }
}

/// A list below a key that has a text already.
fn list_behind_text(text: &str, stop: &Stop, line: &Line) -> Option<Repair> {
    let column = line.column();
    let at_item = stop.offset == line.content || stop.offset == line.body;
    if !at_item || !line.is_item_at(column) || stop.last_text.is_empty() {
        return None;
    }
    let mut masks = Vec::new();
    let mut end = line.end;
    let mut item = Some(*line);
    while let Some(found) = item {
        if !found.is_blank() && found.column() <= column && !found.is_item_at(column) {
            break;
        }
        if !found.is_blank() {
            let first = text[found.content..].chars().next().map_or(1, char::len_utf8);
            masks.push(Mask { range: found.content..found.content + first, with: b'#' });
            end = found.end;
        }
        item = found.next(text);
    }
    Some(Repair {
        what: RepairFinding::ListBehindText(stop.last_text.clone()),
        span: line.content..end,
        masks,
    })
}

/// A comment behind a line of a text that goes on. If it goes on with a dash, that is to blame.
fn comment_in_text(text: &str, stop: &Stop, line: &Line) -> Option<Repair> {
    if text.as_bytes().get(stop.offset) != Some(&b'#') {
        return None;
    }
    let is_item = line.next(text).is_some_and(|next| next.body > next.content);
    let what = if is_item { RepairFinding::Later } else { RepairFinding::Syntax(stop.words) };
    let span = stop.offset..line.end;
    Some(Repair { what, masks: vec![Mask::blank(span.clone())], span })
}

/// `1. Alert` and the like below a key without a value: in the column of the keys, or `deeper`.
fn numbered_lines(text: &str, line: &Line, deeper: bool) -> Option<Repair> {
    let column = line.column();
    number_end(text, line)?;
    let numbered = |line: &Line| line.column() == column && number_end(text, line).is_some();
    let mut first = *line;
    while let Some(before) = first.previous(text).filter(numbered) {
        first = before;
    }
    let key = first.previous(text)?;
    let is_below = if deeper { key.body - key.start < column } else { key.body - key.start >= column };
    if !text[key.body..key.end].ends_with(':') || !is_below {
        return None;
    }
    let mut masks = Vec::new();
    let mut end = first.end;
    let mut next = Some(first);
    while let Some(line) = next.filter(|line| numbered(line) || line.column() > column && !line.is_blank()) {
        let text_from = if numbered(&line) { number_end(text, &line)? } else { line.content };
        if numbered(&line) {
            masks.push(Mask::blank(line.content + 1..text_from));
            masks.push(Mask { range: line.content..line.content + 1, with: b'-' });
        }
        let text_end = value_end(text, text_from, line.end);
        masks.push(Mask::text(text_from..text_end));
        end = line.end;
        next = line.next(text);
        // A comment would end the text that the next line goes on with.
        if next.is_some_and(|next| next.column() > column && !next.is_blank()) {
            masks.push(Mask::blank(text_end..line.end));
        }
    }
    Some(Repair { what: RepairFinding::Trap(Trap::NumberedLine), span: first.content..end, masks })
}

/// Where the text begins behind `1. `, `2) `.
fn number_end(text: &str, line: &Line) -> Option<usize> {
    let rest = &text[line.content..line.end];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = rest[digits..].strip_prefix(['.', ')'])?;
    let words = after.trim_start();
    (digits > 0 && words.len() < after.len() && !words.is_empty()).then(|| line.end - words.len())
}

/// Tabs at the beginning of lines of the unit. One space for each is the only
/// reading that leaves every place where it is.
fn tabs(text: &str, stop: &Stop) -> Option<Repair> {
    let end = resume::next_unit(text, &stop.unit, text.len()).map_or(text.len(), |next| next.start);
    let mut masks = Vec::new();
    let mut line = Some(Line::at(text, stop.unit.start));
    while let Some(found) = line.filter(|line| line.start < end) {
        let indentation = found.start..found.content;
        if text[indentation.clone()].contains('\t') && !found.is_blank() {
            masks.push(Mask::blank(indentation));
        }
        line = found.next(text);
    }
    let first = masks.first()?.range.clone();
    Some(Repair { what: RepairFinding::Trap(Trap::Tab), span: first, masks })
}

/// A collection in brackets that is not closed, or wrong inside.
fn bracket(text: &str, stop: &Stop, line: &Line) -> Option<Repair> {
    let opens = |&at: &usize| matches!(text.as_bytes().get(at), Some(b'[' | b'{')) && at <= stop.offset;
    let start = stop.flow.or(line.value.filter(opens)).or(Some(line.body).filter(opens))?;
    let line = Line::at(text, start);
    if let Some(hidden) = hidden_by_comment(text, start, &line) {
        return Some(Repair::text(Trap::ReservedCharacter, hidden));
    }
    // Without its brackets a whole entry would be nothing.
    let is_unit =
        line.is_item_at(stop.unit.column) && line.body == start || line.start + stop.unit.column == start;
    if stop.flow_is_unit || is_unit {
        return None;
    }
    let value = line.value_from(text, start);
    if let Some(quote) = opening_quote(text, start + 1, line.end) {
        let words = "this quote is not closed";
        return Some(Repair::syntax(words, quote..quote + 1, vec![Mask::text(value)]));
    }
    if closes(text, start, value.end.min(line.end)) {
        let place = text.floor_char_boundary(stop.offset.min(value.end.saturating_sub(1)));
        let end = text.ceil_char_boundary(place + 1);
        let words = "something inside these brackets is not YAML; quote it, or the whole value";
        return Some(Repair::syntax(words, place..end, vec![Mask::text(value)]));
    }
    let masks = vec![Mask::blank(start..start + 1), Mask::text(start + 1..value.end)];
    Some(Repair::syntax("this bracket is not closed", start..start + 1, masks))
}

/// `[pager, #releases]`: the item that hides the end of its brackets in a comment.
fn hidden_by_comment(text: &str, start: usize, line: &Line) -> Option<Range<usize>> {
    let end = value_end(text, start, line.end);
    let hides = end < line.end && !closes(text, start, end) && closes(text, start, line.end);
    let hash = end + memchr::memchr(b'#', &text.as_bytes()[end..line.end]).filter(|_| hides)?;
    Some(hash..flow_item_end(text, hash, line.end))
}

/// Whether as many brackets close as open between two places.
fn closes(text: &str, start: usize, end: usize) -> bool {
    let part = text.as_bytes().get(start..end).unwrap_or_default();
    let count = |brackets: [u8; 2]| part.iter().filter(|byte| brackets.contains(byte)).count();
    count([b'[', b'{']) <= count([b']', b'}'])
}

/// A single character that cannot stand there and means nothing. The parser
/// may have stopped at the beginning of the text that holds it.
fn take_away(text: &str, stop: &Stop, fits: impl Fn(char) -> bool) -> Option<Repair> {
    let rest = &text[stop.offset..];
    let (at, found) = rest.char_indices().find(|&(_, found)| fits(found) || found == '\n')?;
    let start = stop.offset + at;
    let span = start..start + found.len_utf8();
    fits(found).then(|| Repair::syntax(stop.words, span.clone(), vec![Mask::blank(span)]))
}

/// What is wrong where no way past was found, and with which text, in better words than the parser has.
pub(super) fn explain(text: &str, stop: &Stop) -> (Range<usize>, &'static str) {
    let line = Line::at(text, stop.offset);
    match stop.reason {
        Reason::OpenQuote | Reason::AfterQuote => match opening_quote(text, stop.last, stop.offset) {
            Some(quote) => (quote..quote + 1, words_for_quote(stop)),
            None => (stop.offset..stop.offset, stop.words),
        },
        Reason::OpenBracket => {
            let unit = Line::at(text, stop.unit.start).body;
            let opens = |&start: &usize| {
                matches!(text.as_bytes().get(start), Some(b'[' | b'{'))
                    && !closes(text, start, stop.offset.max(start + 1))
            };
            match stop.flow.or(Some(unit)).filter(opens) {
                Some(start) => (start..start + 1, "this bracket is not closed"),
                None => (stop.offset..stop.offset, stop.words),
            }
        }
        Reason::Colon if line.body < stop.offset => (line.body..stop.offset, stop.words),
        Reason::NoKey | Reason::NoPair | Reason::DocumentEnd => misplaced(text, stop, &line),
        _ => (stop.offset..stop.offset, stop.words),
    }
}

/// A line that is no key and no item, or stands in the wrong column.
fn misplaced(text: &str, stop: &Stop, line: &Line) -> (Range<usize>, &'static str) {
    let whole = line.content..value_end(text, line.content, line.end);
    let content = &text[whole.clone()];
    let squeezed = |(key, value): (&str, &str)| {
        !key.is_empty() && !key.contains(' ') && !value.is_empty() && !value.starts_with([' ', '/'])
    };
    if content.len() > 1 && content.starts_with('-') && line.body == line.content {
        (whole, "a blank is missing behind the dash")
    } else if stop.reason == Reason::NoPair && content.split_once(':').is_some_and(squeezed) {
        (whole, "a blank is missing behind the colon")
    } else {
        (key_at(text, line, line.body).unwrap_or(whole), stop.words)
    }
}
