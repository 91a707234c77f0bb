//! Which entries belong to which release.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Graph, reachable};
use crate::model::{EntryIndex, Kind, LinkKind, Plan, Prefix};

/// What does not belong to a release.
#[derive(Debug, Clone, Default)]
pub struct OutsideRelease {
    /// The entries.
    pub entries: FxHashSet<EntryIndex>,
    /// Those of them that name a release which the plan does not have: nobody knows whether it is this one.
    pub unsure: FxHashSet<EntryIndex>,
}

/// What belongs to other releases only: what says so itself, and what the scope of another release reaches and that of
/// this one does not. Where a release states its scope, work outside of it does not belong to it either, nor what is about
/// such work only. All else belongs to every release.
pub fn outside(plan: &Plan<'_>, graph: &Graph, chosen: EntryIndex) -> OutsideRelease {
    let own = reachable(graph, scope(graph, chosen));
    let releases = plan.indexed().filter(|(_, entry)| matches!(entry.kind, Kind::Rel(_)));
    let others: Vec<EntryIndex> = releases.map(|(index, _)| index).filter(|index| *index != chosen).collect();
    let mut entries = reachable(graph, others.iter().flat_map(|other| scope(graph, *other)));
    entries.extend(others);
    entries.retain(|index| !own.contains(index));
    let stated = Stated::of(plan, chosen);
    if is_explicit(plan, chosen) {
        let mut unscoped =
            Unscoped { plan, graph, work: families_of_work(plan, graph), outside: &mut entries };
        unscoped.leave_out(&within(graph, own.into_iter().chain(stated.here.iter().copied())));
    }
    entries.extend(stated.elsewhere);
    stated.here.iter().chain([&chosen]).for_each(|index| {
        entries.remove(index);
    });
    OutsideRelease { entries, unsure: stated.unsure }
}

/// What a release says that it ships.
fn scope(graph: &Graph, release: EntryIndex) -> impl Iterator<Item = EntryIndex> + '_ {
    graph.outgoing(release).filter(|edge| edge.kind == LinkKind::Scope).map(|edge| edge.to)
}

/// The entries that name a release themselves.
#[derive(Default)]
struct Stated {
    here: Vec<EntryIndex>,
    elsewhere: Vec<EntryIndex>,
    /// Those of elsewhere that name a release which the plan does not have.
    unsure: FxHashSet<EntryIndex>,
}

impl Stated {
    fn of(plan: &Plan<'_>, chosen: EntryIndex) -> Self {
        let mut stated = Stated::default();
        for (index, entry) in plan.indexed() {
            let Some(name) = entry.release() else { continue };
            match plan.release(&name.value) {
                Some(release) if release == chosen => stated.here.push(index),
                Some(_) => stated.elsewhere.push(index),
                None => {
                    stated.elsewhere.push(index);
                    stated.unsure.insert(index);
                }
            }
        }
        stated
    }
}

/// Whether a release states its scope, and every part of it is an entry of the plan: of what lives elsewhere nobody
/// knows which work builds it.
fn is_explicit(plan: &Plan<'_>, release: EntryIndex) -> bool {
    let entry = plan.entry(release);
    let Kind::Rel(rel) = &entry.kind else { return false };
    let mut links = rel.scope.iter().flat_map(|part| &entry.links[part.links.clone()]).peekable();
    links.peek().is_some() && links.all(|link| link.target.ends().all(|id| plan.find(id).is_some()))
}

/// The families that releases ship: work packages, and what any scope names.
fn families_of_work(plan: &Plan<'_>, graph: &Graph) -> FxHashSet<Prefix> {
    let named = plan.indexed().filter(|(_, entry)| matches!(entry.kind, Kind::Rel(_)));
    let named = named.flat_map(|(release, _)| scope(graph, release));
    let named = named.map(|index| plan.entry(index)).filter(|entry| !is_operation(&entry.kind));
    named.map(|entry| entry.id.value.prefix).chain(Prefix::new("EPIC")).collect()
}

/// Whether an entry serves every release that it does not name: deployment items, what is measured, runbooks,
/// handoffs, releases.
fn is_operation(kind: &Kind<'_>) -> bool {
    matches!(
        kind,
        Kind::Dep(_) | Kind::Mon(_) | Kind::Run(_) | Kind::Kpi(_) | Kind::Rel(_) | Kind::Handoff(_)
    )
}

/// What links lead to from these entries, and what is part of any of it or builds it.
fn within(graph: &Graph, from: impl Iterator<Item = EntryIndex>) -> FxHashSet<EntryIndex> {
    let mut waiting: Vec<EntryIndex> = from.collect();
    let mut seen: FxHashSet<EntryIndex> = waiting.iter().copied().collect();
    while let Some(at) = waiting.pop() {
        let to = graph.outgoing(at).filter(|edge| edge.kind != LinkKind::Excludes).map(|edge| edge.to);
        let parts = graph.incoming(at).filter(|edge| is_membership(edge.kind)).map(|edge| edge.from);
        waiting.extend(to.chain(parts).filter(|next| seen.insert(*next)));
    }
    seen
}

/// Whether a link says to which whole its source belongs.
fn is_membership(kind: LinkKind) -> bool {
    matches!(kind, LinkKind::PartOf | LinkKind::Implements)
}

/// Finds what an explicit scope leaves out.
struct Unscoped<'g, 's> {
    plan: &'g Plan<'s>,
    graph: &'g Graph,
    work: FxHashSet<Prefix>,
    outside: &'g mut FxHashSet<EntryIndex>,
}

impl Unscoped<'_, '_> {
    fn leave_out(&mut self, within: &FxHashSet<EntryIndex>) {
        let unplaced = self.unplaced();
        let is_unscoped = |index: EntryIndex| {
            let entry = self.plan.entry(index);
            let states = entry.release().is_some();
            // What repeats the id of an entry in scope is reported, and may be meant.
            let index = self.plan.find(entry.id.value).unwrap_or(index);
            self.is_work(index) && !within.contains(&index) && !unplaced.contains(&index) && !states
        };
        let work: Vec<EntryIndex> =
            self.plan.indexed().map(|(index, _)| index).filter(|index| is_unscoped(*index)).collect();
        self.outside.extend(work);
        self.leave_out_what_is_about_it(within);
    }

    /// Leaves out what is about nothing but what is left out: all that names it, and all work that it names. What names
    /// no work, and what nothing names, may be about anything.
    fn leave_out_what_is_about_it(&mut self, within: &FxHashSet<EntryIndex>) {
        let mut waiting: Vec<EntryIndex> = self.outside.iter().copied().collect();
        // Of each entry, how many links join it to something that is not known to be left out.
        let mut open: FxHashMap<EntryIndex, usize> = FxHashMap::default();
        while let Some(left_out) = waiting.pop() {
            let named = self.graph.outgoing(left_out).map(|edge| edge.to);
            let naming = self.graph.incoming(left_out).map(|edge| edge.from);
            let is_work = self.is_work(left_out);
            for about in named.chain(naming.filter(|_| is_work)) {
                if within.contains(&about) || self.outside.contains(&about) || !self.follows(about) {
                    continue;
                }
                let open = open.entry(about).or_insert_with(|| self.subjects(about));
                *open = open.saturating_sub(1);
                if *open == 0 {
                    self.outside.insert(about);
                    waiting.push(about);
                }
            }
        }
    }

    /// Entries of which nobody knows whether they belong to something in scope: the field that says so names no entry, or
    /// could not be read.
    fn unplaced(&self) -> FxHashSet<EntryIndex> {
        let dangling =
            self.graph.dangling.iter().filter(|link| is_membership(link.kind)).map(|link| link.from);
        dangling.chain(self.plan.unplaced.iter().filter_map(|id| self.plan.find(*id))).collect()
    }

    fn is_work(&self, index: EntryIndex) -> bool {
        self.work.contains(&self.plan.entry(index).id.value.prefix)
    }

    /// Whether an entry goes where what it is about goes: tests, risks, and families of the user's own.
    fn follows(&self, index: EntryIndex) -> bool {
        let entry = self.plan.entry(index);
        !is_operation(&entry.kind) && !self.is_work(index) && entry.release().is_none()
    }

    /// How many links say what an entry is about.
    fn subjects(&self, index: EntryIndex) -> usize {
        let named = self.graph.outgoing(index).filter(|edge| edge.to != index && self.is_work(edge.to));
        named.count() + self.graph.incoming(index).filter(|edge| edge.from != index).count()
    }
}
