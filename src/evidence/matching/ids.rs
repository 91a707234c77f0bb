//! Ids of tests in the names that test runners report: `test_TEST_001_login`, `[TEST-001]`, `TEST001`.

use crate::model::{Id, id};

/// An id that a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NamedId {
    /// The id, as wide as it is written.
    pub id: Id,
    /// Whether it can be nothing else, because its prefix is written in capitals. In small letters it may be
    /// the name of any function: `test_1`.
    pub sure: bool,
}

/// Finds the ids of tests in texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scanner {
    /// Any id of the family, to make the others of.
    pattern: Id,
}

/// The prefix of tests.
const PREFIX: &[u8; 4] = b"TEST";

/// With more digits it is no id.
const MOST_DIGITS: usize = 9;

impl Scanner {
    /// A scanner for the family of tests.
    pub fn new() -> Option<Self> {
        Some(Scanner { pattern: id::parse("TEST-0").ok()? })
    }

    /// Adds every id that the text names, in the order of the text.
    ///
    /// An id is the prefix, at most one of `-`, `_` and space, and a number with at most one letter behind it,
    /// where nothing before or after makes it part of a longer word. Without anything between, the prefix must
    /// be in capitals: `test001` is a word like any other.
    pub fn find(self, text: &str, found: &mut Vec<NamedId>) {
        let bytes = text.as_bytes();
        // Digits are rarer than the letters of the prefix, so that the number is looked for first.
        let mut at = PREFIX.len();
        while let Some(start) = bytes.get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_digit)) {
            let start = at + start;
            let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            at = start + digits;
            if digits <= MOST_DIGITS
                && let Some(sure) = prefix_before(text, start)
                && let Some(letter) = letter_behind(text, at)
            {
                found.push(NamedId { id: self.id(&text[start..at], letter), sure });
            }
        }
    }

    /// The id that a text is, with nothing before or after it.
    pub fn whole(self, text: &str) -> Option<NamedId> {
        let text = text.trim();
        let mut found = Vec::new();
        self.find(text, &mut found);
        let naming = found.first().copied().filter(|_| found.len() == 1)?;
        let letter = usize::from(naming.id.letter().is_some());
        let length = PREFIX.len() + usize::from(naming.id.width) + letter;
        // At most one character stands between the prefix and the number.
        (length..=length + 1).contains(&text.len()).then_some(naming)
    }

    fn id(self, digits: &str, letter: Option<char>) -> Id {
        let id = self.pattern.with_number(digits.parse().unwrap_or_default());
        let mut id = letter.map_or(id, |letter| id.with_letter(letter));
        id.width = u8::try_from(digits.len()).unwrap_or(u8::MAX);
        id
    }
}

/// Whether a prefix stands before the number at `end`, and if so, whether it is in capitals.
fn prefix_before(text: &str, end: usize) -> Option<bool> {
    let bytes = text.as_bytes();
    let separator = bytes[..end].last().filter(|byte| matches!(byte, b'-' | b'_' | b' '));
    let end = end - usize::from(separator.is_some());
    let start = end.checked_sub(PREFIX.len())?;
    let prefix = &bytes[start..end];
    let sure = prefix == PREFIX;
    let fits = prefix.eq_ignore_ascii_case(PREFIX) && (sure || separator.is_some());
    // What fits is ASCII, so that the text can be cut there.
    (fits && !is_part_of_word(&text[..start]) && !(sure && is_part_of_prefix(&bytes[..start], separator)))
        .then_some(sure)
}

/// Whether a word goes on where this ends.
fn is_part_of_word(before: &str) -> bool {
    before.chars().next_back().is_some_and(char::is_alphanumeric)
}

/// Whether what stands before belongs to the prefix of another family: `BR-TEST-001` is no `TEST-001`.
fn is_part_of_prefix(before: &[u8], separator: Option<&u8>) -> bool {
    let joined = matches!(before, [.., b'A'..=b'Z' | b'0'..=b'9', b'-' | b'_']);
    joined && separator == Some(&b'-')
}

/// The letter that belongs to the number that ends at `end`, in small, if there is one; nothing if a word goes
/// on there, so that it is no number of an id.
fn letter_behind(text: &str, end: usize) -> Option<Option<char>> {
    let mut behind = text[end..].chars();
    match behind.next() {
        Some(letter) if letter.is_ascii_alphabetic() => {
            let ends = !behind.next().is_some_and(char::is_alphanumeric);
            ends.then_some(Some(letter.to_ascii_lowercase()))
        }
        Some(other) if other.is_alphanumeric() => None,
        _ => Some(None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scan(text: &str) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        Scanner::new().expect("a scanner").find(text, &mut found);
        found.into_iter().map(|naming| (naming.id.to_string(), naming.sure)).collect()
    }

    #[track_caller]
    fn check(text: &str, expect: &[(&str, bool)]) {
        let expect: Vec<(String, bool)> = expect.iter().map(|(id, sure)| ((*id).to_owned(), *sure)).collect();
        assert_eq!(scan(text), expect, "{text}");
    }

    #[test]
    fn the_forms_of_test_runners() {
        check("test_TEST_001_login", &[("TEST-001", true)]);
        check("TEST-001: a user signs in", &[("TEST-001", true)]);
        check("signs in [TEST-001]", &[("TEST-001", true)]);
        check("signs in (TEST 1)", &[("TEST-1", true)]);
        check("TEST001", &[("TEST-001", true)]);
        check("test_001_login", &[("TEST-001", false)]);
        check("Test-7b", &[("TEST-7b", false)]);
        check("TEST-02B", &[("TEST-02b", true)]);
        check("test_login[chrome-TEST-001-5]", &[("TEST-001", true)]);
        check("TEST-001,TEST-002;TEST_3", &[("TEST-001", true), ("TEST-002", true), ("TEST-3", true)]);
        check("prüft TEST-001", &[("TEST-001", true)]);
        check("E2E_TEST_001", &[("TEST-001", true)]);
    }

    #[test]
    fn near_misses() {
        for text in [
            "LATEST-001",
            "CONTEST_1",
            "latest_1",
            "test001",
            "Test1",
            "ÄTEST-001",
            "TEST-001ä",
            "TEST-001ab",
            "TEST--001",
            "TEST-",
            "TEST-x1",
            "BR-TEST-001",
            "E2E_TEST-001",
            "TEST-1234567890",
            "EST-001",
            "1",
            "",
            "TEST–001",
        ] {
            check(text, &[]);
        }
        check("TEST-0012", &[("TEST-0012", true)]);
        check("TEST-001a", &[("TEST-001a", true)]);
    }

    #[test]
    fn a_value_is_an_id_or_only_holds_one() {
        let whole = |text| Scanner::new().expect("a scanner").whole(text).map(|naming| naming.id.to_string());
        assert_eq!(whole(" TEST-001 "), Some("TEST-001".to_owned()));
        assert_eq!(whole("TEST001b"), Some("TEST-001b".to_owned()));
        assert_eq!(whole("[TEST-001]"), None);
        assert_eq!(whole("see TEST-001"), None);
        assert_eq!(whole("TEST-1 TEST-2"), None);
    }

    /// An id in an accepted form: how it is written, and what it is.
    fn written() -> impl Strategy<Value = (String, String, bool)> {
        let prefixes = proptest::sample::select(vec!["TEST", "test", "Test", "tEsT"]);
        let separators = proptest::sample::select(vec!["-", "_", " ", ""]);
        let letters = proptest::sample::select(vec!["", "a", "Q"]);
        (prefixes, separators, "[0-9]{1,9}", letters)
            .prop_filter("without a separator, in capitals", |(prefix, separator, _, _)| {
                *prefix == "TEST" || !separator.is_empty()
            })
            .prop_map(|(prefix, separator, digits, letter)| {
                let id = format!("TEST-{digits}{}", letter.to_ascii_lowercase());
                (format!("{prefix}{separator}{digits}{letter}"), id, prefix == "TEST")
            })
    }

    /// What may stand around an id: anything that does not make it part of a word, or of another id.
    fn surroundings() -> impl Strategy<Value = (String, String)> {
        let before =
            proptest::sample::select(vec!["", " ", "[", "(", "x_", "ü-", ": ", "::", "/", "test_", "日本 "]);
        let after =
            proptest::sample::select(vec!["", " ", "]", ")", "_x", "-ü", ": x", "::x", ".py", "_2", "、"]);
        ("[a-zäöü .:/]{0,20}", before, after, "[a-zäöü .:/]{0,20}").prop_map(|(far, before, after, end)| {
            // A word before a boundary that is none would go on.
            let far = if before.is_empty() { String::new() } else { far };
            let end = if after.is_empty() { String::new() } else { end };
            (format!("{far}{before}"), format!("{after}{end}"))
        })
    }

    proptest! {
        #[test]
        fn every_id_is_found_wherever_it_stands((text, id, sure) in written(), (before, after) in surroundings()) {
            let found = scan(&format!("{before}{text}{after}"));
            prop_assert_eq!(found, vec![(id, sure)], "{}{}{}", before, text, after);
        }

        #[test]
        fn no_longer_word_is_an_id((text, id, _) in written(), word in "[a-zA-Z0-9äß]{1,5}", before in any::<bool>()) {
            let longer = if before { format!("{word}{text}") } else { format!("{text}{word}") };
            let found = scan(&longer);
            prop_assert!(found.iter().all(|(found, _)| *found != id), "{}: {:?}", longer, found);
        }

        #[test]
        fn no_text_breaks_the_scanner(text in "(TEST|test|[-_ ]|[0-9a]|\\PC){0,30}") {
            for (id, _) in scan(&text) {
                prop_assert!(id::parse(&id).is_ok());
            }
        }
    }
}
