use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A risk without probability or impact.
    ///
    /// Without both, the risks that stop a release cannot be told from those that
    /// do not. A resolved risk needs no rating.
    ///
    /// ```yaml,bad
    /// id: RISK-001
    /// title: The payment provider changes its interface
    /// owner: Payments Lead
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
    "RP0806", "risk-not-rated", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, risk) in subject.plan.risks() {
        if risk.is_resolved() {
            continue;
        }
        let id = entry.id.value;
        let fields = [
            (
                "probability",
                risk.probability.is_some(),
                "probability",
                "`probability: 20%` (or Low, Medium, High)",
            ),
            ("impact", risk.impact.is_some(), "impact", "`impact: High` (or Low, Medium, Critical)"),
        ];
        let missing = || fields.iter().filter(|(name, there, ..)| !there && !unreadable.has(id, name));
        let open: Vec<&str> = missing().map(|(_, _, open, _)| *open).collect();
        let add: Vec<&str> = missing().map(|(.., add)| *add).collect();
        if !open.is_empty() {
            let message = format!("{id}: risk without {}", open.join(" and "));
            reports.push(Report::at(entry.id.span, message).help(format!("add {}", words::list(&add))));
        }
    }
    subject.plan.risks().count()
}
