use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::model::epic::State;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// Planned work whose start date has passed.
    ///
    /// It cannot start in the past. Either it has begun and its `state` does not
    /// say so, or it starts later than planned, and so does what depends on it.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Visual designer
    /// state: Planned
    /// start: 2026-11-02
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Visual designer
    /// state: In Progress
    /// start: 2026-11-02
    /// ```
    "RP0742", "start-date-past", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, epic) in subject.plan.epics() {
        let Some(start) = epic.start else { continue };
        looked_at += 1;
        let is_planned = epic.state.is_some_and(|state| state.value == State::Planned);
        let has_begun = epic.progress.is_some_and(|progress| progress.value.0 > 0.0);
        if !is_planned
            || has_begun
            || start.value >= subject.today
            || unreadable.has_any(entry.id.value, &["progress"])
        {
            continue;
        }
        let message = format!("{}: planned, but its start date {} has passed", entry.id.value, start.value);
        let report = Report::at(start.span, message).saying(format!("before {}", subject.today));
        reports.push(report.help("update `start`, or set `state: In Progress`"));
    }
    looked_at
}
