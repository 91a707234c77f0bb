//! The records of relplan's own: a deployment or an incident on each line of a file.

use schemars::JsonSchema;
use serde::Deserialize;

/// A line of `deployments.jsonl`: a deployment that ended.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A line of deployments.jsonl")]
pub struct DeploymentRecord {
    /// Its id, unique in all files.
    pub id: String,
    /// The environment: `production`.
    pub environment: String,
    /// When it began, as RFC 3339 has it: `2026-11-20T08:00:00Z`.
    #[schemars(extend("format" = "date-time"))]
    pub started_at: Option<String>,
    /// When it ended, as RFC 3339 has it.
    #[schemars(extend("format" = "date-time"))]
    #[schemars(required)]
    pub finished_at: Option<String>,
    /// How it ended.
    pub result: RecordedResult,
    /// The version or release that was deployed.
    #[serde(alias = "release")]
    pub version: Option<String>,
    /// The commit that was deployed, in seven hexadecimal digits or more.
    pub commit: Option<String>,
    /// Whether it was unplanned. A file that says so of one deployment says of the others that they were planned.
    pub unplanned: Option<bool>,
    /// The id of the incident that caused it; such a deployment is unplanned.
    pub caused_by: Option<String>,
    /// Whether it was a rollback. A file that says so of one deployment says of the others that they were none; one that
    /// states `unplanned` or `caused_by` says of its rollbacks that they were unplanned, unless they state otherwise.
    pub rollback: Option<bool>,
}

/// How a deployment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordedResult {
    /// It went through.
    Success,
    /// It did not.
    Failure,
    /// Someone stopped it; it counts neither as success nor as failure.
    Cancelled,
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
