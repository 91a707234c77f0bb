//! Incidents and actions, as documents about the time after a release name them.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};
use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::Serialize;

use super::linked::Linked;
use crate::model::incident::{Action, Incident, links_at};
use crate::model::{Choice, Entry, EntryIndex, Kind, Plan, Target, Text};

/// An incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IncidentView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its severity, if one is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<&'static str>,
    /// Its status: open, mitigated, resolved or closed.
    pub status: &'static str,
    /// The environment, if one is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<DateTime<Utc>>,
    /// When it was detected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detected: Option<DateTime<Utc>>,
    /// When it was resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved: Option<DateTime<Utc>>,
    /// Its cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The rollback triggers that fired.
    pub triggers_fired: Vec<Linked>,
    /// The rollback triggers that should have fired, and did not.
    pub triggers_missed: Vec<Linked>,
    /// The actions that follow from it.
    pub actions: Vec<Linked>,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ActionView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its status: open, in progress, done or dropped.
    pub status: &'static str,
    /// Who does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// When it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<NaiveDate>,
    /// How it is seen that it helped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_criteria: Option<String>,
    /// What it follows from.
    pub follows_from: Vec<Linked>,
    /// Whether its due date has passed and it is not done.
    pub is_overdue: bool,
}

impl IncidentView {
    /// An incident of a plan.
    pub fn new(plan: &Plan<'_>, links: &ActionLinks, entry: &Entry<'_>, incident: &Incident<'_>) -> Self {
        let at = |places: &Range<usize>| Linked::all(plan, entries_at(plan, entry, places));
        IncidentView {
            id: entry.id.value.to_string(),
            title: entry.title().to_owned(),
            severity: incident.severity.map(|severity| severity.value.word()),
            status: incident.state().word(),
            environment: stated(incident.environment.as_ref()),
            started: incident.started.map(|time| time.value),
            detected: incident.detected.map(|time| time.value),
            resolved: incident.resolved.map(|time| time.value),
            cause: stated(incident.cause.as_ref()),
            triggers_fired: at(&incident.triggers_fired),
            triggers_missed: at(&incident.triggers_missed),
            actions: Linked::all(plan, links.actions_of(plan, entry, incident)),
        }
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        matches!(self.status, "resolved" | "closed")
    }
}

impl ActionView {
    /// An action of a plan, on a day.
    pub fn new(
        plan: &Plan<'_>,
        links: &ActionLinks,
        entry: &Entry<'_>,
        action: &Action<'_>,
        today: NaiveDate,
    ) -> Self {
        let due = entry.due().map(|due| due.value);
        let own = plan.find(entry.id.value);
        let naming = own.and_then(|own| links.naming.get(&own)).into_iter().flatten().copied();
        let from = once_each(entries_at(plan, entry, &action.follows_from).into_iter().chain(naming));
        ActionView {
            id: entry.id.value.to_string(),
            title: entry.title().to_owned(),
            status: action.state().word(),
            owner: stated(entry.owner.as_ref()),
            due,
            completed: action.completed.map(|day| day.value),
            success_criteria: stated(action.success_criteria.as_ref()),
            follows_from: Linked::all(plan, from),
            is_overdue: action.is_open() && due.is_some_and(|due| due < today),
        }
    }

    /// Whether it is still to be done.
    pub fn is_open(&self) -> bool {
        !matches!(self.status, "done" | "dropped")
    }
}

/// Which actions follow from what, whichever of the two says so. Worked out once for all incidents and actions of a plan,
/// so that no document holds every one against every other.
#[derive(Debug, Default)]
pub struct ActionLinks {
    /// The actions that name an entry as what they follow from, in the order of their ids.
    following: FxHashMap<EntryIndex, Vec<EntryIndex>>,
    /// The incidents that name an action, in the order of their ids.
    naming: FxHashMap<EntryIndex, Vec<EntryIndex>>,
    /// The incidents that name a release.
    of_release: FxHashMap<EntryIndex, Vec<EntryIndex>>,
}

impl ActionLinks {
    /// The links of a plan.
    pub fn new(plan: &Plan<'_>) -> Self {
        let mut links = ActionLinks::default();
        for (entry, action) in plan.actions() {
            let Some(own) = plan.find(entry.id.value) else { continue };
            for from in entries_at(plan, entry, &action.follows_from) {
                links.following.entry(from).or_default().push(own);
            }
        }
        for (entry, incident) in plan.incidents() {
            let Some(own) = plan.find(entry.id.value) else { continue };
            for action in entries_at(plan, entry, &incident.actions) {
                links.naming.entry(action).or_default().push(own);
            }
            if let Some(release) = release_of(plan, entry) {
                links.of_release.entry(release).or_default().push(own);
            }
        }
        links
    }

    /// The actions that follow from an incident: those that it names, and those that name it.
    fn actions_of(&self, plan: &Plan<'_>, entry: &Entry<'_>, incident: &Incident<'_>) -> Vec<EntryIndex> {
        let own = plan.find(entry.id.value);
        let naming = own.and_then(|own| self.following.get(&own)).into_iter().flatten().copied();
        once_each(entries_at(plan, entry, &incident.actions).into_iter().chain(naming))
    }

    /// The actions that follow from a release or from an incident of it, by id.
    fn actions_from(&self, plan: &Plan<'_>, release: EntryIndex) -> Vec<EntryIndex> {
        let incidents = || self.of_release.get(&release).into_iter().flatten();
        let following = std::iter::once(&release).chain(incidents());
        let following = following.filter_map(|from| self.following.get(from)).flatten().copied();
        let named = incidents().flat_map(|index| match &plan.entry(*index).kind {
            Kind::Incident(incident) => entries_at(plan, plan.entry(*index), &incident.actions),
            _ => Vec::new(),
        });
        let mut actions = once_each(following.chain(named));
        actions.sort_by_key(|index| plan.entry(*index).id.value);
        actions
    }
}

/// Entries in their order, each once.
fn once_each(entries: impl Iterator<Item = EntryIndex>) -> Vec<EntryIndex> {
    let mut seen = FxHashSet::default();
    entries.filter(|entry| seen.insert(*entry)).collect()
}

/// The entries that links at these positions name.
pub fn entries_at(plan: &Plan<'_>, entry: &Entry<'_>, places: &Range<usize>) -> Vec<EntryIndex> {
    let mut found = Vec::new();
    for link in links_at(entry, places) {
        match &link.target {
            Target::One(id) => found.extend(plan.find(*id)),
            Target::Range(ends) => found.extend(plan.between(ends.0.value, ends.1.value).iter()),
        }
    }
    found
}

/// The release that an entry names, if the plan has it.
pub fn release_of(plan: &Plan<'_>, entry: &Entry<'_>) -> Option<EntryIndex> {
    plan.release(&entry.release()?.value)
}

/// The incidents of a release, those detected first before the others.
pub fn incidents_of(plan: &Plan<'_>, links: &ActionLinks, release: EntryIndex) -> Vec<IncidentView> {
    let own = plan.incidents().filter(|(entry, _)| release_of(plan, entry) == Some(release));
    let mut own: Vec<IncidentView> =
        own.map(|(entry, incident)| IncidentView::new(plan, links, entry, incident)).collect();
    own.sort_by_key(|incident| (incident.detected.is_none(), incident.detected));
    own
}

/// The actions that follow from a release: those that name it, or an incident of it.
pub fn actions_from(
    plan: &Plan<'_>,
    links: &ActionLinks,
    release: EntryIndex,
    today: NaiveDate,
) -> Vec<ActionView> {
    let own = links.actions_from(plan, release).into_iter();
    let own = own.filter_map(|index| match &plan.entry(index).kind {
        Kind::Action(action) => Some((plan.entry(index), action)),
        _ => None,
    });
    own.map(|(entry, action)| ActionView::new(plan, links, entry, action, today)).collect()
}

/// A text that says something.
pub fn stated(text: Option<&Text<'_>>) -> Option<String> {
    text.map(|text| text.value.trim().to_owned()).filter(|text| !text.is_empty())
}
