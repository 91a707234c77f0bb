//! What belongs into a calendar.

use chrono::{DateTime, NaiveDate, Utc};

use super::Tone;

/// Entries of a calendar, as programs for calendars take them and as an agenda.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Events {
    /// What they have in common.
    pub caption: String,
    /// The entries, by time.
    pub events: Vec<Event>,
}

/// An entry of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name for ever: the same thing has the same one in the next run, whatever its day or title.
    pub uid: String,
    /// When it is.
    pub when: When,
    /// A short description.
    pub summary: String,
    /// What it is, at length.
    pub description: String,
    /// Words to filter by: the release, the kind.
    pub categories: Vec<String>,
    /// What it means.
    pub tone: Tone,
}

/// When an entry of a calendar is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Whole days, wherever the reader is.
    Days {
        /// The first.
        start: NaiveDate,
        /// The day after the last.
        end: NaiveDate,
    },
    /// A stretch of time, the same for all readers.
    Time {
        /// When it begins.
        start: DateTime<Utc>,
        /// When it is over.
        end: DateTime<Utc>,
        /// The beginning as people on the spot call it: `2027-03-01 09:00 Europe/Berlin`.
        shown: String,
    },
}

impl When {
    /// One whole day.
    pub fn day(day: NaiveDate) -> Self {
        When::Days { start: day, end: day.succ_opt().unwrap_or(day) }
    }

    /// The day on which it begins; for a time, the day in UTC.
    pub fn first_day(&self) -> NaiveDate {
        match self {
            When::Days { start, .. } => *start,
            When::Time { start, .. } => start.date_naive(),
        }
    }
}

/// A month as a grid of days; weeks begin on Monday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Any day of the month.
    pub of: NaiveDate,
    /// The days that have something to them, by date; the others are plain.
    pub days: Vec<MonthDay>,
}

/// A day of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthDay {
    /// Which.
    pub date: NaiveDate,
    /// Whether nobody works: a holiday, a freeze. Weekends need not be said.
    pub off: bool,
    /// What happens, each with what it means.
    pub marks: Vec<(Tone, String)>,
}
