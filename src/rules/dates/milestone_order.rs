use super::calendar;
use crate::finding::Report;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// Milestones of a release in the wrong order.
    ///
    /// The gates run from feature complete over alpha, code freeze, beta and
    /// release candidate to production and the end of support. An alpha before
    /// feature complete tests unfinished features, and a beta on the day of code
    /// freeze ships unfrozen code. Only milestones from the release or
    /// `[calendar.milestones]` are compared.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   alpha: 4 weeks before
    ///   feature_complete: 3 weeks before
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   code_freeze: 2 weeks before
    ///   beta: 2027-02-15
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   feature_complete: 4 weeks before
    ///   alpha: 3 weeks before
    ///   code_freeze: 2 weeks before
    ///   beta: 2027-02-17
    ///   release_candidate: 1 week before
    ///   production: release date
    /// ```
    "RP0705", "milestone-order", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    calendar::each(subject, RULE.name, reports);
    // What `relplan.toml` states for many releases is wrong once.
    words::keep_first_of_each_place(reports);
    let own: usize = subject.plan.releases().map(|(_, release)| release.milestones.len()).sum();
    own + subject.config.calendar.milestones.len()
}
