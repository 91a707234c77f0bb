use super::{ERROR, Subject, traps};
use crate::finding::Report;
use crate::source::yaml::Trap;

declare_rule! {
    /// A text that YAML takes for an anchor or a tag.
    ///
    /// A word behind `&` names a value for later, and a word behind `!` names its
    /// type; neither is part of the value. The text was read as it stands, but
    /// other tools lose the word, and with it perhaps the whole value.
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
