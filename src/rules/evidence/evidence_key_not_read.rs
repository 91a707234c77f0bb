use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A key or column of evidence that is not read.
    ///
    /// Measurements have a name, a value, a unit, a time and a commit; everything
    /// else tells what was measured. `evidence.json` has a commit, a time, a run
    /// and reports. A key that is misspelt there says nothing.
    ///
    /// ```json,bad
    /// {"metrics": [{"name": "error rate", "value": 0.4, "unti": "%"}]}
    /// ```
    ///
    /// ```json,good
    /// {"metrics": [{"name": "error rate", "value": 0.4, "unit": "%"}]}
    /// ```
    "RP0633", "evidence-key-not-read", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::KeyNotRead { key } = kind else { return None };
        let message = format!("unknown key `{key}`");
        Some(Report::at(span, message).help("correct the spelling, or remove the key"))
    })
}
