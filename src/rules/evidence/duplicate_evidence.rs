use super::evidence_defects;
use crate::evidence::EvidenceDefectKind;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};
use crate::source::Span;

declare_rule! {
    /// Two files of evidence with the same bytes.
    ///
    /// A report was copied, or collected twice, perhaps in place of another one
    /// that is missing now. It counts once.
    ///
    /// ```xml,bad
    /// <testsuite>
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    /// ```xml,beside
    /// <testsuite>
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    ///
    /// ```xml,good
    /// <testsuite>
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    /// ```xml,beside
    /// <testsuite>
    ///   <testcase classname="login" name="a user signs out"/>
    /// </testsuite>
    /// ```
    "RP0625", "duplicate-evidence", WARNING, since "0.1.0", formerly "same-evidence-twice"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::SameTwice { first } = kind else { return None };
        let names = [span.file, *first].map(|file| subject.sources.file(file).name());
        let message = format!("`{}` is the same evidence as `{}` and counts once", names[0], names[1]);
        let report = Report::at(span, message).and(Span::new(*first, 0, 0), "the one that counts");
        Some(report.help("remove the copy, and check whether another report is missing in its place"))
    })
}
