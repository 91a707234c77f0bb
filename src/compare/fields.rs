//! Which fields of an entry say something else, and which entries merely have another id.

use rustc_hash::FxHashMap;

use super::entries::form;
use super::{Context, FieldChange, Half};
use crate::model::Id;
use crate::model::entry::HEADER;
use crate::model::field::{Field, Shape};
use crate::model::same_folded;
use crate::source::{self, Node, Pair, Value};

/// The key that names an entry.
const ID: &str = "id";

/// The key that lists the ids that an entry had: a renaming shows it.
const FORMERLY: &str = "formerly";

/// The fields of an entry that differ, in the order in which they stand now; those that are gone come last.
pub(super) fn changes(context: &Context<'_>, was: Id, is: Id) -> Vec<FieldChange> {
    let (before, after) = (&context.before, &context.after);
    let (was, is) = (stated(before, was), stated(after, is));
    let mut changes = Vec::new();
    for (name, field, now) in &is {
        let then = was.iter().find(|(other, ..)| other == name).map(|(_, _, node)| *node);
        if then.map(value) != Some(value(now)) {
            let before = then.map(|then| shown(*field, then, Some(now)));
            let after = Some(shown(*field, now, then));
            changes.push(FieldChange { field: name.clone(), before, after });
        }
    }
    for (name, field, then) in &was {
        if !is.iter().any(|(other, ..)| other == name) {
            let before = Some(shown(*field, then, None));
            changes.push(FieldChange { field: name.clone(), before, after: None });
        }
    }
    changes
}

/// What one side says of an entry: the name of each field, its row of the table if it has one, and its value.
fn stated<'h>(half: &'h Half<'_>, id: Id) -> Vec<(String, Option<&'static Field>, &'h Node<'h>)> {
    let table = half.side.plan.find(id).map(|index| half.side.plan.entry(index).kind.fields());
    let pairs = half.said.get(&id).map(|(_, statement)| statement.pairs.as_slice()).unwrap_or_default();
    let named = |pair: &'h Pair<'_>| {
        let key = pair.key.text()?;
        let is = |field: &&Field| {
            same_folded(field.name, key) || field.aliases.iter().any(|alias| same_folded(alias, key))
        };
        let field = table.into_iter().flatten().chain(HEADER).find(is);
        let name = field.map_or_else(|| key.trim().to_owned(), |field| field.name.to_owned());
        Some((name, field, &pair.value))
    };
    // Of several keys that mean one field, the first counts.
    let mut fields: Vec<(String, Option<&'static Field>, &Node<'_>)> = Vec::new();
    for field in pairs.iter().filter_map(named) {
        if field.0 != ID && field.0 != FORMERLY && !fields.iter().any(|(known, ..)| *known == field.0) {
            fields.push(field);
        }
    }
    fields
}

/// The most characters of a value that are shown.
const LONGEST: usize = 120;

/// How much of a long value is shown before the place where it differs.
const LEAD: usize = 20;

/// A value as it is shown beside the one that it is compared with: of long texts that begin alike, the part that differs.
/// Settings may hold what nobody should see.
fn shown(field: Option<&Field>, node: &Node<'_>, other: Option<&Node<'_>>) -> String {
    if matches!(field.map(|field| field.shape), Some(Shape::Free)) {
        return "…".to_owned();
    }
    let text = source::shown::shown(&value(node)).into_owned();
    if text.chars().count() <= LONGEST {
        return text;
    }
    let other = other.map(value).unwrap_or_default();
    let alike = text.chars().zip(other.chars()).take_while(|(one, two)| one == two).count();
    let skipped = if alike + LEAD < LONGEST { 0 } else { alike - LEAD };
    let part: String = text.chars().skip(skipped).take(LONGEST).collect();
    let [begin, end] =
        [skipped > 0, skipped + LONGEST < text.chars().count()].map(|cut| if cut { "…" } else { "" });
    format!("{begin}{}{end}", part.trim())
}

/// A value in one line, whatever its layout.
fn value(node: &Node<'_>) -> String {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Sequence(items) => items.iter().map(value).collect::<Vec<_>>().join(", "),
        Value::Mapping(pairs) => {
            let pair =
                |pair: &Pair<'_>| format!("{}: {}", pair.key.text().unwrap_or("?"), value(&pair.value));
            format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

/// What an entry says apart from its id, in whatever order and layout.
fn content(half: &Half<'_>, id: Id) -> Option<Vec<(String, String)>> {
    let mut form = form(&half.said.get(&id)?.1.pairs);
    form.retain(|(key, _)| key != ID);
    Some(form)
}

/// Pairs of entries of which one is gone and the other new, in one family, and that say the same. Where several say the
/// same, they are paired in the order of their ids.
pub(super) fn alike(context: &Context<'_>, removed: &[Id], added: &[Id]) -> Vec<(Id, Id)> {
    let mut gone: FxHashMap<_, Vec<Id>> = FxHashMap::default();
    for id in removed.iter().rev() {
        if let Some(content) = content(&context.before, *id).filter(|content| !content.is_empty()) {
            gone.entry((id.prefix, content)).or_default().push(*id);
        }
    }
    let pair = |to: &Id| {
        let key = (to.prefix, content(&context.after, *to)?);
        Some((gone.get_mut(&key)?.pop()?, *to))
    };
    added.iter().filter_map(pair).collect()
}
