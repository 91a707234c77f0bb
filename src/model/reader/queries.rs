//! Queries in PromQL.

use super::super::promql::{self, Expr};
use super::super::value::Text;
use super::Reader;
use crate::source::{Span, Style};

/// A query as it was written, and as it was understood.
#[derive(Debug)]
pub struct Query<'s> {
    /// The writer's text.
    pub text: Text<'s>,
    /// What it says, or where and why it is not valid PromQL.
    pub parsed: Result<Box<Expr>, Box<InvalidQuery>>,
}

/// Why a text is not valid PromQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidQuery {
    /// The place in the file.
    pub span: Span,
    /// Why, in plain words.
    pub reason: String,
    /// What to type instead.
    pub help: String,
}

impl<'s> Reader<'s> {
    /// A query in PromQL. One that is not valid is not a defect here: a rule reports it.
    pub fn query(&mut self, name: &str) -> Option<Query<'s>> {
        let style = self.peek(name).and_then(|node| match &node.value {
            crate::source::Value::Scalar(scalar) => Some(scalar.style),
            _ => None,
        });
        let text = self.text(name)?;
        let written = self.source.get(text.span.start as usize..text.span.end as usize).unwrap_or("");
        let parsed = promql::parse(&text.value).map(Box::new).map_err(|error| {
            let is_quoted = style == Some(Style::Quoted);
            let place = place(written, is_quoted, &text.value, (error.range.start, error.range.end));
            let span = place.map_or(text.span, |(start, end)| text.span.within(start, end));
            Box::new(InvalidQuery { span, reason: error.reason, help: error.help })
        });
        Some(Query { text, parsed })
    }
}

/// Where the bytes `start..end` of the value of a scalar are written.
///
/// Folding and indentation change blanks only, so that the letters between them are counted.
fn place(
    written: &str,
    is_quoted: bool,
    value: &str,
    (start, end): (usize, usize),
) -> Option<(usize, usize)> {
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let (before, inside) = (letters(value.get(..start)?), letters(value.get(start..end)?));
    let places: Vec<(usize, usize)> = letter_places(written, is_quoted);
    // The end of the text is shown by its last letter.
    let Some(first) = places.get(before) else { return places.last().copied() };
    let last = places.get((before + inside).saturating_sub(1).max(before))?;
    Some((first.0, last.1))
}

/// Where each letter of a scalar that is no blank is written.
fn letter_places(written: &str, is_quoted: bool) -> Vec<(usize, usize)> {
    let quote = written.chars().next().filter(|_| is_quoted);
    let header = match written.chars().next() {
        Some('|' | '>') if !is_quoted => written.find('\n').unwrap_or(0),
        Some(first) if is_quoted => first.len_utf8(),
        _ => 0,
    };
    let mut places = Vec::new();
    let mut letters = written.char_indices().skip_while(|(at, _)| *at < header).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter.is_whitespace() {
            continue;
        }
        let mut end = at + letter.len_utf8();
        match quote {
            Some('"') if letter == '\\' => {
                let Some((next, escaped)) = letters.next() else { break };
                end = next + escaped.len_utf8();
                // An escaped line break or tab is a blank of the value.
                if matches!(escaped, 'n' | 't' | 'r' | '\n' | ' ') {
                    continue;
                }
            }
            Some('\'') if letter == '\'' => match letters.next_if(|(_, next)| *next == '\'') {
                Some((next, _)) => end = next + 1,
                None => break,
            },
            Some('"') if letter == '"' => break,
            _ => {}
        }
        places.push((at, end));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::place;

    fn check(written: &str, value: &str, part: &str, expect: &str) {
        let start = value.find(part).unwrap();
        let is_quoted = written.starts_with(['"', '\'']);
        let (from, to) = place(written, is_quoted, value, (start, start + part.len())).unwrap();
        assert_eq!(&written[from..to], expect, "{written}");
    }

    #[test]
    fn a_part_is_found_in_every_style() {
        check("sum(foo) / bar", "sum(foo) / bar", "bar", "bar");
        check("|\n    sum(foo)\n      / sum(foo) x\n", "sum(foo)\n  / sum(foo) x\n", "x", "x");
        check(">-\n    sum(foo)\n    / x\n", "sum(foo) / x", "x", "x");
        check("\"a{b=\\\"c\\\"} d\"", "a{b=\"c\"} d", "d", "d");
        check("\"a{b=\\\"c\\\"} d\"", "a{b=\"c\"} d", "\"c\"", "\\\"c\\\"");
        check("'a{b=''c''} d'", "a{b='c'} d", "d", "d");
        check("'a{b=''c''} d'", "a{b='c'} d", "'c'", "''c''");
    }

    #[test]
    fn the_end_is_the_last_letter() {
        assert_eq!(place("|\n  sum(a\n", false, "sum(a\n", (6, 6)), Some((8, 9)));
    }
}
