//! Amounts of work, as estimates state them.

use std::fmt;

/// Minutes in an hour of work.
const HOUR: u64 = 60;

/// Minutes in a day of work: eight hours.
pub const DAY: u64 = 8 * HOUR;

/// Minutes in a week of work: five days.
const WEEK: u64 = 5 * DAY;

/// The largest amount that is read, in minutes: more is a typing error, and sums of many stay exact.
const LARGEST: f64 = 1_000_000.0 * DAY as f64;

/// An amount of work in working time: a day has eight hours, a week five days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Effort {
    minutes: u64,
}

impl Effort {
    /// Reads `5d`, `2 weeks`, `12h`, `1w 2d`, `0.5 days`.
    ///
    /// Units run from long to short and each occurs once. `None` is for everything else, among it months, whose length
    /// varies, and negative amounts.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        let mut total = 0.0;
        let mut previous = u64::MAX;
        while !rest.is_empty() {
            let (number, unit, after) = take_part(rest)?;
            if unit >= previous {
                return None;
            }
            total += number * unit as f64;
            (previous, rest) = (unit, after);
        }
        (previous < u64::MAX && total <= LARGEST).then(|| Effort { minutes: total.round() as u64 })
    }

    /// The amount in days of work.
    pub fn days(self) -> f64 {
        self.minutes as f64 / DAY as f64
    }

    /// Whether there is no work in it.
    pub const fn is_zero(self) -> bool {
        self.minutes == 0
    }
}

impl fmt::Display for Effort {
    /// Whole days, or hours where that is no whole number of days, or minutes.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.minutes {
            minutes if minutes.is_multiple_of(DAY) => write!(formatter, "{}d", minutes / DAY),
            minutes if minutes.is_multiple_of(HOUR) => write!(formatter, "{}h", minutes / HOUR),
            minutes => write!(formatter, "{minutes}m"),
        }
    }
}

/// Takes one number and its unit, in minutes, off the front, and the spaces behind them.
fn take_part(text: &str) -> Option<(f64, u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|end| *end > 0)?;
    let number: f64 = text[..end].parse().ok()?;
    let rest = text[end..].trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let unit = match rest[..end].to_ascii_lowercase().as_str() {
        "w" | "wk" | "wks" | "week" | "weeks" => WEEK,
        "d" | "day" | "days" => DAY,
        "h" | "hr" | "hrs" | "hour" | "hours" => HOUR,
        // A capital M is a month or a million as often as a minute.
        "m" if rest.starts_with('m') => 1,
        "min" | "mins" | "minute" | "minutes" => 1,
        _ => return None,
    };
    Some((number, unit, rest[end..].trim_start()))
}

/// The time between the end of a dependency and the start of what depends on it, as the note of a link states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lag {
    /// The note says nothing of a lag.
    NotStated,
    /// This much working time.
    Stated(Effort),
    /// The note begins like a lag and is none.
    Unreadable,
}

impl Lag {
    /// Reads `lag 3d`, `lag: 1w` and `+2d`.
    pub fn parse(note: &str) -> Self {
        let note = note.trim();
        let is_lag = note.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("lag"))
            && !note[3..].starts_with(|c: char| c.is_alphabetic());
        let amount = match is_lag {
            true => note[3..].trim_start().trim_start_matches(':'),
            false => match note.strip_prefix('+') {
                Some(amount) => amount,
                None => return Lag::NotStated,
            },
        };
        Effort::parse(amount).map_or(Lag::Unreadable, Lag::Stated)
    }

    /// The lag in days of work; none where none can be read.
    pub fn days(self) -> f64 {
        match self {
            Lag::Stated(effort) => effort.days(),
            Lag::NotStated | Lag::Unreadable => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_is_a_note_of_a_link() {
        let check = |note: &str, expect: Lag| assert_eq!(Lag::parse(note), expect, "{note}");
        let days = |text: &str| Lag::Stated(Effort::parse(text).expect("an amount"));
        check("lag 3d", days("3d"));
        check("Lag: 1w", days("5d"));
        check("+ 2d", days("2d"));
        check("lag 0d", days("0d"));
        check("the API first", Lag::NotStated);
        check("lagging behind", Lag::NotStated);
        check("äöü", Lag::NotStated);
        check("", Lag::NotStated);
        for bad in ["lag", "lag -2d", "lag three days", "+x"] {
            check(bad, Lag::Unreadable);
        }
    }

    fn check(text: &str, days: Option<f64>) {
        assert_eq!(Effort::parse(text).map(Effort::days), days, "{text}");
    }

    #[test]
    fn units_are_those_of_working_time() {
        check("5d", Some(5.0));
        check("2w", Some(10.0));
        check("1w 2d", Some(7.0));
        check("1 week 2 days 4 hours", Some(7.5));
        check("36h", Some(4.5));
        check("0.5d", Some(0.5));
        check("240m", Some(0.5));
        check("0d", Some(0.0));
    }

    #[test]
    fn everything_else_is_refused() {
        for text in
            ["", "5", "d", "-3d", "1 month", "3M", "2d 1w", "1d 1d", "1..2d", "NaN d", "inf d", "9999999d"]
        {
            check(text, None);
        }
    }

    #[test]
    fn what_is_shown_is_read_back() {
        for text in ["5d", "36h", "10m", "0d"] {
            assert_eq!(Effort::parse(text).map(|effort| effort.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Effort::parse("2w").map(|effort| effort.to_string()).as_deref(), Some("10d"));
    }
}
