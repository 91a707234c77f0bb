use super::traps;
use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{Subject, WARNING, defects};
use crate::source::edit::Edit;

declare_rule! {
    /// A text that is yes or no to other tools.
    ///
    /// To a reader of YAML 1.1, and there are many, `NO` and `on` without quotes
    /// are booleans: the country Norway becomes `false`. Here it was read as the
    /// text that it is.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Open the shop in another country
    /// tags: [SE, NO, FI]
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Open the shop in another country
    /// tags: [SE, 'NO', FI]
    /// ```
    "RP0021", "boolean-for-text", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::BooleanForText = defect.kind else { return None };
        let text = subject.sources.slice(defect.span);
        let message =
            format!("{}`{text}` is a boolean in YAML 1.1, but text is expected", defects::of(defect));
        let edit = Edit::replace(defect.span, traps::quoted(text));
        Some(
            Report::at(defect.span, message)
                .help(format!("quote it: `'{text}'`"))
                .safe_fix("quote the value", vec![edit]),
        )
    })
}
