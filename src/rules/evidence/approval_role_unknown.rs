use super::approvals;
use crate::finding::Report;
use crate::rules::{ERROR, Subject, defects};
use crate::verdict::approval::ApprovalStatus;

declare_rule! {
    /// An approval in a role that the roster does not have.
    ///
    /// An unknown role has no holders, so the approval does not count, and a
    /// release that requires the role can never be approved.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Led
    ///     by: Dana
    ///     on: 2026-11-02
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
    ///     on: 2026-11-02
    ///     release: REL-001
    /// ```
    /// ```toml,good
    /// [roles."QA Lead"]
    /// holders = [{ person = "dana@example.com", name = "Dana", from = 2026-06-01 }]
    /// ```
    "RP0640", "approval-role-unknown", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let looked_at = approvals::each(subject, reports, |signed| {
        let ApprovalStatus::UnknownRole { near } = &signed.status else { return None };
        let place = signed.places.role();
        let report = signed.report(place);
        // Of several roles in one text only the whole text could be replaced.
        let alone = defects::unquoted(subject, place).trim() == signed.role;
        Some(match near.as_ref().filter(|_| alone) {
            Some(near) => {
                let edit = defects::replace_inside_quotes(subject, place, near);
                report.suggested_fix(format!("write `{near}`"), vec![edit])
            }
            None => report,
        })
    });
    if subject.config.roster.is_some() { looked_at } else { 0 }
}
