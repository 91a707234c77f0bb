//! The readiness checklist as a document: blockers first, totals last.

use super::words::{about, by, named};
use super::{Align, Cell, Checklist, Item, Line, Report, Table, Tone};
use crate::model::Choice;
use crate::model::dep::Stage;
use crate::model::phrase::counted;
use crate::verdict::facts::short;
use crate::verdict::{Check, CheckKind, Proof, ProofKind, Source, Totals, Verdict};
use crate::views::checklist::{Grouping, Readiness};
use crate::views::go_no_go::OpenCheck;
use crate::views::release_plan::Step;

/// Lowers the checklist.
pub fn report(readiness: &Readiness) -> Report {
    lowered(readiness, steps)
}

/// The same as a part of the release plan, which has the steps among its other parts.
pub(super) fn part(readiness: &Readiness) -> Report {
    lowered(readiness, |_, _| {})
}

fn lowered(readiness: &Readiness, steps: impl Fn(&Readiness, &mut Report)) -> Report {
    let mut report = Report::new("Readiness checklist", readiness.day);
    report.subtitle = about(readiness.release.as_ref());
    figures(readiness, &mut report);
    warnings(readiness, &mut report);
    blockers(readiness, &mut report);
    match readiness.grouping {
        Grouping::Stage => stages(readiness, &mut report),
        Grouping::Owner => by_owner(readiness, &mut report),
        Grouping::Category => by_category(readiness, &mut report),
    }
    steps(readiness, &mut report);
    progression(readiness, &mut report);
    report.chapter("Totals");
    report.push(totals(readiness));
    report
}

/// All checks as one table, for spreadsheets.
pub fn sheet(readiness: &Readiness) -> Report {
    let mut report = Report::new("Readiness checklist", readiness.day);
    let columns = [
        "ID",
        "Kind",
        "Check",
        "Stage",
        "Category",
        "Verdict",
        "Blocking",
        "Owner",
        "Reason",
        "Evidence kind",
        "Evidence",
        "Next step",
    ];
    let mut table = Table::new("The checks", &columns);
    for check in &readiness.checks {
        let text = |text: Option<&str>| Cell::from(text.unwrap_or_default());
        table.row([
            Cell::from(check.id.as_str()),
            Cell::from(kind(check.kind)),
            Cell::from(check.title.as_str()),
            text(check.stage),
            text(check.category),
            Cell::from(tone(check.verdict).word()),
            Cell::from(if check.blocking { "yes" } else { "no" }),
            text(check.owner.as_deref()),
            Cell::from(check.reason.as_str()),
            Cell::from(proof_word(check.proof.kind)),
            text(check.proof.text.as_deref()),
            text(check.next.as_deref()),
        ]);
    }
    report.push(table);
    report
}

/// What a verdict means.
pub(crate) const fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Pass => Tone::Good,
        Verdict::Waived => Tone::Waived,
        Verdict::Warn => Tone::Attention,
        Verdict::Stale => Tone::Stale,
        Verdict::Unknown => Tone::Unknown,
        Verdict::Fail => Tone::Bad,
    }
}

const fn kind(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Criterion => "criterion",
        CheckKind::Scope => "scope",
        CheckKind::Risk => "risk",
        CheckKind::Environment => "environment",
        CheckKind::Approval => "approval",
        CheckKind::Validation => "validation",
        CheckKind::Test => "test",
        CheckKind::Rollback => "rollback",
        CheckKind::Monitoring => "monitoring",
        CheckKind::Deliverable => "deliverable",
        CheckKind::Entry => "entry",
        CheckKind::Gate => "gate",
        CheckKind::Plan => "plan",
        CheckKind::FollowUp => "follow-up",
    }
}

pub(crate) const fn proof_word(kind: ProofKind) -> &'static str {
    match kind {
        ProofKind::Reported => "reported",
        ProofKind::CheckedByRelplan => "checked by relplan",
        ProofKind::Signed => "signed",
        ProofKind::Attested => "attested",
        ProofKind::Asserted => "asserted",
        ProofKind::Link => "link",
        ProofKind::None => "none",
    }
}

/// The counts of all that was asked for.
fn all(readiness: &Readiness) -> Option<&Totals> {
    readiness.totals.iter().find(|totals| totals.stage.is_none())
}

fn figures(readiness: &Readiness, report: &mut Report) {
    let Some(all) = all(readiness) else { return };
    let (tone, word, sentence) = conclusion(all);
    report.headline(tone, word, sentence);
    report.figure("Blockers", all.open_blockers.to_string());
    for verdict in [Verdict::Fail, Verdict::Unknown, Verdict::Pass] {
        report.figure(self::tone(verdict).word(), count(all, verdict).to_string());
    }
    for verdict in [Verdict::Stale, Verdict::Warn, Verdict::Waived] {
        if count(all, verdict) > 0 {
            report.detail(self::tone(verdict).word(), count(all, verdict).to_string());
        }
    }
    report.detail("Checks", all.total.to_string());
}

/// What the checklist comes to: its tone, its word and the reason.
fn conclusion(all: &Totals) -> (Tone, &'static str, String) {
    let closed = all.pass + all.waived;
    let done = format!("{closed} of {} checks passed or waived.", all.total);
    match (all.open_blockers, all.total) {
        (_, 0) => (Tone::Unknown, "NO CHECKS", "The selection has no checks.".to_owned()),
        (0, total) if closed == total => (Tone::Good, "READY", done),
        (0, _) => (Tone::Attention, "NO BLOCKERS", done),
        (open, _) => (Tone::Bad, "NOT READY", format!("{} open; {done}", counted(open, "blocker"))),
    }
}

const fn count(totals: &Totals, verdict: Verdict) -> usize {
    match verdict {
        Verdict::Pass => totals.pass,
        Verdict::Waived => totals.waived,
        Verdict::Warn => totals.warn,
        Verdict::Stale => totals.stale,
        Verdict::Unknown => totals.unknown,
        Verdict::Fail => totals.fail,
    }
}

fn warnings(readiness: &Readiness, report: &mut Report) {
    if readiness.criteria == 0 {
        let text = "No release criteria: the plan has no DEP entry of `type: Criteria` for this selection.";
        report.callout(Tone::Bad, Line::prose(text));
    }
    let asked = all(readiness).map_or(0, |all| all.total);
    if asked < readiness.total || readiness.filter.open {
        report.callout(Tone::Neutral, shown(readiness, asked));
    }
    if readiness.checks.is_empty() && asked > 0 {
        report.callout(Tone::Good, format!("No open checks among the {asked} selected."));
    }
    let reported = readiness.checks.iter().any(|check| {
        check.proof.kind == ProofKind::Reported
            || check.tests.as_ref().is_some_and(|tests| tests.reported > 0)
    });
    report.text(match reported {
        true => "Evidence decides where it exists; all other verdicts are self-reported in the plan.",
        false => {
            "All verdicts are self-reported in the plan: no evidence was read. Missing status is UNKNOWN."
        }
    });
}

/// What the filter leaves out.
fn shown(readiness: &Readiness, asked: usize) -> String {
    let filter = &readiness.filter;
    let mut of = Vec::new();
    if let Some(stage) = filter.stage {
        of.push(format!("of stage {stage}"));
    }
    if let Some(owner) = &filter.owner {
        of.push(format!("owned by “{owner}”"));
    }
    if filter.open {
        of.push("that are open".to_owned());
    }
    let left = readiness.total - readiness.checks.len();
    format!(
        "Filtered: checks {}, {} of {}. {left} are hidden; totals count {asked}.",
        of.join(", "),
        readiness.checks.len(),
        readiness.total
    )
}

fn blockers(readiness: &Readiness, report: &mut Report) {
    if readiness.blockers.is_empty() {
        return;
    }
    report.chapter("Blockers");
    let item = |open: &OpenCheck| Item {
        owner: open.owner.clone(),
        ..Item::new(tone(open.verdict), named(&open.id, &open.title))
    };
    report.push(Checklist { items: readiness.blockers.iter().map(item).collect() });
}

/// Each owner is a chapter that says how much of it is open, each stage in it a section.
fn by_owner(readiness: &Readiness, report: &mut Report) {
    for own in readiness.checks.chunk_by(|one, other| one.owner == other.owner) {
        report.chapter(share(own[0].owner.as_deref().unwrap_or("No owner"), own, readiness));
        for group in own.chunk_by(|one, other| stage(one) == stage(other)) {
            report.section(stage(&group[0]));
            report.push(Checklist { items: group.iter().map(unowned).collect() });
        }
    }
}

/// Each category is a chapter that says how much of it is open; where checks have none, their kind.
fn by_category(readiness: &Readiness, report: &mut Report) {
    for of_topic in readiness.checks.chunk_by(|one, other| title(one) == title(other)) {
        report.chapter(share(title(&of_topic[0]), of_topic, readiness));
        report.push(Checklist { items: of_topic.iter().map(item).collect() });
    }
}

/// The heading of a group: `QA Lead (12 of 20 open)`, or `QA Lead (12 open)` where only those are shown.
fn share(name: &str, checks: &[Check], readiness: &Readiness) -> String {
    let open = checks.iter().filter(|check| check.verdict.is_open()).count();
    match readiness.filter.open {
        true => format!("{name} ({open} open)"),
        false => format!("{name} ({open} of {} open)", checks.len()),
    }
}

/// The stage of a check, or that a gate asks for it.
fn stage(check: &Check) -> &'static str {
    match (check.kind.is_of_gate(), check.stage) {
        (true, _) => "Gates",
        (false, stage) => stage.unwrap_or("No stage"),
    }
}

/// A check under a heading that names its owner.
fn unowned(check: &Check) -> Item {
    Item { owner: None, ..item(check) }
}

/// Each stage is a chapter, each category or kind of check in it a section.
fn stages(readiness: &Readiness, report: &mut Report) {
    for of_stage in readiness.checks.chunk_by(|one, other| stage(one) == stage(other)) {
        report.chapter(stage(&of_stage[0]));
        for group in of_stage.chunk_by(|one, other| title(one) == title(other)) {
            report.section(title(&group[0]));
            report.push(Checklist { items: group.iter().map(item).collect() });
        }
    }
}

fn title(check: &Check) -> &'static str {
    match check.kind {
        CheckKind::Criterion => check.category.unwrap_or("No category"),
        CheckKind::Scope => "Scope",
        CheckKind::Risk => "Risks",
        CheckKind::Environment => "Environments",
        CheckKind::Approval => "Approvals",
        CheckKind::Validation => "Validations",
        CheckKind::Test => "Tests",
        CheckKind::Rollback => "Rollbacks",
        CheckKind::Monitoring => "Monitoring",
        CheckKind::Deliverable => "Deliverables",
        CheckKind::Entry => "Entries",
        CheckKind::Gate => "Gate",
        CheckKind::Plan => "Plan",
        CheckKind::FollowUp => "Follow-ups",
    }
}

fn item(check: &Check) -> Item {
    let text = named(&check.id, &check.title).and(": ").join(Line::prose(&check.reason));
    let required = match check.kind {
        CheckKind::Criterion => "Requirement",
        CheckKind::Validation => "Check",
        // The other kinds are said by their title.
        _ => "",
    };
    let text = match check.requirement.as_deref().filter(|_| !required.is_empty()) {
        Some(requirement) => text.and(format!(". {required}: ")).prose_too(requirement),
        None => text,
    };
    item_of(check, text)
}

/// A check under a text of its own: whether it is a blocker, its owner, its evidence, and what to do until when.
pub(super) fn item_of(check: &Check, text: Line) -> Item {
    Item {
        // A blocker is what blocks and is open, here as in the report.
        blocking: check.is_blocker(),
        owner: check.owner.clone(),
        proof: proof(&check.proof),
        next: by(
            check.next.as_deref().map(Line::prose),
            check.due.filter(|_| check.verdict != Verdict::Pass),
        ),
        ..Item::new(tone(check.verdict), text)
    }
}

/// What proves it: how, in which words, and where that is written.
pub(super) fn proof(proof: &Proof) -> Option<Line> {
    let word = match proof.kind {
        ProofKind::Reported => "reported",
        ProofKind::CheckedByRelplan => "checked by relplan",
        ProofKind::Signed => "signed with a key",
        ProofKind::Attested => "signed off",
        ProofKind::Asserted | ProofKind::Link => "self-reported",
        // Some of it stands there, and what is missing says the reason.
        ProofKind::None if !proof.sources.is_empty() => "partial",
        // What is to prove something one day is worth knowing before.
        ProofKind::None => "none yet",
    };
    let mut line = match &proof.text {
        Some(text) => Line::from(format!("{word} — ")).prose_too(text),
        None if proof.kind == ProofKind::None && proof.sources.is_empty() => return None,
        None => Line::from(word),
    };
    for (position, source) in proof.sources.iter().enumerate() {
        line = line.and(if position == 0 { " — " } else { ", " }).and(source_in_words(source));
    }
    for asked in &proof.asked {
        line = line.and(format!("; required: {asked}"));
    }
    Some(line)
}

/// Where a fact is written, by whom, when, for which commit.
pub(crate) fn source_in_words(source: &Source) -> String {
    let mut words = format!("{}:{}", source.file, source.line);
    let tools = (!source.tools.is_empty()).then(|| source.tools.join(", "));
    let time = source.time.map(|time| time.format("%Y-%m-%d %H:%M UTC").to_string());
    let commit = source.commit.as_deref().map(|commit| short(commit).to_owned());
    let about: Vec<String> = [tools, time, commit].into_iter().flatten().collect();
    if !about.is_empty() {
        words += &format!(" ({})", about.join(", "));
    }
    words
}

/// The deployment steps as boxes to tick off on the day.
fn steps(readiness: &Readiness, report: &mut Report) {
    if readiness.steps.is_empty() {
        return;
    }
    report.chapter("Deployment steps");
    let item = |step: &Step| Item { owner: step.owner.clone(), ..Item::task(words_of(step)) };
    for of_stage in readiness.steps.chunk_by(|one, other| one.stage == other.stage) {
        report.section(match of_stage[0].stage {
            Some(stage) if stage == Stage::Rollback.word() => "Rollback, if needed",
            stage => stage.unwrap_or("No stage"),
        });
        report.push(Checklist { items: of_stage.iter().map(item).collect() });
    }
}

/// What a step is, what it does to the traffic, and how long it takes.
fn words_of(step: &Step) -> Line {
    let facts = [
        step.automated.map(|automated| if automated { "automated" } else { "manual" }.to_owned()),
        step.traffic.map(|share| format!("{share} % of traffic")),
        step.duration.as_ref().map(|duration| format!("takes {duration}")),
        step.pause.as_ref().map(|pause| format!("then wait {pause}")),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let text = named(&step.id, &step.title);
    if facts.is_empty() { text } else { text.and(format!(": {}", facts.join(", "))) }
}

fn progression(readiness: &Readiness, report: &mut Report) {
    let filter = &readiness.filter;
    if readiness.progression.is_empty() || filter.stage.is_some() || filter.owner.is_some() {
        return;
    }
    report.chapter("Environment promotion");
    let columns = ["ID", "Environment", "Order", "Promotes to", "Gate", "Verdict"];
    let mut table = Table::new("Environments in promotion order", &columns);
    for step in &readiness.progression {
        let place = step.order.map_or_else(unstated, |order| Line::from(order.to_string()));
        let gate = step.gate.as_deref().map_or_else(unstated, Line::prose);
        let verdict = Line::verdict(tone(step.verdict)).and(": ").prose_too(&step.reason);
        let then = Line::ids(&step.promotes_to);
        table.row_of(&step.id, [Line::id(&step.id), Line::from(&step.name), place, then, gate, verdict]);
    }
    report.push(table);
}

fn unstated() -> Line {
    Line::badge(Tone::Unknown, "not stated")
}

fn totals(readiness: &Readiness) -> Table {
    let mut columns = vec!["Stage"];
    columns.extend(Verdict::ALL.map(|verdict| tone(verdict).word()));
    columns.extend(["All", "Blockers"]);
    let mut table = Table::new("Checks by stage and verdict", &columns);
    for column in 1..columns.len() {
        table = table.aligned(column, Align::Right);
    }
    for row in &readiness.totals {
        let counts = Verdict::ALL.map(|verdict| count(row, verdict)).into_iter();
        let figures =
            counts.chain([row.total, row.open_blockers]).map(|figure| Line::from(figure.to_string()));
        let name = Line::from(row.stage.as_deref().unwrap_or("all"));
        table.row(std::iter::once(name).chain(figures));
    }
    table
}
