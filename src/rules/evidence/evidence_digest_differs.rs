use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A report whose bytes are not those that `evidence.json` vouches for.
    ///
    /// `relplan stamp` writes the SHA-256 of each report of a run. A report that
    /// has another one was changed or replaced afterwards. What passed in it does
    /// not count.
    ///
    /// ```xml,bad
    /// <testsuite tests="1">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    /// ```json,beside
    /// {"reports": {
    ///   "report.xml": "sha256:0000000000000000000000000000000000000000000000000000000000000000"
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
    "RP0635", "evidence-digest-differs", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::DigestDiffers { elsewhere } = kind else { return None };
        let message = "the report differs from its digest in `evidence.json`";
        let help = "run `relplan stamp` in the same CI run, after the last report is written";
        Some(Report::at(span, message).help(help).and(*elsewhere, "digest here"))
    })
}
