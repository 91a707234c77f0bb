//! Lists of texts, also those that were written as prose.

use std::borrow::Cow;

use super::super::defect::DefectKind;
use super::super::value::Text;
use super::Reader;
use crate::source::{Locator, Node, Scalar, Span, Spanned, Style, Value};

impl<'s> Reader<'s> {
    /// A text or a list of texts. Lines of a block of text are its items, and
    /// their numbers or dashes are taken off.
    pub fn list(&mut self, name: &str) -> Vec<Text<'s>> {
        let mut items = self.items(name);
        items.retain(|item| !self.holds_a_place(name, &item.value, item.span));
        items
    }

    fn items(&mut self, name: &str) -> Vec<Text<'s>> {
        let Some((key, node)) = self.take(name) else { return Vec::new() };
        match node.value {
            Value::Scalar(scalar) if scalar.style == Style::Block => self.lines(&scalar, node.span),
            Value::Scalar(scalar) if self.is_numbered(&scalar, node.span) => {
                self.mention(&scalar, node.span);
                self.numbered(node.span)
            }
            Value::Scalar(scalar) => vec![self.prose(scalar, node.span)],
            Value::Sequence(items) => {
                let items = items.into_iter();
                items.filter_map(|item| self.item(key, item)).collect()
            }
            Value::Mapping(_) => {
                let found = "a mapping";
                self.defect(node.span, DefectKind::WrongShape { key, expected: "a list", found });
                Vec::new()
            }
        }
    }

    fn item(&mut self, key: Span, item: Node<'s>) -> Option<Text<'s>> {
        let (scalar, span) = self.scalar_of(key, item, "a list of texts")?;
        Some(self.prose(scalar, span))
    }

    fn lines(&mut self, scalar: &Scalar<'s>, span: Span) -> Vec<Text<'s>> {
        self.mention(scalar, span);
        let mut locator = Locator::new(scalar, span, self.source);
        let mut lines = Vec::new();
        for line in scalar.text.lines() {
            let line = without_marker(line);
            if !line.is_empty() {
                let at = line.as_ptr().addr() - scalar.text.as_ptr().addr();
                let span = locator.locate(&scalar.text, at, at + line.len());
                lines.push(Spanned::new(line.to_owned().into(), span));
            }
        }
        lines
    }

    /// Whether a plain text is a list in prose, `1. Alert` and the like, that YAML joined to one line.
    fn is_numbered(&self, scalar: &Scalar<'_>, span: Span) -> bool {
        let source = self.source.get(span.range()).unwrap_or("");
        scalar.style == Style::Plain
            && matches!(scalar.text, Cow::Owned(_))
            && source.lines().filter(|line| is_numbered(line)).count() > 1
            && source.lines().next().is_some_and(is_numbered)
    }

    /// The items of such a list; a line without a number goes on with the one before it.
    fn numbered(&self, span: Span) -> Vec<Text<'s>> {
        let source = self.source.get(span.range()).unwrap_or("");
        let mut items: Vec<Text<'s>> = Vec::new();
        for line in source.lines() {
            let text = if is_numbered(line) { without_marker(line) } else { line.trim() };
            let at = text.as_ptr().addr() - source.as_ptr().addr();
            let place = span.within(at, at + text.len());
            match items.last_mut().filter(|_| !is_numbered(line)) {
                Some(item) => {
                    item.value = format!("{} {text}", item.value).into();
                    item.span = item.span.to(place);
                }
                None => items.push(Spanned::new(text.into(), place)),
            }
        }
        items
    }
}

fn is_numbered(line: &str) -> bool {
    line.trim_start().starts_with(|first: char| first.is_ascii_digit()) && without_marker(line) != line.trim()
}

/// A line of a list in prose without its `1.`, `2)`, `-` or `*`.
fn without_marker(line: &str) -> &str {
    let line = line.trim();
    let after_number = line.trim_start_matches(|character: char| character.is_ascii_digit());
    let numbered = line.len() > after_number.len();
    let marker: &[char] = if numbered { &['.', ')'] } else { &['-', '*'] };
    match after_number.strip_prefix(marker) {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => rest.trim_start(),
        _ => line,
    }
}
