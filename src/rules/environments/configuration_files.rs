//! The configuration files of environments, compared with those of production.

use std::collections::{BTreeMap, BTreeSet};

use super::places::{Environments, Place};
use crate::model::{Text, drift, same_folded};
use crate::rules::Subject;
use crate::source::secret;
use crate::source::settings::{self, Kind, Setting};

/// A difference between the files of an environment and those of production.
pub(super) struct Difference<'a, 'p> {
    /// The environment.
    pub here: &'a Place<'p>,
    /// Its production.
    pub there: &'a Place<'p>,
    /// The key.
    pub key: String,
    /// The setting in the environment.
    pub own: Option<Setting>,
    /// The setting in production.
    pub other: Option<Setting>,
    /// Where the environment names its files.
    pub files: &'a Text<'p>,
    /// Where production names its files.
    pub other_files: &'a Text<'p>,
}

impl Difference<'_, '_> {
    /// Whether the values are not to be shown, nor compared: a secret is another one in each environment.
    pub fn is_hidden(&self) -> bool {
        let hides =
            |setting: &Setting| setting.names_secret() || secret::is_secret(&setting.key, &setting.value);
        self.own.iter().chain(&self.other).any(hides)
    }

    /// Whether the plan accepts the difference.
    pub fn is_accepted(&self) -> bool {
        [self.here, self.there].iter().any(|place| {
            let items = place.environment.accepted_drift.iter();
            items.flat_map(|item| drift::accepted(&item.value).keys).any(|known| accepts(known, &self.key))
        })
    }

    /// Whether it matters: values of secrets differ, and so does the name of the environment.
    fn counts(&self) -> bool {
        let (Some(own), Some(other)) = (&self.own, &self.other) else { return true };
        if self.is_hidden() {
            return (own.kind == Kind::Empty) != (other.kind == Kind::Empty);
        }
        if own.kind != other.kind {
            return true;
        }
        let names = same_folded(&own.value, self.here.name()) && same_folded(&other.value, self.there.name());
        own.value != other.value && !names
    }
}

/// Whether an accepted key stands for this one: `LOG_LEVEL`, `database.pool`, or all below a key: `database.*`.
pub(super) fn accepts(known: &str, key: &str) -> bool {
    match known.strip_suffix('*') {
        Some(start) => key.to_lowercase().starts_with(&start.to_lowercase()),
        None => same_folded(known, key),
    }
}

/// An environment and its production, of which at least one names files.
pub(super) struct Pair<'a, 'p> {
    /// The environment.
    pub here: &'a Place<'p>,
    /// Its production.
    pub there: &'a Place<'p>,
    /// Where the environment names its files.
    pub files: Option<&'a Text<'p>>,
    /// Where production names its files.
    pub other_files: Option<&'a Text<'p>>,
}

/// Goes through the environments that are to be compared with their production.
pub(super) fn each_pair(subject: &Subject<'_>, mut take: impl FnMut(Pair<'_, '_>)) {
    let environments = Environments::of(subject);
    for here in &environments.places {
        let Some(there) = environments.production_of(subject, here) else { continue };
        let (files, other_files) =
            (here.environment.configuration_files.first(), there.environment.configuration_files.first());
        if files.is_some() || other_files.is_some() {
            take(Pair { here, there, files, other_files });
        }
    }
}

/// Goes through the differences between each environment and its production, where both have files that can be read.
/// Returns how many could be compared, and how many could not.
pub(super) fn each_difference(
    subject: &Subject<'_>,
    mut take: impl FnMut(&Difference<'_, '_>),
) -> (usize, usize) {
    let (mut compared, mut unknown) = (0, 0);
    each_pair(subject, |Pair { here, there, files, other_files }| {
        unknown += 1;
        let (Some(files), Some(other_files)) = (files, other_files) else { return };
        // Of a file that cannot be read nobody knows which settings it has.
        let (Some(mut own), Some(mut other)) = (settings(subject, here), settings(subject, there)) else {
            return;
        };
        (compared, unknown) = (compared + 1, unknown - 1);
        let keys: BTreeSet<String> = own.keys().chain(other.keys()).cloned().collect();
        for key in keys {
            let (own, other) = (own.remove(&key), other.remove(&key));
            let difference = Difference { here, there, key, own, other, files, other_files };
            if difference.counts() {
                take(&difference);
            }
        }
    });
    (compared, unknown)
}

/// The settings of all files of an environment; a later file replaces what an earlier one set.
fn settings(subject: &Subject<'_>, place: &Place<'_>) -> Option<BTreeMap<String, Setting>> {
    let mut all = BTreeMap::new();
    for name in &place.environment.configuration_files {
        let id = subject.configuration_files?.get(name.value.trim())?.as_ref().ok()?;
        let read = settings::read(*id, subject.sources.file(*id));
        if !read.defects.is_empty() {
            return None;
        }
        all.extend(read.all.into_iter().map(|setting| (setting.key.clone(), setting)));
    }
    // A mapping without keys beside one with keys differs by its keys alone.
    all.retain(|_, setting| setting.kind != Kind::Mapping);
    Some(all)
}
