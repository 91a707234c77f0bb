//! What open work depends on outside of it, and whether that is ever met.

use rustc_hash::FxHashSet;

use super::{Viewpoint, WhatIf, epic, name};
use crate::graph::Dangling;
use crate::model::epic::{Epic, State};
use crate::model::{EntryIndex, Id, LinkKind, UnreadableFields};
use crate::verdict::entry_state::is_done;

/// A dependency of open work that is never met as the plan stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnmetDependency {
    /// The work package that depends on something.
    pub id: String,
    /// Why that is never met.
    pub reason: UnmetReason,
}

/// Why a dependency is never met.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnmetReason {
    /// No entry of the plan has this id.
    NotInPlan(String),
    /// The work package with this id is deferred, so that the release does not contain it.
    Deferred(String),
    /// The work package with this id is left out by what is assumed.
    LeftOut(String),
    /// The dependencies cannot be read.
    Unreadable,
    /// It depends on itself.
    Itself,
    /// Two entries have its id, so that the work of one would be lost.
    RepeatedId,
}

impl UnmetDependency {
    /// What is wrong, and what to do.
    pub fn words(&self) -> String {
        let id = &self.id;
        match &self.reason {
            UnmetReason::NotInPlan(on) => {
                format!("{id} depends on {on}, which is not in the plan: add {on}, or correct `depends_on`")
            }
            UnmetReason::Deferred(on) => {
                format!("{id} depends on {on}, which is deferred: defer {id} too, or plan {on}")
            }
            UnmetReason::LeftOut(on) => {
                format!("{id} depends on {on}, which is left out: leave out {id} too")
            }
            UnmetReason::Itself => format!("{id} depends on itself: correct `depends_on`"),
            UnmetReason::RepeatedId => format!("two entries have the id {id}: give one of them another id"),
            UnmetReason::Unreadable => {
                format!("the dependencies of {id} cannot be read: `relplan check` shows the place")
            }
        }
    }
}

/// What open work depends on and is not part of it.
#[derive(Debug, Default)]
pub(super) struct OpenDependencies {
    /// What is never met.
    pub(super) unmet: Vec<UnmetDependency>,
    /// What is not complete and no work package, so that it has neither an effort nor a date: by id.
    pub(super) elsewhere: Vec<String>,
    /// What other members of the workspace and families that live elsewhere have: as it is written.
    pub(super) outside: Vec<String>,
}

impl OpenDependencies {
    /// The dependencies of these entries.
    pub(super) fn new(at: Viewpoint<'_, '_>, entries: &[EntryIndex], what_if: &WhatIf) -> Self {
        let left_out: FxHashSet<EntryIndex> =
            what_if.without.iter().filter_map(|id| at.plan.find(*id)).collect();
        let unreadable = UnreadableFields::new(at.plan, at.sources);
        let open: FxHashSet<EntryIndex> = entries.iter().copied().collect();
        let mut found = OpenDependencies::default();
        for &index in entries {
            let id = at.plan.entry(index).id.value;
            if unreadable.has(id, "depends_on") {
                found.add(at, index, UnmetReason::Unreadable);
            }
            let mut links = at.plan.entry(index).links.iter();
            if links.any(|link| link.kind == LinkKind::DependsOn && link.target.ends().all(|end| end == id)) {
                found.add(at, index, UnmetReason::Itself);
            }
            for edge in at.graph.outgoing(index).filter(|edge| edge.kind == LinkKind::DependsOn) {
                if !open.contains(&edge.to) {
                    found.take(at, index, edge.to, left_out.contains(&edge.to));
                }
            }
            let members = at.plan.entry(index).member_links().iter();
            let depended = members.filter(|link| link.kind == LinkKind::DependsOn);
            found.outside.extend(depended.map(|link| format!("{}:{}", link.member, link.id)));
        }
        for &(_, second) in &at.plan.duplicates {
            if epic(at.plan.entry(second)).is_some_and(Epic::is_open) {
                found.add(at, second, UnmetReason::RepeatedId);
            }
        }
        let of_open =
            |dangling: &&Dangling| dangling.kind == LinkKind::DependsOn && open.contains(&dangling.from);
        let dangling: FxHashSet<(EntryIndex, Id)> =
            at.graph.dangling.iter().filter(of_open).map(|dangling| (dangling.from, dangling.id)).collect();
        for &(from, id) in &dangling {
            found.add(at, from, UnmetReason::NotInPlan(id.to_string()));
        }
        for &index in entries {
            let links = at.plan.entry(index).links.iter().filter(|link| link.kind == LinkKind::DependsOn);
            let absent = links.flat_map(|link| link.target.ends()).filter(|id| at.plan.find(*id).is_none());
            let outside = absent.filter(|id| !dangling.contains(&(index, *id)));
            found.outside.extend(outside.map(|id| id.to_string()));
        }
        for ids in [&mut found.elsewhere, &mut found.outside] {
            ids.sort();
            ids.dedup();
        }
        found.unmet.sort();
        found.unmet.dedup();
        found
    }

    /// A dependency on an entry that is not part of the open work.
    fn take(&mut self, at: Viewpoint<'_, '_>, from: EntryIndex, to: EntryIndex, is_left_out: bool) {
        let entry = at.plan.entry(to);
        let on = || name(at.plan, to);
        match epic(entry).map(|epic| epic.state.map(|state| state.value)) {
            Some(Some(State::Complete)) => {}
            _ if is_left_out => self.add(at, from, UnmetReason::LeftOut(on())),
            Some(Some(State::Deferred)) => self.add(at, from, UnmetReason::Deferred(on())),
            _ if is_done(entry) => {}
            _ => self.elsewhere.push(on()),
        }
    }

    fn add(&mut self, at: Viewpoint<'_, '_>, from: EntryIndex, reason: UnmetReason) {
        self.unmet.push(UnmetDependency { id: name(at.plan, from), reason });
    }
}
