use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// An invalid time in evidence.
    ///
    /// Without a valid time the age of the evidence is unknown. Write times in RFC
    /// 3339; a time without an offset is taken as UTC.
    ///
    /// ```xml,bad
    /// <testsuite timestamp="20.11.2026 8 Uhr">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    ///
    /// ```xml,good
    /// <testsuite timestamp="2026-11-20T08:00:00Z">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    "RP0623", "invalid-evidence-time", WARNING, since "0.1.0", formerly "evidence-time-not-understood"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        if *kind != EvidenceDefectKind::TimeNotUnderstood {
            return None;
        }
        let text = words::short(subject.sources.slice(span).trim_matches('"'));
        let message = format!("`{text}` is no time, so the evidence says not when it was made");
        Some(Report::at(span, message).help("write it after RFC 3339: `2026-11-20T08:00:00Z`"))
    })
}
