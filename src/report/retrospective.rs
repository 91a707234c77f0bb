//! The retrospective of a release as a document: agenda, what happened, and the actions.

use super::incidents::{actions, missing};
use super::review::{body, gaps, not_deployed};
use super::{Block, Line, Report, Table, Tone};
use crate::model::phrase::counted;
use crate::views::retrospective::Retrospective;

/// Lowers a retrospective.
pub fn report(view: &Retrospective) -> Report {
    let review = &view.review;
    let mut report = Report::new("Retrospective", review.day);
    report.subtitle = Some(review.release.public_name());
    head(view, &mut report);
    not_deployed(review, &mut report);
    report.chapter("Agenda");
    for item in &view.agenda {
        report.section(Line::from(item.title));
        report.text(item.question);
        if !item.points.is_empty() {
            report.push(Block::Bullets(item.points.iter().map(|point| Line::from(point.as_str())).collect()));
        }
    }
    report.chapter("Timeline");
    match view.timeline.is_empty() {
        true => report.text(missing()),
        false => {
            let mut table = Table::new(counted(view.timeline.len(), "event"), &["Day", "Event"]);
            for item in &view.timeline {
                table.row([Line::from(item.day.to_string()), Line::prose(&item.event)]);
            }
            report.push(table);
        }
    }
    body(review, &mut report);
    if review.actions.is_empty() {
        report.chapter("Actions");
        let next = Line::badge(Tone::Unknown, "no actions").and(": add each with ");
        report.text(next.code("relplan new ACT").and(", an owner and a due date"));
    }
    if !view.carried_over.is_empty() {
        report.chapter("Open actions of earlier releases");
        report.push(actions(&view.carried_over));
    }
    if !view.lessons.is_empty() {
        report.chapter("Lessons");
        let line = |one: &crate::views::linked::Linked| Line::id(&one.id).and(" ").prose_too(&one.title);
        report.push(Block::Bullets(view.lessons.iter().map(line).collect()));
    }
    gaps(review, &mut report);
    report
}

fn head(view: &Retrospective, report: &mut Report) {
    let (tone, word) = match (view.held, view.due()) {
        (Some(held), _) => (Tone::Good, format!("HELD {held}")),
        (None, Some(due)) if view.is_overdue() => (Tone::Bad, format!("OVERDUE SINCE {due}")),
        (None, Some(due)) => (Tone::Attention, format!("DUE {due}")),
        (None, None) => (Tone::Neutral, "NOT HELD".to_owned()),
    };
    report.headline(tone, word, Line::new());
    let overdue = view.review.actions.iter().chain(&view.carried_over).filter(|one| one.is_overdue).count();
    report.figure("Actions", view.review.actions.len().to_string());
    report.figure("Carried over", view.carried_over.len().to_string());
    report.figure("Overdue", overdue.to_string());
    report.figure("Lessons", view.lessons.len().to_string());
    if let Some(follow_up) = &view.follow_up {
        report.detail("Required", format!("within {} after the deployment", follow_up.within));
    }
}
