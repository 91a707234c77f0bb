use super::loosened;
use crate::compare::Area;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// An entry that asks for less than in the base.
    ///
    /// A blocker that no longer blocks, a wider threshold, a longer `for`, a test
    /// that is no longer linked, a deleted criterion: a change that makes a gate
    /// easier to pass must be visible in its review. Entries are matched by id, so
    /// files may be renamed or split. What cannot be compared, such as a threshold
    /// in another unit, is reported as a change that may ask for less.
    ///
    /// It is checked with `--base REV`, against the commit where the branch left
    /// `REV`. Neither an inline allow nor `[rules]` of the changed configuration
    /// applies: `[rules]` of the base sets the level, and a waiver of
    /// `loosened:ENTRY.FIELD` by a role of the base accepts it.
    ///
    /// ```text
    /// $ relplan check --base origin/main
    /// ```
    "RP1110", "loosened-entry", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    loosened::check(subject, Area::Entry, reports)
}
