use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A report that is more than a day older than the run it is said to be of.
    ///
    /// It may be left over from an earlier run in the same folder. Its own time
    /// counts, not that of the run.
    ///
    /// ```xml,bad
    /// <testsuite timestamp="2026-11-01T08:00:00Z">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    /// ```json,beside
    /// {"time": "2026-11-19T08:00:00Z"}
    /// ```
    ///
    /// ```xml,good
    /// <testsuite timestamp="2026-11-19T08:00:00Z">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    /// ```json,beside
    /// {"time": "2026-11-19T08:30:00Z"}
    /// ```
    "RP0637", "evidence-older-than-run", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::OlderThanRun { elsewhere } = kind else { return None };
        let message = "the report is more than a day older than its run in `evidence.json`";
        let help = "clear the folder of reports before each run";
        Some(Report::at(span, message).help(help).and(*elsewhere, "time of the run"))
    })
}
