//! Links side by side: which entries something is no longer linked to.
//!
//! Links are compared as what they name, not as they are written: a range is its members, and an entry may be named
//! under another kind of link that says more.

use rustc_hash::FxHashMap;

use super::{Area, Change, Context, Loosening};
use crate::model::entry::{Entry, Link, LinkKind, Target};
use crate::model::{Choice, EntryIndex, Id, Plan};
use crate::source::Span;

/// How many of the lost targets are named.
pub(super) const FEW: usize = 5;

/// Notes the links that an entry no longer has.
pub(super) fn compare(
    context: &Context<'_>,
    before: &Entry<'_>,
    after: &Entry<'_>,
    found: &mut Vec<Loosening>,
) {
    let said = |link: &Link| (link.kind, link.target.clone());
    if before.links.len() == after.links.len()
        && before.links.iter().zip(&after.links).all(|(first, second)| said(first) == said(second))
    {
        return;
    }
    let kept = Kept::new(&after.links, context.after.side.plan);
    let mut lost: Vec<(LinkKind, Vec<Id>, Span)> = Vec::new();
    for link in before.links.iter().filter(|link| asks(link.kind)) {
        let gone = targets_lost(context, link, &kept);
        if gone.is_empty() {
            continue;
        }
        match lost.iter_mut().find(|(kind, ..)| *kind == link.kind) {
            Some((_, ids, _)) => ids.extend(gone),
            None => lost.push((link.kind, gone, link.span)),
        }
    }
    for (kind, mut ids, base) in lost {
        ids.sort_unstable();
        ids.dedup();
        let id = before.id.value;
        let count = ids.len();
        ids.truncate(FEW);
        // The field as it still stands is nearer to the change than the entry.
        let own = after.links.iter().find(|link| link.kind == kind).map(|link| link.span);
        found.push(Loosening {
            area: Area::Entry,
            subject: format!("{id}.{}", kind.word()),
            thing: format!("`{id}`"),
            change: Change::Unlinked { targets: ids, count, kind: kind.word() },
            place: own.or(Some(after.id.span)),
            base: Some(base),
        });
    }
}

/// Whether to lose a link of this kind asks for less. What replaces or excludes another entry does not ask for it.
fn asks(kind: LinkKind) -> bool {
    !matches!(kind, LinkKind::Supersedes | LinkKind::Excludes)
}

/// The entries that a link named, that there still are, and that no link names any more.
fn targets_lost(context: &Context<'_>, link: &Link, kept: &Kept) -> Vec<Id> {
    let (was, is) = (context.before.side.plan, context.after.side.plan);
    match &link.target {
        Target::One(id) => {
            let families = &context.before.side.config.families;
            let external = || families.of(&id.prefix).is_some_and(|family| family.external.is_some());
            // An entry that is gone is named itself.
            let there = is.find(*id).is_some() || (was.find(*id).is_none() && external());
            let gone = there && !kept.covers(link.kind, *id);
            gone.then_some(*id).into_iter().collect()
        }
        Target::Range(ends) => {
            let (first, last) = (ends.0.value, ends.1.value);
            if kept.covers_all(link.kind, first, last) {
                return Vec::new();
            }
            let between = is.between(first, last);
            let members = between.iter().map(|index| is.entry(*index).id.value);
            members.filter(|id| was.find(*id).is_some() && !kept.covers(link.kind, *id)).collect()
        }
    }
}

/// What links still name, as ranges of ids by the kind of the link, merged and sorted.
struct Kept {
    own: FxHashMap<LinkKind, Vec<(Id, Id)>>,
    /// Those of every kind that says at least as much as a plain link.
    any: Vec<(Id, Id)>,
}

impl Kept {
    fn new(links: &[Link], plan: &Plan<'_>) -> Self {
        let mut own: FxHashMap<LinkKind, Vec<(Id, Id)>> = FxHashMap::default();
        let mut any = Vec::new();
        for link in links {
            let range = match &link.target {
                Target::One(id) => (*id, *id),
                Target::Range(ends) => (ends.0.value, ends.1.value),
            };
            // What is named by its present id goes on to be named by those that it had.
            let former = former_ids(plan, &link.target).into_iter().map(|id| (id, id));
            let ranges = std::iter::once(range).chain(former);
            let parts =
                matches!(link.kind, LinkKind::Supersedes | LinkKind::Excludes | LinkKind::ConflictsWith);
            for range in ranges {
                own.entry(link.kind).or_default().push(range);
                if !parts {
                    any.push(range);
                }
            }
        }
        own.values_mut().for_each(merge);
        merge(&mut any);
        Kept { own, any }
    }

    fn ranges(&self, kind: LinkKind) -> &[(Id, Id)] {
        match kind {
            LinkKind::LinkedIds => &self.any,
            kind => self.own.get(&kind).map_or(&[], Vec::as_slice),
        }
    }

    fn covers(&self, kind: LinkKind, id: Id) -> bool {
        self.covers_all(kind, id, id)
    }

    fn covers_all(&self, kind: LinkKind, first: Id, last: Id) -> bool {
        let ranges = self.ranges(kind);
        let at = ranges.partition_point(|(start, _)| *start <= first);
        at > 0 && last <= ranges[at - 1].1
    }
}

/// The ids that the entries of a target had before they were renamed.
fn former_ids(plan: &Plan<'_>, target: &Target) -> Vec<Id> {
    let of = |index: EntryIndex| plan.entry(index).former_ids().iter().map(|id| id.value);
    match target {
        _ if !plan.has_former_ids() => Vec::new(),
        Target::One(id) => plan.find(*id).into_iter().flat_map(of).collect(),
        Target::Range(ends) => {
            plan.between(ends.0.value, ends.1.value).iter().flat_map(|index| of(*index)).collect()
        }
    }
}

/// Sorts ranges and joins those that overlap.
fn merge(ranges: &mut Vec<(Id, Id)>) {
    ranges.sort_unstable();
    let mut merged: Vec<(Id, Id)> = Vec::with_capacity(ranges.len());
    for (start, end) in ranges.drain(..) {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    *ranges = merged;
}
