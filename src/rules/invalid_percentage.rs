use super::{ERROR, Subject, defects};
use crate::finding::Report;
use crate::model::defect::{Defect, DefectKind};
use crate::model::same_folded;

declare_rule! {
    /// A share that is no percentage between 0 and 100.
    ///
    /// The value was not read.
    ///
    /// ```yaml,bad
    /// id: RISK-001
    /// title: The provider is late
    /// probability: 140%
    /// ```
    ///
    /// ```yaml,bad
    /// id: RISK-001
    /// title: The provider is late
    /// probability: rather likely
    /// ```
    ///
    /// ```yaml,good
    /// id: RISK-001
    /// title: The provider is late
    /// probability: 40%
    /// ```
    "RP0111", "invalid-percentage", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let (wrong, help) = match defect.kind {
            DefectKind::NotAPercentage if is_probability(subject, defect) => {
                ("is not a probability", "write a percentage, such as `40%`, or `Low`, `Medium` or `High`")
            }
            DefectKind::NotAPercentage => ("is not a percentage", "write a percentage, such as `40%`"),
            DefectKind::PercentageOutOfRange => {
                ("is not between 0 and 100 %", "write a share of a whole, such as `40%`")
            }
            _ => return None,
        };
        let text = defects::text(subject, defect.span);
        Some(Report::at(defect.span, format!("{}`{text}` {wrong}", defects::of(defect))).help(help))
    })
}

/// Whether the field takes words, too.
fn is_probability(subject: &Subject<'_>, defect: &Defect) -> bool {
    defect.field.is_some_and(|key| same_folded(subject.sources.slice(key), "probability"))
}
