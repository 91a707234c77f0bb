use super::approvals;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::verdict::approval::ApprovalStatus;

declare_rule! {
    /// An approval whose signature is not valid.
    ///
    /// The record says something else than what was signed, the signature was made
    /// for something else, or its key is not one that `allowed_signers` gives to
    /// the person on that day. Such an approval counts for nothing.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: dana@example.com
    ///     on: 2026-11-02
    ///     release: REL-001
    ///     signature: not a signature
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: dana@example.com
    ///     on: 2026-11-02
    ///     release: REL-001
    /// ```
    "RP0654", "signature-invalid", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    approvals::each(subject, reports, |signed| match &signed.status {
        ApprovalStatus::BadSignature { .. } if !signed.is_past => {
            Some(signed.report(signed.places.signature()))
        }
        _ => None,
    })
}
