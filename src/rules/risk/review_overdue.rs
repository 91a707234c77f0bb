use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A risk whose review is overdue.
    ///
    /// Probability and impact are as old as their rating. Review the risk and set
    /// the date of the next review.
    ///
    /// ```yaml,bad
    /// id: RISK-004
    /// title: Customers do not take to the new way of working
    /// owner: Customer Success Lead
    /// probability: 25%
    /// impact: Medium
    /// status: mitigating
    /// mitigation: Webinars and workshops
    /// review_date: 2026-10-16
    /// ```
    ///
    /// ```yaml,good
    /// id: RISK-004
    /// title: Customers do not take to the new way of working
    /// owner: Customer Success Lead
    /// probability: 25%
    /// impact: Medium
    /// status: mitigating
    /// mitigation: Webinars and workshops
    /// review_date: 2027-02-16
    /// ```
    "RP0805", "review-overdue", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, risk) in subject.plan.risks() {
        let Some(review) = risk.review_date.filter(|_| !risk.is_resolved()) else { continue };
        looked_at += 1;
        if review.value < subject.today {
            let message = format!("{}: risk review overdue since {}", entry.id.value, review.value);
            let report = Report::at(review.span, message).saying(format!("before {}", subject.today));
            reports.push(report.help("review the risk, then set `review_date` to the next review"));
        }
    }
    looked_at
}
