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
    let mut defects: Vec<TomlDefect> = errors
        .into_iter()
        .map(|error| {
            let range = error.span().unwrap_or(0..0);
            TomlDefect { span: Span::new(file, range.start, range.end), message: error.message().to_owned() }
        })
        .collect();
    name_unclosed_bracket(file, text, &mut defects);
    let span = Span::new(file, 0, text.len());
    (mapping(file, span, table.into_inner()), defects)
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

fn mapping<'s>(file: FileId, span: Span, table: DeTable<'s>) -> Node<'s> {
    let mut pairs: Vec<Pair<'s>> = table
        .into_iter()
        .map(|(key, value)| Pair {
            key: scalar(file, key.span(), key.into_inner()),
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
        DeValue::String(text) => scalar(file, range, text),
        DeValue::Integer(number) => scalar(file, range, number.to_string().into()),
        DeValue::Float(number) => scalar(file, range, number.to_string().into()),
        DeValue::Boolean(flag) => scalar(file, range, flag.to_string().into()),
        DeValue::Datetime(date) => scalar(file, range, date.to_string().into()),
        DeValue::Array(items) => {
            Node { span, value: Value::Sequence(items.into_iter().map(|item| node(file, item)).collect()) }
        }
        DeValue::Table(table) => mapping(file, span, table),
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
}
