//! The grammar of link fields.
//!
//! A field names entries in any mixture of these forms, each with a place of
//! its own: `TEST-001`; `MON-001 (error rate)`; `TEST-001 to TEST-050`,
//! `TEST-001..TEST-050`, `API-001–020`, `EPIC-01 through EPIC-07`;
//! `UJ-000/001/005`; and lists of them with commas, semicolons, plus signs or `and`. Marks of Markdown around an id
//! (`` `TEST-001` ``, `[TEST-001](url)`, `**TEST-001**`) are passed over, and a remark may stand behind a dash or a colon:
//! `TEST-001 — by hand`.

use std::borrow::Cow;
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
        /// The remark behind it.
        note: Option<Range<usize>>,
    },
    /// All entries of a family between two numbers, both included.
    Span {
        /// The first entry.
        from: (Id, Range<usize>),
        /// The last entry.
        to: (Id, Range<usize>),
        /// The remark behind it.
        note: Option<Range<usize>>,
    },
    /// One entry of another member of the workspace: `billing:EPIC-01`.
    Member {
        /// The name of the member.
        member: Range<usize>,
        /// The entry.
        id: Id,
        /// Both, with the colon.
        range: Range<usize>,
        /// The remark behind it.
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
    // Nearly every link names one entry, and needs none of the grammar.
    if let Ok(id) = id::parse(text) {
        return (vec![Reference::One { id, range: 0..text.len(), note: None }], Vec::new());
    }
    let plain = without_marks(text);
    let mut parser = Parser { text: &plain, at: 0, found: Vec::new(), errors: Vec::new() };
    parser.run();
    // A range is judged when its end is known, after what is wrong with that end.
    parser.errors.sort_by_key(|error| error.range.start);
    (parser.found, parser.errors)
}

/// The text with spaces for the marks of Markdown, so that every other character stays where it is.
fn without_marks(text: &str) -> Cow<'_, str> {
    if !text.contains(['`', '[', '*']) {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let length = mark_length(&bytes[at..]);
        bytes[at..at + length].fill(b' ');
        at += length.max(1);
    }
    // Marks are ASCII and addresses end at one, so that no character was cut.
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The bytes of a mark at the beginning: a backtick, a bracket, `**`, or the end of a link with its address.
fn mark_length(bytes: &[u8]) -> usize {
    match bytes {
        [b'`' | b'[', ..] => 1,
        [b'*', b'*', ..] => 2,
        [b']', b'(', rest @ ..] => {
            let ends = |byte: &u8| matches!(byte, b')' | b' ' | b'\n');
            let length = rest.iter().position(ends).unwrap_or(rest.len());
            2 + length + usize::from(rest.get(length) == Some(&b')'))
        }
        [b']', ..] => 1,
        _ => 0,
    }
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
        if let Some(length) = member_length(self.rest()) {
            return self.of_member(length);
        }
        let word = self.word();
        if word.is_empty() {
            return self.not_an_id(word);
        }
        match id::parse(&self.text[word.clone()]) {
            Ok(id) => self.after_id(id, word),
            Err(IdError::LetterCase(id)) => {
                self.error(word.clone(), LinkErrorKind::Id(IdError::LetterCase(id)));
                self.after_id(id, word);
            }
            Err(IdError::NotAnId) => self.not_an_id(word),
            Err(error) => {
                self.error(word, LinkErrorKind::Id(error));
                self.note();
            }
        }
    }

    /// Takes the id of another member, whose name has so many bytes.
    fn of_member(&mut self, length: usize) {
        let member = self.at..self.at + length;
        self.at += length + 1;
        let word = self.word();
        let Ok(id) = id::parse(&self.text[word.clone()]) else { return self.not_an_id(word) };
        let range = member.start..word.end;
        let note = self.note().or_else(|| self.remark());
        self.found.push(Reference::Member { member, id, range, note });
    }

    /// Takes what may follow an id: the end of a range, more numbers, a note.
    fn after_id(&mut self, id: Id, range: Range<usize>) {
        let mut next = Some((id, range));
        while let Some((id, range)) = next {
            match range_operator(self.rest()).filter(|_| self.remark_at().is_none()) {
                Some(length) => self.range(id, range, length),
                None => self.one(id, range),
            }
            next = self.behind_slash(id);
        }
        let note = self.note().or_else(|| self.remark());
        match self.found.last_mut() {
            Some(Reference::One { note: place, .. } | Reference::Span { note: place, .. }) => *place = note,
            Some(Reference::Member { .. }) | None => {}
        }
    }

    /// `/005`, the number of another entry of the same family, or `/UJ-005`.
    fn behind_slash(&mut self, id: Id) -> Option<(Id, Range<usize>)> {
        let rest = self.rest().trim_start().strip_prefix('/')?.trim_start();
        let word = &rest[..word_length(rest)];
        let next = id.sibling(word).or_else(|| id::parse(word).ok())?;
        let start = self.text.len() - rest.len();
        self.at = start + word.len();
        Some((next, start..self.at))
    }

    fn range(&mut self, from: Id, from_range: Range<usize>, operator: usize) {
        let operator_end = self.at + operator;
        self.at = operator_end;
        self.skip_spaces();
        let word = self.word();
        let end_text = &self.text[word.clone()];
        let to = match from.sibling(end_text).map_or_else(|| id::parse(end_text), Ok) {
            Ok(id) => id,
            Err(IdError::LetterCase(id)) => {
                self.error(word.clone(), LinkErrorKind::Id(IdError::LetterCase(id)));
                id
            }
            Err(error) => {
                self.one(from, from_range.clone());
                return match error {
                    _ if word.is_empty() => {
                        self.at = operator_end;
                        self.error(from_range.start..operator_end, LinkErrorKind::EndMissing);
                    }
                    IdError::NotAnId => self.not_an_id(word),
                    error => self.error(word, LinkErrorKind::Id(error)),
                };
            }
        };
        self.ends(from, from_range, to, word);
    }

    /// Adds a range, or its two ends if there is nothing between them to speak of.
    fn ends(&mut self, from: Id, from_range: Range<usize>, to: Id, to_range: Range<usize>) {
        let wrong = if to.prefix != from.prefix {
            Some(LinkErrorKind::TwoFamilies)
        } else if to < from {
            Some(LinkErrorKind::Backwards)
        } else {
            None
        };
        if let Some(kind) = wrong {
            // What is meant by a range into another family nobody knows but for its beginning.
            let two_families = kind == LinkErrorKind::TwoFamilies;
            self.error(from_range.start..to_range.end, kind);
            self.one(from, from_range);
            if !two_families {
                self.one(to, to_range);
            }
        } else {
            self.found.push(Reference::Span { from: (from, from_range), to: (to, to_range), note: None });
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

    /// The remark behind a dash or a colon, up to the next separator: `TEST-001 — by hand`.
    fn remark(&mut self) -> Option<Range<usize>> {
        let range = self.remark_at()?;
        self.at = range.end;
        Some(range)
    }

    /// Where a remark stands that begins here. What looks like an id is the end of a range, however it is spelt.
    fn remark_at(&self) -> Option<Range<usize>> {
        let rest = self.rest();
        let behind = match rest.trim_start().strip_prefix(':') {
            Some(behind) => behind,
            None => {
                let dashed =
                    rest.trim_start().strip_prefix(['-', '–', '—']).filter(|_| rest.starts_with(' '))?;
                dashed.strip_prefix('-').unwrap_or(dashed)
            }
        };
        let text = behind.strip_prefix(char::is_whitespace)?.trim_start();
        let word = &text[..word_length(text)];
        let like_id = word.contains('-') && word.contains(|c: char| c.is_ascii_digit() || c == 'X');
        if !word.starts_with(char::is_alphabetic) || like_id || id::parse(word).is_ok() {
            return None;
        }
        let start = self.text.len() - text.len();
        let length = text.find([',', ';', '\n']).unwrap_or(text.len());
        Some(start..start + text[..length].trim_end().len())
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
                character.is_whitespace() || matches!(character, ',' | ';' | '&' | '+')
            });
            self.at = self.text.len() - rest.len();
            // A line that begins with a dash is an item.
            let begins_line = self.text[..self.at].ends_with('\n');
            let item = rest.strip_prefix("- ").filter(|_| begins_line);
            match rest.strip_prefix("and ").or(item) {
                Some(after) => self.at = self.text.len() - after.len(),
                None => return,
            }
        }
    }
}

/// The bytes of the name of a member at the beginning of a text, if a colon and an id stand right behind it.
fn member_length(text: &str) -> Option<usize> {
    let length = text.bytes().take_while(|byte| is_of_member(*byte)).count();
    let id = text.get(length..)?.strip_prefix(':')?;
    // In the text of a file, a quotation mark may end the id.
    let end = id.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let id = &id[..end.min(word_length(id))];
    let is_name = text.starts_with(|first: char| first.is_ascii_alphanumeric());
    (is_name && id::parse(&text[..length]).is_err() && id::parse(id).is_ok()).then_some(length)
}

fn is_of_member(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// The names of members that stand before ids anywhere in a text, whatever it is.
pub fn members_in(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b':', bytes).filter_map(move |colon| {
        let is_id = bytes.get(colon + 1).is_some_and(u8::is_ascii_uppercase);
        if !is_id || !bytes.get(colon.checked_sub(1)?).is_some_and(|byte| is_of_member(*byte)) {
            return None;
        }
        let start = bytes[..colon].iter().rposition(|byte| !is_of_member(*byte)).map_or(0, |at| at + 1);
        member_length(&text[start..]).map(|length| &text[start..start + length])
    })
}

/// How much of the text can belong to one id: a range operator ends it.
fn word_length(text: &str) -> usize {
    let end = text
        .find(|character: char| {
            character.is_whitespace()
                || matches!(character, ',' | ';' | ':' | '(' | ')' | '/' | '–' | '—' | '…' | '&' | '+')
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
    if spaces == 0 {
        return None;
    }
    let word = trimmed.split(|end: char| end.is_whitespace() || matches!(end, ',' | ';')).next()?;
    let known = ["to", "through", "thru", "until", "bis", "-"];
    let begins_line = word == "-" && text[..spaces].contains('\n');
    let is_known = known.iter().any(|known| word.eq_ignore_ascii_case(known));
    (is_known && !begins_line).then(|| spaces + word.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn members_are_found_in_any_text() {
        let found = |text| members_in(text).collect::<Vec<_>>();
        let text = "a: [billing:EPIC-01, 'Shop-2:TEST-1', x:y, http://A-1, k: TEST-1]";
        assert_eq!(found(text), ["billing", "Shop-2"]);
        assert_eq!(found("TEST-1:TEST-2 \u{e4}:A-1 :A-1 a.b_c:A-1\""), ["a.b_c"]);
        assert_eq!(found(""), [""; 0]);
    }

    #[test]
    fn an_id_of_another_member_has_its_name_before_a_colon() {
        let (found, errors) = parse("TEST-1, billing:EPIC-02 (the API); shop:API-1");
        assert!(errors.is_empty(), "{errors:?}");
        let members: Vec<_> = found
            .iter()
            .filter_map(|reference| match reference {
                Reference::Member { member, id, range, note } => {
                    Some((member.clone(), id.to_string(), range.clone(), note.is_some()))
                }
                _ => None,
            })
            .collect();
        let expect =
            [(8..15, "EPIC-02".to_owned(), 8..23, true), (35..39, "API-1".to_owned(), 35..45, false)];
        assert_eq!(members, expect);
        for wrong in ["billing:epic", "billing: EPIC-1", "billing:EPIC-1 to EPIC-2", "TEST-1:TEST-2"] {
            assert!(!parse(wrong).1.is_empty(), "{wrong}");
        }
    }

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
                Reference::Member { member, id, note, .. } => {
                    format!("{}:{id}{}", &text[member.clone()], shown(note))
                }
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
        check("ARC-001 + TECH-005+API-1", "ARC-001@ARC-001 TECH-005@TECH-005 API-1@API-1");
        check("", "");
        check("EPIC-02b\nEPIC-03", "EPIC-02b@EPIC-02b EPIC-03@EPIC-03");
        check("EPIC-02b\n- EPIC-03\n- EPIC-04", "EPIC-02b@EPIC-02b EPIC-03@EPIC-03 EPIC-04@EPIC-04");
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
    fn remarks_stand_behind_a_dash_or_a_colon() {
        check("TEST-001 — smoke tests", "TEST-001@TEST-001(smoke tests)");
        check("TEST-001 - by hand, API-1", "TEST-001@TEST-001(by hand) API-1@API-1");
        check("TEST-001 -- once a week", "TEST-001@TEST-001(once a week)");
        check("TEST-001: by hand; API-1", "TEST-001@TEST-001(by hand) API-1@API-1");
        check("TEST-001 – TEST-003 – all of them", "TEST-001->TEST-003(all of them)");
        check("TEST-001 – 003", "TEST-001->TEST-003");
        check("TEST-001 - TEST-003", "TEST-001->TEST-003");
        check("TEST-001:API-1", "TEST-001@TEST-001 !:API-1");
    }

    #[test]
    fn marks_of_markdown_are_passed_over() {
        check("`TEST-001`", "TEST-001@TEST-001");
        check("`TEST-001` (by hand)", "TEST-001@TEST-001(by hand)");
        check("`TEST-001`, `API-1`", "TEST-001@TEST-001 API-1@API-1");
        check("[TEST-001](SoT.TESTING.md#test-001)", "TEST-001@TEST-001");
        check("[TEST-001](https://example.org/a,b?c=(d), [API-1]", "TEST-001@TEST-001 API-1@API-1");
        check("[TEST-001]", "TEST-001@TEST-001");
        check("**TEST-001** — `make test`", "TEST-001@TEST-001(make test)");
        check("`TEST-001` to `TEST-003`", "TEST-001->TEST-003");
        check("[TEST-001]: by hand", "TEST-001@TEST-001(by hand)");
        check("`", "");
    }

    #[test]
    fn ranges_in_every_notation() {
        for text in [
            "TEST-001 to TEST-050",
            "TEST-001..TEST-050",
            "TEST-001...050",
            "TEST-001–050",
            "TEST-001 – TEST-050",
            "TEST-001 Through TEST-050",
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
    fn ranges_of_letters_and_across_widths() {
        check("EPIC-02a to EPIC-02d", "EPIC-02a->EPIC-02d");
        check("EPIC-9..EPIC-011", "EPIC-9->EPIC-011");
        check("EPIC-02b–03", "EPIC-02b->EPIC-03");
        check("EPIC-02b to EPIC-02a", "EPIC-02b@EPIC-02b EPIC-02a@EPIC-02a !EPIC-02b to EPIC-02a");
    }

    #[test]
    fn slash_lists_have_a_place_for_each_number() {
        check("UJ-000/001/005 (critical)", "UJ-000@UJ-000 UJ-001@001 UJ-005@005(critical)");
        check("UJ-000 / UJ-001, API-1", "UJ-000@UJ-000 UJ-001@UJ-001 API-1@API-1");
        check("UJ-000/001–005/010", "UJ-000@UJ-000 UJ-001->UJ-005 UJ-010@010");
        check("UJ-000/later", "UJ-000@UJ-000 !/later");
    }

    #[test]
    fn what_is_wrong_is_named_and_the_rest_is_kept() {
        check("TEST-009 to TEST-001", "TEST-009@TEST-009 TEST-001@TEST-001 !TEST-009 to TEST-001");
        check("TEST-001 to EPIC-05", "TEST-001@TEST-001 !TEST-001 to EPIC-05");
        check("TEST-001 to", "TEST-001@TEST-001 !TEST-001 to");
        check("TEST-001 to, API-1", "TEST-001@TEST-001 API-1@API-1 !TEST-001 to");
        check("test-001, API-1", "TEST-001@test-001 API-1@API-1 !test-001");
        check("TEST-001 to test-050", "TEST-001->TEST-050 !test-050");
        check("TEST-001 to the last one, API-1", "TEST-001@TEST-001 API-1@API-1 !the last one");
        check("TEST-001 — TEST-XXX", "TEST-001@TEST-001 !TEST-XXX");
        check("TEST-001.., API-1", "TEST-001@TEST-001 API-1@API-1 !TEST-001..");
        check("all tests, API-1", "API-1@API-1 !all tests");
        check("TEST-*, EPIC-XXX", " !TEST-* !EPIC-XXX".trim_start());
        check("(", "!(");
    }

    /// Texts that come near to what link fields hold.
    fn near_links() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            "[A-Z]{1,5}-[0-9]{1,4}[a-z]?",
            "[0-9]{1,3}",
            "[a-z]{1,5}-[0-9]{1,3}",
            "TEST-",
            "EPIC-XXX",
            " ",
            " ",
            ",",
            ";",
            "/",
            "-",
            "–",
            "\\.\\.",
            "…",
            " to ",
            " and ",
            "\\(",
            "\\)",
            "\n",
            "ü",
            "\\PC",
        ];
        proptest::collection::vec(part, 0..16).prop_map(|parts| parts.concat())
    }

    /// The places that a reading speaks of, in the order in which it names them.
    fn places(found: &[Reference]) -> Vec<Range<usize>> {
        let mut places = Vec::new();
        for reference in found {
            let note = match reference {
                Reference::One { range, note, .. } | Reference::Member { range, note, .. } => {
                    places.push(range.clone());
                    note
                }
                Reference::Span { from, to, note } => {
                    places.extend([from.1.clone(), to.1.clone()]);
                    note
                }
            };
            places.extend(note.clone());
        }
        places
    }

    #[test]
    fn long_texts_take_linear_time() {
        for part in ["A-1/1", "/1", "1-", "A-1 (", " A-1 to", "A-1..", "A-1 – ", "ä"] {
            let text = part.repeat(400_000 / part.len());
            let before = std::time::Instant::now();
            parse(&text);
            assert!(before.elapsed().as_secs() < 5, "{part}");
        }
    }

    proptest! {
        #[test]
        fn every_place_lies_in_the_text_and_behind_the_one_before(text in near_links()) {
            let (found, errors) = parse(&text);
            let mut end = 0;
            for place in places(&found) {
                prop_assert!(end <= place.start && text.get(place.clone()).is_some(), "{place:?}");
                end = place.end;
            }
            let mut start = 0;
            for error in errors {
                prop_assert!(start <= error.range.start && text.get(error.range.clone()).is_some());
                start = error.range.start;
            }
        }
    }
}
