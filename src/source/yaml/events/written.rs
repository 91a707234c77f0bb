//! Texts as they were written, where YAML makes less of them.

use super::super::line::Line;
use super::super::{Trap, swallowed};
use super::{Open, Parts, Tree, fold, nothing};
use crate::source::{Node, Scalar, Style, Value};

impl<'s> Tree<'s, '_, '_> {
    /// A scalar with a tag that YAML does not define: the tag is a part of the text.
    pub(super) fn tagged(&mut self, node: Node<'s>, span: &granit_parser::Span) -> Node<'s> {
        let Some(start) = span.tag_start().and_then(|mark| mark.byte_offset()) else { return node };
        let start = start + self.source.start;
        if node.scalar().is_some_and(|scalar| scalar.style == Style::Block) {
            let line = Line::at(self.source.text, start);
            self.trap(Trap::Tag, self.span(start, line.end));
            return node;
        }
        let node = self.text(start, (node.span.end as usize).max(start));
        self.trap(Trap::Tag, node.span);
        node
    }

    /// A part of the source as a plain text.
    pub(super) fn text(&mut self, from: usize, to: usize) -> Node<'s> {
        self.last = self.last.max(to);
        let source = self.source.text.get(from..to).unwrap_or("").trim_end();
        let scalar = Scalar { text: fold(source), style: Style::Plain };
        Node { span: self.span(from, from + source.len()), value: Value::Scalar(scalar) }
    }

    /// Adds a scalar that stands where it is used, with what YAML took for something else.
    pub(super) fn add_written(&mut self, node: Node<'s>) {
        if self.add_folded(&node) {
            return;
        }
        let whole = match self.open.last() {
            Some(Open { flow: false, parts: Parts::Pairs(_, Some(key)), .. }) => {
                let key_end = key.span.end as usize;
                self.whole_value(key_end, node)
            }
            Some(Open { flow: false, parts: Parts::Items(_), .. }) => self.whole_item(node),
            _ => node,
        };
        self.add(whole);
    }

    fn whole_value(&mut self, key_end: usize, node: Node<'s>) -> Node<'s> {
        let Some(scalar) = node.scalar() else { return node };
        if !scalar.text.is_empty() {
            self.look_behind(&node);
            return node;
        }
        match swallowed::value(self.source.text, key_end, scalar) {
            Some((trap, range)) => self.swallowed(trap, range),
            None => node,
        }
    }

    fn whole_item(&mut self, node: Node<'s>) -> Node<'s> {
        if !node.is_null() {
            self.look_behind(&node);
            return node;
        }
        let end = node.span.end as usize;
        match swallowed::item(self.source.text, self.last, end) {
            Some((trap, range)) => self.swallowed(trap, range),
            None => {
                // Its dash is all there is of it. At the end of a text without a last line break, the
                // parser has the list begin behind it.
                let text = self.source.text;
                let ahead = text.get(self.last..end).and_then(|rest| Some(self.last + rest.find('-')?));
                let dash = ahead.or_else(|| text.get(..end)?.rfind('-')).unwrap_or(end);
                let behind = (dash + 1).min(text.len());
                self.last = self.last.max(behind);
                nothing(self.span(dash, behind))
            }
        }
    }

    pub(super) fn swallowed(&mut self, trap: Trap, range: std::ops::Range<usize>) -> Node<'s> {
        let node = self.text(range.start, range.end);
        self.trap(trap, node.span);
        node
    }

    /// Looks for the rest of a plain value behind what seems to be a comment.
    fn look_behind(&mut self, node: &Node<'s>) {
        let plain = node.scalar().is_some_and(|scalar| scalar.style == Style::Plain);
        let end = node.span.end as usize;
        if plain && let Some(tail) = swallowed::tail(self.source.text, end) {
            self.trap(Trap::CommentInside, self.span(tail.start, tail.end));
        }
    }
}
