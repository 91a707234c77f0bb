//! The releases to come with the strategies by which they are deployed, and the rollbacks that they have.

use crate::model::dep::{Rollback, Strategy};
use crate::model::rel::Rel;
use crate::model::{Entry, EntryIndex};
use crate::rules::{Subject, words};
use crate::source::Spanned;

/// A release to come, with its place in the plan.
pub(super) struct Deployed<'p> {
    pub index: EntryIndex,
    pub entry: &'p Entry<'p>,
    pub rel: &'p Rel<'p>,
    pub strategy: Option<Spanned<Strategy>>,
}

/// The releases to come.
pub(super) fn to_come<'p>(subject: &Subject<'p>) -> Vec<Deployed<'p>> {
    let releases = subject.plan.releases().filter(|(_, rel)| words::is_to_come(subject, rel));
    let deployed = releases.filter_map(|(entry, rel)| {
        let index = subject.plan.find_current(entry.id.value)?;
        Some(Deployed { index, entry, rel, strategy: rel.strategy })
    });
    deployed.collect()
}

/// Those that are deployed by one strategy.
pub(super) fn deployed_by<'p>(subject: &Subject<'p>, strategy: Strategy) -> Vec<Deployed<'p>> {
    let is_by = |release: &Deployed<'_>| release.strategy.is_some_and(|stated| stated.value == strategy);
    to_come(subject).into_iter().filter(is_by).collect()
}

/// The rollbacks that a release has: those that name it, and those that name none.
pub(super) fn rollbacks_of<'p>(
    subject: &Subject<'p>,
    release: EntryIndex,
) -> impl Iterator<Item = (&'p Entry<'p>, &'p Rollback<'p>)> {
    let plan = subject.plan;
    plan.rollbacks().filter(move |(entry, _)| {
        entry.release().is_none_or(|name| plan.release(&name.value) == Some(release))
    })
}
