//! What a change does, as a document: the decision and what became worse first, then entry by entry.

use super::words::percent;
use super::{Line, Report, Table, Tone, base, checklist};
use crate::model::phrase::counted;
use crate::verdict::decision::{Decision, GateStatus};
use crate::views::diff::{
    ChangedField, DecisionView, Diff, DiffSide, Direction, EntryChanges, LevelCounts, ListedEntry,
};

/// Lowers the view.
pub fn diff(view: &Diff) -> Report {
    let mut report = Report::new("Plan changes", view.day);
    head(view, &mut report);
    if !view.had_plan {
        report.text(format!("`{}` has no plan here, so every entry is new.", view.base.revision));
    }
    if !view.base_whole {
        let text = format!(
            "The plan of {} has errors that hide entries: some that are listed as added may be older.",
            view.base.revision
        );
        report.callout(Tone::Unknown, text);
    }
    base::loosened(&view.loosened, &mut report);
    decision(view, &mut report);
    checks(view, &mut report);
    entries(&view.entries, &mut report);
    report
}

fn head(view: &Diff, report: &mut Report) {
    let direction = view.decision.as_ref().map_or(Direction::Other, |decision| decision.direction);
    let worse = view.checks.iter().filter(|check| check.direction == Direction::Worse).count();
    let better = view.checks.iter().filter(|check| check.direction == Direction::Better).count();
    let is_turned = view.decision.as_ref().is_some_and(|change| {
        let decision = |view: &Option<DecisionView>| view.as_ref().map(|view| view.decision);
        decision(&change.before) != decision(&change.after)
    });
    let tone = match direction {
        Direction::Worse => Tone::Bad,
        _ if worse + view.loosened.len() + view.findings.new.error > 0 => Tone::Attention,
        Direction::Better if is_turned => Tone::Good,
        Direction::Better | Direction::Other => Tone::Neutral,
    };
    let word = |view: &Option<DecisionView>| view.as_ref().map_or("n/a", |view| view.decision.word());
    let decided = match &view.decision {
        Some(decision) if word(&decision.before) == word(&decision.after) => {
            format!("{}, unchanged", word(&decision.after))
        }
        Some(decision) => format!("{} → {}", word(&decision.before), word(&decision.after)),
        None => "n/a".to_owned(),
    };
    let sentence = match view.is_empty() {
        true => "No changes to the plan".to_owned(),
        false => format!(
            "Checks: {worse} worse, {better} better; {} loosened; new findings: {}",
            view.loosened.len(),
            levels(view.findings.new)
        ),
    };
    report.headline(tone, decided, sentence);
    let EntryChanges { added, removed, renamed, changed } = &view.entries;
    let lists = [
        ("Added", added.len()),
        ("Removed", removed.len()),
        ("Renamed", renamed.len()),
        ("Changed", changed.len()),
    ];
    for (name, count) in lists {
        report.figure(name, count.to_string());
    }
    report.detail("Base", side(&view.base));
    report.detail("Compared", view.head.as_ref().map_or_else(|| "work tree".to_owned(), side));
    report.detail("Fixed findings", levels(view.findings.fixed));
}

fn side(side: &DiffSide) -> String {
    let commit: String = side.commit.chars().take(12).collect();
    format!("{} at {commit}", side.revision)
}

/// `2 errors, 1 warning`, or `none`.
fn levels(counts: LevelCounts) -> String {
    let some = counts.each().into_iter().filter(|(_, count)| *count > 0);
    let words: Vec<String> = some.map(|(level, count)| counted(count, level.word())).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn decision(view: &Diff, report: &mut Report) {
    let Some(decision) = &view.decision else { return };
    report.chapter("Decision");
    let mut table = Table::new("", &["", "Before", "Now"]);
    let each = |show: &dyn Fn(&DecisionView) -> Line| {
        [&decision.before, &decision.after].map(|view| view.as_ref().map_or_else(|| Line::from("n/a"), show))
    };
    let mut row = |name: &str, show: &dyn Fn(&DecisionView) -> Line| {
        let [before, after] = each(show);
        table.row([Line::from(name), before, after]);
    };
    row("Decision", &|view| Line::badge(tone_of(view.decision), view.decision.word()));
    row("Release", &|view| view.release.as_ref().map_or_else(|| Line::from("whole plan"), Line::id));
    row("Blockers", &|view| Line::from(view.blockers.to_string()));
    row("Confidence", &|view| Line::from(percent(view.confidence)));
    for gate in &view.gates {
        let status = |status: Option<GateStatus>| match status {
            Some(status) => Line::badge(tone_of_gate(status), status.word()),
            None => Line::from("n/a"),
        };
        let name = Line::from("Gate ").code(&gate.gate);
        table.row([name, status(gate.before), status(gate.after)]);
    }
    report.push(table);
}

const fn tone_of(decision: Decision) -> Tone {
    match decision {
        Decision::Go => Tone::Good,
        Decision::ConditionalGo => Tone::Attention,
        Decision::NoGo => Tone::Bad,
    }
}

const fn tone_of_gate(status: GateStatus) -> Tone {
    match status {
        GateStatus::Pass => Tone::Good,
        GateStatus::Conditional => Tone::Attention,
        GateStatus::Fail => Tone::Bad,
    }
}

/// The checks whose status is another one, in a table for each direction.
fn checks(view: &Diff, report: &mut Report) {
    let titles = [
        (Direction::Worse, "Checks that became worse"),
        (Direction::Better, "Checks that became better"),
        (Direction::Other, "Other checks"),
    ];
    for (direction, title) in titles {
        let some: Vec<_> = view.checks.iter().filter(|check| check.direction == direction).collect();
        if some.is_empty() {
            continue;
        }
        let mut part = Report::new(title, view.day);
        let mut table = Table::new("", &["Check", "Blocks", "Before", "Now", "Reason"]);
        for check in &some {
            let verdict = |verdict: Option<crate::verdict::Verdict>| match verdict {
                Some(verdict) => Line::verdict(checklist::tone(verdict)),
                None => Line::from("n/a"),
            };
            let blocks = if check.blocking { "yes" } else { "no" };
            let name = super::words::named(&check.id, &check.title);
            table.row([
                name,
                Line::from(blocks),
                verdict(check.before),
                verdict(check.after),
                Line::prose(&check.reason),
            ]);
        }
        part.push(table);
        match direction {
            Direction::Worse => {
                report.chapter(title);
                report.blocks.append(&mut part.blocks);
            }
            _ => report.appendix(format!("{title}: {}", some.len()), part),
        }
    }
}

fn entries(changes: &EntryChanges, report: &mut Report) {
    let EntryChanges { added, removed, renamed, changed } = changes;
    let day = report.day;
    let mut appendix = |title: &str, count: usize, table: Table| {
        let mut part = Report::new(title, day);
        part.push(table);
        if count > 0 {
            report.appendix(format!("{title}: {count}"), part);
        }
    };
    let mut fields = Table::new("", &["Entry", "Field", "Before", "Now", "Place"]);
    for change in changed {
        for ChangedField { field, before, after, loosened } in &change.fields {
            let text =
                |value: &Option<String>| value.as_deref().map_or_else(|| Line::from("not set"), Line::prose);
            let field = match loosened {
                true => Line::new().code(field).and(" ").badge_too(Tone::Bad, "loosened"),
                false => Line::new().code(field),
            };
            fields.row([name(&change.entry), field, text(before), text(after), place(&change.entry)]);
        }
    }
    appendix("Changed entries", changed.len(), fields);
    let mut ids = Table::new("", &["Before", "Now", "Place"]);
    for change in renamed {
        ids.row([Line::id(&change.from), name(&change.entry), place(&change.entry)]);
    }
    appendix("Renamed entries", renamed.len(), ids);
    for (title, list) in [("Added entries", added), ("Removed entries", removed)] {
        let mut table = Table::new("", &["Entry", "Place"]);
        list.iter().for_each(|entry| table.row([name(entry), place(entry)]));
        appendix(title, list.len(), table);
    }
}

fn name(entry: &ListedEntry) -> Line {
    super::words::named(&entry.id, &entry.title)
}

fn place(entry: &ListedEntry) -> Line {
    Line::from(entry.place.as_deref().unwrap_or_default())
}
