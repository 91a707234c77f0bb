//! Days on which nobody works.

use chrono::{Datelike, NaiveDate};

use super::read_days;
use crate::model::field::{Field, Shape};
use crate::model::order::Order;
use crate::model::reader::Reader;
use crate::source::Span;

/// A holiday, or several days of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// Its name.
    pub name: String,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// Whether it comes again on the same day of every year.
    pub yearly: bool,
    /// Where it is declared: in `relplan.toml`, or in an iCalendar file.
    pub span: Span,
}

impl Holiday {
    /// Whether a day is part of it. 29 February comes in leap years only (RFC 5545, 3.3.10).
    pub fn is_on(&self, day: NaiveDate) -> bool {
        if !self.yearly {
            return self.from <= day && day <= self.to;
        }
        // A holiday may reach over the end of a year.
        let begins = |year| self.from.with_year(year).filter(|_| year >= self.from.year());
        let days = self.to.signed_duration_since(self.from);
        let mut firsts = [day.year(), day.year() - 1].into_iter().filter_map(begins);
        firsts.any(|from| from <= day && day.signed_duration_since(from) <= days)
    }
}

/// The keys of `[[calendar.holidays]]`.
pub(super) const FIELDS: &[Field] = &[
    Field::new("name", Shape::Text, "Name of the holiday.").asks(Order::Nothing),
    Field::new("date", Shape::Date, "The day, or the first day.").asks(Order::Nothing),
    Field::new("to", Shape::Date, "The last day, if it lasts longer.").asks(Order::Nothing),
    Field::new("yearly", Shape::Flag, "Whether it recurs on the same day every year.").asks(Order::Yes),
];

/// Reads every `[[calendar.holidays]]` table.
pub(super) fn read(table: &mut Reader<'_>) -> Vec<Holiday> {
    let mut holidays = Vec::new();
    for (mut inner, span) in table.structures("holidays") {
        let name = inner.text("name");
        let yearly = inner.flag("yearly").is_some_and(|flag| flag.value.value);
        let place = name.as_ref().map_or(span, |name| name.span);
        if let Some((from, to)) = read_days(&mut inner, place, "date", "`date = 2027-12-25`") {
            let name = name.map_or_else(|| "holiday".to_owned(), |name| name.value.into_owned());
            holidays.push(Holiday { name, from, to, yearly, span: place });
        }
        table.absorb(inner, &[FIELDS]);
    }
    holidays
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn check(from: &str, to: &str, yearly: bool, day: &str, expect: bool) {
        let read = |text: &str| text.parse().expect("a day");
        let span = Span::new(FileId(0), 0, 0);
        let holiday = Holiday { name: "day".into(), from: read(from), to: read(to), yearly, span };
        assert_eq!(holiday.is_on(read(day)), expect, "{from}..{to} on {day}");
    }

    #[test]
    fn a_holiday_comes_once_or_every_year() {
        check("2026-12-25", "2026-12-25", false, "2026-12-25", true);
        check("2026-12-25", "2026-12-25", false, "2027-12-25", false);
        check("2026-12-25", "2026-12-25", true, "2027-12-25", true);
        check("2026-12-25", "2026-12-25", true, "2025-12-25", false);
    }

    #[test]
    fn it_may_reach_over_the_end_of_a_year() {
        check("2026-12-24", "2027-01-01", true, "2027-12-24", true);
        check("2026-12-24", "2027-01-01", true, "2028-01-01", true);
        check("2026-12-24", "2027-01-01", true, "2028-01-02", false);
        check("2026-12-24", "2027-01-01", true, "2026-01-01", false);
    }

    #[test]
    fn the_leap_day_comes_in_leap_years() {
        check("2024-02-29", "2024-02-29", true, "2028-02-29", true);
        check("2024-02-29", "2024-02-29", true, "2027-02-28", false);
        check("2024-02-29", "2024-02-29", true, "2027-03-01", false);
    }
}
