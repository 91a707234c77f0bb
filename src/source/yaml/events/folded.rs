//! List items that YAML folds into the text above them, because they are indented deeper than their siblings.

use std::borrow::Cow;
use std::ops::Range;

use super::super::Trap;
use super::super::line::{Line, value_end};
use super::{Parts, Tree, fold};
use crate::source::{Node, Scalar, Style, Value};

impl<'s> Tree<'s, '_, '_> {
    /// Adds a plain text in whose lines dashes were folded; says whether it did. In a list, each dash begins an
    /// item, as it was meant.
    pub(super) fn add_folded(&mut self, node: &Node<'s>) -> bool {
        let folded = node.scalar().is_some_and(|scalar| {
            scalar.style == Style::Plain && matches!(&scalar.text, Cow::Owned(text) if text.contains("- "))
        });
        if !folded || self.open.last().is_none_or(|open| open.flow) {
            return false;
        }
        let parts = parts(self.source.text, node.span.range());
        if parts.len() < 2 {
            return false;
        }
        for part in &parts[1..] {
            self.trap(Trap::FoldedDash, self.span(part.start, part.end));
        }
        let first = self.text(parts[0].start, parts[0].end);
        let items = parts[1..].iter().map(|part| self.text(behind_dash(self.source.text, part), part.end));
        let items: Vec<Node<'s>> = std::iter::once(first).chain(items.collect::<Vec<_>>()).collect();
        match self.open.last().map(|open| &open.parts) {
            Some(Parts::Items(_)) => items.into_iter().for_each(|item| self.add(item)),
            // A text before the dashes is meant as the first item where a list is wanted, and as the beginning
            // of the text where one is not: only names in a row are surely a list.
            Some(Parts::Pairs(_, Some(_))) if items.iter().all(is_name) => {
                let span = node.span;
                self.add(Node { span, value: Value::Sequence(items) });
            }
            _ => {
                // The lines stay lines, so that no dash stands between two names as if it meant a range.
                let source = self.source.text;
                let lines: Vec<Cow<'s, str>> = parts.into_iter().map(|part| fold(&source[part])).collect();
                let scalar = Scalar { text: lines.join("\n").into(), style: Style::Plain };
                self.add(Node { span: node.span, value: Value::Scalar(scalar) });
            }
        }
        true
    }
}

/// Whether a node is one word.
fn is_name(node: &Node<'_>) -> bool {
    node.text().is_some_and(|text| !text.is_empty() && !text.contains(char::is_whitespace))
}

/// The parts of a text of several lines, of which each but the first begins with a dash.
fn parts(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    parts.push(range.clone());
    let mut next = Line::at(text, range.start).next(text);
    while let Some(line) = next.filter(|line| line.start < range.end) {
        if line.body > line.content {
            let end = previous_end(text, &line);
            if let Some(last) = parts.last_mut() {
                last.end = end.max(last.start);
            }
            parts.push(line.content..range.end);
        }
        next = line.next(text);
    }
    parts
}

fn previous_end(text: &str, line: &Line) -> usize {
    line.previous(text).map_or(line.start, |before| value_end(text, before.content, before.end))
}

fn behind_dash(text: &str, part: &Range<usize>) -> usize {
    Line::at(text, part.start).body.min(part.end)
}
