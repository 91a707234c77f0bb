//! The decision tree of a rollback as a document.

pub(in crate::report) mod card;
mod tree;
pub mod walk;

use super::words::about;
use super::{Checklist, Item, Line, Report, Table, Tone};
use crate::model::phrase::counted;
use crate::views::rollback::{
    DecisionTree, Gap, MarkKind, Procedure, RollbackProcedure, Source, Step, Trigger,
};

/// Lowers the decision tree.
pub fn report(tree: &DecisionTree) -> Report {
    let mut report = Report::new("Rollback decision tree", tree.day);
    report.subtitle = about(tree.release.as_ref());
    headline(tree, &mut report);
    figures(tree, &mut report);
    warnings(tree, &mut report);
    if !tree.triggers.is_empty() {
        report.push(card::index(tree));
    }
    report.chapter("Triggers");
    if !tree.triggers.is_empty() {
        tree.triggers.iter().for_each(|trigger| report.push(card::card(trigger)));
    }
    report.push(card::no_trigger(tree));
    report.chapter("Decision tree");
    report.push(tree::tree(tree));
    not_undone(tree, &mut report);
    left_open(tree, &mut report);
    report
}

/// What to know before anything happens.
fn headline(tree: &DecisionTree, report: &mut Report) {
    let gaps = tree.hole_count();
    match (tree.triggers.len(), gaps) {
        (0, _) => report.headline(Tone::Bad, "NO TRIGGERS", "The plan does not say when to roll back."),
        (triggers, 0) => {
            let text = format!("{}, all complete.", counted(triggers, "trigger"));
            report.headline(Tone::Good, "COMPLETE", text);
        }
        (triggers, gaps) => {
            let text = format!("{} with {}.", counted(triggers, "trigger"), counted(gaps, "gap"));
            report.headline(Tone::Attention, "INCOMPLETE", text);
        }
    }
}

fn figures(tree: &DecisionTree, report: &mut Report) {
    let count =
        |fits: fn(&Trigger) -> bool| tree.triggers.iter().filter(|trigger| fits(trigger)).count().to_string();
    report.figure("Triggers", tree.triggers.len().to_string());
    report.figure("Automatic", count(|trigger| trigger.automatic == Some(true)));
    report.figure("Manual", count(|trigger| trigger.automatic == Some(false)));
    report.figure("Gaps", tree.hole_count().to_string());
    let unstated = count(|trigger| trigger.automatic.is_none());
    if unstated != "0" {
        report.detail("Neither automatic nor manual", Line::badge(Tone::Unknown, unstated));
    }
    report.detail("Never rehearsed", count(|trigger| trigger.last_rehearsed.is_none()));
}

fn warnings(tree: &DecisionTree, report: &mut Report) {
    if tree.triggers.is_empty() {
        let text = "No rollback triggers: the plan has no DEP entry of `type: Rollback` for this selection.";
        report.callout(Tone::Bad, Line::prose(text));
    }
    let usual: Vec<&str> = tree
        .triggers
        .iter()
        .filter(|trigger| trigger.procedure.is_default())
        .map(|trigger| trigger.id.as_str())
        .collect();
    if !usual.is_empty() {
        let text = Line::from("No procedure for ")
            .join(Line::ids(usual))
            .and(". Default steps of the strategy are shown instead.");
        report.callout(Tone::Attention, text);
    }
    let nowhere: Vec<&str> = tree
        .triggers
        .iter()
        .filter(|trigger| trigger.procedure.source == Source::Nowhere)
        .map(|trigger| trigger.id.as_str())
        .collect();
    if !nowhere.is_empty() {
        let text = Line::from("No rollback procedure for ").join(Line::ids(nowhere)).and(".");
        report.callout(Tone::Bad, text);
    }
}

/// How a trigger starts, in a word that fits on an edge.
fn starts(automatic: Option<bool>) -> &'static str {
    match automatic {
        Some(true) => "automatic",
        Some(false) => "manual",
        None => "not stated",
    }
}

pub(in crate::report) fn severity(trigger: &Trigger) -> Tone {
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
fn gap_line(gap: &Gap) -> Line {
    Line::badge(Tone::Unknown, &gap.missing).and(": ").join(Line::prose(&gap.next))
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
        Source::Entry => Line::from("Procedure"),
        Source::Runbook => Line::from("Steps of ").id_too(of),
        Source::PlanSteps => Line::from("Rollback steps of the plan"),
        Source::DefaultSteps => Line::from(format!("Default steps for {of}"))
            .and(" ")
            .badge_too(Tone::Attention, "not from the plan"),
        Source::Nowhere => Line::badge(Tone::Unknown, "no procedure"),
    }
}

/// What a way back is for, and who says that it is.
fn way(way: &RollbackProcedure) -> Line {
    let strategy = way.strategy.unwrap_or("No strategy");
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
    report.chapter("Irreversible steps");
    report.text(
        "A rollback does not undo these deployment steps: their text, tags or links say that they change data or \
         cannot be reversed. Check them before you roll back.",
    );
    let mut table = Table::new("Irreversible steps", &["ID", "Step", "Type", "Found in"]);
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
    report.chapter("Gaps");
    let items = |gaps: &[Gap]| -> Vec<Item> {
        let item = |gap: &Gap| {
            let next = Some(Line::prose(&gap.next));
            Item { next, ..Item::new(Tone::Unknown, &gap.missing) }
        };
        gaps.iter().map(item).collect()
    };
    let open = tree.triggers.iter().filter(|trigger| !trigger.gaps.is_empty());
    let mut groups: Vec<Item> = open
        .map(|trigger| Item::group(Line::id(&trigger.id).and(" ").and(&trigger.title), items(&trigger.gaps)))
        .collect();
    if !tree.nothing_matches.gaps.is_empty() {
        groups.push(Item::group("When no trigger applies", items(&tree.nothing_matches.gaps)));
    }
    report.push(Checklist { items: groups });
}
