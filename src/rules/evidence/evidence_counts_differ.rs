use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// Evidence whose stated total differs from its content.
    ///
    /// Either results were lost on the way into the report, or its writer
    /// miscounts. relplan counts the content; readers of the totals see other
    /// figures.
    ///
    /// ```xml,bad
    /// <testsuite tests="3" failures="0">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    ///
    /// ```lcov,bad
    /// SF:src/login.rs
    /// DA:1,1
    /// DA:2,0
    /// LF:2
    /// LH:2
    /// end_of_record
    /// ```
    ///
    /// ```xml,good
    /// <testsuite tests="1" failures="0">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    "RP0622", "evidence-counts-differ", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::CountsDiffer { what, stated, counted } = kind else { return None };
        let message = format!("the report states {stated} for `{what}`, but contains {counted}");
        let help = match stated > counted {
            true => "write the report again, whole: only what it contains counts",
            false => "only what the report contains counts: report the difference to the maker of the tool",
        };
        Some(Report::at(span, message).help(help))
    })
}
