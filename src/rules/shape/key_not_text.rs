use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects};

declare_rule! {
    /// A key that is a list or a mapping.
    ///
    /// YAML allows it, a plan does not: braces or brackets at the beginning of a
    /// line make a value out of what was meant as text. The field was not read.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// [owner]: Operations
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Operations
    /// ```
    "RP0116", "key-not-text", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::KeyNotText = defect.kind else { return None };
        let key = defects::text(subject, defect.span);
        let message = format!("{}`{key}` is a list or a mapping, not a key", defects::of(defect));
        Some(
            Report::at(defect.span, message)
                .help("write a field name, or quote the key if the brackets are text"),
        )
    })
}
