//! Environments that several releases want at once.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::value::folded;
use crate::model::{Entry, EntryIndex, Id, Plan};
use crate::schedule::Planned;
use crate::schedule::conflict::{Conflict, ConflictKind, Place};

/// The environments of a plan with their names, by release.
pub(super) struct Environments<'e> {
    /// Those of every release.
    common: Vec<(&'e Entry<'e>, String)>,
    own: FxHashMap<EntryIndex, Vec<(&'e Entry<'e>, String)>>,
}

impl<'e> Environments<'e> {
    pub(super) fn of(plan: &'e Plan<'e>) -> Self {
        let mut environments = Environments { common: Vec::new(), own: FxHashMap::default() };
        for (entry, found) in plan.environments() {
            let stated = found.name.as_ref().map(|name| name.value.to_string());
            let named = (entry, stated.unwrap_or_else(|| entry.id.value.to_string()));
            match entry.release() {
                None => environments.common.push(named),
                Some(release) => {
                    if let Some(release) = plan.release(&release.value) {
                        environments.own.entry(release).or_default().push(named);
                    }
                }
            }
        }
        environments
    }

    /// The environments of a release: its own, and those of every release.
    pub(super) fn of_release(
        &self,
        release: EntryIndex,
    ) -> impl Iterator<Item = &(&'e Entry<'e>, String)> + '_ {
        self.own.get(&release).into_iter().flatten().chain(&self.common)
    }
}

/// A release with the days of its rollout.
type Rollout<'r, 'p> = (NaiveDate, NaiveDate, &'r Planned<'p>);

/// Releases whose rollouts take the same days of the same environment: one conflict for each group of releases in which
/// each shares days with those before it, however many they are.
pub(super) fn shared_environments<'p>(
    coming: &[&Planned<'p>],
    environments: &Environments<'_>,
) -> Vec<Conflict<'p>> {
    let rollouts = coming.iter().copied().filter_map(|planned| {
        let (from, to) = planned.window?;
        Some((from, to, planned))
    });
    let mut rollouts: Vec<Rollout<'_, 'p>> = rollouts.collect();
    rollouts.sort_by_key(|(from, _, planned)| (*from, planned.entry.id.value));
    // The environments that the same releases share make one conflict.
    let mut found: BTreeMap<Vec<usize>, Vec<String>> = BTreeMap::new();
    for (name, members) in users(&rollouts, environments) {
        for group in overlapping(&rollouts, &members) {
            found.entry(group).or_default().push(name.clone());
        }
    }
    found.into_iter().filter_map(|(group, names)| shared(&rollouts, &group, names)).collect()
}

/// Which releases deploy to which environment, by its name. All that every release deploys to is one.
fn users(rollouts: &[Rollout<'_, '_>], environments: &Environments<'_>) -> Vec<(String, Vec<usize>)> {
    let key = |name: &str| folded(name).collect::<String>();
    let common: FxHashSet<String> = environments.common.iter().map(|(_, name)| key(name)).collect();
    let mut users = Vec::new();
    if !common.is_empty() {
        let names: Vec<&str> = environments.common.iter().map(|(_, name)| name.as_str()).collect();
        users.push((names.join(", "), (0..rollouts.len()).collect()));
    }
    let mut own: BTreeMap<String, (String, Vec<usize>)> = BTreeMap::new();
    for (at, (.., planned)) in rollouts.iter().enumerate() {
        for (_, name) in environments.own.get(&planned.index).into_iter().flatten() {
            if !common.contains(&key(name)) {
                let (_, members) = own.entry(key(name)).or_insert_with(|| (name.clone(), Vec::new()));
                if members.last() != Some(&at) {
                    members.push(at);
                }
            }
        }
    }
    users.extend(own.into_values());
    users
}

/// The groups of two or more in which each shares days with one before it.
fn overlapping(rollouts: &[Rollout<'_, '_>], members: &[usize]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(NaiveDate, Vec<usize>)> = Vec::new();
    for &at in members {
        let (from, to, _) = rollouts[at];
        match groups.last_mut().filter(|(end, _)| from <= *end) {
            Some((end, group)) => {
                *end = to.max(*end);
                group.push(at);
            }
            None => groups.push((to, vec![at])),
        }
    }
    groups.into_iter().map(|(_, group)| group).filter(|group| group.len() > 1).collect()
}

fn shared<'p>(
    rollouts: &[Rollout<'_, 'p>],
    group: &[usize],
    environments: Vec<String>,
) -> Option<Conflict<'p>> {
    let [first, second, ..] = group else { return None };
    let id = |at: usize| rollouts[at].2.entry.id.value;
    let (mut end, from) = (rollouts[*first].1, rollouts[*second].0);
    let mut to = from;
    for &at in &group[1..] {
        to = to.max(end.min(rollouts[at].1));
        end = end.max(rollouts[at].1);
    }
    // The second is the one that could wait.
    let order = std::iter::once(*second).chain(group.iter().copied().filter(|at| at != second));
    let place = |at: usize| {
        let date = rollouts[at].2.release.date?;
        Some(Place::new(date.span, format!("{} goes out here", id(at))))
    };
    let places: Option<Vec<Place>> = order.clone().map(place).collect();
    let others: Vec<Id> = order.skip(1).map(id).collect();
    let kind = ConflictKind::SharedEnvironment { others, environments, from, to };
    Some(Conflict { id: id(*second), day: from, kind, places: places? })
}
