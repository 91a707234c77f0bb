use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject, words};
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// The same key twice in one mapping.
    ///
    /// Only the first value is read. Other tools read the last, or stop: YAML 1.2
    /// does not allow it.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Platform Team
    /// owner: Operations
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Platform Team
    /// ```
    "RP0011", "duplicate-key", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::DuplicateKey { first, second } = defect else { return None };
        let key = words::short(subject.sources.slice(*second));
        let entry = traps::entry_at(subject, *second);
        let message = traps::named(entry, &format!("duplicate key `{key}`: only the first value is read"));
        let report = Report::at(*second, message).saying("not read").and(*first, "read");
        Some(report.help("remove one of them, or merge the values"))
    })
}
