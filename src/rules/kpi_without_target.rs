use super::{Subject, WARNING};
use crate::finding::Report;
use crate::model::Misread;

declare_rule! {
    /// An indicator that does not say what would be good.
    ///
    /// Without a target every figure is a success. Set it before the release,
    /// while nobody knows the figure yet.
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
    let misread = Misread::new(subject.plan, subject.sources);
    for (entry, kpi) in subject.plan.kpis() {
        let id = entry.id.value;
        if kpi.target.is_none() && !misread.has(id, "target") {
            let report =
                Report::at(entry.id.span, format!("{id}: nothing says what this indicator should reach"));
            reports.push(report.help("write its target: `target: \">= 70%\"`"));
        }
    }
    subject.plan.kpis().count()
}
