//! What is wrong in `[roles]`, in words; the rule is `config-value`.

use crate::finding::Report;
use crate::model::defect::RosterDefect;
use crate::source::Span;

/// Says what is wrong with `text`, which stands at `span` without its quotes.
pub(super) fn report(span: Span, text: &str, problem: &RosterDefect) -> Report {
    match problem {
        RosterDefect::PersonMissing => Report::at(span, "this holder has no `person`")
            .help("add who it is: `person = \"dana@example.com\"`"),
        RosterDefect::InvisibleName => Report::at(span, "this name has no visible letter")
            .help("write the person's name, address or handle"),
        RosterDefect::Reversed => Report::at(span, format!("the last day, {text}, is before the first"))
            .help("swap the two days, or mend one"),
        RosterDefect::NotAHolder => Report::at(span, format!("`{text}` does not hold this role"))
            .help("name a holder of the role who stands in for nobody, or give them the role"),
        RosterDefect::SharedName { first } => {
            Report::at(span, format!("`{text}` is what another person is called, too"))
                .and(*first, "this person")
                .help("give each person a name of their own, or the same `person` if they are one")
        }
        RosterDefect::SameRole { first } => Report::at(span, format!("the role `{text}` is there already"))
            .and(*first, "here")
            .help("join the two; letters, hyphens and underscores make no difference"),
    }
}
