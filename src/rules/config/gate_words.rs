//! What is wrong in `[gates]`, in words; the rule is `config-value`.

use crate::finding::Report;
use crate::model::defect::GateDefect;
use crate::rules::words::any_of;
use crate::source::Span;
use crate::source::edit::Edit;

/// Says what is wrong with `text`, which stands at `span` without its quotes.
pub(super) fn report(span: Span, text: &str, problem: &GateDefect) -> Report {
    let at = |message: String| Report::at(span, message);
    match problem {
        GateDefect::Empty => at(format!("the gate `{text}` cannot fail: it has no blocking criteria"))
            .help("add blocking `[[gates.NAME.criteria]]`, or `approvals`"),
        GateDefect::Nameless => at("gate criterion without a name".to_owned())
            .help("add `name = \"Smoke tests pass\"`"),
        GateDefect::AsksNothing => at(format!("the criterion `{text}` checks nothing")).help(
            "select entries with `from = \"TEST\"`, or require evidence with `evidence = { tests = \"100%\" }`",
        ),
        GateDefect::NoFamily => at(format!("the criterion `{text}` has a selector, but no `from`"))
            .help("add the families: `from = \"DEP\"`"),
        GateDefect::Unknown { near, known } => unknown(span, "gate", text, near.as_deref(), known),
        GateDefect::Circle { way } => {
            let way: Vec<String> = way.iter().map(|name| format!("`{name}`")).collect();
            let message = match way.len() {
                0..=2 => format!("the gate `{text}` waits for itself"),
                _ => format!("these gates wait for each other: {}", way.join(" after ")),
            };
            at(message).help("Remove one of them from `after`.")
        }
        GateDefect::NoSuchCriterion { known } => {
            at(format!("this gate has no criterion `{text}`")).help(match known.is_empty() {
                true => "the gate has no built-in criteria: remove `without`".to_owned(),
                false => format!("it has {}", listed(known)),
            })
        }
        GateDefect::WithoutTime => at(format!("follow-up `{text}` has no deadline"))
            .help("add `within = \"48h\"`, counted from the deployment"),
    }
}

/// Says that there is no gate or profile of this name, and which was probably meant.
pub(super) fn unknown(span: Span, what: &str, text: &str, near: Option<&str>, known: &[String]) -> Report {
    let report = Report::at(span, format!("unknown {what} `{text}`"));
    match near {
        Some(near) => report
            .help(format!("did you mean `{near}`?"))
            .suggested_fix(format!("write `{near}`"), vec![Edit::replace(span, format!("\"{near}\""))]),
        None => report.help(format!("write {}", listed(known))),
    }
}

fn listed(names: &[String]) -> String {
    any_of(&names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>())
}
