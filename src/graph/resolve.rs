//! From what links name to the entries that they mean.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::Edge;
use crate::model::family::External;
use crate::model::{Entry, EntryIndex, Families, Id, Link, LinkKind, Plan, Target};
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
    /// What the link says.
    pub kind: LinkKind,
    /// Which end of a range it is, if it is one.
    pub end: Option<RangeEnd>,
}

/// One of the two ids that a range is written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeEnd {
    /// The first.
    Beginning,
    /// The last.
    End,
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

/// A range whose ends exist and some of whose numbers, or letters, do not.
#[derive(Debug, Clone)]
pub struct RangeGap {
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
    pub holes: Vec<RangeGap>,
    pub mentions: Vec<(EntryIndex, EntryIndex, Span)>,
    pub external_links: usize,
    pub link_count: usize,
    /// The first range that was not expanded.
    pub beyond_budget: Option<Span>,
}

/// How many links the ranges of a plan may stand for. Ranges of thousands in each of thousands of entries would be
/// millions of links, and gigabytes.
pub const RANGE_BUDGET: usize = 2_000_000;

/// How many entries are resolved in one go, and how many such parts side by side.
const CHUNK: usize = 2048;
const SIDE_BY_SIDE: usize = 8;

/// Resolves every link of the plan and hands the parts over in the order of the files, a few at a
/// time: all of them at once would take as much memory again as the graph that they become.
pub(super) fn resolve(
    plan: &Plan<'_>,
    families: &Families,
    external: &FxHashSet<Id>,
    mut take: impl FnMut(Resolved),
) {
    let (broken, external) = (sorted(&plan.broken), sorted(external));
    let resolver = Resolver { plan, families, broken, external, beyond: beyond_budget(plan) };
    let wave = CHUNK * SIDE_BY_SIDE;
    for (number, entries) in plan.entries().chunks(wave).enumerate() {
        let parts = entries.par_chunks(CHUNK).enumerate();
        let parts: Vec<Resolved> =
            parts.map(|(part, entries)| resolver.part(number * wave + part * CHUNK, entries)).collect();
        parts.into_iter().for_each(&mut take);
    }
}

struct Resolver<'p, 's> {
    plan: &'p Plan<'s>,
    families: &'p Families,
    /// Sorted, like the next, so that a range finds its own.
    broken: Vec<Id>,
    external: Vec<Id>,
    /// The entry and the position of the first link whose range is not expanded.
    beyond: Option<(usize, usize)>,
}

/// Where the ranges of a plan begin to stand for more links than they may.
fn beyond_budget(plan: &Plan<'_>) -> Option<(usize, usize)> {
    let mut expanded = 0;
    for (at, entry) in plan.entries().iter().enumerate() {
        for (position, link) in entry.links.iter().enumerate() {
            if let Target::Range(ends) = &link.target {
                expanded += plan.between(ends.0.value, ends.1.value).len();
                if expanded > RANGE_BUDGET {
                    return Some((at, position));
                }
            }
        }
    }
    None
}

fn sorted<'i>(ids: impl IntoIterator<Item = &'i Id>) -> Vec<Id> {
    let mut ids: Vec<Id> = ids.into_iter().copied().collect();
    ids.sort_unstable();
    ids
}

/// Those of sorted ids that lie between two, both included.
fn between(ids: &[Id], first: Id, last: Id) -> &[Id] {
    let start = ids.partition_point(|id| *id < first);
    let end = ids.partition_point(|id| *id <= last);
    &ids[start..end.max(start)]
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
        let links = entries.iter().map(|entry| entry.links.len()).sum();
        let mut resolved = Resolved { edges: Vec::with_capacity(links), ..Resolved::default() };
        for (index, entry) in (first..).zip(entries) {
            let from = EntryIndex(u32::try_from(index).unwrap_or(u32::MAX));
            for (position, link) in entry.links.iter().enumerate() {
                resolved.link_count += 1;
                let is_beyond = self.beyond.is_some_and(|beyond| (index, position) >= beyond);
                self.link(from, link, is_beyond, &mut resolved);
            }
            resolved.link_count += entry.member_links().len();
            resolved.external_links += entry.member_links().len();
            for mention in entry.mentions() {
                self.mention(from, mention.id, mention.span, &mut resolved);
            }
        }
        resolved
    }

    fn place(&self, id: Id) -> Place {
        if let Some(index) = self.plan.find(id) {
            return Place::Entry(index);
        }
        let known = match self.outside(id) {
            Some(external) => external.headings.is_empty() || self.external.binary_search(&id).is_ok(),
            None => self.broken.binary_search(&id).is_ok(),
        };
        if known { Place::Elsewhere } else { Place::Nowhere }
    }

    /// What is known of the family of an id, if it lives outside the plan.
    fn outside(&self, id: Id) -> Option<&External> {
        self.families.of(&id.prefix)?.external.as_ref()
    }

    fn link(&self, from: EntryIndex, link: &Link, is_beyond: bool, resolved: &mut Resolved) {
        match &link.target {
            Target::One(id) => {
                self.end(from, link, Spanned::new(*id, link.span), None, resolved);
            }
            Target::Range(ends) if is_beyond => {
                self.end(from, link, ends.0, Some(RangeEnd::Beginning), resolved);
                self.end(from, link, ends.1, Some(RangeEnd::End), resolved);
                resolved.beyond_budget.get_or_insert(link.span);
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
        end: Option<RangeEnd>,
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
                let (id, span) = (id.value, id.span);
                resolved.dangling.push(Dangling { from, id, span, kind: link.kind, end });
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
        let begins = self.end(from, link, first, Some(RangeEnd::Beginning), resolved);
        // `TEST-001 to TEST-001` names one entry.
        if first.value == last.value {
            return;
        }
        let inside = self.plan.between(first.value, last.value);
        let ends = [self.plan.find(first.value), self.plan.find(last.value)];
        for &to in &*inside {
            if !ends.contains(&Some(to)) {
                resolved.edges.push(Edge { from, to, kind: link.kind, span: link.span });
            }
        }
        let ends_well = self.end(from, link, last, Some(RangeEnd::End), resolved);
        if begins && ends_well && !self.outside(first.value).is_some_and(|family| family.headings.is_empty())
        {
            let (missing, count) = self.missing(first.value, last.value, &inside);
            if count > 0 {
                resolved.holes.push(RangeGap { from, span: link.span, missing, count });
            }
        }
    }

    /// The first few ids of a range that do not exist, and how many there are.
    fn missing(&self, first: Id, last: Id, inside: &[EntryIndex]) -> (Vec<Id>, usize) {
        let elsewhere = [between(&self.broken, first, last), between(&self.external, first, last)];
        let known = elsewhere.into_iter().flatten().copied();
        let inside = inside.iter().map(|&at| self.plan.entry(at).id.value);
        let former = self.plan.former_between(first, last).map(|(id, _)| id);
        // An entry that had an id of the range may have another outside of it now.
        let known = known.chain(inside.filter(|id| (first..=last).contains(id))).chain(former);
        if first.number == last.number {
            missing_letters(first, last, known)
        } else {
            missing_numbers(first, last, known)
        }
    }

    fn mention(&self, from: EntryIndex, id: Id, span: Span, resolved: &mut Resolved) {
        match self.place(id) {
            Place::Entry(to) => resolved.mentions.push((from, to, span)),
            Place::Elsewhere => {}
            // `UTF-8` has the form of an id; only what could be one is reported.
            // `API-001-020` may as well be a range.
            Place::Nowhere if self.families.of(&id.prefix).is_some() && !id.prefix.ends_in_number() => {
                resolved.dangling_mentions.push(DanglingMention { from, id, span });
            }
            Place::Nowhere => {}
        }
    }
}

/// The numbers between two ids that none of `known` has.
fn missing_numbers(first: Id, last: Id, known: impl Iterator<Item = Id>) -> (Vec<Id>, usize) {
    let mut numbers: Vec<u32> = known.map(|id| id.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let total = (last.number - first.number) as usize + 1;
    // The end of the range that is written wider says how wide its numbers are.
    let widest = if first.width < last.width { last } else { first };
    let mut missing = Vec::new();
    let mut next = first.number;
    // A range over everything that a family could hold is not walked number by number.
    for number in numbers.iter().copied().chain([last.number + 1]) {
        let room = LISTED_HOLES - missing.len();
        missing.extend((next..number).take(room).map(|number| widest.with_number(number)));
        next = number + 1;
    }
    (missing, total.saturating_sub(numbers.len()))
}

/// The letters between two ids of one number, such as `EPIC-02a` and `EPIC-02d`, that none of `known` has.
fn missing_letters(first: Id, last: Id, known: impl Iterator<Item = Id>) -> (Vec<Id>, usize) {
    let known: FxHashSet<Id> = known.collect();
    let letters = first.letter().unwrap_or('a')..=last.letter().unwrap_or('a');
    let missing = letters.map(|letter| first.with_letter(letter));
    let missing: Vec<Id> = missing.filter(|id| *id != first && *id != last && !known.contains(id)).collect();
    let count = missing.len();
    (missing.into_iter().take(LISTED_HOLES).collect(), count)
}
