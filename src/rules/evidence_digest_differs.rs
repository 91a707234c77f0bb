use super::{ERROR, Subject, evidence_defects};
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;

declare_rule! {
    /// A report whose bytes are not those that `evidence.json` vouches for.
    ///
    /// `relplan stamp` writes the SHA-256 of each report of a run. A report that
    /// has another one was changed or replaced afterwards. What passed in it does
    /// not count.
    "RP0635", "evidence-digest-differs", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::DigestDiffers { elsewhere } = kind else { return None };
        let message = "this report is not the one that `evidence.json` vouches for";
        let help = "run `relplan stamp` after the last report is written, in the run that wrote it";
        Some(Report::at(span, message).help(help).and(*elsewhere, "its digest is stated here"))
    })
}
