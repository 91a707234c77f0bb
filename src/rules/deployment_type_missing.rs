use super::{ERROR, Subject, defects};
use crate::finding::Report;
use crate::model::defect::DefectKind;

declare_rule! {
    /// A deployment item that does not say which of the five kinds it is.
    ///
    /// Environment, Criteria, Rollback, Validation and Step have different fields
    /// and different duties. Without `type` the kind is guessed from the fields.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Too many requests fail
    /// trigger: More than two requests in a hundred fail
    /// threshold: "> 2% of requests for 5m"
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// type: Rollback
    /// title: Too many requests fail
    /// trigger: More than two requests in a hundred fail
    /// threshold: "> 2% of requests for 5m"
    /// ```
    "RP0115", "deployment-type-missing", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::KindMissing { inferred } = defect.kind else { return None };
        let id = defects::text(subject, defect.span);
        let message = format!("`{id}` does not say which kind of deployment item it is");
        Some(Report::at(defect.span, message).help(format!("its fields look like `type: {inferred}`")))
    })
}
