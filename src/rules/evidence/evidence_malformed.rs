use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::yaml::LARGEST_FILE;

declare_rule! {
    /// A malformed evidence file.
    ///
    /// It was cut off while it was written or copied, or it has another format.
    /// relplan read the part before the defect, but that proves nothing: a failed
    /// test may be in the missing part.
    ///
    /// ```xml,bad
    /// <testsuite tests="2">
    ///   <testcase classname="login" name="a user signs in"/>
    /// ```
    ///
    /// ```json,bad
    /// {"metrics": [{"name": "error rate", "value": 0.4},
    /// ```
    ///
    /// ```lcov,bad
    /// SF:src/login.rs
    /// DA:1,1
    /// ```
    ///
    /// ```xml,good
    /// <testsuite tests="2">
    ///   <testcase classname="login" name="a user signs in"/>
    ///   <testcase classname="login" name="a user signs out"/>
    /// </testsuite>
    /// ```
    "RP0621", "evidence-malformed", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| match kind {
        EvidenceDefectKind::Malformed { reason, .. } => {
            let message = format!("malformed evidence: {reason}");
            Some(
                Report::at(span, message)
                    .help("let CI write the report again: until then nothing in it counts as passed"),
            )
        }
        EvidenceDefectKind::TooLarge { size } => {
            let (size, limit) = (size.div_ceil(1 << 20), LARGEST_FILE >> 20);
            let message = format!("evidence file of {size} MiB exceeds the limit of {limit} MiB");
            Some(Report::at(span, message).help("split the report, or leave out the output of tests"))
        }
        _ => None,
    })
}
