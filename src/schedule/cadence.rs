//! Whether releases of a type come as often as is said.

use chrono::{Days, Months, NaiveDate};

use super::Planned;
use crate::config::calendar::CalendarSettings;
use crate::model::cadence::Cadence;
use crate::model::rel::{RelStatus, RelType};
use crate::source::Spanned;

/// The releases of a type against its cadence.
#[derive(Debug)]
pub struct Adherence<'r, 'p> {
    /// The type.
    pub rel_type: RelType,
    /// How often its releases come.
    pub cadence: Spanned<Cadence>,
    /// How many intervals there are between its releases.
    pub intervals: usize,
    /// The releases that came later than the cadence says, each behind the one before it and the last day for it.
    pub late: Vec<(&'r Planned<'p>, &'r Planned<'p>, NaiveDate)>,
}

/// The releases of each type that has a cadence, against it.
pub fn adherence<'r, 'p>(releases: &'r [Planned<'p>], settings: &CalendarSettings) -> Vec<Adherence<'r, 'p>> {
    settings.cadences.iter().map(|(rel_type, cadence)| of_type(releases, *rel_type, *cadence)).collect()
}

fn of_type<'r, 'p>(
    releases: &'r [Planned<'p>],
    rel_type: RelType,
    cadence: Spanned<Cadence>,
) -> Adherence<'r, 'p> {
    let counts = |planned: &&Planned<'_>| {
        let is_cancelled = planned.release.status.is_some_and(|status| status.value == RelStatus::Cancelled);
        planned.release.rel_type() == Some(rel_type) && !is_cancelled
    };
    let dated = releases.iter().filter(counts).filter_map(|planned| Some((day_of(planned)?, planned)));
    let mut dated: Vec<(NaiveDate, &Planned<'p>)> = dated.collect();
    dated.sort_by_key(|(day, planned)| (*day, planned.entry.id.value));
    let late = dated.windows(2).filter_map(|pair| {
        let [(from, before), (to, after)] = pair else { return None };
        let last = latest(cadence.value, *from)?;
        (*to > last).then_some((*before, *after, last))
    });
    Adherence { rel_type, cadence, intervals: dated.len().saturating_sub(1), late: late.collect() }
}

/// The day on which it went out, or is to.
fn day_of(planned: &Planned<'_>) -> Option<NaiveDate> {
    planned.release.deployed_at.or(planned.release.date).map(|day| day.value)
}

/// The last day of the next release: a weekday of a month may be anywhere in it.
pub fn latest(cadence: Cadence, day: NaiveDate) -> Option<NaiveDate> {
    match cadence {
        Cadence::Days(days) => day.checked_add_days(Days::new(days.into())),
        Cadence::Weeks(weeks) => day.checked_add_days(Days::new(u64::from(weeks) * 7)),
        Cadence::Months(months) => day.checked_add_months(Months::new(months.into())),
        Cadence::Years(years) => day.checked_add_months(Months::new(u32::from(years) * 12)),
        Cadence::Weekday { months, .. } => {
            day.checked_add_months(Months::new(months.into()))?.checked_add_days(Days::new(6))
        }
    }
}
