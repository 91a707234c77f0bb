//! Mappings inside an entry: those with fields of their own, and those whose keys the writer chooses.

use chrono::NaiveDate;

use super::super::defect::DefectKind;
use super::super::field::Field;
use super::super::value::Text;
use super::Reader;
use crate::source::{Node, Pair, Span, Spanned, Value};

/// An item of a list that takes texts and mappings.
pub enum Part<'s> {
    /// A text.
    Text(Text<'s>),
    /// A mapping with a reader of its own.
    Structure(Reader<'s>, Span),
}

impl<'s> Reader<'s> {
    /// The mappings of a list, each with a reader of its own; one mapping stands for a list of one.
    pub fn structures(&mut self, name: &str) -> Vec<(Reader<'s>, Span)> {
        let Some((key, node)) = self.take(name) else { return Vec::new() };
        let nodes = match node.value {
            Value::Sequence(items) => items,
            _ => vec![node],
        };
        nodes.into_iter().filter_map(|node| self.structure_of(key, node)).collect()
    }

    /// The items of a list in which a text may stand for a mapping.
    pub fn parts(&mut self, name: &str) -> Vec<Part<'s>> {
        if !self.holds_mappings(name) {
            return self.list(name).into_iter().map(Part::Text).collect();
        }
        let Some((key, node)) = self.take(name) else { return Vec::new() };
        let nodes = match node.value {
            Value::Sequence(items) => items,
            _ => vec![node],
        };
        nodes.into_iter().filter_map(|node| self.part(key, node)).collect()
    }

    fn part(&mut self, key: Span, node: Node<'s>) -> Option<Part<'s>> {
        match node.value {
            Value::Scalar(scalar) => Some(Part::Text(self.prose(scalar, node.span))),
            _ => self.structure_of(key, node).map(|(reader, span)| Part::Structure(reader, span)),
        }
    }

    /// The mappings of a mapping whose keys the writer chooses, each with a reader of its own.
    pub fn named_structures(&mut self, name: &str) -> Vec<(Text<'s>, Reader<'s>, Span)> {
        let mut all = Vec::new();
        for Pair { key, value } in self.pairs(name) {
            let key_span = key.span;
            if let Some((scalar, _)) = self.scalar_of(key_span, key, "a key")
                && let Some((reader, span)) = self.structure_of(key_span, value)
            {
                all.push((Spanned::new(scalar.text.into(), key_span), reader, span));
            }
        }
        all
    }

    /// The keys of a mapping and the words of each, written as one or as a list.
    pub fn free_lists(&mut self, name: &str) -> Vec<(Text<'s>, Vec<Text<'s>>)> {
        let pairs = self.pairs(name);
        let mut inner = Reader::new(self.source, pairs);
        let keys: Vec<_> = inner.slots.iter().map(|slot| (slot.key.clone(), slot.folded.clone())).collect();
        let lists = keys.into_iter().map(|(key, folded)| (key.map(Into::into), inner.list(&folded)));
        let lists = lists.collect();
        self.defects.append(&mut inner.defects);
        lists
    }

    /// Things with names: a mapping from names to texts or mappings, or a list of mappings that state their names.
    pub fn named_parts(&mut self, name: &str) -> Vec<(Option<Text<'s>>, Part<'s>)> {
        if !self.holds_mapping(name) && self.holds_mappings(name) {
            return self.parts(name).into_iter().map(|part| (None, part)).collect();
        }
        let pairs = self.pairs(name);
        pairs.into_iter().filter_map(|pair| self.named_part(pair)).collect()
    }

    fn named_part(&mut self, pair: Pair<'s>) -> Option<(Option<Text<'s>>, Part<'s>)> {
        if !matches!(pair.value.value, Value::Mapping(_)) {
            return self.free_pair(pair).map(|(name, text)| (Some(name), Part::Text(text)));
        }
        let span = pair.key.span;
        let (name, _) = self.scalar_of(span, pair.key, "a key")?;
        let (inner, place) = self.structure_of(span, pair.value)?;
        Some((Some(Spanned::new(name.text.into(), span)), Part::Structure(inner, place)))
    }

    fn pairs(&mut self, name: &str) -> Vec<Pair<'s>> {
        let Some((key, node)) = self.take(name) else { return Vec::new() };
        let found = node.describe();
        match node.value {
            Value::Mapping(pairs) => pairs,
            _ => {
                self.defect(node.span, DefectKind::WrongShape { key, expected: "a mapping", found });
                Vec::new()
            }
        }
    }

    /// A mapping with a reader of its own.
    pub fn structure(&mut self, name: &str) -> Option<(Reader<'s>, Span)> {
        let (key, node) = self.take(name)?;
        self.structure_of(key, node)
    }

    fn structure_of(&mut self, key: Span, node: Node<'s>) -> Option<(Reader<'s>, Span)> {
        let found = node.describe();
        match node.value {
            Value::Mapping(pairs) => {
                let mut inner = Reader::new(self.source, pairs);
                if let Some(owner) = self.owner {
                    inner.belongs_to(owner);
                }
                inner.numbering.clone_from(&self.numbering);
                Some((inner, node.span))
            }
            _ => {
                self.defect(node.span, DefectKind::WrongShape { key, expected: "a mapping", found });
                None
            }
        }
    }

    /// Ends an inner reader: what it gathered becomes part of this one.
    pub fn absorb(&mut self, inner: Reader<'s>, known: &[&[Field]]) {
        let mut gathered = inner.finish(known, &[], |_| None);
        self.links.append(&mut gathered.links);
        if !gathered.member_links.is_empty() {
            self.member_links.get_or_insert_default().all.append(&mut gathered.member_links);
        }
        self.mentions.append(&mut gathered.mentions);
        self.defects.append(&mut gathered.defects);
    }

    /// The keys and texts of a mapping whose keys the writer chooses.
    pub fn free_mapping(&mut self, name: &str) -> Vec<(Text<'s>, Text<'s>)> {
        let pairs = self.pairs(name);
        pairs.into_iter().filter_map(|pair| self.free_pair(pair)).collect()
    }

    /// The keys and texts of a mapping in a list, whose keys the writer chooses.
    pub fn absorb_pairs(&mut self, mut inner: Reader<'s>) -> Vec<(Text<'s>, Text<'s>)> {
        let pairs = inner.rest();
        let pairs = pairs.into_iter().filter_map(|(key, value)| {
            let (scalar, span) = self.scalar_of(key.span, value, "a text")?;
            self.mention(&scalar, span);
            Some((key.map(Into::into), Spanned::new(scalar.text.into(), span)))
        });
        let pairs = pairs.collect();
        self.defects.append(&mut inner.defects);
        pairs
    }

    fn free_pair(&mut self, Pair { key, value }: Pair<'s>) -> Option<(Text<'s>, Text<'s>)> {
        let key_span = key.span;
        let (name, _) = self.scalar_of(key_span, key, "a key")?;
        let (scalar, span) = self.scalar_of(key_span, value, "a text")?;
        self.mention(&scalar, span);
        let span = if span.is_empty() { key_span } else { span };
        Some((Spanned::new(name.text.into(), key_span), Spanned::new(scalar.text.into(), span)))
    }

    /// The keys of a mapping that the writer chooses, each with a day; one that is none is a defect.
    pub fn dated_mapping(&mut self, name: &str) -> Vec<(Text<'s>, Option<Spanned<NaiveDate>>)> {
        let pairs = self.free_mapping(name);
        pairs.into_iter().map(|(key, day)| (key, self.date_of(&day.value, day.span))).collect()
    }

    /// Settings, as a mapping or as a list of `KEY=value`.
    pub fn settings(&mut self, name: &str) -> Vec<(Text<'s>, Text<'s>)> {
        if self.holds_mapping(name) {
            return self.free_mapping(name);
        }
        let lines = self.list(name);
        lines.into_iter().filter_map(|line| self.setting(line)).collect()
    }

    fn setting(&mut self, line: Text<'s>) -> Option<(Text<'s>, Text<'s>)> {
        let Some((key, value)) = line.value.split_once('=') else {
            self.defect(line.span, DefectKind::NotASetting);
            return None;
        };
        let (key, value) = (key.trim(), value.trim());
        let place = |part: &str| place_of(part, &line, self.source);
        let (key_span, value_span) = (place(key), place(value));
        let value_span = if value.is_empty() { key_span } else { value_span };
        let text = |part: &str| part.to_owned().into();
        Some((Spanned::new(text(key), key_span), Spanned::new(text(value), value_span)))
    }
}

/// The place of a part of a text, if the text stands in the source as it is but for its quotes.
fn place_of(part: &str, whole: &Text<'_>, source: &str) -> Span {
    let written = source.get(whole.span.range()).unwrap_or("");
    let quote = written.len() - written.trim_start_matches(['"', '\'']).len();
    let at = part.as_ptr().addr() - whole.value.as_ptr().addr();
    match written.get(quote + at..quote + at + part.len()) {
        Some(there) if there == part => whole.span.within(quote + at, quote + at + part.len()),
        _ => whole.span,
    }
}
