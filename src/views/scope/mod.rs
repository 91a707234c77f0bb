//! What a release ships: how much each part of it is needed, what is worth doing first, what must be
//! done before it, and what was left out.

mod figures;
mod method;
pub mod options;
mod order;
mod technical;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::Serialize;

use crate::graph::{Graph, Release, Selection, scope_needs, to_come};
use crate::model::dep::Need;
use crate::model::epic::{Epic, State};
use crate::model::rel::Rel;
use crate::model::{Entry, EntryIndex, Kind, LinkKind, Plan};
use crate::verdict::entry_state::{EntryState, entry_state};

pub use figures::Figures;
pub use method::{PriorityMethod, Rating};
pub use technical::{Dependency, Technical};

/// How the score is reckoned, for people.
///
/// Source: K. E. Wiegers, "First Things First: Prioritizing Requirements" (1999), with equal weights.
pub const FORMULA: &str = "value ÷ (effort + risk), with Low as 1, Medium as 2 and High as 3";

/// The output of `relplan scope --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan scope --format json")]
pub struct Scope {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release that it is about; absent if it is about all that are still to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// How the score of an item is reckoned.
    pub formula: &'static str,
    /// What is to be shipped, in the order in which to do it.
    pub items: Vec<Item>,
    /// How many items each need has, the greatest need first.
    pub totals: Vec<Total>,
    /// What was left out, by id.
    pub out_of_scope: Vec<OutOfScopeItem>,
    /// What the release changes and needs.
    pub technical: technical::Technical,
    /// What must be so afterwards.
    pub success_criteria: Vec<String>,
}

/// Something that is to be shipped.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Item {
    /// Its place in the order, from 1.
    pub place: usize,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How much it is needed.
    pub need: NeedWord,
    /// The source.
    pub stated_by: StatementSource,
    /// Its own `priority`, if that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_priority: Option<NeedWord>,
    /// Its status, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Its status.
    pub state: EntryState,
    /// The phase in which it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What it is worth, what it takes, and how uncertain it is.
    #[serde(flatten)]
    pub figures: Figures,
    /// What of this list must be done before it and is not done yet.
    pub waits_for: Vec<String>,
    /// What must be done before it, is not done yet, and is not part of this list.
    pub waits_for_elsewhere: Vec<String>,
    /// The item that needs it early: without that it would come later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brought_forward_by: Option<String>,
}

/// How much something is needed (MoSCoW).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NeedWord {
    /// Not without it.
    Must,
    /// Painful without it.
    Should,
    /// Welcome.
    Could,
    /// Not this time.
    Wont,
    /// Not stated.
    NotStated,
}

/// The source of a priority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatementSource {
    /// The scope of a release names it.
    Scope,
    /// It builds this, which the scope of a release names.
    Whole(String),
    /// Its own `priority`.
    Priority,
    /// No one.
    NotStated,
}

/// How many items have a need.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Total {
    /// The need.
    pub need: NeedWord,
    /// How many items.
    pub items: usize,
    /// How many of them are done.
    pub done: usize,
    /// How many have no status.
    pub unknown: usize,
    /// How many days are left of the estimates of those that are not done, after their progress.
    pub days_left: f64,
    /// How many of those that are not done have no estimate.
    pub without_estimate: usize,
}

/// Something that is not to be shipped.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OutOfScopeItem {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The reason, if one is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The later release that will have it, if one is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_release: Option<String>,
    /// What is to be shipped and cannot be done without it.
    pub needed_by: Vec<String>,
}

impl NeedWord {
    /// Every need, the greatest first.
    pub const ALL: [NeedWord; 5] =
        [NeedWord::Must, NeedWord::Should, NeedWord::Could, NeedWord::Wont, NeedWord::NotStated];

    /// As it is shown.
    pub const fn word(self) -> &'static str {
        match self {
            NeedWord::Must => "must",
            NeedWord::Should => "should",
            NeedWord::Could => "could",
            NeedWord::Wont => "won't",
            NeedWord::NotStated => "not stated",
        }
    }
}

impl From<Need> for NeedWord {
    fn from(need: Need) -> Self {
        match need {
            Need::Must => NeedWord::Must,
            Need::Should => NeedWord::Should,
            Need::Could => NeedWord::Could,
            Need::Wont => NeedWord::Wont,
        }
    }
}

impl Item {
    /// Whether nothing is left to be done.
    pub fn is_done(&self) -> bool {
        self.state == EntryState::Done
    }
}

/// The scope of the selected release, or of every release that is still to come.
pub fn scope(plan: &Plan<'_>, graph: &Graph, selection: &Selection, today: NaiveDate) -> Scope {
    let releases = releases(plan, selection);
    let named = needs(plan, graph, &releases);
    let excluded = excluded(plan, graph, &releases, selection);
    let members = members(plan, selection, &named, &excluded);
    let items = items(plan, graph, &members, &named);
    let out_of_scope = out_of_scope(plan, graph, &members, excluded);
    Scope {
        version: 1,
        day: today,
        release: selection.release.clone(),
        formula: FORMULA,
        totals: totals(&items),
        items,
        out_of_scope,
        technical: technical::technical(releases.iter().map(|(_, _, rel)| *rel)),
        success_criteria: technical::success_criteria(releases.iter().map(|(_, _, rel)| *rel)),
    }
}

type Releases<'p, 's> = Vec<(EntryIndex, &'p Entry<'s>, &'p Rel<'s>)>;

/// The selected release; without one, those that are still to come.
fn releases<'p, 's>(plan: &'p Plan<'s>, selection: &Selection) -> Releases<'p, 's> {
    let release = |index: EntryIndex| match (plan.entry(index), &plan.entry(index).kind) {
        (entry, Kind::Rel(rel)) => Some((index, entry, &**rel)),
        _ => None,
    };
    to_come(plan, selection).into_iter().filter_map(release).collect()
}

type Needs = FxHashMap<EntryIndex, (NeedWord, StatementSource)>;

/// What the scopes of releases name, with the greatest need that one of them states.
fn needs(plan: &Plan<'_>, graph: &Graph, releases: &Releases<'_, '_>) -> Needs {
    let stated = scope_needs(plan, graph, releases.iter().map(|(index, _, _)| *index));
    stated.into_iter().map(|(entry, need)| (entry, (need.into(), StatementSource::Scope))).collect()
}

/// Why something is left out, and which release will have it, as far as somebody says so.
type Excluded = FxHashMap<EntryIndex, (Option<String>, Option<String>)>;

/// What releases leave out, and the work packages that are put off.
fn excluded(plan: &Plan<'_>, graph: &Graph, releases: &Releases<'_, '_>, selection: &Selection) -> Excluded {
    let mut excluded = Excluded::default();
    for (index, _, rel) in releases {
        for edge in graph.outgoing(*index).filter(|edge| edge.kind == LinkKind::Excludes) {
            let why = rel.excluded.iter().find(|excluded| excluded.span.contains(edge.span));
            let reason = why.and_then(|why| Some(why.reason.as_ref()?.value.to_string()));
            let target = why.and_then(|why| Some(why.target_release.as_ref()?.value.to_string()));
            excluded.insert(edge.to, (reason, target));
        }
    }
    for (index, entry) in plan.indexed().filter(|(index, _)| selection.has(*index)) {
        if epic(entry).is_some_and(|epic| epic.state.is_some_and(|state| state.value == State::Deferred)) {
            excluded.entry(index).or_insert((None, None));
        }
    }
    // What one release leaves out another may ship.
    if selection.release.is_none() {
        let shipped = needs(plan, graph, releases);
        excluded.retain(|index, _| !shipped.contains_key(index));
    }
    excluded
}

fn epic<'p, 's>(entry: &'p Entry<'s>) -> Option<&'p Epic<'s>> {
    match &entry.kind {
        Kind::Epic(epic) => Some(epic),
        _ => None,
    }
}

/// What a scope names, and the work packages that belong to the selection, by id.
fn members(plan: &Plan<'_>, selection: &Selection, named: &Needs, excluded: &Excluded) -> Vec<EntryIndex> {
    let belongs = |index: EntryIndex, entry: &Entry<'_>| {
        named.contains_key(&index) || epic(entry).is_some() && selection.has(index)
    };
    let mut members: Vec<EntryIndex> = plan
        .indexed()
        .filter(|(index, entry)| belongs(*index, entry) && !excluded.contains_key(index))
        .map(|(index, _)| index)
        .collect();
    members.sort_by_key(|index| plan.entry(*index).id.value);
    members
}

fn items(plan: &Plan<'_>, graph: &Graph, members: &[EntryIndex], named: &Needs) -> Vec<Item> {
    let here: FxHashSet<EntryIndex> = members.iter().copied().collect();
    let mut candidates: Vec<order::Candidate> = Vec::new();
    let mut items: FxHashMap<EntryIndex, Item> = FxHashMap::default();
    for &index in members {
        let item = item(plan, graph, index, named, &here);
        let open = dependencies(plan, graph, index).filter(|other| here.contains(other));
        candidates.push(order::Candidate {
            index,
            need: item.need,
            score: item.figures.score,
            is_done: item.is_done(),
            after: open.collect(),
        });
        items.insert(index, item);
    }
    let ordered = order::ordered(&candidates);
    let place = |(position, step): (usize, order::Step)| {
        let mut item = items.remove(&step.index)?;
        item.place = position + 1;
        item.brought_forward_by = step.brought_forward_by.map(|index| name(plan, index));
        Some(item)
    };
    ordered.into_iter().enumerate().filter_map(place).collect()
}

fn name(plan: &Plan<'_>, index: EntryIndex) -> String {
    plan.entry(index).id.value.to_string()
}

/// What an entry depends on that is not done yet.
fn dependencies<'p>(
    plan: &'p Plan<'_>,
    graph: &'p Graph,
    index: EntryIndex,
) -> impl Iterator<Item = EntryIndex> + 'p {
    let on = graph.outgoing(index).filter(|edge| edge.kind == LinkKind::DependsOn).map(|edge| edge.to);
    on.filter(move |other| *other != index && entry_state(plan.entry(*other)) != EntryState::Done)
}

fn item(
    plan: &Plan<'_>,
    graph: &Graph,
    index: EntryIndex,
    named: &Needs,
    here: &FxHashSet<EntryIndex>,
) -> Item {
    let entry = plan.entry(index);
    let own = epic(entry).and_then(|epic| Some(NeedWord::from(epic.priority?.value)));
    let (need, stated_by) = need(plan, graph, index, own, named);
    let (inside, outside): (Vec<EntryIndex>, Vec<EntryIndex>) =
        dependencies(plan, graph, index).partition(|other| here.contains(other));
    let names = |indices: Vec<EntryIndex>| indices.into_iter().map(|index| name(plan, index)).collect();
    Item {
        place: 0,
        id: entry.id.value.to_string(),
        title: entry.title().to_owned(),
        need,
        stated_by,
        own_priority: own.filter(|own| *own != need),
        status: entry.status().map(str::to_owned),
        state: entry_state(entry),
        phase: epic(entry).and_then(|epic| Some(epic.phase.as_ref()?.value.trim().to_owned())),
        owner: entry.owner.as_ref().map(|owner| owner.value.to_string()),
        figures: epic(entry).map(Figures::of).unwrap_or_default(),
        waits_for: names(inside),
        waits_for_elsewhere: names(outside),
        brought_forward_by: None,
    }
}

/// How much something is needed: as the scope says of it or of what it builds, or as it says itself.
fn need(
    plan: &Plan<'_>,
    graph: &Graph,
    index: EntryIndex,
    own: Option<NeedWord>,
    named: &Needs,
) -> (NeedWord, StatementSource) {
    if let Some(named) = named.get(&index) {
        return named.clone();
    }
    let wholes = graph
        .outgoing(index)
        .filter(|edge| matches!(edge.kind, LinkKind::Implements | LinkKind::PartOf))
        .filter_map(|edge| Some((named.get(&edge.to)?.0, plan.entry(edge.to).id.value)));
    match (wholes.min(), own) {
        (Some((need, whole)), _) => (need, StatementSource::Whole(whole.to_string())),
        (None, Some(own)) => (own, StatementSource::Priority),
        (None, None) => (NeedWord::NotStated, StatementSource::NotStated),
    }
}

fn out_of_scope(
    plan: &Plan<'_>,
    graph: &Graph,
    members: &[EntryIndex],
    excluded: Excluded,
) -> Vec<OutOfScopeItem> {
    let mut needed_by: FxHashMap<EntryIndex, Vec<String>> = FxHashMap::default();
    for member in members {
        let on: FxHashSet<EntryIndex> = dependencies(plan, graph, *member).collect();
        for on in on.into_iter().filter(|on| excluded.contains_key(on)) {
            needed_by.entry(on).or_default().push(name(plan, *member));
        }
    }
    let mut out_of_scope: Vec<(EntryIndex, OutOfScopeItem)> = Vec::new();
    for (index, (reason, target_release)) in excluded {
        let needed_by = needed_by.remove(&index).unwrap_or_default();
        let title = plan.entry(index).title().to_owned();
        out_of_scope.push((
            index,
            OutOfScopeItem { id: name(plan, index), title, reason, target_release, needed_by },
        ));
    }
    out_of_scope.sort_by_key(|(index, _)| plan.entry(*index).id.value);
    out_of_scope.into_iter().map(|(_, out_of_scope)| out_of_scope).collect()
}

fn totals(items: &[Item]) -> Vec<Total> {
    let total = |need: NeedWord| {
        let items: Vec<&Item> = items.iter().filter(|item| item.need == need).collect();
        let open: Vec<&&Item> = items.iter().filter(|item| !item.is_done()).collect();
        Total {
            need,
            items: items.len(),
            done: items.len() - open.len(),
            unknown: items.iter().filter(|item| item.state == EntryState::Unknown).count(),
            days_left: figures::rounded(open.iter().filter_map(|item| item.figures.days_left).sum()),
            without_estimate: open.iter().filter(|item| item.figures.days.is_none()).count(),
        }
    };
    NeedWord::ALL.into_iter().map(total).filter(|total| total.items > 0).collect()
}
