//! What rules that put defects of the reader into words have in common.

use super::Subject;
use crate::finding::Report;
use crate::model::defect::Defect;
use crate::source::Span;
use crate::source::edit::Edit;

/// Asks for a report on every defect of the plan; what was looked at are its
/// entries. What is wrong in `defaults` is wrong once, however many entries
/// they serve.
pub(super) fn each(
    subject: &Subject<'_>,
    reports: &mut Vec<Report>,
    report: impl Fn(&Defect) -> Option<Report>,
) -> usize {
    reports.extend(subject.plan.defects.iter().filter_map(report));
    super::words::keep_first_of_each_place(reports);
    subject.plan.entries().len()
}

/// The entry that a defect belongs to, to begin a message with; nothing if it belongs to none.
pub(super) fn of(defect: &Defect) -> String {
    defect.owner.map(|id| format!("{id}: ")).unwrap_or_default()
}

/// The field that a defect is about: its key, in backticks.
pub(super) fn field(subject: &Subject<'_>, defect: &Defect) -> String {
    match defect.field {
        Some(key) => format!("`{}`", unquoted(subject, key)),
        None => "this field".to_owned(),
    }
}

/// The offending text, cut to a length that fits a message.
pub(super) fn text(subject: &Subject<'_>, span: Span) -> String {
    super::words::short(subject.sources.slice(span).trim())
}

/// The value of a scalar without its quotes.
pub(super) fn unquoted<'a>(subject: &Subject<'a>, span: Span) -> &'a str {
    subject.sources.slice(span).trim().trim_matches(['"', '\''])
}

/// A replacement of the text inside the quotes, if it has any.
pub(super) fn replace_inside_quotes(subject: &Subject<'_>, span: Span, new: &str) -> Edit {
    let text = subject.sources.slice(span);
    let quoted = text.len() >= 2 && text.starts_with(['"', '\'']) && text.ends_with(['"', '\'']);
    let inside = if quoted { span.within(1, text.len() - 1) } else { span };
    Edit::replace(inside, new)
}
