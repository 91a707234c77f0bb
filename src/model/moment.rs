//! Moments as people write them in a plan: a day, a time and the offset of its zone.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone, Utc};

/// Reads `2026-11-18T15:00Z`, with seconds or without (RFC 3339). A time without an offset is no moment: nobody knows
/// when it was.
pub fn read(text: &str) -> Option<DateTime<Utc>> {
    let (local, offset) = split_offset(text.trim())?;
    let local = local.trim_end();
    if !has_digits(local.as_bytes()) {
        return None;
    }
    let local = local.replacen(['t', ' '], "T", 1);
    let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
    let local = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(&local, form).ok())?;
    offset.from_local_datetime(&local).single().map(|moment| moment.to_utc())
}

/// A moment as documents show it: in UTC, to the minute.
pub fn shown(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// A time between two moments, to the minute: `1 h 55 min`.
pub fn span_words(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    let minutes = (to - from).num_minutes();
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let parts = [(days, "d"), (hours, "h"), (rest, "min")];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count != 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if parts.is_empty() { "0 min".to_owned() } else { parts.join(" ") }
}

/// The time of a day, and the offset behind it.
fn split_offset(text: &str) -> Option<(&str, FixedOffset)> {
    if let Some(local) = text.strip_suffix(['Z', 'z']) {
        return Some((local, FixedOffset::east_opt(0)?));
    }
    let at = text.len().checked_sub(6)?;
    let (local, offset) = (text.get(..at)?, text.get(at..)?);
    let sign = match offset.as_bytes() {
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    let (hours, minutes) = offset[1..].split_once(':')?;
    let number = |digits: &str, below: i32| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i32>().ok().filter(|number| plain && *number < below)
    };
    let seconds = number(hours, 24)? * 3600 + number(minutes, 60)? * 60;
    Some((local, FixedOffset::east_opt(sign * seconds)?))
}

/// Whether a time has all digits of its day, hour and minute.
fn has_digits(text: &[u8]) -> bool {
    let shape = b"0000-00-00T00:00";
    let fits = |(byte, place): (&u8, &u8)| match place {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b't' | b' '),
        place => byte == place,
    };
    text.len() >= shape.len() && text.iter().zip(shape).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        let found = read(text).map(|moment| moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
        assert_eq!(found.as_deref(), expect, "{text}");
    }

    #[test]
    fn a_moment_has_a_day_a_time_and_an_offset() {
        check("2026-11-18T15:00:00Z", Some("2026-11-18T15:00:00Z"));
        check("2026-11-18T15:00Z", Some("2026-11-18T15:00:00Z"));
        check("2026-11-18 15:00 +01:00", Some("2026-11-18T14:00:00Z"));
        check("2026-11-18t15:00:30.250-05:30", Some("2026-11-18T20:30:30.250Z"));
        check("2026-11-18T15:00", None);
        check("2026-11-18", None);
        check("2026-11-31T15:00Z", None);
        check("2026-11-18T25:00Z", None);
        check("2026-11-18T15:00+1:00", None);
        check("2026-11-18T15:00+24:00", None);
        check("2026-11-1T15:00:00Z", None);
        check("yesterday", None);
        check("Ü26-11-18T15:00Z", None);
        check("Z", None);
        check("", None);
    }

    #[test]
    fn spans_are_told_to_the_minute() {
        let at = |text: &str| read(text).expect("a moment");
        let from = at("2026-11-18T15:00Z");
        assert_eq!(span_words(from, from), "0 min");
        assert_eq!(span_words(from, at("2026-11-18T16:55:59Z")), "1 h 55 min");
        assert_eq!(span_words(from, at("2026-11-20T15:05Z")), "2 d 5 min");
    }
}
