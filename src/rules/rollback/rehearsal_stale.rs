use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A rollback that was last rehearsed more than half a year ago.
    ///
    /// Since then the system has changed, and so have the people. A rehearsal
    /// counts for 180 days; try it again before the release.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// procedure: Switch traffic back to the previous version
    /// last_rehearsed: 2026-03-05
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// procedure: Switch traffic back to the previous version
    /// last_rehearsed: 2026-11-12
    /// ```
    "RP1004", "rehearsal-stale", WARNING, since "0.1.0"
}

/// For how many days a rehearsal counts.
const LONGEST: i64 = 180;

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        let Some(rehearsed) = rollback.last_rehearsed else { continue };
        looked_at += 1;
        let days = (subject.today - rehearsed.value).num_days();
        if days > LONGEST {
            let message = format!("{}: rollback last rehearsed {days} days ago", entry.id.value);
            let report = Report::at(rehearsed.span, message).saying(format!("more than {LONGEST} days ago"));
            reports.push(report.help("rehearse it again before the release, then update `last_rehearsed`"));
        }
    }
    looked_at
}
