//! From the documents of a file to its entries: the four shapes that a document may have.

use super::defect::{Defect, DefectKind};
use super::entry::{Entry, HEADER, Kind};
use super::family::Families;
use super::field::Field;
use super::id::{self, Id, IdError, Prefix};
use super::reader::{Reader, fold_key, nearest};
use super::{Dep, field};
use crate::source::{FileId, Node, Pair, SourceFile, Span, Spanned, Value, yaml};

/// What one file holds.
#[derive(Debug)]
pub struct FileContent<'s> {
    /// The file.
    pub file: FileId,
    /// Its entries, in order.
    pub entries: Vec<Entry<'s>>,
    /// Entries that were given up for a syntax error, as far as their ids are known.
    pub broken: Vec<Id>,
    /// What is wrong with its text.
    pub yaml_defects: Vec<yaml::YamlDefect>,
    /// What is wrong with its fields.
    pub defects: Vec<Defect>,
    /// Comments that speak to relplan.
    pub directives: Vec<Spanned<&'s str>>,
    /// Whether the file holds no document at all.
    pub empty: bool,
}

/// The keys that a document may have around its entries.
pub const WRAPPER: &[Field] = &[
    Field::new("entries", field::Shape::Free, "The entries of the document."),
    Field::new(
        "defaults",
        field::Shape::Free,
        "Fields that every entry of the document has unless it says otherwise.",
    ),
];

/// Reads one file.
pub fn read<'s>(file: FileId, source: &'s SourceFile, families: &Families) -> FileContent<'s> {
    read_documents(file, source.text(), yaml::read(file, source), families)
}

/// Makes entries of documents, whoever made those.
pub fn read_documents<'s>(
    file: FileId,
    text: &'s str,
    reading: yaml::Reading<'s>,
    families: &Families,
) -> FileContent<'s> {
    let empty = reading.documents.is_empty() && reading.defects.is_empty();
    let mut documents =
        Documents { text, families, defaults: Vec::new(), entries: Vec::new(), defects: Vec::new() };
    for document in reading.documents {
        if !document.continued {
            documents.defaults.clear();
        }
        documents.read(document);
    }
    FileContent {
        file,
        entries: documents.entries,
        broken: reading.broken.iter().filter_map(id_of_broken).collect(),
        yaml_defects: reading.defects,
        defects: documents.defects,
        directives: reading.directives,
        empty,
    }
}

struct Documents<'s, 'f> {
    text: &'s str,
    families: &'f Families,
    /// The defaults of the document that is being read, or was when an error cut it in two.
    defaults: Vec<Pair<'s>>,
    entries: Vec<Entry<'s>>,
    defects: Vec<Defect>,
}

impl<'s> Documents<'s, '_> {
    fn read(&mut self, document: yaml::Document<'s>) {
        let Node { span, value } = document.root;
        match value {
            Value::Sequence(items) => items.into_iter().for_each(|item| self.item(item)),
            Value::Mapping(pairs) if is_wrapper(&pairs) => self.wrapper(pairs),
            Value::Mapping(pairs) if names_all(&pairs) => pairs.into_iter().for_each(|pair| self.named(pair)),
            Value::Mapping(pairs) if names_itself(&pairs) => self.entry(span, pairs),
            // What follows a broken part may be the rest of what held it.
            _ if document.continued => {}
            Value::Mapping(pairs) => self.unrecognised(span, pairs),
            Value::Scalar(_) => self.not_an_entry(span, None, "a single value"),
        }
    }

    fn item(&mut self, item: Node<'s>) {
        let found = item.describe();
        match item.value {
            Value::Mapping(mut pairs) if pairs.len() == 1 && names_all(&pairs) => {
                if let Some(pair) = pairs.pop() {
                    self.named(pair);
                }
            }
            Value::Mapping(pairs) => self.entry(item.span, pairs),
            _ => self.not_an_entry(item.span, None, found),
        }
    }

    /// A mapping with `entries:` and perhaps `defaults:`.
    fn wrapper(&mut self, pairs: Vec<Pair<'s>>) {
        let mut reader = Reader::new(self.text, pairs);
        if let Some((_, node)) = reader.take("defaults") {
            match node.value {
                Value::Mapping(defaults) => self.defaults = defaults,
                _ => self.wrong_shape(node.span, "a mapping"),
            }
        }
        if let Some((_, node)) = reader.take("entries") {
            self.content(node);
        }
        self.defects.extend(reader.finish(&[WRAPPER], |_| None).defects);
    }

    fn content(&mut self, node: Node<'s>) {
        match node.value {
            Value::Sequence(items) => items.into_iter().for_each(|item| self.item(item)),
            Value::Mapping(pairs) if names_all(&pairs) => pairs.into_iter().for_each(|pair| self.named(pair)),
            _ => self.wrong_shape(node.span, "a list of entries"),
        }
    }

    /// `DEP-001: {…}`, or `DEP-001: title`.
    fn named(&mut self, Pair { key, value }: Pair<'s>) {
        let span = key.span.to(value.span);
        match value.value {
            Value::Mapping(pairs) => {
                if let Some(id) = self.id_of(&key) {
                    self.fields(id, span, None, pairs);
                }
            }
            _ => self.entry(span, vec![Pair { key, value }]),
        }
    }

    /// A mapping that names itself: by `id:`, or by its first key.
    fn entry(&mut self, span: Span, mut pairs: Vec<Pair<'s>>) {
        let by_id =
            pairs.iter().position(|pair| pair.key.text().is_some_and(|key| key.eq_ignore_ascii_case("id")));
        if let Some(at) = by_id {
            let pair = pairs.remove(at);
            if pair.value.is_null() {
                self.defect(pair.key.span, DefectKind::IdMissing);
            } else if let Some(id) = self.id_of(&pair.value) {
                self.fields(id, span, None, pairs);
            }
        } else if pairs.first().is_some_and(|pair| is_name(&pair.key) && pair.value.scalar().is_some()) {
            let Pair { key, value } = pairs.remove(0);
            if let Some(id) = self.id_of(&key) {
                let title = (!value.is_null()).then_some(value);
                self.fields(id, span, title, pairs);
            }
        } else {
            let place = pairs.first().map_or(span, |pair| pair.key.span);
            self.defect(place, DefectKind::IdMissing);
        }
    }

    fn fields(&mut self, id: Spanned<Id>, span: Span, title: Option<Node<'s>>, pairs: Vec<Pair<'s>>) {
        let mut pairs = pairs;
        self.add_defaults(&mut pairs);
        if let Some(value) = title {
            let key = Node {
                span: id.span,
                value: Value::Scalar(crate::source::Scalar {
                    text: "title".into(),
                    style: crate::source::Style::Plain,
                }),
            };
            pairs.insert(0, Pair { key, value });
        }
        let mut reader = Reader::new(self.text, pairs);
        reader.belongs_to(id);
        self.check_family(id);
        let family = self.families.of(&id.prefix);
        let entry = Entry::read(id, span, &mut reader, family);
        let own = entry.kind.fields();
        let is_dep = matches!(entry.kind, Kind::Dep(_));
        let gathered = reader.finish(&[own, HEADER], |key| is_dep.then(|| Dep::home_of(key)).flatten());
        self.defects.extend(gathered.defects);
        self.entries.push(entry.joining(gathered.links, gathered.mentions));
    }

    fn add_defaults(&self, pairs: &mut Vec<Pair<'s>>) {
        for default in &self.defaults {
            let name = default.key.text().unwrap_or("");
            let own = |pair: &Pair<'_>| pair.key.text().is_some_and(|key| super::same_folded(key, name));
            if !pairs.iter().any(own) {
                pairs.push(default.clone());
            }
        }
    }

    fn check_family(&mut self, id: Spanned<Id>) {
        match self.families.of(&id.prefix) {
            None => {
                let known = self.families.sorted();
                let suggestion =
                    nearest_prefix(id.prefix, &known.iter().map(|family| family.prefix).collect::<Vec<_>>());
                self.defect(id.span, DefectKind::UnknownFamily { prefix: id.prefix, suggestion });
            }
            Some(family) if family.external.is_some() => {
                let declared = family.declared;
                self.defect(id.span, DefectKind::ExternalEntry { declared });
            }
            Some(_) => {}
        }
    }

    fn id_of(&mut self, node: &Node<'s>) -> Option<Spanned<Id>> {
        let Some(text) = node.text() else {
            self.defect(node.span, DefectKind::IdMissing);
            return None;
        };
        match id::parse(text) {
            Ok(id) => Some(Spanned::new(id, node.span)),
            Err(reason) => {
                let known = match reason {
                    IdError::Lowercase(id) => Some(Spanned::new(id, node.span)),
                    _ => None,
                };
                let found = text.to_owned();
                self.defect(node.span, DefectKind::NotAnId { found, reason });
                known
            }
        }
    }

    /// A document that is none of the four shapes. A list under a misspelt key is
    /// read all the same: one letter must not hide a whole file.
    fn unrecognised(&mut self, span: Span, pairs: Vec<Pair<'s>>) {
        let mut explained = false;
        for Pair { key, value } in pairs {
            let folded = fold_key(&key.text().unwrap_or("").to_owned().into()).into_owned();
            let suggestion = nearest(&folded, WRAPPER.iter().map(|field| field.name).chain(["id"]));
            if suggestion == Some("entries") && matches!(value.value, Value::Sequence(_)) {
                self.not_an_entry(key.span, suggestion, "a mapping");
                explained = true;
                self.content(value);
            } else if !explained && suggestion.is_some() {
                self.not_an_entry(key.span, suggestion, "a mapping");
                explained = true;
            } else if !explained {
                self.not_an_entry(key.span, None, "a mapping");
                explained = true;
            }
        }
        if !explained {
            self.not_an_entry(span, None, "an empty mapping");
        }
    }

    fn not_an_entry(&mut self, span: Span, suggestion: Option<&'static str>, found: &'static str) {
        self.defect(span, DefectKind::NotAnEntry { suggestion, found });
    }

    fn wrong_shape(&mut self, span: Span, expected: &'static str) {
        self.defect(span, DefectKind::WrongShape { key: span, expected, found: "something else" });
    }

    fn defect(&mut self, span: Span, kind: DefectKind) {
        self.defects.push(Defect { owner: None, span, field: None, kind });
    }
}

fn is_wrapper(pairs: &[Pair<'_>]) -> bool {
    let has = |name: &str| {
        pairs.iter().any(|pair| pair.key.text().is_some_and(|key| super::same_folded(key, name)))
    };
    has("entries") && !has("id")
}

/// Whether every key is an id, and so each pair an entry.
fn names_all(pairs: &[Pair<'_>]) -> bool {
    !pairs.is_empty()
        && pairs.iter().all(|pair| is_name(&pair.key) || is_own_key(&pair.key))
        && pairs.iter().any(|pair| is_name(&pair.key))
        && (pairs.len() > 1 || !matches!(pairs[0].value.value, Value::Sequence(_)))
}

fn names_itself(pairs: &[Pair<'_>]) -> bool {
    let by_id = pairs.iter().any(|pair| pair.key.text().is_some_and(|key| key.eq_ignore_ascii_case("id")));
    by_id || pairs.first().is_some_and(|pair| is_name(&pair.key))
}

fn is_own_key(key: &Node<'_>) -> bool {
    key.text().is_some_and(|key| key.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-")))
}

fn is_name(key: &Node<'_>) -> bool {
    key.text().is_some_and(|key| {
        key.starts_with(|first: char| first.is_ascii_uppercase())
            && matches!(id::parse(key), Ok(_) | Err(IdError::Placeholder | IdError::NumberTooLong))
    })
}

fn nearest_prefix(prefix: Prefix, known: &[Prefix]) -> Option<Prefix> {
    known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known.as_str(), prefix.as_str()), *known))
        .filter(|(distance, known)| *distance <= 1 + known.as_str().len() / 4)
        .min()
        .map(|(_, known)| known)
}

/// The id of an entry that could not be read whole.
fn id_of_broken(node: &Node<'_>) -> Option<Id> {
    let pairs = match &node.value {
        Value::Mapping(pairs) => pairs,
        Value::Sequence(items) => return items.last().and_then(id_of_broken),
        Value::Scalar(_) => return None,
    };
    let named = |pair: &&Pair<'_>| pair.key.text().is_some_and(|key| key.eq_ignore_ascii_case("id"));
    let text = match pairs.iter().find(named) {
        Some(pair) => pair.value.text(),
        None => pairs.first()?.key.text(),
    };
    id::parse(text?).ok()
}
