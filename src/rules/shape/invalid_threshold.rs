use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects};

declare_rule! {
    /// A threshold of which a part is missing or cannot be read.
    ///
    /// A machine cannot act on it, and two people may read it differently. A
    /// threshold says what is compared with what, and for how long: `> 2% of
    /// requests for 5m`, `> 2pp over baseline for 5m`, `> 20% over baseline`,
    /// `p95 > 1000ms`, `failing for 5m`.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// type: Rollback
    /// title: Too many requests fail
    /// threshold: too many errors for 5m
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// type: Rollback
    /// title: Too many requests fail
    /// threshold: "> 2% of requests for 5m"
    /// ```
    "RP0113", "invalid-threshold", ERROR, since "0.1.0", formerly "threshold-not-understood"
}

const EXAMPLE: &str = "write a threshold such as `> 2% of requests for 5m`, in quotes";

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::Threshold { reason } = &defect.kind else { return None };
        let text = defects::text(subject, defect.span);
        let (problem, instruction) = reason.split_once("; ").unwrap_or((reason, EXAMPLE));
        let message = format!("{}`{text}` is not a valid threshold: {problem}", defects::of(defect));
        Some(Report::at(defect.span, message).help(instruction))
    })
}
