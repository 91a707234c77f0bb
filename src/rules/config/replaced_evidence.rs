use super::loosened;
use crate::compare::Area;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// Committed evidence that changed together with the code it judges.
    ///
    /// A report that is committed beside the code can be edited by hand. Let CI
    /// write it after the change, and keep it out of the repository.
    ///
    /// It is checked with `--base REV`.
    ///
    /// ```text
    /// $ relplan check --base origin/main
    /// ```
    "RP1112", "replaced-evidence", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    loosened::check(subject, Area::Evidence, reports)
}
