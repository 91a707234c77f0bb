use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{Subject, WARNING, defects};

declare_rule! {
    /// A line of settings that is not `KEY=value`.
    ///
    /// Settings are compared between environments. A line without `=` cannot be.
    ///
    /// ```yaml,bad
    /// id: DEP-001
    /// type: Environment
    /// name: staging
    /// configuration:
    ///   - LOG_LEVEL=info
    ///   - metrics enabled
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-001
    /// type: Environment
    /// name: staging
    /// configuration:
    ///   - LOG_LEVEL=info
    ///   - METRICS=enabled
    /// ```
    "RP0117", "setting-without-value", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::NotASetting = defect.kind else { return None };
        let line = defects::text(subject, defect.span);
        let message = format!("{}`{line}` is not a setting: no `=`", defects::of(defect));
        Some(Report::at(defect.span, message).help("write `KEY=value`, or make `configuration` a mapping"))
    })
}
