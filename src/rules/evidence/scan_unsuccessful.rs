use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A scan that proves nothing.
    ///
    /// It says itself that it failed, its process ended with an error, it reports
    /// an error of its own, it has no list of results, not even an empty one, or
    /// its results are in other files. That it names no problem proves nothing
    /// then.
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
    /// ```json,bad
    /// {"version": "2.1.0", "runs": [{
    ///   "tool": {"driver": {"name": "scanner"}},
    ///   "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": [
    ///     {"level": "error", "message": {"text": "Timeout in src/login.py"}}]}],
    ///   "results": []
    /// }]}
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
        let EvidenceDefectKind::ScanUnsuccessful { tool, trouble, note } = kind else { return None };
        let by = if tool.is_empty() { String::new() } else { format!(" by `{tool}`") };
        let mut message = format!("unsuccessful scan{by}: {}", trouble.words());
        if let Some(note) = note {
            message.push_str(": ");
            message.push_str(note);
        }
        Some(Report::at(span, message).help(trouble.help()))
    })
}
