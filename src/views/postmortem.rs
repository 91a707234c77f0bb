//! The post-mortem of an incident: times, timeline, cause, the rollback triggers that fired or should have, actions, and
//! what the plan does not state yet.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::incidents::{ActionLinks, ActionView, IncidentView, stated};
use super::linked::Linked;
use crate::graph::{Graph, once, sources, targets};
use crate::model::incident::{Incident, IncidentStatus};
use crate::model::{Entry, EntryIndex, Kind, Plan, id};

/// The output of `relplan postmortem --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan postmortem --format json")]
pub struct Postmortem {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it was made.
    pub day: NaiveDate,
    /// The incident.
    pub incident: IncidentView,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The release, as the incident names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// The release, if the plan has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_entry: Option<Linked>,
    /// What happened, at length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What its users had of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// How it was noticed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detected_by: Option<String>,
    /// How it was ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
    /// Seconds from its start to its detection; absent unless both are stated, in this order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_detect: Option<i64>,
    /// Seconds from its detection to its resolution; absent unless both are stated, in this order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_resolve: Option<i64>,
    /// What happened when, by time; events without a time come last.
    pub timeline: Vec<TimelineItem>,
    /// The actions that follow from it.
    pub actions: Vec<ActionView>,
    /// The lessons that are linked to it.
    pub lessons: Vec<Linked>,
    /// What the plan does not state.
    pub gaps: Vec<Gap>,
}

/// Something that happened.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TimelineItem {
    /// When, if that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// What, if that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
}

/// Something that the plan does not state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gap {
    /// The field.
    pub field: &'static str,
    /// What is missing.
    pub missing: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

/// The post-mortem of an incident; nothing if the entry is none.
pub fn postmortem(
    (plan, graph): (&Plan<'_>, &Graph),
    links: &ActionLinks,
    index: EntryIndex,
    today: NaiveDate,
) -> Option<Postmortem> {
    let entry = plan.entry(index);
    let Kind::Incident(incident) = &entry.kind else { return None };
    let view = IncidentView::new(plan, links, entry, incident);
    let action = |linked: &Linked| {
        let entry = plan.entry(plan.find(id::parse(&linked.id).ok()?)?);
        let Kind::Action(action) = &entry.kind else { return None };
        Some(ActionView::new(plan, links, entry, action, today))
    };
    let seconds = |from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>| {
        Some((to? - from?).num_seconds()).filter(|seconds| *seconds >= 0)
    };
    let release = stated(entry.release());
    Some(Postmortem {
        version: 1,
        day: today,
        owner: stated(entry.owner.as_ref()),
        release_entry: super::incidents::release_of(plan, entry).map(|index| Linked::new(plan, index)),
        release,
        description: stated(entry.description()),
        impact: stated(incident.impact.as_ref()),
        detected_by: stated(incident.detected_by.as_ref()),
        resolution: stated(incident.resolution.as_ref()),
        time_to_detect: seconds(view.started, view.detected),
        time_to_resolve: seconds(view.detected, view.resolved),
        timeline: timeline(incident),
        actions: view.actions.iter().filter_map(action).collect(),
        lessons: lessons(plan, graph, index),
        gaps: gaps(entry, incident, &view),
        incident: view,
    })
}

/// The lessons that an entry is linked to, in either direction.
pub fn lessons(plan: &Plan<'_>, graph: &Graph, index: EntryIndex) -> Vec<Linked> {
    let is_lesson = |index: EntryIndex| plan.entry(index).id.value.prefix.as_str() == "LL";
    let out = targets(graph, index, |edge| is_lesson(edge.to));
    let back = sources(graph, index, |edge| is_lesson(edge.from));
    Linked::all(plan, once(out.into_iter().chain(back), index))
}

/// The events of the timeline, with start, detection and resolution among them.
fn timeline(incident: &Incident<'_>) -> Vec<TimelineItem> {
    let ends = [
        (incident.started, "Start of the incident"),
        (incident.detected, "Detection"),
        (incident.resolved, "Resolution"),
    ];
    let ends = ends.into_iter().filter_map(|(at, what)| Some((at?.value, what)));
    let ends = ends.map(|(at, what)| TimelineItem { at: Some(at), event: Some(what.to_owned()) });
    let events = incident
        .timeline
        .iter()
        .map(|event| TimelineItem { at: event.at.map(|at| at.value), event: stated(event.event.as_ref()) });
    let mut items: Vec<TimelineItem> = ends.chain(events).collect();
    items.sort_by_key(|item| (item.at.is_none(), item.at));
    items
}

fn gaps(entry: &Entry<'_>, incident: &Incident<'_>, view: &IncidentView) -> Vec<Gap> {
    let over = incident.state() >= IncidentStatus::Resolved;
    let no_trigger = view.triggers_fired.is_empty() && view.triggers_missed.is_empty();
    let known = [
        ("severity", incident.severity.is_none(), "no severity", "add `severity`"),
        ("release", entry.release().is_none(), "no release", "add `release` with the version in production"),
        ("owner", entry.owner.is_none(), "no owner", "add `owner`"),
        ("started", incident.started.is_none(), "no start", "add `started`"),
        ("detected", incident.detected.is_none(), "no time of detection", "add `detected`"),
        ("detected_by", incident.detected_by.is_none(), "no means of detection", "add `detected_by`"),
        ("impact", incident.impact.is_none(), "no impact", "add `impact`"),
        ("resolved", over && incident.resolved.is_none(), "no time of resolution", "add `resolved`"),
        ("resolution", over && incident.resolution.is_none(), "no resolution", "add `resolution`"),
        ("cause", incident.cause.is_none(), "no cause", "add `cause`"),
        (
            "triggers_missed",
            no_trigger,
            "no rollback trigger",
            "name the triggers that fired in `triggers_fired`, and those that should have in `triggers_missed`",
        ),
        (
            "timeline",
            incident.timeline.is_empty(),
            "no timeline",
            "add `timeline`, each with `at` and `event`",
        ),
        ("actions", view.actions.is_empty(), "no actions", "add an ACT entry, and name it in `actions`"),
    ];
    let missing = known.into_iter().filter(|(_, is_missing, _, _)| *is_missing);
    missing.map(|(field, _, missing, help)| Gap { field, missing, help }).collect()
}
