//! What a file says, entry by entry and record by record, before its fields are read: what two plans are compared by.

use super::{APPROVALS, Documents, WAIVERS};
use crate::model::family::Families;
use crate::model::id::Id;
use crate::model::same_folded;
use crate::source::{FileId, Node, Pair, SourceFile, Span, Spanned, Value, yaml};

/// The keys and values of an entry, of a record, or of a table of `relplan.toml`.
#[derive(Debug, Clone)]
pub struct Statement<'s> {
    /// The whole of it.
    pub span: Span,
    /// Its keys and values, the defaults of its document among them.
    pub pairs: Vec<Pair<'s>>,
}

/// What a file says.
#[derive(Debug, Default)]
pub struct Statements<'s> {
    /// Its entries, in order.
    pub entries: Vec<(Spanned<Id>, Statement<'s>)>,
    /// Its approvals, in order.
    pub approvals: Vec<Statement<'s>>,
    /// Its waivers, in order.
    pub waivers: Vec<Statement<'s>>,
}

/// Reads what a file says.
///
/// As with digests, the file is read once more: few runs compare plans, and the others should not pay.
pub fn statements<'s>(file: FileId, source: &'s SourceFile, families: &Families) -> Statements<'s> {
    let statements = Some(Statements::default());
    let mut documents = Documents { statements, ..Documents::new(source.text(), families) };
    documents.read_all(yaml::read(file, source).documents);
    documents.statements.unwrap_or_default()
}

impl<'s> Documents<'s, '_> {
    /// Keeps what an entry says, if it is asked for.
    pub(super) fn keep_entry(&mut self, id: Spanned<Id>, span: Span, pairs: &[Pair<'s>]) {
        if let Some(kept) = &mut self.statements {
            kept.entries.push((id, Statement { span, pairs: pairs.to_vec() }));
        }
    }

    /// Keeps the records of a document, if they are asked for.
    pub(super) fn keep_records(&mut self, pairs: &[Pair<'s>]) {
        let Some(kept) = &mut self.statements else { return };
        for Pair { key, value } in pairs {
            let is = |name: &str| key.text().is_some_and(|key| same_folded(key, name));
            if is(APPROVALS) {
                kept.approvals.extend(mappings(value));
            } else if is(WAIVERS) {
                kept.waivers.extend(mappings(value));
            }
        }
    }
}

/// The mappings of a list; one mapping stands for a list of one.
fn mappings<'s>(value: &Node<'s>) -> Vec<Statement<'s>> {
    let nodes = match &value.value {
        Value::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let statement = |node: &Node<'s>| match &node.value {
        Value::Mapping(pairs) => Some(Statement { span: node.span, pairs: pairs.clone() }),
        _ => None,
    };
    nodes.iter().filter_map(statement).collect()
}
