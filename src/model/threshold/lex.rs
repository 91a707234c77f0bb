//! Cuts the text of a threshold into words, numbers and signs.

use std::ops::Range;

use super::super::duration::is_time_unit;
use super::{Operator, number};

/// What a piece of the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// Anything without a meaning of its own.
    Word,
    /// Digits, with their points and separators, checked later.
    Number,
    /// `%`.
    Percent,
    /// A comparison: a sign such as `>=`.
    Sign(Operator),
    /// A comparison in words, such as `at least`.
    Phrase(Operator),
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `,` or `;`.
    Comma,
    /// `:`.
    Colon,
    /// A full stop behind a word or a number.
    Stop,
    /// Between the two numbers of a range.
    Dash,
    /// Behind a number, which is the least then: `3+`.
    Plus,
}

/// A piece of the text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexeme {
    pub token: Token,
    pub range: Range<usize>,
}

const SIGNS: [(&str, Token); 17] = [
    (">=", Token::Sign(Operator::AtLeast)),
    ("<=", Token::Sign(Operator::AtMost)),
    ("==", Token::Sign(Operator::Equal)),
    (">", Token::Sign(Operator::Above)),
    ("<", Token::Sign(Operator::Below)),
    ("=", Token::Sign(Operator::Equal)),
    ("≥", Token::Sign(Operator::AtLeast)),
    ("≤", Token::Sign(Operator::AtMost)),
    ("%", Token::Percent),
    ("(", Token::Open),
    (")", Token::Close),
    (",", Token::Comma),
    (";", Token::Comma),
    (":", Token::Colon),
    ("..", Token::Dash),
    ("–", Token::Dash),
    (".", Token::Stop),
];

/// Comparisons in words; a longer phrase stands before those that it contains.
const PHRASES: [(&[&str], Operator); 26] = [
    (&["no", "less", "than"], Operator::AtLeast),
    (&["not", "less", "than"], Operator::AtLeast),
    (&["no", "fewer", "than"], Operator::AtLeast),
    (&["no", "more", "than"], Operator::AtMost),
    (&["not", "more", "than"], Operator::AtMost),
    (&["more", "than"], Operator::Above),
    (&["greater", "than"], Operator::Above),
    (&["higher", "than"], Operator::Above),
    (&["less", "than"], Operator::Below),
    (&["fewer", "than"], Operator::Below),
    (&["lower", "than"], Operator::Below),
    (&["at", "least"], Operator::AtLeast),
    (&["at", "most"], Operator::AtMost),
    (&["up", "to"], Operator::AtMost),
    (&["above"], Operator::Above),
    (&["over"], Operator::Above),
    (&["exceed"], Operator::Above),
    (&["exceeds"], Operator::Above),
    (&["exceeding"], Operator::Above),
    (&["below"], Operator::Below),
    (&["under"], Operator::Below),
    (&["minimum"], Operator::AtLeast),
    (&["maximum"], Operator::AtMost),
    (&["max"], Operator::AtMost),
    (&["exactly"], Operator::Equal),
    (&["equals"], Operator::Equal),
];

/// Every piece of the text, in order; only blanks lie between them.
pub(super) fn lex(text: &str) -> Vec<Lexeme> {
    let mut pieces: Vec<Lexeme> = Vec::new();
    let mut at = 0;
    while let Some(blank) = text[at..].find(|c: char| !c.is_whitespace()) {
        at += blank;
        let (token, length) = next(&text[at..], at, pieces.last());
        let range = at..at + length;
        at = range.end;
        pieces.push(Lexeme { token, range });
    }
    join_phrases(text, &pieces)
}

fn next(rest: &str, at: usize, last: Option<&Lexeme>) -> (Token, usize) {
    let after_number = last.is_some_and(|last| last.token == Token::Number);
    let glued = after_number && last.is_some_and(|last| last.range.end == at);
    if is_status_class(rest) {
        return (Token::Word, "5xx".len());
    }
    if let Some(length) = number_length(rest, after_number) {
        return (Token::Number, length);
    }
    if after_number && is_dash(rest) {
        return (Token::Dash, 1);
    }
    if glued && rest.starts_with('+') {
        return (Token::Plus, 1);
    }
    let sign = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
    sign.map_or_else(|| (Token::Word, word_length(rest, glued)), |(sign, token)| (*token, sign.len()))
}

/// Whether this is `5xx`, the name of a class of HTTP answers and no number.
fn is_status_class(rest: &str) -> bool {
    let mut chars = rest.chars();
    let class = matches!(chars.next(), Some('1'..='5'));
    let name = chars.next() == Some('x') && chars.next() == Some('x');
    class && name && !chars.next().is_some_and(char::is_alphanumeric)
}

fn number_length(rest: &str, after_number: bool) -> Option<usize> {
    // A minus behind a number makes a range of the two, as in `6-8 weeks`.
    if after_number && rest.starts_with('-') {
        return None;
    }
    number::length_at_start(rest)
}

fn is_dash(rest: &str) -> bool {
    let behind = rest.strip_prefix('-').map(str::trim_start);
    behind.is_some_and(|behind| behind.starts_with(|c: char| c.is_ascii_digit()))
}

/// A unit glued to a number ends before the next pair, so that `1h30m` is two pairs.
fn word_length(rest: &str, glued: bool) -> usize {
    let ends = |c: char| c.is_whitespace() || "<>=≥≤%(),;:–".contains(c);
    if let (true, Some(length)) = (glued, pair_follows(rest)) {
        return length;
    }
    let word = rest.split(ends).next().unwrap_or(rest);
    word.trim_end_matches('.').len()
}

/// The length of a unit of time that another number with its unit is glued to.
fn pair_follows(rest: &str) -> Option<usize> {
    let (unit, behind) = split_letters(rest);
    let number = behind.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let (next, _) = split_letters(number);
    let pairs = number.len() < behind.len() && is_time_unit(unit) && is_time_unit(next);
    pairs.then_some(unit.len())
}

fn split_letters(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_alphabetic());
    text.split_at(end.unwrap_or(text.len()))
}

fn join_phrases(text: &str, pieces: &[Lexeme]) -> Vec<Lexeme> {
    let mut joined = Vec::with_capacity(pieces.len());
    let mut rest = pieces;
    while let Some(first) = rest.first() {
        let (operator, length) = phrase(text, rest).unzip();
        let (now, behind) = rest.split_at(length.unwrap_or(1));
        let end = now.last().map_or(first.range.end, |last| last.range.end);
        joined.push(Lexeme {
            token: operator.map_or(first.token, Token::Phrase),
            range: first.range.start..end,
        });
        rest = behind;
    }
    joined
}

fn phrase(text: &str, pieces: &[Lexeme]) -> Option<(Operator, usize)> {
    let says = |(piece, word): (&Lexeme, &&str)| {
        piece.token == Token::Word && text[piece.range.clone()].eq_ignore_ascii_case(word)
    };
    let fits = |words: &[&str]| pieces.len() >= words.len() && pieces.iter().zip(words).all(says);
    let found = PHRASES.iter().find(|(words, _)| fits(words));
    found.map(|(words, operator)| (*operator, words.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: &str) {
        let shown: Vec<String> =
            lex(text).into_iter().map(|piece| format!("{:?}:{}", piece.token, &text[piece.range])).collect();
        assert_eq!(shown.join(" "), expect);
    }

    #[test]
    fn texts_are_cut_into_pieces() {
        check(">2%", "Sign(Above):> Number:2 Percent:%");
        check("1h30m.", "Number:1 Word:h Number:30 Word:m Stop:.");
        check("no more than 4.5/5.0", "Phrase(AtMost):no more than Number:4.5 Word:/5.0");
        check("5xx p95 -3", "Word:5xx Word:p95 Number:-3");
        check("6-8, 6 – 8", "Number:6 Dash:- Number:8 Comma:, Number:6 Dash:– Number:8");
        check("3+ C++ 5 + 2", "Number:3 Plus:+ Word:C++ Number:5 Word:+ Number:2");
        check("1,5s x.y.", "Number:1,5 Word:s Word:x.y Stop:.");
        check("1e-3 2.5E3ms 1e3.", "Number:1e-3 Number:2.5E3 Word:ms Number:1e3 Stop:.");
        check("1'000ms 3e 4errors", "Number:1'000 Word:ms Number:3 Word:e Number:4 Word:errors");
    }

    proptest! {
        #[test]
        fn only_blanks_lie_between_the_pieces(text in r"[<>=%().,:\-–0-9a-z ü]{0,40}|\PC*") {
            let mut at = 0;
            for piece in lex(&text) {
                prop_assert!(text[at..piece.range.start].trim().is_empty());
                prop_assert!(!piece.range.is_empty());
                at = piece.range.end;
            }
            prop_assert!(text[at..].trim().is_empty());
        }
    }
}
