//! Secrets that the name gives away which they are assigned to: `DB_PASSWORD=…`, `"token": "…"`,
//! `--password …`, `<password>…</password>`.

use super::Secret;
use super::literal::is_literal;
use super::names::names_secret;
use super::scan::bounded;

/// How far a name is followed on either side of the word that gives it away.
const LONGEST_NAME: usize = 64;

/// The value that is assigned to the name around a word, if it is a secret.
pub(super) fn find(text: &str, start: usize, end: usize) -> Option<Secret> {
    let name_end = end + text[end..].bytes().take(LONGEST_NAME).take_while(|byte| in_name(*byte)).count();
    let (operator, from) = operator(text, name_end)?;
    let before = text[..start].bytes().rev().take(LONGEST_NAME);
    let name_start = start - before.take_while(|byte| in_name(*byte)).count();
    let name = &text[name_start..name_end];
    let is_header =
        name.eq_ignore_ascii_case("authorization") || name.eq_ignore_ascii_case("proxy-authorization");
    if !is_header && !names_secret(name) && !names_secret(two_words(text, name_start, name_end)) {
        return None;
    }
    let from = if is_header { behind_scheme(text, from) } else { from };
    let in_address = text[..name_start].ends_with(['?', '&']);
    let value = Value::new(text, from, operator, in_address)?;
    let opens = Opening { text, name_start, name };
    let is_told = is_literal(value.text)
        && !is_identifier(value.text)
        && match operator {
            Operator::Equals | Operator::Element => true,
            Operator::Flag => opens.is_flag() || (value.quoted && is_random(value.text)),
            Operator::Colon if is_header || value.goes_on => is_random(value.text),
            Operator::Colon => {
                value.quoted || opens.is_setting() || is_random(value.text) || opens.is_line(&value)
            }
        };
    is_told.then(|| Secret { range: value.start..value.whole_end(text), what: "a secret" })
}

fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// How a value is assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    /// `name=value`, `name := value`, `name => value`.
    Equals,
    /// `name: value`.
    Colon,
    /// `<name>value</name>`.
    Element,
    /// `--name value`, or `NAME 'value'` as in SQL.
    Flag,
}

/// What assigns, and where the value may begin.
fn operator(text: &str, name_end: usize) -> Option<(Operator, usize)> {
    let rest = bounded(&text[name_end..]);
    let inner = rest.trim_start_matches(['"', '\'', '`', ']']);
    let spaced = inner.trim_start_matches([' ', '\t']);
    let found =
        [(":=", Operator::Equals), ("=>", Operator::Equals), ("=", Operator::Equals), (":", Operator::Colon)]
            .into_iter()
            .find_map(|(sign, operator)| Some((operator, spaced.strip_prefix(sign)?)));
    let (operator, value) = match found {
        // What compares, and what qualifies a name, assigns nothing.
        Some((_, value)) if value.starts_with(['=', ':']) => return None,
        Some(found) => found,
        None if inner.starts_with('>') => (Operator::Element, &inner[1..]),
        None if spaced.len() < inner.len() => (Operator::Flag, spaced),
        None => return named_pair(rest).map(|at| (Operator::Equals, name_end + at)),
    };
    if operator == Operator::Colon && value.starts_with("//") {
        return None;
    }
    if let (Operator::Flag, Some(at)) = (operator, named_pair(rest)) {
        return Some((Operator::Equals, name_end + at));
    }
    let value = value.trim_start_matches([' ', '\t']);
    Some((operator, name_end + rest.len() - value.len()))
}

/// `{name: DB_PASSWORD, value: …}`: where the value begins that follows a name which is a value itself.
fn named_pair(rest: &str) -> Option<usize> {
    let between = rest.trim_start_matches(['"', '\'', ' ', '\t', ',', '\r', '\n']);
    let after = between.strip_prefix("value").or_else(|| between.strip_prefix("Value"))?;
    let after = after.trim_start_matches(['"', '\'', ' ']).strip_prefix([':', '='])?;
    Some(rest.len() - after.trim_start_matches(' ').len())
}

/// The name with the word before it, for `API key: …`.
fn two_words(text: &str, start: usize, end: usize) -> &str {
    let before = &text[..start];
    let Some(first) = before.strip_suffix(' ') else { return "" };
    let letters = first.bytes().rev().take(16).take_while(u8::is_ascii_alphabetic).count();
    &text[first.len() - letters..end]
}

/// Behind the scheme of an `Authorization` header: `Token abc123`, `ApiKey abc123`.
fn behind_scheme(text: &str, from: usize) -> usize {
    let rest = bounded(&text[from..]);
    let scheme = rest.bytes().take_while(|byte| byte.is_ascii_alphabetic() || *byte == b'-').count();
    if rest[scheme..].starts_with(' ') { from + scheme + 1 } else { from }
}

/// A value as it is written.
struct Value<'t> {
    start: usize,
    text: &'t str,
    quoted: bool,
    /// Whether another word follows, as in a sentence.
    goes_on: bool,
}

impl<'t> Value<'t> {
    fn new(text: &'t str, from: usize, operator: Operator, in_address: bool) -> Option<Self> {
        let rest = bounded(&text[from..]);
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'));
        if let Some(quote) = quote {
            let inner = &rest[1..];
            let end = inner.find([quote, '\n'])?;
            // Backquotes set words apart in sentences, too.
            return Some(Value {
                start: from + 1,
                text: &inner[..end],
                quoted: quote != '`',
                goes_on: false,
            });
        }
        let ends = if in_address { ends_in_address } else { ends_value };
        let value = &rest[..rest.find(ends).unwrap_or(rest.len())];
        let after = rest[value.len()..].strip_prefix(' ');
        // A secret that is masked already was a word, too.
        let is_word = |letter: char| letter.is_alphabetic() || super::MASK.contains(letter);
        let goes_on = after.is_some_and(|after| after.starts_with(is_word));
        // What ends a sentence is not part of the value.
        let value = match operator {
            Operator::Element => value,
            _ => value.trim_end_matches(['.', ':', '!', '?']),
        };
        (value.len() >= SHORTEST_VALUE).then_some(Value { start: from, text: value, quoted: false, goes_on })
    }

    /// Where it ends, however long it is.
    fn whole_end(&self, text: &str) -> usize {
        let end = self.start + self.text.len();
        let is_cut = !self.quoted && self.text.len() + 4 > bounded(&text[self.start..]).len();
        let rest = &text[end..];
        if is_cut { end + rest.find(ends_value).unwrap_or(rest.len()) } else { end }
    }
}

/// Whether a value without quotes ends here.
fn ends_value(letter: char) -> bool {
    letter.is_whitespace() || ",;&\"'`<>)}]".contains(letter)
}

/// The same in the query of an address.
fn ends_in_address(letter: char) -> bool {
    letter == '#' || ends_value(letter)
}

/// A value of fewer characters is no secret worth the name.
const SHORTEST_VALUE: usize = 4;

/// Where a name is written.
struct Opening<'t> {
    text: &'t str,
    name_start: usize,
    name: &'t str,
}

impl Opening<'_> {
    fn is_flag(&self) -> bool {
        self.name.starts_with("--")
    }

    /// Whether the name is that of a setting, and not a word of a sentence: `DB_PASSWORD`, `apiKey`.
    fn is_setting(&self) -> bool {
        let inner = self.name.trim_matches(['-', '.']);
        let camel = inner
            .bytes()
            .zip(inner.bytes().skip(1))
            .any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase());
        camel
            || inner.contains('_')
            || inner.contains('.')
            || inner.starts_with("x-")
            || inner.starts_with("X-")
    }

    /// Whether name and value are all of their line, as in `password: letmein`.
    fn is_line(&self, value: &Value<'_>) -> bool {
        let before = bounded_before(self.text, self.name_start);
        let opens = before.trim_end_matches([' ', '\t', '-', '"', '\'', '|']);
        let after = &self.text[value.start + value.text.len()..];
        let closes = after.trim_start_matches([' ', '"', '\'']);
        let is_password = ["password", "passwd", "pwd", "passphrase"]
            .iter()
            .any(|word| self.name.to_ascii_lowercase().ends_with(word));
        is_password
            && (opens.is_empty() || opens.ends_with('\n'))
            && (closes.is_empty() || closes.starts_with(['\n', '\r', '#']))
    }
}

fn bounded_before(text: &str, end: usize) -> &str {
    &text[text.floor_char_boundary(end.saturating_sub(LONGEST_NAME))..end]
}

/// Whether a text looks like chance made it: letters and digits that are no word, version or name of a
/// standard.
fn is_random(text: &str) -> bool {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    letters > 0 && digits > 0 && text.len() >= 6 && !is_standard(text)
}

/// `RFC7519`, `HS256`, `OAuth2`, `v1.2.3`: letters that name something, and its number.
fn is_standard(text: &str) -> bool {
    const NAMES: &[&str] = &[
        "rfc", "hs", "rs", "es", "ps", "sha", "sha-", "oauth", "oauth-", "v", "version", "x", "ed", "aes",
        "aes-", "rsa", "rsa-", "ecdsa-", "tls", "http", "pkcs", "sprint", "phase", "step", "day", "week",
        "utf", "utf-", "iso", "iso-", "q", "fips", "fips-", "argon", "bcrypt-",
    ];
    let lower = text.to_ascii_lowercase();
    let name = lower.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '/'));
    NAMES.contains(&name)
        || NAMES.contains(&lower[..lower.find(|c: char| c.is_ascii_digit()).unwrap_or(0)].trim_end())
            && lower.len() <= 12
}

/// The id of an entry or a ticket, and numbers with points: `TEST-104`, `2027-03-01`.
fn is_identifier(text: &str) -> bool {
    let number = text.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '-');
    let is_id = number.len() < text.len()
        && text.as_bytes()[text.len() - number.len() - 1] == b'-'
        && !number.is_empty()
        && number.len() <= 8
        && number.bytes().all(|byte| byte.is_ascii_digit());
    is_id || text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b':' | b'/'))
}
