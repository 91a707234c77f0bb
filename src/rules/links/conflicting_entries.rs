use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::Report;
use crate::graph::Edge;
use crate::model::{Entry, EntryIndex, LinkKind};
use crate::rules::{ERROR, Subject, words};
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
    ///   date: 2026-12-01
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
    ///   date: 2026-12-01
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
        for (member, entry) in plan.indexed().filter(|(_, entry)| !words::is_put_off(entry)) {
            let own = entry.release().filter(|name| plan.release(&name.value) == Some(index));
            if let Some(name) = own {
                members.entry(member).or_insert(name.span);
            }
        }
        let epics: Vec<EntryIndex> = members.keys().copied().collect();
        for edge in epics.into_iter().flat_map(|epic| graph.outgoing(epic)) {
            let elsewhere = plan.entry(edge.to).release().is_some();
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
        let taken = self.takes_all && entry.release().is_none() && !words::is_put_off(entry);
        self.members.get(&index).copied().or(taken.then_some(entry.id.span))
    }

    fn judge(&self, subject: &Subject<'_>, edge: &Edge) -> Option<Report> {
        let places = [self.holds(subject, edge.from)?, self.holds(subject, edge.to)?];
        let ids = [edge.from, edge.to].map(|index| subject.plan.entry(index).id.value);
        let both = match self.release {
            Some(release) => format!("both are in {}", release.id.value),
            None => "both are in scope".to_owned(),
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

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    const EPICS: &str = "- {id: EPIC-1, implements: FEA-1}\n- {id: EPIC-2, conflicts_with: EPIC-1}\n- {id: FEA-1}\n\
                         - {id: FEA-2, conflicts_with: FEA-1, status: planned}\n";

    fn check(releases: &str, expect: &[&str]) {
        let found = messages("conflicting-entries", &(EPICS.to_owned() + releases), "");
        assert_eq!(found, expect, "{releases}");
    }

    #[test]
    fn without_releases_everything_ships_together() {
        check(
            "",
            &[
                "EPIC-2 conflicts with EPIC-1, and both are in scope",
                "FEA-2 conflicts with FEA-1, and both are in scope",
            ],
        );
        let yaml = EPICS.replace("planned", "Deferred").replace("EPIC-2,", "EPIC-2, state: Deferred,");
        assert_eq!(messages("conflicting-entries", &yaml, ""), [""; 0]);
    }

    #[test]
    fn a_release_holds_its_scope_and_what_that_implements() {
        let scope = "- {id: REL-1, version: 1.0.0, scope: {must: EPIC-1, could: FEA-2}}\n";
        check(scope, &["FEA-2 conflicts with FEA-1, and both are in REL-1"]);
        check("- {id: REL-1, version: 1.0.0, scope: {must: EPIC-1}, excluded: [{id: EPIC-2}]}\n", &[]);
        check(
            "- {id: REL-1, scope: {must: EPIC-1}}\n- {id: REL-2, scope: {must: EPIC-2, should: FEA-2}}\n",
            &[],
        );
        check("- {id: REL-1, status: cancelled, scope: {must: [EPIC-1, EPIC-2]}}\n", &[]);
    }

    #[test]
    fn a_single_release_without_a_scope_holds_everything() {
        check(
            "- {id: REL-1, version: 1.0.0}\n",
            &[
                "EPIC-2 conflicts with EPIC-1, and both are in REL-1",
                "FEA-2 conflicts with FEA-1, and both are in REL-1",
            ],
        );
        check("- {id: REL-1, version: 1.0.0}\n- {id: REL-2, version: 2.0.0}\n", &[]);
    }

    #[test]
    fn an_entry_may_name_its_release_itself() {
        let yaml = EPICS
            .replace("id: EPIC-1", "release: 1.0.0, id: EPIC-1")
            .replace("id: EPIC-2", "release: REL-1, id: EPIC-2");
        let yaml = yaml + "- {id: REL-1, version: 1.0.0, scope: {must: FEA-1}}\n";
        let found = messages("conflicting-entries", &yaml, "");
        assert_eq!(found, ["EPIC-2 conflicts with EPIC-1, and both are in REL-1"]);
    }
}
