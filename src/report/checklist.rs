//! The readiness checklist as a document: blockers first, totals last.

use super::words::{about, instruction};
use super::{Align, Cell, Checklist, Item, Line, Report, Table, Tone};
use crate::verdict::facts::short;
use crate::verdict::{Check, CheckKind, Proof, ProofKind, Source, Totals, Verdict};
use crate::views::checklist::Readiness;

/// Lowers the checklist.
pub fn report(readiness: &Readiness) -> Report {
    let mut report = Report::new("Readiness checklist", readiness.day);
    report.subtitle = about(readiness.release.as_ref());
    figures(readiness, &mut report);
    warnings(readiness, &mut report);
    blockers(readiness, &mut report);
    stages(readiness, &mut report);
    progression(readiness, &mut report);
    report.chapter("Totals");
    report.push(totals(readiness));
    report
}

/// All checks as one table, for spreadsheets.
pub fn sheet(readiness: &Readiness) -> Report {
    let mut report = Report::new("Readiness checklist", readiness.day);
    let columns = [
        "ID", "Kind", "Check", "Stage", "Category", "Verdict", "Blocker", "Owner", "Why", "Proof",
        "Evidence", "Next",
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
pub(super) const fn tone(verdict: Verdict) -> Tone {
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
        CheckKind::Entry => "entry",
        CheckKind::Gate => "gate",
        CheckKind::Plan => "plan",
        CheckKind::FollowUp => "follow-up",
    }
}

const fn proof_word(kind: ProofKind) -> &'static str {
    match kind {
        ProofKind::Reported => "reported",
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
    report.fact("Open blockers", all.open_blockers.to_string());
    for verdict in Verdict::ALL.into_iter().rev() {
        // The rarer verdicts are worth a figure only where there are any; the totals have them all.
        let always = matches!(verdict, Verdict::Fail | Verdict::Unknown | Verdict::Pass);
        if always || count(all, verdict) > 0 {
            report.fact(tone(verdict).word(), count(all, verdict).to_string());
        }
    }
    report.fact("Checks", all.total.to_string());
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
        let text = "No criterion belongs here, so nothing says what must be true before the release: there is \
                    no DEP entry of type Criteria.";
        report.callout(Tone::Bad, text);
    }
    let asked = all(readiness).map_or(0, |all| all.total);
    if asked < readiness.total || readiness.filter.open {
        report.callout(Tone::Neutral, shown(readiness, asked));
    }
    if readiness.checks.is_empty() {
        report.callout(
            Tone::Good,
            format!("None of the checks that were asked for stands open; there are {asked}."),
        );
    }
    let reported = readiness.checks.iter().any(|check| {
        check.proof.kind == ProofKind::Reported
            || check.tests.as_ref().is_some_and(|tests| tests.reported > 0)
    });
    report.text(match reported {
        true => {
            "Where a report says how something stands, that counts; all else rests on what the plan states. What \
             nobody states or reports is UNKNOWN, never a pass."
        }
        false => {
            "Every verdict rests on what the plan states. Nothing here was measured, and what nobody states is \
             UNKNOWN, never a pass."
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
        of.push(format!("of an owner like “{owner}”"));
    }
    if filter.open {
        of.push("that stand open".to_owned());
    }
    let left = readiness.total - readiness.checks.len();
    format!(
        "Only checks {}: {} of {}; {left} are left out, and totals count {asked}.",
        of.join(", "),
        readiness.checks.len(),
        readiness.total
    )
}

fn blockers(readiness: &Readiness, report: &mut Report) {
    let open = readiness.open_blockers();
    if open.is_empty() {
        return;
    }
    report.chapter("Blockers that stand open");
    let item =
        |check: &&Check| Item { owner: check.owner.clone(), ..Item::new(tone(check.verdict), named(check)) };
    report.push(Checklist { items: open.iter().map(item).collect() });
}

fn named(check: &Check) -> Line {
    Line::id(&check.id).and(" ").and(&check.title)
}

/// Each stage is a chapter, each category or kind of check in it a section.
fn stages(readiness: &Readiness, report: &mut Report) {
    for stage in readiness.checks.chunk_by(|one, other| one.stage == other.stage) {
        report.chapter(stage[0].stage.unwrap_or("No stage is stated"));
        for group in stage.chunk_by(|one, other| title(one) == title(other)) {
            report.section(title(&group[0]));
            report.push(Checklist { items: group.iter().map(item).collect() });
        }
    }
}

fn title(check: &Check) -> &'static str {
    match check.kind {
        CheckKind::Criterion => check.category.unwrap_or("No category is stated"),
        CheckKind::Scope => "Scope",
        CheckKind::Risk => "Risks",
        CheckKind::Environment => "Environments",
        CheckKind::Approval => "Approvals",
        CheckKind::Validation => "Validations",
        CheckKind::Test => "Tests",
        CheckKind::Rollback => "Rollbacks",
        CheckKind::Monitoring => "Monitoring",
        CheckKind::Entry => "Entries",
        CheckKind::Gate => "Gate",
        CheckKind::Plan => "Plan",
        CheckKind::FollowUp => "Follow-ups",
    }
}

fn item(check: &Check) -> Item {
    let text = Line::id(&check.id).and(" ").strong(&check.title).and(": ").prose_too(&check.reason);
    let required = match check.kind {
        CheckKind::Criterion => "Required",
        CheckKind::Validation => "Looked at",
        // The other kinds are said by their title.
        _ => "",
    };
    let text = match check.requirement.as_deref().filter(|_| !required.is_empty()) {
        Some(requirement) => text.and(format!(". {required}: ")).prose_too(requirement),
        None => text,
    };
    Item {
        blocking: check.blocking,
        owner: check.owner.clone(),
        proof: proof(&check.proof),
        next: check.next.as_deref().map(instruction),
        ..Item::new(tone(check.verdict), text)
    }
}

/// What proves it: how, in which words, and where that is written.
pub(super) fn proof(proof: &Proof) -> Option<Line> {
    let word = match proof.kind {
        ProofKind::Reported => "reported",
        ProofKind::Attested => "signed",
        ProofKind::Asserted | ProofKind::Link => "asserted",
        // Some of it stands there, and what is missing says the reason.
        ProofKind::None if !proof.sources.is_empty() => "in part",
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
        line = line.and(format!("; asked for: {asked}"));
    }
    Some(line)
}

/// Where a fact is written, by whom, when, for which commit.
pub(super) fn source_in_words(source: &Source) -> String {
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

fn progression(readiness: &Readiness, report: &mut Report) {
    let filter = &readiness.filter;
    if readiness.progression.is_empty() || filter.stage.is_some() || filter.owner.is_some() {
        return;
    }
    report.chapter("From environment to environment");
    let columns = ["ID", "Environment", "Place", "Then", "Gate", "Verdict"];
    let mut table = Table::new("What a build passes through, and what lets it pass", &columns);
    for rung in &readiness.progression {
        let place = rung.order.map_or_else(unstated, |order| Line::from(order.to_string()));
        let gate = rung.gate.as_deref().map_or_else(unstated, Line::prose);
        let verdict = Line::verdict(tone(rung.verdict)).and(": ").prose_too(&rung.reason);
        let then = Line::ids(&rung.promotes_to);
        table.row_of(&rung.id, [Line::id(&rung.id), Line::from(&rung.name), place, then, gate, verdict]);
    }
    report.push(table);
}

fn unstated() -> Line {
    Line::badge(Tone::Unknown, "not stated")
}

fn totals(readiness: &Readiness) -> Table {
    let mut columns = vec!["Stage"];
    columns.extend(Verdict::ALL.map(|verdict| tone(verdict).word()));
    columns.extend(["All", "Open blockers"]);
    let mut table = Table::new("How many checks stand how", &columns);
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
