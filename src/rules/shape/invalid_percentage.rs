use crate::finding::Report;
use crate::model::defect::{Defect, DefectKind};
use crate::model::same_folded;
use crate::model::value::ShareReadings;
use crate::rules::{ERROR, Subject, defects};

declare_rule! {
    /// A share that is no percentage between 0 and 100, or has two readings.
    ///
    /// `0.3` without a unit is 30 % to one reader and 0.3 % to the next, so it is
    /// not read as either. A value that was not read counts as missing: a risk is
    /// not rated then.
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
    /// ```yaml,bad
    /// id: RISK-001
    /// title: The provider is late
    /// probability: 0.3
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
        let (wrong, help) = match &defect.kind {
            DefectKind::AmbiguousPercentage(readings) => return Some(ambiguous(subject, defect, readings)),
            DefectKind::NotAPercentage if is_probability(subject, defect) => {
                ("is not a probability", "write a percentage, such as `40%`, or `Low`, `Medium` or `High`")
            }
            DefectKind::NotAPercentage => ("is not a percentage", "write a percentage, such as `40%`"),
            DefectKind::PercentageOutOfRange => {
                ("is not between 0 and 100 %", "write a percentage, such as `40%`")
            }
            _ => return None,
        };
        let text = defects::text(subject, defect.span);
        Some(Report::at(defect.span, format!("{}`{text}` {wrong}", defects::of(defect))).help(help))
    })
}

fn ambiguous(subject: &Subject<'_>, defect: &Defect, readings: &ShareReadings) -> Report {
    let ShareReadings { of_one, of_hundred } = readings;
    let text = defects::text(subject, defect.span);
    let field = defect.field.map(|key| format!("{}: ", defects::unquoted(subject, key))).unwrap_or_default();
    let message =
        format!("{}`{field}{text}` has no unit and can mean {of_one} or {of_hundred}", defects::of(defect));
    Report::at(defect.span, message).help(format!("write `{of_one}` or `{of_hundred}`"))
}

/// Whether the field takes words, too.
fn is_probability(subject: &Subject<'_>, defect: &Defect) -> bool {
    defect.field.is_some_and(|key| same_folded(subject.sources.slice(key), "probability"))
}
