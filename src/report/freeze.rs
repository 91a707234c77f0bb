//! Freezes, as a document.

use super::list::Table;
use super::{Line, Report, Tone};
use crate::views::freeze::{FreezeItem, FreezeState, FreezeView};

/// Lowers the answer.
pub fn report(view: &FreezeView, day: chrono::NaiveDate) -> Report {
    let mut report = Report::new("Freezes", day);
    let (tone, word) = word(view.state);
    report.headline(tone, word, sentence(view));
    report.detail("Time", time(&view.at));
    report.detail("Time zone", view.time_zone.as_str());
    let asked = [("Branch", &view.branch), ("Environment", &view.environment), ("Release", &view.release)];
    for (label, value) in asked {
        if let Some(value) = value {
            report.detail(label, value.as_str());
        }
    }
    if view.freezes.is_empty() {
        // What may be missing is not denied.
        if view.state != FreezeState::Unknown {
            report.text("No freeze is in force or to come.");
        }
        return report;
    }
    let mut table = Table::new("Freezes by start", &["Freeze", "From", "Until", "Covers", "Status"]);
    for freeze in &view.freezes {
        let until = freeze.until.as_deref().map_or_else(|| "the release ships".to_owned(), time);
        table.row([
            Line::prose(&freeze.name),
            Line::from(time(&freeze.from)),
            Line::from(until),
            Line::prose(&freeze.covers),
            status(freeze),
        ]);
    }
    report.push(table);
    details(view, &mut report);
    report
}

/// The word of an answer.
pub fn word(state: FreezeState) -> (Tone, &'static str) {
    match state {
        FreezeState::Open => (Tone::Good, "OPEN"),
        FreezeState::Excepted => (Tone::Waived, "OPEN BY EXCEPTION"),
        FreezeState::Frozen => (Tone::Bad, "FROZEN"),
        FreezeState::Unknown => (Tone::Unknown, "UNKNOWN"),
    }
}

/// The answer in one sentence.
pub fn sentence(view: &FreezeView) -> String {
    let next = view.freezes_at.as_deref().map(|from| format!(" Next freeze: {}.", time(from)));
    let next = next.unwrap_or_default();
    match view.state {
        FreezeState::Open => format!("No freeze is in force.{next}"),
        FreezeState::Excepted => {
            let by = view.freezes.iter().filter(|freeze| freeze.is_active).find_map(|freeze| {
                let exception = freeze.exception.as_ref()?;
                let doubt = if exception.is_confirmed { "" } else { ", which no roster confirms" };
                Some(format!("{} has an exception, granted by {}{doubt}.", freeze.name, exception.by))
            });
            format!("{}{next}", by.unwrap_or_default())
        }
        FreezeState::Frozen => {
            let active = view.freezes.iter().filter(|freeze| freeze.is_active && freeze.exception.is_none());
            let names: Vec<&str> = active.map(|freeze| freeze.name.as_str()).collect();
            let opens = match &view.opens_at {
                Some(opens) => format!("opens {}", time(opens)),
                None => "opens when the release ships".to_owned(),
            };
            format!("{}: {opens}.", names.join(", "))
        }
        FreezeState::Unknown => {
            format!("A freeze may be missing: {}. Run `relplan check`.", view.doubts.join("; "))
        }
    }
}

/// A moment for people: `Sat 2026-12-19 18:00`, in the time zone of the calendar.
fn time(moment: &str) -> String {
    match chrono::DateTime::parse_from_rfc3339(moment) {
        Ok(moment) => moment.format("%a %Y-%m-%d %H:%M").to_string(),
        Err(_) => moment.to_owned(),
    }
}

fn status(freeze: &FreezeItem) -> Line {
    match (freeze.is_active, &freeze.exception) {
        (true, None) => Line::badge(Tone::Bad, "in force"),
        (true, Some(_)) => Line::badge(Tone::Waived, "exception"),
        (false, None) => Line::badge(Tone::Neutral, "to come"),
        (false, Some(_)) => Line::badge(Tone::Neutral, "to come, exception"),
    }
}

/// What the table has no room for: reasons, exceptions, and waivers that are none.
fn details(view: &FreezeView, report: &mut Report) {
    let mut bullets = Vec::new();
    for freeze in &view.freezes {
        let name = || Line::new().strong(&freeze.name);
        if let Some(reason) = &freeze.reason {
            bullets.push(name().and(": ").prose_too(reason));
        }
        if let Some(exception) = &freeze.exception {
            let doubt = if exception.is_confirmed { "" } else { " (not confirmed by a roster)" };
            let by = format!(": exception by {}{doubt} until {}: ", exception.by, time(&exception.until));
            bullets.push(name().and(by).prose_too(&exception.reason));
        }
        bullets.extend(freeze.refused.iter().map(|refused| name().and(": ").prose_too(refused)));
    }
    if !bullets.is_empty() {
        report.chapter("Reasons and exceptions");
        report.push(super::Block::Bullets(bullets));
    }
}
