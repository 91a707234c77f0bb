//! TOML text to the same tree that YAML becomes; the only file that knows the TOML parser.

use std::borrow::Cow;

use toml::de::{DeTable, DeValue};

use super::yaml::DEEPEST_NESTING;
use super::{FileId, Node, Pair, Scalar, Span, Style, Value};

/// Something wrong with the text of a TOML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlDefect {
    /// Where.
    pub span: Span,
    /// What, in the parser's words.
    pub message: String,
}

/// Reads a whole file; after an error it goes on with what can still be read.
pub fn read(file: FileId, text: &str) -> (Node<'_>, Vec<TomlDefect>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut defects: Vec<TomlDefect> = errors
        .into_iter()
        .map(|error| {
            let range = error.span().unwrap_or(0..0);
            TomlDefect { span: Span::new(file, range.start, range.end), message: error.message().to_owned() }
        })
        .collect();
    name_unclosed_bracket(file, text, &mut defects);
    let span = Span::new(file, 0, text.len());
    let mut tree = Tree { file, too_deep: None };
    let root = tree.mapping(span, table.into_inner(), 0);
    let message = "collections are nested too deeply";
    defects.extend(tree.too_deep.map(|span| TomlDefect { span, message: message.to_owned() }));
    (root, defects)
}

/// Where a bracket is not closed, the parser trips over every line behind it
/// and never over the bracket: that one is named instead.
fn name_unclosed_bracket(file: FileId, text: &str, defects: &mut Vec<TomlDefect>) {
    let Some(at) = unclosed_bracket(text) else { return };
    let before = defects.len();
    defects.retain(|defect| (defect.span.start as usize) < at);
    if defects.len() < before {
        let message = "this bracket is not closed".to_owned();
        defects.push(TomlDefect { span: Span::new(file, at, at + 1), message });
    }
}

/// The first square bracket that no other closes; those in texts and comments are none.
fn unclosed_bracket(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    let mut quote = None;
    let mut escaped = false;
    let mut comment = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' => (quote, comment, escaped) = (None, false, false),
            _ if comment => {}
            _ if escaped => escaped = false,
            b'\\' if quote == Some(b'"') => escaped = true,
            _ if quote == Some(byte) => quote = None,
            _ if quote.is_some() => {}
            b'"' | b'\'' => quote = Some(byte),
            b'#' => comment = true,
            b'[' => open.push(at),
            b']' => _ = open.pop(),
            _ => {}
        }
    }
    open.first().copied()
}

/// What the parser made, on its way to nodes.
struct Tree {
    file: FileId,
    /// The first collection that is nested too deeply.
    too_deep: Option<Span>,
}

impl Tree {
    fn mapping<'s>(&mut self, span: Span, table: DeTable<'s>, depth: usize) -> Node<'s> {
        let mut pairs = Vec::with_capacity(table.len());
        for (key, value) in table {
            let key = scalar(self.file, key.span(), key.into_inner());
            pairs.push(Pair { key, value: self.node(value, depth + 1) });
        }
        // The parser sorts its keys; a reader wants them as they were written.
        pairs.sort_by_key(|pair| pair.key.span.start);
        Node { span, value: Value::Mapping(pairs) }
    }

    fn node<'s>(&mut self, value: toml::Spanned<DeValue<'s>>, depth: usize) -> Node<'s> {
        let range = value.span();
        let span = Span::new(self.file, range.start, range.end);
        match value.into_inner() {
            DeValue::String(text) => scalar(self.file, range, text),
            DeValue::Integer(number) => scalar(self.file, range, number.to_string().into()),
            DeValue::Float(number) => scalar(self.file, range, number.to_string().into()),
            DeValue::Boolean(flag) => scalar(self.file, range, flag.to_string().into()),
            DeValue::Datetime(date) => scalar(self.file, range, date.to_string().into()),
            // Dotted keys within inline tables within dotted keys: each is within the limits of the parser.
            deep if depth > DEEPEST_NESTING => {
                self.too_deep.get_or_insert(span);
                take_apart(deep);
                scalar(self.file, range, Cow::Borrowed(""))
            }
            DeValue::Array(items) => {
                let items = items.into_iter().map(|item| self.node(item, depth + 1)).collect();
                Node { span, value: Value::Sequence(items) }
            }
            DeValue::Table(table) => self.mapping(span, table, depth),
        }
    }
}

/// Drops a value level by level: dropped at once, each level would take a part of the stack.
fn take_apart(value: DeValue<'_>) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            DeValue::Array(items) => open.extend(items.into_iter().map(toml::Spanned::into_inner)),
            DeValue::Table(table) => open.extend(table.into_iter().map(|(_, value)| value.into_inner())),
            _ => {}
        }
    }
}

/// TOML tells texts from numbers itself, so none of them is plain as in YAML,
/// where a reader has to guess.
fn scalar<'s>(file: FileId, range: std::ops::Range<usize>, text: Cow<'s, str>) -> Node<'s> {
    let style = Style::Quoted;
    Node { span: Span::new(file, range.start, range.end), value: Value::Scalar(Scalar { text, style }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[(usize, &str)]) {
        let (_, defects) = read(FileId(0), text);
        let found: Vec<(usize, &str)> =
            defects.iter().map(|defect| (defect.span.start as usize, defect.message.as_str())).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn a_bracket_that_is_not_closed_is_one_mistake() {
        let bracket = "this bracket is not closed";
        check("a = [\"b\"\n\n[c]\nd = off\n", &[(4, bracket)]);
        check("[a\nb = [\"c\"]\n", &[(0, bracket)]);
        check("a = [\"[\", ']', \"\\\"[\"] # [\n", &[]);
    }

    #[test]
    fn what_is_nested_too_deeply_ends_in_a_defect() {
        let dotted = ["a"; 75].join(".");
        let text = format!("x = {}1{}", format!("{{{dotted} = ").repeat(75), "}".repeat(75));
        let (_, defects) = read(FileId(0), &text);
        assert_eq!(defects.len(), 1);
        assert_eq!(defects[0].message, "collections are nested too deeply");
        check(&format!("{dotted} = 1"), &[]);
    }
}
