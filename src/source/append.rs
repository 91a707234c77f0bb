//! Adds an item to a list of a YAML text. Whatever stands there already stays as it is, byte by byte: comments,
//! indentation, line ends.

use super::edit::{self, Edit};
use super::{FileId, Node, Pair, SourceFile, Span, Value, yaml};

/// The fields of a new item: keys, and values as YAML writes them.
pub type Item = Vec<(&'static str, String)>;

/// Adds `item` to the list under `key` of the last document that `is_home` takes for one with such lists. Without
/// one the text gets a document of its own. Gives nothing if the list is written in a way that cannot be
/// extended safely.
pub fn append(text: &str, key: &str, item: &Item, is_home: impl Fn(&[Pair<'_>]) -> bool) -> Option<String> {
    let file = SourceFile::new("", text);
    let reading = yaml::read(FileId(0), &file);
    if !reading.defects.is_empty() {
        return None;
    }
    let layout = Layout { text, eol: if text.contains("\r\n") { "\r\n" } else { "\n" } };
    let homes = reading.documents.iter().filter_map(|document| match &document.root.value {
        Value::Mapping(pairs) if is_home(pairs) => Some(pairs),
        _ => None,
    });
    let homes: Vec<&Vec<Pair<'_>>> = homes.collect();
    let is_key = |pair: &&Pair<'_>| pair.key.text().is_some_and(|own| own.trim().eq_ignore_ascii_case(key));
    let list = homes.iter().rev().find_map(|pairs| pairs.iter().find(is_key));
    match list {
        Some(pair) => layout.extend(pair, item),
        // The lists of the last document go on at the end of the text.
        None => {
            let last = reading.documents.last().map(|document| &document.root.value);
            let goes_on =
                matches!(last, Some(Value::Mapping(pairs)) if is_home(pairs) && layout.is_flush(pairs));
            let separate = !reading.documents.is_empty() && !goes_on;
            Some(layout.at_end(key, item, separate))
        }
    }
}

/// A text as a YAML value of one line: plain if nothing in it means something else, or in double quotes.
pub fn scalar(text: &str) -> String {
    const WORDS: &[&str] = &["true", "false", "yes", "no", "on", "off", "y", "n", "null", "none"];
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '_' | '@' | '/' | '+' | '(' | ')' | '-');
    let is_plain = text.starts_with(char::is_alphabetic)
        && text.chars().all(plain)
        && !text.ends_with(' ')
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is_plain {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted += "\\n",
            '\t' => quoted += "\\t",
            c if c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}') => {
                quoted += &format!("\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// How a text is laid out.
struct Layout<'t> {
    text: &'t str,
    eol: &'static str,
}

impl Layout<'_> {
    /// Extends the list of a pair.
    fn extend(&self, pair: &Pair<'_>, item: &Item) -> Option<String> {
        let key = pair.key.span;
        let column = self.column(key.start as usize)?;
        let list = pair.value.span;
        // An alias stands for what was written before it, which is another list's.
        let items = match &pair.value.value {
            Value::Sequence(items) => items.as_slice(),
            _ => &[],
        };
        if list.start < key.end || items.iter().any(|item| !list.contains(item.span)) {
            return None;
        }
        match &pair.value.value {
            _ if pair.value.is_null() && pair.value.span.is_empty() => {
                let end = self.line_end(key.end as usize);
                Some(self.insert(end, &self.block(column + 2, 2, item)))
            }
            Value::Sequence(items) => {
                let flow = self.text[pair.value.span.range()].starts_with('[');
                match items.last() {
                    Some(last) if flow => {
                        Some(self.insert(last.span.end as usize, &format!(", {}", self.flow(item))))
                    }
                    Some(last) => self.behind(last, item),
                    None => self.instead(pair.value.span, column, item),
                }
            }
            _ => None,
        }
    }

    /// Another item of a block list, indented like the last one.
    fn behind(&self, last: &Node<'_>, item: &Item) -> Option<String> {
        let start = last.span.start as usize;
        let before = self.text[..start].trim_end_matches([' ', '\t']);
        let dash = before.strip_suffix('-')?.len();
        let column = self.column(dash)?;
        let content = self.text[..last.span.end as usize].trim_end().len();
        Some(self.insert(self.line_end(content), &self.block(column, start - dash, item)))
    }

    /// A list in place of `[]`, which may have a comment behind it.
    fn instead(&self, empty: Span, column: usize, item: &Item) -> Option<String> {
        let start = self.text[..empty.start as usize].trim_end_matches(' ').len();
        let end = self.line_end(empty.end as usize);
        let behind = self.text[empty.end as usize..end].to_owned();
        let replacement = format!("{behind}{}", self.block(column + 2, 2, item));
        let span = Span::new(FileId(0), start, end);
        Some(edit::apply(self.text, [&Edit::replace(span, replacement)]).0)
    }

    /// A new list at the end of the text.
    fn at_end(&self, key: &str, item: &Item, separate: bool) -> String {
        let eol = self.eol;
        let broken = if self.text.is_empty() || self.text.ends_with('\n') { "" } else { eol };
        let separator = if separate { format!("---{eol}") } else { String::new() };
        format!("{}{broken}{separator}{key}:{}{eol}", self.text, self.block(2, 2, item))
    }

    /// The lines of an item, each with the line break before it.
    fn block(&self, column: usize, gap: usize, item: &Item) -> String {
        let mut lines = String::new();
        for (at, (key, value)) in item.iter().enumerate() {
            lines += self.eol;
            lines += &" ".repeat(column);
            match at {
                0 => lines += &format!("-{}", " ".repeat(gap.saturating_sub(1))),
                _ => lines += &" ".repeat(gap),
            }
            lines += &format!("{key}: {value}");
        }
        lines
    }

    fn flow(&self, item: &Item) -> String {
        let pairs: Vec<String> = item.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        format!("{{{}}}", pairs.join(", "))
    }

    fn insert(&self, at: usize, new: &str) -> String {
        // A last line without a line break stays one.
        format!("{}{new}{}", &self.text[..at], &self.text[at..])
    }

    /// Whether the keys of a document stand at the beginning of their lines.
    fn is_flush(&self, pairs: &[Pair<'_>]) -> bool {
        pairs.first().is_some_and(|pair| self.column(pair.key.span.start as usize) == Some(0))
    }

    /// How far a place is indented; nothing if something else than blanks and dashes stands before it.
    fn column(&self, at: usize) -> Option<usize> {
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let before = &self.text[start..at];
        before.bytes().all(|byte| byte == b' ').then_some(before.len())
    }

    /// The end of the line that holds a place, before its line break.
    fn line_end(&self, at: usize) -> usize {
        let end = self.text[at..].find('\n').map_or(self.text.len(), |end| at + end);
        if self.text[at..end].ends_with('\r') { end - 1 } else { end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        let item = vec![("role", "QA Lead".to_owned()), ("by", "dana".to_owned())];
        let home = |pairs: &[Pair<'_>]| {
            pairs.iter().any(|pair| matches!(pair.key.text(), Some("approvals" | "Approvals" | "waivers")))
        };
        let found = append(text, "approvals", &item, home);
        assert_eq!(found.as_deref(), expect, "{text}");
    }

    #[test]
    fn an_item_takes_the_layout_of_the_others() {
        check(
            "# Ours\nApprovals:   # who\n    -   role: A # a\n        by: b\n\n# end\nwaivers: []\n",
            Some(
                "# Ours\nApprovals:   # who\n    -   role: A # a\n        by: b\n    -   role: QA Lead\n        by: dana\n\n# end\nwaivers: []\n",
            ),
        );
        check(
            "approvals:\r\n- role: A\r\n  note: |\r\n    one\r\n    two\r\n",
            Some(
                "approvals:\r\n- role: A\r\n  note: |\r\n    one\r\n    two\r\n- role: QA Lead\r\n  by: dana\r\n",
            ),
        );
        check(
            "approvals:\n  - {role: A, by: b} # in one line",
            Some("approvals:\n  - {role: A, by: b} # in one line\n  - role: QA Lead\n    by: dana"),
        );
        check(
            "approvals: [{role: A},\n  {role: B}]\n",
            Some("approvals: [{role: A},\n  {role: B}, {role: QA Lead, by: dana}]\n"),
        );
    }

    #[test]
    fn a_list_without_items_gets_its_first() {
        check("approvals: # none\n", Some("approvals: # none\n  - role: QA Lead\n    by: dana\n"));
        check("approvals: [] # none\n", Some("approvals: # none\n  - role: QA Lead\n    by: dana\n"));
        check("approvals: []", Some("approvals:\n  - role: QA Lead\n    by: dana"));
    }

    #[test]
    fn a_text_without_the_list_gets_one() {
        let new = "approvals:\n  - role: QA Lead\n    by: dana\n";
        check("", Some(new));
        check("# ours", Some(&format!("# ours\n{new}")));
        check("waivers:\n- by: a\n", Some(&format!("waivers:\n- by: a\n{new}")));
        check("id: EPIC-1\ntitle: One\n", Some(&format!("id: EPIC-1\ntitle: One\n---\n{new}")));
        check("waivers: []\n---\nid: EPIC-1\n", Some(&format!("waivers: []\n---\nid: EPIC-1\n---\n{new}")));
    }

    #[test]
    fn what_cannot_be_extended_safely_is_left_alone() {
        check("approvals: {role: A}\n", None);
        check("approvals: ~\n", None);
        check("{approvals: []}\n", None);
        check("approvals:\n  - role: 'A\n", None);
        check("waivers: &a\n  - by: b\napprovals: *a\n", None);
    }

    #[test]
    fn values_are_quoted_where_they_must_be() {
        for (text, expect) in [
            ("QA Lead", "QA Lead"),
            ("dana@example.com", "dana@example.com"),
            ("Jörg (deputy)", "Jörg (deputy)"),
            ("yes", "\"yes\""),
            ("3.10", "\"3.10\""),
            ("a: b", "\"a: b\""),
            ("@dana", "\"@dana\""),
            ("say \"no\" \\ \n\u{1}", "\"say \\\"no\\\" \\\\ \\n\\u0001\""),
            ("", "\"\""),
            ("late, again", "\"late, again\""),
        ] {
            assert_eq!(scalar(text), expect);
            let yaml = format!("a: {expect}\nb: {{c: {expect}}}\n");
            let file = SourceFile::new("", yaml);
            let reading = yaml::read(FileId(0), &file);
            // An invisible character is named, and read.
            let defects = reading.defects.iter();
            let broken = defects.filter(|defect| !matches!(defect, yaml::YamlDefect::InvisibleEscape { .. }));
            assert_eq!(broken.count(), 0);
            let Value::Mapping(pairs) = &reading.documents[0].root.value else { panic!("a mapping") };
            assert_eq!(pairs[0].value.text(), Some(text));
        }
    }
}
