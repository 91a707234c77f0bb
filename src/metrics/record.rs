//! The records of relplan's own: a deployment or an incident on each line of a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::digest::Digest;

/// A line of `deployments.jsonl`: a deployment that ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A line of deployments.jsonl")]
pub struct DeploymentRecord {
    /// Its id, unique in all files.
    pub id: String,
    /// The environment: `production`.
    pub environment: String,
    /// When it began, as RFC 3339 has it: `2026-11-20T08:00:00Z`.
    #[schemars(extend("format" = "date-time"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it ended, as RFC 3339 has it.
    #[schemars(extend("format" = "date-time"))]
    #[schemars(required)]
    pub finished_at: Option<String>,
    /// How it ended.
    pub result: RecordedResult,
    /// The version or release that was deployed.
    #[serde(alias = "release")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The commit that was deployed, in seven hexadecimal digits or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether it was unplanned. A file that says so of one deployment says of the others that they were planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unplanned: Option<bool>,
    /// The id of the incident that caused it; such a deployment is unplanned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caused_by: Option<String>,
    /// Whether it was a rollback. A file that says so of one deployment says of the others that they were none; one that
    /// states `unplanned` or `caused_by` says of its rollbacks that they were unplanned, unless they state otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback: Option<bool>,
    /// What `relplan watch` saw, if it recorded the deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch: Option<WatchRecord>,
    /// The SHA-256 of the line before it, if there is one and `relplan watch` recorded the deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub previous: Option<Digest>,
}

/// How a deployment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordedResult {
    /// It went through.
    Success,
    /// It did not.
    Failure,
    /// Someone stopped it; it counts neither as success nor as failure.
    Cancelled,
}

/// What `relplan watch` saw of a deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchRecord {
    /// How the watch ended.
    pub outcome: RecordedOutcome,
    /// Why.
    pub reason: String,
    /// For how many seconds every trigger had to be known and quiet.
    pub window_seconds: f64,
    /// How many seconds lay between two samples.
    pub interval_seconds: f64,
    /// How many samples were taken.
    pub samples: u64,
    /// In how many of them something was unknown.
    pub unknown_samples: u64,
    /// What each trigger showed at the end.
    pub triggers: Vec<TriggerRecord>,
    /// Rollbacks that were not watched, because the user left them out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
}

/// What a trigger showed at the end of a watch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TriggerRecord {
    /// The rollback entry.
    pub id: String,
    /// Its state.
    pub state: RecordedState,
    /// When it fired first, as RFC 3339 has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_fired: Option<String>,
    /// Why its state is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How a watch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordedOutcome {
    /// Every trigger was known and quiet for the whole validation window.
    Success,
    /// The time was over, and success was not known.
    Aborted,
    /// A trigger fired that starts the rollback.
    RolledBack,
}

/// The state of a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordedState {
    /// Its condition was not met.
    Ok,
    /// Its condition was met, but not for long enough.
    Pending,
    /// It fired.
    Fired,
    /// It was not known whether its condition was met.
    Unknown,
}

/// A line of `incidents.jsonl`: an incident.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A line of incidents.jsonl")]
pub struct IncidentRecord {
    /// Its id, unique in all files.
    pub id: String,
    /// What happened.
    pub title: Option<String>,
    /// The environment; without one, the incident counts for every environment.
    pub environment: Option<String>,
    /// How severe it is: Critical, High, Medium or Low, SEV1 to SEV5, P0 to P4.
    pub severity: Option<String>,
    /// When it was created, as RFC 3339 has it.
    #[schemars(extend("format" = "date-time"))]
    #[schemars(required)]
    pub created_at: Option<String>,
    /// When it was resolved, as RFC 3339 has it; absent while it is open.
    #[schemars(extend("format" = "date-time"))]
    pub resolved_at: Option<String>,
}
