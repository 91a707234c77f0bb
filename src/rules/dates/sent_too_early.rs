use crate::finding::Report;
use crate::model::phrase::counted;
use crate::rules::{Subject, WARNING};
use crate::schedule::{EARLIEST_NOTICE, SentState};

declare_rule! {
    /// A communication whose `sent` is too early for its release.
    ///
    /// A notice counts from 30 days before its day on: one that is older names
    /// an earlier date of the release, or is that of an earlier release. A
    /// message that is due after the release counts from the release on. A gate
    /// that asks for the communication does not take it as sent.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2026-12-01
    /// communications:
    ///   - {name: Notice, audience: Customers, channel: Mail, when: 48 hours before, sent: 2025-11-29}
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2026-12-01
    /// communications:
    ///   - {name: Notice, audience: Customers, channel: Mail, when: 48 hours before, sent: 2026-11-10}
    /// ```
    "RP0743", "sent-too-early", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for planned in &subject.calendar().schedule.releases {
        for communication in &planned.release.communications {
            let Some(sent) = communication.sent else { continue };
            looked_at += 1;
            let SentState::TooEarly { earliest } = planned.sent_state(communication, subject.today) else {
                continue;
            };
            let name = communication.name.as_ref().map_or("a communication", |name| name.value.trim());
            let message =
                format!("{}: `{name}` was sent on {}, too early", planned.entry.id.value, sent.value);
            let tolerance = counted(usize::try_from(EARLIEST_NOTICE).unwrap_or_default(), "day");
            reports.push(
                Report::at(sent.span, message)
                    .saying(format!("counts from {earliest} on"))
                    .help(format!(
                        "send it again and set `sent` to that day, or correct `when`: a notice counts from {tolerance} before its day on"
                    )),
            );
        }
    }
    looked_at
}
