use crate::finding::Report;
use crate::model::risk::{Response, Risk, RiskStatus};
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A risk whose acceptance has expired.
    ///
    /// The risk was accepted until a date that has passed. Renew the acceptance, or
    /// mitigate the risk.
    ///
    /// ```yaml,bad
    /// id: RISK-005
    /// title: A competitor lowers its prices
    /// owner: Product Manager
    /// probability: 50%
    /// impact: Medium
    /// status: accepted
    /// accepted_by: Product Manager
    /// accepted_on: 2026-05-11
    /// expires: 2026-10-31
    /// ```
    ///
    /// ```yaml,good
    /// id: RISK-005
    /// title: A competitor lowers its prices
    /// owner: Product Manager
    /// probability: 50%
    /// impact: Medium
    /// status: accepted
    /// accepted_by: Product Manager
    /// accepted_on: 2026-11-09
    /// expires: 2027-06-30
    /// ```
    "RP0804", "acceptance-expired", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, risk) in subject.plan.risks() {
        let Some(expires) = risk.expires.filter(|_| is_accepted(risk)) else { continue };
        looked_at += 1;
        if expires.value < subject.today {
            let message =
                format!("{}: the acceptance of this risk expired on {}", entry.id.value, expires.value);
            let report = Report::at(expires.span, message).saying(format!("before {}", subject.today));
            reports.push(
                report.help(
                    "renew the acceptance with `accepted_on` and a later `expires`, or mitigate the risk",
                ),
            );
        }
    }
    looked_at
}

fn is_accepted(risk: &Risk<'_>) -> bool {
    match risk.status.map(|status| status.value) {
        Some(RiskStatus::Accepted) => true,
        Some(RiskStatus::Mitigating | RiskStatus::Mitigated | RiskStatus::Resolved) => false,
        Some(RiskStatus::Open) | None => {
            risk.accepted_by.is_some()
                || risk.response.is_some_and(|response| response.value == Response::Accept)
        }
    }
}
