//! What belongs to a release.

use std::sync::OnceLock;

use chrono::NaiveDate;
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Graph, OutsideRelease, outside};
use crate::model::rel::Rel;
use crate::model::{Entry, EntryIndex, Kind, LinkKind, Plan};

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

    /// What its users call it: its title, with the version that the title does not say.
    pub fn public_name(&self) -> String {
        match (self.title.as_str(), &self.version) {
            ("", _) => self.name(),
            (title, Some(version)) if !title.contains(version.as_str()) => format!("{title} ({version})"),
            (title, _) => title.to_owned(),
        }
    }
}

/// The word for the earliest release that has not shipped.
const NEXT: &str = "next";

/// The entries that are looked at: those of one release, or all.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The release, if one was chosen.
    pub release: Option<Release>,
    outside: OutsideRelease,
}

/// A release that the plan does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchRelease {
    /// What the plan has.
    pub known: Vec<String>,
}

impl Selection {
    /// Everything, for as long as it is asked for.
    pub fn everything() -> &'static Self {
        static ALL: OnceLock<Selection> = OnceLock::new();
        ALL.get_or_init(Selection::all)
    }

    /// Everything.
    pub fn all() -> Self {
        Selection::default()
    }

    /// What belongs to the release of this name: an id, a version, or `next` for the earliest that has not shipped.
    pub fn new(plan: &Plan<'_>, graph: &Graph, name: &str) -> Result<Self, NoSuchRelease> {
        let chosen = match name {
            NEXT => next(plan, graph),
            name => plan.release(name),
        };
        let chosen = chosen.ok_or_else(|| NoSuchRelease { known: known(plan) })?;
        Ok(Selection::of(plan, graph, chosen))
    }

    fn of(plan: &Plan<'_>, graph: &Graph, chosen: EntryIndex) -> Self {
        Selection { release: Some(named(plan.entry(chosen))), outside: outside(plan, graph, chosen) }
    }

    /// The releases that are still to ship, each with what belongs to it, `next` first.
    pub fn every_to_ship(plan: &Plan<'_>, graph: &Graph) -> Vec<Self> {
        let mut releases: Vec<_> = unshipped(plan, graph).collect();
        releases.sort_by_key(order);
        releases.into_iter().map(|(index, _, _)| Selection::of(plan, graph, index)).collect()
    }

    /// What a command about one release is about: the release that is named, or else the next; the whole plan, if
    /// every release has shipped.
    pub fn of_one(plan: &Plan<'_>, graph: &Graph, name: Option<&str>) -> Result<Self, NoSuchRelease> {
        match name {
            Some(name) => Selection::new(plan, graph, name),
            None => Ok(Selection::new(plan, graph, NEXT).unwrap_or_default()),
        }
    }

    /// What a document about what has shipped is about: the release that is named, or else the next; the last that
    /// has shipped, if every release has.
    pub fn of_one_or_latest(
        plan: &Plan<'_>,
        graph: &Graph,
        name: Option<&str>,
    ) -> Result<Self, NoSuchRelease> {
        let selection = Selection::of_one(plan, graph, name)?;
        match latest(plan).filter(|_| selection.release.is_none()) {
            Some(latest) => Selection::new(plan, graph, &latest),
            None => Ok(selection),
        }
    }

    /// What a document about the time after a release is about: the release that is named, or else the last that has
    /// shipped; everything, if none has.
    pub fn of_shipped(plan: &Plan<'_>, graph: &Graph, name: Option<&str>) -> Result<Self, NoSuchRelease> {
        match name.map(str::to_owned).or_else(|| latest(plan)) {
            Some(name) => Selection::new(plan, graph, &name),
            None => Ok(Selection::default()),
        }
    }

    /// The entries that belong to it.
    pub fn entries(&self, plan: &Plan<'_>) -> FxHashSet<EntryIndex> {
        plan.indexed().map(|(index, _)| index).filter(|entry| self.has(*entry)).collect()
    }

    /// Whether an entry belongs to it.
    pub fn has(&self, entry: EntryIndex) -> bool {
        !self.outside.entries.contains(&entry)
    }

    /// Whether what is wrong with an entry may matter to it: the entry belongs to it, or nobody knows.
    pub fn may_have(&self, entry: EntryIndex) -> bool {
        self.has(entry) || self.outside.unsure.contains(&entry)
    }

    /// How many entries do not belong to it.
    pub fn outside_count(&self) -> usize {
        self.outside.entries.len()
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

/// The earliest release that has not shipped, whether its date has passed or it is being rolled out.
fn next(plan: &Plan<'_>, graph: &Graph) -> Option<EntryIndex> {
    unshipped(plan, graph).min_by_key(order).map(|(index, _, _)| index)
}

/// The order of releases that are still to ship; those without a date come last.
fn order((_, entry, rel): &(EntryIndex, &Entry<'_>, &Rel<'_>)) -> impl Ord + use<> {
    let date = rel.date.map(|date| date.value);
    (date.is_none(), date, entry.id.value)
}

/// The id of the release that shipped last.
fn latest(plan: &Plan<'_>) -> Option<String> {
    let shipped = releases(plan).filter(|(_, _, rel)| rel.is_over() && !rel.is_cancelled());
    let key = |(_, entry, rel): &(EntryIndex, &Entry<'_>, &Rel<'_>)| {
        (rel.deployed_at.or(rel.date).map(|date| date.value), entry.id.value)
    };
    shipped.max_by_key(key).map(|(_, entry, _)| entry.id.value.to_string())
}

/// The releases that are still to ship: neither over nor replaced by another release.
fn unshipped<'p, 's>(
    plan: &'p Plan<'s>,
    graph: &'p Graph,
) -> impl Iterator<Item = (EntryIndex, &'p Entry<'s>, &'p Rel<'s>)> {
    releases(plan).filter(move |(index, entry, rel)| {
        // What repeats the id of another entry is not a release of its own.
        !rel.is_over() && plan.find(entry.id.value) == Some(*index) && !is_superseded(plan, graph, *index)
    })
}

/// Whether another release that is not cancelled replaces this one. Two that replace each other are both to ship.
fn is_superseded(plan: &Plan<'_>, graph: &Graph, release: EntryIndex) -> bool {
    let supersedes = |from: EntryIndex, to: EntryIndex| {
        graph.outgoing(from).any(|edge| edge.kind == LinkKind::Supersedes && edge.to == to)
    };
    let replaces = |other: EntryIndex| match &plan.entry(other).kind {
        Kind::Rel(rel) => !rel.is_cancelled() && other != release && !supersedes(release, other),
        _ => false,
    };
    graph.incoming(release).any(|edge| edge.kind == LinkKind::Supersedes && replaces(edge.from))
}

/// A release that has not shipped although its date has passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OverdueRelease {
    /// The release.
    #[serde(flatten)]
    pub release: Release,
    /// Its date.
    pub date: NaiveDate,
    /// The number of days since its date.
    pub days: i64,
}

/// The releases that have not shipped although their dates have passed, the earliest first. One that is being rolled out
/// is not overdue.
pub fn overdue(plan: &Plan<'_>, graph: &Graph, today: NaiveDate) -> Vec<OverdueRelease> {
    let late = unshipped(plan, graph).filter_map(|(_, entry, rel)| {
        let date = rel.date.map(|date| date.value).filter(|date| *date < today)?;
        let days = today.signed_duration_since(date).num_days();
        rel.deployed_at.is_none().then(|| OverdueRelease { release: named(entry), date, days })
    });
    let mut late: Vec<OverdueRelease> = late.collect();
    late.sort_by_key(|release| release.date);
    late
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
