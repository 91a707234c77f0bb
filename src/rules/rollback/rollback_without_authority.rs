use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A rollback without an authority.
    ///
    /// Minutes spent on finding out who may decide are minutes of the incident.
    /// Name the role; an automatic rollback needs none.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: Requests fail more often than before the deployment
    /// threshold: "> 2pp over baseline for 5m"
    /// procedure: Switch traffic back to the previous version
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: Requests fail more often than before the deployment
    /// threshold: "> 2pp over baseline for 5m"
    /// procedure: Switch traffic back to the previous version
    /// authority: On-call engineer
    /// ```
    "RP1001", "rollback-without-authority", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, rollback) in subject.plan.rollbacks() {
        let id = entry.id.value;
        let automatic = rollback.automatic.as_ref().is_some_and(|automatic| automatic.value.value);
        if rollback.authority.is_none() && !automatic && !unreadable.has_any(id, &["authority", "automatic"])
        {
            let message = format!("{id}: rollback without an authority");
            let help = "name who may start it: `authority: On-call engineer`";
            reports.push(Report::at(entry.id.span, message).help(help));
        }
    }
    subject.plan.rollbacks().count()
}
