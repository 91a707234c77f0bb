//! Events for programs that keep calendars: iCalendar after RFC 5545.
//!
//! Names and stamps come from the report alone, so that importing a second time updates what the
//! first time brought, and two runs give the same bytes.

use chrono::NaiveTime;
use icalendar::{Calendar, Component, Event as Written, EventLike, Property};

use super::ViewFormat;
use super::terminal::Style;
use crate::report::{Block, Event, Report, When};

/// The format.
pub(super) const FORMAT: ViewFormat = ViewFormat {
    name: "ics",
    about: "events for a calendar",
    extensions: &["ics"],
    // A calendar has at least one component (RFC 5545, section 3.6).
    draws: |block| matches!(block, Block::Events(events) if !events.events.is_empty()),
    write,
};

fn write(report: &Report, _: Style) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0"));
    calendar.append_property(("PRODID", "-//relplan//relplan//EN"));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    // The library escapes only the values of properties that it knows to be text.
    let mut name = Property::new("X-WR-CALNAME", clean(&report.title));
    calendar.append_property(name.add_parameter("VALUE", "TEXT").done());
    for block in report.every_block() {
        if let Block::Events(events) = block {
            calendar.extend(events.events.iter().map(|event| written(event, report)));
        }
    }
    calendar.to_string()
}

fn written(event: &Event, report: &Report) -> Written {
    let mut written = Written::new();
    written.uid(&clean(&event.uid)).summary(&clean(&event.summary));
    written.timestamp(report.day.and_time(NaiveTime::MIN).and_utc());
    match &event.when {
        When::Days { start, end } => written.starts(*start).ends(*end),
        When::Time { start, end, .. } => written.starts(*start).ends(*end),
    };
    if !event.description.is_empty() {
        written.description(&clean(&event.description));
    }
    if !event.categories.is_empty() {
        written.categories(event.categories.iter().map(|category| clean(category)));
    }
    // A milestone does not make its reader busy.
    written.add_property("TRANSP", "TRANSPARENT");
    written.done()
}

/// Text without the control characters that RFC 5545 forbids; line breaks stay, and are escaped.
fn clean(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() || *letter == '\n').collect()
}
