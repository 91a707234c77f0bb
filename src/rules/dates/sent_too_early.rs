use crate::finding::Report;
use crate::model::phrase::counted;
use crate::rules::{Subject, WARNING};
use crate::schedule::{EARLIEST_NOTICE, SentState};

declare_rule! {
    /// A communication whose `sent` is too early for its release.
    ///
    /// A notice counts if it was sent at most 30 days before its due date, and a
    /// message due after the release only from the release on. An earlier date belongs
    /// to an earlier release or an earlier schedule. A gate does not count it.
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
                        "send it again and update `sent`, or correct `when`: a notice counts at most {tolerance} before its due date"
                    )),
            );
        }
    }
    looked_at
}
