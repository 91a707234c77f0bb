//! Fields that were written but not understood, so that nobody calls them missing.

use rustc_hash::FxHashMap;

use super::defect::DefectKind;
use super::field;
use super::id::Id;
use super::plan::Plan;
use super::value::folded;
use crate::source::SourceMap;

/// The fields of a plan in which something is wrong, by entry.
#[derive(Debug, Default)]
pub struct Misread(FxHashMap<Id, Vec<String>>);

impl Misread {
    /// The fields that the defects of `plan` stand in.
    pub fn new(plan: &Plan<'_>, sources: &SourceMap) -> Self {
        let mut misread = Misread::default();
        for defect in &plan.defects {
            let Some(owner) = defect.owner else { continue };
            let written = defect.field.map(|key| folded(sources.slice(key)).collect());
            let meant = match defect.kind {
                DefectKind::UnknownKey { suggestion } => suggestion.map(|name| folded(name).collect()),
                _ => None,
            };
            misread.0.entry(owner).or_default().extend(written.into_iter().chain(meant));
        }
        misread
    }

    /// Whether the entry has a field of this name in which something is wrong,
    /// or a key that was probably meant to be it.
    pub fn has(&self, entry: Id, name: &str) -> bool {
        self.0.get(&entry).is_some_and(|keys| keys.iter().any(|key| field::names(name, key)))
    }
}
