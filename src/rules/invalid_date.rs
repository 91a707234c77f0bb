use super::{ERROR, Subject, defects};
use crate::finding::Report;
use crate::model::defect::DefectKind;

declare_rule! {
    /// A text where a date belongs.
    ///
    /// Dates are written year, month, day: `2027-03-01` (ISO 8601). Other orders
    /// mean different days to different readers. The value was not read.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Users sign in
    /// due: 1 March 2027
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Users sign in
    /// due: 2027-03-01
    /// ```
    "RP0108", "invalid-date", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::NotADate = defect.kind else { return None };
        let text = defects::text(subject, defect.span);
        let message = format!("{}`{text}` is not a date", defects::of(defect));
        Some(Report::at(defect.span, message).help("write year, month and day, such as `2027-03-01`"))
    })
}
