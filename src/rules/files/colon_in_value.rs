use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::yaml::Trap;

declare_rule! {
    /// A value with a colon and a blank in it.
    ///
    /// To YAML a colon and a blank end a key, and a line has one key. A text with
    /// a colon must be quoted. It was read as if it were; other tools stop at it.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Rollback: switch the traffic back
    /// owner: Platform Team
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: 'Rollback: switch the traffic back'
    /// owner: Platform Team
    /// ```
    "RP0008", "colon-in-value", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each(subject, reports, |trapped| {
        if trapped.trap != Trap::Colon {
            return None;
        }
        let message = format!("{} contains `: `, which YAML reads as another key", trapped.place());
        let report = Report::at(trapped.span, message);
        Some(report.help("quote the value").safe_fix("quote the value", trapped.quote()))
    })
}
