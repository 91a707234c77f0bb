//! The coming departures of a release train.

use chrono::{Datelike, NaiveDate};
use rrule::RRuleSet;

use crate::config::calendar::Train;
use crate::model::cadence::Cadence;
use crate::model::rel::{RelType, default_type};
use crate::model::version::Version;

/// One departure of a train: a release that will come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainRun {
    /// Its day.
    pub day: NaiveDate,
    /// Its number; the first has the one that the train states.
    pub number: u32,
    /// Its version, if the train has a pattern for it.
    pub version: Option<String>,
    /// The type of its release.
    pub rel_type: Option<RelType>,
}

/// More departures than lie between the first and today in any plan that people keep.
const MOST: usize = 20_000;

/// The departures of a train from a day on, at most as many as it states, by day.
pub fn departures(train: &Train, from: NaiveDate) -> Vec<TrainRun> {
    let wanted = usize::try_from(train.count).unwrap_or(usize::MAX);
    let Ok(set) = rule(train).parse::<RRuleSet>() else { return Vec::new() };
    let days = set.into_iter().take(MOST).map(|moment| moment.date_naive());
    let all = days.enumerate().scan((0, 0), |(year, of_year), (at, day)| {
        *of_year = if *year == day.year() { *of_year + 1 } else { 1 };
        *year = day.year();
        Some((at, day, *of_year))
    });
    let coming = all.filter(|(_, day, _)| *day >= from).take(wanted);
    coming.map(|(at, day, of_year)| departure(train, at, day, of_year)).collect()
}

fn departure(train: &Train, at: usize, day: NaiveDate, of_year: u32) -> TrainRun {
    let number = train.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
    let version = train.version.as_ref().map(|pattern| pattern.fill(number, day, of_year));
    let parsed = version.as_deref().and_then(Version::parse);
    let rel_type = train.rel_type.or_else(|| parsed.as_ref().map(default_type));
    TrainRun { day, number, version, rel_type }
}

/// The recurrence rule that a train follows, from its first departure on (RFC 5545, 3.8.5.3).
fn rule(train: &Train) -> String {
    let last = at_the_end_of_months(train).unwrap_or_default();
    format!("DTSTART:{}T000000Z\nRRULE:{}{last}", train.first.format("%Y%m%d"), train.cadence.rule())
}

/// The part of the rule for a train of a day that not every month has: it leaves on the last day that a shorter
/// month has. A rule alone skips such months (RFC 5545, 3.3.10), and a monthly train comes every month.
fn at_the_end_of_months(train: &Train) -> Option<String> {
    let day = train.first.day();
    if day <= 28 {
        return None;
    }
    let days: Vec<String> = (28..=day).map(|day| day.to_string()).collect();
    let days = format!(";BYMONTHDAY={};BYSETPOS=-1", days.join(","));
    match train.cadence {
        Cadence::Months(_) => Some(days),
        Cadence::Years(_) => Some(format!(";BYMONTH={}{days}", train.first.month())),
        Cadence::Days(_) | Cadence::Weeks(_) | Cadence::Weekday { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::calendar::Pattern;
    use crate::source::{FileId, Span};
    use proptest::prelude::*;

    fn train(first: &str, cadence: &str, version: &str) -> Train {
        Train {
            name: "train".into(),
            first: first.parse().expect("a day"),
            cadence: Cadence::parse(cadence).expect("a cadence"),
            version: Pattern::parse(version).ok(),
            start: 75,
            count: 3,
            rel_type: None,
            span: Span::new(FileId(0), 0, 0),
        }
    }

    fn check(first: &str, cadence: &str, version: &str, from: &str, expect: &str) {
        let departures = departures(&train(first, cadence, version), from.parse().expect("a day"));
        let shown: Vec<String> = departures
            .iter()
            .map(|departure| format!("{} {}", departure.day, departure.version.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(shown.join(", "), expect, "{cadence} from {first}");
    }

    #[test]
    fn trains_leave_in_their_rhythm() {
        // Rust 1.75.0 came out on 28 December 2023, and every six weeks after it.
        check(
            "2023-12-28",
            "6 weeks",
            "1.{n}.0",
            "2024-01-01",
            "2024-02-08 1.76.0, 2024-03-21 1.77.0, 2024-05-02 1.78.0",
        );
        check(
            "2026-01-20",
            "3rd Tuesday of month",
            "{year}.{month}",
            "2026-11-20",
            "2026-12-15 2026.12, 2027-01-19 2027.1, 2027-02-16 2027.2",
        );
        check(
            "2026-01-14",
            "half-yearly",
            "{year}.{of_year}",
            "2026-07-01",
            "2026-07-14 2026.2, 2027-01-14 2027.1, 2027-07-14 2027.2",
        );
        check(
            "2026-10-01",
            "yearly",
            "3.{n}.0",
            "2026-10-01",
            "2026-10-01 3.75.0, 2027-10-01 3.76.0, 2028-10-01 3.77.0",
        );
    }

    #[test]
    fn a_day_that_a_month_does_not_have_is_its_last() {
        check("2027-01-31", "monthly", "{n}", "2027-01-01", "2027-01-31 75, 2027-02-28 76, 2027-03-31 77");
        check("2027-01-30", "monthly", "{n}", "2028-02-01", "2028-02-29 88, 2028-03-30 89, 2028-04-30 90");
        check("2027-08-31", "quarterly", "{n}", "2027-09-01", "2027-11-30 76, 2028-02-29 77, 2028-05-31 78");
        check("2024-02-29", "yearly", "{n}", "2025-01-01", "2025-02-28 76, 2026-02-28 77, 2027-02-28 78");
        check("2027-01-31", "4 weeks", "{n}", "2027-02-01", "2027-02-28 76, 2027-03-28 77, 2027-04-25 78");
    }

    proptest! {
        #[test]
        fn departures_ascend(days in 0..9_000_u64, at in 0..10_usize, count in 0..12_u32, ahead in 0..2_000_u64) {
            let cadences = ["1 day", "week", "6 weeks", "15 weeks", "monthly", "5 months", "yearly",
                "last Friday of month", "5th Monday of month", "1st Sunday of 3 months"];
            let mut train = train("2020-01-01", cadences[at], "{n}");
            train.first = train.first + chrono::Days::new(days);
            train.count = count;
            let from = train.first + chrono::Days::new(ahead);
            let found = departures(&train, from);
            prop_assert_eq!(found.len(), count as usize);
            prop_assert!(found.windows(2).all(|pair| pair[0].day < pair[1].day && pair[0].number < pair[1].number));
            prop_assert!(found.iter().all(|departure| departure.day >= from));
        }
    }
}
