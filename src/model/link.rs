//! The grammar of link fields.
//!
//! A field names entries in any mixture of these forms, each with a place of
//! its own: `TEST-001`; `MON-001 (error rate)`; `TEST-001 to TEST-050`,
//! `TEST-001..TEST-050`, `API-001–020`, `EPIC-01 through EPIC-07`;
//! `UJ-000/001/005`; and lists of them with commas, semicolons or `and`.

use std::ops::Range;

use super::id::{self, Id, IdError};

/// One part of a link field: what it names and where, as bytes of the field's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// One entry.
    One {
        /// The entry.
        id: Id,
        /// Its text: the whole id, or the bare number in a slash list.
        range: Range<usize>,
        /// The text in brackets behind it.
        note: Option<Range<usize>>,
    },
    /// All entries of a family between two numbers, both included.
    Span {
        /// The first entry.
        from: (Id, Range<usize>),
        /// The last entry.
        to: (Id, Range<usize>),
        /// The text in brackets behind it.
        note: Option<Range<usize>>,
    },
}

/// A part of a link field that names nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkError {
    /// The text that was not understood, as bytes of the field's text.
    pub range: Range<usize>,
    /// Why.
    pub kind: LinkErrorKind,
}

/// Why a part of a link field names nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkErrorKind {
    /// No id.
    Id(IdError),
    /// A range whose end comes before its beginning.
    Backwards,
    /// A range from one family into another.
    TwoFamilies,
    /// A range without an end.
    EndMissing,
    /// A bracket that is not closed.
    OpenBracket,
}

/// Reads the text of a link field. What can be understood is returned, and
/// everything else is an error at its place.
pub fn parse(text: &str) -> (Vec<Reference>, Vec<LinkError>) {
    let mut parser = Parser { text, at: 0, found: Vec::new(), errors: Vec::new() };
    // Nearly every link names one entry, and needs none of the grammar.
    if let Ok(id) = id::parse(text) {
        parser.one(id, 0..text.len());
    } else {
        parser.run();
    }
    (parser.found, parser.errors)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    found: Vec<Reference>,
    errors: Vec<LinkError>,
}

impl<'t> Parser<'t> {
    fn run(&mut self) {
        loop {
            self.skip_separators();
            if self.at >= self.text.len() {
                break;
            }
            let before = self.at;
            self.item();
            // Whatever the text holds, each turn takes some of it.
            if self.at == before {
                self.at = self.text.len();
            }
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn one(&mut self, id: Id, range: Range<usize>) {
        self.found.push(Reference::One { id, range, note: None });
    }

    fn item(&mut self) {
        let word = self.word();
        if word.is_empty() {
            return self.not_an_id(word);
        }
        match id::parse(&self.text[word.clone()]) {
            Ok(id) => self.after_id(id, word),
            Err(IdError::Lowercase(id)) => {
                self.error(word.clone(), LinkErrorKind::Id(IdError::Lowercase(id)));
                self.after_id(id, word);
            }
            Err(IdError::NotAnId) => self.not_an_id(word),
            Err(error) => {
                self.error(word, LinkErrorKind::Id(error));
                self.note();
            }
        }
    }

    /// Takes what may follow an id: more numbers, the end of a range, a note.
    fn after_id(&mut self, id: Id, range: Range<usize>) {
        if self.rest().starts_with('/') {
            self.one(id, range);
            while let Some((sibling, number)) = self.slash_number(id) {
                self.one(sibling, number);
            }
        } else if let Some(length) = range_operator(self.rest()) {
            let operator = self.at..self.at + length;
            self.at = operator.end;
            self.range(id, range, operator);
        } else {
            self.one(id, range);
        }
        let note = self.note();
        match self.found.last_mut() {
            Some(Reference::One { note: place, .. } | Reference::Span { note: place, .. }) => *place = note,
            None => {}
        }
    }

    fn slash_number(&mut self, id: Id) -> Option<(Id, Range<usize>)> {
        let rest = self.rest().strip_prefix('/')?;
        let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let sibling = id.sibling(&rest[..length])?;
        let start = self.at + 1;
        self.at = start + length;
        Some((sibling, start..self.at))
    }

    fn range(&mut self, from: Id, from_range: Range<usize>, operator: Range<usize>) {
        self.skip_spaces();
        let word = self.word();
        let end_text = &self.text[word.clone()];
        let to = match from.sibling(end_text) {
            Some(sibling) => sibling,
            None => match id::parse(end_text) {
                Ok(id) | Err(IdError::Lowercase(id)) => id,
                Err(IdError::NotAnId) if end_text.is_empty() => {
                    self.error(from_range.start..operator.end, LinkErrorKind::EndMissing);
                    return self.one(from, from_range);
                }
                Err(error) => {
                    self.error(word, LinkErrorKind::Id(error));
                    return self.one(from, from_range);
                }
            },
        };
        let whole = from_range.start..word.end;
        let wrong = if to.prefix != from.prefix {
            Some(LinkErrorKind::TwoFamilies)
        } else if to < from {
            Some(LinkErrorKind::Backwards)
        } else {
            None
        };
        match wrong {
            Some(kind) => {
                self.error(whole, kind);
                self.one(from, from_range);
                self.one(to, word);
            }
            None => self.found.push(Reference::Span { from: (from, from_range), to: (to, word), note: None }),
        }
    }

    /// The text in brackets that comes next, without the brackets.
    fn note(&mut self) -> Option<Range<usize>> {
        let spaces = self.rest().len() - self.rest().trim_start().len();
        if !self.text[self.at + spaces..].starts_with('(') {
            return None;
        }
        let open = self.at + spaces;
        let mut depth = 0usize;
        for (at, byte) in self.text.bytes().enumerate().skip(open) {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at = at + 1;
                return Some(open + 1..at);
            }
        }
        self.at = self.text.len();
        self.error(open..self.text.len(), LinkErrorKind::OpenBracket);
        None
    }

    /// Passes over text up to the next separator, and says that it names nothing.
    fn not_an_id(&mut self, word: Range<usize>) {
        let rest = &self.text[word.start..];
        let length = rest.find([',', ';', '\n']).unwrap_or(rest.len());
        let text = rest[..length].trim_end();
        self.at = word.start + length;
        let range = word.start..word.start + text.len().max(word.len());
        self.error(range, LinkErrorKind::Id(IdError::NotAnId));
    }

    fn error(&mut self, range: Range<usize>, kind: LinkErrorKind) {
        self.errors.push(LinkError { range, kind });
    }

    fn word(&mut self) -> Range<usize> {
        let start = self.at;
        let length = word_length(self.rest());
        self.at += length;
        start..self.at
    }

    fn skip_spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn skip_separators(&mut self) {
        loop {
            let rest = self.rest().trim_start_matches(|character: char| {
                character.is_whitespace() || matches!(character, ',' | ';' | '&')
            });
            self.at = self.text.len() - rest.len();
            match rest.strip_prefix("and ") {
                Some(after) => self.at = self.text.len() - after.len(),
                None => return,
            }
        }
    }
}

/// How much of the text can belong to one id: a range operator ends it.
fn word_length(text: &str) -> usize {
    let end = text
        .find(|character: char| {
            character.is_whitespace()
                || matches!(character, ',' | ';' | '(' | ')' | '/' | '–' | '—' | '…' | '&')
        })
        .unwrap_or(text.len());
    text[..end].find("..").unwrap_or(end)
}

fn range_operator(text: &str) -> Option<usize> {
    let trimmed = text.trim_start();
    let spaces = text.len() - trimmed.len();
    for symbol in ["...", "..", "–", "—", "…"] {
        if trimmed.starts_with(symbol) {
            return Some(spaces + symbol.len());
        }
    }
    let word = trimmed.split_whitespace().next()?;
    let known = ["to", "through", "thru", "until", "bis", "-"].contains(&word);
    (spaces > 0 && known).then(|| spaces + word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes what was understood as `TEXT`, `TEXT->TEXT` and `TEXT(NOTE)`, errors after a bar.
    fn read(text: &str) -> String {
        let (found, errors) = parse(text);
        let shown = |note: &Option<Range<usize>>| match note {
            Some(note) => format!("({})", &text[note.clone()]),
            None => String::new(),
        };
        let mut parts: Vec<String> = found
            .iter()
            .map(|reference| match reference {
                Reference::One { id, range, note } => {
                    format!("{id}@{}{}", &text[range.clone()], shown(note))
                }
                Reference::Span { from, to, note } => format!("{}->{}{}", from.0, to.0, shown(note)),
            })
            .collect();
        parts.extend(errors.iter().map(|error| format!("!{}", &text[error.range.clone()])));
        parts.join(" ")
    }

    fn check(text: &str, expect: &str) {
        assert_eq!(read(text), expect, "{text}");
    }

    #[test]
    fn single_ids_and_lists() {
        check("TEST-001", "TEST-001@TEST-001");
        check("ARC-001, TECH-005", "ARC-001@ARC-001 TECH-005@TECH-005");
        check("ARC-001; TECH-005 and API-1,", "ARC-001@ARC-001 TECH-005@TECH-005 API-1@API-1");
        check("", "");
        check("EPIC-02b\nEPIC-03", "EPIC-02b@EPIC-02b EPIC-03@EPIC-03");
    }

    #[test]
    fn notes_are_kept() {
        check(
            "ARC-001 (monolith (old) structure), TECH-005 (AWS)",
            "ARC-001@ARC-001(monolith (old) structure) TECH-005@TECH-005(AWS)",
        );
        check("MON-001 (error rate", "MON-001@MON-001 !(error rate");
    }

    #[test]
    fn ranges_in_every_notation() {
        for text in [
            "TEST-001 to TEST-050",
            "TEST-001..TEST-050",
            "TEST-001...050",
            "TEST-001–050",
            "TEST-001 – TEST-050",
            "TEST-001 through TEST-050",
        ] {
            check(text, "TEST-001->TEST-050");
        }
        check(
            "TEST-001 to TEST-050 (from EPIC-01 through EPIC-07)",
            "TEST-001->TEST-050(from EPIC-01 through EPIC-07)",
        );
        check("MON-001 (rate), API-001–020 (all)", "MON-001@MON-001(rate) API-001->API-020(all)");
    }

    #[test]
    fn slash_lists_have_a_place_for_each_number() {
        check("UJ-000/001/005 (critical)", "UJ-000@UJ-000 UJ-001@001 UJ-005@005(critical)");
    }

    #[test]
    fn what_is_wrong_is_named_and_the_rest_is_kept() {
        check("TEST-009 to TEST-001", "TEST-009@TEST-009 TEST-001@TEST-001 !TEST-009 to TEST-001");
        check("TEST-001 to EPIC-05", "TEST-001@TEST-001 EPIC-05@EPIC-05 !TEST-001 to EPIC-05");
        check("TEST-001 to", "TEST-001@TEST-001 !TEST-001 to");
        check("test-001, API-1", "TEST-001@test-001 API-1@API-1 !test-001");
        check("all tests, API-1", "API-1@API-1 !all tests");
        check("TEST-*, EPIC-XXX", " !TEST-* !EPIC-XXX".trim_start());
        check("(", "!(");
    }
}
