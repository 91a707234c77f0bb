//! Working days: the days of the week on which people work, without holidays.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::config::calendar::{Adjust, CalendarSettings, Holiday};
use crate::model::cadence::full_name;

/// When people work.
#[derive(Debug, Clone, Copy)]
pub struct WorkingCalendar<'c> {
    settings: &'c CalendarSettings,
}

/// Why nobody works on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOff<'c> {
    /// It is a day of the week on which nobody does.
    Weekend(Weekday),
    /// It is a holiday.
    Holiday(&'c Holiday),
}

/// So many days in a row may be off before no working day is looked for any more.
const LONGEST_BREAK: usize = 366;

impl<'c> WorkingCalendar<'c> {
    /// The working days that the configuration states.
    pub fn new(settings: &'c CalendarSettings) -> Self {
        WorkingCalendar { settings }
    }

    /// Why nobody works on a day; nothing if people do. A holiday is named even at the weekend.
    pub fn day_off(&self, day: NaiveDate) -> Option<DayOff<'c>> {
        let holiday = self.settings.holidays.iter().find(|holiday| holiday.is_on(day));
        let weekend = || !self.settings.working_days.contains(day.weekday());
        holiday.map(DayOff::Holiday).or_else(|| weekend().then(|| DayOff::Weekend(day.weekday())))
    }

    /// Whether people work on a day.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        self.day_off(day).is_none()
    }

    /// The first working day after a day, within a year.
    pub fn next(&self, day: NaiveDate) -> Option<NaiveDate> {
        day.iter_days().skip(1).take(LONGEST_BREAK).find(|day| self.is_working(*day))
    }

    /// The last working day before a day, within a year.
    pub fn previous(&self, day: NaiveDate) -> Option<NaiveDate> {
        day.iter_days().rev().skip(1).take(LONGEST_BREAK).find(|day| self.is_working(*day))
    }

    /// Where a milestone goes that is planned on a day.
    pub fn adjusted(&self, day: NaiveDate) -> NaiveDate {
        let other = match self.settings.adjust {
            _ if self.is_working(day) => None,
            Adjust::None => None,
            Adjust::Next => self.next(day),
            Adjust::Previous => self.previous(day),
        };
        other.unwrap_or(day)
    }

    /// The holidays that touch the days from `from` to `to`, as days with their holiday, by day.
    pub fn holidays(&self, from: NaiveDate, to: NaiveDate) -> Vec<(NaiveDate, NaiveDate, &'c Holiday)> {
        let mut found = Vec::new();
        for holiday in &self.settings.holidays {
            let length = holiday.to.signed_duration_since(holiday.from);
            let years = if holiday.yearly {
                from.year() - 1..=to.year()
            } else {
                holiday.from.year()..=holiday.from.year()
            };
            let firsts = years.filter(|year| *year >= holiday.from.year());
            let firsts = firsts.filter_map(|year| holiday.from.with_year(year));
            let spans = firsts.filter_map(|first| Some((first, first.checked_add_signed(length)?, holiday)));
            found.extend(spans.filter(|(first, last, _)| *first <= to && *last >= from));
        }
        found.sort_by(|a, b| (a.0, a.1, &a.2.name).cmp(&(b.0, b.1, &b.2.name)));
        // Two files may hold the same holiday.
        found.dedup_by(|a, b| (a.0, a.1, &a.2.name) == (b.0, b.1, &b.2.name));
        found
    }
}

impl std::fmt::Display for DayOff<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DayOff::Weekend(weekday) => write!(formatter, "a {}", full_name(*weekday)),
            DayOff::Holiday(holiday) => write!(formatter, "a holiday ({})", holiday.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn settings(holidays: &[(&str, &str)], adjust: Adjust) -> CalendarSettings {
        let span = Span::new(FileId(0), 0, 0);
        let holiday = |(from, to): &(&str, &str)| Holiday {
            name: "Break".into(),
            from: day(from),
            to: day(to),
            yearly: true,
            span,
        };
        let holidays = holidays.iter().map(holiday).collect();
        CalendarSettings { holidays, adjust, ..CalendarSettings::default() }
    }

    #[test]
    fn weekends_and_holidays_are_stepped_over() {
        // Christmas 2026 is a Friday.
        let settings = settings(&[("2026-12-25", "2026-12-26")], Adjust::Next);
        let calendar = WorkingCalendar::new(&settings);
        assert_eq!(calendar.next(day("2026-12-24")), Some(day("2026-12-28")));
        assert_eq!(calendar.previous(day("2026-12-27")), Some(day("2026-12-24")));
        assert_eq!(calendar.adjusted(day("2026-12-25")), day("2026-12-28"));
        assert_eq!(calendar.adjusted(day("2026-12-24")), day("2026-12-24"));
        assert_eq!(calendar.day_off(day("2026-12-27")), Some(DayOff::Weekend(Weekday::Sun)));
    }

    #[test]
    fn where_nobody_ever_works_nothing_moves() {
        let settings = settings(&[("2026-01-01", "2026-12-31")], Adjust::Previous);
        let calendar = WorkingCalendar::new(&settings);
        assert_eq!(calendar.next(day("2026-12-24")), None);
        assert_eq!(calendar.adjusted(day("2027-02-01")), day("2027-02-01"));
        assert_eq!(WorkingCalendar::new(&CalendarSettings::default()).next(NaiveDate::MAX), None);
    }

    #[test]
    fn holidays_of_a_time_are_listed_once() {
        let twice = settings(&[("2020-12-25", "2020-12-25"), ("2020-12-25", "2020-12-25")], Adjust::None);
        let calendar = WorkingCalendar::new(&twice);
        let found = calendar.holidays(day("2026-01-01"), day("2027-12-31"));
        let days: Vec<String> = found.iter().map(|(first, ..)| first.to_string()).collect();
        assert_eq!(days, ["2026-12-25", "2027-12-25"]);
    }

    proptest! {
        #[test]
        fn an_adjusted_day_is_a_working_day(days in 0..20_000_i32, next: bool, first in 1..360_u32, length in 0..20_u64) {
            let from = NaiveDate::from_yo_opt(2020, first).unwrap();
            let to = from + chrono::Days::new(length);
            let adjust = if next { Adjust::Next } else { Adjust::Previous };
            let settings = settings(&[(&from.to_string(), &to.to_string())], adjust);
            let calendar = WorkingCalendar::new(&settings);
            let day = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + chrono::Days::new(days as u64);
            let adjusted = calendar.adjusted(day);
            prop_assert!(calendar.is_working(adjusted));
            prop_assert!(adjusted == day || (adjusted > day) == next);
        }
    }
}
