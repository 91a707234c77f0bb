use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A report that the `evidence.json` above it does not name.
    ///
    /// `relplan stamp` names the reports of a run. One that is not among them may
    /// be left over from another run. What passed in it does not count.
    ///
    /// ```xml,bad
    /// <testsuite tests="1">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    /// ```json,beside
    /// {"reports": {
    ///   "unit.xml": "sha256:918ed5004438bc733740e8671a529b1bca1354167f895718d5845a22cdb24bd0"
    /// }}
    /// ```
    ///
    /// ```xml,good
    /// <testsuite tests="1">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    /// ```json,beside
    /// {"reports": {
    ///   "report.xml": "sha256:918ed5004438bc733740e8671a529b1bca1354167f895718d5845a22cdb24bd0"
    /// }}
    /// ```
    "RP0636", "evidence-not-vouched-for", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::NotVouchedFor { elsewhere } = kind else { return None };
        let message = "the report is not listed in `evidence.json`";
        let help = "remove the report if it is from another run, or run `relplan stamp` again";
        Some(Report::at(span, message).help(help).and(*elsewhere, "the reports of the run are listed here"))
    })
}
