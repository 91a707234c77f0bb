use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A handoff without a receiver or without the role that accepts it.
    ///
    /// The receiver sets the checklist, and the role accepts the handoff.
    ///
    /// ```yaml,bad
    /// id: HND-001
    /// title: Faster search for support
    /// owner: Product Manager
    /// ```
    ///
    /// ```yaml,good
    /// id: HND-001
    /// title: Faster search for support
    /// owner: Product Manager
    /// receiver: Support
    /// role: Support Lead
    /// ```
    "RP0553", "handoff-incomplete", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, handoff) in subject.plan.handoffs() {
        let id = entry.id.value;
        let fields = [("receiver", handoff.receiver.is_none()), ("role", handoff.role.is_none())];
        let missing = fields.iter().filter(|(name, missing)| *missing && !unreadable.has(id, name));
        let missing: Vec<String> = missing.map(|(name, _)| format!("`{name}`")).collect();
        if !missing.is_empty() {
            let missing = words::list(&missing);
            let report = Report::at(entry.id.span, format!("{id}: handoff without {missing}"));
            reports.push(report.help(format!("add {missing}")));
        }
    }
    subject.plan.handoffs().count()
}
