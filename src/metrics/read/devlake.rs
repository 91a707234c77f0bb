//! Bodies of the webhooks of Apache DevLake.

use serde::Deserialize;

use super::{DefectKind, Part, StatedDeployment, StatedIncident, StatedTime, named, parsed};
use crate::metrics::DeploymentResult;

/// The body of `POST …/deployments`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deployment {
    id: String,
    result: String,
    environment: String,
    started_date: Option<String>,
    finished_date: Option<String>,
    #[serde(default)]
    deployment_commits: Vec<DeploymentCommit>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeploymentCommit {
    commit_sha: String,
}

/// The body of `POST …/issues`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Issue {
    issue_key: String,
    #[serde(rename = "type")]
    kind: String,
    status: Option<String>,
    severity: Option<String>,
    created_date: Option<String>,
    resolution_date: Option<String>,
}

pub(super) fn deployment(part: &Part<'_>) -> Result<StatedDeployment, DefectKind> {
    let mut body: Deployment = parsed(part)?;
    let result = match body.result.as_str() {
        "SUCCESS" => DeploymentResult::Success,
        "FAILURE" => DeploymentResult::Failure,
        "ABORT" | "CANCELLED" => DeploymentResult::Cancelled,
        _ => return Err(DefectKind::UnknownResult(body.result)),
    };
    // A deployment of several repositories has no one commit.
    let commit = body.deployment_commits.pop().filter(|_| body.deployment_commits.is_empty());
    Ok(StatedDeployment {
        id: named("id", body.id)?,
        environment: named("environment", body.environment)?,
        started: StatedTime::new("startedDate", body.started_date),
        finished: StatedTime::new("finishedDate", body.finished_date),
        result,
        version: None,
        commit: commit.map(|commit| commit.commit_sha),
        unplanned: None,
        rollback: None,
    })
}

/// An incident; nothing if the issue is another one.
pub(super) fn incident(part: &Part<'_>) -> Result<Option<StatedIncident>, DefectKind> {
    let issue: Issue = parsed(part)?;
    if issue.kind != "INCIDENT" {
        return Ok(None);
    }
    Ok(Some(StatedIncident {
        id: named("issueKey", issue.issue_key)?,
        environment: None,
        severity: issue.severity.filter(|word| !word.trim().is_empty()),
        created: StatedTime::new("createdDate", issue.created_date),
        resolved: StatedTime::new("resolutionDate", issue.resolution_date),
        is_over: issue.status.as_deref() == Some("DONE"),
    }))
}
