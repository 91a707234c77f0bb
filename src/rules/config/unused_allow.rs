use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// An inline allow that matches no finding.
    ///
    /// The finding has been fixed, or its rule is misspelt. Left in place, the
    /// allow would hide the next finding of that kind.
    ///
    /// ```yaml,bad
    /// id: KPI-001
    /// title: Share of successful deployments # relplan: allow(yaml-syntax) never fails
    /// target: "> 98%"
    /// ```
    ///
    /// ```yaml,good
    /// id: KPI-001
    /// title: Share of successful deployments
    /// target: "> 98%"
    /// ```
    "RP1104", "unused-allow", WARNING, since "0.1.0"
}

/// The driver reports these itself: only it knows what was allowed.
fn check(subject: &Subject<'_>, _: &mut Vec<Report>) -> usize {
    subject.plan.directives.len()
}
