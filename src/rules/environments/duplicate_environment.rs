use rustc_hash::FxHashMap;

use crate::finding::Report;
use crate::model::value::folded;
use crate::model::{Entry, Text};
use crate::rules::{ERROR, Subject, words};

declare_rule! {
    /// Two environments with one name.
    ///
    /// It is unclear which of the two describes where the release runs. Merge them,
    /// or give each its own name; environments of two different releases may share
    /// one.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   infrastructure: One virtual machine
    /// - id: DEP-002
    ///   type: Environment
    ///   name: Staging
    ///   infrastructure: Kubernetes, two nodes
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   infrastructure: Kubernetes, two nodes
    /// - id: DEP-002
    ///   type: Environment
    ///   name: production
    ///   infrastructure: Kubernetes, six nodes
    /// ```
    "RP0902", "duplicate-environment", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut known: FxHashMap<String, Vec<(&Entry<'_>, &Text<'_>)>> = FxHashMap::default();
    for (entry, environment) in subject.plan.environments() {
        let Some(name) = &environment.name else { continue };
        let same = known.entry(folded(&name.value).collect()).or_default();
        match same.iter().find(|(other, _)| words::may_share_release(entry, other)) {
            Some((other, first)) => reports.push(
                Report::at(
                    name.span,
                    format!(
                        "{}: duplicate environment name `{}`, also used by {}",
                        entry.id.value, name.value, other.id.value
                    ),
                )
                .saying("used again here")
                .and(first.span, "first used here")
                .help("merge the two entries, or rename one environment"),
            ),
            // Only the first of a name is kept, or the first for each of several releases.
            None => same.push((entry, name)),
        }
    }
    subject.plan.environments().count()
}
