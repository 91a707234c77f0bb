//! Times, read in the strictest way.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};

use crate::judging::TODAY;

/// How many days old evidence may be (`max_age` in `relplan.toml`), and the notes (`max_age` of DEP-006).
const REPORT_DAYS: i64 = 3;
pub const NOTES_DAYS: i64 = 14;

fn now() -> DateTime<Utc> {
    let day: NaiveDate = TODAY.parse().expect("a day");
    day.and_hms_opt(23, 59, 59).expect("a time").and_utc()
}

/// A time with all of its digits, or a number of seconds or milliseconds.
pub fn time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let digits = text.strip_suffix(".0").unwrap_or(text).trim_start_matches('0');
    if text.bytes().any(|byte| byte.is_ascii_digit())
        && digits.len() == 13
        && digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        return DateTime::from_timestamp_millis(digits.parse().ok()?);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) && (text.len() == 10 || text.len() == 13) {
        let number: i64 = text.parse().ok()?;
        return DateTime::from_timestamp(if text.len() == 13 { number / 1000 } else { number }, 0);
    }
    let naive = |form| NaiveDateTime::parse_from_str(text, form).ok().map(|time| time.and_utc());
    let day = || text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0).map(|time| time.and_utc());
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .ok()
        .or_else(|| naive("%Y-%m-%dT%H:%M:%S%.f"))
        .or_else(|| naive("%Y-%m-%d %H:%M:%S%.f"))
        .or_else(day)
}

pub fn is_within(text: &str, days: i64) -> bool {
    time(text)
        .is_some_and(|time| time <= now() + Duration::minutes(5) && now() - time <= Duration::days(days))
}

/// Whether a time is new enough for a report.
pub fn is_fresh(text: &str) -> bool {
    is_within(text, REPORT_DAYS)
}

/// Whether no clock of a build shows that time, so that it states none: the beginning of an epoch, and before.
pub fn states_no_time(text: &str) -> bool {
    let text = text.trim();
    let is_early = time(text).is_some_and(|time| time.timestamp() < 978_393_600);
    // From 1e11 on, a number counts milliseconds.
    let seconds = text.parse::<f64>().map(|number| if number < 1e11 { number } else { number / 1000.0 });
    let is_number = seconds.is_ok_and(|seconds| (0.0..978_393_600.0).contains(&seconds));
    text.is_empty() || text == "null" || is_number || is_early
}
