//! A trigger as a card: when it applies, who decides, what to do step by step, whom to tell.

use super::{gap_line, origin, severity, short, step, way};
use crate::report::{Card, Fact, Line, Steps, Table, Tone};
use crate::views::linked::Linked;
use crate::views::rollback::{DecisionTree, Procedure, Runbook, Trigger};

/// The triggers in a line each, from which one tap leads to the card.
pub(super) fn index(tree: &DecisionTree) -> Table {
    let mut table = Table::new("Triggers by severity", &["Severity", "Trigger", "Threshold"]);
    for trigger in &tree.triggers {
        let word = Line::badge(severity(trigger), trigger.severity.unwrap_or("no severity"));
        table.row([word, Line::id(&trigger.id).and(" ").and(&trigger.title), limit(trigger)]);
    }
    table
}

/// The threshold, worked out where it counts from a baseline.
fn limit(trigger: &Trigger) -> Line {
    match trigger.threshold.as_ref().and_then(|limit| limit.worked_out.as_deref()) {
        Some(worked_out) => short(trigger).and(" (").strong(worked_out).and(")"),
        None => short(trigger),
    }
}

/// The card of a trigger.
pub(super) fn card(trigger: &Trigger) -> Card {
    Card {
        anchor: Some(trigger.id.clone()),
        tone: severity(trigger),
        word: trigger.severity.unwrap_or("no severity").to_owned(),
        title: Line::id(&trigger.id).and(" ").and(&trigger.title),
        facts: before(trigger),
        procedures: procedures(trigger),
        afterwards: afterwards(trigger),
    }
}

fn before(trigger: &Trigger) -> Vec<Fact> {
    let text = |text: &Option<String>| text.as_deref().map_or_else(Line::new, Line::prose);
    known([
        Fact::new("When", when(trigger)),
        Fact::new("Start", start(trigger)),
        Fact::new("Authority", or_gap(trigger, "authority", text(&trigger.authority))),
        Fact::new("Time limit", or_gap(trigger, "max_duration", text(&trigger.time_limit))),
    ])
}

fn afterwards(trigger: &Trigger) -> Vec<Fact> {
    let notify = Line::prose(&trigger.notification.join("; "));
    known([
        Fact::new("Notify", or_gap(trigger, "notification", notify)),
        Fact::new("Escalate to", or_gap(trigger, "escalates_to", linked(&trigger.escalates_to))),
        Fact::new("Metric", or_gap(trigger, "monitored_by", linked(&trigger.watched_by))),
        Fact::new("Last rehearsed", or_gap(trigger, "last_rehearsed", rehearsed(trigger))),
    ])
}

/// The value of a field, or the gap in its place.
pub(in crate::report) fn or_gap(trigger: &Trigger, field: &str, line: Line) -> Line {
    match line.is_empty() {
        true => trigger.gap(field).map_or_else(Line::new, gap_line),
        false => line,
    }
}

pub(in crate::report) fn known<const N: usize>(facts: [Fact; N]) -> Vec<Fact> {
    facts.into_iter().filter(|fact| !fact.value.is_empty()).collect()
}

/// The trigger in words and in numbers, with the limit worked out from its baseline.
fn when(trigger: &Trigger) -> Line {
    let words = match &trigger.trigger {
        Some(words) => Line::prose(words),
        None => trigger.gap("trigger").map_or_else(Line::new, gap_line),
    };
    if words.is_empty() { limit(trigger) } else { words.and(": ").join(limit(trigger)) }
}

pub(in crate::report) fn start(trigger: &Trigger) -> Line {
    let word = match trigger.automatic {
        Some(true) => "Automatic",
        Some(false) => "Manual",
        None => return trigger.gap("automatic").map_or_else(Line::new, gap_line),
    };
    match &trigger.automatic_note {
        Some(note) => Line::new().strong(word).and(": ").prose_too(note),
        None => Line::new().strong(word),
    }
}

fn rehearsed(trigger: &Trigger) -> Line {
    trigger.last_rehearsed.map_or_else(Line::new, |day| Line::from(day.to_string()))
}

pub(in crate::report) fn linked(entries: &[Linked]) -> Line {
    entries.iter().fold(Line::new(), |line, entry| {
        let separator = if line.is_empty() { "" } else { "; " };
        line.and(separator).id_too(&entry.id).and(" ").and(&entry.title)
    })
}

/// The procedure, and the steps of runbooks that are not the procedure themselves.
pub(in crate::report) fn procedures(trigger: &Trigger) -> Vec<Steps> {
    let title = match trigger.gap("procedure") {
        Some(gap) => origin(&trigger.procedure).and(". ").join(gap_line(gap)),
        None => origin(&trigger.procedure),
    };
    let own = Steps { title, steps: steps(&trigger.procedure) };
    let other = |runbook: &&Runbook| {
        trigger.procedure.of.as_deref() != Some(&runbook.id) && !runbook.steps.is_empty()
    };
    kill_switches(trigger)
        .into_iter()
        .chain([own])
        .chain(trigger.runbooks.iter().filter(other).map(runbook))
        .collect()
}

/// The kill switches, which come first: they take effect without a deployment.
fn kill_switches(trigger: &Trigger) -> Option<Steps> {
    let line = match trigger.gap("flags") {
        Some(gap) => Line::from("Kill switch. ").join(gap_line(gap)),
        None => Line::from("Kill switch"),
    };
    let is_there = !trigger.kill_switches.is_empty() || trigger.gap("flags").is_some();
    is_there.then(|| Steps { title: line, steps: trigger.kill_switches.iter().map(step).collect() })
}

fn runbook(runbook: &Runbook) -> Steps {
    let title = Line::from("Runbook ").id_too(&runbook.id).and(" ").and(&runbook.title);
    Steps { title, steps: runbook.steps.iter().map(step).collect() }
}

fn steps(procedure: &Procedure) -> Vec<Line> {
    procedure.steps.iter().map(step).collect()
}

/// The card for when no trigger applies.
pub(super) fn no_trigger(tree: &DecisionTree) -> Card {
    let unmatched = &tree.nothing_matches;
    let gap = |field: &str| unmatched.gaps.iter().find(|gap| gap.field == field);
    let decides = match (&unmatched.decides, gap("owner")) {
        (Some(who), _) => Line::new().strong(who),
        (None, Some(missing)) => gap_line(missing),
        (None, None) => Line::new(),
    };
    let default = Steps {
        title: Line::from("Default steps ").badge_too(Tone::Attention, "not from the plan"),
        steps: unmatched.default_steps.iter().map(|text| Line::from(*text)).collect(),
    };
    let back = tree.ways_back.iter().map(|known| Steps {
        title: Line::from("Roll back: ").join(way(known)).and(". ").join(origin(&known.procedure)),
        steps: steps(&known.procedure),
    });
    Card {
        anchor: None,
        tone: Tone::Unknown,
        word: "otherwise".to_owned(),
        title: Line::from("No trigger applies, or it is unclear whether one does"),
        facts: known([
            Fact::new("Authority", decides),
            Fact::new("Rollback procedure", gap("strategy").map_or_else(Line::new, gap_line)),
        ]),
        procedures: std::iter::once(default).chain(back).collect(),
        afterwards: known([
            Fact::new("Escalate to", linked(&unmatched.escalates_to)),
            Fact::new("Metrics", linked(&unmatched.metrics)),
        ]),
    }
}
