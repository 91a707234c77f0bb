use super::strategies::{self, FirstRollbacks};
use crate::finding::Report;
use crate::model::dep::Strategy;
use crate::model::{Id, Link, LinkKind};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A canary that no metric judges.
    ///
    /// A canary is an experiment: the new version takes a little of the traffic, and
    /// metrics decide whether it gets more. Without a rollback trigger that has a
    /// threshold and a metric, nobody compares anything, and the phases only delay
    /// the failure.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   strategy: canary
    /// - id: DEP-003
    ///   title: Search fails
    ///   type: Rollback
    ///   trigger: Users complain
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   strategy: canary
    /// - id: DEP-003
    ///   title: Search fails
    ///   type: Rollback
    ///   trigger: The error rate rises
    ///   threshold: "> 2% of requests for 5m"
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    /// ```
    "RP1051", "canary-without-metrics", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let canaries = strategies::deployed_by(subject, Strategy::Canary);
    if words::may_be_elsewhere(subject, "DEP") {
        return canaries.len();
    }
    let judges = FirstRollbacks::new(subject, |entry, rollback| {
        let metric = |kind: LinkKind| matches!(kind, LinkKind::MonitoredBy | LinkKind::LinkedIds);
        let is_metric = |id: Id| matches!(id.prefix.as_str(), "MON" | "KPI");
        let measures = |link: &Link| metric(link.kind) && link.target.ends().any(is_metric);
        rollback.threshold.is_some() && entry.links.iter().any(measures)
    });
    for release in &canaries {
        if let Some(strategy) = release.strategy.filter(|_| judges.of(release.index).is_none()) {
            let message =
                format!("{}: canary without a rollback trigger on a metric", release.entry.id.value);
            let help = "add a rollback with `threshold`, and `monitored_by` with a MON entry";
            reports.push(Report::at(strategy.span, message).help(help));
        }
    }
    canaries.len()
}
