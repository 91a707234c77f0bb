use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects};

declare_rule! {
    /// A text where a span of time belongs.
    ///
    /// A duration is a number and a unit (`5m`, `1h30m`, `2 weeks`), a window two
    /// of them (`0h..2h`). A month is no duration: its length varies. The value
    /// was not read.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// type: Rollback
    /// title: Too many requests fail
    /// max_duration: quickly
    /// ```
    ///
    /// ```yaml,bad
    /// id: DEP-004
    /// type: Validation
    /// title: Users can sign in
    /// window: 2h..0h
    /// ```
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Visual designer
    /// estimate: -3d
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// type: Rollback
    /// title: Too many requests fail
    /// max_duration: 5m
    /// ```
    "RP0112", "invalid-duration", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let (wrong, help) = match &defect.kind {
            DefectKind::NotADuration => {
                ("is not a duration".to_owned(), "write a number and a unit, such as `5m` or `2 weeks`")
            }
            DefectKind::NotAnEffort => (
                "is not an amount of work".to_owned(),
                "write a positive number of weeks, days or hours, such as `5d` or `2w`; a day has 8 hours, a week 5 days",
            ),
            DefectKind::NotAWindow { reason } => (
                format!("is not a window: {reason}"),
                "write start and end after the deployment, such as `0h..2h`",
            ),
            _ => return None,
        };
        let text = defects::text(subject, defect.span);
        Some(Report::at(defect.span, format!("{}`{text}` {wrong}", defects::of(defect))).help(help))
    })
}
