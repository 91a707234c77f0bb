//! What messages about a release may say: facts of the plan as texts, and nothing else.

mod incident;
mod status;

use chrono::NaiveDate;
use serde::Serialize;

use super::calendar::{MilestoneDay, Release as ReleaseDates};
use super::notes::{Notes, phases};
use crate::graph::Release;
use crate::model::rel::{Phase, Rel};
use crate::model::{Choice, Entry, same_folded};

pub use incident::{IncidentFacts, incident_facts};
pub use status::{NeedFact, StatusFacts, status_facts};

/// The facts that a template may use, by these names. A fact that the plan does not state is absent.
#[derive(Debug, Serialize)]
pub struct MessageFacts {
    /// The product: `name` of `[plan]`.
    pub product: Option<String>,
    /// The release, as its users call it.
    pub release: String,
    /// Its version.
    pub version: Option<String>,
    /// Its type: major, minor, patch or hotfix.
    pub kind: Option<&'static str>,
    /// Its theme.
    pub theme: Option<String>,
    /// Its day with the weekday: `Mon 2027-03-01`.
    pub date: Option<String>,
    /// The last day of its rollout.
    pub rolled_out: Option<String>,
    /// The day on which it was deployed.
    pub deployed: Option<String>,
    /// Whom to ask: the owner of the release.
    pub contact: Option<String>,
    /// How it reaches its users.
    pub strategy: Option<&'static str>,
    /// The phases of the rollout: `Early adopters: 10%, 2 days`.
    pub phases: Vec<String>,
    /// The phase that the message is about, if it is about one.
    pub phase: Option<String>,
    /// What it brings, for the audience of the message.
    pub changes: Vec<String>,
    /// What breaks.
    pub breaking_changes: Vec<ChangeFact>,
    /// What will be removed, with what to use instead.
    pub deprecations: Vec<ChangeFact>,
    /// What must be carried over.
    pub migrations: Vec<ChangeFact>,
    /// The defects that it ships with, with their workarounds.
    pub known_issues: Vec<ChangeFact>,
    /// The milestones that are stated and still to come.
    pub milestones: Vec<DateFact>,
    /// The incident that the message is about, if it is about one.
    pub incident: Option<IncidentFacts>,
    /// How the release stands, if the message reports on that.
    pub status: Option<StatusFacts>,
}

/// Something that readers must know, and what they can do.
#[derive(Debug, Serialize)]
pub struct ChangeFact {
    /// What.
    pub text: String,
    /// What to do: a migration, a replacement, a workaround, a step.
    pub action: Option<String>,
}

/// A date.
#[derive(Debug, Serialize)]
pub struct DateFact {
    /// With the weekday: `Mon 2027-03-01`.
    pub day: String,
    /// What is on it.
    pub title: String,
}

/// Why there are no facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchPhase {
    /// The phases of the rollout.
    pub known: Vec<String>,
}

/// Gathers the facts of a release, which this entry is. `notes` are its release notes for the audience of the message.
///
/// # Errors
///
/// The rollout has no phase of this name.
pub fn message_facts(
    product: Option<&str>,
    (entry, rel): (&Entry<'_>, &Rel<'_>),
    dates: &ReleaseDates,
    notes: Notes,
    phase: Option<&str>,
) -> Result<MessageFacts, NoSuchPhase> {
    let today = notes.day;
    let coming = |milestone: &&MilestoneDay| !milestone.is_default() && milestone.day >= today;
    let milestones = dates.milestones.iter().filter(coming);
    Ok(MessageFacts {
        product: product.map(line),
        release: line(&notes.release.as_ref().map_or_else(|| dates.name.clone(), Release::public_name)),
        version: rel.version.as_ref().map(|version| version.value.to_string()),
        kind: dates.rel_type,
        theme: notes.theme.as_deref().map(line),
        date: dates.date.map(shown),
        rolled_out: dates.rolled_out.filter(|last| Some(*last) != dates.date).map(shown),
        deployed: rel.deployed_at.map(|day| shown(day.value)),
        contact: entry.owner.as_ref().map(|owner| line(&owner.value)),
        strategy: rel.strategy.map(|strategy| strategy.value.word()),
        phases: phases(rel).iter().map(|phase| line(phase)).collect(),
        phase: phase.map(|name| phase_of(rel, name)).transpose()?.as_deref().map(line),
        changes: notes.changes.into_iter().map(|change| line(&change.note)).collect(),
        breaking_changes: facts(notes.breaking_changes, |item| (item.change, item.migration)),
        deprecations: facts(notes.deprecations, |item| (item.feature, item.replacement)),
        migrations: facts(notes.migrations, |item| (item.name, None)),
        known_issues: facts(notes.known_issues, |item| (item.issue, item.workaround)),
        milestones: milestones
            .map(|milestone| DateFact { day: shown(milestone.day), title: line(&milestone.title()) })
            .collect(),
        incident: None,
        status: None,
    })
}

fn facts<T>(items: Vec<T>, parts: impl Fn(T) -> (String, Option<String>)) -> Vec<ChangeFact> {
    let fact = |item| {
        let (text, action) = parts(item);
        ChangeFact { text: line(&text), action: action.as_deref().map(line) }
    };
    items.into_iter().map(fact).collect()
}

/// The phase of a name or a number, in words.
fn phase_of(rel: &Rel<'_>, wanted: &str) -> Result<String, NoSuchPhase> {
    let words = phases(rel);
    let is_named = |(number, phase): &(usize, &Phase<'_>)| {
        let name = phase.name.as_ref().map_or("", |name| name.value.trim());
        same_folded(name, wanted) || wanted.trim() == number.to_string()
    };
    let at = (1..).zip(&rel.rollout).find(is_named).map(|(number, _)| number - 1);
    match at.and_then(|at| words.get(at).cloned()) {
        Some(phase) => Ok(phase),
        None => Err(NoSuchPhase { known: words }),
    }
}

/// A text as one line that may be shown: no fact begins a heading or a list of its own, steers a terminal or holds a
/// secret.
fn line(text: &str) -> String {
    let text = text.replace(char::is_control, " ");
    crate::source::shown::shown(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

fn shown(day: NaiveDate) -> String {
    day.format("%a %Y-%m-%d").to_string()
}
