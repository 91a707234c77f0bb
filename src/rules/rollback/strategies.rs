//! The releases to come with the strategies by which they are deployed, and the rollbacks that they have.

use rustc_hash::FxHashMap;

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

/// For each release the first of those rollbacks that it has and that are wanted: one that names it, or one that names
/// no release.
pub(super) struct FirstRollbacks<'p> {
    named: FxHashMap<EntryIndex, OfEntry<'p>>,
    of_every_release: Option<OfEntry<'p>>,
}

type OfEntry<'p> = (&'p Entry<'p>, &'p Rollback<'p>);

impl<'p> FirstRollbacks<'p> {
    pub fn new(subject: &Subject<'p>, is_wanted: impl Fn(&Entry<'_>, &Rollback<'_>) -> bool) -> Self {
        let mut first = FirstRollbacks { named: FxHashMap::default(), of_every_release: None };
        for found in subject.plan.rollbacks().filter(|(entry, rollback)| is_wanted(entry, rollback)) {
            match found.0.release() {
                None => drop(first.of_every_release.get_or_insert(found)),
                Some(name) => {
                    if let Some(release) = subject.plan.release(&name.value) {
                        first.named.entry(release).or_insert(found);
                    }
                }
            }
        }
        first
    }

    pub fn of(&self, release: EntryIndex) -> Option<OfEntry<'p>> {
        self.named.get(&release).copied().or(self.of_every_release)
    }
}
