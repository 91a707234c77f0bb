use super::{ERROR, Subject, loosened};
use crate::compare::Area;
use crate::finding::Report;

declare_rule! {
    /// Evidence in the repository that was replaced in the same change as the code that it judges.
    ///
    /// A report that is committed beside the code proves what somebody wrote into it. Let CI write it after the change, and
    /// keep it out of the repository.
    ///
    /// It is looked at with `--base REV`.
    ///
    /// ```text
    /// $ relplan check --base origin/main
    /// ```
    "RP1112", "replaced-evidence", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    loosened::check(subject, Area::Evidence, reports)
}
