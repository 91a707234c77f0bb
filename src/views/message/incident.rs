//! An incident, as messages tell of it.

use serde::Serialize;

use super::line;
use crate::model::incident::Incident;
use crate::model::{Choice, Entry, moment};

/// An incident.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentFacts {
    /// Its title.
    pub title: String,
    /// Open, mitigated, resolved or closed.
    pub status: &'static str,
    /// Whether it is over.
    pub is_over: bool,
    /// Its severity.
    pub severity: Option<&'static str>,
    /// The environment.
    pub environment: Option<String>,
    /// When it began: `2026-11-18 15:00 UTC`.
    pub started: Option<String>,
    /// When it was detected.
    pub detected: Option<String>,
    /// When it was resolved.
    pub resolved: Option<String>,
    /// What its users had of it.
    pub impact: Option<String>,
    /// Its cause.
    pub cause: Option<String>,
    /// How it was ended.
    pub resolution: Option<String>,
    /// Whom to ask: its owner.
    pub contact: Option<String>,
    /// What happened when.
    pub timeline: Vec<String>,
}

/// Gathers the facts of an incident.
pub fn incident_facts(entry: &Entry<'_>, incident: &Incident<'_>) -> IncidentFacts {
    let text = |text: &Option<crate::model::Text<'_>>| text.as_ref().map(|text| line(&text.value));
    let events = incident.timeline.iter().filter_map(|event| {
        let (at, what) = (event.at?.value, event.event.as_ref()?);
        Some(line(&format!("{}: {}", moment::shown(at), what.value)))
    });
    IncidentFacts {
        title: line(entry.title()),
        status: incident.state().word(),
        is_over: incident.is_over(),
        severity: incident.severity.map(|severity| severity.value.word()),
        environment: text(&incident.environment),
        started: incident.started.map(|time| moment::shown(time.value)),
        detected: incident.detected.map(|time| moment::shown(time.value)),
        resolved: incident.resolved.map(|time| moment::shown(time.value)),
        impact: text(&incident.impact),
        cause: text(&incident.cause),
        resolution: text(&incident.resolution),
        contact: text(&entry.owner),
        timeline: events.collect(),
    }
}
