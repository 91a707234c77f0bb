use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{ERROR, Subject, words};

declare_rule! {
    /// Evidence that is said to be about two commits.
    ///
    /// A report names another commit than the `evidence.json` of its folder, or
    /// than it names itself elsewhere. A report of last week may lie among those
    /// of today. What the report says itself counts.
    ///
    /// ```xml,bad
    /// <testsuites>
    ///   <testsuite name="unit">
    ///     <properties><property name="git.commit" value="4f2d9c1e8b7a"/></properties>
    ///     <testcase classname="login" name="a user signs in"/>
    ///   </testsuite>
    /// </testsuites>
    /// ```
    /// ```json,beside
    /// {"commit": "90ab12cd34ef8b7a6053d1c2b3a4958676564738", "time": "2026-11-20T08:00:00Z"}
    /// ```
    ///
    /// ```xml,good
    /// <testsuites>
    ///   <testsuite name="unit">
    ///     <properties><property name="git.commit" value="4f2d9c1e8b7a"/></properties>
    ///     <testcase classname="login" name="a user signs in"/>
    ///   </testsuite>
    /// </testsuites>
    /// ```
    /// ```json,beside
    /// {"commit": "4f2d9c1e8b7a6053d1c2b3a4958676564738291a"}
    /// ```
    "RP0624", "evidence-commits-contradict", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::CommitsContradict { other, elsewhere } = kind else { return None };
        let own = words::short(subject.sources.slice(span).trim_matches('"'));
        let message = format!("this report is about commit `{own}`, and about `{}`", words::short(other));
        let report = Report::at(span, message).and(*elsewhere, "the other commit");
        Some(report.help("remove the report of the other commit, or correct `evidence.json`"))
    })
}
