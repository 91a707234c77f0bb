use crate::finding::Report;
use crate::model::risk::{Response, Risk, RiskStatus};
use crate::model::{LinkKind, UnreadableFields};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A risk that is to be mitigated, and nothing says how.
    ///
    /// Say in `mitigation` what makes it less likely or less bad, or link the
    /// entries that do with `mitigated_by`. A risk that is accepted, avoided,
    /// transferred or resolved needs none.
    ///
    /// ```yaml,bad
    /// id: RISK-001
    /// title: The payment provider changes its interface
    /// owner: Payments Lead
    /// probability: 20%
    /// impact: Medium
    /// response: mitigate
    /// ```
    ///
    /// ```yaml,good
    /// id: RISK-001
    /// title: The payment provider changes its interface
    /// owner: Payments Lead
    /// probability: 20%
    /// impact: Medium
    /// response: mitigate
    /// mitigation: Contract tests run every night against the provider's sandbox
    /// ```
    "RP0802", "risk-without-mitigation", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, risk) in subject.plan.risks() {
        let id = entry.id.value;
        let linked = entry.links.iter().any(|link| link.kind == LinkKind::MitigatedBy);
        let unclear = unreadable.has_any(id, &["mitigation", "mitigated_by", "status", "response"]);
        if needs_mitigation(risk) && risk.mitigation.is_empty() && !linked && !unclear {
            let place = risk.response.map_or(entry.id.span, |response| response.span);
            let report = Report::at(place, format!("{id}: risk without a mitigation"));
            reports.push(report.help("add `mitigation`, or link entries with `mitigated_by`"));
        }
    }
    subject.plan.risks().count()
}

fn needs_mitigation(risk: &Risk<'_>) -> bool {
    let over =
        matches!(risk.status.map(|status| status.value), Some(RiskStatus::Accepted | RiskStatus::Resolved));
    !over && risk.response.is_none_or(|response| response.value == Response::Mitigate)
}
