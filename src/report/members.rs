//! The go/no-go report of a workspace: one decision over all members, each with its own, and blockers by member and owner.

use super::go_no_go::blockers;
use super::go_no_go::head::{sentence, tone_of};
use super::go_no_go::sign_offs;
use super::words::percent;
use super::{Line, Report, Table, Tone};
use crate::model::phrase::counted;
use crate::verdict::decision::Decision;
use crate::views::go_no_go::GoNoGo;
use crate::views::members::{MemberOf, MemberState, WorkspaceReport};

/// Lowers the report; in brief only the decision and the table of members.
pub fn report(view: &WorkspaceReport, brief: bool) -> Report {
    let mut report = Report::new("Go/no-go report of the workspace", view.day);
    let unknown = view.members.iter().filter(|member| member.judged().is_none()).count();
    report.headline(tone_of(view.decision), view.decision.word(), why(view, unknown));
    let judged = || view.members.iter().filter_map(MemberOf::judged);
    report.figure("Members", view.members.len().to_string());
    let go = judged().filter(|own| own.decision == Decision::Go).count();
    report.figure(Decision::Go.word(), go.to_string());
    report.figure("Blockers", view.blockers().to_string());
    if unknown > 0 {
        report.figure(Tone::Unknown.word(), unknown.to_string());
    }
    report.push(table(view));
    if !brief {
        for member in &view.members {
            let Some(own) = member.judged() else { continue };
            chapter(&member.member, own, &mut report);
        }
    }
    report.text(Line::from("The whole report of a member: ").code("relplan report --plan FOLDER").and("."));
    report
}

/// The reason for the decision.
fn why(view: &WorkspaceReport, unknown: usize) -> String {
    let with = |decision| {
        view.members.iter().filter_map(MemberOf::judged).filter(|own| own.decision == decision).count()
    };
    let of = |count: usize, text: &str| {
        let verb = if count == 1 { "is" } else { "are" };
        (count > 0).then(|| format!("{} {verb} {text}", counted(count, "member")))
    };
    let parts = [
        of(with(Decision::NoGo), Decision::NoGo.word()),
        of(unknown, Tone::Unknown.word()),
        of(with(Decision::ConditionalGo), Decision::ConditionalGo.word()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "Every member is GO.".to_owned() } else { format!("{}.", parts.join(", ")) }
}

fn table(view: &WorkspaceReport) -> Table {
    let columns = ["Member", "Release", "Decision", "Blockers", "Sign-offs", "Confidence"];
    let mut table = Table::new(counted(view.members.len(), "member"), &columns);
    for MemberOf { member, state } in &view.members {
        let name = Line::from(member.as_str());
        match state {
            MemberState::Judged(own) => table.row([
                name,
                Line::from(release(own)),
                Line::badge(tone_of(own.decision), own.decision.word()),
                Line::from(own.blockers.len().to_string()),
                Line::from(sign_offs::given(&own.signatures)),
                Line::from(percent(own.confidence.percent)),
            ]),
            MemberState::NotJudged(reason) => table.row([
                name,
                Line::from(reason.as_str()),
                Line::badge(Tone::Unknown, Tone::Unknown.word()),
                Line::new(),
                Line::new(),
                Line::new(),
            ]),
        }
    }
    table
}

fn release(own: &GoNoGo) -> String {
    let name = own.release.as_ref().map_or_else(|| "the whole plan".to_owned(), |release| release.name());
    match own.release_date {
        Some(date) => format!("{name}, {}", date.format("%a %Y-%m-%d")),
        None => name,
    }
}

/// The decision on a member, and its blockers by owner.
fn chapter(member: &str, own: &GoNoGo, report: &mut Report) {
    report.chapter(format!("{member}: {}", release(own)));
    let decision = Line::new().strong(own.decision.word()).and(format!(": {}", sentence(own)));
    report.callout(tone_of(own.decision), decision);
    blockers::sections(&own.blockers, report);
    let approvals = own.blockers.iter().filter(|open| sign_offs::is_sign_off(open)).count();
    if approvals > 0 {
        report.text(format!("{} among the blockers.", counted(approvals, "missing sign-off")));
    }
}
