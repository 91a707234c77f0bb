//! Exact decimal numbers, shown as they were written.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// More decimal places than this could not be compared within 128 bits.
const MOST_DECIMALS: u8 = 18;

/// A decimal number without rounding: `99.99` stays `99.99`.
///
/// Numbers compare by value, so `1.50` equals `1.5`, and each shows the decimal
/// places that it was written with. Separators of thousands are not kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct Number {
    digits: i64,
    scale: u8,
}

/// Why a text is no [`Number`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// More than 18 decimal places, or more digits than 64 bits hold.
    TooLarge,
    /// A comma where the decimal point belongs: `1,5`.
    DecimalComma,
    /// Digits, points and separators in an order that makes no number: `1.2.3`.
    Malformed,
}

impl Number {
    /// The number `digits` divided by ten to the power of `scale`, which is at most 18.
    pub fn new(digits: i64, scale: u8) -> Option<Self> {
        (scale <= MOST_DECIMALS).then_some(Number { digits, scale })
    }

    /// Reads `95`, `99.99`, `-3`, `20,000`, `1_000`, `1'000`, `1e-3`.
    ///
    /// A comma, an underscore or an apostrophe separates thousands and is followed by three digits.
    ///
    /// # Errors
    ///
    /// The reason why the text is no such number.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                let exponent = exponent.parse().map_err(|_| NumberError::Malformed)?;
                Number::plain(mantissa)?.shifted(exponent)
            }
            None => Number::plain(text),
        }
    }

    fn plain(text: &str) -> Result<Self, NumberError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        if !is_grouped(unsigned) || !is_digits(fraction) {
            return Err(refusal(text));
        }
        let fraction = if text.contains('.') { fraction } else { "" };
        let digits: String = whole.chars().filter(|c| !is_separator(*c)).collect();
        let digits = (digits + fraction).parse().map_err(|_| NumberError::TooLarge)?;
        let scale = u8::try_from(fraction.len()).map_err(|_| NumberError::TooLarge)?;
        Number::new(digits, scale).ok_or(NumberError::TooLarge)
    }

    /// Splits the number at the beginning of a text from what stands behind it.
    pub fn split(text: &str) -> Option<(&str, &str)> {
        length_at_start(text).map(|length| text.split_at(length))
    }

    /// The number times ten to the power of `exponent`.
    ///
    /// # Errors
    ///
    /// The result has more digits than can be kept.
    pub fn shifted(self, exponent: i16) -> Result<Self, NumberError> {
        if self.digits == 0 {
            return Ok(self);
        }
        let scale = i32::from(self.scale) - i32::from(exponent);
        match u8::try_from(scale) {
            Ok(scale) => Number::new(self.digits, scale).ok_or(NumberError::TooLarge),
            Err(_) => {
                let power = 10_i64.checked_pow(scale.unsigned_abs()).filter(|_| scale < 0);
                let digits = power.and_then(|power| self.digits.checked_mul(power));
                digits.map(|digits| Number { digits, scale: 0 }).ok_or(NumberError::TooLarge)
            }
        }
    }

    /// The nearest floating point number.
    pub fn to_f64(self) -> f64 {
        // The standard library rounds a decimal text correctly, which dividing
        // the digits by a power of ten would not; the text always parses.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The same number on the other side of zero, if it can be kept.
    pub(super) fn negated(self) -> Option<Self> {
        Some(Number { digits: self.digits.checked_neg()?, ..self })
    }

    /// Its digits, and how many of them stand behind the decimal point.
    pub(in crate::model) fn parts(self) -> (i64, u8) {
        (self.digits, self.scale)
    }

    /// The value in units of ten to the power of -18; 64 bits times 10^18 fit.
    fn scaled(self) -> i128 {
        i128::from(self.digits) * 10_i128.pow(u32::from(MOST_DECIMALS - self.scale))
    }
}

/// How many bytes at the beginning of a text belong to a number, be it a good one or not.
pub(super) fn length_at_start(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    let start = usize::from(matches!(bytes.first(), Some(b'-' | b'.')));
    if !is_digit(start) {
        return None;
    }
    let mut end = start;
    while end < bytes.len() {
        let separator = separator_length(&bytes[end..]);
        end += match separator {
            _ if is_digit(end) => 1,
            1.. if is_digit(end + separator) => separator,
            _ => break,
        };
    }
    Some(end + exponent_length(&bytes[end..]))
}

/// The bytes of what may stand between two digits: a point, a comma, an underscore, an apostrophe.
fn separator_length(bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(b'.' | b',' | b'_' | b'\'') => 1,
        _ if bytes.starts_with("’".as_bytes()) => "’".len(),
        _ => 0,
    }
}

/// The bytes of `e-3` behind a number; none where a unit begins with an `e`.
fn exponent_length(bytes: &[u8]) -> usize {
    let sign = usize::from(matches!(bytes.get(1), Some(b'+' | b'-')));
    let digits = bytes.iter().skip(1 + sign).take_while(|byte| byte.is_ascii_digit()).count();
    let is_exponent = matches!(bytes.first(), Some(b'e' | b'E')) && digits > 0;
    if is_exponent { 1 + sign + digits } else { 0 }
}

fn refusal(text: &str) -> NumberError {
    let mut parts = text.split(',');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(whole), Some(decimals), None) if is_digits(whole) && is_digits(decimals) => {
            NumberError::DecimalComma
        }
        _ => NumberError::Malformed,
    }
}

fn is_grouped(text: &str) -> bool {
    let mut groups = text.split(is_separator);
    let first = groups.next().unwrap_or("");
    let alone = !text.contains(is_separator);
    is_digits(first)
        && (alone || first.len() <= 3)
        && groups.all(|group| is_digits(group) && group.len() == 3)
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | '_' | '\'' | '’')
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.scaled().cmp(&other.scaled())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.scaled() == other.scaled()
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.scaled().hash(state);
    }
}

impl From<u32> for Number {
    fn from(whole: u32) -> Self {
        Number { digits: i64::from(whole), scale: 0 }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let scale = usize::from(self.scale);
        let digits = format!("{:0>width$}", self.digits.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let point = if fraction.is_empty() { "" } else { "." };
        write!(formatter, "{sign}{whole}{point}{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: Result<&str, NumberError>) {
        let found = Number::parse(text).map(|number| number.to_string());
        assert_eq!(found, expect.map(str::to_owned), "{text:?}");
    }

    #[test]
    fn numbers_show_as_written() {
        for text in ["0", "95", "99.99", "0.50", "-3", "-0.5", "4.5", "9223372036854775807"] {
            check(text, Ok(text));
        }
        check("20,000", Ok("20000"));
        check("1_000.25", Ok("1000.25"));
        check("-9223372036854775808", Ok("-9223372036854775808"));
        check("1'000", Ok("1000"));
        check("1’000’000.5", Ok("1000000.5"));
    }

    #[test]
    fn exponents_are_read() {
        check("1e-3", Ok("0.001"));
        check("2.5E3", Ok("2500"));
        check("2.50e1", Ok("25.0"));
        check("-1e+2", Ok("-100"));
        check("0e99", Ok("0"));
        check("1e18", Ok("1000000000000000000"));
        check("1e19", Err(NumberError::TooLarge));
        check("1e-19", Err(NumberError::TooLarge));
        check("1e99999", Err(NumberError::Malformed));
        check("1e", Err(NumberError::Malformed));
        check("1e1.5", Err(NumberError::Malformed));
    }

    #[test]
    fn what_is_no_number_is_refused_with_its_reason() {
        check("1,5", Err(NumberError::DecimalComma));
        check("12,50", Err(NumberError::DecimalComma));
        for text in ["", "-", ".5", "5.", "1.2.3", "1,00,000", "1000,000,0", "x", "1.234,5"] {
            check(text, Err(NumberError::Malformed));
        }
        check("9223372036854775808", Err(NumberError::TooLarge));
        check("0.1234567890123456789", Err(NumberError::TooLarge));
        check(&"9".repeat(1_000_000), Err(NumberError::TooLarge));
    }

    #[test]
    fn numbers_compare_by_value() {
        let number = |text| Number::parse(text).unwrap();
        assert_eq!(number("1.50"), number("1.5"));
        assert!(number("-2") < number("0.001"));
        assert!(number("99.99") < number("100"));
        assert_eq!(number("99.99").to_f64().to_string(), "99.99");
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(digits: i64, scale in 0..=18_u8) {
            let number = Number::new(digits, scale).unwrap();
            prop_assert_eq!(Number::parse(&number.to_string()), Ok(number));
        }
    }
}
