use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::yaml::{ALIAS_BUDGET, YamlDefect};

declare_rule! {
    /// Aliases that expand to far more than was written.
    ///
    /// An alias repeats a value, and a value made of aliases repeats them all: a
    /// few lines can expand to billions of values. Beyond a hundred thousand in one
    /// file, aliases are read as empty.
    ///
    /// ```yaml,bad
    /// x-a: &a [x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x]
    /// x-b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
    /// x-c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
    /// x-d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
    /// id: RUN-001
    /// title: Switch the traffic back
    /// tags: *d
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Switch the traffic back
    ///   owner: &operations Platform Team
    /// - id: RUN-002
    ///   title: Restore the database
    ///   owner: *operations
    /// ```
    "RP0013", "alias-budget", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::AliasBudget { span } = defect else { return None };
        let message =
            format!("the aliases of this file expand to more than {ALIAS_BUDGET} values from here on");
        Some(Report::at(*span, message).help("write the values out, or nest fewer aliases"))
    })
}
