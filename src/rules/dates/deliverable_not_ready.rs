use crate::finding::Report;
use crate::model::Choice;
use crate::model::deliverable::DeliverableStatus;
use crate::model::rel::RelStatus;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A coordinated release that is out while one of its deliverables is not.
    ///
    /// The release is all of its deliverables together. A deliverable that came
    /// too late is no part of it: its status is `dropped`.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "2027.1"
    /// date: 2026-10-07
    /// status: released
    /// deployed_at: 2026-10-07
    /// outcome: success
    /// deliverables:
    ///   - {name: compute, version: 33.0.0, team: Compute, status: released}
    ///   - {name: network, version: 27.0.0, team: Network, status: in progress}
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "2027.1"
    /// date: 2026-10-07
    /// status: released
    /// deployed_at: 2026-10-07
    /// outcome: success
    /// deliverables:
    ///   - {name: compute, version: 33.0.0, team: Compute, status: released}
    ///   - {name: network, version: 27.0.0, team: Network, status: dropped}
    /// ```
    "RP0733", "deliverable-not-ready", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        let Some(status) = release.status.filter(|status| status.value == RelStatus::Released) else {
            continue;
        };
        for deliverable in &release.deliverables {
            looked_at += 1;
            let own = deliverable.status.map(|status| status.value);
            if matches!(own, Some(DeliverableStatus::Released | DeliverableStatus::Dropped)) {
                continue;
            }
            let (id, name) = (entry.id.value, deliverable.title());
            let what = own.map_or("has no status", |own| match own {
                DeliverableStatus::Ready => "is ready, not released",
                _ => "is not ready",
            });
            let place = deliverable.status.map_or(deliverable.span, |status| status.span);
            let message =
                format!("{id}: status is {}, but its deliverable `{name}` {what}", status.value.word());
            reports.push(
                Report::at(place, message)
                    .and(status.span, "the release is out")
                    .help("set `status: released`, or `status: dropped` if it is no part of the release"),
            );
        }
    }
    looked_at
}
