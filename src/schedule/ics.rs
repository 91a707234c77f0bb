//! Holidays of an iCalendar file (RFC 5545): every event is days on which nobody works.

mod event;
mod lines;
mod moment;
mod recurrence;

use chrono_tz::Tz;

use crate::config::calendar::Holiday;
use crate::source::{FileId, Span};

use event::Event;
use lines::Component;

/// Why a file holds no calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IcsError {
    /// Where.
    pub span: Span,
    /// What is wrong there.
    pub reason: String,
}

/// Reads the holidays of a file. Moments in UTC are days of `zone`, if that is known.
///
/// # Errors
///
/// The first thing that is no iCalendar, or an event without a day.
pub fn holidays(file: FileId, text: &str, zone: Option<Tz>) -> Result<Vec<Holiday>, IcsError> {
    let components = lines::read(file, text)?;
    let calendars: Vec<&Component<'_>> =
        components.iter().filter(|component| component.is("VCALENDAR")).collect();
    if calendars.is_empty() {
        let span = components.first().map_or(Span::new(file, 0, 0), |first| first.span);
        return Err(IcsError { span, reason: "a calendar begins with BEGIN:VCALENDAR".to_owned() });
    }
    let mut holidays = Vec::new();
    for calendar in calendars {
        let events = calendar.components.iter().filter(|component| component.is("VEVENT"));
        let events: Result<Vec<Event>, IcsError> = events.map(|event| Event::read(event, zone)).collect();
        // What a calendar cancels is none of its own.
        if !calendar.value("METHOD").is_some_and(|method| method.eq_ignore_ascii_case("CANCEL")) {
            holidays.extend(recurrence::days(&events?)?);
        }
    }
    Ok(holidays)
}

#[cfg(test)]
mod tests;
