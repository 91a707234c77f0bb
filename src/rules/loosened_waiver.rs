use super::{ERROR, Subject, loosened};
use crate::compare::Area;
use crate::finding::Report;

declare_rule! {
    /// A waiver or an inline allow that the base does not have, or one that holds longer.
    ///
    /// Whoever waives a check lowers what the gate asks for. The record may be right; whoever reviews the change should see
    /// it. A waiver of a loosening itself (`loosened:…`) is judged by the people of the base and not reported.
    ///
    /// It is looked at with `--base REV`.
    ///
    /// ```text
    /// $ relplan check --base origin/main
    /// ```
    "RP1111", "loosened-waiver", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    loosened::check(subject, Area::Waiver, reports)
}
