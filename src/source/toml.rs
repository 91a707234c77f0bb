//! TOML text to the same tree that YAML becomes; the only file that knows the TOML parser.

use std::borrow::Cow;

use toml::de::{DeTable, DeValue};

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
    let defects = errors
        .into_iter()
        .map(|error| {
            let range = error.span().unwrap_or(0..0);
            TomlDefect { span: Span::new(file, range.start, range.end), message: error.message().to_owned() }
        })
        .collect();
    let span = Span::new(file, 0, text.len());
    (mapping(file, span, table.into_inner()), defects)
}

fn mapping<'s>(file: FileId, span: Span, table: DeTable<'s>) -> Node<'s> {
    let mut pairs: Vec<Pair<'s>> = table
        .into_iter()
        .map(|(key, value)| Pair {
            key: scalar(file, key.span(), key.into_inner(), Style::Quoted),
            value: node(file, value),
        })
        .collect();
    // The parser sorts its keys; a reader wants them as they were written.
    pairs.sort_by_key(|pair| pair.key.span.start);
    Node { span, value: Value::Mapping(pairs) }
}

fn node<'s>(file: FileId, value: toml::Spanned<DeValue<'s>>) -> Node<'s> {
    let range = value.span();
    let span = Span::new(file, range.start, range.end);
    match value.into_inner() {
        DeValue::String(text) => scalar(file, range, text, Style::Quoted),
        DeValue::Integer(number) => plain(file, range, number.to_string()),
        DeValue::Float(number) => plain(file, range, number.to_string()),
        DeValue::Boolean(flag) => plain(file, range, flag.to_string()),
        DeValue::Datetime(date) => plain(file, range, date.to_string()),
        DeValue::Array(items) => {
            Node { span, value: Value::Sequence(items.into_iter().map(|item| node(file, item)).collect()) }
        }
        DeValue::Table(table) => mapping(file, span, table),
    }
}

fn plain<'s>(file: FileId, range: std::ops::Range<usize>, text: String) -> Node<'s> {
    scalar(file, range, Cow::Owned(text), Style::Plain)
}

fn scalar(file: FileId, range: std::ops::Range<usize>, text: Cow<'_, str>, style: Style) -> Node<'_> {
    Node { span: Span::new(file, range.start, range.end), value: Value::Scalar(Scalar { text, style }) }
}
