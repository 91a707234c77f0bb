//! Looks at fields without asking for them.

use chrono::NaiveTime;

use super::super::field;
use super::super::value::same_folded;
use super::Reader;
use crate::source::{Node, Span, Value};

impl<'s> Reader<'s> {
    /// Whether a field holds a mapping.
    pub fn holds_mapping(&self, name: &str) -> bool {
        self.peek(name).is_some_and(|node| matches!(node.value, Value::Mapping(_)))
    }

    /// Whether a field holds a mapping, or a list of mappings.
    pub fn holds_mappings(&self, name: &str) -> bool {
        self.peek(name).is_some_and(|node| match &node.value {
            Value::Mapping(_) => true,
            Value::Sequence(items) => items.iter().any(|item| matches!(item.value, Value::Mapping(_))),
            Value::Scalar(_) => false,
        })
    }

    /// Whether a field is there and not asked for yet.
    pub fn has(&self, name: &str) -> bool {
        self.peek(name).is_some()
    }

    /// The time that is written behind the day of a field, which is read as a day.
    pub fn time(&self, name: &str) -> Option<NaiveTime> {
        let time = self.peek(name)?.text()?.trim().get(11..)?;
        let digits = time.find(|c: char| !c.is_ascii_digit() && c != ':').map_or(time, |end| &time[..end]);
        ["%H:%M:%S", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(digits, form).ok())
    }

    /// Whether a field is there and holds something.
    pub fn states(&self, name: &str) -> bool {
        let is_blank =
            |node: &Node<'_>| node.is_null() || node.text().is_some_and(|text| text.trim().is_empty());
        self.peek(name).is_some_and(|node| !is_blank(node))
    }

    /// Whether a field holds nothing but this word.
    pub fn says(&self, name: &str, word: &str) -> bool {
        let text = self.peek(name).and_then(Node::text);
        text.is_some_and(|text| same_folded(text.trim(), word))
    }

    /// The text of a field.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.peek(name)?.text()
    }

    /// Where the value of a field stands.
    pub fn place(&self, name: &str) -> Option<Span> {
        self.peek(name).map(|node| node.span)
    }

    pub(super) fn peek(&self, name: &str) -> Option<&Node<'s>> {
        let slot = self.slots.iter().find(|slot| field::names(name, &slot.folded))?;
        slot.value.as_ref()
    }
}
