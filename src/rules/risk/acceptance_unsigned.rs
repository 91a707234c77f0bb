use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::model::identity;
use crate::model::risk::{Response, RiskStatus};
use crate::rules::{ERROR, Subject, words};

declare_rule! {
    /// An accepted risk without a signature.
    ///
    /// Accepting a risk is a decision with an owner and a date. Without both it is
    /// a forgotten risk.
    ///
    /// ```yaml,bad
    /// id: RISK-005
    /// title: A competitor lowers its prices
    /// owner: Product Manager
    /// probability: 50%
    /// impact: Medium
    /// status: accepted
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
    /// ```
    "RP0803", "acceptance-unsigned", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, risk) in subject.plan.risks() {
        let status =
            risk.status.filter(|status| status.value == RiskStatus::Accepted).map(|status| status.span);
        let response =
            risk.response.filter(|response| response.value == Response::Accept && !risk.is_resolved());
        let Some(place) = status.or(response.map(|response| response.span)) else { continue };
        looked_at += 1;
        let id = entry.id.value;
        let by = risk.accepted_by.as_ref().is_some_and(|by| !identity::is_no_person(&by.value));
        let signed = [("accepted_by", by), ("accepted_on", risk.accepted_on.is_some())];
        let missing = signed.iter().filter(|(name, there)| !there && !unreadable.has(id, name));
        let missing: Vec<&str> = missing.map(|(name, _)| *name).collect();
        let open = match missing[..] {
            [] => continue,
            ["accepted_by"] => "without `accepted_by`",
            ["accepted_on"] => "without `accepted_on`",
            _ => "without `accepted_by` and `accepted_on`",
        };
        let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        reports.push(
            Report::at(place, format!("{id}: this risk is accepted {open}"))
                .help(format!("add {}, or mitigate the risk instead", words::list(&names))),
        );
    }
    looked_at
}
