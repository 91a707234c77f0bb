use crate::finding::Report;
use crate::model::Text;
use crate::model::digest::Digest;
use crate::rules::{ERROR, Subject, words};

declare_rule! {
    /// An invalid digest.
    ///
    /// The digest of an approval identifies the approved content: `sha256:` and 64
    /// hexadecimal digits. An approval with an invalid digest does not count.
    /// `relplan approve` writes it.
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
    ///     digest: sha256:5d41402a
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
    "RP0649", "invalid-digest", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let of_fields = subject.plan.releases().flat_map(|(_, rel)| rel.approvals.iter());
    let digests: Vec<&Text<'_>> = of_fields
        .filter_map(|approval| approval.digest.as_ref())
        .chain(subject.plan.approvals.iter().filter_map(|record| record.digest.as_ref()))
        .collect();
    for digest in digests.iter().filter(|digest| Digest::parse(&digest.value).is_none()) {
        let message = format!("`{}` is not a digest", words::short(&digest.value));
        let help = "record the approval with `relplan approve`, which writes `sha256:` and 64 digits, or remove the line";
        reports.push(Report::at(digest.span, message).help(help));
    }
    digests.len()
}
