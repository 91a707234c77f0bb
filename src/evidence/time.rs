//! Times as reports write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// What stands behind the time of a day, in the order in which it is tried.
const WITH_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z"];
const WITHOUT_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];

/// A time: RFC 3339, ISO 8601 as test runners write it, or the words of mocha and TestNG 6 (RFC 2822). One
/// without an offset is taken as UTC: the machines that report run in UTC, and nothing says otherwise.
///
/// TestNG 7 writes the short name of the zone. Only those of UTC are understood: the others mean one thing here
/// and another there.
pub(super) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let offset = WITH_OFFSET.iter().find_map(|form| DateTime::parse_from_str(text, form).ok());
    let words = || DateTime::parse_from_rfc2822(text).ok();
    let bare = text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" GMT")).unwrap_or(text);
    let naive = || WITHOUT_OFFSET.iter().find_map(|form| NaiveDateTime::parse_from_str(bare, form).ok());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.and_time(NaiveTime::MIN));
    offset
        .or_else(words)
        .map(|time| time.to_utc())
        .or_else(|| naive().or_else(day).map(|time| time.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        let found = parse(text).map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
        assert_eq!(found.as_deref(), expect, "{text}");
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
        check("yesterday", None);
        check("", None);
    }
}
