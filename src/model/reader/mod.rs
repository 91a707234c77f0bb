//! Takes the fields of one mapping apart and notes what is wrong with them.
//!
//! A reader is asked for each field by name and gives it in the asked type, or
//! notes a [`Defect`] at its place and gives nothing. What nobody asked for is
//! an unknown key. Plans and `relplan.toml` are read by the same reader.

mod choices;
mod links;
mod lists;
mod look;
mod queries;
mod structures;
#[cfg(test)]
mod tests;
mod texts;
mod values;

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::defect::{Defect, DefectKind};
use super::entry::{Link, MemberLink, Mention};
use super::family::DeclaredField;
use super::field::{self, Field};
use super::id::Id;
use super::value;
use super::version::Numbering;
use crate::source::{Node, Pair, Scalar, Span, Spanned, Value};

pub(super) use super::day::read_date;
pub use queries::{InvalidQuery, Query};
pub use structures::Part;
pub use values::Condition;

/// The fields of one mapping that have not been asked for yet.
pub struct Reader<'s> {
    source: &'s str,
    owner: Option<Spanned<Id>>,
    /// How versions are numbered where nothing else is said.
    numbering: Option<Box<Numbering>>,
    /// The key of the field that was asked for last.
    field: Option<Span>,
    slots: Vec<Slot<'s>>,
    /// Where each key is, if there are more keys than anybody writes.
    index: Option<FxHashMap<Cow<'s, str>, usize>>,
    links: Vec<Link>,
    /// Hardly any reader meets one, and readers are moved around.
    member_links: Option<Box<MemberLinks>>,
    mentions: Vec<Mention>,
    defects: Vec<Defect>,
}

/// Links into other members of the workspace.
#[derive(Default)]
struct MemberLinks {
    all: Vec<MemberLink>,
}

/// Up to so many keys, looking at each is quicker than hashing them.
const MANY_KEYS: usize = 64;

struct Slot<'s> {
    /// The key as written.
    key: Spanned<Cow<'s, str>>,
    /// The key without case and separators.
    folded: Cow<'s, str>,
    value: Option<Node<'s>>,
}

/// What a reader has gathered when all fields are read.
pub struct Gathered {
    /// The links of every link field, in the order of the fields.
    pub links: Vec<Link>,
    /// Links into other members of the workspace.
    pub member_links: Vec<MemberLink>,
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
            numbering: None,
            field: None,
            slots: Vec::with_capacity(pairs.len()),
            index: (pairs.len() > MANY_KEYS).then(FxHashMap::default),
            links: Vec::new(),
            member_links: None,
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

    /// Says how versions are numbered where the mapping does not.
    pub fn numbered_by(&mut self, numbering: Numbering) {
        self.numbering = Some(Box::new(numbering));
    }

    /// Notes something wrong.
    pub fn defect(&mut self, span: Span, kind: DefectKind) {
        let owner = self.owner.map(|owner| owner.value);
        self.defects.push(Defect { owner, span, field: self.field, kind });
    }

    /// Notes something wrong with the value of a key of the writer's own.
    pub fn defect_of(&mut self, key: Span, span: Span, kind: DefectKind) {
        let asked = self.field.replace(key);
        self.defect(span, kind);
        self.field = asked;
    }

    /// How many defects were noted so far.
    pub fn defect_count(&self) -> usize {
        self.defects.len()
    }

    /// How many links were read so far.
    pub fn link_count(&self) -> usize {
        self.links.len()
    }

    /// Takes a key that is another name of one of these fields for that field, unless the field is there by its own name.
    pub fn accept_aliases(&mut self, known: &'static [Field]) {
        for field in known.iter().filter(|field| !field.aliases.is_empty()) {
            let is_free = !self.slots.iter().any(|slot| field::names(field.name, &slot.folded));
            let by_alias = |slot: &&mut Slot<'s>| slot.value.is_some() && field.is(&slot.folded);
            if let Some(slot) = self.slots.iter_mut().find(by_alias).filter(|_| is_free) {
                slot.folded = fold_key(&Cow::Borrowed(field.name)).into_owned().into();
            }
        }
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

    /// Every field nobody has asked for, except those of the user's own (`x-…`).
    pub fn rest(&mut self) -> Vec<(Spanned<Cow<'s, str>>, Node<'s>)> {
        self.slots
            .iter_mut()
            .filter(|slot| !is_own(&slot.key.value))
            .filter_map(|slot| Some((slot.key.clone(), slot.value.take()?)))
            .collect()
    }

    /// Notes the ids in the values of the user's own keys (`x-…`): whatever such a key is for, they are prose.
    fn mention_own(&mut self) {
        let own = |slot: &&mut Slot<'s>| is_own(&slot.key.value);
        let nodes: Vec<Node<'s>> =
            self.slots.iter_mut().filter(own).filter_map(|slot| slot.value.take()).collect();
        let mut open = nodes;
        while let Some(node) = open.pop() {
            match node.value {
                Value::Scalar(scalar) => self.mention(&scalar, node.span),
                Value::Sequence(items) => open.extend(items),
                Value::Mapping(pairs) => open.extend(pairs.into_iter().map(|pair| pair.value)),
            }
        }
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
        self.mention_own();
        let rest = self.rest();
        let free = if rest.is_empty() { Vec::new() } else { self.free(known, declared) };
        for (key, node) in rest {
            let folded = fold_key(&key.value);
            let kind = match misplaced(&folded) {
                Some(home) => DefectKind::MisplacedKey { home },
                None => DefectKind::UnknownKey { suggestion: meant(&folded, &free) },
            };
            self.defect(key.span, kind);
            drop(node);
        }
        // Entries are kept by the hundred thousand: what growing left over is given back.
        self.links.shrink_to_fit();
        self.mentions.shrink_to_fit();
        Gathered {
            links: self.links,
            member_links: self.member_links.map(|links| links.all).unwrap_or_default(),
            mentions: self.mentions,
            defects: self.defects,
        }
    }

    /// The names of the fields that are not there: what is there already cannot have been meant by another key.
    fn free<'n>(&self, known: &[&[Field]], declared: &'n [DeclaredField]) -> Vec<Name<'n>> {
        let there: FxHashSet<&str> = self.slots.iter().map(|slot| slot.folded.as_ref()).collect();
        let is_there = |name: &str| there.contains(fold_key(&Cow::Borrowed(name)).as_ref());
        let names = |field: &Field| field.aliases.iter().chain([&field.name]).copied().collect::<Vec<_>>();
        let fields = known.iter().copied().flatten().map(names);
        let free = fields.filter(|names| !names.iter().any(|name| is_there(name))).flatten();
        let own = declared.iter().map(|field| field.name.as_str()).filter(|name| !is_there(name));
        free.map(Name::BuiltIn).chain(own.map(Name::Declared)).collect()
    }
}

/// The name of a field.
#[derive(Clone, Copy)]
enum Name<'n> {
    BuiltIn(&'static str),
    Declared(&'n str),
}

impl<'n> Name<'n> {
    fn text(self) -> &'n str {
        match self {
            Name::BuiltIn(name) => name,
            Name::Declared(name) => name,
        }
    }
}

/// The field that was probably meant by a key.
fn meant(folded: &str, free: &[Name<'_>]) -> Option<Cow<'static, str>> {
    let near = nearest(folded, free.iter().map(|name| name.text()))?;
    let built_in = free.iter().find_map(|name| match name {
        Name::BuiltIn(name) if *name == near => Some(*name),
        _ => None,
    });
    Some(built_in.map_or_else(|| Cow::Owned(near.to_owned()), Cow::Borrowed))
}

/// Whether a key is the user's own.
fn is_own(key: &str) -> bool {
    key.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"))
}

/// The name nearest to what somebody wrote for one, if any is near enough to have been meant. Blanks and capitals make
/// no difference, and are no mistakes.
pub fn nearest_name<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let plain = |name: &str| super::value::folded(name).collect::<String>();
    let names: Vec<(&str, String)> = names.into_iter().map(|name| (name, plain(name))).collect();
    let near = nearest(&plain(text), names.iter().map(|(_, plain)| plain.as_str()))?;
    names.iter().find(|(_, plain)| plain == near).map(|(name, _)| *name)
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

/// A key without case, spaces, hyphens and underscores.
pub fn fold_key<'k>(key: &Cow<'k, str>) -> Cow<'k, str> {
    let folds = |byte: u8| byte.is_ascii_uppercase() || matches!(byte, b' ' | b'-' | b'_');
    match key {
        Cow::Borrowed(key) if !key.bytes().any(folds) => Cow::Borrowed(key),
        key => Cow::Owned(value::folded(key).collect()),
    }
}

impl<'s> Reader<'s> {
    /// Notes that a field is missing that `relplan.toml` requires.
    pub fn declared_missing(&mut self, field: &DeclaredField) {
        let Some(place) = self.owner.map(|owner| owner.span) else { return };
        let (name, declared) = (field.name.clone(), field.span);
        self.field = None;
        self.defect(place, DefectKind::DeclaredFieldMissing { name, declared });
    }
}
