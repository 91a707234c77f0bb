use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::yaml::Trap;

declare_rule! {
    /// A text that YAML reads as an anchor or a tag.
    ///
    /// A word after `&` names a value for reuse, and a word after `!` names its
    /// type; neither is part of the value. relplan read the text as written, but
    /// other tools lose the word, and perhaps the whole value.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: &platform-team
    /// description: !important to know by heart
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
    "RP0010", "anchor-or-tag", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each(subject, reports, |trapped| {
        let (sign, what) = match trapped.trap {
            Trap::Anchor => ('&', "an anchor without an alias"),
            Trap::Tag => ('!', "an unknown YAML tag"),
            _ => return None,
        };
        let message = format!("{} starts with {what}", trapped.place());
        let report = Report::at(trapped.span, message);
        // A tag in front of a block of text has no end that quotes could go to.
        Some(if trapped.text.ends_with(['|', '>']) {
            report.help(format!("remove the text after `{sign}`"))
        } else {
            report
                .help(format!(
                    "quote the value if `{sign}` belongs to it; otherwise remove the text after `{sign}`"
                ))
                .suggested_fix("quote the value", trapped.quote())
        })
    })
}
