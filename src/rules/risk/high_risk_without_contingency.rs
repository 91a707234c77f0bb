use crate::finding::Report;
use crate::model::{Entry, LinkKind, UnreadableFields};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A high risk without a word on what is done if it happens.
    ///
    /// Mitigation makes it less likely, not impossible. The `contingency` is what
    /// keeps the release going, or takes it back, on the day it happens; a link
    /// to a runbook says it too.
    ///
    /// ```yaml,bad
    /// id: RISK-001
    /// title: The migration locks the orders table
    /// owner: Data Lead
    /// probability: High
    /// impact: Critical
    /// status: mitigating
    /// mitigation: Trial on a copy of production every week
    /// ```
    ///
    /// ```yaml,good
    /// id: RISK-001
    /// title: The migration locks the orders table
    /// owner: Data Lead
    /// probability: High
    /// impact: Critical
    /// status: mitigating
    /// mitigation: Trial on a copy of production every week
    /// contingency: Stop the migration and take the release back
    /// ```
    "RP0808", "high-risk-without-contingency", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, risk) in subject.plan.risks() {
        if !risk.is_high() || risk.is_resolved() {
            continue;
        }
        looked_at += 1;
        let id = entry.id.value;
        let unclear = unreadable.has_any(id, &["probability", "impact", "status", "contingency"]);
        if risk.contingency.is_empty() && !unclear && !has_runbook(subject, entry) {
            let message = format!("{id}: high risk without a contingency plan");
            reports.push(Report::at(entry.id.span, message).help("add `contingency`, or link a `runbook`"));
        }
    }
    looked_at
}

fn has_runbook(subject: &Subject<'_>, entry: &Entry<'_>) -> bool {
    let Some(index) = subject.plan.find(entry.id.value) else { return false };
    let linked = entry.links.iter().any(|link| link.kind == LinkKind::Runbook);
    linked || subject.graph.any_edge(index, |edge| edge.kind == LinkKind::Covers && edge.to == index)
}
