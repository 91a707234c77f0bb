use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A release with backports and without the branch that they go to.
    ///
    /// A backport is made on the stable branch of the release. `branch` of the release, or
    /// of one of its milestones, names it, so that nobody looks for the fix on another one.
    ///
    /// ```yaml,bad
    /// - id: REL-002
    ///   title: Search works again
    ///   version: "2.4.1"
    ///   date: 2027-03-02
    ///   backports: FEA-012
    /// - {id: FEA-012, title: Saved searches}
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-002
    ///   title: Search works again
    ///   version: "2.4.1"
    ///   date: 2027-03-02
    ///   branch: release-2.4
    ///   backports: FEA-012
    /// - {id: FEA-012, title: Saved searches}
    /// ```
    "RP0731", "backport-without-branch", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        let Some(first) = entry.links.get(release.backports.clone()).and_then(<[_]>::first) else { continue };
        looked_at += 1;
        let mut records = release.milestones.iter().filter_map(|milestone| milestone.record.as_ref());
        if release.branch.is_none() && !records.any(|record| record.branch.is_some()) {
            let report = Report::at(first.span, format!("{}: backports without a branch", entry.id.value));
            reports.push(report.help("add `branch: release-2.4`, the stable branch that they go to"));
        }
    }
    looked_at
}
