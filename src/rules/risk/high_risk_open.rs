use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::model::risk::{Risk, RiskStatus};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A high risk without a response.
    ///
    /// Before a release every high risk is mitigated, or accepted by an authorised
    /// person. A risk is high if the risk heat map says so: the band of its
    /// probability (1 for less than 20 %, 5 for 80 % and more) times the weight of
    /// its impact (Low 1, Medium 2, High 3, Critical 4) is 7 or more.
    ///
    /// ```yaml,bad
    /// id: RISK-001
    /// title: The migration locks the orders table
    /// owner: Data Lead
    /// probability: 40%
    /// impact: Critical
    /// status: open
    /// ```
    ///
    /// ```yaml,good
    /// id: RISK-001
    /// title: The migration locks the orders table
    /// owner: Data Lead
    /// probability: 40%
    /// impact: Critical
    /// status: mitigating
    /// mitigation: Trial on a copy of production every week
    /// contingency: Stop the migration and take the release back
    /// ```
    "RP0801", "high-risk-open", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, risk) in subject.plan.risks() {
        let id = entry.id.value;
        let fields = ["probability", "impact", "status", "response"];
        if !risk.is_high() || !is_untouched(risk) || unreadable.has_any(id, &fields) {
            continue;
        }
        let mut report = match risk.status {
            Some(status) => Report::at(status.span, format!("{id}: open high risk")),
            None => Report::at(entry.id.span, format!("{id}: high risk without a response")),
        };
        if let Some(probability) = risk.probability {
            report = report.and(probability.span, "probability");
        }
        if let Some(impact) = &risk.impact {
            report = report.and(impact.span, "impact");
        }
        reports.push(report.help(
            "mitigate the risk and set `status: mitigating`, or accept it with `accepted_by` and `accepted_on`",
        ));
    }
    subject.plan.risks().count()
}

fn is_untouched(risk: &Risk<'_>) -> bool {
    match risk.status {
        Some(status) => status.value == RiskStatus::Open,
        None => risk.response.is_none(),
    }
}
