//! Moments counted from a release: `3 weeks before`, `48 hours before release`, `release date`.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

use super::defect::DefectKind;
use super::duration::Duration;
use super::reader::read_date;

/// A moment counted from a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Offset {
    /// On which side of the release.
    pub direction: Direction,
    /// How far from it.
    pub length: Length,
}

/// The side of a release that a moment lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Earlier.
    Before,
    /// Later.
    After,
}

/// How far a moment is from a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// Days of the calendar, of which a week has seven.
    Days(u32),
    /// Months of the calendar, of which a year has twelve.
    Months(u32),
    /// Hours and minutes of the clock.
    Clock(Duration),
}

/// What a plan writes for a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// A day.
    Day(NaiveDate),
    /// A moment counted from the release.
    Offset(Offset),
    /// A week counted from that of the release, or a day of it: `R-20 Thursday`.
    Week(Week),
    /// A whole week counted from that of the release: `week of R-20`.
    WholeWeek(Week),
    /// Several days: `2026-06-18 to 2026-06-19`.
    Days(NaiveDate, NaiveDate),
}

/// A week counted from the week of a release, as OpenStack counts: `R-20`, `R+1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Week {
    /// How many weeks after the week of the release; before it if negative.
    pub weeks: i32,
    /// The day of that week; the weekday of the release if absent.
    pub weekday: Option<Weekday>,
}

/// What a milestone or a communication may be counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timing<'t> {
    /// The calendar, or the release.
    When(When),
    /// Another milestone of the release, by the name that is written.
    Milestone(Offset, &'t str),
    /// Never: the release goes without it.
    Never,
}

/// Why a text says no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenError {
    /// It is neither a day nor an offset.
    NotUnderstood,
    /// It is a day that no calendar has.
    ImpossibleDate {
        /// The day with day and month swapped, if that one exists.
        swapped: Option<NaiveDate>,
    },
    /// It is a day of another weekday than is written.
    WrongWeekday {
        /// The day.
        day: NaiveDate,
        /// The weekday that is written.
        stated: Weekday,
    },
    /// Its last day comes before its first.
    Reversed,
}

impl From<DefectKind> for WhenError {
    fn from(defect: DefectKind) -> Self {
        match defect {
            DefectKind::ImpossibleDate { swapped } => WhenError::ImpossibleDate { swapped },
            DefectKind::WrongWeekday { day, stated } => WhenError::WrongWeekday { day, stated },
            _ => WhenError::NotUnderstood,
        }
    }
}

const BEFORE: &[&str] = &["before", "prior", "ahead", "earlier"];
const AFTER: &[&str] = &["after", "later"];

/// What is written for a milestone that a release goes without.
const NEVER: &[&str] = &["none", "false", "never", "no"];

/// What an offset is counted from; all of them mean the release.
const ANCHORS: &[&str] = &[
    "",
    "release",
    "release date",
    "release day",
    "production",
    "production release",
    "launch",
    "launch day",
    "go-live",
    "deployment",
];

impl Offset {
    /// The day of the release itself.
    pub const RELEASE_DAY: Offset = Offset { direction: Direction::After, length: Length::Days(0) };

    /// Reads `3 weeks before`, `48 hours before release`, `2 weeks after`, `T-3d`, `release date`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        if let Some(behind) = text.strip_prefix('t') {
            let (sign, length) = behind.split_at_checked(1)?;
            match sign {
                "-" => return Offset::new(Direction::Before, length),
                "+" => return Offset::new(Direction::After, length),
                _ => {}
            }
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let side = words.iter().position(|word| BEFORE.contains(word) || AFTER.contains(word));
        match side {
            Some(at) if is_release(&words[at + 1..]) => {
                let before = BEFORE.contains(&words[at]);
                let direction = if before { Direction::Before } else { Direction::After };
                Offset::new(direction, &words[..at].join(" "))
            }
            None if !words.is_empty() && is_release(&words) => Some(Offset::RELEASE_DAY),
            _ => None,
        }
    }

    fn new(direction: Direction, length: &str) -> Option<Self> {
        Some(Offset { direction, length: Length::parse(length)? })
    }

    /// The moment itself, for a release that begins with the day `release`.
    pub fn moment(self, release: NaiveDate) -> Option<NaiveDateTime> {
        let start = release.and_time(NaiveTime::MIN);
        let before = self.direction == Direction::Before;
        match self.length {
            Length::Days(days) if before => start.checked_sub_days(Days::new(days.into())),
            Length::Days(days) => start.checked_add_days(Days::new(days.into())),
            Length::Months(months) if before => start.checked_sub_months(Months::new(months)),
            Length::Months(months) => start.checked_add_months(Months::new(months)),
            Length::Clock(time) => {
                let time = TimeDelta::try_milliseconds(i64::try_from(time.millis()).ok()?)?;
                if before { start.checked_sub_signed(time) } else { start.checked_add_signed(time) }
            }
        }
    }
}

/// Whether words such as `the release date` name the release.
fn is_release(words: &[&str]) -> bool {
    let small = |word: &&&str| !matches!(**word, "the" | "to" | "of" | "on" | "at");
    let rest: Vec<&str> = words.iter().filter(small).copied().collect();
    ANCHORS.contains(&rest.join(" ").as_str())
}

impl Length {
    fn parse(text: &str) -> Option<Self> {
        let text = with_digits(text.trim());
        if let Some(months) = months(&text) {
            return Some(Length::Months(months));
        }
        let time = Duration::parse(&text)?;
        let mut units = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|unit| !unit.is_empty());
        let calendar = units.all(|unit| unit.starts_with(['w', 'd']));
        let days = time.millis() / DAY;
        match u32::try_from(days) {
            Ok(days) if calendar && time.millis().is_multiple_of(DAY) => Some(Length::Days(days)),
            _ => Some(Length::Clock(time)),
        }
    }
}

/// A day in milliseconds.
const DAY: u64 = 86_400_000;

/// `one week` with a number that is no word.
fn with_digits(text: &str) -> String {
    const NUMBERS: [&str; 12] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let number = match first {
        "a" | "an" => Some(1),
        word => NUMBERS.iter().position(|number| *number == word).map(|at| at + 1),
    };
    number.map_or_else(|| text.to_owned(), |number| format!("{number} {rest}"))
}

fn months(text: &str) -> Option<u32> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let length = match unit.trim_start() {
        "month" | "months" => 1,
        "year" | "years" => 12,
        _ => return None,
    };
    number.parse::<u32>().ok()?.checked_mul(length)
}

impl fmt::Display for Offset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Offset::RELEASE_DAY {
            return formatter.write_str("release date");
        }
        let count = |count: u32, unit: &str| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
        let length = match self.length {
            Length::Days(days) if days > 0 && days.is_multiple_of(7) => count(days / 7, "week"),
            Length::Days(days) => count(days, "day"),
            Length::Months(months) => count(months, "month"),
            Length::Clock(time) => hours(time),
        };
        let side = if self.direction == Direction::Before { "before" } else { "after" };
        write!(formatter, "{length} {side}")
    }
}

/// `48 hours`, which people write and which is not `2 days` of the calendar.
fn hours(time: Duration) -> String {
    const HOUR: u64 = 3_600_000;
    match time.millis() / HOUR {
        hours if hours > 1 && time.millis().is_multiple_of(HOUR) => format!("{hours} hours"),
        _ => time.in_words(),
    }
}

impl Week {
    /// Reads `R-20`, `R+1`, `R-20 Thursday`, `Thursday of R-20`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase().replace(" of ", " ");
        let words: Vec<&str> = text.split_whitespace().collect();
        let (weekday, week) = match words.as_slice() {
            [week] => (None, *week),
            [first, second] if first.starts_with("r-") || first.starts_with("r+") => (Some(*second), *first),
            [first, second] => (Some(*first), *second),
            _ => return None,
        };
        let digits = week.strip_prefix("r+").or_else(|| week.strip_prefix("r-"))?;
        let weeks: i32 = digits.parse::<u16>().ok().filter(|_| !digits.starts_with('+'))?.into();
        let weekday = weekday.map(str::parse).transpose().ok()?;
        Some(Week { weeks: if week.starts_with("r-") { -weeks } else { weeks }, weekday })
    }

    /// Reads `week of R-20`, `R-20 week`, `week R-20`.
    fn parse_whole(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let week = text.strip_prefix("week of ").or_else(|| text.strip_prefix("week "));
        let week = week.or_else(|| text.strip_suffix(" week"))?;
        Week::parse(week).filter(|week| week.weekday.is_none())
    }

    /// The Monday of the week; weeks begin with it (ISO 8601).
    fn first_day(self, release: NaiveDate) -> Option<NaiveDate> {
        Week { weekday: Some(Weekday::Mon), ..self }.day(release)
    }

    /// The day itself; weeks begin on Monday (ISO 8601).
    pub fn day(self, release: NaiveDate) -> Option<NaiveDate> {
        let same_weekday = release.checked_add_signed(TimeDelta::try_weeks(self.weeks.into())?)?;
        let Some(weekday) = self.weekday else { return Some(same_weekday) };
        let monday =
            same_weekday.checked_sub_days(Days::new(same_weekday.weekday().num_days_from_monday().into()))?;
        monday.checked_add_days(Days::new(weekday.num_days_from_monday().into()))
    }
}

impl fmt::Display for Week {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "R{:+}", self.weeks)?;
        match self.weekday {
            Some(weekday) => write!(formatter, " {}", super::cadence::full_name(weekday)),
            None => Ok(()),
        }
    }
}

impl<'t> Timing<'t> {
    /// Reads what [`When`] reads, `2 days after code freeze`, and `none`.
    ///
    /// # Errors
    ///
    /// Those of [`When::parse`].
    pub fn parse(text: &'t str) -> Result<Self, WhenError> {
        if NEVER.iter().any(|never| text.trim().eq_ignore_ascii_case(never)) {
            return Ok(Timing::Never);
        }
        When::parse(text).map(Timing::When).or_else(|error| Timing::of_milestone(text).ok_or(error))
    }

    fn of_milestone(text: &'t str) -> Option<Self> {
        let is_side = |word: &str| BEFORE.iter().chain(AFTER).any(|side| word.eq_ignore_ascii_case(side));
        let side = text.split_whitespace().find(|word| is_side(word))?;
        let at = text.find(side)? + side.len();
        let (offset, name) = text.split_at_checked(at)?;
        let name = name.trim();
        let name = name.strip_prefix("the ").unwrap_or(name).trim();
        // `3.14.0b1` is the name of a milestone, and `2 days` is none.
        let named = name.contains(char::is_alphabetic) && Length::parse(name).is_none();
        Some(Timing::Milestone(Offset::parse(offset)?, name)).filter(|_| named)
    }
}

impl When {
    /// Reads a day, several days, an offset or a week.
    ///
    /// # Errors
    ///
    /// It is none of these, or a day that no calendar has.
    pub fn parse(text: &str) -> Result<Self, WhenError> {
        if let Some(offset) = Offset::parse(text) {
            return Ok(When::Offset(offset));
        }
        if let Some(week) = Week::parse(text) {
            return Ok(When::Week(week));
        }
        if let Some(week) = Week::parse_whole(text) {
            return Ok(When::WholeWeek(week));
        }
        if let Some((first, last)) = ends(text) {
            let (first, last) = (read_date(first)?, read_date(last)?);
            return if first <= last { Ok(When::Days(first, last)) } else { Err(WhenError::Reversed) };
        }
        Ok(When::Day(read_date(text)?))
    }

    /// The moment itself, or the first day of several; a day begins at midnight. An offset needs the day of the
    /// release.
    pub fn moment(self, release: Option<NaiveDate>) -> Option<NaiveDateTime> {
        let day = match self {
            When::Offset(offset) => return offset.moment(release?),
            When::Day(day) | When::Days(day, _) => Some(day),
            When::Week(week) => week.day(release?),
            When::WholeWeek(week) => week.first_day(release?),
        };
        day.map(|day| day.and_time(NaiveTime::MIN))
    }

    /// The last day of several; nothing for one day.
    pub fn last_day(self, release: Option<NaiveDate>) -> Option<NaiveDate> {
        match self {
            When::Days(_, last) => Some(last),
            When::WholeWeek(week) => week.first_day(release?)?.checked_add_days(Days::new(6)),
            _ => None,
        }
    }

    /// The same for a milestone whose name says that it is a week: `RC target week` at `R-3` lasts all of it.
    #[must_use]
    pub fn of(self, name: &str) -> Self {
        let is_week = name.split(|c: char| !c.is_alphabetic()).any(|word| word.eq_ignore_ascii_case("week"));
        match self {
            When::Week(week @ Week { weekday: None, .. }) if is_week => When::WholeWeek(week),
            when => when,
        }
    }

    /// Whether it is one day of the calendar, or several.
    pub fn is_dated(self) -> bool {
        matches!(self, When::Day(_) | When::Days(..))
    }
}

/// The two ends of `2026-06-18 to 2026-06-19`, `2026-06-18..2026-06-19` and `2026-06-18 – 2026-06-19`.
fn ends(text: &str) -> Option<(&str, &str)> {
    let split = [" to ", " until ", " through ", "..", "–", "—", " - ", "/"];
    let (first, last) = split.iter().find_map(|between| text.split_once(between))?;
    let is_date = |text: &str| read_date(text).is_ok();
    // Where neither end is a day, the text means something else.
    (is_date(first) || is_date(last)).then(|| (first.trim(), last.trim_start_matches('.').trim()))
}

/// Whether words that say no moment name an occasion, during the release or after it, or say how often:
/// `during rollout`, `daily`.
pub fn is_occasion(when: &str) -> bool {
    let first = when.split_whitespace().next().unwrap_or("").to_ascii_lowercase();
    ["during", "after", "while", "daily", "hourly", "weekly", "every", "once", "throughout"]
        .contains(&first.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: Option<(&str, &str)>) {
        let release = NaiveDate::from_ymd_opt(2027, 3, 1).expect("a day");
        let found = Offset::parse(text).map(|offset| {
            let moment = offset.moment(release).expect("a moment");
            (offset.to_string(), moment.format("%F %R").to_string())
        });
        let expect = expect.map(|(canonical, moment)| (canonical.to_owned(), moment.to_owned()));
        assert_eq!(found, expect, "{text:?}");
    }

    #[test]
    fn offsets_are_read_in_every_spelling() {
        check("3 weeks before", Some(("3 weeks before", "2027-02-08 00:00")));
        check(" 3 Weeks Before Release ", Some(("3 weeks before", "2027-02-08 00:00")));
        check("one week prior to the release date", Some(("1 week before", "2027-02-22 00:00")));
        check("10d before go-live", Some(("10 days before", "2027-02-19 00:00")));
        check("2 days ahead of launch", Some(("2 days before", "2027-02-27 00:00")));
        check("48 hours before release", Some(("48 hours before", "2027-02-27 00:00")));
        check("36h before", Some(("36 hours before", "2027-02-27 12:00")));
        check("90 minutes after", Some(("1 hour 30 minutes after", "2027-03-01 01:30")));
        check("2 weeks after", Some(("2 weeks after", "2027-03-15 00:00")));
        check("1 week after release", Some(("1 week after", "2027-03-08 00:00")));
        check("T-3w", Some(("3 weeks before", "2027-02-08 00:00")));
        check("T+48h", Some(("48 hours after", "2027-03-03 00:00")));
        check("1 month before", Some(("1 month before", "2027-02-01 00:00")));
        check("1 year after", Some(("12 months after", "2028-03-01 00:00")));
    }

    #[test]
    fn the_release_itself_has_names() {
        for text in ["release date", "Release Date", "release", "on the release day", "go-live"] {
            check(text, Some(("release date", "2027-03-01 00:00")));
        }
    }

    #[test]
    fn what_is_counted_from_something_else_is_no_offset() {
        for text in
            ["", "soon", "3 weeks", "before", "before release", "3 weeks before code freeze", "t", "T-"]
        {
            check(text, None);
        }
        for text in ["during rollout", "weeks before", "-3 weeks before", "3 before", "2027-03-01", "T-soon"]
        {
            check(text, None);
        }
    }

    #[test]
    fn a_moment_may_be_a_day() {
        let day = |text| NaiveDate::parse_from_str(text, "%F").ok();
        assert_eq!(When::parse("2027-03-01").ok(), day("2027-03-01").map(When::Day));
        assert_eq!(When::parse("release date"), Ok(When::Offset(Offset::RELEASE_DAY)));
        assert_eq!(When::parse("soon"), Err(WhenError::NotUnderstood));
        let swapped = day("2027-01-30");
        assert_eq!(When::parse("2027-30-01"), Err(WhenError::ImpossibleDate { swapped }));
    }

    #[test]
    fn weeks_are_counted_as_openstack_counts() {
        // 2025.1 Epoxy went out on Wednesday of R+0.
        let release = NaiveDate::from_ymd_opt(2025, 4, 2).expect("a day");
        let check = |text: &str, expect: Option<&str>| {
            let day = Week::parse(text).and_then(|week| week.day(release));
            assert_eq!(day.map(|day| day.to_string()).as_deref(), expect, "{text:?}");
        };
        check("R-20 Thursday", Some("2024-11-14"));
        check("Thursday of R-20", Some("2024-11-14"));
        check("r-25 mon", Some("2024-10-07"));
        check("R-3", Some("2025-03-12"));
        check("R+1", Some("2025-04-09"));
        check("R+0", Some("2025-04-02"));
        for text in
            ["", "R", "R-", "R--3", "R-+3", "R-3 Caturday", "R-99999", "Q-3", "Thursday", "R-3 Mon Tue"]
        {
            check(text, None);
        }
    }

    #[test]
    fn a_moment_may_be_counted_from_a_milestone() {
        let check = |text, expect: Option<(&str, &str)>| {
            let found = match Timing::parse(text) {
                Ok(Timing::Milestone(offset, name)) => Some((offset.to_string(), name)),
                _ => None,
            };
            let found = found.as_ref().map(|(offset, name)| (offset.as_str(), *name));
            assert_eq!(found, expect, "{text:?}");
        };
        check("2 days after code freeze", Some(("2 days after", "code freeze")));
        check("1 week before the Release Candidate", Some(("1 week before", "Release Candidate")));
        check("3 weeks before release", None);
        check("before code freeze", None);
        check("soon after code freeze", None);
        check("2 days after 2 days", None);
        check("0 days after 3.14.0b1", Some(("release date", "3.14.0b1")));
    }

    proptest! {
        #[test]
        fn the_canonical_form_reads_back(number in 0..10_000_u32, unit in 0..4_usize, before: bool) {
            let unit = ["days", "weeks", "months", "hours"][unit];
            let side = if before { "before" } else { "after" };
            let offset = Offset::parse(&format!("{number} {unit} {side}")).unwrap();
            let day = NaiveDate::from_ymd_opt(2027, 3, 1).unwrap();
            let again = Offset::parse(&offset.to_string()).unwrap();
            prop_assert_eq!(again.moment(day), offset.moment(day));
        }

        #[test]
        fn no_text_is_too_much(text in r"[tT]?[-+]?[0-9]{0,12} ?(days|months|h)? ?(before|after)?|R[-+][0-9]{1,6}( [a-z]{3})?|\PC*") {
            let release = NaiveDate::MAX;
            let _ = When::parse(&text).map(|when| when.moment(Some(release)));
            let _ = Timing::parse(&text);
        }
    }
}
