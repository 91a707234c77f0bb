use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// An inline allow without a reason.
    ///
    /// The next reader of the plan cannot tell a decision from an oversight. Add
    /// the reason after the closing bracket.
    ///
    /// ```yaml,bad
    /// id: KPI-001 # relplan: allow(kpi-without-target)
    /// title: Share of successful deployments
    /// ```
    ///
    /// ```yaml,good
    /// id: KPI-001 # relplan: allow(kpi-without-target) measured from May on
    /// title: Share of successful deployments
    /// ```
    "RP1105", "allow-without-reason", WARNING, since "0.1.0"
}

/// The driver reports these itself: only it knows what was allowed.
fn check(subject: &Subject<'_>, _: &mut Vec<Report>) -> usize {
    subject.plan.directives.len()
}
