//! Holidays of an iCalendar file (RFC 5545): every event is days on which nobody works.

use chrono::{Days, NaiveDate};
use icalendar::parser::{Component, read_calendar_simple, unfold};
use rrule::RRuleSet;

use crate::config::calendar::Holiday;
use crate::source::{FileId, Span};

/// Why a file holds no calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IcsError {
    /// Where.
    pub span: Span,
    /// What is wrong there.
    pub reason: String,
}

/// Of an event that comes again, at most so many are kept: a century of a weekly one.
const MOST: usize = 5_200;

/// Reads the holidays of a file.
///
/// # Errors
///
/// The first thing that is no iCalendar, or an event without a day.
pub fn holidays(file: FileId, text: &str) -> Result<Vec<Holiday>, IcsError> {
    let lines = Lines::new(file, text);
    let unfolded = unfold(text.trim_end());
    let components = read_calendar_simple(&unfolded).map_err(|error| {
        // What is left unread begins where the parser stopped.
        let read = unfolded.len() - error.input.len();
        let line = unfolded[..read].matches('\n').count();
        IcsError { span: lines.unfolded(line), reason: "this is no iCalendar".to_owned() }
    })?;
    let calendars = components.iter().filter(|component| component.name == "VCALENDAR");
    let events = calendars.flat_map(|calendar| &calendar.components);
    let events: Vec<&Component<'_>> = events.filter(|component| component.name == "VEVENT").collect();
    if !components.iter().any(|component| component.name == "VCALENDAR") {
        return Err(IcsError {
            span: lines.unfolded(0),
            reason: "a calendar begins with BEGIN:VCALENDAR".into(),
        });
    }
    let mut holidays = Vec::new();
    for (event, span) in events.into_iter().zip(lines.events()) {
        holidays.extend(of_event(event, span)?);
    }
    Ok(holidays)
}

/// The days of one event.
fn of_event(event: &Component<'_>, span: Span) -> Result<Vec<Holiday>, IcsError> {
    let text = |name: &str| event.find_prop(name).map(|property| property.val.as_str().trim().to_owned());
    let wrong = |reason: &str| IcsError { span, reason: reason.to_owned() };
    let start = text("DTSTART").ok_or_else(|| wrong("this event has no DTSTART"))?;
    let from = day(&start).ok_or_else(|| wrong(&format!("DTSTART is `{start}`, which is no day")))?;
    let end = text("DTEND")
        .map(|end| day(&end).ok_or_else(|| wrong(&format!("DTEND is `{end}`, which is no day"))));
    let to = end.transpose()?.map_or(from, |end| last_day(from, end, start.contains('T')));
    let name = text("SUMMARY").filter(|name| !name.is_empty()).unwrap_or_else(|| "holiday".to_owned());
    let length = to.signed_duration_since(from);
    let firsts = match text("RRULE") {
        Some(rule) => {
            repeated(from, &rule).ok_or_else(|| wrong(&format!("RRULE is `{rule}`, which is no rule")))?
        }
        None => vec![from],
    };
    let ends = firsts.into_iter().filter_map(|from| Some((from, from.checked_add_signed(length)?)));
    Ok(ends.map(|(from, to)| Holiday { name: name.clone(), from, to, yearly: false, span }).collect())
}

/// The last day of an event: the end of whole days is the day after it.
fn last_day(from: NaiveDate, end: NaiveDate, timed: bool) -> NaiveDate {
    let last = if timed { Some(end) } else { end.checked_sub_days(Days::new(1)) };
    last.unwrap_or(from).max(from)
}

/// The day of `20271225` or `20271225T090000Z`.
fn day(text: &str) -> Option<NaiveDate> {
    let date = text.get(..8)?;
    let shaped =
        date.bytes().all(|byte| byte.is_ascii_digit()) && (text.len() == 8 || text[8..].starts_with('T'));
    NaiveDate::parse_from_str(date, "%Y%m%d").ok().filter(|_| shaped)
}

/// The days on which a recurrence rule lets something begin again.
fn repeated(from: NaiveDate, rule: &str) -> Option<Vec<NaiveDate>> {
    let date = from.format("%Y%m%d");
    // The end of a rule for whole days is a day, and the library wants a moment for the moment it got.
    let rule: Vec<String> = rule.split(';').map(until_as_moment).collect();
    let text = format!("DTSTART:{date}T000000Z\nRRULE:{}", rule.join(";"));
    let set: RRuleSet = text.parse().ok()?;
    Some(set.into_iter().take(MOST).map(|moment| moment.date_naive()).collect())
}

fn until_as_moment(part: &str) -> String {
    match part.strip_prefix("UNTIL=") {
        Some(day) if day.len() == 8 => format!("{part}T000000Z"),
        _ => part.to_owned(),
    }
}

/// The lines of a file with their places.
struct Lines<'t> {
    file: FileId,
    lines: Vec<(usize, &'t str)>,
}

impl<'t> Lines<'t> {
    fn new(file: FileId, text: &'t str) -> Self {
        let mut at = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            let start = at;
            at += line.len();
            (start, line.trim_end_matches(['\r', '\n']))
        });
        Lines { file, lines: lines.collect() }
    }

    fn span(&self, line: usize) -> Span {
        let (start, text) = self.lines.get(line).copied().unwrap_or((0, ""));
        Span::new(self.file, start, start + text.len())
    }

    /// The place of a line that is counted without the lines that continue another.
    fn unfolded(&self, wanted: usize) -> Span {
        // A line that continues the one before it begins with a blank (RFC 5545, 3.1).
        let begins = |(_, (_, line)): &(usize, &(usize, &str))| !line.starts_with([' ', '\t']);
        let mut all = self.lines.iter().enumerate().filter(begins).map(|(at, _)| at);
        let last = self.lines.len().saturating_sub(1);
        self.span(all.nth(wanted).unwrap_or(last))
    }

    /// The place of each event: the line of its first day, or where it begins.
    fn events(&self) -> Vec<Span> {
        let mut events = Vec::new();
        let mut depth = 0;
        for (at, (_, line)) in self.lines.iter().enumerate() {
            match *line {
                "BEGIN:VEVENT" => {
                    depth = 1;
                    events.push(self.span(at));
                }
                line if line.starts_with("BEGIN:") => depth += 1,
                line if line.starts_with("END:") => depth -= 1,
                line if depth == 1 && line.starts_with("DTSTART") => {
                    if let Some(event) = events.last_mut() {
                        *event = self.span(at);
                    }
                }
                _ => {}
            }
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(events: &str) -> String {
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{events}END:VCALENDAR\r\n")
    }

    fn event(lines: &str) -> String {
        let lines: String = lines.split('|').map(|line| format!("{line}\r\n")).collect();
        file(&format!("BEGIN:VEVENT\r\nUID:1\r\n{lines}END:VEVENT\r\n"))
    }

    fn check(lines: &str, expect: &str) {
        let text = event(lines);
        let shown = match holidays(FileId(0), &text) {
            Ok(found) => {
                let days: Vec<String> =
                    found.iter().map(|day| format!("{} {}..{}", day.name, day.from, day.to)).collect();
                days.join(", ")
            }
            Err(error) => format!("{}: {}", &text[error.span.range()], error.reason),
        };
        assert_eq!(shown, expect, "{lines}");
    }

    #[test]
    fn events_are_holidays() {
        check(
            "DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20261226|SUMMARY:Christmas Day",
            "Christmas Day 2026-12-25..2026-12-25",
        );
        check(
            "DTSTART;VALUE=DATE:20261224|DTEND;VALUE=DATE:20270102|SUMMARY:Office closed",
            "Office closed 2026-12-24..2027-01-01",
        );
        check(
            "DTSTART;VALUE=DATE:20261225|SUMMARY:Christmas\r\n  Day",
            "Christmas Day 2026-12-25..2026-12-25",
        );
        check("DTSTART:20261225T000000Z|DTEND:20261225T235959Z", "holiday 2026-12-25..2026-12-25");
    }

    #[test]
    fn recurrence_rules_are_followed() {
        check(
            "DTSTART;VALUE=DATE:20261225|SUMMARY:Christmas|RRULE:FREQ=YEARLY;COUNT=2",
            "Christmas 2026-12-25..2026-12-25, Christmas 2027-12-25..2027-12-25",
        );
        check(
            "DTSTART;VALUE=DATE:20261126|SUMMARY:Thanksgiving|RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20281231",
            "Thanksgiving 2026-11-26..2026-11-26, Thanksgiving 2027-11-25..2027-11-25, Thanksgiving 2028-11-23..2028-11-23",
        );
    }

    #[test]
    fn what_is_wrong_is_said_at_its_place() {
        check(
            "DTSTART;VALUE=DATE:20261399",
            "DTSTART;VALUE=DATE:20261399: DTSTART is `20261399`, which is no day",
        );
        check("SUMMARY:nothing", "BEGIN:VEVENT: this event has no DTSTART");
        check(
            "DTSTART:20261225|RRULE:FREQ=SOMETIMES",
            "DTSTART:20261225: RRULE is `FREQ=SOMETIMES`, which is no rule",
        );
    }

    #[test]
    fn what_is_no_calendar_is_said_at_its_line() {
        let line = |text: &str| match holidays(FileId(0), text) {
            Ok(found) => format!("{} holidays", found.len()),
            Err(error) => {
                format!("{}: {}", text[..error.span.range().start].matches('\n').count() + 1, error.reason)
            }
        };
        assert_eq!(line(""), "1: this is no iCalendar");
        assert_eq!(line("Christmas\n2026-12-25\n"), "1: this is no iCalendar");
        assert_eq!(line("BEGIN:VTODO\r\nEND:VTODO\r\n"), "1: a calendar begins with BEGIN:VCALENDAR");
        let broken =
            event("SUMMARY:Long\r\n  summary|DTSTART;VALUE=DATE:20261225").replace("END:VEVENT", "END:EVENT");
        assert_eq!(line(&broken), "9: this is no iCalendar");
        assert_eq!(line(&file("")), "0 holidays");
    }
}
