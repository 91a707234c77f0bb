use crate::finding::Report;
use crate::model::epic::State;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// An EPIC whose state contradicts its progress.
    ///
    /// A `Complete` EPIC has no work left, and a `Planned` one has not begun.
    /// Readers see one of the two, and one of them is outdated.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Visual designer
    /// state: Complete
    /// progress: 60%
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Visual designer
    /// state: In Progress
    /// progress: 60%
    /// ```
    "RP0514", "state-contradicts-progress", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, epic) in subject.plan.epics() {
        let (Some(state), Some(progress)) = (epic.state, epic.progress) else { continue };
        looked_at += 1;
        let help = match state.value {
            State::Complete if progress.value.0 < 100.0 => "correct the state, or set the progress to `100%`",
            State::Planned if progress.value.0 > 0.0 => {
                "set the state to `In Progress`, or remove the progress"
            }
            _ => continue,
        };
        let message = format!(
            "{}: the state is `{}`, but the progress is {}",
            entry.id.value, state.value, progress.value
        );
        reports.push(Report::at(state.span, message).and(progress.span, "the progress").help(help));
    }
    looked_at
}
