//! Entries side by side, matched by their ids, in whatever files they stand.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::values::Layers;
use super::walk::{ComparedItem, Defaults, Pair, Walk};
use super::{Area, Change, Comparison, Context, Half, Loosening, fields, gates, links};
use crate::config::built_in;
use crate::model::dep::{Detail, Need};
use crate::model::document::Statement;
use crate::model::entry::HEADER;
use crate::model::family::Typed;
use crate::model::indicator::Direction;
use crate::model::threshold::Operator;
use crate::model::{Choice, Entry, Id, Kind};
use crate::source::{Node, Span, Spanned, Value};

/// Compares every entry.
pub(super) fn compare(context: &Context<'_>, comparison: &mut Comparison, found: &mut Vec<Loosening>) {
    let (before, after) = (&context.before, &context.after);
    let mut ids: Vec<Id> = before.said.keys().copied().collect();
    ids.sort_unstable();
    let both: Vec<(Id, Id)> = ids.iter().filter_map(|id| Some((*id, counterpart(context, *id)?))).collect();
    let compared: Vec<(bool, Vec<Loosening>)> =
        both.par_iter().map(|(was, is)| entry(context, *was, *is).unwrap_or_default()).collect();
    for ((was, is), (changed, loosened)) in both.iter().zip(compared) {
        if changed {
            comparison.fields.push((*is, fields::changes(context, *was, *is)));
        }
        match was == is {
            true => comparison.changed.extend(changed.then_some(*is)),
            false => comparison.renamed.push((*was, *is)),
        }
        found.extend(loosened);
    }
    comparison.removed = removed(context, ids, found);
    let renamed: FxHashSet<Id> = comparison.renamed.iter().map(|(_, is)| *is).collect();
    let is_new = |id: &Id| !before.said.contains_key(id) && !renamed.contains(id);
    comparison.added = after.said.keys().copied().filter(is_new).collect();
    comparison.added.sort_unstable();
    comparison.alike = fields::alike(context, &comparison.removed, &comparison.added);
}

/// The id that an entry of the base has now: its own, or that of the entry that lists it under `formerly`.
///
/// An entry takes the place of one former entry at most, and of none if the base has it already. Otherwise it would
/// hide that another one is gone.
fn counterpart(context: &Context<'_>, was: Id) -> Option<Id> {
    let (before, after) = (&context.before, &context.after);
    if after.said.contains_key(&was) {
        return Some(was);
    }
    let entry = found_in(after, was)?;
    let now = entry.id.value;
    let of_base = |former: &&Spanned<Id>| before.said.contains_key(&former.value);
    let first = entry.former_ids().iter().find(of_base)?;
    let is_free = !before.said.contains_key(&now) && after.said.contains_key(&now);
    (is_free && first.value == was).then_some(now)
}

/// Compares an entry that both sides have: whether it changed, and what asks for less.
fn entry(context: &Context<'_>, id: Id, now: Id) -> Option<(bool, Vec<Loosening>)> {
    let (before, after) = (&context.before, &context.after);
    let ((was_id, was), (is_id, is)) = (before.said.get(&id)?, after.said.get(&now)?);
    let (old, new) = (found_in(before, id)?, found_in(after, now)?);
    let thing = ComparedItem::new(Area::Entry, now.to_string(), format!("`{now}`"));
    let mut walk = Walk {
        profile: &context.profile,
        max_age: context.max_age(),
        direction: direction(old),
        defaults: [defaults(old), defaults(new)],
        found: Vec::new(),
    };
    let mut before_layers = layers(before, was_id, was);
    let mut after_layers = layers(after, is_id, is);
    let mut pair = Pair { before: &mut before_layers, after: &mut after_layers };
    walk.fields(&thing, old.kind.fields(), &mut pair);
    walk.fields(&thing, HEADER, &mut pair);
    let mut found = walk.found;
    if is_only_renamed(old, new) {
        let former = thing.field("formerly").loosened_name();
        found.retain(|loosening| loosening.subject != former);
    }
    links::compare(context, old, new, &mut found);
    gates::compare_selection(context, old, new, &mut found);
    Some((!is_same(before, was, after, is), found))
}

/// Whether an entry has another id, and lists just the one that it had beside those that it listed already.
fn is_only_renamed(before: &Entry<'_>, after: &Entry<'_>) -> bool {
    let was = before.id.value;
    let listed = |id: Id| before.former_ids().iter().any(|former| former.value == id);
    after.id.value != was
        && after.former_ids().iter().all(|former| former.value == was || listed(former.value))
}

/// The mapping of an entry, whose place is its id.
fn layers<'a>(half: &Half<'a>, id: &Spanned<Id>, statement: &Statement<'a>) -> Layers<'a> {
    Layers::of(half.text(statement.span.file), statement.pairs.clone(), Some(id.span))
}

fn found_in<'a>(half: &Half<'a>, id: Id) -> Option<&'a Entry<'a>> {
    Some(half.side.plan.entry(half.side.plan.find(id)?))
}

/// What an entry means where it says nothing.
fn defaults(entry: &Entry<'_>) -> Defaults {
    let mut defaults = Defaults::default();
    if let Kind::Dep(dep) = &entry.kind {
        defaults.insert("type", dep.dep_type().word().to_owned());
        if let Detail::Criteria(criteria) = &dep.detail {
            let need = criteria.need();
            defaults.insert("priority", need.word().to_owned());
            defaults.insert("blocker", if need == Need::Must { "yes" } else { "no" }.to_owned());
        }
    }
    defaults
}

/// The good side of a target that names none.
fn direction(entry: &Entry<'_>) -> Option<Operator> {
    let Kind::Kpi(kpi) = &entry.kind else { return None };
    Some(match kpi.direction?.value {
        Direction::Up => Operator::AtLeast,
        Direction::Down => Operator::AtMost,
    })
}

/// Notes the entries that are gone, each with the entry beside which it stood.
fn removed(context: &Context<'_>, ids: Vec<Id>, found: &mut Vec<Loosening>) -> Vec<Id> {
    let (before, after) = (&context.before, &context.after);
    // What a syntax error cuts off is an error of its own, and not gone.
    let is_gone = |id: &Id| counterpart(context, *id).is_none() && !after.side.plan.broken.contains(id);
    let gone: Vec<Id> = ids.into_iter().filter(is_gone).collect();
    if gone.is_empty() {
        return gone;
    }
    let beside = neighbours(before, after);
    for id in &gone {
        let Some(entry) = found_in(before, *id).filter(|entry| is_asked_for(context, entry)) else {
            continue;
        };
        found.push(Loosening {
            area: Area::Entry,
            subject: id.to_string(),
            thing: format!("`{id}`"),
            change: Change::Gone(crate::model::value::short(entry.title())),
            place: beside.get(id).copied(),
            base: Some(entry.id.span),
        });
    }
    gone
}

/// Whether a gate or a rule asks for entries like this one: those of the families that relplan knows, and those that
/// a gate or a link rule is about.
fn is_asked_for(context: &Context<'_>, entry: &Entry<'_>) -> bool {
    let config = context.before.side.config;
    let prefix = &entry.id.value.prefix;
    Typed::of(prefix).is_some()
        || config.gates.iter().flat_map(|gate| &gate.criteria).any(|criterion| criterion.chooses(entry))
        || built_in().iter().chain(&config.link_rules).any(|rule| rule.is_from(prefix))
}

/// For every entry of the base that is gone, the nearest one of its file that is still there.
fn neighbours(before: &Half<'_>, after: &Half<'_>) -> FxHashMap<Id, Span> {
    let mut order: Vec<(Span, Id)> = before.said.iter().map(|(id, (place, _))| (place.span, *id)).collect();
    order.sort_unstable();
    let now = |id: &Id| after.said.get(id).map(|(place, _)| place.span);
    let mut beside = FxHashMap::default();
    let mut pass = |ids: &mut dyn Iterator<Item = &(Span, Id)>| {
        let mut last = None;
        for (place, id) in ids {
            match now(id) {
                Some(span) => last = Some((place.file, span)),
                None => {
                    if let Some((_, span)) = last.filter(|(file, _)| *file == place.file) {
                        beside.entry(*id).or_insert(span);
                    }
                }
            }
        }
    };
    pass(&mut order.iter());
    pass(&mut order.iter().rev());
    beside
}

/// Whether two statements say the same, in whatever order and layout.
fn is_same(before: &Half<'_>, was: &Statement<'_>, after: &Half<'_>, is: &Statement<'_>) -> bool {
    let slice = |half: &Half<'_>, statement: &Statement<'_>| -> String {
        half.text(statement.span.file).get(statement.span.range()).unwrap_or_default().to_owned()
    };
    slice(before, was) == slice(after, is) || form(&was.pairs) == form(&is.pairs)
}

/// Keys and values without their order and layout.
pub(super) fn form(pairs: &[crate::source::Pair<'_>]) -> Vec<(String, String)> {
    fn value(node: &Node<'_>) -> String {
        match &node.value {
            Value::Scalar(scalar) => scalar.text.split_whitespace().collect::<Vec<_>>().join(" "),
            Value::Sequence(items) => format!("{:?}", items.iter().map(value).collect::<Vec<_>>()),
            Value::Mapping(pairs) => format!("{:?}", form(pairs)),
        }
    }
    let key = |node: &Node<'_>| crate::model::value::folded(node.text().unwrap_or_default()).collect();
    let mut form: Vec<(String, String)> =
        pairs.iter().map(|pair| (key(&pair.key), value(&pair.value))).collect();
    form.sort();
    form
}
