use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A work package that ends before it begins.
    ///
    /// One of the two dates is wrong, and every schedule that is computed from
    /// them is wrong with it.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Visual designer
    /// start: 2027-02-01
    /// due: 2027-01-15
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Visual designer
    /// start: 2027-01-15
    /// due: 2027-02-01
    /// ```
    "RP0701", "start-after-due", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for (entry, epic) in subject.plan.epics() {
        let (Some(start), Some(due)) = (epic.start, entry.due()) else { continue };
        if start.value > due.value {
            let message =
                format!("{}: start {} is after the due date {}", entry.id.value, start.value, due.value);
            reports.push(
                Report::at(start.span, message)
                    .saying("the start")
                    .and(due.span, "due before it")
                    .help("correct one of the dates"),
            );
        }
    }
    subject.plan.epics().count()
}
