//! What belongs to a release.

use chrono::NaiveDate;
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Graph, left_out};
use crate::model::rel::Rel;
use crate::model::{Entry, EntryIndex, Kind, Plan};

/// A release, as documents name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Release {
    /// Its id.
    pub id: String,
    /// Its version, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its title.
    pub title: String,
}

impl Release {
    /// What it is called: its id, its version, or both.
    pub fn name(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.id),
            None => self.id.clone(),
        }
    }
}

/// The entries that are looked at: those of one release, or all.
#[derive(Debug, Default)]
pub struct Selection {
    /// The release, if one was chosen.
    pub release: Option<Release>,
    left_out: FxHashSet<EntryIndex>,
}

/// A release that the plan does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchRelease {
    /// What the plan has.
    pub known: Vec<String>,
}

impl Selection {
    /// Everything.
    pub fn all() -> Self {
        Selection::default()
    }

    /// What belongs to the release of this name: an id, a version, or `next` for the earliest that
    /// is not over.
    pub fn new(plan: &Plan<'_>, graph: &Graph, name: &str, today: NaiveDate) -> Result<Self, NoSuchRelease> {
        let chosen = match name {
            "next" => next(plan, today),
            name => plan.release(name),
        };
        let chosen = chosen.ok_or_else(|| NoSuchRelease { known: known(plan) })?;
        Ok(Selection { release: Some(named(plan.entry(chosen))), left_out: left_out(plan, graph, chosen) })
    }

    /// Whether an entry belongs to it.
    pub fn has(&self, entry: EntryIndex) -> bool {
        !self.left_out.contains(&entry)
    }
}

fn releases<'p, 's>(plan: &'p Plan<'s>) -> impl Iterator<Item = (EntryIndex, &'p Entry<'s>, &'p Rel<'s>)> {
    plan.indexed().filter_map(|(index, entry)| match &entry.kind {
        Kind::Rel(rel) => Some((index, entry, &**rel)),
        _ => None,
    })
}

/// The chosen release, or if none was chosen, all that are not over.
pub fn to_come(plan: &Plan<'_>, selection: &Selection) -> Vec<EntryIndex> {
    if let Some(release) = &selection.release {
        return plan.release(&release.id).into_iter().collect();
    }
    releases(plan).filter(|(_, _, rel)| !rel.is_over()).map(|(index, _, _)| index).collect()
}

/// The earliest release from today on; without one, the earliest overdue; without dates, the first.
fn next(plan: &Plan<'_>, today: NaiveDate) -> Option<EntryIndex> {
    let open = releases(plan).filter(|(_, _, rel)| !rel.is_over());
    let key = |entry: &Entry<'_>, rel: &Rel<'_>| {
        let date = rel.date.map(|date| date.value);
        (date.is_none(), date.is_some_and(|date| date < today), date, entry.id.value)
    };
    open.min_by_key(|(_, entry, rel)| key(entry, rel)).map(|(index, _, _)| index)
}

fn known(plan: &Plan<'_>) -> Vec<String> {
    let mut known: Vec<_> = releases(plan).map(|(_, entry, _)| named(entry).name()).collect();
    known.sort();
    known
}

fn named(entry: &Entry<'_>) -> Release {
    let version = match &entry.kind {
        Kind::Rel(rel) => rel.version.as_ref().map(|version| version.value.to_string()),
        _ => None,
    };
    Release { id: entry.id.value.to_string(), version, title: entry.title().to_owned() }
}
