use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::model::rel::RelType;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A hotfix without minimal tests.
    ///
    /// Testing of a hotfix takes hours, not weeks. `minimal_tests` says beforehand which
    /// tests it cannot go without, so that nobody has to choose them in the night.
    /// Hotfixes that are over are not judged.
    ///
    /// ```yaml,bad
    /// - id: REL-002
    ///   title: Sign-in works again
    ///   version: "2.4.1"
    ///   type: hotfix
    ///   date: 2027-03-02
    ///   cause: production down
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-002
    ///   title: Sign-in works again
    ///   version: "2.4.1"
    ///   type: hotfix
    ///   date: 2027-03-02
    ///   cause: production down
    ///   minimal_tests: TEST-001
    /// - {id: TEST-001, title: A user signs in}
    /// ```
    "RP0735", "hotfix-without-tests", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        let is_hotfix = release.rel_type() == Some(RelType::Hotfix);
        if !is_hotfix || release.is_over() {
            continue;
        }
        looked_at += 1;
        if release.minimal_tests.is_empty() && !unreadable.has(entry.id.value, "minimal_tests") {
            let report =
                Report::at(entry.id.span, format!("{}: hotfix without minimal tests", entry.id.value));
            reports.push(report.help("add `minimal_tests: TEST-001`, the tests that it cannot go without"));
        }
    }
    looked_at
}
