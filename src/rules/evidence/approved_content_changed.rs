use super::approvals;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};
use crate::verdict::approval::ApprovalStatus;

declare_rule! {
    /// Content that changed after its approval.
    ///
    /// The digest of an approval covers the approved entries, without comments,
    /// layout and progress; that of a release also covers its gates and thresholds
    /// in `relplan.toml`. A later change voids the approval. Review the change and
    /// approve again, or revert it. Past releases are not checked.
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
    ///     digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
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
    ///     digest: sha256:e0588c3e59c0b2b6f658ce2796f7510a99aa1fc3007cea2cbcdd9f2574511862
    /// ```
    "RP0643", "approved-content-changed", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    approvals::each(subject, reports, |signed| match &signed.status {
        ApprovalStatus::ContentChanged { .. } if !signed.is_past => {
            Some(signed.report(signed.places.digest()))
        }
        _ => None,
    })
}
