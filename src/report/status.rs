//! A release at a glance, as a document of five lines.

use super::go_no_go::head::tone_of;
use super::list::{Fact, Table};
use super::words::{dated, percent};
use super::{Block, Line, Report, Tone};
use crate::model::phrase::counted;
use crate::verdict::decision::Decision;
use crate::views::members::{MemberOf, MemberState};
use crate::views::status::{Status, Trend, WorkspaceStatus};

/// Lowers the status.
pub fn report(status: &Status) -> Report {
    let mut report = Report::new("Status", status.day);
    let decision = decision(status).and(format!(", confidence {}", percent(status.confidence.percent)));
    report.push(Block::Facts(vec![
        Fact::new("Release", release(status)),
        Fact::new("Decision", decision),
        Fact::new("Blockers", blockers(status)),
        Fact::new("Next date", next(status)),
        Fact::new("Trend", trend(status)),
    ]));
    report
}

/// Lowers the status of a workspace: one row for each member.
pub fn of_workspace(status: &WorkspaceStatus) -> Report {
    let mut report = Report::new("Status of the workspace", status.day);
    let of_members = counted(status.members.len(), "member");
    let judged = status.members.iter().filter_map(MemberOf::judged);
    let go = judged.filter(|status| status.decision == Decision::Go).count();
    report.figure("Members", status.members.len().to_string());
    report.figure(Decision::Go.word(), go.to_string());
    let mut table = Table::new(of_members, &["Member", "Release", "Decision", "Blockers", "Next date"]);
    for MemberOf { member, state } in &status.members {
        match state {
            MemberState::Judged(status) => {
                let cells = [release(status).into(), decision(status), blockers(status), next(status).into()];
                table.row(std::iter::once(Line::from(member.clone())).chain(cells));
            }
            MemberState::NotJudged(reason) => {
                let unknown = Line::badge(Tone::Unknown, Tone::Unknown.word());
                let cells = [String::new().into(), unknown, reason.clone().into(), String::new().into()];
                table.row(std::iter::once(Line::from(member.clone())).chain(cells));
            }
        }
    }
    report.push(Block::Table(table));
    report
}

fn release(status: &Status) -> String {
    match (&status.release, status.release_date) {
        (Some(name), Some(date)) => format!("{name}, {}", dated(date, status.day)),
        (Some(name), None) => format!("{name}, no date"),
        (None, _) => "the whole plan: no release is to come".to_owned(),
    }
}

fn decision(status: &Status) -> Line {
    Line::badge(tone_of(status.decision), status.decision.word())
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
