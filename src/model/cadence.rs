//! How often something comes again: `6 weeks`, `3rd Tuesday of month`, `yearly`.

use std::fmt;

use chrono::Weekday;

/// A rhythm, in the terms of a recurrence rule of RFC 5545 (3.3.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cadence {
    /// Every so many days: `FREQ=DAILY`.
    Days(u16),
    /// Every so many weeks: `FREQ=WEEKLY`.
    Weeks(u16),
    /// Every so many months, on the day of the first: `FREQ=MONTHLY`.
    Months(u16),
    /// Every so many years, on the day of the first: `FREQ=YEARLY`.
    Years(u16),
    /// A weekday of every so many months: `FREQ=MONTHLY;BYDAY=3TU`.
    Weekday {
        /// Which one, from 1 to 5, or -1 for the last.
        nth: i8,
        /// The day.
        weekday: Weekday,
        /// Of every so many months.
        months: u16,
    },
}

/// Words that are a cadence of their own.
const WORDS: &[(&str, Cadence)] = &[
    ("daily", Cadence::Days(1)),
    ("weekly", Cadence::Weeks(1)),
    ("fortnightly", Cadence::Weeks(2)),
    ("monthly", Cadence::Months(1)),
    ("quarterly", Cadence::Months(3)),
    ("half-yearly", Cadence::Months(6)),
    ("yearly", Cadence::Years(1)),
    ("annually", Cadence::Years(1)),
];

/// How a plan calls the weekdays of a month.
const ORDINALS: &[(&str, i8)] = &[
    ("1st", 1),
    ("first", 1),
    ("2nd", 2),
    ("second", 2),
    ("3rd", 3),
    ("third", 3),
    ("4th", 4),
    ("fourth", 4),
    ("5th", 5),
    ("fifth", 5),
    ("last", -1),
];

impl Cadence {
    /// Reads `6 weeks`, `every 3 months`, `quarterly`, `3rd Tuesday of month`,
    /// `last Friday of every 2 months`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix("every ").unwrap_or(&text).trim();
        let word = WORDS.iter().find(|(word, _)| *word == text).map(|(_, cadence)| *cadence);
        word.or_else(|| Cadence::of_length(text)).or_else(|| Cadence::of_weekday(text))
    }

    /// `6 weeks`, `week`.
    fn of_length(text: &str) -> Option<Self> {
        let (count, unit) = text.split_once(' ').unwrap_or(("1", text));
        let count = count.parse::<u16>().ok().filter(|count| *count > 0)?;
        match unit.trim() {
            "day" | "days" => Some(Cadence::Days(count)),
            "week" | "weeks" => Some(Cadence::Weeks(count)),
            "month" | "months" => Some(Cadence::Months(count)),
            "quarter" | "quarters" => Some(Cadence::Months(count.checked_mul(3)?)),
            "year" | "years" => Some(Cadence::Years(count)),
            _ => None,
        }
    }

    /// `3rd tuesday of month`.
    fn of_weekday(text: &str) -> Option<Self> {
        let (day, months) = text.split_once(" of ")?;
        let (ordinal, weekday) = day.trim().split_once(' ')?;
        let nth = ORDINALS.iter().find(|(word, _)| *word == ordinal).map(|(_, nth)| *nth)?;
        let weekday = weekday.trim().parse().ok()?;
        let months = ["the ", "every ", "each "]
            .iter()
            .fold(months.trim(), |rest, word| rest.strip_prefix(word).unwrap_or(rest).trim());
        match Cadence::of_length(months)? {
            Cadence::Months(months) => Some(Cadence::Weekday { nth, weekday, months }),
            _ => None,
        }
    }

    /// The recurrence rule of RFC 5545 that says the same.
    pub fn rule(self) -> String {
        match self {
            Cadence::Days(count) => format!("FREQ=DAILY;INTERVAL={count}"),
            Cadence::Weeks(count) => format!("FREQ=WEEKLY;INTERVAL={count}"),
            Cadence::Months(count) => format!("FREQ=MONTHLY;INTERVAL={count}"),
            Cadence::Years(count) => format!("FREQ=YEARLY;INTERVAL={count}"),
            Cadence::Weekday { nth, weekday, months } => {
                let weekday = weekday.to_string()[..2].to_uppercase();
                format!("FREQ=MONTHLY;INTERVAL={months};BYDAY={nth}{weekday}")
            }
        }
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self {
            Cadence::Days(count) => (count, "day"),
            Cadence::Weeks(count) => (count, "week"),
            Cadence::Months(count) => (count, "month"),
            Cadence::Years(count) => (count, "year"),
            Cadence::Weekday { nth, weekday, months } => {
                let nth = ORDINALS.iter().find(|(_, value)| value == nth).map_or("", |(word, _)| word);
                let weekday = full_name(*weekday);
                let plural = if *months == 1 { "month".to_owned() } else { format!("every {months} months") };
                return write!(formatter, "{nth} {weekday} of {plural}");
            }
        };
        write!(formatter, "{count} {unit}{}", if *count == 1 { "" } else { "s" })
    }
}

/// The English name of a weekday, in full.
pub fn full_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: Option<&str>) {
        assert_eq!(Cadence::parse(text).map(Cadence::rule).as_deref(), expect, "{text:?}");
    }

    #[test]
    fn lengths_are_read() {
        check("6 weeks", Some("FREQ=WEEKLY;INTERVAL=6"));
        check(" Every 15 Weeks ", Some("FREQ=WEEKLY;INTERVAL=15"));
        check("week", Some("FREQ=WEEKLY;INTERVAL=1"));
        check("quarterly", Some("FREQ=MONTHLY;INTERVAL=3"));
        check("2 quarters", Some("FREQ=MONTHLY;INTERVAL=6"));
        check("yearly", Some("FREQ=YEARLY;INTERVAL=1"));
        check("10 days", Some("FREQ=DAILY;INTERVAL=10"));
    }

    #[test]
    fn weekdays_of_a_month_are_read() {
        check("3rd Tuesday of month", Some("FREQ=MONTHLY;INTERVAL=1;BYDAY=3TU"));
        check("last Friday of the month", Some("FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR"));
        check("first Mon of every 2 months", Some("FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO"));
    }

    #[test]
    fn everything_else_is_none() {
        for text in ["", "0 weeks", "soon", "weeks 6", "6", "-1 weeks", "70000 weeks", "6th Monday of month"]
        {
            check(text, None);
        }
        for text in ["3rd Tuesday", "3rd Tuesday of year", "of", " of month", "ü weeks", "3rd of month"] {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn the_canonical_form_reads_back(text in "(every )?[0-9]{1,5} (days|weeks|months|quarters|years)|(1st|last|5th) (Monday|Sun) of ([0-9] )?months?") {
            if let Some(cadence) = Cadence::parse(&text) {
                prop_assert_eq!(Cadence::parse(&cadence.to_string()), Some(cadence));
            }
        }

        #[test]
        fn no_text_is_too_much(text in "\\PC*") {
            let _ = Cadence::parse(&text);
        }
    }
}
