//! YAML as other tools read it: texts between double quotes, as in JSON, so that no reader takes them for something else.

/// A text as a scalar of one line.
pub(super) fn text(text: &str) -> String {
    // JSON is YAML 1.2, and the readers of YAML 1.1 understand its escapes, too.
    let text = serde_json::Value::String(text.to_owned()).to_string();
    let escaped = |letter: char| match breaks_lines(letter) {
        true => format!("\\u{:04x}", u32::from(letter)),
        false => letter.to_string(),
    };
    if text.contains(breaks_lines) { text.chars().map(escaped).collect() } else { text }
}

/// Whether readers of YAML 1.1 take a letter for the end of a line, or for a mark of the encoding.
fn breaks_lines(letter: char) -> bool {
    matches!(letter, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{85}')
}

/// An expression as a block below its key, indented by so many spaces; between quotes where YAML has no other way.
pub(super) fn block(expression: &str, indent: usize) -> String {
    let is_plain = |letter: char| !letter.is_control() && !breaks_lines(letter);
    if expression.is_empty() || expression.starts_with(' ') || !expression.chars().all(is_plain) {
        return text(expression);
    }
    format!("|-\n{:indent$}{expression}", "")
}

/// A comment of one line.
pub(super) fn comment(text: &str) -> String {
    let ends = |letter: char| letter.is_control() || breaks_lines(letter);
    let line = text.replace(ends, " ");
    format!("# {line}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Go reads YAML as 1.1 does: what ends a line there would let a title leave its comment.
    #[test]
    fn a_comment_is_one_line() {
        let written = comment("a\u{2028}b: 1\u{85}c\u{2029}d\ne\rf\u{feff}");
        assert_eq!(written, "# a b: 1 c d e f \n");
        assert!(text("a\u{2028}b").is_ascii());
    }

    #[test]
    fn texts_are_read_back() {
        for plain in [
            "a",
            "yes",
            "1.10",
            "- x: y # z",
            "\"q\" \\ 'r'",
            "line\nbreak",
            "tab\t",
            "ü€\u{1f600}",
            "{{ .Labels }}",
            "next\u{2028}line\u{85}and\u{2029}mark\u{feff}",
        ] {
            let read: String = yaml_serde::from_str(&text(plain)).unwrap();
            assert_eq!(read, plain);
            let yaml = format!("key: {}\n", block(plain, 2));
            let read: std::collections::BTreeMap<String, String> = yaml_serde::from_str(&yaml).unwrap();
            assert_eq!(read["key"], plain);
        }
    }
}
