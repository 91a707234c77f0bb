//! How an entry stands in each release, which gates ask for it, and how it stood at recorded decisions.

use super::super::Site;
use super::super::documents::Subject;
use super::super::entry::GateUse;
use crate::model::{EntryIndex, Kind};
use crate::report::checklist::{source_in_words, tone};
use crate::report::go_no_go::gates::gate_tone;
use crate::report::go_no_go::head::tone_of;
use crate::report::words::percent;
use crate::report::{Block, Cell, Checklist, Item, Line, Report, Table, Tone};
use crate::verdict::Check;
use crate::verdict::log::Record;

/// Lowers the verdicts and the gates.
pub(super) fn chapters(site: Site<'_>, index: EntryIndex, report: &mut Report) {
    let checks = site.entries.checks_of(index);
    if !checks.is_empty() {
        report.chapter("Checks");
        let items = checks.iter().map(|own| check(&site.subjects[own.subject], own.check)).collect();
        report.push(Checklist { items });
    }
    let used = site.entries.gates_of(index);
    if used.is_empty() {
        return;
    }
    report.chapter("Gates");
    let line = |own: &GateUse<'_>| {
        let subject = &site.subjects[own.subject];
        let gate = &subject.judged.gates[own.gate];
        let weight = if own.blocking { "blocking" } else { "non-blocking" };
        named(subject)
            .and(" ")
            .page(gate.title.as_str(), subject.gate_path(own.gate))
            .and(" ")
            .badge_too(gate_tone(gate.status), gate.status.word())
            .and(format!(": {} ({weight})", own.criterion))
    };
    report.push(Block::Bullets(used.iter().map(line).collect()));
}

fn named(subject: &Subject<'_>) -> Line {
    match &subject.selection.release {
        Some(release) => Line::id(&*release.id),
        None => Line::from(subject.name()),
    }
}

fn check(subject: &Subject<'_>, check: &Check) -> Item {
    let mut proof: Vec<Line> = check.proof.text.as_deref().map(Line::prose).into_iter().collect();
    proof.extend(check.proof.sources.iter().map(|source| Line::from(source_in_words(source))));
    let proof = proof.into_iter().reduce(|line, part| line.and("; ").join(part));
    Item {
        blocking: check.blocking,
        proof,
        next: check.next.as_deref().map(Line::prose),
        ..Item::new(tone(check.verdict), named(subject).and(": ").prose_too(&check.reason))
    }
}

/// Lowers how the entry stood at recorded decisions; of a release, the decisions themselves.
pub(super) fn history(site: Site<'_>, index: EntryIndex, report: &mut Report) {
    let entry = site.plan().entry(index);
    if matches!(entry.kind, Kind::Rel(_)) {
        decisions(site, &entry.id.value.to_string(), report);
    }
    let history = site.entries.history_of(index);
    if history.is_empty() {
        return;
    }
    report.chapter("History of verdicts");
    let mut table = Table::new(
        "Verdicts at recorded decisions, the newest first",
        &["Day", "Release", "Verdict", "Reason"],
    );
    for (record, check) in history.iter().rev() {
        let tone = tone(check.verdict);
        table.row([
            Cell::from(record.day.format("%a %Y-%m-%d").to_string()),
            Cell::from(release_of(record)),
            Cell::from(Line::badge(tone, tone.word())),
            Cell::from(Line::prose(&check.reason)),
        ]);
    }
    report.push(table);
}

fn release_of(record: &Record) -> Line {
    record.release.as_ref().map_or_else(|| Line::from("Whole plan"), |id| Line::prose(id))
}

fn decisions(site: Site<'_>, id: &str, report: &mut Report) {
    let own: Vec<&Record> =
        site.inputs.decisions().iter().rev().filter(|record| record.release.as_deref() == Some(id)).collect();
    if own.is_empty() {
        return;
    }
    report.chapter("Decisions");
    let columns = ["Day", "Decision", "Confidence", "Blockers", "Decided by"];
    let mut table = Table::new("Recorded decisions, the newest first", &columns);
    for record in own {
        let by =
            record.by.as_deref().map_or_else(|| Line::badge(Tone::Attention, "not recorded"), Line::from);
        table.row([
            Cell::from(record.day.format("%a %Y-%m-%d").to_string()),
            Cell::from(Line::badge(tone_of(record.decision), record.decision.word())),
            Cell::from(percent(record.confidence.map(|share| share.percent()))),
            Cell::from(record.blockers.len().to_string()),
            Cell::from(by),
        ]);
    }
    report.push(table);
}
