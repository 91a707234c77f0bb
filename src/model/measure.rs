//! Values of a metric, so that a limit and a baseline can be compared.

use std::cmp::Ordering;

use super::decimal::Decimal;
use super::duration::{Duration, millis_of_unit};
use super::threshold::{Baseline, Number, Quantity};

/// A value with its unit. All of them are exact: `187.4ms` lies below `200ms`, and `0.1s` is `100ms`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// A length of time, in milliseconds: `420ms`, `0.42s`, `187.4us`.
    Time(Decimal),
    /// A share of a whole, in per cent: `0.5%`, `0.5% of requests`, `0.005 ratio`.
    Share {
        /// The share.
        percent: Decimal,
        /// The whole, if it is said.
        of: Option<String>,
    },
    /// An amount of data, in bytes: `1.5 MB`, `512 KiB`.
    Bytes(Decimal),
    /// Any other number.
    Count {
        /// The number.
        number: Decimal,
        /// What is counted, in small letters; empty if that is not said.
        unit: String,
    },
}

impl Measure {
    /// Reads a number and its unit; without one, `unit` is it.
    pub fn parse(text: &str, unit: Option<&str>) -> Option<Measure> {
        let (number, own) = Number::split(text.trim())?;
        // `5-8 ms` and `1 000 ms` are no single numbers.
        if own.trim_start().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '–' | '.' | ','))
        {
            return None;
        }
        let (own, unit) = (own.trim(), unit.unwrap_or("").trim());
        let number = Decimal::from(Number::parse(number).ok()?);
        let measure = Measure::new(number, if own.is_empty() { unit } else { own })?;
        // `0.5%` in a field beside `unit: percent of requests` is a share of the requests.
        match (measure, share_of(unit)) {
            (Measure::Share { percent, of: None }, Some(Share { of: Some(of), .. })) => {
                Some(Measure::Share { percent, of: Some(of) })
            }
            (measure, _) => Some(measure),
        }
    }

    /// A number of a unit; nothing if it cannot be converted exactly.
    pub fn new(number: Decimal, unit: &str) -> Option<Measure> {
        let unit = unit.trim();
        if let Some(share) = share_of(unit) {
            return Some(Measure::Share { percent: number.times(share.percent)?, of: share.of });
        }
        if let Some(millis) = millis_of(unit) {
            return Some(Measure::Time(number.times(millis)?));
        }
        if let Some(bytes) = bytes_of(unit) {
            return Some(Measure::Bytes(number.times(Decimal::from(bytes))?));
        }
        // Of several units, as in `1h30m`, the first stands with the number.
        if !number.is_negative()
            && unit.contains(|c: char| c.is_ascii_digit())
            && let Some(time) = Duration::parse(&format!("{number}{unit}"))
        {
            return Some(Measure::Time(Decimal::from(time.millis())));
        }
        Some(Measure::Count { number, unit: unit.to_lowercase() })
    }

    /// The value of a limit; nothing if it is counted from a baseline.
    pub fn of_limit(limit: &Quantity) -> Option<Measure> {
        match limit {
            Quantity::Ratio { percent, of } => {
                Some(Measure::Share { percent: (*percent).into(), of: Some(of.to_lowercase()) })
            }
            Quantity::Time(time) => Some(Measure::Time(time.millis().into())),
            Quantity::Value { number, unit } => Measure::new((*number).into(), unit.as_deref().unwrap_or("")),
            Quantity::Points { .. } | Quantity::Relative { .. } => None,
        }
    }

    /// The value that a threshold remarks as normal.
    pub fn of_baseline(baseline: &Baseline) -> Option<Measure> {
        Measure::new(baseline.number.into(), baseline.unit.as_deref().unwrap_or(""))
    }

    /// The bare number, in milliseconds, per cent or bytes where it is one of these.
    pub fn number(&self) -> Decimal {
        match self {
            Measure::Time(number) | Measure::Bytes(number) | Measure::Count { number, .. } => *number,
            Measure::Share { percent, .. } => *percent,
        }
    }

    /// Why nothing can have this value, if so. Programs write -1 and the like where they have no data.
    pub fn impossible(&self) -> Option<&'static str> {
        match self {
            Measure::Share { percent, .. } => {
                let is_within = !percent.is_negative() && *percent <= Decimal::from(100);
                (!is_within).then_some("a share is between 0 and 100 %")
            }
            Measure::Time(time) => time.is_negative().then_some("a duration is not negative"),
            Measure::Bytes(bytes) => bytes.is_negative().then_some("a size is not negative"),
            Measure::Count { number, unit } if is_points(unit) => {
                let is_within = !number.is_negative() && *number <= Decimal::from(100);
                (!is_within).then_some("percentage points are between 0 and 100")
            }
            Measure::Count { number, unit } if is_count(unit) => {
                number.is_negative().then_some("a count is not negative")
            }
            Measure::Count { number, unit } => {
                let is_placeholder = unit.is_empty() && *number == Decimal::from(1).negated();
                is_placeholder.then_some("-1 usually means no data")
            }
        }
    }

    /// How the value compares with another; nothing if their units differ.
    pub fn compare(&self, other: &Measure) -> Option<Ordering> {
        match (self, other) {
            (Measure::Time(first), Measure::Time(second))
            | (Measure::Bytes(first), Measure::Bytes(second)) => Some(first.cmp(second)),
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

/// A unit of shares.
struct Share {
    /// How many per cent one of it is.
    percent: Decimal,
    /// The whole, if it is said.
    of: Option<String>,
}

/// What a unit such as `%`, `ratio` or `percent of requests` means; nothing if it is no share.
fn share_of(unit: &str) -> Option<Share> {
    const NAMES: [(&str, u64); 8] = [
        ("%", 1),
        ("percent", 1),
        ("per cent", 1),
        ("pct", 1),
        ("ratio", 100),
        ("share", 100),
        ("fraction", 100),
        ("proportion", 100),
    ];
    let unit = unit.trim().to_lowercase();
    let (rest, percent) =
        NAMES.iter().find_map(|(name, percent)| Some((unit.strip_prefix(name)?, *percent)))?;
    let of = rest.trim().strip_prefix("of ").map(|of| of.trim().to_owned());
    let percent = Decimal::from(percent);
    (rest.trim().is_empty() || of.is_some()).then_some(Share { percent, of })
}

/// How many milliseconds a unit of time has.
fn millis_of(unit: &str) -> Option<Decimal> {
    let exponent = match unit.to_lowercase().as_str() {
        "us" | "µs" | "μs" | "usec" | "usecs" | "microsecond" | "microseconds" => -3,
        "ns" | "nsec" | "nsecs" | "nanosecond" | "nanoseconds" => -6,
        _ => return millis_of_unit(unit).map(Decimal::from),
    };
    Decimal::new(1, exponent)
}

/// How many bytes a unit of data has (IEC 80000-13). `Mb` may be megabits, and is no such unit.
fn bytes_of(unit: &str) -> Option<u64> {
    Some(match unit {
        "B" | "byte" | "bytes" | "Byte" | "Bytes" => 1,
        "kB" | "KB" | "kb" | "kilobyte" | "kilobytes" => 1_000,
        "MB" | "mb" | "megabyte" | "megabytes" => 1_000_000,
        "GB" | "gb" | "gigabyte" | "gigabytes" => 1_000_000_000,
        "TB" | "tb" | "terabyte" | "terabytes" => 1_000_000_000_000,
        "KiB" | "kib" | "kibibyte" | "kibibytes" => 1 << 10,
        "MiB" | "mib" | "mebibyte" | "mebibytes" => 1 << 20,
        "GiB" | "gib" | "gibibyte" | "gibibytes" => 1 << 30,
        "TiB" | "tib" | "tebibyte" | "tebibytes" => 1 << 40,
        _ => return None,
    })
}

fn is_points(unit: &str) -> bool {
    matches!(unit, "pp" | "percentage point" | "percentage points" | "percent points")
}

/// Whether a unit in small letters names things that are counted: of none of them there are fewer than zero.
fn is_count(unit: &str) -> bool {
    const COUNTED: [&str; 17] = [
        "request",
        "req",
        "rps",
        "error",
        "failure",
        "count",
        "user",
        "session",
        "event",
        "message",
        "transaction",
        "test",
        "row",
        "packet",
        "connection",
        "incident",
        "op",
    ];
    let first = unit.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    COUNTED.contains(&first) || first.strip_suffix('s').is_some_and(|one| COUNTED.contains(&one))
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
    fn fractions_of_every_unit_are_exact() {
        check(("187.4ms", ""), ("200ms", ""), Some(Ordering::Less));
        check(("200.0000000000000001", "ms"), ("200ms", ""), Some(Ordering::Greater));
        check(("0.1", "s"), ("100", "ms"), Some(Ordering::Equal));
        check(("0.3", "min"), ("18", "s"), Some(Ordering::Equal));
        check(("1500", "us"), ("1.5", "ms"), Some(Ordering::Equal));
        check(("0.5", "ns"), ("0.0005", "µs"), Some(Ordering::Equal));
        check(("1h30m", ""), ("5400", "s"), Some(Ordering::Equal));
        check(("1.5", "MB"), ("1500", "kB"), Some(Ordering::Equal));
        check(("1", "KiB"), ("1024", "bytes"), Some(Ordering::Equal));
        check(("0.1", "KiB"), ("102.4", "B"), Some(Ordering::Equal));
        check(("8", "Mb"), ("1", "MB"), None);
    }

    #[test]
    fn a_ratio_is_a_share() {
        check(("0.005", "ratio"), ("0.5%", ""), Some(Ordering::Equal));
        check(("5e-3", "ratio"), ("0.5%", ""), Some(Ordering::Equal));
        check(("1e3ms", ""), ("1'000", "ms"), Some(Ordering::Equal));
        check(("0.4", "ratio"), ("1%", ""), Some(Ordering::Greater));
        check(("0.945", "share of requests"), ("90% of requests", ""), Some(Ordering::Greater));
        check(("0.5", "ratio"), ("0.5", ""), None);
    }

    #[test]
    fn values_that_nothing_has_are_told() {
        let check = |number: &str, unit: &str, expect: bool| {
            let measure = Measure::new(Decimal::parse(number).unwrap(), unit).unwrap();
            assert_eq!(measure.impossible().is_some(), expect, "{number} {unit}");
        };
        check("100", "%", false);
        check("100.1", "%", true);
        check("1.01", "ratio", true);
        check("1", "ratio", false);
        check("-0.1", "percent", true);
        check("101", "pp", true);
        check("-5", "ms", true);
        check("0", "ms", false);
        check("-1", "bytes", true);
        check("-3", "requests/s", true);
        check("-1", "", true);
        check("-3.5", "", false);
        check("-3", "°C", false);
    }

    proptest::proptest! {
        #[test]
        fn times_compare_as_fractions_do(
            a in 0..10_000_000_u64, b in 0..10_000_000_u64, scale in 0..8_usize, other in 0..8_usize,
            unit in 0..6_usize, second in 0..6_usize
        ) {
            const UNITS: [(&str, i128); 6] =
                [("ns", 1), ("us", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
                 ("min", 60_000_000_000), ("h", 3_600_000_000_000)];
            let measure = |digits: u64, scale: usize, unit: usize| {
                let number = Decimal::new(digits.into(), -(scale as i32)).unwrap();
                Measure::new(number, UNITS[unit].0).unwrap()
            };
            // In nanoseconds, times ten to the power of seven: whole numbers.
            let exact = |digits: u64, scale: usize, unit: usize| {
                i128::from(digits) * UNITS[unit].1 * 10_i128.pow(7 - scale as u32)
            };
            let found = measure(a, scale, unit).compare(&measure(b, other, second));
            proptest::prop_assert_eq!(found, Some(exact(a, scale, unit).cmp(&exact(b, other, second))));
        }
    }

    #[test]
    fn what_is_no_value_is_not_read() {
        for text in ["", "about 5", "fast", "%", "5-8 ms", "1 000 ms", "1.2.3"] {
            assert_eq!(Measure::parse(text, None), None, "{text}");
        }
    }
}
