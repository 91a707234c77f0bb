//! Sign-offs: each approval once, with the gates that ask for it, its status and what to run.

use super::super::checklist::tone;

use super::super::{Checklist, Item, Line, Report};
use crate::model::phrase::counted;
use crate::verdict::CheckKind;
use crate::views::go_no_go::{OpenCheck, SignOffStatus, Signature};

/// The title of the chapter, to which other chapters point.
const TITLE: &str = "Sign-offs";

/// Lowers the sign-offs.
pub(super) fn chapter(signatures: &[Signature], report: &mut Report) {
    report.chapter(TITLE);
    if signatures.is_empty() {
        return report.text("No deciding gate asks for an approval.");
    }
    report.text(counts(signatures));
    report.push(Checklist { items: signatures.iter().map(item).collect() });
}

/// How many of them are given: `2 of 6`.
pub(in crate::report) fn given(signatures: &[Signature]) -> String {
    let signed = signatures.iter().filter(|signature| !signature.verdict.keeps_closed()).count();
    format!("{signed} of {}", signatures.len())
}

/// How many have which status.
fn counts(signatures: &[Signature]) -> String {
    let count = |status: SignOffStatus| signatures.iter().filter(|own| own.status == status).count();
    let counts = SignOffStatus::ALL.into_iter().filter(|status| count(*status) > 0);
    let words: Vec<String> = counts.map(|status| format!("{} {}", count(status), status.word())).collect();
    format!("{}: {}.", counted(signatures.len(), "sign-off"), words.join(", "))
}

fn item(signature: &Signature) -> Item {
    let role = signature.role.as_deref().unwrap_or("No role named");
    let text = Line::new().strong(role).and(format!(" ({}): ", signature.gates.join(", ")));
    Item {
        next: signature.next.as_deref().map(Line::prose),
        ..Item::new(tone(signature.verdict), text.join(Line::prose(&signature.reason)))
    }
}

/// Whether a check is an approval, which stands in this chapter.
pub(crate) fn is_sign_off(open: &OpenCheck) -> bool {
    open.kind == CheckKind::Approval
}

/// What a list that leaves out approvals says of them instead; nothing if there are none.
pub(super) fn pointer(open: &[OpenCheck]) -> Option<String> {
    match open.iter().filter(|open| is_sign_off(open)).count() {
        0 => None,
        1 => Some(format!("1 approval is also counted here: see “{TITLE}”.")),
        count => Some(format!("{count} approvals are also counted here: see “{TITLE}”.")),
    }
}
