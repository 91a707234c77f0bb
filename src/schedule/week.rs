//! The weeks that schedules publish beside their dates.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, IsoWeek, NaiveDate};

use super::{Milestone, Planned};
use crate::model::offset::Week;

/// A week as it is published beside a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatedWeek {
    /// A week of the cycle, which begins with week 1.
    OfCycle(i64),
    /// A week counted from that of the release: `R-5`.
    OfRelease(i32),
    /// A week of the year (ISO 8601): `2027-W08`, `W08`.
    OfYear(Option<i32>, u32),
}

/// A milestone in another week than is stated.
#[derive(Debug)]
pub struct WrongWeek<'m, 'p> {
    /// The milestone.
    pub milestone: &'m Milestone<'p>,
    /// The week in which its day is, in the words of the one that is stated.
    pub found: String,
    /// The first and the last day of the week that is stated, where they are known.
    pub days: Option<(NaiveDate, NaiveDate)>,
}

impl StatedWeek {
    /// Reads `4`, `week 4`, `R-5`, `W08`, `2027-W08`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let bare = text.strip_prefix("week ").map_or(&*text, str::trim);
        if let Some(week) = Week::parse(bare).filter(|week| week.weekday.is_none()) {
            return Some(StatedWeek::OfRelease(week.weeks));
        }
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
        if digits(bare) {
            return bare.parse().ok().filter(|week| (1..=999).contains(week)).map(StatedWeek::OfCycle);
        }
        let (year, week) = bare.rsplit_once('w')?;
        let year = match year.trim_end_matches('-') {
            "" => None,
            year => Some(year.parse().ok().filter(|_| digits(year) && year.len() == 4)?),
        };
        let week = week.parse().ok().filter(|number| digits(week) && (1..=53).contains(number))?;
        Some(StatedWeek::OfYear(year, week))
    }
}

/// The milestones of a release that are in another week than is stated for them.
///
/// The weeks of a cycle are counted from the one that agrees with the most milestones, so that a date that is wrong does
/// not make all others wrong.
pub fn wrong_weeks<'m, 'p>(planned: &'m Planned<'p>) -> Vec<WrongWeek<'m, 'p>> {
    let release = planned.release.date.map(|date| monday(date.value));
    let stated: Vec<(&Milestone<'p>, StatedWeek)> = planned.milestones.iter().filter_map(stated).collect();
    let first = first_week(&stated);
    stated.into_iter().filter_map(|(milestone, week)| wrong(milestone, week, release, first)).collect()
}

fn stated<'m, 'p>(milestone: &'m Milestone<'p>) -> Option<(&'m Milestone<'p>, StatedWeek)> {
    let week = milestone.record()?.week.as_ref()?;
    Some((milestone, StatedWeek::parse(&week.value)?))
}

/// The Monday of week 1 of the cycle; of several, the one that the most milestones agree on, or else the first.
fn first_week(stated: &[(&Milestone<'_>, StatedWeek)]) -> Option<NaiveDate> {
    let mut votes: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    for (milestone, week) in stated {
        if let StatedWeek::OfCycle(number) = week
            && let Some(first) = weeks_before(monday(milestone.day), number - 1)
        {
            *votes.entry(first).or_insert(0) += 1;
        }
    }
    votes.into_iter().rev().max_by_key(|(_, votes)| *votes).map(|(first, _)| first)
}

fn wrong<'m, 'p>(
    milestone: &'m Milestone<'p>,
    week: StatedWeek,
    release: Option<NaiveDate>,
    first: Option<NaiveDate>,
) -> Option<WrongWeek<'m, 'p>> {
    let day = milestone.day;
    let (found, from) = match week {
        StatedWeek::OfCycle(number) => {
            let first = first?;
            let found = (monday(day) - first).num_days() / 7 + 1;
            let from = weeks_before(first, 1 - number);
            (found != number).then(|| (format!("week {found}"), from))?
        }
        StatedWeek::OfRelease(weeks) => {
            let found = (monday(day) - release?).num_days() / 7;
            let from = weeks_before(release?, -i64::from(weeks));
            (found != i64::from(weeks)).then(|| (format!("R{found:+}"), from))?
        }
        StatedWeek::OfYear(year, number) => {
            let found: IsoWeek = day.iso_week();
            let agrees = found.week() == number && year.is_none_or(|year| year == found.year());
            let from = NaiveDate::from_isoywd_opt(year.unwrap_or(found.year()), number, chrono::Weekday::Mon);
            (!agrees).then(|| (format!("{}-W{:02}", found.year(), found.week()), from))?
        }
    };
    let days = from.and_then(|from| Some((from, from.checked_add_days(Days::new(6))?)));
    Some(WrongWeek { milestone, found, days })
}

/// The Monday of the week of a day.
fn monday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())).unwrap_or(day)
}

fn weeks_before(day: NaiveDate, weeks: i64) -> Option<NaiveDate> {
    day.checked_sub_signed(chrono::TimeDelta::try_weeks(weeks)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_read() {
        let check =
            |text: &str, expect: Option<StatedWeek>| assert_eq!(StatedWeek::parse(text), expect, "{text}");
        check("4", Some(StatedWeek::OfCycle(4)));
        check("Week 12", Some(StatedWeek::OfCycle(12)));
        check("R-5", Some(StatedWeek::OfRelease(-5)));
        check("r+0", Some(StatedWeek::OfRelease(0)));
        check("2027-W08", Some(StatedWeek::OfYear(Some(2027), 8)));
        check("2027W08", Some(StatedWeek::OfYear(Some(2027), 8)));
        check("W8", Some(StatedWeek::OfYear(None, 8)));
        check("week R-5", Some(StatedWeek::OfRelease(-5)));
        for text in ["", "0", "-4", "R-5 Monday", "W54", "27-W08", "soon", "week", "4.5", "1000", "W"] {
            check(text, None);
        }
    }
}
