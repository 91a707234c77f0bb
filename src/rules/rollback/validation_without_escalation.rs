use crate::finding::Report;
use crate::model::{LinkKind, UnreadableFields};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A post-deployment check without an escalation.
    ///
    /// A failed check must lead to a rollback or to a person who decides. Write it
    /// in `escalation`, or link it with `escalates_to`.
    ///
    /// ```yaml,bad
    /// id: DEP-004
    /// title: Critical journeys work
    /// type: Validation
    /// check: Sign-in, order and invoice succeed
    /// method: Automated
    /// success_criteria: Every journey ends within two seconds
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-004
    /// title: Critical journeys work
    /// type: Validation
    /// check: Sign-in, order and invoice succeed
    /// method: Automated
    /// success_criteria: Every journey ends within two seconds
    /// escalation: The on-call engineer takes the release back
    /// ```
    "RP1007", "validation-without-escalation", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, validation) in subject.plan.validations() {
        let id = entry.id.value;
        let linked = entry.links.iter().any(|link| link.kind == LinkKind::EscalatesTo);
        let written = unreadable.has_any(id, &["escalation", "escalates_to"]);
        if validation.escalation.is_none() && !linked && !written {
            let message = format!("{id}: validation without an escalation");
            let help = "add `escalation`, or link the rollback with `escalates_to`";
            reports.push(Report::at(entry.id.span, message).help(help));
        }
    }
    subject.plan.validations().count()
}
