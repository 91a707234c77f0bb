use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// A merge key without a mapping.
    ///
    /// `<<` adds the keys of another mapping, usually named by an alias. A text has no
    /// keys, so nothing was added.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// <<: defaults
    /// ```
    ///
    /// ```yaml,good
    /// - &defaults
    ///   id: RUN-001
    ///   title: Switch the traffic back
    ///   owner: Platform Team
    /// - <<: *defaults
    ///   id: RUN-002
    ///   title: Switch the database back
    /// ```
    "RP0026", "merge-without-mapping", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::MergeOfNothing { span } = defect else { return None };
        let message = traps::named(traps::entry_at(subject, *span), "the value of `<<` is not a mapping");
        Some(Report::at(*span, message).help("write an alias of a mapping: `<<: *defaults`"))
    })
}
