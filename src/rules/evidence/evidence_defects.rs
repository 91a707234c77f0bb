//! What rules that put defects of evidence into words have in common.

use crate::evidence::{Evidence, EvidenceDefect, EvidenceDefectKind};
use crate::finding::Report;
use crate::rules::Subject;
use crate::source::Span;

/// Asks for a report on every defect of the evidence; what was looked at are its files.
pub(super) fn each(
    subject: &Subject<'_>,
    reports: &mut Vec<Report>,
    report: impl Fn(Span, &EvidenceDefectKind) -> Option<Report>,
) -> usize {
    let Evidence { defects, more_defects, .. } = subject.evidence;
    for (index, EvidenceDefect { span, kind }) in defects.iter().enumerate() {
        let Some(report) = report(*span, kind) else { continue };
        let is_last = defects.get(index + 1).is_none_or(|next| next.span.file != span.file);
        let more = more_defects.iter().find(|(file, _)| is_last && *file == span.file);
        reports.push(match more {
            Some((_, more)) => {
                let message = format!("{}; {more} more problems in this file", report.message);
                Report { message, ..report }
            }
            None => report,
        });
    }
    // A file with a defect may have become no report.
    subject.evidence.reports.len() + defects.len()
}
