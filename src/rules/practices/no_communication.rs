use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A planned release without communication.
    ///
    /// Skipping communication is a red flag of release management: support meets
    /// questions it cannot answer, and customers learn of an interruption when it
    /// begins. Add who is told what, where and when.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-03-01
    /// status: planned
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-03-01
    /// status: planned
    /// communications:
    ///   - name: Notice with the hours of the rollout
    ///     audience: Customers and Support
    ///     channel: Email and status page
    ///     when: 3 days before
    /// ```
    "RP0507", "no-communication", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, release) in subject.plan.releases() {
        let id = entry.id.value;
        let silent = release.communications.is_empty() && !unreadable.has(id, "communications");
        if silent && words::is_to_come(subject, release) {
            let message = format!("{id}: release without communications");
            reports.push(Report::at(entry.id.span, message).help(
                "add `communications`, each with a `name`, an `audience`, a `channel` and a `when` such as \
                 `3 days before`",
            ));
        }
    }
    subject.plan.releases().count()
}
