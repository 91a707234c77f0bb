//! Takes the fields of one mapping apart and notes what is wrong with them.
//!
//! A reader is asked for each field by name and gives it in the asked type, or
//! notes a [`Defect`] at its place and gives nothing. What nobody asked for is
//! an unknown key. Plans and `relplan.toml` are read by the same reader.

use std::borrow::Cow;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::defect::{Defect, DefectKind};
use super::duration::{Duration, Window};
use super::entry::{Link, LinkKind, Mention, Target};
use super::family::DeclaredField;
use super::field::{self, Field};
use super::id::{self, Id};
use super::link::{self, LinkErrorKind, Reference};
use super::risk::Probability;
use super::threshold::{self, Threshold};
use super::value::{self, Choice, Noted, Percentage, Text};
use crate::source::{Locator, Node, Pair, Scalar, Span, Spanned, Style, Value};

/// The fields of one mapping that have not been asked for yet.
pub struct Reader<'s> {
    source: &'s str,
    owner: Option<Spanned<Id>>,
    /// The key of the field that was asked for last.
    field: Option<Span>,
    slots: Vec<Slot<'s>>,
    /// Where each key is, if there are more keys than anybody writes.
    index: Option<FxHashMap<Cow<'s, str>, usize>>,
    links: Vec<Link>,
    mentions: Vec<Mention>,
    defects: Vec<Defect>,
}

/// Up to so many keys, looking at each is quicker than hashing them.
const MANY_KEYS: usize = 64;

struct Slot<'s> {
    /// The key as written.
    key: Text<'s>,
    /// The key without case and separators.
    folded: Cow<'s, str>,
    value: Option<Node<'s>>,
}

/// An item of a list that takes texts and mappings.
pub enum Part<'s> {
    /// A text.
    Text(Text<'s>),
    /// A mapping with a reader of its own.
    Structure(Reader<'s>, Span),
}

/// What a reader has gathered when all fields are read.
pub struct Gathered {
    /// The links of every link field, in the order of the fields.
    pub links: Vec<Link>,
    /// Ids in prose.
    pub mentions: Vec<Mention>,
    /// What was wrong.
    pub defects: Vec<Defect>,
}

impl<'s> Reader<'s> {
    /// A reader of `pairs`, which stand in a file with the text `source`.
    pub fn new(source: &'s str, pairs: Vec<Pair<'s>>) -> Self {
        let mut reader = Reader {
            source,
            owner: None,
            field: None,
            slots: Vec::with_capacity(pairs.len()),
            index: (pairs.len() > MANY_KEYS).then(FxHashMap::default),
            links: Vec::new(),
            mentions: Vec::new(),
            defects: Vec::new(),
        };
        for Pair { key, value } in pairs {
            reader.take_in(key, value);
        }
        reader
    }

    fn take_in(&mut self, key: Node<'s>, value: Node<'s>) {
        let span = key.span;
        let null = key.is_null();
        let Value::Scalar(Scalar { text, .. }) = key.value else {
            return self.defect(span, DefectKind::KeyNotText);
        };
        if null {
            return self.defect(span, DefectKind::KeyNotText);
        }
        let folded = fold_key(&text);
        // YAML's own duplicates were reported by the parser; these differ in letters only.
        if let Some(first) = self.first_with(&folded) {
            let same_letters = first.key.value == text;
            if !same_letters {
                let first = first.key.span;
                self.defect(span, DefectKind::SameKey { first });
            }
            return;
        }
        if let Some(index) = &mut self.index {
            index.insert(folded.clone(), self.slots.len());
        }
        self.slots.push(Slot { key: Spanned::new(text, span), folded, value: Some(value) });
    }

    fn first_with(&self, folded: &str) -> Option<&Slot<'s>> {
        match &self.index {
            Some(index) => index.get(folded).map(|&at| &self.slots[at]),
            None => self.slots.iter().find(|slot| slot.folded == folded),
        }
    }

    /// Says which entry the fields belong to, so that defects can name it.
    pub fn belongs_to(&mut self, id: Spanned<Id>) {
        self.owner = Some(id);
        for defect in &mut self.defects {
            defect.owner = Some(id.value);
        }
    }

    /// Notes something wrong.
    pub fn defect(&mut self, span: Span, kind: DefectKind) {
        let owner = self.owner.map(|owner| owner.value);
        self.defects.push(Defect { owner, span, field: self.field, kind });
    }

    /// How many links were read so far.
    pub fn link_count(&self) -> usize {
        self.links.len()
    }

    /// Whether a field holds a mapping.
    pub fn holds_mapping(&self, name: &str) -> bool {
        self.peek(name).is_some_and(|node| matches!(node.value, Value::Mapping(_)))
    }

    /// Whether a field holds a mapping, or a list of mappings.
    fn holds_mappings(&self, name: &str) -> bool {
        self.peek(name).is_some_and(|node| match &node.value {
            Value::Mapping(_) => true,
            Value::Sequence(items) => items.iter().any(|item| matches!(item.value, Value::Mapping(_))),
            Value::Scalar(_) => false,
        })
    }

    fn peek(&self, name: &str) -> Option<&Node<'s>> {
        let slot = self.slots.iter().find(|slot| field::names(name, &slot.folded))?;
        slot.value.as_ref()
    }

    /// Whether a field is there and not asked for yet.
    pub fn has(&self, name: &str) -> bool {
        self.peek(name).is_some()
    }

    /// The value of a field as it stands, with the place of its key.
    pub fn take(&mut self, name: &str) -> Option<(Span, Node<'s>)> {
        self.field = None;
        let slot =
            self.slots.iter_mut().find(|slot| slot.value.is_some() && field::names(name, &slot.folded))?;
        self.field = Some(slot.key.span);
        let (key, node) = (slot.key.span, slot.value.take()?);
        // A text of blanks says as little as no text.
        if node.is_null() || node.text().is_some_and(|text| text.trim().is_empty()) {
            self.defect(key, DefectKind::EmptyField);
            return None;
        }
        Some((key, node))
    }

    /// The scalar of a field; a collection is a defect.
    fn take_scalar(&mut self, name: &str, expected: &'static str) -> Option<(Scalar<'s>, Span)> {
        let (key, node) = self.take(name)?;
        self.scalar_of(key, node, expected)
    }

    fn scalar_of(&mut self, key: Span, node: Node<'s>, expected: &'static str) -> Option<(Scalar<'s>, Span)> {
        let found = node.describe();
        match node.value {
            Value::Scalar(scalar) => Some((scalar, node.span)),
            _ => {
                self.defect(node.span, DefectKind::WrongShape { key, expected, found });
                None
            }
        }
    }

    /// A text.
    pub fn text(&mut self, name: &str) -> Option<Text<'s>> {
        let (scalar, span) = self.take_scalar(name, "a text")?;
        Some(self.prose(scalar, span))
    }

    /// A text that may be a bare number, for which a last zero means nothing.
    pub fn figure(&mut self, name: &str) -> Option<Text<'s>> {
        let (scalar, span) = self.take_scalar(name, "a text")?;
        self.mention(&scalar, span);
        Some(Spanned::new(scalar.text, span))
    }

    /// A text together with its key.
    pub fn keyed_text(&mut self, name: &str) -> Option<(Text<'s>, Text<'s>)> {
        let key = self.slots.iter().find(|slot| field::names(name, &slot.folded))?.key.clone();
        self.text(name).map(|text| (key, text))
    }

    /// How likely a risk is: a share or a word.
    pub fn probability(&mut self, name: &str) -> Option<Spanned<Probability>> {
        let (scalar, span) = self.take_scalar(name, "a percentage, or Low, Medium, High")?;
        match Probability::parse(&scalar.text) {
            Some(probability) => Some(Spanned::new(probability, span)),
            None => {
                self.defect(
                    span,
                    match value::percentage(&scalar.text) {
                        Some(_) => DefectKind::PercentageOutOfRange,
                        None => DefectKind::NotAPercentage,
                    },
                );
                None
            }
        }
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
        let text = |part: &str| Cow::Owned(part.to_owned());
        Some((Spanned::new(text(key), key_span), Spanned::new(text(value), value_span)))
    }

    /// The text of a scalar, its ids noted as mentions and its YAML traps as defects.
    fn prose(&mut self, scalar: Scalar<'s>, span: Span) -> Text<'s> {
        if scalar.style == Style::Plain {
            self.look_for_traps(&scalar.text, span);
        }
        self.mention(&scalar, span);
        Spanned::new(scalar.text, span)
    }

    fn mention(&mut self, scalar: &Scalar<'s>, span: Span) {
        let mut locator = Locator::new(scalar, span, self.source);
        for (id, range) in id::find_in(&scalar.text) {
            let span = locator.locate(&scalar.text, range.start, range.end);
            self.mentions.push(Mention { id, span });
        }
    }

    /// Finds plain values that other YAML tools read as something else than text.
    fn look_for_traps(&mut self, text: &str, span: Span) {
        if is_other_boolean(text) {
            self.defect(span, DefectKind::BooleanForText);
        } else if loses_a_zero(text) {
            self.defect(span, DefectKind::NumberForText);
        }
    }

    /// One of the words of `T`.
    pub fn choice<T: Choice>(&mut self, name: &str) -> Option<Spanned<T>> {
        self.noted_choice(name).map(|noted| noted.map(|noted| noted.value))
    }

    /// One of the words of `T`, perhaps with a remark behind it.
    pub fn noted_choice<T: Choice>(&mut self, name: &str) -> Option<Spanned<Noted<T>>> {
        let (scalar, span) = self.take_scalar(name, "one word")?;
        self.mention(&scalar, span);
        let noted = with_note(scalar.text, T::from_word);
        match noted {
            Ok(noted) => Some(Spanned::new(noted, span)),
            Err(text) => {
                let found = text.into_owned();
                self.defect(span, DefectKind::UnknownWord { found, known: field::words::<T>() });
                None
            }
        }
    }

    /// Yes or no, perhaps with a remark behind it.
    pub fn flag(&mut self, name: &str) -> Option<Spanned<Noted<bool>>> {
        let (scalar, span) = self.take_scalar(name, "yes or no")?;
        self.mention(&scalar, span);
        match with_note(scalar.text, value::boolean) {
            Ok(noted) => Some(Spanned::new(noted, span)),
            Err(text) => {
                let found = text.into_owned();
                self.defect(span, DefectKind::UnknownWord { found, known: vec!["Yes", "No"] });
                None
            }
        }
    }

    /// A day.
    pub fn date(&mut self, name: &str) -> Option<Spanned<NaiveDate>> {
        let (scalar, span) = self.take_scalar(name, "a date")?;
        self.date_of(&scalar.text, span)
    }

    fn date_of(&mut self, text: &str, span: Span) -> Option<Spanned<NaiveDate>> {
        match read_date(text) {
            Ok(date) => Some(Spanned::new(date, span)),
            Err(kind) => {
                self.defect(span, kind);
                None
            }
        }
    }

    /// A number.
    pub fn number(&mut self, name: &str) -> Option<Spanned<f64>> {
        let (scalar, span) = self.take_scalar(name, "a number")?;
        match read_number(&scalar.text) {
            Some(number) => Some(Spanned::new(number, span)),
            None => {
                self.defect(span, DefectKind::NotANumber);
                None
            }
        }
    }

    /// A whole number from zero on.
    pub fn count(&mut self, name: &str) -> Option<Spanned<u32>> {
        let number = self.number(name)?;
        let text = number.value.to_string();
        match text.parse() {
            Ok(count) => Some(Spanned::new(count, number.span)),
            Err(_) => {
                self.defect(number.span, DefectKind::NotAWholeNumber);
                None
            }
        }
    }

    /// A share between 0 and 100 %.
    pub fn percentage(&mut self, name: &str) -> Option<Spanned<Percentage>> {
        let (scalar, span) = self.take_scalar(name, "a percentage")?;
        match value::percentage(&scalar.text) {
            Some(share) if (0.0..=100.0).contains(&share.0) => Some(Spanned::new(share, span)),
            Some(_) => {
                self.defect(span, DefectKind::PercentageOutOfRange);
                None
            }
            None => {
                self.defect(span, DefectKind::NotAPercentage);
                None
            }
        }
    }

    /// A span of time.
    pub fn duration(&mut self, name: &str) -> Option<Spanned<Duration>> {
        let (scalar, span) = self.take_scalar(name, "a duration")?;
        match Duration::parse(&scalar.text) {
            Some(duration) => Some(Spanned::new(duration, span)),
            None => {
                self.defect(span, DefectKind::NotADuration);
                None
            }
        }
    }

    /// A span between two moments.
    pub fn window(&mut self, name: &str) -> Option<Spanned<Window>> {
        let (scalar, span) = self.take_scalar(name, "a window such as `0h..2h`")?;
        match Window::parse(&scalar.text) {
            Ok(window) => Some(Spanned::new(window, span)),
            Err(error) => {
                self.defect(span, DefectKind::NotAWindow { reason: error.to_string() });
                None
            }
        }
    }

    /// A condition on a metric. What cannot be read stays as its text.
    pub fn threshold(&mut self, name: &str) -> Option<Spanned<Condition<'s, Threshold>>> {
        self.condition(name, threshold::parse)
    }

    /// The aim of a metric: a condition, or a bare value.
    pub fn target(&mut self, name: &str) -> Option<Spanned<Condition<'s, threshold::Target>>> {
        self.condition(name, threshold::parse_target)
    }

    fn condition<T>(
        &mut self,
        name: &str,
        parse: fn(&str) -> Result<T, Vec<threshold::ThresholdError>>,
    ) -> Option<Spanned<Condition<'s, T>>> {
        let (scalar, span) = self.take_scalar(name, "a threshold")?;
        let typed = match parse(&scalar.text) {
            Ok(threshold) => Some(Box::new(threshold)),
            Err(errors) => {
                let mut locator = Locator::new(&scalar, span, self.source);
                for error in errors {
                    let place = locator.locate(&scalar.text, error.range.start, error.range.end);
                    let place = if place.is_empty() { span } else { place };
                    let reason = error.kind.to_string();
                    self.defect(place, DefectKind::Threshold { reason });
                }
                None
            }
        };
        self.mention(&scalar, span);
        Some(Spanned::new(Condition { text: scalar.text, typed }, span))
    }

    /// A version after the SemVer specification.
    pub fn version(&mut self, name: &str) -> Option<Spanned<semver::Version>> {
        let (scalar, span) = self.take_scalar(name, "a version")?;
        match semver::Version::parse(&scalar.text) {
            Ok(version) => Some(Spanned::new(version, span)),
            Err(_) => {
                self.defect(span, DefectKind::NotAVersion);
                None
            }
        }
    }

    /// A text or a list of texts. Lines of a block of text are its items, and
    /// their numbers or dashes are taken off.
    pub fn list(&mut self, name: &str) -> Vec<Text<'s>> {
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
                lines.push(Spanned::new(Cow::Owned(line.to_owned()), span));
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
                    item.value = Cow::Owned(format!("{} {text}", item.value));
                    item.span = item.span.to(place);
                }
                None => items.push(Spanned::new(Cow::Borrowed(text), place)),
            }
        }
        items
    }

    /// Reads a link field, if it is there, into the links of the entry.
    pub fn links(&mut self, name: &str, kind: LinkKind) {
        let Some((key, node)) = self.take(name) else { return };
        let found = node.describe();
        match node.value {
            Value::Scalar(scalar) => self.link_text(kind, &scalar, node.span),
            Value::Sequence(items) => {
                for item in items {
                    if let Some((scalar, span)) = self.scalar_of(key, item, "single ids") {
                        self.link_text(kind, &scalar, span);
                    }
                }
            }
            Value::Mapping(_) => {
                let expected = "an id or a list of ids";
                self.defect(node.span, DefectKind::WrongShape { key, expected, found });
            }
        }
    }

    fn link_text(&mut self, kind: LinkKind, scalar: &Scalar<'s>, span: Span) {
        let (found, errors) = link::parse(&scalar.text);
        let text = &*scalar.text;
        let mut locator = Locator::new(scalar, span, self.source);
        for reference in found {
            let (target, span, note) = match reference {
                Reference::One { id, range, note } => {
                    (Target::One(id), locator.locate(text, range.start, range.end), note)
                }
                Reference::Span { from, to, note } => {
                    let first = locator.locate(text, from.1.start, from.1.end);
                    let last = locator.locate(text, to.1.start, to.1.end);
                    let ends = (Spanned::new(from.0, first), Spanned::new(to.0, last));
                    (Target::Range(Box::new(ends)), first.to(last), note)
                }
            };
            let note = note.map(|note| self.note_of_link(&mut locator, text, note));
            self.links.push(Link { kind, target, span, note: note.map(Box::new) });
        }
        // Errors stand between the references, so they are located on their own.
        let mut locator = Locator::new(scalar, span, self.source);
        for error in errors {
            let place = locator.locate(text, error.range.start, error.range.end);
            let found = text[error.range].to_owned();
            let place = if place.is_empty() { span } else { place };
            self.defect(
                place,
                match error.kind {
                    LinkErrorKind::Id(reason) => DefectKind::NotAnId { found, reason },
                    reason => DefectKind::BadLink { found, reason },
                },
            );
        }
    }

    fn note_of_link(&mut self, locator: &mut Locator<'_>, text: &str, note: std::ops::Range<usize>) -> Span {
        for (id, range) in id::find_in(&text[note.clone()]) {
            let span = locator.locate(text, note.start + range.start, note.start + range.end);
            self.mentions.push(Mention { id, span });
        }
        locator.locate(text, note.start, note.end)
    }

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
                all.push((Spanned::new(scalar.text, key_span), reader, span));
            }
        }
        all
    }

    /// The keys of a mapping and the words of each, written as one or as a list.
    pub fn free_lists(&mut self, name: &str) -> Vec<(Text<'s>, Vec<Text<'s>>)> {
        let pairs = self.pairs(name);
        let mut inner = Reader::new(self.source, pairs);
        let keys: Vec<Text<'s>> = inner.slots.iter().map(|slot| slot.key.clone()).collect();
        let lists = keys.into_iter().map(|key| {
            let folded = fold_key(&key.value);
            let words = inner.list(&folded);
            (key, words)
        });
        let lists = lists.collect();
        self.defects.append(&mut inner.defects);
        lists
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
        self.mentions.append(&mut gathered.mentions);
        self.defects.append(&mut gathered.defects);
    }

    /// The keys and texts of a mapping whose keys the writer chooses.
    pub fn free_mapping(&mut self, name: &str) -> Vec<(Text<'s>, Text<'s>)> {
        let pairs = self.pairs(name);
        pairs.into_iter().filter_map(|pair| self.free_pair(pair)).collect()
    }

    fn free_pair(&mut self, Pair { key, value }: Pair<'s>) -> Option<(Text<'s>, Text<'s>)> {
        let key_span = key.span;
        let (name, _) = self.scalar_of(key_span, key, "a key")?;
        let (scalar, span) = self.scalar_of(key_span, value, "a text")?;
        self.mention(&scalar, span);
        let span = if span.is_empty() { key_span } else { span };
        Some((Spanned::new(name.text, key_span), Spanned::new(scalar.text, span)))
    }

    /// Every field nobody has asked for, except those of the user's own (`x-…`).
    pub fn rest(&mut self) -> Vec<(Text<'s>, Node<'s>)> {
        let own =
            |slot: &Slot<'_>| slot.key.value.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"));
        self.slots
            .iter_mut()
            .filter(|slot| !own(slot))
            .filter_map(|slot| Some((slot.key.clone(), slot.value.take()?)))
            .collect()
    }

    /// Ends the reading: every key nobody asked for is a defect. `known` and
    /// `declared` are the fields that could have been meant, and `misplaced`
    /// says where a key would belong that is right elsewhere.
    pub fn finish(
        mut self,
        known: &[&[Field]],
        declared: &[DeclaredField],
        misplaced: impl Fn(&str) -> Option<&'static str>,
    ) -> Gathered {
        self.field = None;
        for (key, node) in self.rest() {
            let folded = fold_key(&key.value);
            let kind = match misplaced(&folded) {
                Some(home) => DefectKind::MisplacedKey { home },
                None => DefectKind::UnknownKey { suggestion: self.meant(&folded, known, declared) },
            };
            self.defect(key.span, kind);
            drop(node);
        }
        // Entries are kept by the hundred thousand: what growing left over is given back.
        self.links.shrink_to_fit();
        self.mentions.shrink_to_fit();
        Gathered { links: self.links, mentions: self.mentions, defects: self.defects }
    }

    /// The field that was probably meant by a key; what is there already cannot have been.
    fn meant(
        &self,
        folded: &str,
        known: &[&[Field]],
        declared: &[DeclaredField],
    ) -> Option<Cow<'static, str>> {
        let fields = known.iter().copied().flatten();
        let free = fields.filter(|field| !self.slots.iter().any(|slot| field.is(&slot.folded)));
        let names: Vec<&'static str> =
            free.flat_map(|field| field.aliases.iter().chain([&field.name]).copied()).collect();
        let is_there = |name: &str| self.slots.iter().any(|slot| field::names(name, &slot.folded));
        let own = declared.iter().map(|field| field.name.as_str()).filter(|name| !is_there(name));
        let near = nearest(folded, names.iter().copied().chain(own))?;
        let built_in = names.iter().find(|name| **name == near);
        Some(built_in.map_or_else(|| Cow::Owned(near.to_owned()), |name| Cow::Borrowed(*name)))
    }
}

/// A condition as it was written, and as it was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition<'s, T> {
    /// The writer's text.
    pub text: Cow<'s, str>,
    /// What it says, unless a defect tells why it says nothing.
    pub typed: Option<Box<T>>,
}

/// The name nearest to a key, if any is near enough to have been meant.
pub fn nearest<'n>(key: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let distance = |name: &str| strsim::damerau_levenshtein(&fold_key(&Cow::Borrowed(name)), key);
    let allowed = |name: &str| 1 + name.len().min(key.len()) / 6;
    // A long key nobody declared is no typing mistake, and would be costly to compare.
    if key.len() > 64 {
        return None;
    }
    // Of two that are equally near, the beginning decides: `stat` is rather `state` than `start`.
    let apart = |name: &str| key.len() - name.bytes().zip(key.bytes()).take_while(|(a, b)| a == b).count();
    names
        .filter(|name| name.len().abs_diff(key.len()) <= allowed(name) + name.matches('_').count())
        .map(|name| (distance(name), apart(name), name))
        .filter(|(distance, _, name)| *distance <= allowed(name))
        .min()
        .map(|(_, _, name)| name)
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

/// A number, perhaps with thousands set apart: `20,000` or `20_000`.
fn read_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut groups = whole.split([',', '_']);
    let first = groups.next()?;
    // `1,5` is one and a half to many people, and fifteen to nobody.
    let apart = groups.clone().all(|group| group.len() == 3) && (first.len() <= 3 || groups.next().is_none());
    let number: f64 = (whole.replace([',', '_'], "") + fraction).parse().ok()?;
    (apart && number.is_finite()).then_some(number)
}

/// A key without case, spaces, hyphens and underscores.
pub fn fold_key<'k>(key: &Cow<'k, str>) -> Cow<'k, str> {
    let folds = |byte: u8| byte.is_ascii_uppercase() || matches!(byte, b' ' | b'-' | b'_');
    match key {
        Cow::Borrowed(key) if !key.bytes().any(folds) => Cow::Borrowed(key),
        key => Cow::Owned(value::folded(key).collect()),
    }
}

fn with_note<'s, T>(text: Cow<'s, str>, known: impl Fn(&str) -> Option<T>) -> Result<Noted<T>, Cow<'s, str>> {
    let Some((value, note)) = value::split_note(&text, known) else {
        return Err(text);
    };
    Ok(Noted { value, note: (!note.is_empty()).then(|| note.into()) })
}

/// Reads `2027-03-01`, also with a time behind it.
pub(super) fn read_date(text: &str) -> Result<NaiveDate, DefectKind> {
    let day = text.get(..10).unwrap_or(text);
    let time = text.get(10..).unwrap_or("");
    let separated = time.is_empty() || time.starts_with(['T', 't', ' ']);
    let shaped = day.len() == 10
        && day.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shaped || !separated {
        return Err(DefectKind::NotADate);
    }
    NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .map_err(|_| DefectKind::ImpossibleDate { swapped: NaiveDate::parse_from_str(day, "%Y-%d-%m").ok() })
}

/// `NO` and its like: text here, a boolean to every reader of YAML 1.1.
fn is_other_boolean(text: &str) -> bool {
    (2..=5).contains(&text.len()) && value::boolean(text).is_some()
}

/// `1.10` is the number 1.1 to other tools.
fn loses_a_zero(text: &str) -> bool {
    text.ends_with('0')
        && text.split_once('.').is_some_and(|(whole, fraction)| {
            let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits(whole) && digits(fraction)
        })
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

impl<'s> Reader<'s> {
    /// One of the words that `relplan.toml` declares.
    pub fn declared_word(&mut self, name: &str, known: &[String], declared: Span) -> Option<Text<'s>> {
        let (scalar, span) = self.take_scalar(name, "one word")?;
        if !known.iter().any(|known| value::same_folded(known, &scalar.text)) {
            let known = known.to_vec();
            self.defect(span, DefectKind::DeclaredWord { known, declared });
        }
        Some(Spanned::new(scalar.text, span))
    }

    /// Links that may join entries of `targets` only, or of any family if there are none.
    pub fn declared_links(&mut self, name: &str, targets: &[super::Prefix], declared: Span) {
        let before = self.links.len();
        self.links(name, LinkKind::Declared);
        if targets.is_empty() {
            return;
        }
        let wrong: Vec<Span> = self.links[before..]
            .iter()
            .filter(|link| !targets.contains(&link.target.first().prefix))
            .map(|link| link.span)
            .collect();
        for span in wrong {
            let targets = targets.to_vec();
            self.defect(span, DefectKind::DeclaredTarget { targets, declared });
        }
    }

    /// Notes that a field is missing that `relplan.toml` requires.
    pub fn declared_missing(&mut self, field: &DeclaredField) {
        let Some(place) = self.owner.map(|owner| owner.span) else { return };
        let (name, declared) = (field.name.clone(), field.span);
        self.field = None;
        self.defect(place, DefectKind::DeclaredFieldMissing { name, declared });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, SourceFile, yaml};

    /// What `read` makes of the fields in `text`, and the defects with their texts.
    fn check<T: PartialEq + std::fmt::Debug>(
        text: &str,
        read: impl FnOnce(&mut Reader<'_>) -> T,
        expect: T,
        defects: &[&str],
    ) {
        let file = SourceFile::new("plan.yaml", text);
        let mut reading = yaml::read(FileId(0), &file);
        let Value::Mapping(pairs) = reading.documents.remove(0).root.value else { panic!("a mapping") };
        let mut reader = Reader::new(file.text(), pairs);
        assert_eq!(read(&mut reader), expect, "{text}");
        let found: Vec<&str> = reader.defects.iter().map(|defect| &text[defect.span.range()]).collect();
        assert_eq!(found, defects, "{text}");
    }

    fn list<'t>(text: &'t str, items: Vec<Text<'_>>) -> Vec<(String, &'t str)> {
        items.into_iter().map(|item| (item.value.into_owned(), &text[item.span.range()])).collect()
    }

    #[test]
    fn a_text_of_blanks_is_empty() {
        for value in ["\"\"", "' '", ">", "~", ""] {
            check(&format!("owner: {value}\n"), |fields| fields.text("owner").is_none(), true, &["owner"]);
        }
    }

    #[test]
    fn numbers_may_set_thousands_apart_and_nothing_else() {
        for (value, expect) in [("20,000", 20_000.0), ("1_000_000.5", 1_000_000.5), ("-3", -3.0), ("4", 4.0)]
        {
            let read = |fields: &mut Reader<'_>| fields.number("n").map(|number| number.value);
            check(&format!("n: {value}\n"), read, Some(expect), &[]);
        }
        for value in ["1,5", "20,00", "2000,000", ",5", "NaN", "1 000"] {
            check(&format!("n: {value}\n"), |fields| fields.number("n").is_none(), true, &[value]);
        }
    }

    #[test]
    fn numbered_lines_that_yaml_joins_are_items_again() {
        let text = "steps:\n  1. Alert ü\n     now\n  2. Stop\nother: 1. One thing\n";
        let steps = [("Alert ü now", "Alert ü\n     now"), ("Stop", "Stop")];
        let expect = steps.map(|(text, place)| (text.to_owned(), place)).to_vec();
        check(text, |fields| list(text, fields.list("steps")), expect, &[]);
        let expect = vec![("1. One thing".to_owned(), "1. One thing")];
        check(text, |fields| list(text, fields.list("other")), expect, &[]);
    }

    #[test]
    fn a_figure_may_end_in_a_zero_and_a_text_may_not() {
        check("a: 0.50\n", |fields| fields.figure("a").is_some(), true, &[]);
        check("a: 0.50\n", |fields| fields.text("a").is_some(), true, &["0.50"]);
        check("a: '0.50'\n", |fields| fields.text("a").is_some(), true, &[]);
    }

    #[test]
    fn a_key_that_is_there_is_not_suggested() {
        const KNOWN: &[Field] = &[Field::new("created", field::Shape::Date, "When it was written.")];
        let suggested = |text: &str| {
            let file = SourceFile::new("plan.yaml", text);
            let mut reading = yaml::read(FileId(0), &file);
            let Value::Mapping(pairs) = reading.documents.remove(0).root.value else { panic!("a mapping") };
            let mut reader = Reader::new(file.text(), pairs);
            reader.date("created");
            reader.finish(&[KNOWN], &[], |_| None).defects.remove(0).kind
        };
        let near = DefectKind::UnknownKey { suggestion: Some("created".into()) };
        assert_eq!(suggested("crated: x\n"), near);
        assert_eq!(
            suggested("created: 2026-01-01\ncrated: x\n"),
            DefectKind::UnknownKey { suggestion: None }
        );
    }

    #[test]
    fn a_key_that_is_no_text_is_a_defect_of_its_entry() {
        check("[a, b]: c\n: d\n? {e: f}\n", |_| (), (), &["[a, b]", "", "{e: f}"]);
    }
}
