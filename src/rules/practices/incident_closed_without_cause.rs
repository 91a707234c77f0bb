use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::model::incident::IncidentStatus;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A closed incident without a cause.
    ///
    /// An incident is closed when its post-mortem is done. Without the root cause,
    /// recurrence cannot be prevented.
    ///
    /// ```yaml,bad
    /// id: INC-219
    /// title: Webhooks are late
    /// release: "2.9.9"
    /// status: closed
    /// detected: 2026-11-18T15:00Z
    /// resolved: 2026-11-18T16:10Z
    ///
    /// --- # the release
    /// id: REL-001
    /// version: "2.9.9"
    /// ```
    ///
    /// ```yaml,good
    /// id: INC-219
    /// title: Webhooks are late
    /// release: "2.9.9"
    /// status: closed
    /// detected: 2026-11-18T15:00Z
    /// resolved: 2026-11-18T16:10Z
    /// cause: The new consumer commits its offset once for each message
    ///
    /// --- # the release
    /// id: REL-001
    /// version: "2.9.9"
    /// ```
    "RP0550", "incident-closed-without-cause", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, incident) in subject.plan.incidents() {
        let Some(status) = incident.status.filter(|status| status.value == IncidentStatus::Closed) else {
            continue;
        };
        looked_at += 1;
        let id = entry.id.value;
        let fields = [("cause", incident.cause.is_some()), ("resolved", incident.resolved.is_some())];
        for (name, _) in fields.iter().filter(|(name, there)| !there && !unreadable.has(id, name)) {
            let report = Report::at(status.span, format!("{id}: incident is closed, but has no `{name}`"));
            reports.push(report.help(format!("add `{name}`, or set `status` to resolved or open")));
        }
    }
    looked_at
}
