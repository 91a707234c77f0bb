//! Communications: what is due to whom, when and by whom, and whether it was sent.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use crate::schedule::SentState;

use super::calendar::{Calendar, PlannedCommunication, Release};

/// The output of `relplan notify --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan notify --format json")]
pub struct Notify {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The communications, by their days; those without a day come last.
    pub communications: Vec<Notice>,
}

/// A communication of a release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Notice {
    /// The release, as an id.
    pub release: String,
    /// The release, as people call it.
    pub release_name: String,
    /// What is said, when, to whom and by whom.
    #[serde(flatten)]
    pub communication: PlannedCommunication,
    /// Whether it was sent, or must be.
    pub status: NoticeStatus,
    /// Why the day in `sent` does not count; absent if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_does_not_count: Option<String>,
}

/// Whether a communication was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeStatus {
    /// It was sent, as the plan says.
    Sent,
    /// Its day is over, and nothing says that it was sent.
    Overdue,
    /// It is due today.
    Due,
    /// Its day is to come.
    Planned,
    /// It is repeated, and has no day of its own.
    Recurring,
    /// It has no day, but an occasion such as `during rollout`, or nothing.
    Undated,
    /// Its day is over, its release too, and nothing says that it was sent.
    NotRecorded,
}

impl NoticeStatus {
    /// Whether somebody must act.
    pub fn is_due(self) -> bool {
        matches!(self, NoticeStatus::Overdue | NoticeStatus::Due)
    }
}

/// The communications of the releases of a calendar, or of one of them; perhaps only those that are due.
pub fn notify(calendar: Calendar, release: Option<&str>, only_due: bool) -> Notify {
    let today = calendar.today;
    let of = |wanted: &Release| release.is_none_or(|release| wanted.id == release);
    let mut communications = Vec::new();
    for release in calendar.releases.into_iter().filter(of) {
        let (id, name, over) = (release.id, release.name, release.over);
        communications.extend(release.communications.into_iter().map(|communication| Notice {
            release: id.clone(),
            release_name: name.clone(),
            status: status(&communication, over, today),
            sent_does_not_count: doubt(communication.sent_state),
            communication,
        }));
    }
    communications.retain(|notice| !only_due || notice.status.is_due());
    // Those of one day keep the order of the plan.
    communications.sort_by_key(|notice| (notice.communication.day.is_none(), notice.communication.day));
    Notify { version: 1, day: today, communications }
}

/// Why the day on which something was sent proves nothing, if it does not.
fn doubt(state: SentState) -> Option<String> {
    match state {
        SentState::NotStated | SentState::Sent => None,
        SentState::InFuture => Some("it is in the future".to_owned()),
        SentState::TooEarly { earliest } => Some(format!("it is before {earliest}")),
        SentState::NoDate => Some("the release has no date".to_owned()),
    }
}

/// A day on which something was sent that proves nothing does not count.
fn status(communication: &PlannedCommunication, over: bool, today: NaiveDate) -> NoticeStatus {
    if communication.sent_state == SentState::Sent {
        return NoticeStatus::Sent;
    }
    match communication.day {
        None if communication.frequency.is_some() => NoticeStatus::Recurring,
        None => NoticeStatus::Undated,
        Some(day) if day > today => NoticeStatus::Planned,
        // What is usual was demanded by nobody.
        Some(_) if over || communication.default => NoticeStatus::NotRecorded,
        Some(day) if day == today => NoticeStatus::Due,
        Some(_) => NoticeStatus::Overdue,
    }
}
