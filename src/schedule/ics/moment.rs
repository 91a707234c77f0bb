//! Days, moments and durations of iCalendar (RFC 5545, 3.3.4 to 3.3.6).

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// A day, or a moment on the clocks of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    /// `20270406`.
    Day(NaiveDate),
    /// `20270406T093000`.
    Time(NaiveDateTime),
}

impl Moment {
    /// Reads a day or a moment. One in UTC becomes one of `zone`.
    pub fn parse(text: &str, zone: Option<Tz>) -> Option<Self> {
        let text = text.trim();
        let date = text.get(..8).filter(|date| date.bytes().all(|byte| byte.is_ascii_digit()))?;
        let day = NaiveDate::parse_from_str(date, "%Y%m%d").ok()?;
        let Some(time) = text[8..].strip_prefix(['T', 't']) else {
            return text[8..].is_empty().then_some(Moment::Day(day));
        };
        let is_utc = time.ends_with(['Z', 'z']);
        let digits = time.trim_end_matches(['Z', 'z']);
        // A leap second is the last second of its minute.
        let digits = if digits.ends_with("60") { format!("{}59", &digits[..4]) } else { digits.to_owned() };
        let moment = day.and_time(NaiveTime::parse_from_str(&digits, "%H%M%S").ok()?);
        Some(Moment::Time(match zone.filter(|_| is_utc) {
            Some(zone) => Utc.from_utc_datetime(&moment).with_timezone(&zone).naive_local(),
            None => moment,
        }))
    }

    /// The day that it is on.
    pub fn day(self) -> NaiveDate {
        match self {
            Moment::Day(day) => day,
            Moment::Time(time) => time.date(),
        }
    }

    /// The last day of what ends here: an end is the first moment that is no longer part of it.
    pub fn last_day_before(self) -> Option<NaiveDate> {
        match self {
            Moment::Day(day) => day.pred_opt(),
            Moment::Time(time) if time.time() == NaiveTime::MIN => time.date().pred_opt(),
            Moment::Time(time) => Some(time.date()),
        }
    }

    /// The moment a while later.
    pub fn after(self, length: TimeDelta) -> Option<Self> {
        match self {
            Moment::Day(day) => day.checked_add_signed(length).map(Moment::Day),
            Moment::Time(time) => time.checked_add_signed(length).map(Moment::Time),
        }
    }
}

/// Reads a duration: `P3D`, `P1W`, `PT24H`, `P1DT12H`.
pub(super) fn duration(text: &str) -> Option<TimeDelta> {
    let text = text.trim().to_ascii_uppercase();
    let rest = text.trim_start_matches('+').strip_prefix('P')?;
    let mut length = TimeDelta::zero();
    let mut number = String::new();
    let mut any = false;
    for letter in rest.chars() {
        if letter.is_ascii_digit() {
            number.push(letter);
            continue;
        }
        if letter == 'T' {
            continue;
        }
        let count: i64 = number.parse().ok()?;
        let part = match letter {
            'W' => TimeDelta::try_weeks(count),
            'D' => TimeDelta::try_days(count),
            'H' => TimeDelta::try_hours(count),
            'M' => TimeDelta::try_minutes(count),
            'S' => TimeDelta::try_seconds(count),
            _ => None,
        };
        length = length.checked_add(&part?)?;
        number.clear();
        any = true;
    }
    (any && number.is_empty()).then_some(length)
}
