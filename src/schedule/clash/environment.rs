//! Environments that two releases want at once.

use chrono::NaiveDate;

use crate::model::{Entry, Plan, same_folded};
use crate::schedule::Planned;
use crate::schedule::conflict::{Conflict, ConflictKind, Place};

/// The environments of a release with their names: its own, and those of every release.
pub(super) fn environments<'e>(planned: &Planned<'_>, plan: &'e Plan<'e>) -> Vec<(&'e Entry<'e>, String)> {
    let own = plan.environments().filter(|(entry, _)| match entry.release() {
        Some(release) => plan.release(&release.value) == Some(planned.index),
        None => true,
    });
    let name = |entry: &Entry<'_>, name: Option<String>| name.unwrap_or_else(|| entry.id.value.to_string());
    own.map(|(entry, found)| {
        let stated = found.name.as_ref().map(|name| name.value.to_string());
        (entry, name(entry, stated))
    })
    .collect()
}

/// A release with the days of its rollout and the names of its environments.
type Rollout<'r, 'p> = (NaiveDate, NaiveDate, &'r Planned<'p>, Vec<String>);

/// Releases whose rollouts take the same days of the same environment.
pub(super) fn shared_environments<'p>(coming: &[&Planned<'p>], plan: &Plan<'_>) -> Vec<Conflict<'p>> {
    let rollouts = coming.iter().copied().filter_map(|planned| {
        let (from, to) = planned.window?;
        let names = environments(planned, plan).into_iter().map(|(_, name)| name).collect();
        Some((from, to, planned, names))
    });
    let mut rollouts: Vec<Rollout<'_, 'p>> = rollouts.collect();
    rollouts.sort_by_key(|(from, _, planned, _)| (*from, planned.entry.id.value));
    let mut found = Vec::new();
    for (at, first) in rollouts.iter().enumerate() {
        let later = rollouts[at + 1..].iter().take_while(|(from, ..)| *from <= first.1);
        found.extend(later.filter_map(|second| shared(first, second)));
    }
    found
}

fn shared<'p>(first: &Rollout<'_, 'p>, second: &Rollout<'_, 'p>) -> Option<Conflict<'p>> {
    let (_, end, earlier, others) = first;
    let (from, last, later, names) = second;
    let is_common = |name: &&String| others.iter().any(|other| same_folded(name, other));
    let environments: Vec<String> = names.iter().filter(is_common).cloned().collect();
    if environments.is_empty() {
        return None;
    }
    let (id, other) = (later.entry.id.value, earlier.entry.id.value);
    let places = vec![
        Place::new(later.release.date?.span, format!("{id} goes out here")),
        Place::new(earlier.release.date?.span, format!("{other} goes out here")),
    ];
    let kind = ConflictKind::SharedEnvironment { other, environments, from: *from, to: *end.min(last) };
    Some(Conflict { id, day: *from, kind, places })
}
