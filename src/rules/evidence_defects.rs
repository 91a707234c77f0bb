//! What rules that put defects of evidence into words have in common.

use super::Subject;
use crate::evidence::{EvidenceDefect, EvidenceDefectKind};
use crate::finding::Report;
use crate::source::Span;

/// Asks for a report on every defect of the evidence; what was looked at are its files.
pub(super) fn each(
    subject: &Subject<'_>,
    reports: &mut Vec<Report>,
    report: impl Fn(Span, &EvidenceDefectKind) -> Option<Report>,
) -> usize {
    let defects = &subject.evidence.defects;
    reports.extend(defects.iter().filter_map(|EvidenceDefect { span, kind }| report(*span, kind)));
    // A file with a defect may have become no report.
    subject.evidence.reports.len() + defects.len()
}
