//! How SARIF writes text: messages in two forms, paths as URIs, names in one word.

use serde::{Serialize, Serializer};

/// A message (§3.11), or the text of a rule (§3.12).
#[derive(Serialize)]
pub struct Message {
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown: Option<String>,
}

impl Message {
    /// A message in plain text alone.
    pub fn plain(text: &str) -> Self {
        Message { text: plain_text(text), markdown: None }
    }
}

/// Text without formatting: quotes instead of backquotes, and nothing that looks like a link.
pub fn plain_text(text: &str) -> String {
    braced(&text.replace('`', "'").replace("](", "] ("))
}

/// Markdown that shows the text as it stands: code between backquotes, everything else escaped.
pub fn markdown(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // Backquotes in pairs hold code. A single one belongs to the text.
    if parts.len().is_multiple_of(2) {
        return braced(&escaped(text));
    }
    let parts = parts.iter().enumerate().map(|(index, part)| match (index % 2, part.is_empty()) {
        (0, _) => escaped(part),
        (_, true) => "\\`\\`".to_owned(),
        (_, false) => format!("`{part}`"),
    });
    braced(&parts.collect::<String>())
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if "\\`*_[]<>&~|#".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// Braces are doubled, for a single one would begin a placeholder (§3.11.5).
pub fn braced(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// `link-target-missing` as `LinkTargetMissing`.
pub fn pascal_case(name: &str) -> String {
    name.split('-').flat_map(|word| first_upper(word).chain(word.chars().skip(1))).collect()
}

fn first_upper(word: &str) -> impl Iterator<Item = char> {
    word.chars().next().into_iter().flat_map(char::to_uppercase)
}

/// A path as a URI (RFC 3986). The colon is encoded too: in a first part it would end a scheme.
pub fn uri<S: Serializer>(path: &&str, serializer: S) -> Result<S::Ok, S::Error> {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    serializer.serialize_str(&format!("{scheme}{}", percent_encoded(path)))
}

fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for &byte in path.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_has_no_formatting() {
        assert_eq!(plain_text("`a` is [b](c) in {0}"), "'a' is [b] (c) in {{0}}");
    }

    #[test]
    fn markdown_shows_what_was_written() {
        assert_eq!(markdown("`a_b` is a_b"), "`a_b` is a\\_b");
        assert_eq!(markdown("a ` alone <b>"), "a \\` alone \\<b\\>");
        assert_eq!(markdown("nothing: ``"), "nothing: \\`\\`");
        assert_eq!(markdown("`{x: 1}`"), "`{{x: 1}}`");
    }

    #[test]
    fn names_are_one_word() {
        assert_eq!(pascal_case("link-target-missing"), "LinkTargetMissing");
    }

    proptest! {
        #[test]
        fn a_path_can_be_read_back(path in any::<String>()) {
            let encoded = percent_encoded(&path);
            prop_assert!(encoded.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':'));
            let mut decoded = Vec::new();
            let mut bytes = encoded.bytes();
            while let Some(byte) = bytes.next() {
                let mut digit = || bytes.next().map(char::from).and_then(|digit| digit.to_digit(16)).unwrap_or(0);
                decoded.push(if byte == b'%' { (digit() * 16 + digit()) as u8 } else { byte });
            }
            prop_assert_eq!(String::from_utf8(decoded).expect("UTF-8"), path);
        }

        #[test]
        fn no_html_outside_code(text in "[a-z<>&`{}\\[\\]()_ ]{0,40}") {
            let markdown = markdown(&text);
            let outside: String = markdown.replace("\\`", "").split('`').step_by(2).collect();
            prop_assert!(!outside.replace("\\<", "").contains('<'), "{}", markdown);
        }
    }
}
