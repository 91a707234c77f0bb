use super::approvals;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::verdict::approval::ApprovalStatus;

declare_rule! {
    /// An approval by the one who answers for what is approved, or wrote it.
    ///
    /// A second pair of eyes is what an approval is for. The owner and the author
    /// of a release, or of the entries that are signed, cannot give it, and nor can
    /// a delegate of theirs. A role that may do so says `may_approve_own = true` in
    /// `relplan.toml`.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// owner: Dana
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: dana@example.com
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
    /// owner: Tess
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: dana@example.com
    ///     on: 2026-11-02
    ///     release: REL-001
    /// ```
    /// ```toml,good
    /// [roles."QA Lead"]
    /// holders = [{ person = "dana@example.com", name = "Dana", from = 2026-06-01 }]
    /// ```
    "RP0642", "self-approval", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    approvals::each(subject, reports, |signed| match &signed.status {
        ApprovalStatus::OwnWork { .. } => Some(signed.report(signed.places.by())),
        _ => None,
    })
}
