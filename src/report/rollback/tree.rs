//! The decision tree as a tree: what is asked, what follows, and what stands open at its place.

use super::{gap_line, origin, severity, starts, step, threshold, way};
use crate::report::{Line, Tone, Tree, TreeNode};
use crate::views::linked::Linked;
use crate::views::rollback::{DecisionTree, Procedure, Runbook, Trigger};

/// The tree.
pub(super) fn tree(tree: &DecisionTree) -> Tree {
    let wrong = format!("Something is wrong after deploying {}", tree.deployed());
    let mut branches: Vec<TreeNode> = tree.triggers.iter().map(trigger).collect();
    branches.push(otherwise(tree));
    let caption = "Check the triggers from top to bottom. The first that applies decides.".to_owned();
    Tree { caption, roots: vec![TreeNode::new(Line::prose(&wrong)).with(branches)] }
}

fn trigger(trigger: &Trigger) -> TreeNode {
    let text = Line::id(&trigger.id).and(" ").strong(&trigger.title).and(": ").join(threshold(trigger));
    let edge = trigger.severity.unwrap_or("no severity");
    let words = match &trigger.trigger {
        Some(words) => Some(TreeNode::new(Line::prose(words)).by("when")),
        None => open(trigger, "trigger", "when"),
    };
    let metrics = match trigger.watched_by.as_slice() {
        [] => open(trigger, "monitored_by", "metric"),
        metrics => Some(TreeNode::new(linked(metrics)).by("metric")),
    };
    let validations = match trigger.started_by.as_slice() {
        [] => None,
        validations => Some(TreeNode::new(linked(validations).and(" (if it fails)")).by("or")),
    };
    let children = [words, metrics, validations, Some(start(trigger))].into_iter().flatten().collect();
    TreeNode::new(text).by(edge).toned(severity(trigger)).with(children)
}

/// Who starts it, and below that what is done.
fn start(trigger: &Trigger) -> TreeNode {
    let mut text = match (trigger.automatic, &trigger.automatic_note) {
        (Some(true), Some(note)) => Line::from("Automatic: ").prose_too(note),
        (Some(true), None) => Line::from("Automatic"),
        (Some(false), Some(note)) => Line::from("Manual: ").prose_too(note),
        (Some(false), None) => Line::from("Manual"),
        (None, _) => trigger.gap("automatic").map_or_else(Line::new, gap_line),
    };
    text = text.and(". ").join(match &trigger.authority {
        Some(who) => Line::from("Authority: ").prose_too(who),
        None => trigger.gap("authority").map_or_else(Line::new, gap_line),
    });
    let mut children =
        vec![kill_switches(trigger), open(trigger, "flags", "kill switch"), Some(procedure(trigger))];
    children.push(match trigger.notification.as_slice() {
        [] => open(trigger, "notification", "notify"),
        names => Some(TreeNode::new(Line::prose(&names.join("; "))).by("notify")),
    });
    match trigger.runbooks.as_slice() {
        [] => children.push(open(trigger, "runbook", "runbook")),
        runbooks => children.extend(runbooks.iter().map(|known| Some(runbook(known)))),
    }
    children.push(match trigger.escalates_to.as_slice() {
        [] => open(trigger, "escalates_to", "escalate"),
        entries => Some(TreeNode::new(linked(entries)).by("escalate")),
    });
    TreeNode::new(text).by(starts(trigger.automatic)).with(children.into_iter().flatten().collect())
}

/// The feature flags that are switched first.
fn kill_switches(trigger: &Trigger) -> Option<TreeNode> {
    let steps = trigger.kill_switches.iter();
    let steps: Vec<TreeNode> =
        steps.map(|known| TreeNode::new(step(known)).by(format!("{}.", known.number))).collect();
    (!steps.is_empty()).then(|| TreeNode::new("Kill switch").by("first").with(steps))
}

fn procedure(trigger: &Trigger) -> TreeNode {
    let text = match trigger.gap("procedure") {
        Some(missing) => origin(&trigger.procedure).and(": ").join(Line::prose(&missing.next)).and("; "),
        None => origin(&trigger.procedure).and(", "),
    };
    let text = text.join(match &trigger.time_limit {
        Some(limit) => Line::from("within ").strong(limit),
        None => trigger.gap("max_duration").map_or_else(Line::new, gap_line),
    });
    TreeNode::new(text).by("do").with(steps(&trigger.procedure))
}

/// The steps, numbered by their edges.
pub(super) fn steps(procedure: &Procedure) -> Vec<TreeNode> {
    let node = |known| TreeNode::new(step(known));
    procedure.steps.iter().map(|known| node(known).by(format!("{}.", known.number))).collect()
}

fn runbook(runbook: &Runbook) -> TreeNode {
    let text = Line::id(&runbook.id).and(" ").and(&runbook.title);
    let text = match runbook.last_tested {
        Some(day) => text.and(format!(", last tested on {day}")),
        None => text.and(", ").badge_too(Tone::Unknown, "never tested"),
    };
    TreeNode::new(text).by("runbook")
}

/// A hole at the place where its answer would stand.
fn open(trigger: &Trigger, field: &str, edge: &str) -> Option<TreeNode> {
    trigger.gap(field).map(|missing| TreeNode::new(gap_line(missing)).by(edge))
}

fn linked(entries: &[Linked]) -> Line {
    entries.iter().fold(Line::new(), |line, entry| {
        let separator = if line.is_empty() { "" } else { "; " };
        line.and(separator).id_too(&entry.id).and(" ").and(&entry.title)
    })
}

fn otherwise(tree: &DecisionTree) -> TreeNode {
    let unmatched = &tree.nothing_matches;
    let mut children = Vec::new();
    children.push(match (&unmatched.decides, unmatched.gaps.iter().find(|gap| gap.field == "owner")) {
        (Some(who), _) => Some(TreeNode::new(Line::prose(who)).by("decides")),
        (None, missing) => missing.map(|missing| TreeNode::new(gap_line(missing)).by("decides")),
    });
    if !unmatched.metrics.is_empty() {
        children.push(Some(TreeNode::new(linked(&unmatched.metrics)).by("metric")));
    }
    let advice = unmatched
        .default_steps
        .iter()
        .zip(1..)
        .map(|(text, number)| TreeNode::new(*text).by(format!("{number}.")));
    let usual = Line::from("Default steps ").badge_too(Tone::Attention, "not from the plan");
    children.push(Some(TreeNode::new(usual).by("do").with(advice.collect())));
    children.extend(tree.ways_back.iter().map(|known| {
        let text = way(known).and(": ").join(origin(&known.procedure));
        Some(TreeNode::new(text).by("roll back").with(steps(&known.procedure)))
    }));
    let other = unmatched.gaps.iter().filter(|gap| gap.field != "owner");
    children.extend(other.map(|missing| Some(TreeNode::new(gap_line(missing)).by("open"))));
    if !unmatched.escalates_to.is_empty() {
        children.push(Some(TreeNode::new(linked(&unmatched.escalates_to)).by("escalate")));
    }
    TreeNode::new("No trigger applies, or it is unclear whether one does")
        .by("otherwise")
        .toned(Tone::Unknown)
        .with(children.into_iter().flatten().collect())
}
