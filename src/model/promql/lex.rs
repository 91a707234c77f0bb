//! The pieces of a PromQL text.

use std::ops::Range;

use super::PromqlError;

/// A piece, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) token: Token,
    pub(super) range: Range<usize>,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name, keyword or operator in letters.
    Word,
    Number(f64),
    /// A length of time, in milliseconds.
    Duration(u64),
    Text(String),
    /// A sign: `(`, `=~`, `>=`.
    Sign(&'static str),
}

/// The longer first, so that `>=` is not `>`.
const SIGNS: &[&str] = &[
    "==", "!=", "=~", "!~", ">=", "<=", "(", ")", "{", "}", "[", "]", ",", ":", "@", "+", "-", "*", "/", "%",
    "^", "=", ">", "<",
];

const UNITS: &[(&str, u64)] = &[
    ("ms", 1),
    ("s", 1000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
    ("w", 604_800_000),
    ("y", 31_536_000_000),
];

/// The pieces of a text.
pub(super) fn lex(text: &str) -> Result<Vec<Piece>, PromqlError> {
    let mut pieces = Vec::new();
    let mut at = 0;
    // Inside brackets a colon parts window and step; elsewhere it is a part of a name.
    let mut is_window = false;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if first.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        if first == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let (token, length) = piece(rest, first, is_window)
            .map_err(|wrong| PromqlError { range: at + wrong.range.start..at + wrong.range.end, ..wrong })?;
        match token {
            Token::Sign("[") => is_window = true,
            Token::Sign("]") => is_window = false,
            _ => {}
        }
        pieces.push(Piece { token, range: at..at + length });
        at += length;
    }
    Ok(pieces)
}

fn piece(rest: &str, first: char, is_window: bool) -> Result<(Token, usize), PromqlError> {
    let begins_number =
        first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()));
    if begins_number {
        return number(rest);
    }
    let begins_word = |c: char| c.is_ascii_alphabetic() || c == '_' || (c == ':' && !is_window);
    if begins_word(first) {
        let goes_on = |c: char| begins_word(c) || c.is_ascii_digit();
        return Ok((Token::Word, rest.find(|c| !goes_on(c)).unwrap_or(rest.len())));
    }
    if matches!(first, '"' | '\'' | '`') {
        return text(rest, first);
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => {
            Err(PromqlError::new(0..first.len_utf8(), format!("unexpected character `{first}`"), "remove it"))
        }
    }
}

/// A number, or a length of time: `5`, `1e-3`, `0x1F`, `5m`, `1h30m`.
fn number(rest: &str) -> Result<(Token, usize), PromqlError> {
    let belongs = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    let mut end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
    let word = &rest[..end];
    if let Some(hex) = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        return match u64::from_str_radix(hex, 16) {
            Ok(number) => Ok((Token::Number(number as f64), end)),
            Err(_) => Err(PromqlError::new(
                0..end,
                format!("`{word}` is not a number"),
                "write hexadecimal digits, such as `0x1F`",
            )),
        };
    }
    // The sign of an exponent: `1e-3`.
    let is_mantissa = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if let Some(mantissa) = word.strip_suffix(['e', 'E']).filter(|mantissa| is_mantissa(mantissa))
        && rest[end..].starts_with(['+', '-'])
        && !mantissa.is_empty()
    {
        let digits = rest[end + 1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - end - 1);
        end += 1 + digits;
    }
    let word = &rest[..end];
    if let Ok(number) = word.parse::<f64>() {
        return Ok((Token::Number(number), end));
    }
    match duration(word) {
        Some(millis) => Ok((Token::Duration(millis), end)),
        None => Err(PromqlError::new(
            0..end,
            format!("`{word}` is not a number or a duration"),
            "write a duration with `ms`, `s`, `m`, `h`, `d`, `w` or `y`, such as `5m`",
        )),
    }
}

/// The milliseconds of `1h30m`: whole numbers, from long units to short ones, each once.
pub(super) fn duration(word: &str) -> Option<u64> {
    let (mut rest, mut total, mut last) = (word, 0_u64, u64::MAX);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (_, millis) = UNITS.iter().find(|(unit, _)| *unit == &rest[..letters])?;
        if *millis >= last {
            return None;
        }
        total = total.checked_add(count.checked_mul(*millis)?)?;
        (rest, last) = (&rest[letters..], *millis);
    }
    // Beyond three hundred years is a slip of the keyboard, and would not fit into what is computed with it.
    (last < u64::MAX && total < 10_000_000_000_000).then_some(total)
}

fn text(rest: &str, quote: char) -> Result<(Token, usize), PromqlError> {
    let mut value = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            _ if letter == quote => return Ok((Token::Text(value), at + 1)),
            '\\' if quote != '`' => {
                let Some((_, escaped)) = letters.next() else { break };
                let plain = match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '\\' | '"' | '\'' => escaped,
                    _ => {
                        let end = at + 1 + escaped.len_utf8();
                        return Err(PromqlError::new(
                            at..end,
                            format!("`\\{escaped}` is not an escape sequence"),
                            format!("write `\\\\{escaped}`"),
                        ));
                    }
                };
                value.push(plain);
            }
            '\n' if quote != '`' => break,
            _ => value.push(letter),
        }
    }
    let end = rest.find('\n').unwrap_or(rest.len());
    Err(PromqlError::new(0..end, "unterminated string", format!("add the closing `{quote}`")))
}
