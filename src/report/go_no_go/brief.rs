//! The go/no-go report on one screen: blockers by owner, sign-offs, what changed, and the decision last, where the
//! eye is when the command ends.

use super::super::words::{about, checks_by_id, dated, percent};
use super::super::{Align, Block, Fact, Line, Report, Table, risks};
use super::head::{pipeline, sentence, tone_of};
use super::{blockers, sign_offs};
use crate::model::phrase::counted;
use crate::verdict::facts::short;
use crate::views::go_no_go::{GoNoGo, OpenCheck};

/// So many owners have a row of their own.
const OWNERS: usize = 6;

/// So many checks or roles are named in a row.
const NAMED: usize = 3;

/// Lowers the report to what fits one screen.
pub fn brief(view: &GoNoGo) -> Report {
    let mut report = Report::new("Go/no-go report", view.day);
    report.subtitle = about(view.release.as_ref());
    report.head.pipeline = pipeline(&view.gates);
    report.push(Block::Facts(facts(view)));
    if !view.blockers.is_empty() {
        report.push(owners(&view.blockers));
    }
    report.text(Line::from("Checks, next steps and evidence: ").code("relplan report --full").and("."));
    let decision = Line::new().strong(view.decision.word()).and(format!(": {}", sentence(view)));
    report.callout(tone_of(view.decision), decision);
    report
}

fn facts(view: &GoNoGo) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(date) = view.release_date {
        facts.push(Fact::new("Release date", dated(date, view.day)));
    }
    if let Some(commit) = &view.commit {
        facts.push(Fact::new("Release commit", Line::new().code(short(commit))));
    }
    facts.push(Fact::new("Confidence", confidence(view)));
    facts.push(Fact::new("Sign-offs", sign_offs::given(&view.signatures)));
    facts.push(Fact::new("Risks", risks::counts(&view.risks)));
    if let Some(changes) = &view.changes {
        let when = changes.since.format("%Y-%m-%d");
        let changed = counted(changes.checks.len(), "check");
        let text = format!("{changed} since {} on {when}", changes.decision.word());
        facts.push(Fact::new("Changed", text));
    }
    facts
}

/// Confidence today, behind that of the last decisions.
fn confidence(view: &GoNoGo) -> String {
    let trend = view.changes.as_ref().map_or(&[][..], |changes| &changes.trend);
    match trend {
        [.., before, _] => {
            format!("{}, {} on {}", percent(view.confidence.percent), percent(before.confidence), before.day)
        }
        _ => percent(view.confidence.percent),
    }
}

/// The blockers of each owner, and the approvals in a row of their own, so that the rows add up to all blockers.
fn owners(all: &[OpenCheck]) -> Table {
    let caption = counted(all.len(), "blocker");
    let mut table = Table::new(caption, &["Owner", "Blockers", "Checks"]).aligned(1, Align::Right);
    let groups = blockers::by_owner(all);
    for (owner, open) in groups.iter().take(OWNERS) {
        table.row([
            Line::from(owner.unwrap_or(blockers::NO_OWNER)),
            Line::from(open.len().to_string()),
            checks(open),
        ]);
    }
    if let Some(rest) = groups.get(OWNERS..).filter(|rest| !rest.is_empty()) {
        let open: usize = rest.iter().map(|(_, open)| open.len()).sum();
        let names = counted(rest.len(), "more owner");
        table.row([Line::from(names), Line::from(open.to_string()), Line::new()]);
    }
    let approvals: Vec<&OpenCheck> = all.iter().filter(|open| sign_offs::is_sign_off(open)).collect();
    if !approvals.is_empty() {
        table.row([Line::from("Sign-offs"), Line::from(approvals.len().to_string()), roles(&approvals)]);
    }
    table
}

/// The first checks by id, and how many more there are.
fn checks(open: &[&OpenCheck]) -> Line {
    first(&open.iter().map(|check| &check.id).collect::<Vec<_>>())
}

/// The first roles whose approvals are missing, each once, and how many more there are.
fn roles(approvals: &[&OpenCheck]) -> Line {
    let mut roles: Vec<&String> = Vec::new();
    for role in approvals.iter().filter_map(|approval| approval.owner.as_ref()) {
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    first(&roles)
}

/// The first names, and how many more there are. They have to fit a line: a row of two lines is framed, and the
/// report is longer than the screen.
fn first(names: &[&String]) -> Line {
    let line = checks_by_id(names.iter().copied().take(NAMED));
    match names.len().saturating_sub(NAMED) {
        0 => line,
        more => line.and(format!(" and {more} more")),
    }
}
