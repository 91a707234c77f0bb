use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A report that `evidence.json` vouches for, and that is not there.
    ///
    /// `relplan stamp` names every report of a run. If one of them is missing,
    /// the test that failed may be in it, so what passed in the others does not
    /// count.
    ///
    /// ```xml,bad
    /// <testsuite tests="1">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    /// ```json,beside
    /// {"reports": {
    ///   "report.xml": "sha256:918ed5004438bc733740e8671a529b1bca1354167f895718d5845a22cdb24bd0",
    ///   "windows.xml": "sha256:0000000000000000000000000000000000000000000000000000000000000000"
    /// }}
    /// ```
    ///
    /// ```xml,good
    /// <testsuite tests="1">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    /// ```json,beside
    /// {"time": "2026-11-20T08:00:00Z"}
    /// ```
    "RP0638", "vouched-report-missing", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::VouchedReportMissing { path } = kind else { return None };
        let message = format!("report `{path}` is missing: what passed in its run does not count");
        let help = "restore the report, or add it to `files` of `[evidence]`; if the run has no such report, stamp the run again";
        Some(Report::at(span, message).help(help))
    })
}
