use super::approvals;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::verdict::approval::ApprovalStatus;

declare_rule! {
    /// An approval by a person who did not hold the role on that day.
    ///
    /// An approval counts only from a holder of the role on its date: not after the
    /// person left the role, and not before they got it. Ask a current holder of
    /// the role to approve.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: Dana
    ///     on: 2026-05-29
    ///     release: REL-001
    /// ```
    /// ```toml,bad
    /// [roles."QA Lead"]
    /// holders = [{ person = "dana@example.com", name = "Dana", from = 2026-06-01 }]
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
    ///     on: 2026-06-01
    ///     release: REL-001
    /// ```
    /// ```toml,good
    /// [roles."QA Lead"]
    /// holders = [{ person = "dana@example.com", name = "Dana", from = 2026-06-01 }]
    /// ```
    "RP0641", "approval-not-held", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let looked_at = approvals::each(subject, reports, |signed| match &signed.status {
        ApprovalStatus::NotHeld { .. } | ApprovalStatus::UnknownPerson { .. } => {
            Some(signed.report(signed.places.by()))
        }
        ApprovalStatus::LeftRoster { .. }
        | ApprovalStatus::NotYetOnRoster { .. }
        | ApprovalStatus::Forsaken { .. } => Some(signed.report(signed.places.on())),
        _ => None,
    });
    if subject.config.roster.is_some() { looked_at } else { 0 }
}
