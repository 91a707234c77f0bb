//! Values as both sides state them, read by the same reader as the plan itself.

use crate::model::Text;
use crate::model::document::Statement;
use crate::model::field::Field;
use crate::model::reader::Reader;
use crate::model::value::short;
use crate::source::{Pair, Span};

/// Mappings that speak of one thing, the first of which to state a field counts: those behind it are what it builds on.
pub(super) struct Layers<'s> {
    readers: Vec<Reader<'s>>,
    /// Where the whole stands.
    pub(super) place: Option<Span>,
}

impl<'s> Layers<'s> {
    /// One mapping, in a file with the text `text`.
    pub(super) fn one(text: &'s str, statement: &Statement<'s>) -> Self {
        Layers::of(text, statement.pairs.clone(), Some(statement.span))
    }

    /// One mapping.
    pub(super) fn of(text: &'s str, pairs: Vec<Pair<'s>>, place: Option<Span>) -> Self {
        Layers { readers: vec![Reader::new(text, pairs)], place: place.and_then(super::shown) }
    }

    /// Nothing is stated.
    pub(super) fn none(place: Option<Span>) -> Self {
        Layers { readers: Vec::new(), place: place.and_then(super::shown) }
    }

    /// The same on top of other mappings.
    pub(super) fn over(mut self, below: Layers<'s>) -> Self {
        self.readers.extend(below.readers);
        self.place = self.place.or(below.place);
        self
    }

    /// What a reader is behind, once it was taken out of a list.
    pub(super) fn inner(reader: Reader<'s>, place: Span) -> Self {
        Layers { readers: vec![reader], place: super::shown(place) }
    }

    /// The reader that states a field, and the key that it states it by.
    fn find(&mut self, field: &Field) -> Option<(&mut Reader<'s>, &'static str)> {
        let stated = |reader: &Reader<'_>| {
            let mut names = std::iter::once(&field.name).chain(field.aliases);
            names.find(|name| reader.states(name)).copied()
        };
        let (at, name) =
            self.readers.iter().enumerate().find_map(|(at, reader)| Some((at, stated(reader)?)))?;
        Some((&mut self.readers[at], name))
    }

    /// Whether a field is stated.
    pub(super) fn states(&mut self, field: &Field) -> bool {
        self.find(field).is_some()
    }

    /// Whether a field is stated, and holds a mapping or a list of them.
    pub(super) fn holds_mappings(&mut self, field: &Field) -> bool {
        self.find(field).is_some_and(|(reader, name)| reader.holds_mappings(name))
    }

    /// The single text that a field holds.
    pub(super) fn text(&mut self, field: &Field) -> Option<Text<'s>> {
        let (reader, name) = self.find(field)?;
        reader.figure(name)
    }

    /// The texts that a field holds, in whichever notation.
    pub(super) fn list(&mut self, field: &Field) -> Vec<Text<'s>> {
        self.find(field).map(|(reader, name)| reader.list(name)).unwrap_or_default()
    }

    /// The place of what a field holds.
    pub(super) fn place_of(&mut self, field: &Field) -> Option<Span> {
        let (reader, name) = self.find(field)?;
        super::shown(reader.place(name)?)
    }

    /// The mapping that a field holds.
    pub(super) fn structure(&mut self, field: &Field) -> Option<Layers<'s>> {
        let (reader, name) = self.find(field)?;
        let (inner, place) = reader.structure(name)?;
        Some(Layers::inner(inner, place))
    }

    /// The parts of a list of mappings, in which a text may stand for a mapping.
    pub(super) fn parts(&mut self, field: &Field) -> Vec<Part<'s>> {
        let Some((reader, name)) = self.find(field) else { return Vec::new() };
        let part = |part| match part {
            crate::model::reader::Part::Text(text) => Part::Text(text),
            crate::model::reader::Part::Structure(reader, place) => {
                Part::Mapping(Layers::inner(reader, place))
            }
        };
        reader.parts(name).into_iter().map(part).collect()
    }

    /// The tables of a table whose keys the writer chooses.
    pub(super) fn named(&mut self, field: &Field) -> Vec<(Text<'s>, Layers<'s>)> {
        let Some((reader, name)) = self.find(field) else { return Vec::new() };
        let tables = reader.named_structures(name).into_iter();
        tables.map(|(key, reader, _)| (key.clone(), Layers::inner(reader, key.span))).collect()
    }
}

/// An item of a list of mappings.
pub(super) enum Part<'s> {
    Text(Text<'s>),
    Mapping(Layers<'s>),
}

/// Several texts as one, as a message shows them.
pub(super) fn joined(texts: &[Text<'_>]) -> String {
    let texts: Vec<&str> = texts.iter().map(|text| text.value.trim()).collect();
    short(&texts.join(", "))
}
