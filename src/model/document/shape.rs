//! Which of the four shapes a document has: a list of entries, entries under their ids, one that names itself, or keys
//! around them; and what was probably meant where it has none of them.

use super::{APPROVALS, Documents, Items, WAIVERS};
use crate::model::id::{self, Id, IdError};
use crate::model::reader::{fold_key, nearest};
use crate::model::same_folded;
use crate::source::yaml::begins_with_other_id;
use crate::source::{Node, Pair, Value};

impl<'s> Documents<'s, '_> {
    /// What a document says about all of its entries.
    pub(super) fn defaults_of(&self, root: &Node<'s>) -> Option<Vec<Pair<'s>>> {
        let Value::Mapping(pairs) = &root.value else { return None };
        let pair =
            pairs.iter().find(|pair| is_called(pair, "defaults")).filter(|_| !self.names_itself(pairs))?;
        match &pair.value.value {
            Value::Mapping(pairs) => Some(pairs.clone()),
            _ => None,
        }
    }

    /// The pairs from each key that is an id, or each `id:`, to the next.
    pub(super) fn split_sections(&self, pairs: Vec<Pair<'s>>) -> Vec<Vec<Pair<'s>>> {
        let by_id = pairs.iter().any(|pair| is_id_key(&pair.key));
        let mut sections: Vec<Vec<Pair<'s>>> = Vec::new();
        for pair in pairs {
            match sections.last_mut() {
                Some(section) if by_id && !begins_with_other_id(section, &pair) => section.push(pair),
                Some(section) if !by_id && !self.is_name(&pair.key) => section.push(pair),
                _ => sections.push(vec![pair]),
            }
        }
        sections
    }

    /// Whether a pair was probably meant to hold the entries of its document.
    pub(super) fn is_misspelt_wrapper(&self, pair: &Pair<'_>) -> bool {
        let holds_entries = match &pair.value.value {
            Value::Sequence(items) => items.iter().any(|item| matches!(item.value, Value::Mapping(_))),
            Value::Mapping(pairs) => self.names_all(pairs),
            Value::Scalar(_) => false,
        };
        holds_entries && pair.key.text().is_some_and(|key| is_near(key, "entries"))
    }

    /// Whether every key is an id, and so each pair an entry.
    pub(super) fn names_all(&self, pairs: &[Pair<'_>]) -> bool {
        !pairs.is_empty()
            && pairs.iter().all(|pair| self.is_name(&pair.key) || is_own_key(&pair.key))
            && pairs.iter().any(|pair| self.is_name(&pair.key))
            && (pairs.len() > 1 || !matches!(pairs[0].value.value, Value::Sequence(_)))
    }

    /// Whether a document holds its entries, its approvals or its waivers under keys of their own. A release
    /// has a field `approvals`, too.
    pub(super) fn is_wrapper(&self, pairs: &[Pair<'_>]) -> bool {
        let records = || (has(pairs, APPROVALS) || has(pairs, WAIVERS)) && !self.names_itself(pairs);
        (has(pairs, "entries") && !has(pairs, "id")) || (records() && !pairs.iter().any(is_misspelt_id))
    }

    pub(super) fn names_itself(&self, pairs: &[Pair<'_>]) -> bool {
        pairs.iter().any(|pair| is_id_key(&pair.key))
            || pairs.first().is_some_and(|pair| self.is_name(&pair.key))
    }

    /// Whether a key is an id; one in small letters is, too, if a family is known by its prefix.
    pub(super) fn is_name(&self, key: &Node<'_>) -> bool {
        let known = |id: Id| self.families.of(&id.prefix).is_some();
        key.text().is_some_and(|key| match id::parse(key) {
            Ok(_) => true,
            Err(IdError::Placeholder | IdError::NumberTooLong) => {
                key.starts_with(|first: char| first.is_ascii_uppercase())
            }
            Err(IdError::LetterCase(id)) => known(id),
            Err(_) => false,
        })
    }

    /// What a list holds whose beginning could not be read: records have keys that entries do not begin with.
    pub(super) fn guess(&self, item: &Node<'_>) -> Items {
        let Value::Mapping(pairs) = &item.value else { return Items::Entries };
        match () {
            () if self.names_itself(pairs) => Items::Entries,
            () if has(pairs, "check") => Items::Waivers,
            () if has(pairs, "role") || has(pairs, "by") => Items::Approvals,
            () => Items::Entries,
        }
    }
}

/// Whether a document holds records: an entry that has approvals is none.
pub fn holds_records(pairs: &[Pair<'_>]) -> bool {
    let named = |pair: &Pair<'_>| pair.key.text().is_some_and(|key| id::parse(key).is_ok());
    let own = has(pairs, APPROVALS) || has(pairs, WAIVERS);
    own && !pairs.iter().any(|pair| is_id_key(&pair.key) || named(pair))
}

/// Whether a mapping has a key of this name.
fn has(pairs: &[Pair<'_>], name: &str) -> bool {
    pairs.iter().any(|pair| is_called(pair, name))
}

fn is_called(pair: &Pair<'_>, name: &str) -> bool {
    pair.key.text().is_some_and(|key| same_folded(key, name))
}

/// Whether a key holds the id of its entry.
pub(super) fn is_id_key(key: &Node<'_>) -> bool {
    key.text().is_some_and(|key| key.eq_ignore_ascii_case("id"))
}

/// Whether a pair was probably meant to be the id of its entry.
pub(super) fn is_misspelt_id(pair: &Pair<'_>) -> bool {
    let near = || pair.key.text().is_some_and(|key| is_near(key, "id"));
    let id = |text| matches!(id::parse(text), Ok(_) | Err(IdError::LetterCase(_)));
    pair.value.text().is_some_and(id) && near()
}

fn is_near(key: &str, name: &str) -> bool {
    nearest(&fold_key(&key.into()), std::iter::once(name)).is_some()
}

/// What the list under a key of a document holds.
pub(super) fn items_of(key: &Node<'_>) -> Items {
    match key.text() {
        Some(key) if same_folded(key, APPROVALS) => Items::Approvals,
        Some(key) if same_folded(key, WAIVERS) => Items::Waivers,
        _ => Items::Entries,
    }
}

/// Whether a pair was probably meant to hold records, and which.
pub(super) fn records_of(pair: &Pair<'_>) -> Option<&'static str> {
    let key = pair.key.text()?;
    let mappings = match &pair.value.value {
        Value::Sequence(items) => items.iter().any(|item| matches!(item.value, Value::Mapping(_))),
        _ => false,
    };
    [APPROVALS, WAIVERS].into_iter().find(|name| mappings && is_near(key, name))
}

/// Whether relplan leaves a key alone: `x-…`.
pub(super) fn is_own_key(key: &Node<'_>) -> bool {
    key.text().is_some_and(|key| key.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-")))
}
