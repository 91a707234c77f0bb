use super::approvals;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};
use crate::verdict::approval::ApprovalStatus;

declare_rule! {
    /// An approval or a waiver with a date in the future.
    ///
    /// The date is mistyped, or records what is only planned. Until that day the
    /// record does not count.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: Dana
    ///     on: 2027-11-02
    ///     release: REL-001
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: Dana
    ///     on: 2026-11-02
    ///     release: REL-001
    /// ```
    "RP0646", "approval-in-future", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    // The dates in the field of a release are those of `date-in-future`.
    let looked_at = approvals::each(subject, reports, |signed| match &signed.status {
        ApprovalStatus::InFuture { .. } if signed.is_record => Some(signed.report(signed.places.on())),
        _ => None,
    });
    for waiver in &subject.plan.waivers {
        if let Some(on) = waiver.on.filter(|on| on.value > subject.today) {
            let message = format!("a waiver dated {}, in the future", on.value);
            reports.push(Report::at(on.span, message).help("correct the date"));
        }
    }
    looked_at + subject.plan.waivers.len()
}
