//! Rollback triggers on recorded data, as a document.

use super::{Align, Cell, Line, Report, Table, Tone};
use crate::model::phrase::counted;
use crate::views::replay::{FiringView, ReplayStatus, ReplayView, ReplayedTrigger, SweepView, UnknownView};

/// Lowers the replay.
pub fn report(replay: &ReplayView) -> Report {
    let mut report = Report::new("Replay of rollback triggers", replay.day);
    let of = |status: ReplayStatus| replay.triggers.iter().filter(|trigger| trigger.status == status).count();
    let (fired, unknown) = (of(ReplayStatus::Fired), of(ReplayStatus::Unknown));
    let total = counted(replay.triggers.len(), "trigger");
    let left_out = replay.left_out.len();
    let mut doubts = Vec::new();
    if unknown > 0 {
        doubts.push(format!("{unknown} {} unknown", if unknown == 1 { "is" } else { "are" }));
    }
    if left_out > 0 {
        let be = if left_out == 1 { "is" } else { "are" };
        doubts.push(format!("{} {be} not evaluated", counted(left_out, "rollback")));
    }
    let doubts = doubts.join(" and ");
    match (fired, doubts.is_empty()) {
        (0, true) => report.headline(Tone::Good, "NOT FIRED", format!("None of {total} fires.")),
        (0, false) => {
            report.headline(Tone::Unknown, "UNKNOWN", format!("None of {total} fires, but {doubts}."))
        }
        (fired, true) => report.headline(Tone::Bad, "FIRED", format!("{fired} of {total} would have fired.")),
        (fired, false) => {
            report.headline(Tone::Bad, "FIRED", format!("{fired} of {total} would have fired; {doubts}."))
        }
    }
    report.figure("Series", replay.series.to_string());
    report.figure("Samples", replay.samples.to_string());
    let mut table = Table::new(
        "Triggers",
        &["Trigger", "Status", "First fired (UTC)", "Times", "Longest met", "Lowest", "Highest"],
    );
    for column in 3..7 {
        table = table.aligned(column, Align::Right);
    }
    for trigger in &replay.triggers {
        table.row_of(trigger.id.clone(), row(trigger));
    }
    if !table.rows.is_empty() {
        report.push(table);
    }
    for trigger in &replay.triggers {
        details(trigger, &mut report);
    }
    if !replay.left_out.is_empty() {
        let mut table = Table::new("Not evaluated", &["Rollback", "Reason", "Next step"]);
        for left_out in &replay.left_out {
            let cells: [Cell; 3] = [
                Line::id(&left_out.id).into(),
                left_out.reason.as_str().into(),
                left_out.help.as_str().into(),
            ];
            table.row(cells);
        }
        report.push(table);
    }
    report
}

fn tone(status: ReplayStatus) -> (Tone, &'static str) {
    match status {
        ReplayStatus::Fired => (Tone::Bad, "fired"),
        ReplayStatus::NotFired => (Tone::Good, "not fired"),
        ReplayStatus::Unknown => (Tone::Unknown, "unknown"),
    }
}

fn row(trigger: &ReplayedTrigger) -> [Cell; 7] {
    let (tone, word) = tone(trigger.status);
    let number = |value: Option<f64>| value.map_or_else(|| "n/a".to_owned(), figure);
    [
        Line::id(&trigger.id).and(format!(" {}", trigger.title)).into(),
        Line::badge(tone, word).into(),
        trigger.first_fired.as_deref().map_or_else(|| "–".to_owned(), moment).into(),
        trigger.firings.len().to_string().into(),
        duration(trigger.longest_met_seconds).into(),
        number(trigger.lowest).into(),
        number(trigger.highest).into(),
    ]
}

fn details(trigger: &ReplayedTrigger, report: &mut Report) {
    /// More rows are in the JSON.
    const MOST_ROWS: usize = 20;
    report.chapter(Line::id(&trigger.id).and(format!(" {}", trigger.title)));
    let (from, to) = (moment(&trigger.from), moment(&trigger.to));
    report.text(format!("{}: {}.", trigger.metric, trigger.threshold));
    let every = duration(trigger.interval_seconds);
    report.text(format!("Evaluated every {every} from {from} to {to} UTC, {} times.", trigger.evaluations));
    report.text(Line::new().code(&trigger.expression));
    if let Some(reason) = &trigger.reason {
        report.text(format!("Unknown: {reason}."));
    }
    if !trigger.firings.is_empty() {
        let mut table = Table::new("Firing", &["From", "To", "Series"]);
        for FiringView { from, to, labels } in trigger.firings.iter().take(MOST_ROWS) {
            let to = to.as_deref().map_or_else(|| "end of data".to_owned(), moment);
            let labels = if labels.is_empty() { Line::from("–") } else { Line::new().code(labels) };
            table.row::<Cell>([moment(from).into(), to.into(), labels.into()]);
        }
        report.push(table);
        more(trigger.firings.len(), MOST_ROWS, report);
    }
    if !trigger.unknown.is_empty() {
        let mut table = Table::new("Unknown", &["From", "To", "Reason"]);
        for UnknownView { from, to, reason } in trigger.unknown.iter().take(MOST_ROWS) {
            table.row([moment(from), moment(to), (*reason).to_owned()]);
        }
        report.push(table);
        more(trigger.unknown.len(), MOST_ROWS, report);
    }
    if let Some(sweep) = &trigger.sweep {
        let day = trigger.from.get(..10).filter(|day| trigger.to.starts_with(day));
        report.push(swept(sweep, day));
    }
}

fn more(count: usize, shown: usize, report: &mut Report) {
    if count > shown {
        report.text(format!("{} more in the JSON.", count - shown));
    }
}

/// A moment without what goes without saying: `2026-11-20 10:54`.
fn moment(text: &str) -> String {
    let plain = text.trim_end_matches('Z');
    plain.strip_suffix(":00").unwrap_or(plain).replace('T', " ")
}

/// When it would first have fired, and how often; without the day if all is on one.
fn swept(sweep: &SweepView, day: Option<&str>) -> Table {
    let moment = |text: &str| {
        let moment = moment(text);
        let time = day.and_then(|day| moment.strip_prefix(day)).map(|time| time.trim_start().to_owned());
        time.unwrap_or(moment)
    };
    let titles: Vec<String> = sweep.durations.iter().map(|duration| format!("for {duration}")).collect();
    let columns: Vec<&str> = ["Limit"].into_iter().chain(titles.iter().map(String::as_str)).collect();
    let mut table = Table::new("First fired, by limit and duration", &columns);
    for row in &sweep.rows {
        let limit = Line::new().code(&row.limit);
        let limit = if row.is_planned { limit.and(" (plan)") } else { limit };
        let results = row.results.iter().map(|result| match &result.first_fired {
            None => "–".to_owned(),
            Some(first) if result.firings == 1 => moment(first),
            Some(first) => format!("{} (×{})", moment(first), result.firings),
        });
        let cells: Vec<Cell> = [Cell::from(limit)].into_iter().chain(results.map(Cell::from)).collect();
        table.row(cells);
    }
    table
}

fn duration(seconds: f64) -> String {
    crate::model::promql::duration_text((seconds * 1000.0).round() as u64)
}

/// A number with six digits at most.
pub(super) fn figure(number: f64) -> String {
    let rounded: f64 = format!("{number:.5e}").parse().unwrap_or(number);
    rounded.to_string()
}
