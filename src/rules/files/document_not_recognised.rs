use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects};
use crate::source::Span;
use crate::source::edit::Edit;

declare_rule! {
    /// YAML that holds no entry.
    ///
    /// A document is one entry with `id:`, an entry whose first key is its id, a
    /// list of entries, `entries:` with a list, or a mapping whose keys are ids.
    /// Anything else was not read. A file that is no plan can be excluded in
    /// `relplan.toml`.
    ///
    /// ```yaml,bad
    /// entires:
    ///   - id: RUN-001
    ///     title: Switch the traffic back
    /// ```
    ///
    /// ```yaml,bad
    /// Release_Calendar:
    ///   Code_Freeze: 2 weeks before release
    /// ```
    ///
    /// ```yaml,good
    /// entries:
    ///   - id: RUN-001
    ///     title: Switch the traffic back
    /// ```
    "RP0017", "document-not-recognised", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::NotAnEntry { suggestion, found } = defect.kind else { return None };
        let key = defects::text(subject, defect.span);
        Some(match (suggestion, found) {
            (Some(name), _) => Report::at(defect.span, format!("unknown top-level key `{key}`"))
                .help(format!("did you mean `{name}`? The entries below it were read anyway"))
                .suggested_fix(format!("rename it to `{name}`"), vec![Edit::replace(defect.span, name)]),
            (None, "nothing") => Report::at(defect.span, "empty list item")
                .help("add an entry after the dash, or remove the dash"),
            (None, "a mapping") => {
                Report::at(defect.span, format!("the document starting with `{key}` has no entry"))
                    .help("start it with an id, such as `id: DEP-001`, or exclude the file in relplan.toml")
            }
            (None, found) => {
                Report::at(first_line(subject, defect.span), format!("`{key}` is {found}, not an entry"))
                    .help("write an entry: a mapping that starts with an id, such as `id: DEP-001`")
            }
        })
    });
    subject.plan.file_count
}

/// The first line of a text that may be a whole file.
fn first_line(subject: &Subject<'_>, span: Span) -> Span {
    let line = subject.sources.slice(span).lines().next().unwrap_or("");
    span.within(0, line.len())
}
