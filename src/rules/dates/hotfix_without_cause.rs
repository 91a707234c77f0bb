use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::model::rel::RelType;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A hotfix without a cause.
    ///
    /// A hotfix skips most of planning and testing, so that only five causes justify
    /// one: production is down, a critical security vulnerability, data that is corrupted
    /// or lost, the breach of a major customer's SLA, or a compliance violation. Anything
    /// else can wait for the next patch. Hotfixes that are over are not judged.
    ///
    /// ```yaml,bad
    /// id: REL-002
    /// title: Sign-in works again
    /// version: "2.4.1"
    /// type: hotfix
    /// date: 2027-03-02
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-002
    /// title: Sign-in works again
    /// version: "2.4.1"
    /// type: hotfix
    /// date: 2027-03-02
    /// cause: production down
    /// ```
    "RP0734", "hotfix-without-cause", WARNING, since "0.1.0"
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
        if release.cause.is_none() && !unreadable.has(entry.id.value, "cause") {
            let report = Report::at(entry.id.span, format!("{}: hotfix without a cause", entry.id.value));
            reports.push(report.help(
                "add `cause: production down` (or security vulnerability, data loss, SLA breach, compliance violation)",
            ));
        }
    }
    looked_at
}
