//! Incidents and actions as parts of documents.

use super::{Line, Table, Tone};
use crate::model::moment;
use crate::model::phrase::counted;
use crate::views::incidents::{ActionView, IncidentView};
use crate::views::unassigned::UnassignedIncident;

/// The incidents in a line each.
pub(super) fn incidents(incidents: &[IncidentView]) -> Table {
    let columns = ["Incident", "Severity", "Status", "Detected", "Recovery time", "Triggers"];
    let mut table = Table::new(counted(incidents.len(), "incident"), &columns);
    for incident in incidents {
        let detected = incident.detected.map_or_else(missing, |time| Line::from(moment::shown(time)));
        table.row_of(
            &incident.id,
            [
                Line::id(&incident.id).and(" ").prose_too(&incident.title),
                incident.severity.map_or_else(missing, Line::from),
                status(incident),
                detected,
                recovery(incident),
                triggers(incident),
            ],
        );
    }
    table
}

/// The incidents without a release in a line each.
pub(super) fn unassigned(incidents: &[UnassignedIncident]) -> Table {
    let caption = format!("{} not assigned to a release", counted(incidents.len(), "incident"));
    let mut table = Table::new(caption, &["Incident", "Severity", "Status", "Environment", "Time"]);
    for incident in incidents {
        let name = Line::id(&incident.id);
        let tone = match incident.status {
            "open" => Tone::Bad,
            "mitigated" => Tone::Attention,
            "unknown" => Tone::Unknown,
            _ => Tone::Good,
        };
        let time = incident.time.zip(incident.time_is);
        table.row_of(
            &incident.id,
            [
                incident.title.as_ref().map_or(name.clone(), |title| name.and(" ").prose_too(title)),
                incident.severity.map_or_else(missing, Line::from),
                Line::badge(tone, incident.status),
                match incident.environments.is_empty() {
                    true => Line::from("every"),
                    false => Line::prose(&incident.environments.join(", ")),
                },
                time.map_or_else(missing, |(time, word)| {
                    Line::from(format!("{word} {}", moment::shown(time)))
                }),
            ],
        );
    }
    table
}

/// The status of an incident with its tone.
pub(super) fn status(incident: &IncidentView) -> Line {
    let tone = match incident.status {
        "open" => Tone::Bad,
        "mitigated" => Tone::Attention,
        _ => Tone::Good,
    };
    Line::badge(tone, incident.status)
}

fn recovery(incident: &IncidentView) -> Line {
    match (incident.detected, incident.resolved) {
        (Some(detected), Some(resolved)) if detected <= resolved => {
            Line::from(moment::span_words(detected, resolved))
        }
        (_, None) if !incident.is_over() => Line::from("–"),
        _ => missing(),
    }
}

/// Which rollback triggers fired, and which should have.
pub(super) fn triggers(incident: &IncidentView) -> Line {
    let ids = |linked: &[crate::views::linked::Linked]| Line::ids(linked.iter().map(|one| one.id.as_str()));
    let (fired, missed) = (&incident.triggers_fired, &incident.triggers_missed);
    match (fired.is_empty(), missed.is_empty()) {
        (true, true) => missing(),
        (false, true) => Line::from("fired: ").join(ids(fired)),
        (true, false) => Line::badge(Tone::Bad, "missed").and(": ").join(ids(missed)),
        (false, false) => {
            let fired = Line::from("fired: ").join(ids(fired)).and("; ");
            fired.badge_too(Tone::Bad, "missed").and(": ").join(ids(missed))
        }
    }
}

/// The actions in a line each.
pub(super) fn actions(actions: &[ActionView]) -> Table {
    let columns = ["Action", "Owner", "Due", "Status", "Follows from"];
    let mut table = Table::new(counted(actions.len(), "action"), &columns);
    for action in actions {
        table.row_of(
            &action.id,
            [
                Line::id(&action.id).and(" ").prose_too(&action.title),
                action.owner.as_deref().map_or_else(missing, Line::prose),
                action.due.map_or_else(missing, |due| Line::from(due.to_string())),
                action_status(action),
                Line::ids(action.follows_from.iter().map(|linked| linked.id.as_str())),
            ],
        );
    }
    table
}

fn action_status(action: &ActionView) -> Line {
    let tone = match action.status {
        _ if action.is_overdue => return Line::badge(Tone::Bad, "overdue"),
        "done" => Tone::Good,
        "in progress" => Tone::Attention,
        _ => Tone::Neutral,
    };
    match action.completed {
        Some(day) if action.status == "done" => Line::badge(tone, format!("done {day}")),
        _ => Line::badge(tone, action.status),
    }
}

/// In place of what the plan does not state.
pub(super) fn missing() -> Line {
    Line::badge(Tone::Unknown, "not stated")
}

/// A text of the plan, or that it is not stated.
pub(super) fn or_missing(text: Option<&String>) -> Line {
    text.map_or_else(missing, |text| Line::prose(text))
}
