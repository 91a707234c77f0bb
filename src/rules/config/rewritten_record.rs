use super::loosened;
use crate::compare::Area;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A log of decisions that lost a line of the base, or in which a line was changed.
    ///
    /// The log is only ever appended to. One that was rewritten says something else about what was decided, and when.
    ///
    /// It is looked at with `--base REV`.
    ///
    /// ```text
    /// $ relplan check --base origin/main
    /// ```
    "RP1113", "rewritten-record", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    loosened::check(subject, Area::Record, reports)
}
