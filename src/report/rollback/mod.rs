//! The decision tree of a rollback as a document.

mod tree;
pub mod walk;

use super::words::{about, instruction};
use super::{Cell, Checklist, Item, Line, Report, Table, Tone};
use crate::views::rollback::{DecisionTree, Hole, MarkKind, Procedure, Source, Step, Trigger, WayBack};

/// Lowers the decision tree.
pub fn report(tree: &DecisionTree) -> Report {
    let mut report = Report::new("Rollback decision tree", tree.day);
    report.subtitle = about(tree.release.as_ref());
    figures(tree, &mut report);
    warnings(tree, &mut report);
    report.chapter("From what is wrong to what is done");
    report.push(tree::tree(tree));
    if !tree.triggers.is_empty() {
        report.chapter("Triggers");
        report.push(table(tree));
    }
    not_undone(tree, &mut report);
    left_open(tree, &mut report);
    report
}

fn figures(tree: &DecisionTree, report: &mut Report) {
    let count =
        |fits: fn(&Trigger) -> bool| tree.triggers.iter().filter(|trigger| fits(trigger)).count().to_string();
    report.fact("Triggers", tree.triggers.len().to_string());
    report.fact("Start by themselves", count(|trigger| trigger.automatic == Some(true)));
    report.fact("Somebody decides", count(|trigger| trigger.automatic == Some(false)));
    let unsaid = count(|trigger| trigger.automatic.is_none());
    if unsaid != "0" {
        report.fact("Not said which", Line::badge(Tone::Unknown, unsaid));
    }
    report.fact("Never rehearsed", count(|trigger| trigger.last_rehearsed.is_none()));
    report.fact("Left open", tree.hole_count().to_string());
}

fn warnings(tree: &DecisionTree, report: &mut Report) {
    if tree.triggers.is_empty() {
        let text = "No entry says when to go back, so nobody will know when: there is no DEP entry of type \
                    Rollback here.";
        report.callout(Tone::Bad, text);
    }
    let usual: Vec<&str> = tree
        .triggers
        .iter()
        .filter(|trigger| trigger.procedure.is_usual())
        .map(|trigger| trigger.id.as_str())
        .collect();
    if !usual.is_empty() {
        let text = Line::from("No procedure is written for ")
            .join(Line::ids(usual))
            .and(". The usual steps of the strategy stand in; they are not the plan's.");
        report.callout(Tone::Attention, text);
    }
    let nowhere: Vec<&str> = tree
        .triggers
        .iter()
        .filter(|trigger| trigger.procedure.source == Source::Nowhere)
        .map(|trigger| trigger.id.as_str())
        .collect();
    if !nowhere.is_empty() {
        let text = Line::from("Nothing says how to go back: ").join(Line::ids(nowhere)).and(".");
        report.callout(Tone::Bad, text);
    }
}

fn table(tree: &DecisionTree) -> Table {
    let columns = ["ID", "Trigger", "Threshold", "Severity", "Starts", "Within", "Rehearsed"];
    let mut table = Table::new("The triggers, the gravest first", &columns);
    for trigger in &tree.triggers {
        table.row_of(&trigger.id, cells(trigger));
    }
    table
}

fn cells(trigger: &Trigger) -> [Cell; 7] {
    let stated = |text: Option<&str>| text.map_or_else(unsaid, Line::from);
    [
        Line::id(&trigger.id).into(),
        trigger.title.as_str().into(),
        short(trigger).into(),
        trigger.severity.map_or_else(unsaid, |word| Line::badge(severity(trigger), word)).into(),
        trigger.automatic.map_or_else(unsaid, |yes| Line::from(starts(Some(yes)))).into(),
        stated(trigger.time_limit.as_deref()).into(),
        trigger
            .last_rehearsed
            .map_or_else(|| Line::badge(Tone::Unknown, "never"), |day| day.to_string().into())
            .into(),
    ]
}

fn unsaid() -> Line {
    Line::badge(Tone::Unknown, "not stated")
}

/// How a trigger starts, in a word that fits on an edge.
fn starts(automatic: Option<bool>) -> &'static str {
    match automatic {
        Some(true) => "automatic",
        Some(false) => "by hand",
        None => "not said",
    }
}

fn severity(trigger: &Trigger) -> Tone {
    match trigger.severity {
        Some("Critical" | "High") => Tone::Bad,
        Some("Medium") => Tone::Attention,
        Some(_) => Tone::Neutral,
        None => Tone::Unknown,
    }
}

/// The threshold as it is read, or as it stands where it cannot be read.
fn threshold(trigger: &Trigger) -> Line {
    match &trigger.threshold {
        None => Line::badge(Tone::Unknown, "no threshold"),
        Some(limit) => match &limit.reading {
            Some(reading) => Line::prose(reading),
            None => Line::prose(&format!("“{}” ", limit.text)).badge_too(Tone::Unknown, "cannot be read"),
        },
    }
}

/// The threshold in its short form.
fn short(trigger: &Trigger) -> Line {
    let short = trigger.threshold.as_ref().and_then(|limit| limit.short.as_deref());
    short.map_or_else(|| threshold(trigger), Line::from)
}

/// What is missing, and how to fill it.
fn hole(hole: &Hole) -> Line {
    Line::badge(Tone::Unknown, &hole.missing).and(": ").join(instruction(&hole.next))
}

/// A step with what makes it dangerous, and the word that says so.
fn step(step: &Step) -> Line {
    let mut line = Line::new();
    if let Some(entry) = &step.entry {
        line = line.id_too(entry).and(" ");
    }
    line = line.prose_too(&step.text);
    for mark in &step.marks {
        line = line.and(" ").badge_too(mark_tone(mark.kind), mark.kind.word());
    }
    line
}

fn mark_tone(kind: MarkKind) -> Tone {
    match kind {
        MarkKind::Database => Tone::Attention,
        MarkKind::Irreversible => Tone::Bad,
    }
}

/// Where steps come from.
fn origin(procedure: &Procedure) -> Line {
    let of = procedure.of.as_deref().unwrap_or_default();
    match procedure.source {
        Source::Entry => Line::from("The procedure of the plan"),
        Source::Runbook => Line::from("The steps of ").id_too(of),
        Source::PlanSteps => Line::from("The plan's steps back"),
        Source::UsualSteps => Line::from(format!("The usual steps for {of}"))
            .and(" ")
            .badge_too(Tone::Attention, "not the plan's"),
        Source::Nowhere => Line::badge(Tone::Unknown, "no procedure"),
    }
}

/// What a way back is for, and who says that it is.
fn way(way: &WayBack) -> Line {
    let strategy = way.strategy.unwrap_or("No strategy is stated");
    let line = Line::from(strategy);
    match way.stated_by.as_slice() {
        [] => line,
        ids => line.and(" (").join(Line::ids(ids)).and(")"),
    }
}

fn not_undone(tree: &DecisionTree, report: &mut Report) {
    if tree.not_undone.is_empty() {
        return;
    }
    report.chapter("What going back does not undo");
    report.text(
        "These steps of the deployment touch stored data or cannot be undone, as far as their words, tags and \
         links tell: the plan has no field for it. Look at them before you go back.",
    );
    let mut table = Table::new("Steps that stay done", &["ID", "Step", "Marked", "Because of"]);
    for step in &tree.not_undone {
        let marks = step.marks.iter().fold(Line::new(), |line, mark| {
            let line = if line.is_empty() { line } else { line.and(", ") };
            line.badge_too(mark_tone(mark.kind), mark.kind.word())
        });
        let because: Vec<&str> = step.marks.iter().map(|mark| mark.because.as_str()).collect();
        let id = step.entry.as_deref().unwrap_or_default();
        table.row([Line::id(id), Line::prose(&step.text), marks, Line::from(because.join(", "))]);
    }
    report.push(table);
}

fn left_open(tree: &DecisionTree, report: &mut Report) {
    if tree.hole_count() == 0 {
        return;
    }
    report.chapter("What the plan leaves open");
    let items = |holes: &[Hole]| -> Vec<Item> {
        let item = |hole: &Hole| {
            let next = Some(instruction(&hole.next));
            Item { next, ..Item::new(Tone::Unknown, &hole.missing) }
        };
        holes.iter().map(item).collect()
    };
    let open = tree.triggers.iter().filter(|trigger| !trigger.holes.is_empty());
    let mut groups: Vec<Item> = open
        .map(|trigger| Item::group(Line::id(&trigger.id).and(" ").and(&trigger.title), items(&trigger.holes)))
        .collect();
    if !tree.nothing_matches.holes.is_empty() {
        groups.push(Item::group("When no trigger applies", items(&tree.nothing_matches.holes)));
    }
    report.push(Checklist { items: groups });
}
