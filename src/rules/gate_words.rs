//! What is wrong in `[gates]`, in words; the rule is `config-value`.

use super::words::any_of;
use crate::finding::Report;
use crate::model::defect::GateDefect;
use crate::source::Span;
use crate::source::edit::Edit;

/// Says what is wrong with `text`, which stands at `span` without its quotes.
pub(super) fn report(span: Span, text: &str, problem: &GateDefect) -> Report {
    let at = |message: String| Report::at(span, message);
    match problem {
        GateDefect::Empty => at(format!("nothing could keep the gate `{text}` closed"))
            .help("give it `[[gates.NAME.criteria]]` that block, or `approvals`"),
        GateDefect::Nameless => at("this part of a gate has no name".to_owned())
            .help("say in a few words what must hold: `name = \"Smoke tests pass\"`"),
        GateDefect::AsksNothing => at(format!("the criterion `{text}` asks for nothing")).help(
            "choose entries with `from = \"TEST\"`, or demand facts with `evidence = { tests = \"100%\" }`",
        ),
        GateDefect::NoFamily => at(format!("the criterion `{text}` narrows down a choice from no family"))
            .help("name the families: `from = \"DEP\"`"),
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
                true => "it has none of its own to leave out: remove `without`".to_owned(),
                false => format!("it has {}", listed(known)),
            })
        }
        GateDefect::WithoutTime => at(format!("nothing says when `{text}` must be done"))
            .help("say in which time after the deployment: `within = \"48h\"`"),
    }
}

/// Says that there is no gate or profile of this name, and which was probably meant.
pub(super) fn unknown(span: Span, what: &str, text: &str, near: Option<&str>, known: &[String]) -> Report {
    let report = Report::at(span, format!("there is no {what} `{text}`"));
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
