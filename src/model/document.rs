//! From the documents of a file to its entries.

mod lost;
mod shape;
mod statement;

use super::approval::ApprovalRecord;
use super::defect::{Defect, DefectKind};
use super::digest::{self, Digest};
use super::entry::{Entry, HEADER, Kind};
use super::family::Families;
use super::field::Field;
use super::id::{self, Id, IdError, Prefix};
use super::reader::Reader;
use super::value::folded;
use super::waiver::WaiverRecord;
use super::{Dep, field};
use crate::source::{FileId, Node, Pair, Scalar, SourceFile, Span, Spanned, Style, Value, yaml};
use shape::{is_id_key, is_misspelt_id, is_own_key, items_of, records_of};

pub use lost::ids_of_lost;
pub use shape::holds_records;
pub use statement::{Statement, Statements, statements};

/// What one file holds.
#[derive(Debug)]
pub struct FileContent<'s> {
    /// The file.
    pub file: FileId,
    /// Its entries, in order.
    pub entries: Vec<Entry<'s>>,
    /// Its approvals, in order.
    pub approvals: Vec<ApprovalRecord<'s>>,
    /// Its waivers, in order.
    pub waivers: Vec<WaiverRecord<'s>>,
    /// Entries that were given up for a syntax error, as far as their ids are known.
    pub broken: Vec<Id>,
    /// What is wrong with its text.
    pub yaml_defects: Vec<yaml::YamlDefect>,
    /// What is wrong with its fields.
    pub defects: Vec<Defect>,
    /// Entries of which a field that says what they belong to could not be read.
    pub unplaced: Vec<Id>,
    /// Comments that speak to relplan.
    pub directives: Vec<Spanned<&'s str>>,
    /// Whether the file holds no document at all.
    pub empty: bool,
}

/// The keys that a document may have around its entries.
pub const WRAPPER: &[Field] = &[
    Field::new("entries", field::Shape::Free, "Entries of the document."),
    Field::new("defaults", field::Shape::Free, "Default fields for every entry of the document."),
    Field::new(APPROVALS, field::Shape::Structure(ApprovalRecord::FIELDS), "Approvals: what, by whom, when."),
    Field::new(
        WAIVERS,
        field::Shape::Structure(WaiverRecord::FIELDS),
        "Waivers: which checks, why, until when.",
    ),
];

/// The key of the approvals of a document.
pub const APPROVALS: &str = "approvals";

/// The key of its waivers.
pub const WAIVERS: &str = "waivers";

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
    let mut documents = Documents::new(text, families);
    documents.read_all(reading.documents);
    let lost = reading.lost.iter().flat_map(|lost| ids_of_lost(&text[lost.range()]));
    let unplaced = documents.defects.iter().filter_map(|defect| unplaced(defect, text)).collect();
    FileContent {
        file,
        unplaced,
        entries: documents.entries,
        approvals: documents.approvals,
        waivers: documents.waivers,
        broken: lost.chain(documents.meant).collect(),
        yaml_defects: reading.defects,
        defects: documents.defects,
        directives: reading.directives,
        empty,
    }
}

/// The fields that say what an entry belongs to.
const MEMBERSHIP: [&str; 4] = ["release", "part_of", "epic", "implements"];

/// The entry of a defect that stands in a field which says what it belongs to, or was probably meant to.
fn unplaced(defect: &Defect, text: &str) -> Option<Id> {
    let is_meant = |name: &&str| {
        matches!(&defect.kind, DefectKind::UnknownKey { suggestion: Some(near) } if near == name)
            || defect
                .field
                .is_some_and(|key| field::names(name, &folded(&text[key.range()]).collect::<String>()))
    };
    defect.owner.filter(|_| MEMBERSHIP.iter().any(is_meant))
}

/// What each entry of a file says, in the order of [`FileContent::entries`].
///
/// The file is read once more, because few plans are asked for it, and the others should not pay.
pub fn digests(file: FileId, source: &SourceFile, families: &Families) -> Vec<Digest> {
    let mut documents = Documents { digests: Some(Vec::new()), ..Documents::new(source.text(), families) };
    documents.read_all(yaml::read(file, source).documents);
    documents.digests.unwrap_or_default()
}

struct Documents<'s, 'f> {
    text: &'s str,
    families: &'f Families,
    /// The defaults of the document that is being read.
    defaults: Vec<Pair<'s>>,
    /// What names the last entry of the document, if it stands there without anything around it.
    section: Option<Span>,
    /// What the items of a list are that goes on behind a part that could not be read.
    list: Items,
    entries: Vec<Entry<'s>>,
    approvals: Vec<ApprovalRecord<'s>>,
    waivers: Vec<WaiverRecord<'s>>,
    /// What each entry says, if somebody asks.
    digests: Option<Vec<Digest>>,
    /// The keys and values of entries and records, if they are asked for.
    statements: Option<Statements<'s>>,
    defects: Vec<Defect>,
    /// What ids that could not be read were probably meant to be.
    meant: Vec<Id>,
}

/// What a list of a document holds.
#[derive(Debug, Clone, Copy, Default)]
enum Items {
    #[default]
    Entries,
    Approvals,
    Waivers,
}

impl<'s, 'f> Documents<'s, 'f> {
    fn new(text: &'s str, families: &'f Families) -> Self {
        Documents {
            text,
            families,
            defaults: Vec::new(),
            section: None,
            list: Items::default(),
            entries: Vec::new(),
            approvals: Vec::new(),
            waivers: Vec::new(),
            digests: None,
            statements: None,
            defects: Vec::new(),
            meant: Vec::new(),
        }
    }
}

impl<'s> Documents<'s, '_> {
    fn read_all(&mut self, documents: Vec<yaml::Document<'s>>) {
        let mut parts = documents.into_iter().peekable();
        while let Some(first) = parts.next() {
            let mut document = vec![first];
            while let Some(part) = parts.next_if(|part| part.continued) {
                document.push(part);
            }
            self.read_parts(document);
        }
    }

    /// Reads one document, which an error may have cut into several parts.
    fn read_parts(&mut self, parts: Vec<yaml::Document<'s>>) {
        self.defaults = parts.iter().find_map(|part| self.defaults_of(&part.root)).unwrap_or_default();
        self.section = None;
        self.list = Items::default();
        for part in parts {
            self.read(part);
        }
    }

    fn read(&mut self, document: yaml::Document<'s>) {
        let Node { span, mut value } = document.root;
        // Editors want to know the schema; to a plan it says nothing.
        if let Value::Mapping(pairs) = &mut value
            && pairs.len() > 1
        {
            pairs.retain(|pair| !pair.names_schema());
        }
        match value {
            Value::Sequence(items) => {
                if document.continued && matches!(self.list, Items::Entries) {
                    self.list = items.first().map_or(Items::Entries, |item| self.guess(item));
                }
                items.into_iter().for_each(|item| self.item(item));
            }
            Value::Mapping(pairs) if self.is_wrapper(&pairs) => self.wrapper(pairs),
            Value::Mapping(pairs) if self.names_all(&pairs) => self.all_named(pairs),
            Value::Mapping(pairs) if self.names_itself(&pairs) => self.sections(pairs),
            // What follows a broken part may be the rest of what held it.
            _ if document.continued => {}
            Value::Mapping(pairs) => self.unrecognised(span, pairs),
            Value::Scalar(_) => self.not_an_entry(span, None, "a single value"),
        }
    }

    /// An entry that names itself, or several of them without a line `---` between them.
    fn sections(&mut self, pairs: Vec<Pair<'s>>) {
        for section in self.split_sections(pairs) {
            let Some(first) = section.first() else { continue };
            let key = first.key.span;
            let end = section.last().map_or(key, |last| last.key.span.to(last.value.span));
            let name = if is_id_key(&first.key) { key.to(first.value.span) } else { key };
            if let Some(first) = self.section.replace(name) {
                self.defect(name, DefectKind::SeparatorMissing { first });
            }
            self.entry(key.to(end), section);
        }
    }

    fn item(&mut self, item: Node<'s>) {
        let found = item.describe();
        match item.value {
            Value::Mapping(pairs) if !matches!(self.list, Items::Entries) && !self.names_itself(&pairs) => {
                let key = match self.list {
                    Items::Waivers => WAIVERS,
                    Items::Approvals | Items::Entries => APPROVALS,
                };
                let value = Node { span: item.span, value: Value::Mapping(pairs) };
                self.wrapper(vec![Pair { key: word(key, item.span), value }]);
            }
            Value::Mapping(mut pairs) if pairs.len() == 1 && self.names_all(&pairs) => {
                if let Some(pair) = pairs.pop() {
                    self.named(pair);
                }
            }
            Value::Mapping(pairs) => self.entry(item.span, pairs),
            _ => self.not_an_entry(item.span, None, found),
        }
    }

    /// A mapping with `entries:` and perhaps `defaults:`, or with records.
    fn wrapper(&mut self, pairs: Vec<Pair<'s>>) {
        // Behind a part that cannot be read, the last list goes on.
        self.list = pairs.last().map_or(Items::Entries, |pair| items_of(&pair.key));
        self.keep_records(&pairs);
        let mut reader = Reader::new(self.text, pairs);
        if let Some((key, node)) = reader.take("defaults")
            && !matches!(node.value, Value::Mapping(_))
        {
            self.wrong_shape(key, &node, "a mapping");
        }
        if let Some((key, node)) = reader.take("entries") {
            self.content(key, node);
        }
        for (fields, span) in reader.structures(APPROVALS) {
            let (record, defects) = ApprovalRecord::read(fields, span);
            self.approvals.push(record);
            self.defects.extend(defects);
        }
        for (fields, span) in reader.structures(WAIVERS) {
            let (record, defects) = WaiverRecord::read(fields, span);
            self.waivers.push(record);
            self.defects.extend(defects);
        }
        self.defects.extend(reader.finish(&[WRAPPER], &[], |_| None).defects);
    }

    fn content(&mut self, key: Span, node: Node<'s>) {
        match node.value {
            Value::Sequence(items) => items.into_iter().for_each(|item| self.item(item)),
            Value::Mapping(pairs) if pairs.is_empty() || self.names_all(&pairs) => self.all_named(pairs),
            _ => self.wrong_shape(key, &node, "a list of entries"),
        }
    }

    fn all_named(&mut self, pairs: Vec<Pair<'s>>) {
        let own = |pair: &Pair<'_>| is_own_key(&pair.key);
        pairs.into_iter().filter(|pair| !own(pair)).for_each(|pair| self.named(pair));
    }

    /// `DEP-001: {…}`, or `DEP-001: title`.
    fn named(&mut self, Pair { key, value }: Pair<'s>) {
        let span = key.span.to(value.span);
        match value.value {
            Value::Mapping(pairs) => {
                if let Some(id) = self.id_of(&key) {
                    let mut pairs = pairs;
                    self.drop_other_ids(key.span, id, &mut pairs);
                    self.fields(id, span, None, pairs);
                }
            }
            _ => self.entry(span, vec![Pair { key, value }]),
        }
    }

    /// A mapping that names itself: by `id:`, or by its first key.
    fn entry(&mut self, span: Span, mut pairs: Vec<Pair<'s>>) {
        if let Some(at) = pairs.iter().position(|pair| is_id_key(&pair.key)) {
            let pair = pairs.remove(at);
            if pair.value.is_null() {
                self.defect(pair.key.span, DefectKind::IdEmpty);
            } else if let Some(id) = self.id_of(&pair.value) {
                self.drop_other_ids(pair.key.span, id, &mut pairs);
                self.fields(id, span, None, pairs);
            }
        } else if pairs.first().is_some_and(|pair| self.is_name(&pair.key)) {
            let Pair { key, value } = pairs.remove(0);
            if let Some(id) = self.id_of(&key) {
                self.drop_other_ids(key.span, id, &mut pairs);
                let title = (!value.is_null()).then_some(value);
                self.fields(id, span, title, pairs);
            }
        } else if let Some(at) = pairs.iter().position(is_misspelt_id) {
            let pair = pairs.remove(at);
            self.defect(pair.key.span, DefectKind::UnknownKey { suggestion: Some("id".into()) });
            if let Some(id) = self.id_of(&pair.value) {
                self.fields(id, span, None, pairs);
            }
        } else {
            let place = pairs.first().map_or(span, |pair| pair.key.span);
            self.defect(place, DefectKind::IdMissing);
        }
    }

    /// An id that is said again is harmless if it is the same.
    fn drop_other_ids(&mut self, first: Span, id: Spanned<Id>, pairs: &mut Vec<Pair<'s>>) {
        while let Some(at) = pairs.iter().position(|pair| is_id_key(&pair.key)) {
            let pair = pairs.remove(at);
            let same = pair.value.text().is_some_and(|text| id::parse(text) == Ok(id.value));
            // The same key in the same letters was reported by the parser.
            let repeated = self.text[first.range()] == self.text[pair.key.span.range()];
            if !same && !repeated {
                let owner = Some(id.value);
                let kind = DefectKind::SameKey { first };
                self.defects.push(Defect { owner, field: None, span: pair.key.span, kind });
            }
        }
    }

    fn fields(&mut self, id: Spanned<Id>, span: Span, title: Option<Node<'s>>, pairs: Vec<Pair<'s>>) {
        let mut pairs = pairs;
        self.add_defaults(&mut pairs);
        if let Some(value) = title {
            pairs.insert(0, Pair { key: word("title", id.span), value });
        }
        // What is read with it belongs to the entry, wherever it stands.
        let digest = self.digests.is_some().then(|| digest::of_entry(id.value, &pairs));
        self.keep_entry(id, span, &pairs);
        let mut reader = Reader::new(self.text, pairs);
        reader.belongs_to(id);
        self.check_family(id);
        let family = self.families.of(&id.prefix);
        if let Some(numbering) = self.families.numbering_of(&id.prefix, family) {
            reader.numbered_by(numbering);
        }
        let entry = Entry::read(id, span, &mut reader, family);
        if let (Some(digests), Some(content)) = (&mut self.digests, digest) {
            digests.push(content);
        }
        let own = entry.kind.fields();
        let is_dep = matches!(entry.kind, Kind::Dep(_));
        let declared = family.map_or(&[][..], |family| &family.fields);
        let gathered =
            reader.finish(&[own, HEADER], declared, |key| is_dep.then(|| Dep::home_of(key)).flatten());
        self.defects.extend(gathered.defects);
        self.entries.push(entry.joining(gathered.links, gathered.member_links, gathered.mentions));
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
            self.wrong_shape(node.span, node, "an id such as `DEP-001`");
            return None;
        };
        match id::parse(text) {
            Ok(id) => Some(Spanned::new(id, node.span)),
            Err(reason) => {
                let known = match reason {
                    IdError::LetterCase(id) => Some(Spanned::new(id, node.span)),
                    _ => None,
                };
                // Links to what the id was meant to be are not what is wrong.
                self.meant.extend(id::nearest(text).filter(|_| known.is_none()));
                let found = text.to_owned();
                self.defect(node.span, DefectKind::NotAnId { found, reason });
                known
            }
        }
    }

    /// A document that is none of the four shapes. A list under a misspelt key is
    /// read all the same: one letter must not hide a whole file.
    fn unrecognised(&mut self, span: Span, mut pairs: Vec<Pair<'s>>) {
        if let Some(at) = pairs.iter().position(|pair| self.is_misspelt_wrapper(pair)) {
            let Pair { key, value } = pairs.remove(at);
            self.not_an_entry(key.span, Some("entries"), "a mapping");
            return self.content(key.span, value);
        }
        if pairs.iter().any(is_misspelt_id) {
            return self.entry(span, pairs);
        }
        if let Some((at, name)) =
            pairs.iter().enumerate().find_map(|(at, pair)| Some((at, records_of(pair)?)))
        {
            let key = pairs[at].key.span;
            self.not_an_entry(key, Some(name), "a mapping");
            pairs[at].key = word(name, key);
            return self.wrapper(pairs);
        }
        match pairs.first() {
            Some(first) => self.not_an_entry(first.key.span, None, "a mapping"),
            None => self.not_an_entry(span, None, "an empty mapping"),
        }
    }

    fn not_an_entry(&mut self, span: Span, suggestion: Option<&'static str>, found: &'static str) {
        self.defect(span, DefectKind::NotAnEntry { suggestion, found });
    }

    fn wrong_shape(&mut self, key: Span, node: &Node<'s>, expected: &'static str) {
        self.defect(node.span, DefectKind::WrongShape { key, expected, found: node.describe() });
    }

    fn defect(&mut self, span: Span, kind: DefectKind) {
        self.defects.push(Defect { owner: None, span, field: None, kind });
    }
}

/// A key that stands nowhere.
fn word(text: &'static str, span: Span) -> Node<'static> {
    Node { span, value: Value::Scalar(Scalar { text: text.into(), style: Style::Plain }) }
}

fn nearest_prefix(prefix: Prefix, known: &[Prefix]) -> Option<Prefix> {
    known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known.as_str(), prefix.as_str()), *known))
        .filter(|(distance, known)| *distance <= 1 + known.as_str().len() / 4)
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests;
