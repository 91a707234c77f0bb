use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::model::incident::ActionStatus;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// An action without an owner or a due date, or dropped without a reason.
    ///
    /// An action needs an owner and a due date, so that its completion can be tracked.
    ///
    /// ```yaml,bad
    /// id: ACT-001
    /// title: Alert on the delay of webhooks
    /// ```
    ///
    /// ```yaml,good
    /// id: ACT-001
    /// title: Alert on the delay of webhooks
    /// owner: Platform Team
    /// due: 2026-12-18
    /// ```
    "RP0551", "action-incomplete", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, action) in subject.plan.actions() {
        let is_dropped = action.state() == ActionStatus::Dropped;
        let fields = [
            ("owner", action.is_open() && entry.owner.is_none()),
            ("due", action.is_open() && entry.due().is_none()),
            ("reason", is_dropped && action.reason.is_none()),
        ];
        let id = entry.id.value;
        let missing = fields.iter().filter(|(name, missing)| *missing && !unreadable.has(id, name));
        let missing: Vec<String> = missing.map(|(name, _)| format!("`{name}`")).collect();
        if missing.is_empty() {
            continue;
        }
        let state = if is_dropped { "dropped action" } else { "action" };
        let message = format!("{id}: {state} without {}", words::list(&missing));
        reports.push(Report::at(entry.id.span, message).help(format!("add {}", words::list(&missing))));
    }
    subject.plan.actions().count()
}
