//! Numbers that are known exactly or only from below and above.

use std::fmt;

/// A number between two bounds, both included; equal bounds are one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

/// The largest number that is read.
const LARGEST: f64 = 1_000_000_000.0;

impl Amount {
    /// Exactly this number.
    pub const fn exactly(number: f64) -> Self {
        Amount { low: number, high: number }
    }

    /// Reads `12`, `50..58`, `50-58`, `50–58`, `50 to 58`, `1.0..2.0`: numbers from zero on, the lower one first.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bounds = ["..", " to ", "–", "-"].iter().find_map(|between| text.split_once(between));
        let (low, high) = bounds.unwrap_or((text, text));
        let (low, high) = (number(low)?, number(high)?);
        (low <= high).then_some(Amount { low, high })
    }

    /// Whether both bounds are whole numbers.
    pub fn is_whole(self) -> bool {
        self.low.fract() == 0.0 && self.high.fract() == 0.0
    }
}

fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let is_plain = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    text.parse().ok().filter(|number: &f64| is_plain && *number <= LARGEST)
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.low == self.high {
            true => write!(formatter, "{}", self.low),
            false => write!(formatter, "{}..{}", self.low, self.high),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_or_two() {
        let check = |text: &str, expect: Option<(f64, f64)>| {
            assert_eq!(Amount::parse(text).map(|amount| (amount.low, amount.high)), expect, "{text}");
        };
        check("12", Some((12.0, 12.0)));
        check("50..58", Some((50.0, 58.0)));
        check("50-58", Some((50.0, 58.0)));
        check("50 – 58", Some((50.0, 58.0)));
        check("50 to 58", Some((50.0, 58.0)));
        check("1.0..2.5", Some((1.0, 2.5)));
        check("0", Some((0.0, 0.0)));
        for text in ["", "58..50", "-3", "a", "NaN", "inf", "1e9", "..", "1..", "1..2..3", "99999999999"] {
            check(text, None);
        }
    }

    #[test]
    fn what_is_shown_is_read_back() {
        for text in ["12", "50..58", "1.5..2"] {
            assert_eq!(Amount::parse(text).map(|amount| amount.to_string()).as_deref(), Some(text));
        }
    }
}
