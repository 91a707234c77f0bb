//! What the notes of a release tell of, and what is missing for them.
//!
//! A change is a feature, or a work package that implements none; it ships when its work packages are complete. What is
//! not complete is not announced.

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::Serialize;

use super::entry_state::{EntryState, entry_state};
use crate::graph::{Graph, Selection, to_come};
use crate::model::epic::State;
use crate::model::rel::{Rel, RelStatus};
use crate::model::release_notes::Audience;
use crate::model::value::same_folded;
use crate::model::{Choice, Entry, EntryIndex, Kind, LinkKind, Plan};

/// The family of features.
const FEATURE: &str = "FEA";

/// Something that a release brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The feature or work package.
    pub entry: EntryIndex,
    /// The work packages of the selection that implement it; itself, if it is one.
    pub epics: Vec<EntryIndex>,
    /// Whether it is complete.
    pub is_complete: bool,
}

/// How far the release is that notes tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotesStage {
    /// It is still to come.
    Draft,
    /// It is out.
    Released,
    /// It was out and has been rolled back.
    RolledBack,
    /// It will not come.
    Cancelled,
}

/// Something that the release notes lack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotesGap {
    /// A change without a release note.
    Change(EntryIndex),
    /// A breaking change of this release that does not say what users must do.
    BreakingChange(EntryIndex, String),
    /// An item of a list of this release does not say what it is about.
    Item {
        /// The release.
        release: EntryIndex,
        /// The list.
        list: &'static str,
        /// The field that is missing.
        field: &'static str,
    },
    /// No note for this audience.
    Nothing(Audience),
    /// Complete work that may have shipped with an earlier release: neither release states its scope.
    Unclear {
        /// The release.
        release: EntryIndex,
        /// The earlier release.
        earlier: EntryIndex,
        /// The changes, which are not announced.
        changes: Vec<EntryIndex>,
    },
}

impl NotesGap {
    /// What is missing, in words.
    pub fn in_words(&self, plan: &Plan<'_>) -> String {
        match self {
            NotesGap::Change(entry) => format!("{} has no release note", plan.entry(*entry).id.value),
            NotesGap::BreakingChange(entry, change) => {
                format!("{}: breaking change `{change}` has no migration", plan.entry(*entry).id.value)
            }
            NotesGap::Item { release, list, field } => {
                format!("{}: an item of `{list}` has no `{field}`", plan.entry(*release).id.value)
            }
            NotesGap::Unclear { release, earlier, changes } => {
                let id = |entry: &EntryIndex| plan.entry(*entry).id.value.to_string();
                let named: Vec<String> = changes.iter().map(id).collect();
                format!(
                    "{} has no `scope`: {} may have shipped with {}",
                    id(release),
                    named.join(", "),
                    id(earlier)
                )
            }
            NotesGap::Nothing(audience) => format!("no release note for {audience}"),
        }
    }
}

/// What the notes of a selection rest on.
pub struct ReleaseNotes<'p, 's> {
    plan: &'p Plan<'s>,
    /// The releases that they are about.
    pub releases: Vec<(EntryIndex, &'p Rel<'s>)>,
    /// What the releases bring, by id.
    pub changes: Vec<Change>,
    /// Complete work of which the plan does not say which release brings it.
    unclear: Option<NotesGap>,
}

impl<'p, 's> ReleaseNotes<'p, 's> {
    /// Gathers what the notes of a selection rest on.
    pub fn new(plan: &'p Plan<'s>, graph: &Graph, selection: &Selection) -> Self {
        let releases =
            to_come(plan, selection).into_iter().filter_map(|index| match &plan.entry(index).kind {
                Kind::Rel(rel) => Some((index, &**rel)),
                _ => None,
            });
        let releases: Vec<(EntryIndex, &Rel<'s>)> = releases.collect();
        let mut changes = changes(plan, graph, selection, &releases);
        let unclear = take_unclear(plan, selection, &mut changes);
        ReleaseNotes { plan, releases, changes, unclear }
    }

    /// Whether what they tell of is out: of several releases, all of them must be.
    pub fn stage(&self) -> NotesStage {
        let all = |wanted: RelStatus| {
            let has = |rel: &Rel<'_>| rel.status.is_some_and(|status| status.value == wanted);
            !self.releases.is_empty() && self.releases.iter().all(|(_, rel)| has(rel))
        };
        match () {
            () if all(RelStatus::Released) => NotesStage::Released,
            () if all(RelStatus::RolledBack) => NotesStage::RolledBack,
            () if all(RelStatus::Cancelled) => NotesStage::Cancelled,
            () => NotesStage::Draft,
        }
    }

    /// What is missing, for one audience or for whoever reads them.
    pub fn gaps(&self, audience: Option<Audience>) -> Vec<NotesGap> {
        let mut gaps: Vec<NotesGap> = self.unwritten().map(NotesGap::Change).collect();
        for (release, rel) in &self.releases {
            let of_audience = rel
                .breaking_changes
                .iter()
                .filter(|breaking| audience.is_none_or(|audience| breaking.audiences.include(audience)));
            gaps.extend(of_audience.filter(|breaking| breaking.migration.is_none()).filter_map(|breaking| {
                let change = breaking.change.as_ref()?.value.trim();
                Some(NotesGap::BreakingChange(*release, change.to_owned()))
            }));
            gaps.extend(items_without_text(*release, rel));
        }
        gaps.extend(self.unclear.clone());
        gaps.extend(audience.filter(|audience| !self.tells(*audience)).map(NotesGap::Nothing));
        gaps
    }

    /// The changes of which nothing says what to tell.
    fn unwritten(&self) -> impl Iterator<Item = EntryIndex> + '_ {
        let entries = self.changes.iter().map(|change| change.entry);
        entries.filter(|entry| self.plan.entry(*entry).release_note().is_none())
    }

    /// Whether an audience is told anything at all. A title that stands for a missing note does not count.
    fn tells(&self, audience: Audience) -> bool {
        let noted = self.changes.iter().any(|change| {
            self.plan.entry(change.entry).release_note().is_some_and(|note| note.of(audience).is_some())
        });
        noted
            || self.releases.iter().any(|(_, rel)| {
                rel.breaking_changes.iter().any(|item| item.audiences.include(audience))
                    || rel.deprecations.iter().any(|item| item.audiences.include(audience))
                    || rel.migrations.iter().any(|item| item.audiences.include(audience))
                    || rel.known_issues.iter().any(|item| item.audiences.include(audience))
            })
    }
}

/// The items of a release that release notes cannot tell of, since they do not say what they are about.
fn items_without_text<'r>(release: EntryIndex, rel: &'r Rel<'_>) -> impl Iterator<Item = NotesGap> + 'r {
    let breaking = rel.breaking_changes.iter().map(|item| ("breaking_changes", "change", &item.change));
    let deprecations = rel.deprecations.iter().map(|item| ("deprecations", "feature", &item.feature));
    let migrations = rel.migrations.iter().map(|item| ("migrations", "name", &item.name));
    let issues = rel.known_issues.iter().map(|item| ("known_issues", "issue", &item.issue));
    let items = breaking.chain(deprecations).chain(migrations).chain(issues);
    items.filter(|(_, _, text)| text.is_none()).map(move |(list, field, _)| NotesGap::Item {
        release,
        list,
        field,
    })
}

/// What is told of a change, and to whom: its note, or its title where it has none. Audiences that are told the same
/// share one text.
pub fn told<'e>(entry: &'e Entry<'_>) -> Vec<(&'e str, Vec<Audience>)> {
    let text = |audience| match entry.release_note() {
        None => Some(entry.title()).filter(|title| !title.is_empty()),
        Some(note) => note.of(audience).map(|text| text.value.trim()),
    };
    let mut told: Vec<(&str, Vec<Audience>)> = Vec::new();
    for (audience, text) in Audience::ALL.into_iter().filter_map(|audience| Some((audience, text(audience)?)))
    {
        match told.iter_mut().find(|(other, _)| *other == text) {
            Some((_, audiences)) => audiences.push(audience),
            None => told.push((text, vec![audience])),
        }
    }
    told
}

fn changes(
    plan: &Plan<'_>,
    graph: &Graph,
    selection: &Selection,
    releases: &[(EntryIndex, &Rel<'_>)],
) -> Vec<Change> {
    let left_out = left_out(plan, graph, selection, releases);
    let ships = |index: EntryIndex| {
        !left_out.contains(&index) && plan.find(plan.entry(index).id.value) == Some(index)
    };
    let epics: Vec<EntryIndex> = plan
        .indexed()
        .filter(|(index, entry)| {
            matches!(entry.kind, Kind::Epic(_)) && selection.has(*index) && ships(*index)
        })
        .map(|(index, _)| index)
        .collect();
    let in_scope: FxHashSet<EntryIndex> = epics.iter().copied().collect();
    let mut entries: Vec<EntryIndex> = Vec::new();
    for &epic in &epics {
        let features: Vec<EntryIndex> = features(plan, graph, epic).filter(|index| ships(*index)).collect();
        let noted = plan.entry(epic).release_note().is_some();
        if noted || features.is_empty() {
            entries.push(epic);
        }
        // What the note of a work package tells of needs no second one.
        entries.extend(
            features.into_iter().filter(|feature| !noted || plan.entry(*feature).release_note().is_some()),
        );
    }
    for (release, _) in releases {
        let scope = graph.outgoing(*release).filter(|edge| edge.kind == LinkKind::Scope);
        entries.extend(scope.map(|edge| edge.to).filter(|index| is_feature(plan, *index) && ships(*index)));
    }
    entries.sort_by_key(|index| plan.entry(*index).id.value);
    entries.dedup();
    entries.into_iter().map(|entry| change(plan, graph, entry, &in_scope)).collect()
}

/// Takes away complete work that may have shipped with an earlier release: neither that nor this one states a scope, and
/// the work does not name its release.
fn take_unclear(plan: &Plan<'_>, selection: &Selection, changes: &mut Vec<Change>) -> Option<NotesGap> {
    let release = plan.release(&selection.release.as_ref()?.id)?;
    let unscoped = |index: EntryIndex| match &plan.entry(index).kind {
        Kind::Rel(rel) if rel.scope.iter().all(|part| part.links.is_empty()) => Some(&**rel),
        _ => None,
    };
    let out = |rel: &Rel<'_>| rel.deployed_at.or(rel.date).map(|day| day.value);
    let own = out(unscoped(release)?);
    let earlier = plan.indexed().map(|(index, _)| index).filter(|index| *index != release);
    let earlier = earlier.filter_map(|index| Some((index, unscoped(index)?)));
    let earlier = earlier.filter(|(_, rel)| {
        let is_before = own.zip(out(rel)).is_none_or(|(own, other)| other <= own);
        rel.is_over() && !rel.is_cancelled() && is_before
    });
    let (earlier, _) = earlier.max_by_key(|(index, rel)| (out(rel), *index))?;
    let names_it = |index: &EntryIndex| {
        plan.entry(*index).release().is_some_and(|name| plan.release(&name.value) == Some(release))
    };
    let is_clear = |change: &Change| {
        !change.is_complete
            || names_it(&change.entry)
            || !change.epics.is_empty() && change.epics.iter().all(names_it)
    };
    let (clear, unclear): (Vec<Change>, Vec<Change>) = changes.drain(..).partition(is_clear);
    *changes = clear;
    let changes: Vec<EntryIndex> = unclear.into_iter().map(|change| change.entry).collect();
    (!changes.is_empty()).then_some(NotesGap::Unclear { release, earlier, changes })
}

fn change(plan: &Plan<'_>, graph: &Graph, entry: EntryIndex, in_scope: &FxHashSet<EntryIndex>) -> Change {
    if in_scope.contains(&entry) {
        return Change { entry, epics: vec![entry], is_complete: is_complete(plan, graph, entry) };
    }
    let mut epics: Vec<EntryIndex> = graph
        .incoming(entry)
        .filter(|edge| edge.kind == LinkKind::Implements)
        .map(|edge| edge.from)
        .chain(graph.outgoing(entry).filter(|edge| edge.kind == LinkKind::PartOf).map(|edge| edge.to))
        .filter(|index| matches!(plan.entry(*index).kind, Kind::Epic(_)))
        .collect();
    epics.sort_by_key(|index| plan.entry(*index).id.value);
    epics.dedup();
    let is_complete = match epics.as_slice() {
        // Nothing but its own status says how far it is.
        [] => plan.entry(entry).status().is_some_and(is_done),
        // One that was put off, or that another release brings, is as much of the feature as those in scope: users
        // would not find what the note promises.
        epics => {
            epics.iter().any(|epic| in_scope.contains(epic))
                && epics.iter().all(|epic| is_complete(plan, graph, *epic))
        }
    };
    epics.retain(|epic| in_scope.contains(epic));
    Change { entry, epics, is_complete }
}

/// Whether a work package is complete, and each work package that is a part of it.
fn is_complete(plan: &Plan<'_>, graph: &Graph, epic: EntryIndex) -> bool {
    let mut seen = FxHashSet::from_iter([epic]);
    let mut open = vec![epic];
    while let Some(index) = open.pop() {
        if entry_state(plan.entry(index)) != EntryState::Done {
            return false;
        }
        let parts = graph.incoming(index).filter(|edge| edge.kind == LinkKind::PartOf).map(|edge| edge.from);
        let parts = parts.filter(|part| matches!(plan.entry(*part).kind, Kind::Epic(_)));
        open.extend(parts.filter(|part| seen.insert(*part)));
    }
    true
}

/// Whether a status in the team's own words says that something is done.
fn is_done(status: &str) -> bool {
    const DONE: &[&str] = &["released", "shipped", "live"];
    State::from_word(status) == Some(State::Complete) || DONE.iter().any(|word| same_folded(word, status))
}

/// What releases leave out, and the work packages that are put off.
fn left_out(
    plan: &Plan<'_>,
    graph: &Graph,
    selection: &Selection,
    releases: &[(EntryIndex, &Rel<'_>)],
) -> FxHashSet<EntryIndex> {
    let excluded = releases.iter().flat_map(|(release, _)| graph.outgoing(*release));
    let mut left_out: FxHashSet<EntryIndex> =
        excluded.filter(|edge| edge.kind == LinkKind::Excludes).map(|edge| edge.to).collect();
    for (index, entry) in plan.indexed().filter(|(index, _)| selection.has(*index)) {
        if let Kind::Epic(epic) = &entry.kind
            && epic.state.is_some_and(|state| state.value == State::Deferred)
        {
            left_out.insert(index);
        }
    }
    left_out
}

fn features<'p>(
    plan: &'p Plan<'_>,
    graph: &'p Graph,
    epic: EntryIndex,
) -> impl Iterator<Item = EntryIndex> + 'p {
    let implemented =
        graph.outgoing(epic).filter(|edge| edge.kind == LinkKind::Implements).map(|edge| edge.to);
    let parts = graph.incoming(epic).filter(|edge| edge.kind == LinkKind::PartOf).map(|edge| edge.from);
    implemented.chain(parts).filter(|index| is_feature(plan, *index))
}

fn is_feature(plan: &Plan<'_>, index: EntryIndex) -> bool {
    plan.entry(index).id.value.prefix.to_string().rsplit('-').next() == Some(FEATURE)
}
