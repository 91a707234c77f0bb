//! From what links name to the entries that they mean.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::Edge;
use crate::model::{Entry, EntryIndex, Families, Id, Link, Plan, Target};
use crate::source::{Span, Spanned};

/// A link to an entry that does not exist.
#[derive(Debug, Clone)]
pub struct Dangling {
    /// The entry that declares the link.
    pub from: EntryIndex,
    /// What it names.
    pub id: Id,
    /// Where.
    pub span: Span,
    /// Whether it is the end of a range.
    pub range_end: bool,
}

/// An id in prose that names no entry, of a family that exists.
#[derive(Debug, Clone)]
pub struct DanglingMention {
    /// The entry whose prose it is.
    pub from: EntryIndex,
    /// What it names.
    pub id: Id,
    /// Where.
    pub span: Span,
}

/// A range whose ends exist and some of whose numbers do not.
#[derive(Debug, Clone)]
pub struct Hole {
    /// The entry that declares the link.
    pub from: EntryIndex,
    /// The range.
    pub span: Span,
    /// The first few ids that do not exist.
    pub missing: Vec<Id>,
    /// How many do not exist.
    pub count: usize,
}

/// How many missing ids of a range are listed by name.
const LISTED_HOLES: usize = 12;

#[derive(Default)]
pub(super) struct Resolved {
    pub edges: Vec<Edge>,
    pub dangling: Vec<Dangling>,
    pub dangling_mentions: Vec<DanglingMention>,
    pub holes: Vec<Hole>,
    pub mentions: Vec<(EntryIndex, EntryIndex, Span)>,
    pub external_links: usize,
    pub link_count: usize,
}

/// Resolves every link of the plan; the parts are in the order of the files.
pub(super) fn resolve(plan: &Plan<'_>, families: &Families, external: &FxHashSet<Id>) -> Vec<Resolved> {
    let broken: FxHashSet<Id> = plan.broken.iter().copied().collect();
    let resolver = Resolver { plan, families, external, broken };
    let chunk = 2048;
    plan.entries()
        .par_chunks(chunk)
        .enumerate()
        .map(|(number, entries)| resolver.part(number * chunk, entries))
        .collect()
}

struct Resolver<'p, 's> {
    plan: &'p Plan<'s>,
    families: &'p Families,
    external: &'p FxHashSet<Id>,
    broken: FxHashSet<Id>,
}

/// Where an id leads.
enum Place {
    Entry(EntryIndex),
    /// Outside the plan, or in a part of it that could not be read.
    Elsewhere,
    Nowhere,
}

impl Resolver<'_, '_> {
    fn part(&self, first: usize, entries: &[Entry<'_>]) -> Resolved {
        let mut resolved = Resolved::default();
        for (index, entry) in (first..).zip(entries) {
            let from = EntryIndex(u32::try_from(index).unwrap_or(u32::MAX));
            for link in &entry.links {
                resolved.link_count += 1;
                self.link(from, link, &mut resolved);
            }
            for mention in &entry.mentions {
                self.mention(from, mention.id, mention.span, &mut resolved);
            }
        }
        resolved
    }

    fn place(&self, id: Id) -> Place {
        if let Some(index) = self.plan.find(id) {
            return Place::Entry(index);
        }
        let outside = self.families.of(&id.prefix).and_then(|family| family.external.as_ref());
        let known = match outside {
            Some(external) => external.headings.is_empty() || self.external.contains(&id),
            None => self.broken.contains(&id),
        };
        if known { Place::Elsewhere } else { Place::Nowhere }
    }

    fn link(&self, from: EntryIndex, link: &Link, resolved: &mut Resolved) {
        match &link.target {
            Target::One(id) => {
                self.end(from, link, Spanned::new(*id, link.span), false, resolved);
            }
            Target::Range(ends) => self.range(from, link, ends, resolved),
        }
    }

    /// Adds one end of a link; false if it names nothing.
    fn end(
        &self,
        from: EntryIndex,
        link: &Link,
        id: Spanned<Id>,
        range_end: bool,
        resolved: &mut Resolved,
    ) -> bool {
        match self.place(id.value) {
            Place::Entry(to) => {
                resolved.edges.push(Edge { from, to, kind: link.kind, span: id.span });
                true
            }
            Place::Elsewhere => {
                resolved.external_links += 1;
                true
            }
            Place::Nowhere => {
                resolved.dangling.push(Dangling { from, id: id.value, span: id.span, range_end });
                false
            }
        }
    }

    fn range(
        &self,
        from: EntryIndex,
        link: &Link,
        ends: &(Spanned<Id>, Spanned<Id>),
        resolved: &mut Resolved,
    ) {
        let (first, last) = *ends;
        let begins = self.end(from, link, first, true, resolved);
        let inside = self.plan.between(first.value, last.value);
        for &to in inside {
            let id = self.plan.entry(to).id.value;
            if id != first.value && id != last.value {
                resolved.edges.push(Edge { from, to, kind: link.kind, span: link.span });
            }
        }
        let ends_well = self.end(from, link, last, true, resolved);
        if begins && ends_well {
            resolved.holes.extend(self.hole(from, link, first.value, last.value, inside));
        }
    }

    fn hole(
        &self,
        from: EntryIndex,
        link: &Link,
        first: Id,
        last: Id,
        inside: &[EntryIndex],
    ) -> Option<Hole> {
        let outside = self.families.of(&first.prefix).is_some_and(|family| family.external.is_some());
        let present: FxHashSet<u32> = inside.iter().map(|&at| self.plan.entry(at).id.number).collect();
        let total = (last.number - first.number) as usize + 1;
        let lost = |number: &u32| {
            let id = first.with_number(*number);
            !present.contains(number) && !self.broken.contains(&id)
        };
        // A range over everything that a family could hold is not walked number by number.
        let missing: Vec<Id> = (first.number..=last.number)
            .take(inside.len() + self.broken.len() + LISTED_HOLES)
            .filter(lost)
            .take(LISTED_HOLES)
            .map(|number| first.with_number(number))
            .collect();
        let broken = self.broken.iter().filter(|id| id.prefix == first.prefix && **id > first && **id < last);
        let count = total.saturating_sub(present.len() + broken.count());
        (!outside && !missing.is_empty()).then_some(Hole { from, span: link.span, missing, count })
    }

    fn mention(&self, from: EntryIndex, id: Id, span: Span, resolved: &mut Resolved) {
        match self.place(id) {
            Place::Entry(to) => resolved.mentions.push((from, to, span)),
            Place::Elsewhere => {}
            // `UTF-8` has the form of an id; only what could be one is reported.
            Place::Nowhere if self.families.of(&id.prefix).is_some() => {
                resolved.dangling_mentions.push(DanglingMention { from, id, span });
            }
            Place::Nowhere => {}
        }
    }
}
