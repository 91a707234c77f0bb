use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// Coverage reports of two source files that name them alike.
    ///
    /// In a repository of many packages `src/index.ts` of one is not that of
    /// another. Reports of different folders or modules count as two files, and
    /// so do reports of one format that list different lines of a file. If they
    /// are one file, the share of covered lines comes out too low. The second
    /// report is in another folder.
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
        let EvidenceDefectKind::SameFileName { path, other, in_one_folder } = kind else { return None };
        let other = subject.sources.file(*other).name();
        let message = match in_one_folder {
            true => format!(
                "`{path}` has other lines or another module in `{other}`, and counts as two source files"
            ),
            false => format!("`{path}` is also in `{other}`, and counts as two source files"),
        };
        let help = match in_one_folder {
            true => {
                "if it is one file, measure it at one commit and merge the data with the coverage tool; if not, write \
                 paths from the repository root"
            }
            false => {
                "if it is one file, put both reports in one folder; if not, write paths from the repository root"
            }
        };
        Some(Report::at(span, message).help(help))
    })
}
