use super::calendar;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A release that is tested in less time than its type demands.
    ///
    /// From feature complete to the release a major release takes at least two
    /// weeks, a minor one a week, and a patch three days. Without feature complete
    /// the first milestone counts. `[calendar.minimum.TYPE]` states another time.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-02
    /// milestones:
    ///   feature_complete: 1 week before
    ///   alpha: none
    ///   code_freeze: 6 days before
    ///   beta: 5 days before
    ///   release_candidate: 4 days before
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-02
    /// milestones:
    ///   feature_complete: 3 weeks before
    /// ```
    "RP0721", "testing-too-short", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    calendar::each(subject, RULE.name, reports)
}
