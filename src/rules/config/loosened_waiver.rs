use super::loosened;
use crate::compare::Area;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A waiver or an inline allow that the base does not have, or one that is valid for longer.
    ///
    /// A waiver lowers what the gate asks for. It may be right, and its review
    /// should see it. A waiver of a loosening itself (`loosened:…`) is judged by
    /// the roster of the base and not reported.
    ///
    /// It is checked with `--base REV`.
    ///
    /// ```text
    /// $ relplan check --base origin/main
    /// ```
    "RP1111", "loosened-waiver", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    loosened::check(subject, Area::Waiver, reports)
}
