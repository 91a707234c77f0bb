//! A deployment under watch, as a screen and as a line.

use std::fmt::Write as _;

use super::replay::figure;
use super::{Align, Card, Cell, Fact, Line, Report, Steps, Table, Tone};
use crate::metrics::record::{RecordedOutcome, RecordedState};
use crate::model::duration::Duration;
use crate::views::watch::{AdviceView, WatchView, WatchedView};

/// Lowers a sample to a screen.
pub fn report(watch: &WatchView) -> Report {
    let mut report = Report::new("Deployment watch", watch.day);
    report.subtitle = watch.release.clone();
    let (tone, word) = conclusion(watch);
    report.headline(tone, word, format!("{}.", sentence(&watch.reason)));
    report.figure("Time (UTC)", clock(&watch.time));
    report.figure("Started", clock(&watch.started_at));
    let quiet = watch.quiet_seconds.map_or_else(|| "–".to_owned(), length);
    report.figure("Known and quiet", format!("{quiet} of {}", length(watch.window_seconds)));
    report.figure("Ends by", clock(&watch.ends_at));
    let mut table = Table::new("Triggers", &["Trigger", "State", "Value", "Limit", "Trend"])
        .aligned(2, Align::Right)
        .aligned(3, Align::Right);
    for trigger in &watch.triggers {
        table.row_of(trigger.id.clone(), row(trigger));
    }
    if !table.rows.is_empty() {
        report.push(table);
    }
    for trigger in &watch.triggers {
        if trigger.state == RecordedState::Fired {
            report.push(fired(trigger));
        }
    }
    unknown(watch, &mut report);
    end(watch, &mut report);
    report
}

/// A sample as one line: `2026-11-20T10:46:00Z CONTINUE quiet 5m of 30m; DEP-401 ok 0.5 (limit 2.5)`.
pub fn line(watch: &WatchView) -> String {
    let quiet = watch.quiet_seconds.map_or_else(|| "–".to_owned(), length);
    let mut text =
        format!("{} {} quiet {quiet} of {}", watch.time, conclusion(watch).1, length(watch.window_seconds));
    for trigger in &watch.triggers {
        let _ = write!(text, "; {} {}", trigger.id, state(trigger.state).1);
        match (&trigger.since, &trigger.unknown) {
            (Some(since), _) => _ = write!(text, " since {}", clock(since)),
            (None, Some(unknown)) => _ = write!(text, " ({unknown})"),
            (None, None) => {}
        }
        if let Some(value) = trigger.value.filter(|_| trigger.unknown.is_none()) {
            let limit = trigger.limit.map(|limit| format!(" (limit {})", figure(limit))).unwrap_or_default();
            let _ = write!(text, " {}{limit}", figure(value));
        }
    }
    for left_out in &watch.left_out {
        let _ = write!(text, "; {} unknown ({})", left_out.id, left_out.reason);
    }
    text.replace(['\n', '\r'], " ") + "\n"
}

fn conclusion(watch: &WatchView) -> (Tone, &'static str) {
    match (watch.outcome, watch.advice) {
        (Some(RecordedOutcome::Success), _) => (Tone::Good, "SUCCESS"),
        (Some(RecordedOutcome::Aborted), _) => (Tone::Unknown, "ABORTED"),
        (Some(RecordedOutcome::RolledBack), _) => (Tone::Bad, "ROLLED_BACK"),
        (None, AdviceView::Continue) => (Tone::Good, "CONTINUE"),
        (None, AdviceView::Pause) => (Tone::Attention, "PAUSE"),
        (None, AdviceView::RollBack) => (Tone::Bad, "ROLL BACK"),
    }
}

fn state(state: RecordedState) -> (Tone, &'static str) {
    match state {
        RecordedState::Ok => (Tone::Good, "ok"),
        RecordedState::Pending => (Tone::Attention, "pending"),
        RecordedState::Fired => (Tone::Bad, "fired"),
        RecordedState::Unknown => (Tone::Unknown, "unknown"),
    }
}

fn row(trigger: &WatchedView) -> [Cell; 5] {
    let (tone, word) = state(trigger.state);
    let since = trigger.since.as_deref().map(|since| format!(" since {}", clock(since))).unwrap_or_default();
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), figure);
    [
        Line::id(&trigger.id).and(format!(" {}", trigger.title)).into(),
        Line::badge(tone, word).and(since).into(),
        number(trigger.value).into(),
        number(trigger.limit).into(),
        trend(&trigger.recent).into(),
    ]
}

/// The last values as a row of bars from the lowest to the highest; a dot where there is none.
fn trend(recent: &[Option<f64>]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const MOST: usize = 10;
    let recent = &recent[recent.len().saturating_sub(MOST)..];
    let known = || recent.iter().flatten().copied();
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let bar = |value: f64| {
        let share = if high > low { (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0) } else { 0.0 };
        BARS[((share * 7.0).round() as usize).min(7)]
    };
    recent.iter().map(|value| value.map_or('·', bar)).collect()
}

/// What to do about a trigger that fired.
fn fired(trigger: &WatchedView) -> Card {
    let fact = |label: &str, texts: Vec<String>| {
        (!texts.is_empty()).then(|| Fact::new(label, Line::prose(&texts.join("; "))))
    };
    let steps: Vec<Line> = trigger.procedure.iter().map(|step| Line::prose(step)).collect();
    let since = trigger.since.as_deref().map(clock).unwrap_or_default();
    let facts = vec![
        Some(Fact::new("Fired (UTC)", since)),
        fact(&trigger.metric, vec![trigger.threshold.clone()]),
        fact("Authority", trigger.authority.clone().into_iter().collect()),
    ];
    Card {
        anchor: None,
        tone: Tone::Bad,
        word: if trigger.manual { "Decide".to_owned() } else { "Roll back now".to_owned() },
        title: Line::id(&trigger.id).and(format!(" {}", trigger.title)),
        facts: facts.into_iter().flatten().collect(),
        procedures: if steps.is_empty() {
            Vec::new()
        } else {
            vec![Steps { title: "Procedure".into(), steps }]
        },
        afterwards: fact("Notify", trigger.notification.clone()).into_iter().collect(),
    }
}

fn unknown(watch: &WatchView, report: &mut Report) {
    let doubted = watch.triggers.iter().filter_map(|trigger| {
        Some((&trigger.id, trigger.unknown.as_ref()?, trigger.help.as_deref().unwrap_or_default()))
    });
    let left_out =
        watch.left_out.iter().map(|left_out| (&left_out.id, &left_out.reason, left_out.help.as_str()));
    // One cause, such as an outage, often makes several unknown.
    let mut causes: Vec<(Vec<&str>, &str, &str)> = Vec::new();
    for (id, reason, help) in doubted.chain(left_out) {
        match causes.iter_mut().find(|(_, known, step)| known == reason && *step == help) {
            Some((ids, _, _)) => ids.push(id),
            None => causes.push((vec![id], reason, help)),
        }
    }
    let mut table = Table::new("Unknown", &["Rollbacks", "Reason", "Next step"]);
    for (ids, reason, help) in causes {
        let cells: [Cell; 3] = [Line::ids(ids).into(), reason.into(), help.into()];
        table.row(cells);
    }
    if !table.rows.is_empty() {
        report.push(table);
    }
    if !watch.without.is_empty() {
        report.text(format!("Not watched: {}.", watch.without.join(", ")));
    }
}

fn end(watch: &WatchView, report: &mut Report) {
    if watch.outcome == Some(RecordedOutcome::Aborted) {
        report.callout(
            Tone::Unknown,
            "The time is over, and success is not known. Decide by other evidence, or watch again.",
        );
    }
    if let Some(release) = watch.release.as_ref().filter(|_| !watch.suggested.is_empty()) {
        let when = match watch.outcome {
            Some(RecordedOutcome::RolledBack) => "after the rollback",
            _ => "now",
        };
        report.section(format!("Suggested fields of {release}, {when}"));
        for field in &watch.suggested {
            report.text(Line::new().code(format!("{}: {}", field.field, field.value)));
        }
    }
    if let Some(record) = &watch.record {
        report.text(format!("Recorded as {} in {}, {}.", record.id, record.file, record.digest));
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The time of a moment without its day: `10:46:00`.
fn clock(moment: &str) -> String {
    moment.split_once('T').map_or(moment, |(_, time)| time.trim_end_matches('Z')).to_owned()
}

fn length(seconds: f64) -> String {
    Duration::from_millis((seconds.max(0.0) * 1000.0).round() as u64).to_string()
}
