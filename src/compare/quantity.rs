//! How much a single value is: numbers, shares, spans of time, days, likelihoods.

use chrono::{Datelike, NaiveDate};

use crate::model::duration::Duration;
use crate::model::risk::Probability;
use crate::model::value::percentage;

/// A value that can be more or less than another of its kind.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) enum Quantity {
    /// A day, counted from the beginning of the calendar.
    Day(i32),
    /// A span of time, in milliseconds.
    Time(u64),
    /// A number or a share, and whether it must be exceeded.
    Number(f64, bool),
}

impl Quantity {
    /// Reads a value; nothing if it is none.
    pub(super) fn parse(text: &str) -> Option<Quantity> {
        let text = text.trim();
        if let Some(day) = day(text) {
            return Some(Quantity::Day(day.num_days_from_ce()));
        }
        if let Some(time) = Duration::parse(text) {
            return Some(Quantity::Time(time.millis()));
        }
        let number = text.trim_start_matches(['>', '=', '≥']);
        let exceeded = text[..text.len() - number.len()] == *">";
        // Thousands may be set apart: `20,000`.
        let plain = number.replace(['_', ','], "");
        let share = percentage(&plain).map(|share| share.0).ok();
        // A bare number may be a count as well as a share.
        let bare = || plain.trim().parse().ok().filter(|number: &f64| number.is_finite());
        let likely = || Probability::parse(text).ok().map(|probability| probability.percentage().0);
        share.or_else(bare).or_else(likely).map(|number| Quantity::Number(number, exceeded))
    }

    /// Whether it is less than another; nothing if they cannot be compared.
    pub(super) fn is_less(self, other: Quantity) -> Option<bool> {
        match (self, other) {
            (Quantity::Day(_), Quantity::Day(_))
            | (Quantity::Time(_), Quantity::Time(_))
            | (Quantity::Number(..), Quantity::Number(..)) => Some(self < other),
            // No time at all may be written without a unit.
            (Quantity::Number(0.0, _), Quantity::Time(time)) => Some(time > 0),
            (Quantity::Time(_), Quantity::Number(0.0, _)) => Some(false),
            _ => None,
        }
    }
}

/// A day, also with a time behind it.
fn day(text: &str) -> Option<NaiveDate> {
    let day = text.get(..10)?;
    NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(less: &str, more: &str) {
        let parse = |text: &str| Quantity::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(parse(less).is_less(parse(more)), Some(true), "{less} < {more}");
        assert_eq!(parse(more).is_less(parse(less)), Some(false), "{more} < {less}");
    }

    #[test]
    fn values_of_one_kind_are_ordered() {
        check("2026-12-01", "2027-01-01T00:00:00Z");
        check("5m", "1h");
        check("95%", "> 95%");
        check(">= 94 %", "95");
        check("Low", "40%");
        check("9,000", "10_000");
    }

    #[test]
    fn equal_values_in_other_units_are_equal() {
        assert_eq!(Quantity::parse("5m"), Quantity::parse("300 seconds"));
        assert_eq!(Quantity::parse("95 %"), Quantity::parse(">=95.0%"));
    }

    #[test]
    fn values_of_different_kinds_are_not_compared() {
        assert_eq!(Quantity::Time(1).is_less(Quantity::Number(5.0, false)), None);
    }
}
