use super::{Subject, WARNING};
use crate::finding::Report;
use crate::model::Misread;

declare_rule! {
    /// A risk that nobody watches.
    ///
    /// Somebody has to notice its trigger, see to its mitigation and say when it
    /// is over. Name the role or the person. A resolved risk needs nobody.
    ///
    /// ```yaml,bad
    /// id: RISK-001
    /// title: The payment provider changes its interface
    /// probability: 20%
    /// impact: High
    /// mitigation: Contract tests run every night
    /// ```
    ///
    /// ```yaml,good
    /// id: RISK-001
    /// title: The payment provider changes its interface
    /// owner: Payments Lead
    /// probability: 20%
    /// impact: High
    /// mitigation: Contract tests run every night
    /// ```
    "RP0807", "risk-without-owner", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let misread = Misread::new(subject.plan, subject.sources);
    for (entry, risk) in subject.plan.risks() {
        let id = entry.id.value;
        if entry.owner.is_none() && !risk.is_resolved() && !misread.has(id, "owner") {
            let report = Report::at(entry.id.span, format!("{id}: nobody is named to watch this risk"));
            reports.push(report.help("name who answers for it: `owner: Data Lead`"));
        }
    }
    subject.plan.risks().count()
}
