use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects};

declare_rule! {
    /// An entry without an id.
    ///
    /// Nothing can link to it, so it can prove nothing and be proved by nothing.
    /// An entry is named by `id:`, or its first key is the id and its value the
    /// title.
    ///
    /// ```yaml,bad
    /// - id: RUN-001
    ///   title: Switch the traffic back
    /// - title: Restore the database
    ///   owner: Operations
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Switch the traffic back
    /// - RUN-002: Restore the database
    ///   owner: Operations
    /// ```
    "RP0101", "missing-id", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let key = defects::text(subject, defect.span);
        Some(match defect.kind {
            DefectKind::IdMissing => {
                let message = format!("the entry starting with `{key}` has no id and was skipped");
                Report::at(defect.span, message).help("start it with an id, such as `id: DEP-001`")
            }
            DefectKind::IdEmpty => {
                let message = format!("the `{key}` of this entry is empty: the entry was skipped");
                Report::at(defect.span, message).help("add an id, such as `id: DEP-001`")
            }
            _ => return None,
        })
    })
}
