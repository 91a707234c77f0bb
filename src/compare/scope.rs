//! Releases side by side: what they no longer ship, need less, or no longer reach.

use rustc_hash::FxHashMap;

use super::{Area, Change, Context, Loosening, links};
use crate::config::gates;
use crate::graph::{Selection, to_come};
use crate::model::dep::Need;
use crate::model::entry::Target;
use crate::model::order::Strictness;
use crate::model::rel::Rel;
use crate::model::{Choice, Entry, Id, Kind, Plan};
use crate::source::Span;

/// How many releases to come are looked at for what they no longer reach: the next ones are what gates judge.
const NEXT: usize = 8;

/// Compares every release that both sides have.
pub(super) fn compare(context: &Context<'_>, found: &mut Vec<Loosening>) {
    for (old, was) in releases(context.before.side.plan) {
        let Some((new, is)) = release(context.after.side.plan, old.id.value) else { continue };
        needs(context, (old, was), (new, is), found);
        stages(context, (old, was), (new, is), found);
    }
    reach(context, found);
}

fn releases<'p>(plan: &'p Plan<'p>) -> impl Iterator<Item = (&'p Entry<'p>, &'p Rel<'p>)> {
    plan.of_kind("REL", |kind| match kind {
        Kind::Rel(rel) => Some(&**rel),
        _ => None,
    })
}

fn release<'p>(plan: &'p Plan<'p>, id: Id) -> Option<(&'p Entry<'p>, &'p Rel<'p>)> {
    let entry = plan.entry(plan.find(id)?);
    match &entry.kind {
        Kind::Rel(rel) => Some((entry, rel)),
        _ => None,
    }
}

/// What each entry of a scope is needed for, and where it says so.
fn scope(plan: &Plan<'_>, entry: &Entry<'_>, rel: &Rel<'_>) -> FxHashMap<Id, (Need, Span)> {
    let mut needs: FxHashMap<Id, (Need, Span)> = FxHashMap::default();
    let mut put = |id: Id, need: Need, span: Span| {
        let known = needs.entry(id).or_insert((need, span));
        if need.rank() > known.0.rank() {
            *known = (need, span);
        }
    };
    for part in &rel.scope {
        for link in entry.links.get(part.links.clone()).unwrap_or_default() {
            match &link.target {
                Target::One(id) => put(*id, part.need, link.span),
                Target::Range(ends) => {
                    for index in plan.between(ends.0.value, ends.1.value).iter() {
                        put(plan.entry(*index).id.value, part.need, link.span);
                    }
                }
            }
        }
    }
    needs
}

/// What is needed less than before.
fn needs(
    context: &Context<'_>,
    (old, was): (&Entry<'_>, &Rel<'_>),
    (new, is): (&Entry<'_>, &Rel<'_>),
    found: &mut Vec<Loosening>,
) {
    let before = scope(context.before.side.plan, old, was);
    let after = scope(context.after.side.plan, new, is);
    let mut lessened: Vec<(&Id, &(Need, Span))> = before.iter().collect();
    lessened.sort_unstable_by_key(|(id, _)| **id);
    for (id, (need, base)) in lessened {
        let Some((now, place)) = after.get(id).filter(|(now, _)| now.rank() < need.rank()) else { continue };
        let release = old.id.value;
        found.push(Loosening {
            area: Area::Entry,
            subject: format!("{release}.scope.{id}"),
            thing: format!("`{id}` in the scope of `{release}`"),
            change: Change::Value { before: need.word().to_owned(), after: now.word().to_owned() },
            place: Some(*place),
            base: Some(*base),
        });
    }
}

/// The gates that a release no longer passes, because its type changed.
fn stages(
    context: &Context<'_>,
    (old, was): (&Entry<'_>, &Rel<'_>),
    (new, is): (&Entry<'_>, &Rel<'_>),
    found: &mut Vec<Loosening>,
) {
    let (before, after) = (was.rel_type(), is.rel_type());
    let all = &context.before.side.config.gates;
    let names = |rel_type| gates::of_type(all, rel_type).into_iter().map(|gate| gate.name.clone());
    let kept: Vec<String> = names(after).collect();
    let Some(lost) = names(before).find(|name| before != after && !kept.contains(name)) else { return };
    let word = |rel_type: Option<crate::model::rel::RelType>| {
        rel_type.map_or_else(|| "none".to_owned(), |rel_type| rel_type.word().to_owned())
    };
    let place = |entry: &Entry<'_>, rel: &Rel<'_>| {
        let version = rel.version.as_ref().map(|version| version.span);
        rel.stated_type.map(|stated| stated.span).or(version).or(Some(entry.id.span))
    };
    let field = Some(("type".to_owned(), word(before), word(after)));
    found.push(Loosening {
        area: Area::Entry,
        subject: format!("{}.type", old.id.value),
        thing: format!("`{}`", old.id.value),
        change: Change::NotSelected { by: format!("judged by gate `{lost}`"), field },
        place: place(new, is),
        base: place(old, was),
    });
}

/// The entries that a release to come no longer reaches, although both are still there.
fn reach(context: &Context<'_>, found: &mut Vec<Loosening>) {
    let (before, after) = (context.before.side, context.after.side);
    let open = to_come(before.plan, &Selection::all());
    let mut ids: Vec<Id> = open.into_iter().map(|index| before.plan.entry(index).id.value).collect();
    ids.sort_unstable();
    let both = ids.into_iter().filter_map(|id| Some((id, release(after.plan, id)?.0))).take(NEXT);
    for (id, now) in both {
        let lost = lost(context, id);
        let (moved, others): (Vec<_>, Vec<_>) = lost.into_iter().partition(|(was, is)| is_moved(was, is));
        found.extend(moved.iter().map(|(was, is)| moved_away(id, was, is)));
        // Where a link of the scope is gone, that is what happened to all that lies behind it.
        let known = found.iter().any(|other| other.subject == format!("{id}.scope"));
        if !others.is_empty() && !known {
            let mut targets: Vec<Id> = others.iter().map(|(was, _)| was.id.value).collect();
            targets.sort_unstable();
            let count = targets.len();
            targets.truncate(links::FEW);
            found.push(Loosening {
                area: Area::Entry,
                subject: format!("{id}.scope"),
                thing: format!("`{id}`"),
                change: Change::NotReached { targets, count },
                place: Some(now.id.span),
                base: before.plan.find(id).map(|index| before.plan.entry(index).id.span),
            });
        }
    }
}

/// The entries of both plans that a release reached and does not reach any more.
fn lost<'a>(context: &Context<'a>, id: Id) -> Vec<(&'a Entry<'a>, &'a Entry<'a>)> {
    let (before, after) = (context.before.side, context.after.side);
    let name = id.to_string();
    // Only `next` depends on the day.
    let selection = |plan, graph| Selection::new(plan, graph, &name).ok();
    let (Some(was), Some(is)) = (selection(before.plan, before.graph), selection(after.plan, after.graph))
    else {
        return Vec::new();
    };
    let reached = before.plan.indexed().filter(|(index, _)| was.has(*index));
    let lost = reached.filter_map(|(index, entry)| {
        let own = before.plan.find(entry.id.value) == Some(index);
        let now = after.plan.find(entry.id.value).filter(|now| own && !is.has(*now))?;
        Some((entry, after.plan.entry(now)))
    });
    lost.collect()
}

fn is_moved(was: &Entry<'_>, is: &Entry<'_>) -> bool {
    let release = |entry: &Entry<'_>| entry.release().map(|release| release.value.trim().to_owned());
    release(was) != release(is)
}

/// An entry that says itself that it belongs to another release.
fn moved_away(release: Id, was: &Entry<'_>, is: &Entry<'_>) -> Loosening {
    let id = was.id.value;
    let place = |entry: &Entry<'_>| entry.release().map_or(entry.id.span, |release| release.span);
    let written = |entry: &Entry<'_>| {
        entry.release().map_or_else(|| "every release".to_owned(), |release| release.value.to_string())
    };
    Loosening {
        area: Area::Entry,
        subject: format!("{id}.release"),
        thing: format!("`{id}`"),
        change: Change::NotSelected {
            by: format!("part of release `{release}`"),
            field: Some(("release".to_owned(), written(was), written(is))),
        },
        place: Some(place(is)),
        base: Some(place(was)),
    }
}
