use rustc_hash::{FxHashMap, FxHashSet};

use super::strategies::{self, Deployed};
use crate::finding::Report;
use crate::graph::{Graph, reachable};
use crate::model::{Entry, EntryIndex, Kind, LinkKind, UnreadableFields};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A release with an open high risk that reaches everyone at once.
    ///
    /// Without a `strategy` and without `rollout` phases, the first that fails is
    /// the service of all users, and the way back is another deployment. Blue-green
    /// gives an immediate way back; a canary or a phased rollout finds the failure
    /// while few users have it.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: New storage
    ///   version: "3.0.0"
    ///   date: 2027-03-01
    ///   scope: {must: EPIC-01}
    /// - id: EPIC-01
    ///   title: New storage
    /// - id: RISK-001
    ///   title: The migration loses orders
    ///   probability: 70%
    ///   impact: Critical
    ///   status: mitigating
    ///   linked_ids: EPIC-01
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: New storage
    ///   version: "3.0.0"
    ///   date: 2027-03-01
    ///   strategy: blue-green
    ///   scope: {must: EPIC-01}
    /// - id: EPIC-01
    ///   title: New storage
    /// - id: RISK-001
    ///   title: The migration loses orders
    ///   probability: 70%
    ///   impact: Critical
    ///   status: mitigating
    ///   linked_ids: EPIC-01
    /// ```
    "RP1050", "big-bang-release", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let releases = strategies::to_come(subject);
    let count = releases.len();
    // Steps may state a strategy instead of the release.
    if subject.plan.steps().any(|(_, step)| step.strategy.is_some()) {
        return count;
    }
    let risks = HighRisks::new(subject);
    for release in releases {
        let id = release.entry.id.value;
        let is_phased = release.rel.rollout.len() > 1;
        if release.strategy.is_some() || is_phased || unreadable.has_any(id, &["strategy", "rollout"]) {
            continue;
        }
        let Some(risk) = risks.of(&release) else { continue };
        let message = format!("{id}: no strategy for a release with the high risk {}", risk.id.value);
        reports.push(
            Report::at(release.entry.id.span, message)
                .and(risk.id.span, "high risk")
                .help("add `strategy: blue-green` or `strategy: canary`, or `rollout` phases"),
        );
    }
    count
}

/// For each release the first open high risk that is about it.
#[derive(Default)]
struct HighRisks<'p> {
    /// Of what a release ships, or said by the risk itself.
    of_release: FxHashMap<EntryIndex, &'p Entry<'p>>,
    /// About nothing that any release ships: such a risk concerns every release that does not say what it ships.
    of_no_scope: Option<&'p Entry<'p>>,
    /// About nothing in particular, and so about every release.
    of_every_release: Option<&'p Entry<'p>>,
}

impl<'p> HighRisks<'p> {
    /// Follows links backwards from what each risk is about. Where an earlier risk has been, the releases are known, so
    /// that all risks together cost no more than the plan is long.
    fn new(subject: &Subject<'p>) -> Self {
        let mut risks = HighRisks::default();
        let shipped = shipped(subject);
        let mut seen = FxHashSet::default();
        for (risk, _) in subject.plan.risks().filter(|(_, risk)| risk.is_high() && !risk.is_resolved()) {
            let Some(index) = subject.plan.find_current(risk.id.value) else { continue };
            if let Some(name) = risk.release() {
                if let Some(release) = subject.plan.release(&name.value) {
                    risks.of_release.entry(release).or_insert(risk);
                }
            } else if risk.links.is_empty() {
                risks.of_every_release.get_or_insert(risk);
            } else {
                let about: Vec<EntryIndex> = led_to(subject.graph, index).chain([index]).collect();
                if !about.iter().any(|at| shipped.contains(at)) {
                    risks.of_no_scope.get_or_insert(risk);
                }
                risks.follow(subject, risk, about, &mut seen);
            }
        }
        risks
    }

    /// Finds the releases that ship what a risk is about.
    fn follow(
        &mut self,
        subject: &Subject<'p>,
        risk: &'p Entry<'p>,
        mut waiting: Vec<EntryIndex>,
        seen: &mut FxHashSet<EntryIndex>,
    ) {
        let is_release = |index: EntryIndex| matches!(subject.plan.entry(index).kind, Kind::Rel(_));
        while let Some(at) = waiting.pop() {
            if is_release(at) {
                self.of_release.entry(at).or_insert(risk);
            } else if seen.insert(at) {
                let links = subject.graph.incoming(at).filter(|edge| match is_release(edge.from) {
                    true => edge.kind == LinkKind::Scope,
                    false => edge.kind != LinkKind::Excludes,
                });
                waiting.extend(links.map(|edge| edge.from));
            }
        }
    }

    fn of(&self, release: &Deployed<'_>) -> Option<&'p Entry<'p>> {
        let of_no_scope = self.of_no_scope.filter(|_| release.rel.scope.is_empty());
        self.of_release.get(&release.index).copied().or(self.of_every_release).or(of_no_scope)
    }
}

/// What one entry links to.
fn led_to(graph: &Graph, from: EntryIndex) -> impl Iterator<Item = EntryIndex> + '_ {
    graph.outgoing(from).filter(|edge| edge.kind != LinkKind::Excludes).map(|edge| edge.to)
}

/// The releases, and all that any of them ships.
fn shipped(subject: &Subject<'_>) -> FxHashSet<EntryIndex> {
    let releases = subject.plan.indexed().filter(|(_, entry)| matches!(entry.kind, Kind::Rel(_)));
    let releases: Vec<EntryIndex> = releases.map(|(index, _)| index).collect();
    let scopes = releases.iter().flat_map(|release| subject.graph.outgoing(*release));
    let scopes = scopes.filter(|edge| edge.kind == LinkKind::Scope).map(|edge| edge.to);
    let mut shipped = reachable(subject.graph, scopes);
    shipped.extend(releases);
    shipped
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    /// Three releases, of which two ship one EPIC each and the third does not say what it ships.
    const RELEASES: &str = "\
- {id: REL-001, title: One, version: 1.0.0, date: 2027-03-01, scope: {must: EPIC-01}}
- {id: REL-002, title: Two, version: 2.0.0, date: 2027-04-01, scope: {must: EPIC-02}}
- {id: REL-003, title: Three, version: 3.0.0, date: 2027-05-03}
- {id: EPIC-01, title: Orders, depends_on: EPIC-03}
- {id: EPIC-02, title: Search, depends_on: EPIC-03}
- {id: EPIC-03, title: Storage}
- {id: EPIC-04, title: For later}
";

    /// Each release that is found, with the risk that is named.
    fn found(risks: &[&str]) -> Vec<String> {
        let risks = risks.iter().enumerate().map(|(at, about)| {
            format!("- {{id: RISK-00{}, title: Loss, probability: 70%, impact: Critical, {about}}}\n", at + 1)
        });
        let plan: String = [RELEASES.to_owned()].into_iter().chain(risks).collect();
        let short = |message: String| message.replace(": no strategy for a release with the high risk ", " ");
        messages("big-bang-release", &plan, "").into_iter().map(short).collect()
    }

    #[test]
    fn a_risk_concerns_the_releases_that_ship_what_it_is_about() {
        let cases: &[(&[&str], &[&str])] = &[
            (&["linked_ids: EPIC-01"], &["REL-001 RISK-001"]),
            (&["linked_ids: EPIC-03"], &["REL-001 RISK-001", "REL-002 RISK-001"]),
            (&["linked_ids: EPIC-04"], &["REL-003 RISK-001"]),
            (&["linked_ids: REL-002"], &["REL-002 RISK-001"]),
            (&["owner: Lead"], &["REL-001 RISK-001", "REL-002 RISK-001", "REL-003 RISK-001"]),
            (&["linked_ids: EPIC-01, release: REL-003"], &["REL-003 RISK-001"]),
            (&["linked_ids: EPIC-01, release: REL-009"], &[]),
            (&["linked_ids: EPIC-01, status: closed"], &[]),
        ];
        for (risks, expect) in cases {
            assert_eq!(found(risks), *expect, "{risks:?}");
        }
    }

    #[test]
    fn no_risk_hides_another() {
        let both = found(&["linked_ids: EPIC-03", "linked_ids: EPIC-03"]);
        assert_eq!(both, ["REL-001 RISK-001", "REL-002 RISK-001"]);
        let apart = found(&["linked_ids: EPIC-04", "linked_ids: EPIC-02", "linked_ids: EPIC-03"]);
        assert_eq!(apart, ["REL-001 RISK-003", "REL-002 RISK-002", "REL-003 RISK-001"]);
    }
}
