//! What is wrong in `[roles]`, in words; the rule is `config-value`.

use crate::finding::Report;
use crate::model::defect::RosterDefect;
use crate::source::Span;

/// Says what is wrong with `text`, which stands at `span` without its quotes.
pub(super) fn report(span: Span, text: &str, problem: &RosterDefect) -> Report {
    match problem {
        RosterDefect::PersonMissing => {
            Report::at(span, "role holder without `person`").help("add `person = \"dana@example.com\"`")
        }
        RosterDefect::OutsidePlan => Report::at(span, format!("`{text}` is not in the plan folder"))
            .help("name a file in the folder of relplan.toml: `allowed_signers = \"allowed_signers\"`"),
        RosterDefect::InvisibleName => Report::at(span, "this name has no visible letter")
            .help("write the person's name, address or handle"),
        RosterDefect::Reversed => Report::at(span, format!("the last day, {text}, is before the first day"))
            .help("swap the two days, or correct one"),
        RosterDefect::NotAHolder => Report::at(span, format!("`{text}` is not a holder of this role"))
            .help("name a holder of the role who is not a deputy, or assign the role"),
        RosterDefect::SharedName { first } => {
            Report::at(span, format!("`{text}` is also the name of another person"))
                .and(*first, "this person")
                .help("use different names, or the same `person` if they are one")
        }
        RosterDefect::SameRole { first } => Report::at(span, format!("duplicate role `{text}`"))
            .and(*first, "here")
            .help("merge the two: names match regardless of case, hyphens and underscores"),
    }
}
