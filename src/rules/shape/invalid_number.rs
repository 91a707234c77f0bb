use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects};

declare_rule! {
    /// A text where a number belongs, or a fraction where things are counted.
    ///
    /// The value was not read.
    ///
    /// ```yaml,bad
    /// id: DEP-001
    /// type: Environment
    /// name: staging
    /// order: second
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-001
    /// type: Environment
    /// name: staging
    /// order: 2
    /// ```
    "RP0110", "invalid-number", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let (wrong, help) = match defect.kind {
            DefectKind::NotANumber => ("is not a number", "write a number, such as `2` or `0.5`"),
            DefectKind::NotAnAmount => (
                "is not a whole number or a range",
                "write a number, or a range with the lower number first, such as `8..15`",
            ),
            DefectKind::NotAWholeNumber => {
                ("is not a whole number of 0 or more", "write a whole number, such as `2`")
            }
            _ => return None,
        };
        let text = defects::text(subject, defect.span);
        Some(Report::at(defect.span, format!("{}`{text}` {wrong}", defects::of(defect))).help(help))
    })
}
