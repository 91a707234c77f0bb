use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A work package whose day has passed and that is not complete.
    ///
    /// A plan that still shows yesterday's date hides how late it is. Give the
    /// work package the day on which it will be done, complete it, or defer it.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Visual designer
    /// state: In Progress
    /// due: 2026-11-13
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Visual designer
    /// state: In Progress
    /// due: 2026-12-18
    /// ```
    "RP0711", "overdue", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, epic) in subject.plan.epics() {
        let Some(due) = entry.due().filter(|due| due.value < subject.today && epic.is_open()) else {
            continue;
        };
        if unreadable.has_any(entry.id.value, &["state", "status"]) {
            continue;
        }
        let late = usize::try_from((subject.today - due.value).num_days()).unwrap_or(0);
        let message = format!("{}: overdue by {}", entry.id.value, words::count(late, "day"));
        let report = Report::at(due.span, message).saying("due here");
        let report = match epic.state {
            Some(state) => report.and(state.span, format!("still {}", state.value)),
            None => report,
        };
        reports.push(report.help("update `due`, or set `state` to Complete or Deferred"));
    }
    subject.plan.epics().count()
}
