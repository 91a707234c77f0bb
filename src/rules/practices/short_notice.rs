use chrono::TimeDelta;

use crate::finding::Report;
use crate::model::offset::{When, is_occasion};
use crate::model::rel::{Communication, Rel, RelType};
use crate::model::{Entry, Text};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A release that is announced less than 48 hours before it.
    ///
    /// Stakeholders are told 48 hours in advance, so that support is staffed and
    /// customers can plan around an interruption. One notice in time is enough,
    /// later ones may follow. A hotfix cannot wait and is not looked at.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-03-01
    /// status: planned
    /// communications:
    ///   - name: Notice with the hours of the rollout
    ///     audience: Customers and Support
    ///     channel: Email
    ///     when: 4 hours before
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-03-01
    /// status: planned
    /// communications:
    ///   - name: Notice with the hours of the rollout
    ///     audience: Customers and Support
    ///     channel: Email
    ///     when: 48 hours before
    ///   - name: Reminder
    ///     audience: Support
    ///     channel: Chat
    ///     when: 4 hours before
    /// ```
    "RP0513", "short-notice", WARNING, since "0.1.0"
}

/// How long before a release its stakeholders are told (seed: process standards).
const NOTICE: TimeDelta = TimeDelta::hours(48);

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        looked_at += release.communications.len();
        if words::is_to_come(subject, release) && release.rel_type() != Some(RelType::Hotfix) {
            reports.extend(report(subject, entry, release));
        }
    }
    looked_at
}

fn report(subject: &Subject<'_>, entry: &Entry<'_>, release: &Rel<'_>) -> Option<Report> {
    let mut longest: Option<(TimeDelta, &Text<'_>)> = None;
    for communication in &release.communications {
        match notice(subject, release, communication)? {
            Some(found) if longest.is_none_or(|longest| longest.0 < found.0) => longest = Some(found),
            _ => {}
        }
    }
    let (lead, when) = longest.filter(|(lead, _)| *lead < NOTICE)?;
    let hours = match lead.num_hours() {
        0 => "on its day".to_owned(),
        hours => format!("{} before it", words::count(usize::try_from(hours).unwrap_or(0), "hour")),
    };
    let message = format!("{}: the first notice of the release is {hours}", entry.id.value);
    let help = "send it at least 48 hours before: `when: 48 hours before`";
    Some(Report::at(when.span, message).saying("the first notice").help(help))
}

/// How long before the release something is said, unless it is said after it.
/// Nothing at all if that cannot be known, for it may be the notice in time.
fn notice<'c, 's>(
    subject: &Subject<'_>,
    release: &Rel<'_>,
    communication: &'c Communication<'s>,
) -> Option<Option<(TimeDelta, &'c Text<'s>)>> {
    let when = communication.when.as_ref()?;
    let Ok(moment) = When::parse(&when.value) else {
        return is_occasion(&when.value).then_some(None);
    };
    let day = match (moment, release.date) {
        (_, Some(date)) => date.value,
        (When::Day(_), None) => return None,
        // The distance of an offset is the same from any day.
        (_, None) => subject.today,
    };
    let lead = day.and_time(chrono::NaiveTime::MIN) - moment.moment(Some(day))?;
    Some((lead >= TimeDelta::zero()).then_some((lead, when)))
}
