use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// An action whose due date has passed and that is not done.
    ///
    /// The actions of a retrospective are the only part of it that changes the next
    /// release. Finish the action, set a realistic date, or drop it with the
    /// reason.
    ///
    /// ```yaml,bad
    /// id: ACT-001
    /// title: Alert on the delay of webhooks
    /// owner: Platform Team
    /// due: 2026-11-13
    /// ```
    ///
    /// ```yaml,good
    /// id: ACT-001
    /// title: Alert on the delay of webhooks
    /// owner: Platform Team
    /// due: 2026-12-18
    /// ```
    "RP0751", "action-overdue", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, action) in subject.plan.actions() {
        let Some(due) = entry.due().filter(|due| due.value < subject.today && action.is_open()) else {
            continue;
        };
        if unreadable.has_any(entry.id.value, &["status", "completed"]) {
            continue;
        }
        let late = usize::try_from((subject.today - due.value).num_days()).unwrap_or(0);
        let message = format!("{}: action overdue by {}", entry.id.value, words::count(late, "day"));
        let help =
            "set `status` to done with `completed`, update `due`, or set `status` to dropped with `reason`";
        reports.push(Report::at(due.span, message).saying("due here").help(help));
    }
    subject.plan.actions().count()
}
