use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects};
use crate::source::edit::Edit;

declare_rule! {
    /// Several entries in one document without a line `---` between them.
    ///
    /// In YAML they are one mapping in which nearly every key is a duplicate.
    /// relplan read them as separate entries; other tools keep the last value of
    /// each key, or stop with an error.
    ///
    /// ```yaml,bad
    /// RUN-001: Switch the traffic back
    /// Owner: Platform Team
    /// RUN-002: Restore the database
    /// Owner: Data Team
    /// ```
    ///
    /// ```yaml,good
    /// RUN-001: Switch the traffic back
    /// Owner: Platform Team
    /// ---
    /// RUN-002: Restore the database
    /// Owner: Data Team
    /// ```
    "RP0024", "missing-separator", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::SeparatorMissing { first } = defect.kind else { return None };
        let id = defects::text(subject, defect.span);
        let before = defects::text(subject, first);
        let file = subject.sources.file(defect.span.file);
        let line_break = if file.text().contains("\r\n") { "\r\n" } else { "\n" };
        let edit = Edit::insert(defect.span, format!("---{line_break}"));
        let message = format!("missing `---` between `{before}` and `{id}`");
        let report = Report::at(defect.span, message)
            .and(first, "the entry before it")
            .help("add a line `---` between the two entries");
        // Indented, the line would be a part of the text above it.
        let indented = subject.sources.start(defect.span).column > 1;
        Some(if indented { report } else { report.safe_fix("add `---`", vec![edit]) })
    })
}
