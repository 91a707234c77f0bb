//! The go/no-go report as a document: the decision, blockers by owner and sign-offs on its first page,
//! residual risks and what changed on its second, and all that backs it up in an appendix.

pub(crate) mod blockers;
mod brief;
mod changes;
pub(crate) mod gates;
pub(crate) mod head;
mod inputs;
pub(crate) mod sign_offs;

use super::words::{about, named};
use super::{Checklist, Item, Line, Report, base, risks};
use crate::views::go_no_go::{GoNoGo, OpenCheck};

pub use brief::brief;
pub use gates::gate;

/// Lowers the report.
pub fn report(view: &GoNoGo) -> Report {
    let mut report = Report::new("Go/no-go report", view.day);
    report.subtitle = about(view.release.as_ref());
    head::head(view, &mut report);
    blockers::chapter(view, &mut report);
    sign_offs::chapter(&view.signatures, &mut report);
    report.chapter("Residual risks");
    risks::remaining(&view.risks, &mut report);
    list("Waivers and accepted risks", &view.waived, &mut report);
    list("Non-blocking issues", &view.open, &mut report);
    base::chapter(view.base.as_ref(), &mut report);
    changes::chapter(view.changes.as_ref(), &mut report);
    changes::follow_ups(view, &mut report);
    report.appendix("Gates", gates::overview(view));
    report.appendix("Gate details", gates::details_of_deciding(view));
    report.appendix("Evidence", inputs::evidence(view.day, &view.evidence));
    report.appendix("Policy profile", inputs::policy(view));
    report
}

/// Checks with their verdicts. Approvals have a chapter of their own, so that nothing is said twice.
fn list(title: &str, open: &[OpenCheck], report: &mut Report) {
    if open.is_empty() {
        return;
    }
    report.chapter(title);
    let items: Vec<Item> = open.iter().filter(|open| !sign_offs::is_sign_off(open)).map(item).collect();
    if !items.is_empty() {
        report.push(Checklist { items });
    }
    if let Some(pointer) = sign_offs::pointer(open) {
        report.text(pointer);
    }
}

/// A check with its verdict, its reason, its owner and what to do next.
fn item(open: &OpenCheck) -> Item {
    Item { owner: open.owner.clone(), ..unowned(open) }
}

/// The same under a heading that names the owner.
pub(crate) fn unowned(open: &OpenCheck) -> Item {
    let text = named(&open.id, &open.title).and(": ").join(Line::prose(&open.reason));
    let next = open.next.as_deref().map(Line::prose);
    Item { next: super::words::by(next, open.due), ..Item::new(super::checklist::tone(open.verdict), text) }
}
