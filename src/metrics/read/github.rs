//! Deployments as the REST API of GitHub gives them, each with its statuses under `statuses`.

use serde::Deserialize;

use super::{DefectKind, Part, StatedDeployment, StatedTime, parsed};
use crate::evidence::Timestamp;
use crate::metrics::DeploymentResult;

#[derive(Debug, Deserialize)]
struct Deployment {
    id: u64,
    sha: String,
    environment: String,
    statuses: Option<Vec<Status>>,
}

#[derive(Debug, Deserialize)]
struct Status {
    state: String,
    created_at: String,
}

/// How a deployment ended, by the last status that ends one. `inactive` only says that a later one took its place.
pub(super) fn deployment(part: &Part<'_>) -> Result<StatedDeployment, DefectKind> {
    let deployment: Deployment = parsed(part)?;
    let none = "`statuses` is missing: add the statuses of the deployment";
    let statuses = deployment.statuses.ok_or_else(|| DefectKind::Malformed(none.to_owned()))?;
    let mut ended: Option<(Timestamp, DeploymentResult, String)> = None;
    let mut started: Option<(Timestamp, String)> = None;
    for Status { state, created_at } in statuses {
        let time = Timestamp::read(&created_at);
        if time.known().is_none() {
            return Err(DefectKind::TimeUnreadable { field: "created_at", text: created_at });
        }
        let result = match state.as_str() {
            "success" => Some(DeploymentResult::Success),
            "failure" | "error" => Some(DeploymentResult::Failure),
            "inactive" | "queued" | "pending" | "waiting" => None,
            "in_progress" => {
                let is_earlier = started.as_ref().is_none_or(|(first, _)| time < *first);
                started = if is_earlier { Some((time, created_at.clone())) } else { started };
                None
            }
            _ => return Err(DefectKind::UnknownResult(state)),
        };
        let Some(result) = result else { continue };
        if ended.as_ref().is_none_or(|(last, _, _)| time >= *last) {
            ended = Some((time, result, created_at));
        }
    }
    let (_, result, finished) =
        ended.ok_or_else(|| DefectKind::Malformed("no status ends the deployment".to_owned()))?;
    Ok(StatedDeployment {
        id: deployment.id.to_string(),
        environment: deployment.environment,
        started: StatedTime::new("created_at", started.map(|(_, text)| text)),
        finished: StatedTime::new("created_at", Some(finished)),
        result,
        version: None,
        commit: Some(deployment.sha),
        unplanned: None,
        rollback: None,
    })
}
