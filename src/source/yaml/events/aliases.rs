//! Anchors and aliases, which stand for what was written before.

use super::super::{ALIAS_BUDGET, Trap, YamlDefect};
use super::{Tree, nothing};
use crate::source::{Node, Style, Value};

impl<'s> Tree<'s, '_, '_> {
    /// The name of the anchor in front of the node before it.
    pub(super) fn anchor(&mut self, id: usize, name: &str, from: usize) {
        let Some(node) = self.anchored.take() else {
            if let Some(open) = self.open.last_mut() {
                open.anchor = Some((id, name.to_owned()));
            }
            return;
        };
        let plain = node.scalar().is_some_and(|scalar| scalar.style == Style::Plain && !node.is_null());
        // Nobody asks for it by its name, so it is no name.
        let unused = plain && {
            let alias = format!("*{name}");
            memchr::memmem::find(self.source.text.as_bytes(), alias.as_bytes()).is_none()
        };
        let node = if unused { self.swallowed(Trap::Anchor, from..node.span.end as usize) } else { node };
        self.define(id, name, &node);
        self.add_written(node);
    }

    pub(super) fn define(&mut self, id: usize, name: &str, node: &Node<'s>) {
        self.known.anchors.insert(name.to_owned(), node.clone());
        self.anchors.insert(id, node.clone());
    }

    pub(super) fn alias(&mut self, anchor: usize, from: usize, to: usize) {
        self.last = self.last.max(to);
        let node = match self.anchors.get(&anchor).cloned() {
            Some(target) => self.expand(target, from, to),
            // The anchor's own node is not complete: it contains itself.
            None => self.unknown_alias(from, to),
        };
        self.add(node);
    }

    pub(super) fn unresolved(&mut self, name: &str, from: usize, to: usize) {
        self.last = self.last.max(to);
        let inherited = self.known.anchors.get(name).filter(|_| self.continued()).cloned();
        let node = match inherited {
            Some(target) => self.expand(target, from, to),
            // What a broken part above defines is lost, not missing.
            None if self.continued() && self.is_defined_before(name) => self.text(from, to),
            None => self.unknown_alias(from, to),
        };
        self.add(node);
    }

    fn is_defined_before(&self, name: &str) -> bool {
        let before = &self.source.text.as_bytes()[..self.source.start];
        memchr::memmem::find(before, format!("&{name}").as_bytes()).is_some()
    }

    fn unknown_alias(&mut self, from: usize, to: usize) -> Node<'s> {
        let span = self.span(from, to);
        self.fragment.defects.push(YamlDefect::UnknownAlias { span });
        self.text(from, to)
    }

    fn expand(&mut self, target: Node<'s>, from: usize, to: usize) -> Node<'s> {
        let size = count(&target, ALIAS_BUDGET + 1);
        let span = self.span(from, to);
        if self.known.expanded + size <= ALIAS_BUDGET {
            self.known.expanded += size;
            // The parts of a text are found where it is written; a collection stands where it is used.
            let place = if target.scalar().is_some() { target.span } else { span };
            return Node { span: place, ..target };
        }
        if self.known.expanded <= ALIAS_BUDGET {
            self.fragment.defects.push(YamlDefect::AliasBudget { span });
        }
        self.known.expanded = ALIAS_BUDGET + 1;
        nothing(span)
    }
}

fn count(node: &Node<'_>, most: usize) -> usize {
    let mut waiting = vec![node];
    let mut total = 0;
    while let Some(node) = waiting.pop() {
        total += 1;
        if total >= most {
            break;
        }
        match &node.value {
            Value::Scalar(_) => {}
            Value::Sequence(items) => waiting.extend(items),
            Value::Mapping(pairs) => {
                waiting.extend(pairs.iter().flat_map(|pair| [&pair.key, &pair.value]));
            }
        }
    }
    total
}
