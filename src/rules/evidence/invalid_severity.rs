use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A scan result whose severity cannot be read, or that contradicts itself.
    ///
    /// A severity that is stated and cannot be read may be as bad as any, so the
    /// scan is UNKNOWN. The same holds for a result that says that it is no
    /// problem and states a severity all the same.
    ///
    /// ```json,bad
    /// {"version": "2.1.0", "runs": [{
    ///   "tool": {"driver": {"name": "scanner"}},
    ///   "results": [{"ruleId": "A", "message": {"text": "a"},
    ///     "properties": {"security-severity": "critical"}}]
    /// }]}
    /// ```
    ///
    /// ```json,good
    /// {"version": "2.1.0", "runs": [{
    ///   "tool": {"driver": {"name": "scanner"}},
    ///   "results": [{"ruleId": "A", "message": {"text": "a"},
    ///     "properties": {"security-severity": "9.8"}}]
    /// }]}
    /// ```
    "RP0632", "invalid-severity", WARNING, since "0.1.0", formerly "severity-not-understood"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::SeverityNotUnderstood { reason } = kind else { return None };
        let message = format!("unknown severity: {reason}");
        let help =
            "let the scanner write a severity that its format knows; a score is a number from 0.0 to 10.0";
        Some(Report::at(span, message).help(help))
    })
}
