use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects};

declare_rule! {
    /// One field under two spellings of its key.
    ///
    /// `Linked IDs` and `linked_ids` are the same field, so one of the two values
    /// would be lost. Only the first is read.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// Owner: Operations
    /// owner: Platform Team
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Operations
    /// ```
    "RP0104", "repeated-key", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::SameKey { first } = defect.kind else { return None };
        let (key, other) = (defects::text(subject, defect.span), defects::text(subject, first));
        let message = format!(
            "{}`{key}` and `{other}` are the same field: only the first is read",
            defects::of(defect)
        );
        Some(Report::at(defect.span, message).and(first, "read here").help("merge the two, or remove one"))
    })
}
