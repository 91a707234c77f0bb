use super::strategies;
use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::model::dep::Strategy;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A canary whose first phase has all of the traffic.
    ///
    /// What reaches everyone in its first phase is no canary, whatever its strategy
    /// is called. Start with a small share, and raise it in phases.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   strategy: canary
    ///   rollout:
    ///     - {name: Everyone, traffic: 100%}
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   strategy: canary
    ///   rollout:
    ///     - {name: Canary, traffic: 5%}
    ///     - {name: Everyone, traffic: 100%}
    /// ```
    "RP1052", "canary-without-phases", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let canaries = strategies::deployed_by(subject, Strategy::Canary);
    for release in &canaries {
        let id = release.entry.id.value;
        let first = release.rel.rollout.first().and_then(|phase| phase.traffic);
        let Some(first) = first.filter(|first| first.value.0 >= 100.0) else { continue };
        if !unreadable.has_any(id, &["traffic", "rollout"]) {
            let message = format!("{id}: the first phase of the canary has {} of traffic", first.value);
            let help = "add a phase with less traffic before it, such as `traffic: 5%`";
            reports.push(Report::at(first.span, message).help(help));
        }
    }
    canaries.len()
}
