//! From places in the texts to the entries that stand there.

use rustc_hash::FxHashMap;

use super::plan::{EntryIndex, Plan};
use crate::source::{FileId, Span};

/// Finds the entry at a place.
#[derive(Debug)]
pub struct EntryPlaces {
    by_file: FxHashMap<FileId, Vec<(Span, EntryIndex)>>,
}

impl EntryPlaces {
    /// The places of all entries of a plan.
    pub fn new(plan: &Plan<'_>) -> Self {
        let mut by_file: FxHashMap<FileId, Vec<(Span, EntryIndex)>> = FxHashMap::default();
        for (index, entry) in plan.indexed() {
            by_file.entry(entry.span.file).or_default().push((entry.span, index));
        }
        by_file.values_mut().for_each(|places| places.sort_by_key(|(span, _)| span.start));
        EntryPlaces { by_file }
    }

    /// The entry that a place stands in, if it stands in one.
    pub fn at(&self, place: Span) -> Option<EntryIndex> {
        let places = self.by_file.get(&place.file)?;
        let after = places.partition_point(|(span, _)| span.start <= place.start);
        let (span, index) = places[..after].last()?;
        span.contains(place).then_some(*index)
    }
}
