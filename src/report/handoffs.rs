//! The handoffs of a release as a document: a checklist for each receiver.

use super::checklist::tone;
use super::words::about;
use super::{Checklist, Item, Line, Report, Tone};
use crate::verdict::Verdict;
use crate::verdict::handoff::{HandoffStatus, NeedStatus};
use crate::views::handoffs::Handoffs;

/// Lowers the handoffs.
pub fn report(view: &Handoffs) -> Report {
    let mut report = Report::new("Handoffs", view.day);
    report.subtitle = about(view.release.as_ref());
    let accepted = |handoff: &&HandoffStatus| handoff.verdict() == Verdict::Pass;
    let missing: usize = view.handoffs.iter().map(|handoff| handoff.missing().len()).sum();
    report.figure("Handoffs", view.handoffs.len().to_string());
    report.figure("Accepted", view.handoffs.iter().filter(accepted).count().to_string());
    report.figure("Missing items", missing.to_string());
    if view.handoffs.is_empty() {
        let text = Line::badge(Tone::Unknown, "no handoffs").and(": add each with ");
        report.text(text.code("relplan new HND").and(", a receiver and the role that accepts it"));
    }
    for handoff in &view.handoffs {
        let receiver = handoff.receiver.as_deref().unwrap_or("no receiver");
        report.chapter(
            Line::from(format!("{receiver}: ")).id_too(&handoff.id).and(" ").prose_too(&handoff.title),
        );
        let mut items: Vec<Item> = handoff.needs.iter().map(|need| item(handoff, need)).collect();
        items.push(acceptance(handoff));
        report.push(Checklist { items });
    }
    report
}

fn item(handoff: &HandoffStatus, need: &NeedStatus) -> Item {
    let owner = handoff.owner.clone();
    if !need.is_provided {
        let next = match need.is_in_plans {
            true => Line::from("add it to the plan, or ").code(format!("{}: …", need.field)),
            false => Line::from("add ").code(need.field),
        };
        let next = next.and(" to ").id_too(&handoff.id);
        return Item { next: Some(next), owner, blocking: true, ..Item::new(Tone::Bad, need.name) };
    }
    let items = match need.items.is_empty() {
        true => Line::from("none"),
        false => Line::prose(&need.items.join("; ")),
    };
    Item { proof: Some(items), owner, ..Item::new(Tone::Good, need.name) }
}

fn acceptance(handoff: &HandoffStatus) -> Item {
    let accepted = &handoff.acceptance;
    let due = handoff.due.map(|due| format!(", due {due}")).unwrap_or_default();
    Item {
        proof: Some(Line::prose(&accepted.reason)),
        next: accepted.next.as_deref().map(Line::prose),
        owner: handoff.role.clone(),
        blocking: true,
        ..Item::new(tone(accepted.verdict), format!("Acceptance{due}"))
    }
}
