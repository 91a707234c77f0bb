//! Values of a metric, so that a limit and a baseline can be compared.

use std::cmp::Ordering;

use super::duration::Duration;
use super::threshold::{Baseline, Number, Quantity};

/// A value with its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// A length of time: `420ms`.
    Time(Duration),
    /// A share of a whole, in per cent: `0.5%`, `0.5% of requests`.
    Share {
        /// The share.
        percent: Number,
        /// The whole, if it is said.
        of: Option<String>,
    },
    /// Any other number.
    Count {
        /// The number.
        number: Number,
        /// What is counted, in small letters; empty if that is not said.
        unit: String,
    },
}

impl Measure {
    /// Reads a number and its unit; without one, `unit` is it.
    pub fn parse(text: &str, unit: Option<&str>) -> Option<Measure> {
        let text = text.trim();
        let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '_' | '-')));
        let (number, own) = text.split_at(end.unwrap_or(text.len()));
        let (own, unit) = (own.trim(), unit.unwrap_or("").trim());
        let measure = Measure::new(Number::parse(number).ok()?, if own.is_empty() { unit } else { own });
        // `0.5%` in a field beside `unit: percent of requests` is a share of the requests.
        match (measure, share_of(unit)) {
            (Measure::Share { percent, of: None }, Some(of)) => Some(Measure::Share { percent, of }),
            (measure, _) => Some(measure),
        }
    }

    fn new(number: Number, unit: &str) -> Measure {
        if let Some(of) = share_of(unit) {
            return Measure::Share { percent: number, of };
        }
        match Duration::parse(&format!("{number}{unit}")) {
            Some(time) => Measure::Time(time),
            None => Measure::Count { number, unit: unit.to_lowercase() },
        }
    }

    /// The value of a limit; nothing if it is counted from a baseline.
    pub fn of_limit(limit: &Quantity) -> Option<Measure> {
        match limit {
            Quantity::Ratio { percent, of } => {
                Some(Measure::Share { percent: *percent, of: Some(of.to_lowercase()) })
            }
            Quantity::Time(time) => Some(Measure::Time(*time)),
            Quantity::Value { number, unit } => Some(Measure::new(*number, unit.as_deref().unwrap_or(""))),
            Quantity::Points { .. } | Quantity::Relative { .. } => None,
        }
    }

    /// The value that a threshold remarks as normal.
    pub fn of_baseline(baseline: &Baseline) -> Measure {
        Measure::new(baseline.number, baseline.unit.as_deref().unwrap_or(""))
    }

    /// How the value compares with another; nothing if their units differ.
    pub fn compare(&self, other: &Measure) -> Option<Ordering> {
        match (self, other) {
            (Measure::Time(first), Measure::Time(second)) => Some(first.cmp(second)),
            (Measure::Share { percent: first, of }, Measure::Share { percent: second, of: other }) => {
                same_whole(of.as_deref(), other.as_deref()).then(|| first.cmp(second))
            }
            (Measure::Count { number: first, unit }, Measure::Count { number: second, unit: other }) => {
                (unit == other).then(|| first.cmp(second))
            }
            _ => None,
        }
    }
}

/// The whole of a unit such as `%` or `percent of requests`; nothing if it is no share.
fn share_of(unit: &str) -> Option<Option<String>> {
    let unit = unit.trim().to_lowercase();
    let rest = ["%", "percent", "per cent", "pct"].iter().find_map(|name| unit.strip_prefix(name))?;
    let of = rest.trim().strip_prefix("of ").map(|of| of.trim().to_owned());
    (rest.trim().is_empty() || of.is_some()).then_some(of)
}

/// Whether two wholes may be one: `requests` and `all requests` are.
fn same_whole(first: Option<&str>, second: Option<&str>) -> bool {
    match (first, second) {
        (Some(first), Some(second)) => first.contains(second) || second.contains(first),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(first: (&str, &str), second: (&str, &str), expect: Option<Ordering>) {
        let read = |(text, unit)| Measure::parse(text, Some(unit)).expect("a measure");
        assert_eq!(read(first).compare(&read(second)), expect, "{first:?} {second:?}");
    }

    #[test]
    fn values_of_one_unit_compare() {
        check(("0.5%", ""), ("2", "percent of requests"), Some(Ordering::Less));
        check(("420ms", ""), ("0.42s", ""), Some(Ordering::Equal));
        check(("420", "ms"), ("1s", ""), Some(Ordering::Less));
        check(("7", "rows"), ("3 rows", ""), Some(Ordering::Greater));
        check(("4.1", ""), ("4.5", ""), Some(Ordering::Less));
    }

    #[test]
    fn values_of_two_units_do_not() {
        check(("0.5%", ""), ("2", "rows"), None);
        check(("420ms", ""), ("420", ""), None);
        check(("5", "percent of probes"), ("2% of requests", ""), None);
        check(("5%", "percent of probes"), ("2%", "percent of requests"), None);
    }

    #[test]
    fn what_is_no_value_is_not_read() {
        for text in ["", "about 5", "fast", "%"] {
            assert_eq!(Measure::parse(text, None), None, "{text}");
        }
    }
}
