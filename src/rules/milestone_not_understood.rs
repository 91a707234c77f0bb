use super::{ERROR, Subject, words};
use crate::finding::Report;
use crate::model::offset::{When, WhenError};
use crate::model::rel::Milestone;
use crate::model::{Entry, Text};

declare_rule! {
    /// A milestone that is neither a day nor counted from the release.
    ///
    /// A milestone without a day is on nobody's calendar. Write the day, an
    /// offset such as `3 weeks before`, or `release date`.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   code_freeze: mid February
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   code_freeze: 2027-15-02
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   feature_complete: 3 weeks before
    ///   code_freeze: 2027-02-15
    ///   production: release date
    /// ```
    "RP0707", "milestone-not-understood", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        looked_at += release.milestones.len();
        for Milestone { name, when } in &release.milestones {
            if let Err(error) = When::parse(&when.value) {
                reports.push(report(entry, name, when, error));
            }
        }
    }
    looked_at
}

fn report(entry: &Entry<'_>, name: &Text<'_>, when: &Text<'_>, error: WhenError) -> Report {
    let (id, text) = (entry.id.value, words::short(&when.value));
    match error {
        WhenError::NotUnderstood => {
            let message = format!(
                "{id}: `{}` is at `{text}`, which is no day and not counted from the release",
                name.value
            );
            Report::at(when.span, message)
                .help("write a day (`2027-02-15`), an offset (`2 weeks before`) or `release date`")
        }
        WhenError::ImpossibleDate { swapped } => {
            let message = format!("{id}: `{}` is on `{text}`, a day that no calendar has", name.value);
            words::with_swapped_date(Report::at(when.span, message), swapped, when)
        }
    }
}
