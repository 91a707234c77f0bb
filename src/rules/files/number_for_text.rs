use super::traps;
use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::model::same_folded;
use crate::rules::{Subject, WARNING, defects};
use crate::source::edit::Edit;

declare_rule! {
    /// A text that is a number to other tools, and loses its last zero there.
    ///
    /// Without quotes `1.10` is the number 1.1, so one version becomes another.
    /// Here it was read as the text that it is.
    ///
    /// ```yaml,bad
    /// id: FEA-001
    /// title: Suggestions while typing
    /// release: 1.10
    /// ```
    ///
    /// ```yaml,good
    /// id: FEA-001
    /// title: Suggestions while typing
    /// release: '1.10'
    /// ```
    "RP0022", "number-for-text", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::NumberForText = defect.kind else { return None };
        let text = subject.sources.slice(defect.span);
        let number = text.trim_end_matches('0').trim_end_matches('.');
        let message = format!(
            "{}`{text}` is the number {number} to other YAML tools, but text is expected",
            defects::of(defect)
        );
        let key = traps::key_before(subject, defect.span).unwrap_or("");
        let version = ["release", "target_release", "version"].iter().any(|name| same_folded(name, key));
        let help = if version {
            format!("quote the version: `'{text}'`; a release has three numbers, such as `{text}.0`")
        } else {
            format!("quote it: `'{text}'`")
        };
        let edit = Edit::replace(defect.span, traps::quoted(text));
        Some(Report::at(defect.span, message).help(help).safe_fix("quote the value", vec![edit]))
    })
}
