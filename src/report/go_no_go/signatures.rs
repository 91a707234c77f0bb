//! Who signs: each approval once, with the gates that ask for it, how it stands and what to run.

use super::super::checklist::tone;
use super::super::words::instruction;
use super::super::{Checklist, Item, Line, Report};
use crate::verdict::{CheckKind, Verdict};
use crate::views::go_no_go::{Open, Signature};

/// The title of the chapter, to which other chapters point.
const TITLE: &str = "Who signs";

/// Lowers who signs.
pub(super) fn chapter(signatures: &[Signature], report: &mut Report) {
    report.chapter(TITLE);
    if signatures.is_empty() {
        return report.text("No gate that decides asks for an approval.");
    }
    let given = signatures.iter().filter(|signature| !signature.verdict.keeps_closed()).count();
    report.text(format!("Given: {given} of {}.", signatures.len()));
    report.push(Checklist { items: signatures.iter().map(item).collect() });
}

fn item(signature: &Signature) -> Item {
    let role = signature.role.as_deref().unwrap_or("a role that is not named");
    let text = Line::new().strong(role).and(format!(" ({}): ", signature.gates.join(", ")));
    Item {
        next: signature.next.as_deref().map(instruction),
        ..Item::new(tone(signature.verdict), text.prose_too(&signature.reason))
    }
}

/// What a list that leaves out approvals says of them instead; nothing if there are none.
pub(super) fn pointer(open: &[Open]) -> Option<String> {
    let approvals: Vec<&Open> = open.iter().filter(|open| open.kind == CheckKind::Approval).collect();
    let warned = approvals.iter().all(|open| open.verdict == Verdict::Warn);
    let what = if warned { "given with a doubt" } else { "not given, or not any more" };
    match approvals.len() {
        0 => None,
        1 => Some(format!("One approval is {what}: see “{TITLE}”.")),
        count => Some(format!("{count} approvals are {what}: see “{TITLE}”.")),
    }
}
