//! Exact decimal numbers of any size, for what was measured.

use std::cmp::Ordering;
use std::fmt;

use super::threshold::Number;

/// As many digits as always fit: every number of so many lies below the largest of 128 bits.
const MOST_DIGITS: u32 = 38;

/// A decimal number as it was written, without rounding: `187.4`, `1e-7`, `1e21`. Trailing zeros are not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Decimal {
    /// Never a multiple of ten, unless it is zero; then the exponent is zero, too.
    digits: i128,
    exponent: i32,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Decimal = Decimal { digits: 0, exponent: 0 };

    /// Reads a number as JSON and most programs write it: `180`, `-0.5`, `+3`, `1e-7`. Nothing if it is none, or has
    /// more than 38 digits that count.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (is_negative, mantissa) = match mantissa.as_bytes().first()? {
            b'-' => (true, &mantissa[1..]),
            b'+' => (false, &mantissa[1..]),
            _ => (false, mantissa),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let whole = whole.trim_start_matches('0');
        let mut digits: i128 = 0;
        let mut zeros = 0;
        // Zeros count only where another digit follows: `1000` has one digit, and any number of zeros may end it.
        for byte in whole.bytes().chain(fraction.bytes()) {
            if byte == b'0' {
                zeros += u32::from(digits != 0);
                continue;
            }
            digits = within(digits.checked_mul(10_i128.checked_pow(zeros + 1)?)?)? + i128::from(byte - b'0');
            zeros = 0;
        }
        let behind_point = i32::try_from(fraction.len()).ok()?;
        let exponent = exponent.checked_sub(behind_point)?.checked_add(i32::try_from(zeros).ok()?)?;
        Decimal::new(if is_negative { -digits } else { digits }, exponent)
    }

    /// The number `digits` times ten to the power of `exponent`.
    pub fn new(digits: i128, exponent: i32) -> Option<Decimal> {
        if digits == 0 {
            return Some(Decimal::ZERO);
        }
        let (mut digits, mut exponent) = (digits, exponent);
        while digits % 10 == 0 {
            (digits, exponent) = (digits / 10, exponent.checked_add(1)?);
        }
        Some(Decimal { digits: within(digits)?, exponent })
    }

    /// The product, if it has no more digits than can be kept.
    pub fn times(self, other: Decimal) -> Option<Decimal> {
        Decimal::new(self.digits.checked_mul(other.digits)?, self.exponent.checked_add(other.exponent)?)
    }

    /// The sum, if it has no more digits than can be kept.
    pub fn plus(self, other: Decimal) -> Option<Decimal> {
        let exponent = self.exponent.min(other.exponent);
        let scaled = |number: Decimal| {
            let power = number.exponent.checked_sub(exponent).and_then(|power| u32::try_from(power).ok())?;
            number.digits.checked_mul(10_i128.checked_pow(power)?)
        };
        match (self.digits, other.digits) {
            (0, _) => Some(other),
            (_, 0) => Some(self),
            _ => Decimal::new(scaled(self)?.checked_add(scaled(other)?)?, exponent),
        }
    }

    /// The same number on the other side of zero.
    #[must_use]
    pub fn negated(self) -> Decimal {
        Decimal { digits: -self.digits, ..self }
    }

    /// Whether it lies below zero.
    pub fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The nearest floating point number.
    pub fn to_f64(self) -> f64 {
        // The standard library rounds a decimal text correctly, and this text always is one.
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// The power of ten that its first digit stands for, plus one. Only for what is not zero.
    fn magnitude(self) -> i64 {
        i64::from(count(self.digits)) + i64::from(self.exponent)
    }
}

/// A number that has no more digits than can be kept.
fn within(digits: i128) -> Option<i128> {
    (digits.unsigned_abs() < 10_u128.pow(MOST_DIGITS)).then_some(digits)
}

/// How many digits a number has that is not zero.
fn count(digits: i128) -> u32 {
    digits.unsigned_abs().checked_ilog10().map_or(0, |power| power + 1)
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_sign = self.digits.signum().cmp(&other.digits.signum());
        if by_sign.is_ne() || self.is_zero() {
            return by_sign;
        }
        let (first, second) = (self.digits.unsigned_abs(), other.digits.unsigned_abs());
        // Of one magnitude, both have as many digits once zeros fill up the shorter one, and these always fit.
        let widened = |digits: u128, own: u32, most: u32| digits * 10_u128.pow(most - own);
        let by_size = self.magnitude().cmp(&other.magnitude()).then_with(|| {
            let (own, others) = (count(self.digits), count(other.digits));
            let most = own.max(others);
            widened(first, own, most).cmp(&widened(second, others, most))
        });
        if self.is_negative() { by_size.reverse() } else { by_size }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<Number> for Decimal {
    fn from(number: Number) -> Decimal {
        let (digits, scale) = number.parts();
        Decimal::new(i128::from(digits), -i32::from(scale)).unwrap_or_default()
    }
}

impl From<u64> for Decimal {
    fn from(whole: u64) -> Decimal {
        Decimal::new(i128::from(whole), 0).unwrap_or_default()
    }
}

/// Numbers with more places than this are shown with an exponent.
const MOST_PLACES: i64 = 21;

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative() { "-" } else { "" };
        let digits = self.digits.unsigned_abs().to_string();
        let magnitude = if self.is_zero() { 1 } else { self.magnitude() };
        if !(-6..=MOST_PLACES).contains(&magnitude) {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            return write!(formatter, "{sign}{first}{point}{rest}e{}", magnitude - 1);
        }
        let behind = usize::try_from(-i64::from(self.exponent)).unwrap_or(0);
        let padded = format!("{digits:0>width$}", width = behind + 1);
        let (whole, fraction) = padded.split_at(padded.len() - behind);
        let zeros = "0".repeat(usize::try_from(self.exponent).unwrap_or(0));
        let point = if fraction.is_empty() { "" } else { "." };
        write!(formatter, "{sign}{whole}{zeros}{point}{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: Option<&str>) {
        let found = Decimal::parse(text).map(|number| number.to_string());
        assert_eq!(found.as_deref(), expect, "{text:?}");
    }

    #[test]
    fn numbers_are_read_as_programs_write_them() {
        check("187.4", Some("187.4"));
        check("1e-7", Some("0.0000001"));
        check("1e-9", Some("1e-9"));
        check("1E20", Some("100000000000000000000"));
        check("1e21", Some("1e21"));
        check("-0", Some("0"));
        check("+5", Some("5"));
        check(".5", Some("0.5"));
        check("5.", Some("5"));
        check("1000.500", Some("1000.5"));
        check("0.000001", Some("0.000001"));
        check("0.30000000000000004", Some("0.30000000000000004"));
        check("1.5e-300", Some("1.5e-300"));
        check(&format!("1{}", "0".repeat(60)), Some("1e60"));
        check(&format!("0.{}1", "0".repeat(60)), Some("1e-61"));
        for text in
            ["", "-", ".", "e5", "1e", "1e+-2", "1,5", "0x10", "NaN", "inf", "1 ", "--1", "1e99999999999"]
        {
            check(text, None);
        }
        check(&"9".repeat(39), None);
        check(&"9".repeat(38), Some("9.9999999999999999999999999999999999999e37"));
        check(&"7".repeat(1_000_000), None);
    }

    /// The number as a whole number of the smallest part, ten to the power of -40: rational arithmetic.
    fn rational(digits: i64, exponent: i32) -> Option<i128> {
        i128::from(digits).checked_mul(10_i128.checked_pow(u32::try_from(exponent + 10).ok()?)?)
    }

    proptest! {
        #[test]
        fn numbers_compare_and_reckon_as_fractions_do(
            a in any::<i32>(), b in any::<i32>(), e in -10..8_i32, f in -10..8_i32
        ) {
            let (first, second) = (Decimal::new(a.into(), e).unwrap(), Decimal::new(b.into(), f).unwrap());
            let (x, y) = (rational(a.into(), e).unwrap(), rational(b.into(), f).unwrap());
            prop_assert_eq!(first.cmp(&second), x.cmp(&y));
            prop_assert_eq!(first == second, x == y);
            let sum = first.plus(second).unwrap();
            prop_assert_eq!(sum, Decimal::new(x + y, -10).unwrap());
            let product = first.times(second).unwrap();
            prop_assert_eq!(product, Decimal::new(i128::from(a) * i128::from(b), e + f).unwrap());
        }

        #[test]
        fn what_is_shown_reads_back(digits: i64, exponent in -400..400_i32) {
            let number = Decimal::new(digits.into(), exponent).unwrap();
            prop_assert_eq!(Decimal::parse(&number.to_string()), Some(number));
        }

        #[test]
        fn every_floating_point_number_is_read(number: f64) {
            prop_assume!(number.is_finite());
            let read = Decimal::parse(&number.to_string()).unwrap();
            prop_assert_eq!(read.to_f64(), number);
            prop_assert_eq!(Decimal::parse(&format!("{number:e}")), Some(read));
        }

        #[test]
        fn no_text_is_too_much(text in "[-+0-9.eE]{0,40}|\\PC*") {
            let _ = Decimal::parse(&text);
        }
    }
}
