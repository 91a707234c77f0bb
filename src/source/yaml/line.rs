//! One line of a block, taken apart without a parser: indentation, dashes, key, value, comment.

use std::ops::Range;

/// A line and its parts, as offsets of the text that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// Its first byte.
    pub start: usize,
    /// Its end, without trailing blanks and the line break.
    pub end: usize,
    /// Its first byte that is not blank.
    pub content: usize,
    /// What follows its dashes, if it has any: a key, or the value of an item.
    pub body: usize,
    /// What follows `key:`, if something does.
    pub value: Option<usize>,
}

impl Line {
    /// The line that holds the byte at `offset`.
    pub fn at(text: &str, offset: usize) -> Line {
        let offset = offset.min(text.len());
        let start = memchr::memrchr(b'\n', &text.as_bytes()[..offset]).map_or(0, |at| at + 1);
        let rest = &text.as_bytes()[start..];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let end = start + trimmed(&rest[..length]);
        let content = skip_blanks(text, start, end);
        let body = skip_dashes(text, content, end);
        Line { start, end, content, body, value: value_behind_key(text, body, end) }
    }

    /// The line after this one.
    pub fn next(&self, text: &str) -> Option<Line> {
        let rest = text.as_bytes().get(self.end..)?;
        let break_at = memchr::memchr(b'\n', rest)?;
        let start = self.end + break_at + 1;
        (start < text.len()).then(|| Line::at(text, start))
    }

    /// The line before this one.
    pub fn previous(&self, text: &str) -> Option<Line> {
        (self.start > 0).then(|| Line::at(text, self.start - 1))
    }

    pub fn is_blank(&self) -> bool {
        self.content >= self.end
    }

    /// How far it is indented, in bytes.
    pub fn column(&self) -> usize {
        self.content - self.start
    }

    /// Whether it begins with a dash and a blank, in this column.
    pub fn is_item_at(&self, column: usize) -> bool {
        self.column() == column && self.body > self.content
    }

    /// The column that text must be indented deeper than to belong to the value in this line.
    pub fn parent_column(&self) -> usize {
        if self.value.is_some() { self.body - self.start } else { self.column() }
    }

    /// Everything from `start`, in this line, to the end of the value: without a
    /// comment, with the lines that go on with it.
    pub fn value_from(&self, text: &str, start: usize) -> Range<usize> {
        let mut end = value_end(text, start, self.end);
        let mut line = *self;
        while end == line.end {
            match line.next(text) {
                Some(next) if !next.is_blank() && next.column() > self.parent_column() => line = next,
                _ => break,
            }
            if value_end(text, line.content, line.end) < line.end || text.as_bytes()[line.content] == b'#' {
                break;
            }
            end = line.end;
        }
        start..end
    }
}

/// Where a value ends that begins at `start`: before a comment, or with its line.
pub(super) fn value_end(text: &str, start: usize, end: usize) -> usize {
    let value = &text.as_bytes()[start..end.max(start)];
    let quoted = matches!(value.first(), Some(b'"' | b'\''));
    let from = if quoted { quote_end(text, start, end).map_or(0, |end| end - start) } else { 0 };
    let mut hashes = memchr::memchr_iter(b'#', &value[from..]).map(|at| from + at);
    let comment = hashes.find(|&at| at > 0 && is_blank(value[at - 1]));
    start + comment.map_or(value.len(), |at| trimmed(&value[..at]))
}

/// Where an item of a flow collection ends that begins at `start`.
pub(super) fn flow_item_end(text: &str, start: usize, end: usize) -> usize {
    let item = &text.as_bytes()[start..end.max(start)];
    let length = item.iter().position(|byte| matches!(byte, b',' | b']' | b'}')).unwrap_or(item.len());
    start + trimmed(&item[..length])
}

/// Where the quoted text ends that begins at `start`, behind its closing quote, if it is closed before `end`.
pub(super) fn quote_end(text: &str, start: usize, end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = bytes[start];
    let mut at = start + 1;
    while at < end {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 1,
            byte if byte == quote => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where the value begins in `key: value`, a key perhaps in quotes.
fn value_behind_key(text: &str, body: usize, end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let colon = match bytes.get(body)? {
        b'#' | b'[' | b'{' => return None,
        b'"' | b'\'' => {
            let closed = quote_end(text, body, end)?;
            let colon = skip_blanks(text, closed, end);
            (colon < end && is_separator(bytes, colon, end)).then_some(colon)?
        }
        _ => memchr::memchr_iter(b':', &bytes[body..end])
            .map(|at| body + at)
            .find(|&at| is_separator(bytes, at, end))?,
    };
    let value = skip_blanks(text, colon + 1, end);
    (value < end).then_some(value)
}

/// Whether the byte at `at` is a colon that ends a key.
fn is_separator(bytes: &[u8], at: usize, end: usize) -> bool {
    bytes[at] == b':' && (at + 1 >= end || is_blank(bytes[at + 1]))
}

fn skip_dashes(text: &str, content: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    let mut body = content;
    while body < end && bytes[body] == b'-' && (body + 1 >= end || is_blank(bytes[body + 1])) {
        body = skip_blanks(text, body + 1, end);
    }
    body
}

fn skip_blanks(text: &str, start: usize, end: usize) -> usize {
    let blanks = text.as_bytes()[start..end].iter().take_while(|&&byte| is_blank(byte)).count();
    start + blanks
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn trimmed(bytes: &[u8]) -> usize {
    bytes.len() - bytes.iter().rev().take_while(|&&byte| is_blank(byte) || byte == b'\r').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, content: &str, body: &str, value: Option<&str>) {
        let line = Line::at(text, 0);
        let part = |at: usize| &text[at..line.end];
        assert_eq!((part(line.content), part(line.body), line.value.map(part)), (content, body, value));
    }

    #[test]
    fn a_line_has_dashes_a_key_and_a_value() {
        check("  - id: DEP-001 \r\n", "- id: DEP-001", "id: DEP-001", Some("DEP-001"));
        check("- - a", "- - a", "a", None);
        check("'a: b': c: d\n", "'a: b': c: d", "'a: b': c: d", Some("c: d"));
        check("https://x.org", "https://x.org", "https://x.org", None);
        check("key:", "key:", "key:", None);
        check("", "", "", None);
        check("-", "-", "", None);
    }

    #[test]
    fn a_value_goes_on_over_deeper_lines_and_ends_before_a_comment() {
        let check = |text: &str, expect: &str| {
            let line = Line::at(text, 0);
            assert_eq!(&text[line.value_from(text, line.value.expect("a value"))], expect);
        };
        check("a: >2% of # why\n  more\n", ">2% of");
        check("a: >2%\r\n  more ü \r\n\r\n  last\r\nb: c", ">2%\r\n  more ü");
        check("- a: x\n  b: y\n", "x");
        check("a: \"b # c\" d # why\n", "\"b # c\" d");
    }
}
