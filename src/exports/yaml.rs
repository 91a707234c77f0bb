//! YAML as other tools read it: texts between double quotes, as in JSON, so that no reader takes them for something else.

/// A text as a scalar of one line.
pub(super) fn text(text: &str) -> String {
    // JSON is YAML 1.2, and the readers of YAML 1.1 understand its escapes, too.
    serde_json::Value::String(text.to_owned()).to_string()
}

/// An expression as a block below its key, indented by so many spaces; between quotes where YAML has no other way.
pub(super) fn block(expression: &str, indent: usize) -> String {
    let is_plain = |letter: char| {
        !letter.is_control() && !matches!(letter, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{85}')
    };
    if expression.is_empty() || expression.starts_with(' ') || !expression.chars().all(is_plain) {
        return text(expression);
    }
    format!("|-\n{:indent$}{expression}", "")
}

/// A comment of one line.
pub(super) fn comment(text: &str) -> String {
    let line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    format!("# {line}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            let read: String = yaml_serde::from_str(&text(plain)).unwrap();
            assert_eq!(read, plain);
            let yaml = format!("key: {}\n", block(plain, 2));
            let read: std::collections::BTreeMap<String, String> = yaml_serde::from_str(&yaml).unwrap();
            assert_eq!(read["key"], plain);
        }
    }
}
