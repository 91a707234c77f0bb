//! One pass over a text for all that may be a secret.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::forms::{self, FORMS, Form};
use super::tokens::{Body, TOKENS, Token};
use super::{SHORTEST, Secret, assigned};

/// What may begin where a text of [`SEARCH`] was found.
#[derive(Debug, Clone, Copy)]
enum Trigger {
    /// A token of this kind.
    Token(&'static Token),
    /// A secret of this form.
    Form(&'static Form),
    /// A value assigned to a name that holds this word.
    Name,
}

/// The words of which one is in every name that [`super::names_secret`] takes for that of a secret, or
/// in the header of HTTP that carries one.
const NAME_WORDS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "key",
    "pass",
    "pat",
    "authorization",
];

/// All texts that a secret may begin with or be named by, and what each stands for.
static TRIGGERS: LazyLock<Vec<(&'static str, Trigger)>> = LazyLock::new(|| {
    let tokens = TOKENS.iter().map(|token| (token.begins, Trigger::Token(token)));
    let forms = FORMS.iter().map(|form| (form.sign, Trigger::Form(form)));
    let names = NAME_WORDS.iter().map(|word| (*word, Trigger::Name));
    tokens.chain(forms).chain(names).collect()
});

/// Nothing if the texts were too many for an automaton, which a test rules out.
static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let texts = TRIGGERS.iter().map(|(text, _)| *text);
    AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(texts).ok()
});

/// The secrets of a text, in order and apart from each other; those that only their name gives away, if
/// `named`.
pub(super) fn secrets(text: &str, named: bool) -> Vec<Secret> {
    let Some(search) = SEARCH.as_ref().filter(|_| text.len() >= SHORTEST) else { return Vec::new() };
    let mut scan = Scan { text, measured: (0, 0) };
    let mut found: Vec<Secret> = Vec::new();
    let mut covered = 0;
    for hit in search.find_overlapping_iter(text) {
        let secret = match TRIGGERS[hit.pattern().as_usize()].1 {
            Trigger::Token(token) => scan.token(token, hit.start()),
            Trigger::Form(form) => (form.find)(&mut scan, hit.start(), hit.end()),
            // What lies in a secret is part of it.
            Trigger::Name if named && hit.start() >= covered => assigned::find(text, hit.start(), hit.end()),
            Trigger::Name => None,
        };
        covered = secret.as_ref().map_or(covered, |secret| covered.max(secret.range.end));
        found.extend(secret);
    }
    apart(found)
}

/// Secrets in order; what two of them share belongs to the first.
fn apart(mut found: Vec<Secret>) -> Vec<Secret> {
    found.sort_by_key(|secret| (secret.range.start, std::cmp::Reverse(secret.range.end)));
    let mut apart: Vec<Secret> = Vec::with_capacity(found.len());
    for secret in found {
        match apart.last_mut() {
            Some(last) if secret.range.start < last.range.end => {
                last.range.end = last.range.end.max(secret.range.end);
            }
            _ => apart.push(secret),
        }
    }
    apart
}

/// A text, and how far a run of characters in it was measured.
pub(super) struct Scan<'t> {
    /// The text.
    pub text: &'t str,
    /// The last run of word characters that was measured, so that each is measured once.
    measured: (usize, usize),
}

/// How far a text is looked at before it is known to be a secret.
const LONGEST: usize = 512;

impl Scan<'_> {
    /// Where the word characters that begin at `from` end.
    pub(super) fn word_end(&mut self, from: usize) -> usize {
        let (start, end) = self.measured;
        if from < start || from >= end {
            self.measured = (from, from + length(&self.text[from..], Body::Word));
        }
        self.measured.1.max(from)
    }

    fn token(&mut self, token: &Token, start: usize) -> Option<Secret> {
        let body = start + token.begins.len();
        // The search does not heed case.
        if !self.text[start..].starts_with(token.begins) || !forms::begins_word(self.text, start) {
            return None;
        }
        let end = match token.body {
            Body::Word => self.word_end(body),
            other => body + length(bounded(&self.text[body..]), other),
        };
        let is_long = end - body >= token.follows;
        (is_long && token.body.convinces(&self.text[body..end])).then(|| {
            let end = end + length(&self.text[end..], token.body);
            // What ends a sentence is not part of it.
            let end = start + self.text[start..end].trim_end_matches('.').len();
            Secret { range: start..end, what: token.what }
        })
    }
}

/// How many bytes of this kind a text begins with.
pub(super) fn length(text: &str, body: Body) -> usize {
    text.bytes().take_while(|byte| body.holds(*byte)).count()
}

/// As much of a text as is looked at.
pub(super) fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_can_be_built() {
        assert!(SEARCH.is_some());
    }
}
