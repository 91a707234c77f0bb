//! What entries say, as one number: an approval holds as long as it stays the same.
//!
//! The digest is SHA-256 over a canonical form of the content. It does not change with comments, layout,
//! quotes, the spelling and order of keys, the order of entries and files, or the file that an entry stands
//! in. It leaves out what says how things stand ([`Field::progress`]): a plan that makes progress is still
//! the plan that was approved. Keys of the writer's own (`x-…`) count: nobody can tell what they mean.

mod sha256;

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

use super::dep::{Criteria, Environment, Rollback, Step, Validation};
use super::document;
use super::entry::{HEADER, PLAIN};
use super::epic::Epic;
use super::family::{Families, Typed};
use super::field::{Field, Shape};
use super::flag::Flag;
use super::graded::GradedFamily;
use super::handoff::Handoff;
use super::id::Id;
use super::incident::{Action, Incident};
use super::indicator::{Kpi, Mon};
use super::plan::{EntryIndex, Plan};
use super::reader::fold_key;
use super::rel::Rel;
use super::risk::Risk;
use super::runbook::Run;
use super::test::Test;
use crate::source::{FileId, Node, Pair, SourceMap, Value};

pub use sha256::{Digest, DigestError, bare};

/// The first bytes of everything that is hashed, so that a later canonical form cannot be taken for this one.
const FORM: &[u8] = b"relplan content 1\n";

/// What every entry of a plan says.
#[derive(Debug, Default)]
pub struct Contents(Vec<(Id, Digest)>);

impl Contents {
    /// Reads the files of the plan once more, side by side.
    pub fn new(plan: &Plan<'_>, sources: &SourceMap, families: &Families) -> Self {
        let mut files: Vec<FileId> = plan.entries().iter().map(|entry| entry.span.file).collect();
        files.sort_unstable();
        files.dedup();
        let read = |file: FileId| (file, document::digests(file, sources.file(file), families));
        let by_file: FxHashMap<FileId, Vec<Digest>> = files.into_par_iter().map(read).collect();
        let mut rest: FxHashMap<FileId, _> =
            by_file.iter().map(|(file, digests)| (*file, digests.iter())).collect();
        let entries = plan.entries().iter().map(|entry| {
            let digest = rest.get_mut(&entry.span.file).and_then(Iterator::next);
            (entry.id.value, digest.copied().unwrap_or_default())
        });
        Contents(entries.collect())
    }

    /// What some entries say together, in whatever order they are named.
    pub fn of(&self, entries: impl IntoIterator<Item = EntryIndex>) -> Digest {
        let found = entries.into_iter().filter_map(|index| self.0.get(index.0 as usize));
        let mut found: Vec<(Id, [u8; 32])> = found.map(|(id, digest)| (*id, digest.bytes())).collect();
        found.sort_unstable();
        found.dedup();
        let mut hash = Sha256::new_with_prefix(FORM);
        for (_, digest) in found {
            hash.update(digest);
        }
        Digest::from(hash)
    }
}

/// What an entry says: its id and its fields.
pub(super) fn of_entry(id: Id, pairs: &[Pair<'_>]) -> Digest {
    let mut form = FORM.to_vec();
    // The width of the number and a slug behind it are spelling.
    let letter = id.letter().map(String::from).unwrap_or_default();
    text(&format!("{}-{}{letter}", id.prefix, id.number), &mut form);
    mapping(pairs, Keys::Of(&fields_of(id)), &mut form);
    Digest::of(&form)
}

/// What a setting of `relplan.toml` says, without comments and layout.
pub fn of_setting(name: &str, value: &Node<'_>) -> Digest {
    let mut form = FORM.to_vec();
    text(name, &mut form);
    node(value, Keys::Of(&[]), &mut form);
    Digest::of(&form)
}

/// What entries say, together with the terms under which somebody approves them. Without terms it is the content
/// alone.
pub fn under(content: Digest, terms: &[Digest]) -> Digest {
    if terms.is_empty() {
        return content;
    }
    let mut hash = Sha256::new_with_prefix(FORM);
    hash.update(b"terms\n");
    std::iter::once(&content).chain(terms).for_each(|digest| hash.update(digest.bytes()));
    Digest::from(hash)
}

/// The fields that an entry with this id may have.
pub fn fields_of(id: Id) -> Vec<Field> {
    let own: &[&[Field]] = match Typed::of(&id.prefix) {
        Some(Typed::Dep) => {
            &[Environment::FIELDS, Criteria::FIELDS, Rollback::FIELDS, Validation::FIELDS, Step::FIELDS]
        }
        Some(Typed::Epic) => &[Epic::FIELDS],
        Some(Typed::Test) => &[Test::FIELDS],
        Some(Typed::Risk) => &[Risk::FIELDS],
        Some(Typed::Rel) => &[Rel::FIELDS],
        Some(Typed::Mon) => &[Mon::FIELDS],
        Some(Typed::Run) => &[Run::FIELDS],
        Some(Typed::Kpi) => &[Kpi::FIELDS],
        Some(Typed::Incident) => &[Incident::FIELDS],
        Some(Typed::Action) => &[Action::FIELDS],
        Some(Typed::Handoff) => &[Handoff::FIELDS],
        Some(Typed::Flag) => &[Flag::FIELDS],
        None => match GradedFamily::of(&id.prefix) {
            Some(family) => &[family.fields()],
            None => &[PLAIN],
        },
    };
    own.iter().copied().flatten().chain(HEADER).copied().collect()
}

/// What the keys of a mapping are.
#[derive(Clone, Copy)]
enum Keys<'f> {
    /// Fields, whose keys fold.
    Of(&'f [Field]),
    /// Names, known ones and the writer's own, each with a text or with fields.
    Named(&'f [Field], &'f [Field]),
    /// The writer's own, which are what they are: `LOG_LEVEL` is not `log-level`.
    Own,
}

fn node(node: &Node<'_>, keys: Keys<'_>, form: &mut Vec<u8>) {
    match &node.value {
        Value::Scalar(scalar) => text(&scalar.text, form),
        Value::Sequence(items) => {
            length(b'l', items.len(), form);
            let keys = if let Keys::Named(_, each) = keys { Keys::Of(each) } else { keys };
            items.iter().for_each(|item| self::node(item, keys, form));
        }
        Value::Mapping(pairs) => mapping(pairs, keys, form),
    }
}

fn mapping(pairs: &[Pair<'_>], keys: Keys<'_>, form: &mut Vec<u8>) {
    let mut said: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for Pair { key, value } in pairs {
        let Some((name, inner)) = key.text().and_then(|key| known_as(key, keys)) else { continue };
        // Nothing is as good as no key, and of two keys the first is read.
        if is_blank(value) || said.contains_key(&name) {
            continue;
        }
        let mut content = Vec::new();
        node(value, inner, &mut content);
        said.insert(name, content);
    }
    length(b'm', said.len(), form);
    for (name, content) in said {
        text(&name, form);
        form.extend(content);
    }
}

/// What a key is called and what the keys below it are; nothing if it says how things stand.
fn known_as<'f>(key: &str, keys: Keys<'f>) -> Option<(String, Keys<'f>)> {
    let fields = match keys {
        Keys::Of(fields) => fields,
        Keys::Named(known, each) => {
            let folded = fold_key(&key.into()).into_owned();
            let name =
                known.iter().find(|field| field.is(&folded)).map_or(folded, |field| field.name.to_owned());
            return Some((name, Keys::Of(each)));
        }
        Keys::Own => return Some((key.to_owned(), Keys::Own)),
    };
    let folded = fold_key(&key.into()).into_owned();
    let Some(field) = fields.iter().find(|field| field.is(&folded)) else {
        return Some((folded, Keys::Own));
    };
    let inner = match field.shape {
        Shape::Structure(inner) => Keys::Of(inner),
        Shape::Named { known, each } => Keys::Named(known, each),
        _ => Keys::Own,
    };
    (!field.progress).then(|| (field.name.to_owned(), inner))
}

fn is_blank(node: &Node<'_>) -> bool {
    node.is_null() || node.text().is_some_and(|text| text.trim().is_empty())
}

/// A text without what only lays it out: blanks at the ends of its lines, several in a row, empty lines.
fn text(text: &str, form: &mut Vec<u8>) {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let plain = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    length(b't', plain.len(), form);
    form.extend(plain.as_bytes());
}

fn length(kind: u8, length: usize, form: &mut Vec<u8>) {
    form.push(kind);
    form.extend((length as u64).to_le_bytes());
}

#[cfg(test)]
mod tests;
