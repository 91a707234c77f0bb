//! JSON as it may be shown: its strings are, and everything else is left alone.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::source::{invisible, secret};

/// A text of JSON whose strings may be shown. A string behind a key that names a secret is one.
pub fn showable(json: String) -> String {
    let mut shown = String::new();
    let mut copied = 0;
    let mut key: Option<&str> = None;
    for (start, end) in strings(&json) {
        let inner = &json[start + 1..end];
        let is_key = json[end + 1..].trim_start().starts_with(':');
        if let Some(changed) = changed(inner, key.filter(|_| !is_key)) {
            shown += &json[copied..start];
            shown += &changed;
            copied = end + 1;
        }
        key = is_key.then_some(inner);
    }
    let shown = if copied == 0 { json } else { shown + &json[copied..] };
    match invisible::escaped(&shown) {
        Cow::Owned(escaped) => escaped,
        Cow::Borrowed(_) => shown,
    }
}

/// Writes JSON with an escape for every invisible character. Serialisers hand over whole characters.
pub struct Escaping<'w>(pub &'w mut dyn Write);

impl Write for Escaping<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes).map(invisible::escaped) {
            Ok(Cow::Owned(escaped)) => self.0.write_all(escaped.as_bytes())?,
            _ => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A string with its quotes as it may be shown, if that is another.
fn changed(inner: &str, key: Option<&str>) -> Option<String> {
    let text: String = match inner.contains('\\') {
        true => serde_json::from_str(&format!("\"{inner}\"")).ok()?,
        false => inner.to_owned(),
    };
    if key.is_some_and(|key| secret::is_secret(key, &text)) {
        return Some(format!("\"{}\"", secret::MASK));
    }
    // Invisible characters are escaped, so that nothing is lost, unless they hide a secret.
    let seen = invisible::without(&text);
    match secret::mask(&seen) {
        Cow::Owned(masked) => serde_json::to_string(&masked).ok(),
        Cow::Borrowed(_) => None,
    }
}

/// Where the strings of a text of JSON begin and end: at their quotes.
fn strings(json: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = json.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + memchr::memchr(b'"', bytes.get(at..)?)?;
        let mut end = start + 1;
        loop {
            end += memchr::memchr2(b'"', b'\\', bytes.get(end..)?)?;
            if bytes[end] == b'"' {
                break;
            }
            end += 2;
        }
        at = end + 1;
        Some((start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expect: &str) {
        assert_eq!(showable(json.to_owned()), expect);
    }

    #[test]
    fn strings_are_masked_and_stay_strings() {
        check("{\"a\": \"x\", \"b\": [1, \"pwd=hunter2\"]}", "{\"a\": \"x\", \"b\": [1, \"pwd=••••\"]}");
        check("{\"note\": \"a \\\"b\\\"\\npwd=hunter2\"}", "{\"note\": \"a \\\"b\\\"\\npwd=••••\"}");
        check("{\"note\": \"ends with \\\\\", \"n\": \"x\"}", "{\"note\": \"ends with \\\\\", \"n\": \"x\"}");
    }

    #[test]
    fn what_is_invisible_is_escaped() {
        check("[\"a\u{202E}b\u{E0041}\"]", "[\"a\\u202eb\\udb40\\udc41\"]");
        check("[\"p\u{200B}wd=hunter2\"]", "[\"pwd=••••\"]");
    }

    #[test]
    fn a_key_can_give_a_secret_away() {
        check("{\"DB_PASSWORD\": \"letmein\"}", "{\"DB_PASSWORD\": \"••••\"}");
        check(
            "{\"DB_PASSWORD\" : \"${DB}\", \"x\": \"letmein\"}",
            "{\"DB_PASSWORD\" : \"${DB}\", \"x\": \"letmein\"}",
        );
        check("{\"token\": {\"value\": \"abc\"}}", "{\"token\": {\"value\": \"abc\"}}");
    }
}
