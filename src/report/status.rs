//! A release at a glance, as a document of five lines.

use super::go_no_go::head::tone_of;
use super::list::Fact;
use super::words::{counted, dated, percent};
use super::{Block, Line, Report};
use crate::views::status::{Status, Trend};

/// Lowers the status.
pub fn report(status: &Status) -> Report {
    let mut report = Report::new("Status", status.day);
    let release = match (&status.release, status.release_date) {
        (Some(name), Some(date)) => format!("{name}, {}", dated(date, status.day)),
        (Some(name), None) => format!("{name}, no date"),
        (None, _) => "the whole plan: no release is to come".to_owned(),
    };
    let decision = Line::badge(tone_of(status.decision), status.decision.word());
    let decision = decision.and(format!(", confidence {}", percent(status.confidence.percent)));
    report.push(Block::Facts(vec![
        Fact::new("Release", release),
        Fact::new("Decision", decision),
        Fact::new("Blockers", blockers(status)),
        Fact::new("Next date", next(status)),
        Fact::new("Trend", trend(status)),
    ]));
    report
}

fn blockers(status: &Status) -> Line {
    let Some(first) = &status.first_blocker else { return Line::from("none") };
    let line =
        Line::from(format!("{}, first: ", status.blockers)).and(format!("{} {}", first.id, first.title));
    match &first.owner {
        Some(owner) => line.and(format!(" ({owner})")),
        None => line,
    }
}

fn next(status: &Status) -> String {
    let next = match &status.next {
        Some(next) => format!("{}, {}", next.what, dated(next.day, status.day)),
        None => "none".to_owned(),
    };
    match status.overdue {
        0 => next,
        overdue => format!("{next}; {} overdue", counted(overdue, "date")),
    }
}

fn trend(status: &Status) -> String {
    let Some(Trend { since, decision, blockers, confidence }) = &status.trend else {
        return "no decision recorded yet".to_owned();
    };
    let change = |word: &str, before: String, now: String| match before == now {
        true => format!("{word} {now} as before"),
        false => format!("{word} {before} → {now}"),
    };
    let blockers = change("blockers", blockers.to_string(), status.blockers.to_string());
    let confidence = change("confidence", percent(*confidence), percent(status.confidence.percent));
    format!("since {} on {since}: {blockers}, {confidence}", decision.word())
}
