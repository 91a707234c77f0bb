use super::approvals;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};
use crate::verdict::approval::ApprovalStatus;

declare_rule! {
    /// An approval whose last day is over.
    ///
    /// It was given for a time, and does not count any more. Approve anew if it is
    /// still right. A later approval in the same role, or a release that is over,
    /// needs no other.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: Dana
    ///     on: 2026-11-02
    ///     release: REL-001
    ///     expires: 2026-11-16
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
    ///     expires: 2026-12-16
    /// ```
    "RP0644", "approval-expired", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    approvals::each(subject, reports, |signed| match &signed.status {
        ApprovalStatus::Expired { .. } if !signed.is_past => Some(signed.report(signed.places.expires())),
        _ => None,
    })
}
