use super::{Subject, WARNING, defects};
use crate::finding::Report;
use crate::model::defect::DefectKind;

declare_rule! {
    /// A key without a value.
    ///
    /// An empty field counts as absent. Whoever wrote the key meant to come back.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner:
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Operations
    /// ```
    "RP0105", "empty-field", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::EmptyField = defect.kind else { return None };
        let key = defects::text(subject, defect.span);
        let message =
            format!("{}`{key}` has no value, which counts as if it were not there", defects::of(defect));
        Some(Report::at(defect.span, message).help("give it a value, or remove the key"))
    })
}
