use crate::finding::Report;
use crate::rules::missing_statement::{self, MissingStatement};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// An indicator without a target.
    ///
    /// Without a target every figure is a success. Set it before the release, while
    /// the result is still unknown.
    ///
    /// ```yaml,bad
    /// id: KPI-001
    /// title: Tenants using a new feature after 30 days
    /// unit: percent of active tenants
    /// ```
    ///
    /// ```yaml,good
    /// id: KPI-001
    /// title: Tenants using a new feature after 30 days
    /// unit: percent of active tenants
    /// target: ">= 70%"
    /// ```
    "RP1014", "kpi-without-target", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    missing_statement::each(subject, reports, subject.plan.kpis(), |_, kpi| kpi.target.is_some(), &MISSING)
}

const MISSING: MissingStatement<'_> =
    MissingStatement { field: "target", message: "KPI without a target", help: "add `target: \">= 70%\"`" };
