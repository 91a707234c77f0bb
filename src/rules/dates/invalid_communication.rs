use crate::finding::Report;
use crate::model::offset::{When, WhenError, is_occasion};
use crate::model::rel::Communication;
use crate::model::{Entry, Text};
use crate::rules::{ERROR, Subject, words};

declare_rule! {
    /// A communication without a clear date.
    ///
    /// Write a date, an offset such as `48 hours before`, or `release date`.
    /// Occasions such as `during rollout` or `daily` are understood as well. For
    /// offsets of a release without a date, see release-without-date.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// communications:
    ///   - {name: Notice, audience: Customers, channel: Mail, when: some day}
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// communications:
    ///   - {name: Notice, audience: Customers, channel: Mail, when: 3 days before}
    ///   - {name: Progress, audience: Customers, channel: Status page, when: during rollout}
    /// ```
    "RP0713", "invalid-communication", ERROR, since "0.1.0", formerly "communication-not-understood"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        for communication in &release.communications {
            let Some(when) = &communication.when else { continue };
            looked_at += 1;
            if let Err(error) = When::parse(&when.value)
                && !is_occasion(&when.value)
            {
                reports.push(report(entry, communication, when, error));
            }
        }
    }
    looked_at
}

fn report(entry: &Entry<'_>, communication: &Communication<'_>, when: &Text<'_>, error: WhenError) -> Report {
    let (id, text) = (entry.id.value, words::short(&when.value));
    let what = match &communication.name {
        Some(name) => format!("`{}`", words::short(&name.value)),
        None => "a communication".to_owned(),
    };
    match error {
        WhenError::WrongWeekday { day, stated } => {
            words::wrong_weekday(when.span, &format!("{id}: {what}"), day, stated)
        }
        WhenError::NotUnderstood | WhenError::Reversed => {
            let message = format!("{id}: {what} has an invalid date `{text}`");
            Report::at(when.span, message)
                .help("write a day (`2027-02-15`), an offset (`48 hours before`) or `release date`")
        }
        WhenError::ImpossibleDate { swapped } => {
            let message = format!("{id}: {what} is on `{text}`, which does not exist");
            words::with_swapped_date(Report::at(when.span, message), swapped, when)
        }
    }
}
