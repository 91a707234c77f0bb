use crate::finding::Report;
use crate::rules::{Subject, WARNING, link_rules};

declare_rule! {
    /// An EPIC that is part of more than one EPIC.
    ///
    /// Its estimate and its progress would be counted in both, so neither sum
    /// is right. If it serves both, let the other depend on it.
    ///
    /// ```yaml,bad
    /// - id: EPIC-01
    ///   title: Designer
    ///   tests: TEST-001
    /// - id: EPIC-02
    ///   title: Portal
    ///   tests: TEST-001
    /// - id: EPIC-03
    ///   title: Sign-in
    ///   tests: TEST-001
    ///   part_of: EPIC-01, EPIC-02
    /// - id: TEST-001
    ///   title: A flow survives the round trip
    /// ```
    ///
    /// ```yaml,good
    /// - id: EPIC-01
    ///   title: Designer
    ///   tests: TEST-001
    /// - id: EPIC-02
    ///   title: Portal
    ///   tests: TEST-001
    ///   depends_on: EPIC-03
    /// - id: EPIC-03
    ///   title: Sign-in
    ///   tests: TEST-001
    ///   part_of: EPIC-01
    /// - id: TEST-001
    ///   title: A flow survives the round trip
    /// ```
    "RP0312", "epic-in-two-epics", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    link_rules::check_built_in(RULE.name, subject, reports)
}
