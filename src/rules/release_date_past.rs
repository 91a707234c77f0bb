use super::{Subject, WARNING};
use crate::finding::Report;

declare_rule! {
    /// A release that is not out although its date has passed.
    ///
    /// Either it went out and the plan does not say so, or it is late and needs
    /// a new date. Milestones and notices are counted from the date, so all of
    /// them are wrong until it is right.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2026-11-02
    /// status: in progress
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2026-11-02
    /// status: released
    /// deployed_at: 2026-11-02
    /// outcome: success
    /// ```
    "RP0706", "release-date-past", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for (entry, release) in subject.plan.releases() {
        let Some(date) = release.date.filter(|date| date.value < subject.today) else { continue };
        if release.is_over() || (release.status.is_none() && release.deployed_at.is_some()) {
            continue;
        }
        let message = match release.status {
            Some(status) => {
                format!(
                    "{}: its date {} has passed, and it is still {}",
                    entry.id.value, date.value, status.value
                )
            }
            None => format!(
                "{}: its date {} has passed, and no status says that it is out",
                entry.id.value, date.value
            ),
        };
        let report = Report::at(date.span, message).saying(format!("before {}", subject.today));
        let report = match release.status {
            Some(status) => report.and(status.span, "not released"),
            None => report,
        };
        reports
            .push(report.help("give it a new date, or `status: released` with `deployed_at` and `outcome`"));
    }
    subject.plan.releases().count()
}
