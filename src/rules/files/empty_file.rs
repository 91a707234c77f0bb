use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::Span;

declare_rule! {
    /// A file that belongs to the plan and holds nothing.
    ///
    /// Either something is missing in it, or it does not belong to the plan. An
    /// empty file is counted as read, which it should not be.
    ///
    /// ```yaml,bad
    /// # Risks, to be written after the workshop
    /// ```
    ///
    /// ```yaml,good
    /// id: RISK-001
    /// title: The new database is slower under load
    /// owner: Data Lead
    /// ```
    "RP0016", "empty-file", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for &file in &subject.plan.empty_files {
        let report = Report::at(Span::new(file, 0, 0), "no entries in the file");
        reports.push(report.help("add an entry, remove the file, or exclude it in `relplan.toml`"));
    }
    subject.plan.file_count
}
