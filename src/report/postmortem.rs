//! A post-mortem as a document. What the plan does not state is a gap in its place, and in the list at the end.

use super::incidents::{actions, missing, or_missing, status, triggers};
use super::{Block, Fact, Line, Report, Table, Tone};
use crate::model::moment;
use crate::model::phrase::counted;
use crate::views::postmortem::{Postmortem, TimelineItem};

/// Lowers a post-mortem.
pub fn report(view: &Postmortem) -> Report {
    let incident = &view.incident;
    let mut report = Report::new("Post-mortem", view.day);
    report.subtitle = Some(format!("{} {}", incident.id, incident.title));
    let word = incident.status.to_uppercase();
    let tone = match incident.status {
        "open" => Tone::Bad,
        "mitigated" => Tone::Attention,
        _ => Tone::Good,
    };
    report.headline(tone, word, Line::new());
    report.figure("Severity", incident.severity.map_or_else(missing, Line::from));
    let span = |from: Option<_>, to: Option<_>, known: Option<i64>| match (from, to, known) {
        (Some(from), Some(to), Some(_)) => Line::from(moment::span_words(from, to)),
        _ => Line::badge(Tone::Unknown, "n/a"),
    };
    report.figure("Time to detect", span(incident.started, incident.detected, view.time_to_detect));
    report.figure("Recovery time", span(incident.detected, incident.resolved, view.time_to_resolve));
    report.figure("Gaps", view.gaps.len().to_string());
    summary(view, &mut report);
    timeline(view, &mut report);
    report.chapter("Root cause");
    report.text(or_missing(incident.cause.as_ref()));
    report.chapter("Rollback triggers");
    rollback_triggers(view, &mut report);
    report.chapter("Actions");
    match view.actions.is_empty() {
        true => report.text(missing()),
        false => report.push(actions(&view.actions)),
    }
    if !view.lessons.is_empty() {
        report.chapter("Lessons");
        let lesson = |one: &crate::views::linked::Linked| Line::id(&one.id).and(" ").prose_too(&one.title);
        report.push(Block::Bullets(view.lessons.iter().map(lesson).collect()));
    }
    gaps(view, &mut report);
    report
}

fn summary(view: &Postmortem, report: &mut Report) {
    let incident = &view.incident;
    let release = match (&view.release_entry, &view.release) {
        (Some(linked), _) => Line::id(&linked.id).and(" ").prose_too(&linked.title),
        (None, Some(name)) => Line::prose(name),
        (None, None) => missing(),
    };
    let mut facts = vec![
        Fact::new("Status", status(incident)),
        Fact::new("Release", release),
        Fact::new(
            "Environment",
            incident.environment.as_deref().map_or_else(|| Line::from("all"), Line::prose),
        ),
        Fact::new("Owner", or_missing(view.owner.as_ref())),
        Fact::new("Impact", or_missing(view.impact.as_ref())),
        Fact::new("Detected by", or_missing(view.detected_by.as_ref())),
    ];
    if incident.is_over() || view.resolution.is_some() {
        facts.push(Fact::new("Resolution", or_missing(view.resolution.as_ref())));
    }
    report.chapter("Summary");
    if let Some(description) = &view.description {
        report.text(Line::prose(description));
    }
    report.push(Block::Facts(facts));
}

fn timeline(view: &Postmortem, report: &mut Report) {
    report.chapter("Timeline");
    if view.timeline.is_empty() {
        report.text(missing());
        return;
    }
    let mut table = Table::new(counted(view.timeline.len(), "event"), &["Time", "Event"]);
    for TimelineItem { at, event } in &view.timeline {
        let at = at.map_or_else(missing, |at| Line::from(moment::shown(at)));
        table.row([at, or_missing(event.as_ref())]);
    }
    report.push(table);
}

fn rollback_triggers(view: &Postmortem, report: &mut Report) {
    let incident = &view.incident;
    if incident.triggers_fired.is_empty() && incident.triggers_missed.is_empty() {
        report.text(triggers(incident));
        return;
    }
    let line = |tone, word: &str, one: &crate::views::linked::Linked| {
        Line::badge(tone, word).and(": ").id_too(&one.id).and(" ").prose_too(&one.title)
    };
    let fired = incident.triggers_fired.iter().map(|one| line(Tone::Good, "fired", one));
    let missed = incident.triggers_missed.iter().map(|one| line(Tone::Bad, "missed", one));
    report.push(Block::Bullets(fired.chain(missed).collect()));
}

fn gaps(view: &Postmortem, report: &mut Report) {
    if view.gaps.is_empty() {
        return;
    }
    report.chapter("Gaps");
    let line = |gap: &crate::views::postmortem::Gap| {
        Line::badge(Tone::Unknown, gap.missing).and(": ").prose_too(gap.help)
    };
    report.push(Block::Bullets(view.gaps.iter().map(line).collect()));
}
