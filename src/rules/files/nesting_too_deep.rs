use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::yaml::{DEEPEST_NESTING, YamlDefect};

declare_rule! {
    /// Lists in lists, or mappings in mappings, to a depth that no plan needs.
    ///
    /// What is nested so deeply was made by a program that went wrong, or to make
    /// one go wrong. The entry around it was not read.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// x-notes: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// x-notes: [[1, 2], [3, 4]]
    /// ```
    "RP0014", "nesting-too-deep", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::TooDeep { span } = defect else { return None };
        let message = format!("nesting is deeper than {DEEPEST_NESTING} levels");
        Some(Report::at(*span, message).help("reduce the nesting; the surrounding entry was skipped"))
    })
}
