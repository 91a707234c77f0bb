//! Records of relplan's own.

use super::{DefectKind, Part, StatedDeployment, StatedIncident, StatedTime, named, parsed};
use crate::metrics::record::{DeploymentRecord, IncidentRecord, RecordedResult};
use crate::metrics::{Deployment, DeploymentResult};

/// What the records of a file state at all: where one of them says that it was unplanned or a rollback, those that say
/// nothing were not.
#[derive(Debug, Default)]
pub(super) struct Stated {
    unplanned: bool,
    rollback: bool,
}

impl Stated {
    /// Completes the deployments of the file.
    pub fn apply(&self, deployments: &mut [Deployment]) {
        for deployment in deployments {
            if self.unplanned {
                // Nobody plans a rollback.
                deployment.unplanned.get_or_insert(deployment.rollback == Some(true));
            }
            if self.rollback {
                deployment.rollback.get_or_insert(false);
            }
        }
    }
}

pub(super) fn deployment(part: &Part<'_>, stated: &mut Stated) -> Result<StatedDeployment, DefectKind> {
    let record: DeploymentRecord = parsed(part)?;
    let caused = record.caused_by.as_deref().map(|cause| !cause.trim().is_empty());
    if record.unplanned == Some(false) && caused == Some(true) {
        let reason = "`caused_by` names an incident, and `unplanned` is false";
        return Err(DefectKind::Malformed(reason.to_owned()));
    }
    let unplanned = record.unplanned.or(caused);
    stated.unplanned |= unplanned.is_some();
    stated.rollback |= record.rollback.is_some();
    Ok(StatedDeployment {
        id: named("id", record.id)?,
        environment: named("environment", record.environment)?,
        started: StatedTime::new("started_at", record.started_at),
        finished: StatedTime::new("finished_at", record.finished_at),
        result: match record.result {
            RecordedResult::Success => DeploymentResult::Success,
            RecordedResult::Failure => DeploymentResult::Failure,
            RecordedResult::Cancelled => DeploymentResult::Cancelled,
        },
        version: record.version,
        commit: record.commit,
        unplanned,
        rollback: record.rollback,
    })
}

pub(super) fn incident(part: &Part<'_>) -> Result<StatedIncident, DefectKind> {
    let record: IncidentRecord = parsed(part)?;
    Ok(StatedIncident {
        id: named("id", record.id)?,
        environment: record.environment.map(|name| named("environment", name)).transpose()?,
        severity: record.severity,
        created: StatedTime::new("created_at", record.created_at),
        resolved: StatedTime::new("resolved_at", record.resolved_at),
        is_over: false,
    })
}
