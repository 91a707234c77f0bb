//! Lengths of time, and windows after a deployment, as plans write them.

use std::fmt;

use chrono::{Days, NaiveDate};

use super::threshold::Number;

/// A length of time in whole milliseconds.
///
/// A month is not a duration, because its length varies; neither is a length
/// that is no whole number of milliseconds. Every duration can be written in one
/// canonical form, which [`Display`](fmt::Display) gives and
/// [`parse`](Duration::parse) reads back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration {
    millis: u64,
}

impl Duration {
    /// The duration of this many milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Duration { millis }
    }

    /// Reads `5m`, `5 minutes`, `1h30m`, `1 h 30 min`, `1.5h`, `200ms`, `2 weeks`.
    ///
    /// Units run from long to short and each stands once. `None` stands for all
    /// that is no such text, a month, a fraction of a millisecond and more
    /// milliseconds than 64 bits hold among it.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        let mut total: u64 = 0;
        let mut previous = u64::MAX;
        while !rest.is_empty() {
            let (millis, unit, after) = take_part(rest)?;
            if unit.millis >= previous {
                return None;
            }
            total = total.checked_add(millis)?;
            (previous, rest) = (unit.millis, after);
        }
        (previous < u64::MAX).then_some(Duration { millis: total })
    }

    /// The length in milliseconds.
    pub const fn millis(self) -> u64 {
        self.millis
    }

    /// Whether the length is nothing.
    pub const fn is_zero(self) -> bool {
        self.millis == 0
    }

    /// The same length as the standard library's type.
    pub const fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_millis(self.millis)
    }

    /// The length as a sentence has it: `1 hour 30 minutes`.
    pub fn in_words(self) -> String {
        let words = |(count, unit): &(u64, &Unit)| {
            let plural = if *count == 1 { "" } else { "s" };
            format!("{count} {}{plural}", unit.word)
        };
        let parts: Vec<String> = self.parts().iter().map(words).collect();
        parts.join(" ")
    }

    /// The counts of the canonical form, from the longest unit to the shortest.
    fn parts(self) -> Vec<(u64, &'static Unit)> {
        if self.is_zero() {
            return vec![(0, &SECOND)];
        }
        // Thirty days read better than four weeks and two days, so weeks are
        // used only where nothing is left over; and `1500ms` reads better than
        // `1s500ms`, so seconds and milliseconds never stand together.
        if self.millis.is_multiple_of(WEEK.millis) {
            return vec![(self.millis / WEEK.millis, &WEEK)];
        }
        let whole_seconds = self.millis.is_multiple_of(SECOND.millis);
        let last = if whole_seconds { &SECOND } else { &MILLISECOND };
        split(self.millis, [&DAY, &HOUR, &MINUTE, last])
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (count, unit) in self.parts() {
            write!(formatter, "{count}{}", unit.short)?;
        }
        Ok(())
    }
}

/// Whether a word is a unit that [`Duration::parse`] knows.
pub(crate) fn is_time_unit(word: &str) -> bool {
    find_unit(word).is_some()
}

/// How many milliseconds a unit that [`Duration::parse`] knows has.
pub(crate) fn millis_of_unit(word: &str) -> Option<u64> {
    find_unit(word).map(|unit| unit.millis)
}

struct Unit {
    short: &'static str,
    word: &'static str,
    also: &'static [&'static str],
    millis: u64,
}

const WEEK: Unit = unit("w", "week", &["weeks", "wk", "wks"], 7 * 86_400_000);
const DAY: Unit = unit("d", "day", &["days"], 86_400_000);
const HOUR: Unit = unit("h", "hour", &["hours", "hr", "hrs"], 3_600_000);
const MINUTE: Unit = unit("m", "minute", &["minutes", "min", "mins"], 60_000);
const SECOND: Unit = unit("s", "second", &["seconds", "sec", "secs"], 1000);
const MILLISECOND: Unit = unit("ms", "millisecond", &["milliseconds", "msec", "msecs"], 1);
static UNITS: [Unit; 6] = [WEEK, DAY, HOUR, MINUTE, SECOND, MILLISECOND];

const fn unit(short: &'static str, word: &'static str, also: &'static [&'static str], millis: u64) -> Unit {
    Unit { short, word, also, millis }
}

impl Unit {
    fn is_called(&self, word: &str) -> bool {
        let mut names = [self.short, self.word].into_iter().chain(self.also.iter().copied());
        names.any(|name| name.eq_ignore_ascii_case(word))
    }
}

fn find_unit(word: &str) -> Option<&'static Unit> {
    // A capital M stands for months or millions as often as for minutes.
    if word == "M" {
        return None;
    }
    UNITS.iter().find(|unit| unit.is_called(word))
}

/// Takes one number and its unit off the front, and the blanks behind them.
fn take_part(text: &str) -> Option<(u64, &'static Unit, &str)> {
    let (number, rest) = Number::split(text)?;
    let (word, rest) = take_while(joined(rest.trim_start()), char::is_alphabetic);
    let unit = find_unit(word)?;
    Some((exact_millis(Number::parse(number).ok()?, unit)?, unit, rest.trim_start()))
}

/// What follows the hyphen of `2-hour`, where a whole word does.
fn joined(rest: &str) -> &str {
    let word = rest.strip_prefix('-').filter(|word| take_while(word, char::is_alphabetic).0.len() > 2);
    word.unwrap_or(rest)
}

fn take_while(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.split_at(end)
}

fn exact_millis(number: Number, unit: &Unit) -> Option<u64> {
    let (digits, scale) = number.parts();
    let parts = u128::from(u64::try_from(digits).ok()?) * u128::from(unit.millis);
    let scale = 10_u128.checked_pow(scale.into())?;
    parts.is_multiple_of(scale).then(|| u64::try_from(parts / scale).ok())?
}

fn split<const N: usize>(millis: u64, units: [&'static Unit; N]) -> Vec<(u64, &'static Unit)> {
    let mut left = millis;
    let counts = units.into_iter().map(|unit| {
        let count = left / unit.millis;
        left %= unit.millis;
        (count, unit)
    });
    counts.filter(|(count, _)| *count > 0).collect()
}

/// A stretch of time, counted from an event such as the end of a deployment.
///
/// It begins no later than it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    from: Duration,
    to: Duration,
}

impl Window {
    /// The window between two times after the event.
    ///
    /// # Errors
    ///
    /// [`WindowError::Reversed`] if it would end before it begins.
    pub fn new(from: Duration, to: Duration) -> Result<Self, WindowError> {
        if to < from {
            return Err(WindowError::Reversed { from, to });
        }
        Ok(Window { from, to })
    }

    /// The last day on which it may still be open after an event on a day whose time is not said.
    pub fn last_day(self, event: NaiveDate) -> Option<NaiveDate> {
        const DAY: u64 = 86_400_000;
        event.checked_add_days(Days::new(self.to.millis().div_ceil(DAY)))
    }

    /// Reads `0h..2h`, `2h-8h`, `2h–8h`, `0-2 hours`, `0 to 2 hours`.
    ///
    /// A bare number at the front takes the unit that the end begins with.
    ///
    /// # Errors
    ///
    /// The first reason why the text is no window.
    pub fn parse(text: &str) -> Result<Self, WindowError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(WindowError::Empty);
        }
        let (start, end) = split_ends(text).ok_or(WindowError::MissingEnd)?;
        let to = Duration::parse(end).ok_or_else(|| WindowError::UnknownEnd(end.to_owned()))?;
        let from = parse_start(start, end).ok_or_else(|| WindowError::UnknownStart(start.to_owned()))?;
        Window::new(from, to)
    }

    /// When the window begins, counted from the event.
    pub const fn from(self) -> Duration {
        self.from
    }

    /// When the window ends, counted from the event; never before it begins.
    pub const fn to(self) -> Duration {
        self.to
    }
}

impl fmt::Display for Window {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing has no unit of its own; `0h..2h` reads better than `0s..2h`.
        if let (true, Some((_, unit))) = (self.from.is_zero(), self.to.parts().first()) {
            return write!(formatter, "0{}..{}", unit.short, self.to);
        }
        write!(formatter, "{}..{}", self.from, self.to)
    }
}

/// Why a text is no [`Window`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WindowError {
    /// There is no text.
    Empty,
    /// There is one time only.
    MissingEnd,
    /// What stands before the dots is no duration.
    UnknownStart(String),
    /// What stands behind the dots is no duration.
    UnknownEnd(String),
    /// The window ends before it begins.
    Reversed {
        /// The beginning, as written.
        from: Duration,
        /// The end, as written.
        to: Duration,
    },
}

impl fmt::Display for WindowError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(formatter, "empty window; write `0h..2h`"),
            Self::MissingEnd => {
                write!(formatter, "a window needs a start and an end; write `0h..2h`")
            }
            Self::UnknownStart(text) => {
                write!(formatter, "the window starts at `{text}`, which is not a duration such as `2h`")
            }
            Self::UnknownEnd(text) => {
                write!(formatter, "the window ends at `{text}`, which is not a duration such as `8h`")
            }
            Self::Reversed { from, to } => {
                let turned = Window { from: *to, to: *from };
                write!(formatter, "the window ends before it starts; write `{turned}`")
            }
        }
    }
}

impl std::error::Error for WindowError {}

fn split_ends(text: &str) -> Option<(&str, &str)> {
    let (start, end) =
        ["..", "–", "—", "-", " to "].iter().find_map(|separator| text.split_once(separator))?;
    Some((start.trim(), end.trim()))
}

fn parse_start(start: &str, end: &str) -> Option<Duration> {
    Duration::parse(start).or_else(|| {
        let unit = end.trim_start_matches(|c: char| !c.is_alphabetic());
        let (unit, _) = take_while(unit, char::is_alphabetic);
        Duration::parse(&format!("{start} {unit}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: Option<(u64, &str)>) {
        let found = Duration::parse(text).map(|found| (found.millis(), found.to_string()));
        let expect = expect.map(|(millis, canonical)| (millis, canonical.to_owned()));
        assert_eq!(found, expect, "{text:?}");
    }

    fn check_window(text: &str, expect: Result<&str, &str>) {
        let found = Window::parse(text).map(|window| window.to_string());
        let found = found.map_err(|error| error.to_string());
        let found = found.as_deref().map_err(String::as_str);
        assert_eq!(found, expect, "{text:?}");
    }

    #[test]
    fn durations_are_read_in_every_spelling() {
        check("5m", Some((300_000, "5m")));
        check(" 5 min ", Some((300_000, "5m")));
        check("5 Minutes", Some((300_000, "5m")));
        check("90s", Some((90_000, "1m30s")));
        check("1h30m", Some((5_400_000, "1h30m")));
        check("1 h 30 min", Some((5_400_000, "1h30m")));
        check("1.5h", Some((5_400_000, "1h30m")));
        check("200ms", Some((200, "200ms")));
        check("1500 ms", Some((1500, "1500ms")));
        check("3d", Some((259_200_000, "3d")));
        check("2 weeks", Some((1_209_600_000, "2w")));
        check("30 days", Some((2_592_000_000, "30d")));
        check("48h", Some((172_800_000, "2d")));
        check("0h", Some((0, "0s")));
    }

    #[test]
    fn what_has_no_exact_length_is_no_duration() {
        for text in ["", " ", "5", "m", "5 months", "1 month", "5M", "0.5ms", "five minutes"] {
            check(text, None);
        }
        for text in ["30m1h", "1h1h", "1,5h", "-5m", ".5h", "1.h", "1..5h", "5m,"] {
            check(text, None);
        }
        check("99999999999999999999999999h", None);
        check("18446744073709551615h", None);
        check(&format!("0.{}h", "0".repeat(99)), None);
    }

    #[test]
    fn durations_are_spoken() {
        let words = |text| Duration::parse(text).unwrap().in_words();
        assert_eq!(words("90m"), "1 hour 30 minutes");
        assert_eq!(words("1d"), "1 day");
    }

    #[test]
    fn windows_are_read_in_every_spelling() {
        check_window("0h..2h", Ok("0h..2h"));
        check_window("0-2 hours", Ok("0h..2h"));
        check_window("2h–8h", Ok("2h..8h"));
        check_window("2 to 8 hours", Ok("2h..8h"));
        check_window("30 min - 2 h", Ok("30m..2h"));
        check_window("0m..1h30m", Ok("0h..1h30m"));
        check_window("0s..0s", Ok("0s..0s"));
    }

    #[test]
    fn windows_say_what_is_wrong_with_them() {
        check_window("", Err("empty window; write `0h..2h`"));
        check_window("2h", Err("a window needs a start and an end; write `0h..2h`"));
        check_window("8h..2h", Err("the window ends before it starts; write `2h..8h`"));
        check_window("2h..0h", Err("the window ends before it starts; write `0h..2h`"));
        check_window(
            "2h..1 month",
            Err("the window ends at `1 month`, which is not a duration such as `8h`"),
        );
        check_window("soon..2h", Err("the window starts at `soon`, which is not a duration such as `2h`"));
    }

    proptest! {
        #[test]
        fn the_canonical_form_reads_back(millis: u64) {
            let duration = Duration::from_millis(millis);
            prop_assert_eq!(Duration::parse(&duration.to_string()), Some(duration));
        }

        #[test]
        fn the_spoken_form_reads_back(millis: u64) {
            let duration = Duration::from_millis(millis);
            prop_assert_eq!(Duration::parse(&duration.in_words()), Some(duration));
        }

        #[test]
        fn windows_read_back(from: u64, length in 0..=u64::from(u32::MAX)) {
            let to = from.saturating_add(length);
            let window = Window::new(Duration::from_millis(from), Duration::from_millis(to));
            prop_assert_eq!(Window::parse(&window.clone().unwrap().to_string()), window);
        }

        #[test]
        fn no_text_is_too_much(text in r"[0-9.hmswd \-–]{0,30}|\PC*") {
            let _ = (Duration::parse(&text), Window::parse(&text));
        }
    }
}
