//! Time zones and the time of the day at which a day is over.

use std::fmt;

use chrono::{
    DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc,
};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::model::defect::{CalendarDefect, DefectKind};
use crate::model::reader::Reader;
use crate::model::value::folded;
use crate::source::Spanned;

/// Where a day ends last: UTC−12, whose name in the database has the sign turned round (POSIX).
const ANYWHERE_ON_EARTH: Tz = Tz::Etc__GMTPlus12;

/// What a person calls a zone.
pub fn zone_name(zone: Tz) -> &'static str {
    if zone == ANYWHERE_ON_EARTH { "anywhere on Earth (UTC−12)" } else { zone.name() }
}

/// A time of the day in minutes, up to 24:00, the end of the day (ISO 8601).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    minutes: u16,
}

impl Deadline {
    /// The end of a day.
    pub const END_OF_DAY: Deadline = Deadline { minutes: 24 * 60 };

    /// Reads `18:00`, `9:30`, `24:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.trim().split_once(':')?;
        let digits = |part: &str, most| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let shaped = digits(hours, 2) && digits(minutes, 2) && minutes.len() == 2;
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        let total = hours * 60 + minutes;
        (shaped && minutes < 60 && total <= 24 * 60).then_some(Deadline { minutes: total })
    }

    /// The moment of this time on a day in a zone.
    ///
    /// What RFC 5545 (3.3.5) says holds: a time that comes twice is its first, and one that is
    /// skipped is counted with the offset before the gap.
    pub fn moment(self, day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
        let local =
            day.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::minutes(self.minutes.into()))?;
        match zone.from_local_datetime(&local) {
            LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment.to_utc()),
            LocalResult::None => {
                let before = zone.offset_from_utc_datetime(&local.checked_sub_days(Days::new(1))?);
                local.checked_sub_offset(before.fix()).map(|utc| utc.and_utc())
            }
        }
    }
}

/// An end of a span of local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boundary {
    /// Its beginning: the first moment at which clocks show this time or a later one.
    Start,
    /// Its end: the moment from which on clocks never again show an earlier time.
    End,
}

/// The moment of a boundary in a zone. Where clocks are set back, a span covers both passes of the hour; where they are
/// set forward, a skipped time is the moment of the jump.
pub fn boundary(local: NaiveDateTime, zone: Tz, which: Boundary) -> Option<DateTime<Utc>> {
    match (zone.from_local_datetime(&local), which) {
        (LocalResult::Single(moment), _)
        | (LocalResult::Ambiguous(moment, _), Boundary::Start)
        | (LocalResult::Ambiguous(_, moment), Boundary::End) => Some(moment.to_utc()),
        (LocalResult::None, _) => jump(local, zone),
    }
}

/// The moment at which clocks are set forward over a local time.
fn jump(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    let shown = |seconds: i64| {
        DateTime::from_timestamp(seconds, 0).map(|moment| moment.with_timezone(&zone).naive_local())
    };
    // No jump is longer than a day: half a day of offset on each side, or a date line that was moved.
    let around = local.and_utc().timestamp();
    let (mut before, mut after) = (around - 2 * 86_400, around + 2 * 86_400);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        match shown(middle)? < local {
            true => before = middle,
            false => after = middle,
        }
    }
    DateTime::from_timestamp(after, 0)
}

impl fmt::Display for Deadline {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

/// Reads `time_zone`.
pub(super) fn read(table: &mut Reader<'_>) -> Option<Spanned<Tz>> {
    let text = table.text("time_zone")?;
    match time_zone(&text.value) {
        Some(zone) => Some(Spanned::new(zone, text.span)),
        None => {
            let near = nearest_zone(&text.value);
            table.defect(text.span, DefectKind::Calendar(CalendarDefect::NotATimeZone { near }));
            None
        }
    }
}

/// The time zone of a name: `Europe/Berlin`, `anywhere-on-earth`, `AoE`.
pub fn time_zone(text: &str) -> Option<Tz> {
    let text = text.trim();
    let word: String = folded(text).collect();
    if ["anywhereonearth", "aoe"].contains(&word.as_str()) {
        return Some(ANYWHERE_ON_EARTH);
    }
    TZ_VARIANTS.iter().copied().find(|zone| zone.name().eq_ignore_ascii_case(text))
}

/// The zone that was probably meant: one spelt alike, or one whose city is named.
pub fn nearest_zone(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let distance = |zone: &Tz| strsim::damerau_levenshtein(zone.name(), text);
    let city = |zone: &&Tz| {
        let city = zone.name().rsplit('/').next().unwrap_or("");
        text.len() > 3 && city.eq_ignore_ascii_case(&text.replace(' ', "_"))
    };
    let alike = TZ_VARIANTS.iter().map(|zone| (distance(zone), zone.name())).min();
    let alike = alike.filter(|(distance, _)| *distance <= 3 && text.len() > 4).map(|(_, name)| name);
    TZ_VARIANTS.iter().find(city).map(|zone| zone.name()).or(alike)
}

/// Reads `deadline_time`.
pub(super) fn read_deadline(table: &mut Reader<'_>) -> Option<Spanned<Deadline>> {
    let text = table.text("deadline_time")?;
    let deadline = Deadline::parse(&text.value);
    if deadline.is_none() {
        table.defect(text.span, DefectKind::Calendar(CalendarDefect::NotATime));
    }
    deadline.map(|deadline| Spanned::new(deadline, text.span))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zone: &str, day: &str, time: &str, expect: &str) {
        let moment = Deadline::parse(time)
            .and_then(|time| time.moment(day.parse().ok()?, time_zone(zone)?))
            .map(|moment| moment.format("%FT%RZ").to_string());
        assert_eq!(moment.as_deref(), Some(expect), "{day} {time} {zone}");
    }

    #[test]
    fn anywhere_on_earth_is_twelve_hours_behind() {
        // Kubernetes v1.35: Thursday 16 October 2025 (AoE) is Friday, 12:00 UTC.
        check("anywhere-on-earth", "2025-10-16", "24:00", "2025-10-17T12:00Z");
        check("AoE", "2025-10-16", "18:00", "2025-10-17T06:00Z");
        check("Etc/GMT+12", "2025-10-16", "00:00", "2025-10-16T12:00Z");
    }

    #[test]
    fn clocks_that_change_are_followed() {
        check("Europe/Berlin", "2027-01-04", "18:00", "2027-01-04T17:00Z");
        check("europe/berlin", "2027-07-05", "18:00", "2027-07-05T16:00Z");
        // On 28 March 2027 there is no 02:30, and on 31 October there are two.
        check("Europe/Berlin", "2027-03-28", "02:30", "2027-03-28T01:30Z");
        check("Europe/Berlin", "2027-10-31", "02:30", "2027-10-31T00:30Z");
        check("America/Los_Angeles", "2024-07-23", "19:00", "2024-07-24T02:00Z");
    }

    #[test]
    fn times_are_read() {
        for text in ["0:00", "09:30", "9:30", "23:59", "24:00", " 18:00 "] {
            assert!(Deadline::parse(text).is_some(), "{text}");
        }
        for text in
            ["", "18", "24:01", "25:00", "12:60", "-1:00", "18:0", "+9:30", "18:00:00", "99:99", "ü:00"]
        {
            assert_eq!(Deadline::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_zone_that_does_not_exist_has_a_near_one() {
        assert_eq!(nearest_zone("Europe/Berlim"), Some("Europe/Berlin"));
        assert_eq!(nearest_zone("Los Angeles"), Some("America/Los_Angeles"));
        assert_eq!(nearest_zone("Mars"), None);
        assert_eq!(time_zone(""), None);
    }
}
