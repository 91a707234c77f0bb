use super::loosened;
use crate::compare::Area;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A configuration that asks for less than that of the base.
    ///
    /// The gate and its settings live in the repository that they guard. Gates, criteria, approvers, profiles, the age of
    /// evidence, levels of rules, the people who may approve, the files that are read: whatever of `relplan.toml` asks for
    /// less than before is reported with both places.
    ///
    /// It is looked at with `--base REV`. Settings count as they work: a line that is gone leaves what relplan brings along,
    /// and a profile counts with what it is based on. `--config-from REV` judges by the configuration of `REV` instead.
    ///
    /// ```text
    /// $ relplan check --base origin/main
    /// ```
    "RP1109", "loosened-configuration", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    loosened::check(subject, Area::Configuration, reports)
}
