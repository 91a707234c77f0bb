//! Fields that were written but not understood, so that nobody calls them missing. A field with a placeholder is
//! missing all the same.

use rustc_hash::FxHashMap;

use super::defect::{Defect, DefectKind};
use super::field;
use super::id::Id;
use super::plan::Plan;
use super::value::folded;
use crate::source::SourceMap;

/// The fields of a plan in which something is wrong, by entry.
#[derive(Debug)]
pub struct UnreadableFields<'p> {
    by_entry: FxHashMap<Id, Vec<&'p Defect>>,
    sources: &'p SourceMap,
}

impl<'p> UnreadableFields<'p> {
    /// The fields that the defects of `plan` stand in.
    pub fn new(plan: &'p Plan<'_>, sources: &'p SourceMap) -> Self {
        let mut by_entry: FxHashMap<Id, Vec<&Defect>> = FxHashMap::default();
        for defect in &plan.defects {
            if let Some(owner) = defect.owner.filter(|_| defect.kind != DefectKind::Placeholder) {
                by_entry.entry(owner).or_default().push(defect);
            }
        }
        UnreadableFields { by_entry, sources }
    }

    /// Whether the entry has a field of this name in which something is wrong,
    /// or a key that was probably meant to be it.
    pub fn has(&self, entry: Id, name: &str) -> bool {
        let defects = self.by_entry.get(&entry).into_iter().flatten();
        defects.into_iter().any(|defect| self.is_in(defect, name))
    }

    /// Whether it has any of these.
    pub fn has_any(&self, entry: Id, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(entry, name))
    }

    fn is_in(&self, defect: &Defect, name: &str) -> bool {
        let written = |key| folded(self.sources.slice(key)).collect::<String>();
        let meant = matches!(&defect.kind, DefectKind::UnknownKey { suggestion: Some(near) } if near == name);
        meant || defect.field.is_some_and(|key| field::names(name, &written(key)))
    }
}
