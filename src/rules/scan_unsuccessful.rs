use super::{ERROR, Subject, evidence_defects};
use crate::evidence::{EvidenceDefectKind, ScanTrouble};
use crate::finding::Report;

declare_rule! {
    /// A scan that proves nothing.
    ///
    /// It says itself that it failed, or it has no list of results, not even an
    /// empty one, or its results stand in other files. That it names no problem
    /// says nothing then.
    ///
    /// ```json,bad
    /// {"version": "2.1.0", "runs": [{
    ///   "tool": {"driver": {"name": "scanner"}},
    ///   "invocations": [{"executionSuccessful": false}],
    ///   "results": []
    /// }]}
    /// ```
    ///
    /// ```json,bad
    /// {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "scanner"}}}]}
    /// ```
    ///
    /// ```json,good
    /// {"version": "2.1.0", "runs": [{
    ///   "tool": {"driver": {"name": "scanner"}},
    ///   "invocations": [{"executionSuccessful": true}],
    ///   "results": []
    /// }]}
    /// ```
    "RP0627", "scan-unsuccessful", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::ScanUnsuccessful { tool, trouble } = kind else { return None };
        let tool = if tool.is_empty() { "a scanner".to_owned() } else { format!("`{tool}`") };
        let (what, help) = match trouble {
            ScanTrouble::Failed => ("says itself that it failed", "see why in the log of CI, and scan again"),
            ScanTrouble::ExitCode(code) => {
                let message = format!("the scan by {tool} ended with exit code {code}, so it proves nothing");
                return Some(Report::at(span, message).help("see why in the log of CI, and scan again"));
            }
            ScanTrouble::ErrorNoted => (
                "notes an error of its own, so that some of it may be missing",
                "see why in the log of CI, and scan again",
            ),
            ScanTrouble::CutOff => ("is cut off", "let CI write the report again, whole"),
            ScanTrouble::NoResults => (
                "has no list of results, not even an empty one",
                "see whether it ran at all; a scan that found nothing writes `\"results\": []`",
            ),
            ScanTrouble::External => (
                "keeps parts of its results in other files, which are not read",
                "let it write one file, without external properties",
            ),
        };
        Some(Report::at(span, format!("the scan by {tool} {what}, so it proves nothing")).help(help))
    })
}
