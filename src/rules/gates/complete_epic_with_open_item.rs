use crate::finding::Report;
use crate::model::epic::State;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A complete EPIC with open items in its definition of done.
    ///
    /// The definition of done lists the conditions of completion. A complete EPIC whose
    /// items are open is complete in name only, and the release gate fails.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Search service
    /// state: Complete
    /// definition_of_done:
    ///   Code is reviewed: yes
    ///   Documentation is updated: no
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Search service
    /// state: Complete
    /// definition_of_done:
    ///   Code is reviewed: yes
    ///   Documentation is updated: yes
    /// ```
    "RP0416", "complete-epic-with-open-item", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, epic) in subject.plan.epics() {
        looked_at += epic.definition_of_done.len();
        let Some(state) = epic.state.filter(|state| state.value == State::Complete) else { continue };
        for item in epic.open_items() {
            let message = format!(
                "{} is `Complete`, but `{}` of its definition of done is open",
                entry.id.value,
                item.name.value.trim()
            );
            reports.push(
                Report::at(item.name.span, message)
                    .and(state.span, "its state")
                    .help("complete the item and write `yes`, or set the EPIC back to `In Progress`"),
            );
        }
    }
    looked_at
}
