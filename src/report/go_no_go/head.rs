//! The decision, the figures behind it, the gates, and the shortest path to GO.

use chrono::NaiveDate;

use super::super::words::{about_checks, dated, percent};
use super::super::{Line, Report, Stage, Tone, risks};
use super::gates::gate_tone;
use super::sign_offs;
use crate::graph::OverdueRelease;
use crate::model::phrase::counted;
use crate::verdict::decision::Decision;
use crate::verdict::facts::short;
use crate::verdict::gates::JudgedGate;
use crate::verdict::judgement::Confidence;
use crate::verdict::work_tree::WorkTree;
use crate::views::go_no_go::{GoNoGo, RosterChange, RosterState};

/// So many checks are named in a sentence.
const MANY: usize = 12;

/// Fills the head of the report.
pub(super) fn head(view: &GoNoGo, report: &mut Report) {
    report.headline(tone_of(view.decision), view.decision.word(), sentence(view));
    report.figure("Blockers", view.blockers.len().to_string());
    report.figure("Confidence", percent(view.confidence.percent));
    report.figure("Sign-offs", sign_offs::given(&view.signatures));
    report.figure("Risks", risks::counts(&view.risks));
    report.head.pipeline = pipeline(&view.gates);
    details(view, report);
}

/// The gates that the decision depends on, each behind those that it waits for; all of them if none decides.
pub(super) fn pipeline(gates: &[JudgedGate]) -> Vec<Stage> {
    let decides = gates.iter().any(|gate| gate.decides);
    let mut left: Vec<&JudgedGate> = gates.iter().filter(|gate| gate.required || !decides).collect();
    let mut stages = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |gate: &JudgedGate| {
            gate.after.iter().any(|before| left.iter().any(|other| other.name == before.name))
        };
        // Gates that wait for each other are a defect of the configuration; they are shown all the same.
        let next = left.iter().position(|gate| !waits(gate)).unwrap_or(0);
        stages.push(stage(left.remove(next)));
    }
    stages
}

fn stage(gate: &JudgedGate) -> Stage {
    Stage {
        name: gate.title.clone(),
        tone: gate_tone(gate.status),
        word: gate.status.word().to_owned(),
        decides: gate.decides,
    }
}

fn details(view: &GoNoGo, report: &mut Report) {
    if let Some(release) = &view.release {
        report.detail("Release", release.name());
    }
    if let Some(date) = view.release_date {
        report.detail("Release date", dated(date, view.day));
    }
    overdue(&view.overdue, view.day, report);
    let commit = match (&view.commit, &view.no_commit) {
        (Some(commit), _) => Line::new().code(short(commit)),
        (None, reason) => Line::badge(Tone::Unknown, reason.as_deref().unwrap_or("unknown")),
    };
    report.detail("Release commit", commit);
    work_tree(&view.work_tree, report);
    report.detail("Policy profile", format!("{} ({})", view.profile.name, view.profile.because));
    report.detail("Checks", basis(&view.confidence));
    if let Some(change) = &view.roster_change {
        report.detail("Roster", roster_change(change));
    }
    if let Some(path) = shortest_path(view) {
        report.detail("Shortest path", path);
    }
}

/// Names the files that differ from the commit that is judged.
pub(super) fn work_tree(work_tree: &WorkTree, report: &mut Report) {
    let new = match work_tree.new_reports() {
        0 => String::new(),
        1 => "1 report is not in the commit".to_owned(),
        count => format!("{count} reports are not in the commit"),
    };
    match work_tree.difference() {
        Some(difference) => {
            let new = if new.is_empty() { new } else { format!("; {new}") };
            report.detail(
                "Work tree",
                Line::badge(Tone::Attention, "differs").and(": ").join(Line::prose(&difference)).and(new),
            );
        }
        None if !new.is_empty() => report.detail("Work tree", new),
        None => {}
    }
}

/// Names the releases that have not shipped although their dates have passed: one that slipped must not vanish.
pub(super) fn overdue(releases: &[OverdueRelease], day: NaiveDate, report: &mut Report) {
    if releases.is_empty() {
        return;
    }
    let named = |late: &OverdueRelease| format!("{}, {}", late.release.name(), dated(late.date, day));
    let names: Vec<String> = releases.iter().take(MANY).map(named).collect();
    let more = releases.len().saturating_sub(MANY);
    let rest = if more > 0 { format!("; {more} more") } else { String::new() };
    let text = Line::badge(Tone::Attention, counted(releases.len(), "release"));
    let text = text.and(format!(": {}{rest}. Update ", names.join("; "))).code("date").and(" or ");
    report.detail("Overdue", text.code("status").and("."));
}

/// One sentence that gives the reason for the decision.
pub(in crate::report) fn sentence(view: &GoNoGo) -> String {
    match view.decision {
        Decision::Go => "Every blocking check of the deciding gates passes.".to_owned(),
        Decision::ConditionalGo => {
            let conditions = view.waived.len() + view.open.len();
            format!(
                "No blockers. {} to accept before the release ships.",
                counted(conditions, "open condition")
            )
        }
        Decision::NoGo if view.decided_by.is_empty() => {
            "No gate decides on a release of this type. Set `decides = true` on a gate in relplan.toml."
                .to_owned()
        }
        Decision::NoGo => match view.blockers.len() {
            0 => "A gate that the deciding gate waits for has not passed.".to_owned(),
            1 => "1 blocker has to be resolved or waived before the release can ship.".to_owned(),
            count => format!("{count} blockers have to be resolved or waived before the release can ship."),
        },
    }
}

/// `63 checks: 1 by relplan itself, 13 proven by reports, 4 signed off, 29 self-reported, 16 without current evidence`.
/// The part about relplan is left out if it checked nothing itself.
fn basis(confidence: &Confidence) -> String {
    let own = match confidence.checked_by_relplan {
        0 => String::new(),
        count => format!("{count} by relplan itself, "),
    };
    format!(
        "{}: {own}{} proven by reports, {} signed off, {} self-reported, {} without current evidence",
        counted(confidence.checks, "check"),
        confidence.reported,
        confidence.attested,
        confidence.asserted,
        confidence.without
    )
}

/// How the roster differs from that of the last decision.
fn roster_change(change: &RosterChange) -> Line {
    let decision = format!("decision {} of {}", change.sequence, change.since.format("%Y-%m-%d %H:%M UTC"));
    let (tone, text) = match change.state {
        RosterState::Changed => (Tone::Attention, format!("changed since {decision}")),
        RosterState::Added => (Tone::Attention, format!("added since {decision}")),
        RosterState::Removed => (Tone::Bad, format!("removed since {decision}")),
        RosterState::Unknown => {
            (Tone::Unknown, format!("unknown whether it changed: {decision} has no digest of it"))
        }
    };
    let roles =
        if change.roles.is_empty() { String::new() } else { format!(": {}", change.roles.join(", ")) };
    Line::badge(tone, text).and(roles)
}

/// The smallest set of checks whose change turns the decision.
fn shortest_path(view: &GoNoGo) -> Option<Line> {
    let Some(flip) = &view.shortest_path else {
        return Some(Line::badge(Tone::Unknown, "No check changes the decision: change the gates."));
    };
    let word = flip.decision.word();
    let ids = about_checks(&view.checks, flip.checks.iter().take(MANY));
    let more = flip.checks.len().saturating_sub(MANY);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(match (flip.to_hold, flip.checks.len()) {
        (true, 1) => Line::from(format!("{word} when this check passes: ")).join(ids),
        (true, count) => Line::from(format!("{word} when these {count} checks pass: ")).join(ids).and(rest),
        (false, _) if flip.alternatives > 1 => Line::from(format!(
            "{word} if any of {} blocking checks fails. Weakest evidence: ",
            flip.alternatives
        ))
        .join(ids),
        (false, _) => Line::from(format!("{word} if this check fails: ")).join(ids),
    })
}

pub(crate) const fn tone_of(decision: Decision) -> Tone {
    match decision {
        Decision::Go => Tone::Good,
        Decision::ConditionalGo => Tone::Attention,
        Decision::NoGo => Tone::Bad,
    }
}
