use crate::finding::Report;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A plan without metrics after the release.
    ///
    /// Ignoring post-release metrics is a red flag of release management: without
    /// them, harm and benefit of the release are unknown. A `MON` entry defines
    /// what is monitored during the rollout, a `KPI` entry whether the release was
    /// worth it.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-03-01
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    /// - id: MON-001
    ///   title: Error rate
    ///   type: alert
    ///   unit: percent of requests
    ///   baseline: 0.5%
    ///   query: 100 * sum(rate(http_errors_total[5m])) / sum(rate(http_requests_total[5m]))
    /// ```
    "RP0509", "no-post-release-metrics", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let plan = subject.plan;
    let releases = plan.releases().count() + plan.deps().count();
    let measured = plan.monitors().next().is_some() || plan.kpis().next().is_some();
    let elsewhere = ["MON", "KPI"].iter().any(|prefix| words::may_be_elsewhere(subject, prefix));
    if releases > 0 && !measured && !elsewhere {
        let message = "no post-release metrics: the plan has no MON and no KPI entries";
        reports.push(
            words::of_plan(subject, message)
                .help("add a MON entry with a `query`, and a KPI entry with a `target`"),
        );
    }
    releases
}
