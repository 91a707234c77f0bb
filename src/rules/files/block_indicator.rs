use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::yaml::Trap;

declare_rule! {
    /// A value that begins with `>` or `|` and continues on its line.
    ///
    /// In YAML these two characters begin a block of text on the lines below. Quote
    /// a threshold such as `>2%`. relplan read it as if it were quoted; other tools
    /// stop with an error.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Too many requests fail
    /// type: Rollback
    /// threshold: >2% of requests for 5 minutes
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Too many requests fail
    /// type: Rollback
    /// threshold: '>2% of requests for 5 minutes'
    /// ```
    "RP0006", "block-indicator", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each(subject, reports, |trapped| {
        if trapped.trap != Trap::BlockIndicator {
            return None;
        }
        let sign = &trapped.text[..1];
        let message =
            format!("{} starts with `{sign}`, which YAML reads as a block of text", trapped.place());
        let report = Report::at(trapped.span, message);
        // With lines below it, a block may well have been meant.
        Some(if trapped.text.contains('\n') {
            report.help(format!("move the text after `{sign}` to the next line, or quote the whole value"))
        } else {
            report.help("quote the value").safe_fix("quote the value", trapped.quote())
        })
    })
}
