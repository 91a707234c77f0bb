use rustc_hash::{FxHashMap, FxHashSet};

use super::{ERROR, Subject};
use crate::finding::Report;
use crate::graph::Edge;
use crate::model::{Entry, EntryIndex, Kind, LinkKind, same_folded};
use crate::source::Span;

declare_rule! {
    /// Two entries that cannot be in one release, and are.
    ///
    /// `conflicts_with` says that both cannot ship together. An entry is in a
    /// release if its scope names it, if the entry says so itself, or if an
    /// EPIC of the scope implements it. In a plan without releases everything
    /// that is not deferred ships together.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   scope:
    ///     must: EPIC-01, EPIC-02
    /// - id: EPIC-01
    ///   title: New query planner
    ///   tests: TEST-001
    /// - id: EPIC-02
    ///   title: Query cache
    ///   tests: TEST-001
    ///   conflicts_with: EPIC-01 (both rewrite the same queries)
    /// - id: TEST-001
    ///   title: Recorded searches find what they found before
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   scope:
    ///     must: EPIC-01
    ///   excluded:
    ///     - {id: EPIC-02, reason: It rewrites the same queries}
    /// - id: EPIC-01
    ///   title: New query planner
    ///   tests: TEST-001
    /// - id: EPIC-02
    ///   title: Query cache
    ///   tests: TEST-001
    ///   conflicts_with: EPIC-01 (both rewrite the same queries)
    /// - id: TEST-001
    ///   title: Recorded searches find what they found before
    /// ```
    "RP0315", "conflicting-entries", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let conflicts = subject.graph.edges().filter(|edge| edge.kind == LinkKind::ConflictsWith);
    let conflicts: Vec<Edge> = conflicts.filter(|edge| edge.from != edge.to).collect();
    if conflicts.is_empty() {
        return 0;
    }
    let releases = releases(subject);
    let mut seen = FxHashSet::default();
    for edge in &conflicts {
        if seen.insert((edge.from.min(edge.to), edge.from.max(edge.to))) {
            reports.extend(releases.iter().find_map(|release| release.judge(subject, edge)));
        }
    }
    conflicts.len()
}

/// What ships together, and the places that say so.
struct Shipment<'p> {
    /// The release, if the plan has any.
    release: Option<&'p Entry<'p>>,
    members: FxHashMap<EntryIndex, Span>,
    /// Whether it takes what belongs to no release in particular.
    takes_all: bool,
}

/// Every release that is still to come; one of everything in a plan without releases.
fn releases<'p>(subject: &Subject<'p>) -> Vec<Shipment<'p>> {
    let plan = subject.plan;
    if plan.releases().next().is_none() {
        return vec![Shipment { release: None, members: FxHashMap::default(), takes_all: true }];
    }
    let to_come: Vec<&Entry<'_>> =
        plan.releases().filter(|(_, rel)| !rel.is_over()).map(|(entry, _)| entry).collect();
    let alone = to_come.len() == 1;
    to_come.into_iter().filter_map(|entry| Shipment::of(subject, entry, alone)).collect()
}

impl<'p> Shipment<'p> {
    fn of(subject: &Subject<'p>, release: &'p Entry<'p>, alone: bool) -> Option<Self> {
        let (plan, graph) = (subject.plan, subject.graph);
        let index = plan.find(release.id.value)?;
        let scope = graph.outgoing(index).filter(|edge| edge.kind == LinkKind::Scope);
        let mut members: FxHashMap<EntryIndex, Span> = scope.map(|edge| (edge.to, edge.span)).collect();
        let takes_all = alone && members.is_empty();
        for (member, entry) in plan.indexed() {
            if let Some(name) = entry.release.as_ref().filter(|name| plan.release(&name.value) == Some(index))
            {
                if !is_put_off(entry) {
                    members.entry(member).or_insert(name.span);
                }
            }
        }
        let epics: Vec<EntryIndex> = members.keys().copied().collect();
        for edge in epics.into_iter().flat_map(|epic| graph.outgoing(epic)) {
            let elsewhere = plan.entry(edge.to).release.is_some();
            if edge.kind == LinkKind::Implements && !elsewhere {
                members.entry(edge.to).or_insert(edge.span);
            }
        }
        for edge in graph.outgoing(index).filter(|edge| edge.kind == LinkKind::Excludes) {
            members.remove(&edge.to);
        }
        Some(Shipment { release: Some(release), members, takes_all })
    }

    /// The place that makes an entry part of this.
    fn holds(&self, subject: &Subject<'_>, index: EntryIndex) -> Option<Span> {
        let entry = subject.plan.entry(index);
        let taken = self.takes_all && entry.release.is_none() && !is_put_off(entry);
        self.members.get(&index).copied().or(taken.then_some(entry.id.span))
    }

    fn judge(&self, subject: &Subject<'_>, edge: &Edge) -> Option<Report> {
        let places = [self.holds(subject, edge.from)?, self.holds(subject, edge.to)?];
        let ids = [edge.from, edge.to].map(|index| subject.plan.entry(index).id.value);
        let both = match self.release {
            Some(release) => format!("both are in {}", release.id.value),
            None => "both are to be shipped".to_owned(),
        };
        let mut report = Report::at(edge.span, format!("{} conflicts with {}, and {both}", ids[0], ids[1]))
            .saying("they cannot ship together")
            .help("move one of them to another release, or defer it");
        for (id, place) in ids.iter().zip(places) {
            report = report.and(place, format!("brings in {id}"));
        }
        Some(report)
    }
}

/// Whether an entry says itself that it is not to be shipped.
fn is_put_off(entry: &Entry<'_>) -> bool {
    let words = ["deferred", "cancelled", "rejected", "dropped", "backlog", "wont"];
    let said = entry.status().is_some_and(|status| words.iter().any(|word| same_folded(word, status)));
    said || matches!(entry.kind, Kind::Rel(_))
}
