//! A release at a glance.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::calendar::Calendar;
use super::go_no_go::GoNoGo;
use super::members::MemberOf;
use crate::verdict::decision::Decision;
use crate::verdict::judgement::Confidence;

/// The output of `relplan status --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan status --format json")]
pub struct Status {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release, as people call it; absent if it is about the whole plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// The day of the release, if one is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_date: Option<NaiveDate>,
    /// Whether it may ship.
    pub decision: Decision,
    /// How much of what decides rests on fresh evidence.
    pub confidence: Confidence,
    /// How many checks block the release.
    pub blockers: usize,
    /// The first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_blocker: Option<FirstBlocker>,
    /// The next date of the release; absent if none is to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<NextDate>,
    /// How many dates of the release have passed without being met.
    pub overdue: usize,
    /// How it compares with the last recorded decision; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trend: Option<Trend>,
}

/// The worst blocker.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FirstBlocker {
    /// The check.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// The next date of a release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NextDate {
    /// The day.
    pub day: NaiveDate,
    /// What is due.
    pub what: String,
}

/// The difference to the last decision.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Trend {
    /// The day of that decision.
    pub since: NaiveDate,
    /// What was decided.
    pub decision: Decision,
    /// How many checks blocked the release then.
    pub blockers: usize,
    /// The confidence then, in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

/// The output of `relplan status --format json` in a workspace.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan status --format json in a workspace")]
pub struct WorkspaceStatus {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// Every member, those that could not be judged among them.
    pub members: Vec<MemberOf<Status>>,
}

/// The status of what a report is about. `calendar` begins today and is that of the release.
pub fn status(report: &GoNoGo, calendar: &Calendar, trend: Option<Trend>) -> Status {
    let next = calendar.agenda.iter().find(|item| item.day >= report.day);
    Status {
        version: 1,
        day: report.day,
        release: report.release.as_ref().map(|release| release.name()),
        release_date: report.release_date,
        decision: report.decision,
        confidence: report.confidence,
        blockers: report.blockers.len(),
        first_blocker: report.blockers.first().map(|blocker| FirstBlocker {
            id: blocker.id.clone(),
            title: blocker.title.clone(),
            owner: blocker.owner.clone(),
        }),
        next: next.map(|item| NextDate { day: item.day, what: item.what.clone() }),
        overdue: calendar.overdue.len(),
        trend,
    }
}
