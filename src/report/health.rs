//! The weekly health report as a document.

use super::words::{about, dated};
use super::{Align, Line, Report, Table, Tone};
use crate::model::phrase::{capital, counted};
use crate::views::health::{Health, HealthReport, SignalStatus, WeekActivity, WeekItem};

/// Lowers the health of a release.
pub fn report(health: &HealthReport) -> Report {
    let mut report = Report::new("Release health", health.day);
    report.subtitle = about(health.release.as_ref());
    head(health, &mut report);
    report.chapter("Signals");
    report.push(signals(health));
    report.text("Overall: the worst signal. An unknown signal counts as Yellow.");
    report.chapter("Progress");
    report.push(progress(health));
    if !health.delays.is_empty() {
        report.chapter("Delays");
        report.push(delays(health));
    }
    if !health.scope_changes.is_empty() {
        report.chapter("Recommended scope changes");
        health.scope_changes.iter().for_each(|text| report.callout(Tone::Attention, Line::prose(text)));
    }
    week("This week", &health.this_week, &mut report);
    week("Next week", &health.next_week, &mut report);
    report.chapter("Support needed");
    match health.support_needed.is_empty() {
        true => report.text("None."),
        false => report.push(support(health)),
    }
    report
}

const fn tone_of(health: Health) -> Tone {
    match health {
        Health::Green => Tone::Good,
        Health::Yellow => Tone::Attention,
        Health::Red => Tone::Bad,
    }
}

fn badge(status: SignalStatus) -> Line {
    let tone = match status {
        SignalStatus::Green => Tone::Good,
        SignalStatus::Yellow => Tone::Attention,
        SignalStatus::Red => Tone::Bad,
        SignalStatus::Unknown => Tone::Unknown,
        SignalStatus::NotApplicable => Tone::Neutral,
    };
    Line::badge(tone, status.word())
}

fn head(health: &HealthReport, report: &mut Report) {
    let worst = health
        .signals
        .iter()
        .filter(|signal| health.health > Health::Green && signal.status.health() == Some(health.health));
    let worst: Vec<String> =
        worst.map(|signal| format!("{} ({})", signal.name.to_lowercase(), signal.reason)).collect();
    let sentence = match worst.as_slice() {
        [] => "every signal is as planned.".to_owned(),
        worst => format!("because of {}.", worst.join("; ")),
    };
    report.headline(tone_of(health.health), health.health.word(), Line::prose(&sentence));
    for signal in health.signals.iter().take(3) {
        report.figure(signal.name, badge(signal.status));
    }
    if let Some(date) = health.release_date {
        report.detail("Release date", dated(date, health.day));
    }
}

fn signals(health: &HealthReport) -> Table {
    let mut table = Table::new("", &["Signal", "Status", "Reason", "Rule"]);
    for signal in &health.signals {
        table.row([
            Line::from(signal.name),
            badge(signal.status),
            Line::prose(&capital(&signal.reason)),
            Line::from(signal.rule),
        ]);
    }
    table
}

fn progress(health: &HealthReport) -> Table {
    let columns = ["Progress", "Complete", "Of", "Share", "Not counted"];
    let mut table = Table::new("", &columns);
    for column in 1..columns.len() {
        table = table.aligned(column, Align::Right);
    }
    for progress in &health.progress {
        let share = progress.percent.map_or_else(|| "n/a".to_owned(), |share| format!("{share} %"));
        let unknown = match progress.unknown {
            0 => "–".to_owned(),
            unknown => counted(unknown, "entry"),
        };
        table.row([
            progress.of.to_owned(),
            progress.complete.to_string(),
            progress.total.to_string(),
            share,
            unknown,
        ]);
    }
    table
}

fn delays(health: &HealthReport) -> Table {
    let mut table = Table::new("", &["Item", "Title", "Due", "End", "Critical chain"]);
    for delay in &health.delays {
        let critical = match delay.critical {
            true => Line::badge(Tone::Bad, "critical"),
            false => Line::from("no"),
        };
        table.row([
            Line::id(&delay.id),
            Line::from(&delay.title),
            Line::from(delay.due.to_string()),
            Line::from(delay.end.to_string()),
            critical,
        ]);
    }
    table
}

fn week(heading: &str, items: &[WeekItem], report: &mut Report) {
    report.chapter(heading);
    if items.is_empty() {
        report.text("No work is scheduled.");
        return;
    }
    let mut table = Table::new("", &["Item", "Title", "Team", "Activity"]);
    for item in items {
        let activity = match item.activity {
            WeekActivity::Starts => "starts",
            WeekActivity::Continues => "continues",
            WeekActivity::Completes => "completes",
        };
        table.row([
            Line::id(&item.id),
            Line::from(&item.title),
            item.team.as_deref().map_or_else(|| Line::badge(Tone::Unknown, "no team"), Line::from),
            Line::from(activity),
        ]);
    }
    report.push(table);
}

fn support(health: &HealthReport) -> Table {
    let mut table = Table::new("", &["Subject", "Need", "Owner"]);
    for support in &health.support_needed {
        table.row([
            Line::prose(&support.subject),
            Line::prose(&support.need),
            support.owner.as_deref().map_or_else(|| Line::badge(Tone::Unknown, "no owner"), Line::from),
        ]);
    }
    table
}
