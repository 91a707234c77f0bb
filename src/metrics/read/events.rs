//! CDEvents: services that are deployed, upgraded and rolled back, and incidents. Other events of a file are left aside.

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Part;
use crate::evidence::{Event, EventKind, EventReader, EvidenceDefectKind, Timestamp};
use crate::metrics::{
    Defect, DefectKind, Deliveries, Deployment, DeploymentResult, Incident, Resolution, Touches,
};
use crate::source::{FileId, SourceFile, Span};

/// The members that an event has, alone or as the data of a CloudEvent.
#[derive(Deserialize)]
struct Signs<'s> {
    #[serde(borrow)]
    context: Option<&'s RawValue>,
    #[serde(borrow)]
    specversion: Option<&'s RawValue>,
}

/// Whether a value is an event.
pub(super) fn is_event(raw: &RawValue) -> bool {
    serde_json::from_str::<Signs<'_>>(raw.get())
        .is_ok_and(|signs| signs.context.is_some() || signs.specversion.is_some())
}

/// Reads the events of a file that play a role.
pub(super) fn read(
    file: FileId,
    source: &SourceFile,
    parts: &[Part<'_>],
    role: Touches,
    incidents: &mut Incidents,
    all: &mut Deliveries,
) {
    let mut reader = match EventReader::of(file, source) {
        Ok(reader) => reader,
        Err(defect) => {
            all.defects.push(Defect { span: defect.span, touches: role, kind: words(&defect.kind) });
            return;
        }
    };
    for part in parts {
        let event = match reader.read(part.raw) {
            Ok(event) => event,
            Err(defect) => {
                all.defects.push(Defect { span: defect.span, touches: role, kind: words(&defect.kind) });
                continue;
            }
        };
        let (is_rollback, is_deployment) = match event.kind {
            EventKind::ServiceDeployed | EventKind::ServiceUpgraded => (false, true),
            EventKind::ServiceRolledBack => (true, true),
            _ => (false, false),
        };
        let is_incident = matches!(
            event.kind,
            EventKind::IncidentDetected | EventKind::IncidentReported | EventKind::IncidentResolved
        );
        if !(is_deployment && role == Touches::Deployments || is_incident && role == Touches::Incidents) {
            continue;
        }
        let time = match event.time {
            Timestamp::At(time) => time,
            Timestamp::Missing | Timestamp::Unreadable => {
                let kind = DefectKind::Malformed("`timestamp` is not a time".to_owned());
                all.defects.push(Defect { span: part.span, touches: role, kind });
                continue;
            }
        };
        match is_deployment {
            true => all.deployments.push(deployment(&event, time, is_rollback, part.span)),
            false => incidents.add(&event, time, part.span),
        }
    }
}

fn words(kind: &EvidenceDefectKind) -> DefectKind {
    match kind {
        EvidenceDefectKind::Malformed { reason, .. } => DefectKind::Malformed(reason.clone()),
        _ => DefectKind::Malformed("this event cannot be read".to_owned()),
    }
}

/// An event is sent when a service runs; there is none of a deployment that failed, and none of its beginning. What the
/// service runs is an artifact, whose commit the event does not know. The same event may be there twice.
fn deployment(event: &Event<'_>, finished: DateTime<Utc>, is_rollback: bool, span: Span) -> Deployment {
    Deployment {
        id: format!("{} {} {}", event.subject, word(&event.kind), finished.to_rfc3339()),
        environment: event.environment.as_deref().unwrap_or_default().to_owned(),
        started: None,
        finished,
        result: DeploymentResult::Success,
        failures_recorded: false,
        version: event.artifact.as_deref().map(str::to_owned),
        commit: None,
        unplanned: None,
        rollback: Some(is_rollback),
        span,
    }
}

/// What happened to a service, in a word.
fn word(kind: &EventKind<'_>) -> &'static str {
    match kind {
        EventKind::ServiceUpgraded => "upgraded",
        EventKind::ServiceRolledBack => "rolled back",
        _ => "deployed",
    }
}

/// What events say of each incident.
#[derive(Default)]
pub(super) struct Incidents {
    by_id: FxHashMap<String, Seen>,
}

struct Seen {
    environment: Option<String>,
    created: Option<DateTime<Utc>>,
    resolved: Option<DateTime<Utc>>,
    span: Span,
}

impl Incidents {
    /// The first event that tells of an incident creates it, and the last that resolves it does.
    fn add(&mut self, event: &Event<'_>, time: DateTime<Utc>, span: Span) {
        let seen = self.by_id.entry(event.subject.clone().into_owned()).or_insert(Seen {
            environment: event.environment.as_deref().map(str::to_owned),
            created: None,
            resolved: None,
            span,
        });
        match event.kind {
            EventKind::IncidentResolved => seen.resolved = seen.resolved.max(Some(time)),
            _ => seen.created = Some(seen.created.map_or(time, |first| first.min(time))),
        }
    }

    /// The incidents, once every file was read.
    pub fn finish(self, all: &mut Deliveries) {
        let mut defect = |span, kind| all.defects.push(Defect { span, touches: Touches::Incidents, kind });
        for (id, seen) in self.by_id {
            let Some(created) = seen.created else {
                defect(seen.span, DefectKind::NeverReported(id));
                continue;
            };
            let resolved = match seen.resolved {
                None => Resolution::Open,
                Some(resolved) if resolved < created => {
                    defect(seen.span, DefectKind::ResolvedBeforeCreated);
                    Resolution::Unknown
                }
                Some(resolved) => Resolution::At(resolved),
            };
            let environments = seen.environment.into_iter().collect();
            // An event has no field for it.
            let severity = None;
            all.incidents.push(Incident { id, environments, severity, created, resolved, span: seen.span });
        }
    }
}
