//! Times as reports write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// When something was made, as far as its report says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timestamp {
    /// No time is stated, or one that no clock shows: the first moment of 1970, the year 1. GoogleTest and nose2 write
    /// that of what did not run.
    #[default]
    Missing,
    /// A time is stated and cannot be read. No other time may take its place: the facts may be old.
    Unreadable,
    /// The time.
    At(DateTime<Utc>),
}

/// Programs that know no time write the beginning of an epoch: year 1 (.NET), 1601 (Windows), 1900 (NTP), 1970 (Unix),
/// 1980 (DOS, and reproducible builds), 2001 (Apple). No report of a build is as old as the last of these.
const FIRST_REAL_SECOND: i64 = 978_393_600;

/// From this many seconds since 1970 on, a number counts milliseconds; nine more digits and it counts nanoseconds.
const MILLISECONDS: f64 = 1e11;
const MICROSECONDS: f64 = 1e14;
const NANOSECONDS: f64 = 1e17;

impl Timestamp {
    /// Reads what stands in the place of a time: RFC 3339 and its relatives, or a number of seconds, milliseconds,
    /// microseconds or nanoseconds since 1970. An empty text states nothing.
    pub fn read(text: &str) -> Timestamp {
        let text = text.trim();
        // .NET writes the year 1 where it knows no time, and some programs write it without its zeros.
        if text.is_empty() || text == "null" || text.starts_with("1-01-01") {
            return Timestamp::Missing;
        }
        match parse(text).or_else(|| since_1970(text.parse().ok()?)) {
            Some(time) => Timestamp::of(time),
            None => Timestamp::Unreadable,
        }
    }

    /// A time that may be a placeholder.
    pub(super) fn of(time: DateTime<Utc>) -> Timestamp {
        if time.timestamp() < FIRST_REAL_SECOND { Timestamp::Missing } else { Timestamp::At(time) }
    }

    /// The time, if it is known.
    pub fn known(self) -> Option<DateTime<Utc>> {
        match self {
            Timestamp::At(time) => Some(time),
            Timestamp::Missing | Timestamp::Unreadable => None,
        }
    }

    /// This time, or where none is stated, another one.
    #[must_use]
    pub fn or(self, other: Timestamp) -> Timestamp {
        if self == Timestamp::Missing { other } else { self }
    }

    /// The earlier of both; what cannot be read makes both unreadable.
    #[must_use]
    pub(super) fn earliest(self, other: Timestamp) -> Timestamp {
        match (self, other) {
            (Timestamp::Missing, other) | (other, Timestamp::Missing) => other,
            (first, second) => first.min(second),
        }
    }

    /// The later of both; what cannot be read makes both unreadable.
    #[must_use]
    pub(super) fn latest(self, other: Timestamp) -> Timestamp {
        match (self, other) {
            (Timestamp::Missing, other) | (other, Timestamp::Missing) => other,
            (Timestamp::Unreadable, _) | (_, Timestamp::Unreadable) => Timestamp::Unreadable,
            (first, second) => first.max(second),
        }
    }
}

/// A number of seconds since 1970, or of one of their thousandths, as its size tells.
fn since_1970(number: f64) -> Option<DateTime<Utc>> {
    if !number.is_finite() || number < 0.0 {
        return None;
    }
    let per_second = match number {
        _ if number < MILLISECONDS => 1.0,
        _ if number < MICROSECONDS => 1e3,
        _ if number < NANOSECONDS => 1e6,
        _ => 1e9,
    };
    let milliseconds = number / per_second * 1000.0;
    // Beyond the year 9999 it is no time at all.
    (milliseconds < 253_402_300_800_000.0)
        .then_some(milliseconds as i64)
        .and_then(DateTime::from_timestamp_millis)
}

/// What stands behind the time of a day, in the order in which it is tried.
const WITH_OFFSET: [&str; 3] =
    ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z", "%Y-%m-%d %H:%M:%S%.f %#z UTC"];
/// Without seconds, where they are zero: Java leaves them out. Without an offset it would be a time that was cut off.
const WITHOUT_SECONDS: &str = "%Y-%m-%dT%H:%M%#z";
/// Java's `Date` and JavaScript's, as they print themselves.
const IN_WORDS: [&str; 2] =
    ["%a %b %d %H:%M:%S UTC %Y", "%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)"];
const WITHOUT_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];

/// A time: RFC 3339, ISO 8601 as test runners write it, or the words of mocha and TestNG 6 (RFC 2822). One
/// without an offset is taken as UTC: the machines that report run in UTC, and nothing says otherwise.
///
/// TestNG 7 writes the short name of the zone. Only those of UTC are understood: the others mean one thing here
/// and another there.
pub(super) fn parse(text: &str) -> Option<DateTime<Utc>> {
    // Java adds the name of the zone, which the offset makes needless; ISO 8601 allows a comma before a fraction.
    let text = text
        .trim()
        .strip_suffix(']')
        .and_then(|zoned| zoned.split_once('['))
        .map_or(text.trim(), |(time, _)| time);
    let text = &*text.replacen(',', ".", usize::from(text.starts_with(|c: char| c.is_ascii_digit())));
    if !has_all_digits(text.as_bytes()) {
        let words = || IN_WORDS.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        let minute = || {
            DateTime::parse_from_str(text, WITHOUT_SECONDS)
                .ok()
                .filter(|_| has_all_digits_to_minute(text.as_bytes()))
        };
        let mail = DateTime::parse_from_rfc2822(text).ok();
        return mail.or_else(minute).map(|time| time.to_utc()).or_else(|| words().map(|time| time.and_utc()));
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let offset = WITH_OFFSET.iter().find_map(|form| DateTime::parse_from_str(text, form).ok());
    let bare = text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" GMT")).unwrap_or(text);
    let naive = || WITHOUT_OFFSET.iter().find_map(|form| NaiveDateTime::parse_from_str(bare, form).ok());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.and_time(NaiveTime::MIN));
    offset.map(|time| time.to_utc()).or_else(|| naive().or_else(day).map(|time| time.and_utc()))
}

/// Whether a time has the digits that ISO 8601 asks for: `2026-11-2` is no day, but what is left of `2026-11-20` in a
/// file that was cut off.
fn has_all_digits(text: &[u8]) -> bool {
    fits(text, b"0000-00-00T00:00:00") || (text.len() == 10 && fits(text, b"0000-00-00"))
}

/// The same for a time without its seconds, behind which the offset has all of its digits, too.
fn has_all_digits_to_minute(text: &[u8]) -> bool {
    let behind = |offset: &[u8]| matches!(offset, b"Z") || fits(offset, b"+00:00") || fits(offset, b"-00:00");
    fits(text, b"0000-00-00T00:00") && behind(&text[16..])
}

fn fits(text: &[u8], shape: &[u8]) -> bool {
    text.len() >= shape.len()
        && text.iter().zip(shape).all(|(byte, place)| match place {
            b'0' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't' | b' '),
            place => byte == place,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        let found = parse(text).map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
        assert_eq!(found.as_deref(), expect, "{text}");
    }

    #[test]
    fn what_states_no_time_is_not_old() {
        let second = |text: &str| Timestamp::read(text).known().map(|time| time.timestamp());
        let placeholders = ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00", "0", "2001-01-01T00:00:00Z"];
        for text in placeholders.into_iter().chain(["", " ", "null"]) {
            assert_eq!(Timestamp::read(text), Timestamp::Missing, "{text}");
        }
        for text in ["yesterday", "2026-11-2", "NaN", "-5", "1e30", "2026-30-01T00:00:00Z"] {
            assert_eq!(Timestamp::read(text), Timestamp::Unreadable, "{text}");
        }
        for text in ["1795161600", "1795161600000", "1795161600000000", "1795161600000000000", "1.7951616e9"]
        {
            assert_eq!(second(text), Some(1_795_161_600), "{text}");
        }
    }

    #[test]
    fn a_time_that_cannot_be_read_borrows_none() {
        let at = Timestamp::read("2026-11-20");
        assert_eq!(Timestamp::Missing.or(at), at);
        assert_eq!(Timestamp::Unreadable.or(at), Timestamp::Unreadable);
        assert_eq!(at.latest(Timestamp::Unreadable), Timestamp::Unreadable);
        assert_eq!(at.earliest(Timestamp::Unreadable), Timestamp::Unreadable);
        assert_eq!(at.latest(Timestamp::Missing), at);
    }

    #[test]
    fn times_are_read_as_they_are_written_in_the_wild() {
        check("2026-11-20T08:00:00Z", Some("2026-11-20T08:00:00Z"));
        check("2026-11-20T08:00:00.250+02:00", Some("2026-11-20T06:00:00.250Z"));
        check("2026-11-20T08:00:00+0200", Some("2026-11-20T06:00:00Z"));
        check("2026-11-20T08:00:00.123456", Some("2026-11-20T08:00:00.123456Z"));
        check("2026-11-20 08:00:00", Some("2026-11-20T08:00:00Z"));
        check("2026-11-20T08:00:00 UTC", Some("2026-11-20T08:00:00Z"));
        check("2026-11-20T08:00:00 GMT", Some("2026-11-20T08:00:00Z"));
        check("2026-11-20T08:00:00 CST", None);
        check("2026-11-20 08:00:00 +0100", Some("2026-11-20T07:00:00Z"));
        check("Fri, 20 Nov 2026 08:00:00 GMT", Some("2026-11-20T08:00:00Z"));
        check("20 Nov 2026 08:00:00 GMT", Some("2026-11-20T08:00:00Z"));
        check("2026-11-20", Some("2026-11-20T00:00:00Z"));
        check("2026-30-01T00:00:00Z", None);
        check("2026-11-20T08:00Z", Some("2026-11-20T08:00:00Z"));
        check("2026-11-20T08:00+02:00", Some("2026-11-20T06:00:00Z"));
        check("2026-11-20T08:00:00+01:00[Europe/Berlin]", Some("2026-11-20T07:00:00Z"));
        check("2026-11-20T08:00:00,5Z", Some("2026-11-20T08:00:00.500Z"));
        check("2026-11-20 08:00:00.123 +0000 UTC", Some("2026-11-20T08:00:00.123Z"));
        check("Fri Nov 20 08:00:00 UTC 2026", Some("2026-11-20T08:00:00Z"));
        check("Fri Nov 20 2026 08:00:00 GMT+0000 (Coordinated Universal Time)", Some("2026-11-20T08:00:00Z"));
        check("2026-11-20T08:00+02", None);
        check("2026-11-2", None);
        check("2026-11-20T08", None);
        check("2026-11-20T08:00", None);
        check("2026-11-20T08:00:0", None);
        check("2026-11-20T08:00:00+0", None);
        check("2026-11-20T08:00:00.", None);
        check("yesterday", None);
        check("", None);
    }
}
