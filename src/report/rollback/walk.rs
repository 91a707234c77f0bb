//! A walk through the decision tree as a document: what was asked, what was answered, what to do.

use super::{gap_line, origin, step, way};
use crate::report::words::about;
use crate::report::{Block, Fact, Line, Report, Table, Tone};
use crate::views::rollback::walk::{Answer, Outcome, Start, Walk};
use crate::views::rollback::{Procedure, Step, Trigger};

/// Lowers a walk.
pub fn report(walk: &Walk<'_>) -> Report {
    let mut report = Report::new("Walk through the rollback decision tree", walk.tree.day);
    report.subtitle = about(walk.tree.release.as_ref());
    report.chapter("Answers");
    report.push(answers(walk));
    unknown(walk, &mut report);
    match walk.outcome() {
        Some(outcome) => self::outcome(walk, outcome, &mut report),
        None => report.callout(Tone::Unknown, "The walk was not finished."),
    }
    report
}

fn answers(walk: &Walk<'_>) -> Table {
    let mut table = Table::new("", &["About", "Question", "Answer"]);
    for asked in &walk.asked {
        let about = asked.question.about.as_deref().map_or_else(Line::new, Line::id);
        let tone = match asked.answer {
            Answer::Yes => Tone::Attention,
            Answer::No => Tone::Neutral,
            Answer::Unknown => Tone::Unknown,
        };
        let answer = Line::badge(tone, asked.answer.word());
        table.row([about, Line::prose(&asked.question.text), answer]);
    }
    table
}

fn unknown(walk: &Walk<'_>, report: &mut Report) {
    let ids = walk.unknown();
    if !ids.is_empty() {
        let text = Line::from("No answer for ")
            .join(Line::ids(ids))
            .and(". Unknown is not no: find out, then start again.");
        report.callout(Tone::Unknown, text);
    }
}

fn outcome(walk: &Walk<'_>, outcome: Outcome<'_>, report: &mut Report) {
    match outcome {
        Outcome::Follow(trigger) => {
            report.chapter(Line::from("Follow the automatic rollback: ").join(named(trigger)));
            report.text("The rollback has started. Confirm each step in this order.");
            execute(trigger, report);
        }
        Outcome::Execute(trigger, start) => {
            report.chapter(Line::from("Roll back now: ").join(named(trigger)));
            if start == Start::NotByItself {
                let text = "The automatic rollback has not started. Start it manually.";
                report.callout(Tone::Bad, text);
            }
            execute(trigger, report);
        }
        Outcome::Decide(trigger) => {
            report.chapter(Line::from("Get a decision: ").join(named(trigger)));
            let who = match (&trigger.authority, trigger.gap("authority")) {
                (Some(who), _) => Line::from("The trigger applies. Ask now: ").strong(who),
                (None, Some(missing)) => gap_line(missing),
                (None, None) => Line::new(),
            };
            report.callout(Tone::Attention, who);
            report.text("Pause the rollout until the decision. Then:");
            execute(trigger, report);
        }
        Outcome::GoBack(ways) => go_back(walk, ways, report),
        Outcome::Watch => watch(walk, report),
    }
}

fn named(trigger: &Trigger) -> Line {
    Line::id(&trigger.id).and(" ").and(&trigger.title)
}

fn execute(trigger: &Trigger, report: &mut Report) {
    if !trigger.kill_switches.is_empty() {
        report.text("Kill switch, before anything else.");
        step_table(&trigger.kill_switches, report);
    }
    if let Some(gap) = trigger.gap("flags") {
        report.callout(Tone::Attention, gap_line(gap));
    }
    report.text(match &trigger.time_limit {
        Some(limit) => origin(&trigger.procedure).and(", within ").strong(limit).and("."),
        None => origin(&trigger.procedure)
            .and(", ")
            .join(trigger.gap("max_duration").map_or_else(Line::new, gap_line)),
    });
    steps(&trigger.procedure, report);
    let or_hole = |field: &str, line: Line| match line.is_empty() {
        true => trigger.gap(field).map_or_else(Line::new, gap_line),
        false => line,
    };
    let runbooks = trigger.runbooks.iter().fold(Line::new(), |line, runbook| {
        let separator = if line.is_empty() { "" } else { "; " };
        line.and(separator).id_too(&runbook.id).and(" ").and(&runbook.title)
    });
    let follows = trigger.escalates_to.iter().fold(Line::new(), |line, entry| {
        let separator = if line.is_empty() { "" } else { "; " };
        line.and(separator).id_too(&entry.id).and(" ").and(&entry.title)
    });
    report.push(Block::Facts(vec![
        Fact::new("Notify", or_hole("notification", Line::prose(&trigger.notification.join("; ")))),
        Fact::new("Runbook", or_hole("runbook", runbooks)),
        Fact::new("Escalate to", or_hole("escalates_to", follows)),
    ]));
    for runbook in trigger.runbooks.iter().filter(|runbook| !runbook.steps.is_empty()) {
        if trigger.procedure.of.as_deref() == Some(&runbook.id) {
            continue;
        }
        report.section(Line::from("Runbook ").id_too(&runbook.id).and(" ").and(&runbook.title));
        let mut table = Table::new("", &["Step", "Action"]);
        for known in &runbook.steps {
            table.row([Line::from(known.number.to_string()), step(known)]);
        }
        report.push(table);
    }
}

fn steps(procedure: &Procedure, report: &mut Report) {
    if !procedure.steps.is_empty() {
        step_table(&procedure.steps, report);
    }
}

fn step_table(steps: &[Step], report: &mut Report) {
    let mut table = Table::new("", &["Step", "Action"]);
    for known in steps {
        table.row([Line::from(known.number.to_string()), step(known)]);
    }
    report.push(table);
}

fn go_back(walk: &Walk<'_>, ways: &[crate::views::rollback::RollbackProcedure], report: &mut Report) {
    report.chapter("Roll back");
    if ways.is_empty() {
        let next = walk.tree.nothing_matches.gaps.iter().find(|gap| gap.field == "strategy");
        report.callout(Tone::Bad, next.map_or_else(Line::new, gap_line));
    }
    for known in ways {
        report.section(way(known));
        report.text(origin(&known.procedure).and("."));
        steps(&known.procedure, report);
    }
    report.text(Line::from("Irreversible steps: ").join(match walk.tree.not_undone.as_slice() {
        [] => Line::from("none known."),
        steps => Line::ids(steps.iter().filter_map(|step| step.entry.as_deref())).and("."),
    }));
}

fn watch(walk: &Walk<'_>, report: &mut Report) {
    report.chapter("Hold and monitor");
    report.text(
        Line::from("No trigger is known to apply. Default steps ")
            .badge_too(Tone::Attention, "not from the plan")
            .and(":"),
    );
    let mut table = Table::new("", &["Step", "Action"]);
    for (text, number) in walk.tree.nothing_matches.default_steps.iter().zip(1..) {
        table.row([Line::from(format!("{number}")), Line::from(*text)]);
    }
    report.push(table);
}
