use super::strategies;
use crate::finding::Report;
use crate::graph::Selection;
use crate::model::UnreadableFields;
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
    let high = subject.plan.risks().filter(|(_, risk)| risk.is_high() && !risk.is_resolved());
    let high: Vec<_> =
        high.filter_map(|(entry, _)| Some((subject.plan.find_current(entry.id.value)?, entry))).collect();
    // Steps may state a strategy instead of the release.
    let by_steps = subject.plan.steps().any(|(_, step)| step.strategy.is_some());
    if high.is_empty() || by_steps {
        return count;
    }
    for release in releases {
        let id = release.entry.id.value;
        let is_phased = release.rel.rollout.len() > 1;
        if release.strategy.is_some() || is_phased || unreadable.has_any(id, &["strategy", "rollout"]) {
            continue;
        }
        let Ok(selection) = Selection::new(subject.plan, subject.graph, &id.to_string()) else { continue };
        let Some((_, risk)) = high.iter().find(|(index, _)| selection.has(*index)) else { continue };
        let message = format!("{id}: no strategy for a release with the high risk {}", risk.id.value);
        reports.push(
            Report::at(release.entry.id.span, message)
                .and(risk.id.span, "high risk")
                .help("add `strategy: blue-green` or `strategy: canary`, or `rollout` phases"),
        );
    }
    count
}
