//! The go/no-go report as a document: the decision first, then what stands in the way of it.

mod signatures;

use rustc_hash::FxHashMap;

use super::checklist::{proof, tone};
use super::words::{about, instruction, percent};
use super::{Checklist, Item, Line, Report, Table, Tone, risks};
use crate::verdict::decision::{Decision, GateStanding};
use crate::verdict::facts::short;
use crate::verdict::gates::{JudgedCriterion, JudgedGate};
use crate::verdict::{Check, CheckKind, FollowUpState, Verdict};
use crate::views::go_no_go::{Changes, EvidenceRead, GateView, GoNoGo, Open};

/// Lowers the report.
pub fn report(view: &GoNoGo) -> Report {
    let mut report = Report::new("Go/no-go report", view.day);
    report.subtitle = about(view.release.as_ref());
    figures(view, &mut report);
    report.callout(tone_of(view.decision), verdict(view));
    flip(view, &mut report);
    list("What stands in the way", &view.blockers, &mut report);
    list("Open, and not in the way", &view.open, &mut report);
    list("Accepted, and by whom", &view.waived, &mut report);
    signatures::chapter(&view.signatures, &mut report);
    report.chapter("Risks that remain");
    risks::remaining(&view.risks, &mut report);
    if let Some(changes) = &view.changes {
        since(changes, &mut report);
    }
    follow_ups(view, &mut report);
    let checks: FxHashMap<&str, &Check> =
        view.checks.iter().map(|check| (check.id.as_str(), check)).collect();
    report.chapter("Gates");
    report.push(overview(view));
    for gate in &view.gates {
        report.section(gate.title.as_str());
        criteria(gate, &mut report);
    }
    report.chapter("What the gates that decide rest on");
    for gate in view.gates.iter().filter(|gate| gate.decides) {
        details(gate, &checks, &mut report);
    }
    report.chapter("Evidence");
    evidence(&view.evidence, &mut report);
    report.chapter("What was asked for");
    let asked = format!(
        "Profile {}, because {}: {}.",
        view.profile.name,
        view.profile.because,
        view.profile.asks.join("; ")
    );
    report.text(Line::from(asked));
    report.text(Line::from(looked_at(view)));
    report
}

/// Lowers one gate.
pub fn gate(view: &GateView) -> Report {
    let gate = &view.gate;
    let mut report = Report::new(format!("Gate: {}", gate.title), view.day);
    report.subtitle = about(view.release.as_ref());
    report.fact("Gate", gate.name.as_str());
    report.fact("Standing", badge(gate.standing));
    report.fact("Profile", format!("{} ({})", view.profile.name, view.profile.because));
    report.fact("Decides", if gate.decides { "the release" } else { "nothing but itself" });
    let open: Vec<&Check> =
        view.checks.iter().filter(|check| check.blocking && check.verdict.keeps_closed()).collect();
    let text = match (gate.standing, open.len()) {
        (GateStanding::Pass, _) => "Everything that it asks for holds.".to_owned(),
        (GateStanding::Conditional, _) => {
            "Nothing blocks it; something was accepted, or stands open without blocking.".to_owned()
        }
        (GateStanding::Fail, 0) => "A gate before it has not been passed.".to_owned(),
        (GateStanding::Fail, 1) => "One blocking check stands open.".to_owned(),
        (GateStanding::Fail, open) => format!("{open} blocking checks stand open."),
    };
    report.callout(gate_tone(gate.standing), text);
    report.chapter("What it asks for");
    criteria(gate, &mut report);
    let checks: FxHashMap<&str, &Check> =
        view.checks.iter().map(|check| (check.id.as_str(), check)).collect();
    report.chapter("How each check stands");
    details(gate, &checks, &mut report);
    report.chapter("Evidence");
    evidence(&view.evidence, &mut report);
    report
}

fn figures(view: &GoNoGo, report: &mut Report) {
    report.fact("Decision", Line::badge(tone_of(view.decision), view.decision.word()));
    report.fact("Confidence", percent(view.confidence.percent));
    report.fact("Decided by", view.decided_by.join(", "));
    report.fact("Profile", view.profile.name.as_str());
    let commit = match (&view.commit, &view.no_commit) {
        (Some(commit), _) => Line::from(short(commit)),
        (None, reason) => Line::badge(Tone::Unknown, reason.as_deref().unwrap_or("not known")),
    };
    report.fact("Commit", commit);
    report.fact("In the way", view.blockers.len().to_string());
    report.fact("Risks", risks::counts(&view.risks));
}

fn verdict(view: &GoNoGo) -> Line {
    let confidence = &view.confidence;
    let what = match view.decision {
        Decision::Go => "The release may ship: every check of the gates that decide holds.".to_owned(),
        Decision::ConditionalGo => {
            "The release may ship under conditions: nothing blocks it, and something was \
             accepted or remains to be seen to."
                .to_owned()
        }
        Decision::NoGo if view.decided_by.is_empty() => {
            "The release may not ship: no gate decides about a release of its type.".to_owned()
        }
        Decision::NoGo => match view.blockers.len() {
            1 => "The release may not ship: one blocking check stands open.".to_owned(),
            open => format!("The release may not ship: {open} blocking checks stand open."),
        },
    };
    Line::new().strong(&what).and(format!(
        " Checks that have a say: {}. They rest on reports: {}; on signatures: {}; on bare statements: {}; on nothing \
         that is fresh: {}.",
        confidence.checks, confidence.reported, confidence.attested, confidence.asserted, confidence.without
    ))
}

/// What would turn the decision.
fn flip(view: &GoNoGo, report: &mut Report) {
    let Some(flip) = &view.flip else {
        return report.callout(
            Tone::Unknown,
            "No change to a check would turn this: the gates themselves must change.",
        );
    };
    let word = flip.decision.word();
    let ids = checks(view, flip.checks.iter().take(MANY));
    let more = flip.checks.len().saturating_sub(MANY);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let line = match (flip.to_hold, flip.checks.len()) {
        (true, 1) => Line::from("It takes one check to turn this: if ").join(ids).and(format!(" held, it would be {word}.")),
        (true, count) => Line::from(format!("It takes {count} checks to turn this: if all of "))
            .join(ids)
            .and(format!("{rest} held, it would be {word}.")),
        (false, _) if flip.alternatives > 1 => Line::from(format!(
            "Any of {} blocking checks would turn this to {word}. The one that rests on the weakest proof is ",
            flip.alternatives
        ))
        .join(ids)
        .and("."),
        (false, _) => Line::from("If ").join(ids).and(format!(" stood open, it would be {word}.")),
    };
    report.text(line);
}

/// A check: an entry by its id and title; one of a gate by what it is called, which says all that its id does.
fn named(id: &str, title: &str) -> Line {
    let line = if is_entry(id) { Line::id(id).and(" ") } else { Line::new() };
    line.strong(title)
}

/// Checks in a sentence: entries by their ids, those of a gate by what they are called.
fn checks<'i>(view: &GoNoGo, ids: impl IntoIterator<Item = &'i String>) -> Line {
    let mut line = Line::new();
    for (position, id) in ids.into_iter().enumerate() {
        line = if position == 0 { line } else { line.and(", ") };
        let title = view.checks.iter().find(|check| check.id == *id).map(|check| check.title.as_str());
        line = match title {
            Some(title) if !is_entry(id) => line.and(format!("“{title}”")),
            _ => line.id_too(id),
        };
    }
    line
}

/// Checks by their ids; those that are no entry's lead nowhere.
fn ids<'i>(ids: impl IntoIterator<Item = &'i String>) -> Line {
    let mut line = Line::new();
    for (position, id) in ids.into_iter().enumerate() {
        line = if position == 0 { line } else { line.and(", ") };
        line = if is_entry(id) { line.id_too(id) } else { line.and(id) };
    }
    line
}

fn is_entry(id: &str) -> bool {
    crate::model::id::parse(id).is_ok()
}

/// So many ids are named in a sentence.
const MANY: usize = 12;

/// What stands how. Approvals have a chapter of their own, so that nothing is said twice.
fn list(title: &str, open: &[Open], report: &mut Report) {
    if open.is_empty() {
        return;
    }
    report.chapter(title);
    let item = |open: &Open| Item {
        owner: open.owner.clone(),
        next: open.next.as_deref().map(instruction),
        ..Item::new(tone(open.verdict), named(&open.id, &open.title).and(": ").prose_too(&open.reason))
    };
    let items: Vec<Item> = open.iter().filter(|open| open.kind != CheckKind::Approval).map(item).collect();
    if !items.is_empty() {
        report.push(Checklist { items });
    }
    if let Some(pointer) = signatures::pointer(open) {
        report.text(pointer);
    }
}

fn since(changes: &Changes, report: &mut Report) {
    report.chapter("Since the last decision");
    let decided = changes.since.format("%Y-%m-%d %H:%M UTC");
    report.text(Line::from(format!("Decided on {decided}: {}.", changes.decision.word())));
    if changes.checks.is_empty() {
        return report.text("No check stands otherwise than then.");
    }
    let mut table = Table::new("What stands otherwise than at the last decision", &["Check", "Then", "Now"]);
    let stand = |verdict: Option<Verdict>, absent: &str| match verdict {
        Some(verdict) => Line::verdict(tone(verdict)),
        None => Line::from(absent),
    };
    for change in &changes.checks {
        table.row([ids([&change.id]), stand(change.before, "not there"), stand(change.now, "gone")]);
    }
    report.push(table);
}

fn follow_ups(view: &GoNoGo, report: &mut Report) {
    if view.follow_ups.is_empty() {
        return;
    }
    report.chapter("To be done after the deployment");
    let columns = ["Release", "What", "Within", "Due", "Standing"];
    let mut table = Table::new("What is to be done after deployments", &columns);
    for follow_up in &view.follow_ups {
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let standing = match follow_up.state {
            FollowUpState::Done => Line::badge(Tone::Good, format!("done {}", day(follow_up.done))),
            FollowUpState::Ahead => Line::badge(Tone::Neutral, "after the deployment"),
            FollowUpState::Open => Line::badge(Tone::Attention, "open"),
            FollowUpState::Overdue => Line::badge(Tone::Bad, "overdue"),
        };
        table.row([
            Line::id(&follow_up.release),
            Line::from(follow_up.name.as_str()),
            Line::from(follow_up.within.as_str()),
            Line::from(day(follow_up.due)),
            standing,
        ]);
    }
    report.push(table);
}

fn overview(view: &GoNoGo) -> Table {
    let mut table = Table::new("How every gate stands", &["Gate", "Standing", "Open checks"]);
    let by_id: FxHashMap<&str, Verdict> =
        view.checks.iter().map(|check| (check.id.as_str(), check.verdict)).collect();
    for gate in &view.gates {
        let ids: Vec<&String> = gate.criteria.iter().flat_map(|criterion| &criterion.checks).collect();
        let open = ids
            .iter()
            .filter(|id| by_id.get(id.as_str()).is_some_and(|verdict| verdict.keeps_closed()))
            .count();
        let name = if gate.decides { format!("{}, which decides", gate.title) } else { gate.title.clone() };
        table.row([Line::from(name), badge(gate.standing), Line::from(format!("{open} of {}", ids.len()))]);
    }
    table
}

fn criteria(gate: &JudgedGate, report: &mut Report) {
    for before in &gate.after {
        let text = Line::from(format!("Before it: {} — ", before.name)).join(badge(before.standing));
        report.text(text);
    }
    let caption = format!("What the gate {} asks for", gate.title);
    let mut table = Table::new(caption, &["Verdict", "Criterion"]);
    for criterion in &gate.criteria {
        table.row([
            // Of nothing nothing can be said.
            if criterion.checks.is_empty() {
                Line::badge(Tone::Neutral, "n/a")
            } else {
                Line::verdict(tone(criterion.verdict))
            },
            Line::new().strong(criterion.name.as_str()).and(format!(" — {}", looks_at(criterion))),
        ]);
    }
    report.push(table);
}

fn looks_at(criterion: &JudgedCriterion) -> String {
    let what = match (&criterion.chooses, criterion.checks.len()) {
        (Some(chooses), _) => format!("{} × {chooses}", criterion.entries),
        (None, 0) => "nothing is asked for".to_owned(),
        (None, 1) => "1 check".to_owned(),
        (None, checks) => format!("{checks} checks"),
    };
    if criterion.blocking { what } else { format!("{what}; does not block") }
}

/// Every check of a gate, with what proves it.
fn details(gate: &JudgedGate, checks: &FxHashMap<&str, &Check>, report: &mut Report) {
    for criterion in &gate.criteria {
        let found: Vec<&Check> =
            criterion.checks.iter().filter_map(|id| checks.get(id.as_str()).copied()).collect();
        if found.is_empty() {
            continue;
        }
        report.section(criterion.name.as_str());
        let item = |check: &&Check| Item {
            blocking: check.blocking,
            owner: check.owner.clone(),
            proof: proof(&check.proof),
            next: check.next.as_deref().map(instruction),
            ..Item::new(
                tone(check.verdict),
                named(&check.id, &check.title).and(": ").prose_too(&check.reason),
            )
        };
        report.push(Checklist { items: found.iter().map(item).collect() });
    }
}

fn evidence(read: &EvidenceRead, report: &mut Report) {
    if read.files.is_empty() {
        let text = Line::from("No evidence was read: name the reports of the pipeline under ")
            .code("[evidence]")
            .and(" in relplan.toml, or with ")
            .code("--evidence")
            .and(".");
        return report.callout(Tone::Unknown, text);
    }
    let mut table =
        Table::new("The evidence that was read", &["File", "Kind", "By", "Made", "Commit", "Fresh"]);
    for file in &read.files {
        let fresh = match &file.reason {
            None => Line::badge(Tone::Good, "fresh"),
            Some(reason) => Line::badge(Tone::Stale, reason.as_str()),
        };
        table.row([
            Line::new().code(file.file.as_str()),
            Line::from(file.kind),
            Line::from(file.tools.join(", ")),
            Line::from(
                file.time.map(|time| time.format("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default(),
            ),
            Line::from(file.commit.as_deref().map(short).unwrap_or_default()),
            fresh,
        ]);
    }
    report.push(table);
    if read.results > 0 {
        report.text(Line::from(format!(
            "{} test results: {} match a TEST entry, {} match several, {} name an id that no entry has, {} match none.",
            read.results, read.matched, read.ambiguous, read.unknown, read.unmatched
        )));
        if read.unmatched_failures > 0 {
            let failures = match read.unmatched_failures {
                1 => "1 failed result proves no TEST entry.".to_owned(),
                count => format!("{count} failed results prove no TEST entry."),
            };
            report.callout(Tone::Bad, Line::from(failures));
        }
    }
}

fn looked_at(view: &GoNoGo) -> String {
    let at = &view.looked_at;
    format!(
        "What was looked at: files {}, entries {}, links {}, rules {} (errors: {}), checks {}, files of evidence {}.",
        at.files,
        at.entries,
        at.links,
        at.rules,
        at.errors,
        at.checks,
        view.evidence.files.len()
    )
}

fn badge(standing: GateStanding) -> Line {
    let word = match standing {
        GateStanding::Pass => "PASS",
        GateStanding::Conditional => "CONDITIONAL",
        GateStanding::Fail => "FAIL",
    };
    Line::badge(gate_tone(standing), word)
}

const fn gate_tone(standing: GateStanding) -> Tone {
    match standing {
        GateStanding::Pass => Tone::Good,
        GateStanding::Conditional => Tone::Attention,
        GateStanding::Fail => Tone::Bad,
    }
}

const fn tone_of(decision: Decision) -> Tone {
    match decision {
        Decision::Go => Tone::Good,
        Decision::ConditionalGo => Tone::Attention,
        Decision::NoGo => Tone::Bad,
    }
}
