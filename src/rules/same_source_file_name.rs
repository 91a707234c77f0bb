use super::{Subject, WARNING, evidence_defects};
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;

declare_rule! {
    /// Coverage reports of different folders that name a source file alike.
    ///
    /// In a repository of many packages `src/index.ts` of one is not that of
    /// another. They count as two files. If they are one file, the share of
    /// covered lines comes out too low. The second report is in another folder.
    ///
    /// ```lcov,bad
    /// SF:src/login.rs
    /// DA:1,1
    /// end_of_record
    /// ```
    ///
    /// ```lcov,beside
    /// SF:src/login.rs
    /// DA:1,0
    /// DA:2,0
    /// end_of_record
    /// ```
    ///
    /// ```lcov,good
    /// SF:src/login.rs
    /// DA:1,1
    /// end_of_record
    /// ```
    "RP0634", "same-source-file-name", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::SameFileName { path, other } = kind else { return None };
        let other = subject.sources.file(*other).name();
        let message = format!("`{path}` is also in `{other}`, and counts as two source files");
        let help =
            "if it is one file, put both reports in one folder; if not, write paths from the repository root";
        Some(Report::at(span, message).help(help))
    })
}
