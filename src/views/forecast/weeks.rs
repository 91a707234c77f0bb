//! Forecasts from the work items done in past weeks.

use chrono::Days;

use super::super::open_work::{Impossible, NoEffect, OpenScope, Viewpoint, epic, name};
use super::super::scope::scope;
use super::dates::{Axis, Completion, ReleaseDates};
use super::record::{Record, ratios};
use super::{BurnUp, CalibrationView, Forecast, Method, Question, blank, drivers, per_cent};
use crate::forecast::History;
use crate::forecast::calibration::{Calibration, WINDOW, known_ratios, rolling};
use crate::forecast::history::FEWEST_WEEKS;
use crate::forecast::simulation::{RiskEvent, Trials, quantile};
use crate::forecast::throughput::{Backlog, MOST_WEEKS, Pace};
use crate::model::{Amount, EntryIndex};
use crate::schedule::WorkingCalendar;

/// How many weeks may be missing at the end of a history: what was done before says nothing about a team that has changed
/// since.
const MOST_MISSING: usize = 4;

/// For how many weeks the calendar is looked at.
const KNOWN_WEEKS: u64 = 156;

pub(super) fn forecast(
    at: Viewpoint<'_, '_>,
    records: &[Record],
    history: &History,
    question: &Question,
    in_detail: bool,
) -> Result<Forecast, Impossible> {
    let mut assumptions = Vec::new();
    let items = open_items(at, question, &mut assumptions)?;
    let past = history.weeks_until(at.today);
    let weeks: Vec<u32> = past.iter().map(|week| week.items).collect();
    let pace = pace(at, question, &weeks, &mut assumptions)?;
    let split = question.split.or(at.config.forecast.split.map(|split| split.value));
    let split = split.unwrap_or(Amount::exactly(1.0));
    let (shares, days_per_week) = working_shares(at)?;
    let is_stated = matches!(pace, Pace::Between(..));
    let missing = past.last().map_or(0, |last| (at.today - last.start).num_days() / 7 - 1);
    match usize::try_from(missing).unwrap_or(0) {
        _ if is_stated => {}
        0 => {}
        missing if missing > MOST_MISSING => return Err(Impossible::OldHistory(missing)),
        1 => assumptions.push("The last week is missing in the history.".to_owned()),
        missing => assumptions.push(format!("The last {missing} weeks are missing in the history.")),
    }
    let risks = items.risks.iter().map(|(_, risk)| risk.clone()).collect();
    let backlog = Backlog { parts: items.parts.clone(), split, pace, weeks: shares, risks, days_per_week };
    let times = backlog.run(question.trials).ok_or(Impossible::NoThroughput)?;
    let median = f64::from(quantile(&times, 0.5).unwrap_or(0.0)).min(f64::from(MOST_WEEKS));
    let recorded = ratios(at, records, history, Method::Throughput);
    // What a range of a throughput is worth, no history shows.
    let calibration = (!is_stated).then(|| calibration(&weeks, median, recorded.ratios));
    let own = calibration.as_ref().map(|(calibration, held)| CalibrationView {
        own: calibration.own,
        borrowed: calibration.borrowed,
        simulated_held: recorded.held.or(*held),
    });
    let completion = Completion {
        times,
        axis: Axis::Weeks(at.today),
        calibration: calibration.map(|(calibration, _)| calibration),
    };
    let mut made = blank(at, question, Method::Throughput);
    ReleaseDates::new(at).fill(at.config, &completion, &mut made);
    made.calibration = own;
    made.burn_up = burn_up(at, &backlog, question.trials, completion.day(0.95));
    if in_detail {
        made.drivers = drivers::of_backlog(at, &items, &backlog, question.trials);
    }
    let never = per_cent(1.0 - completion.ended());
    if never > 0.0 {
        assumptions.push(format!("{never} % of the trials take more than twenty years and have no end."));
    }
    made.assumptions = assumptions;
    Ok(made)
}

/// The work items that are left, and the risks that may delay them.
pub(super) struct OpenItems {
    /// The number of the items of each part.
    parts: Vec<Amount>,
    /// The work package of each part; none where only a total is stated.
    pub(super) entries: Vec<EntryIndex>,
    /// The risks, with their entries.
    pub(super) risks: Vec<(EntryIndex, RiskEvent)>,
}

fn open_items(
    at: Viewpoint<'_, '_>,
    question: &Question,
    assumptions: &mut Vec<String>,
) -> Result<OpenItems, Impossible> {
    let what_if = &question.what_if;
    if !what_if.capacity.is_empty() {
        return Err(Impossible::NoEffect(NoEffect::CapacityByThroughput));
    }
    let total = question.items.or(at.config.forecast.items.map(|items| items.value));
    let of_entries = [("--without", !what_if.without.is_empty()), ("--scope", what_if.scope.is_some())];
    if let Some((flag, _)) = of_entries.into_iter().find(|(_, is_set)| *is_set && total.is_some()) {
        return Err(Impossible::NoEffect(NoEffect::ItemsAsAWhole(flag)));
    }
    let scope = scope(at.plan, at.graph, at.selection, at.today);
    let open = OpenScope::new(at, &scope, what_if)?;
    let is_empty = open.is_empty();
    let OpenScope { entries, risks, assumptions: noted, .. } = open;
    assumptions.extend(noted);
    assumptions.extend(what_if.words());
    match total {
        Some(items) => Ok(OpenItems { parts: vec![items], entries: Vec::new(), risks }),
        None if is_empty => Err(Impossible::NoWork),
        None => {
            let (parts, entries) = parts(at, entries, assumptions)?;
            Ok(OpenItems { parts, entries, risks })
        }
    }
}

/// How many items each of these work packages has left.
fn parts(
    at: Viewpoint<'_, '_>,
    entries: Vec<EntryIndex>,
    assumptions: &mut Vec<String>,
) -> Result<(Vec<Amount>, Vec<EntryIndex>), Impossible> {
    if entries.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let (mut parts, mut stated, mut without) = (Vec::new(), Vec::new(), Vec::new());
    for index in entries {
        let Some(epic) = epic(at.plan.entry(index)) else { continue };
        let left = 1.0 - epic.progress.map_or(0.0, |progress| progress.value.0 / 100.0);
        match epic.items {
            Some(items) => {
                let (low, high) = ((items.value.low * left).round(), (items.value.high * left).ceil());
                parts.push(Amount { low, high: high.max(low) });
                stated.push(index);
            }
            None => without.push(index),
        }
    }
    if stated.is_empty() {
        return Err(Impossible::NoItems);
    }
    if !without.is_empty() {
        let low = parts.iter().map(|part| part.low).fold(f64::INFINITY, f64::min);
        let high = parts.iter().map(|part| part.high).fold(0.0, f64::max);
        let ids: Vec<String> = without.iter().map(|index| name(at.plan, *index)).collect();
        assumptions.push(format!(
            "No `items`, so the range of the others ({low} to {high}) is borrowed: {}.",
            ids.join(", ")
        ));
        parts.extend(without.iter().map(|_| Amount { low, high }));
        stated.extend(without);
    }
    Ok((parts, stated))
}

/// How many items are done in a week.
fn pace(
    at: Viewpoint<'_, '_>,
    question: &Question,
    weeks: &[u32],
    assumptions: &mut Vec<String>,
) -> Result<Pace, Impossible> {
    let range = |amount: Amount| Pace::Between(amount.low as u32, amount.high as u32);
    if let Some(throughput) = question.throughput {
        return Ok(range(throughput));
    }
    let stated = at.config.forecast.throughput.map(|throughput| throughput.value);
    match (weeks.len(), stated) {
        (0, None) => Err(Impossible::NoHistory),
        (0, Some(stated)) => Ok(range(stated)),
        (few, Some(stated)) if few < FEWEST_WEEKS => {
            assumptions.push(format!(
                "The history has only {few} complete weeks: `throughput` of relplan.toml is used."
            ));
            Ok(range(stated))
        }
        (count, _) => {
            if count < FEWEST_WEEKS {
                let noun = if count == 1 { "week" } else { "weeks" };
                assumptions.push(format!(
                    "The history has only {count} complete {noun}: the spread of other projects is borrowed."
                ));
            }
            Ok(Pace::Weeks(weeks[count.saturating_sub(WINDOW)..].to_vec()))
        }
    }
}

/// Which share of each coming week is worked, and how many days a full one has.
fn working_shares(at: Viewpoint<'_, '_>) -> Result<(Vec<f64>, f64), Impossible> {
    let working = WorkingCalendar::new(&at.config.calendar);
    let usual = f64::from(at.config.calendar.working_days.len());
    working.next(at.today).ok_or(Impossible::NoWorkingDay)?;
    let share = |week: u64| {
        let days = (1..=7).filter_map(|day| at.today.checked_add_days(Days::new(week * 7 + day)));
        let worked = days.filter(|day| working.is_working(*day)).count();
        (worked as f64 / usual.max(1.0)).min(1.0)
    };
    Ok(((0..KNOWN_WEEKS).map(share).collect(), usual.max(1.0)))
}

/// What the plan's own rolling forecasts and recorded ones say about this one, and how often the 85 % date held.
fn calibration(weeks: &[u32], median: f64, mut own: Vec<f64>) -> (Calibration, Option<f64>) {
    let ahead = median.clamp(1.0, 104.0);
    let resolved = rolling(weeks, ahead, 1);
    let over: Vec<bool> =
        resolved.iter().filter_map(|forecast| forecast.held(forecast.simulated, weeks.len())).collect();
    let held = over.iter().filter(|held| **held).count();
    let rate = (!over.is_empty()).then(|| per_cent(held as f64 / over.len() as f64));
    let mut ratios = known_ratios(&resolved, ahead, weeks.len());
    ratios.append(&mut own);
    (Calibration::of_pace(&ratios, ahead), rate)
}

/// The most weeks that a burn-up shows.
const MOST_POINTS: u64 = 16;

/// How many items are done by the end of weeks, at the pace that was drawn.
fn burn_up(
    at: Viewpoint<'_, '_>,
    backlog: &Backlog,
    trials: Trials,
    last: Option<chrono::NaiveDate>,
) -> Vec<BurnUp> {
    let last = last.map_or(0, |last| u64::try_from((last - at.today).num_days()).unwrap_or(0).div_ceil(7));
    if last == 0 {
        return Vec::new();
    }
    let step = last.div_ceil(MOST_POINTS).max(1);
    let mut done = backlog.done_after(trials, usize::try_from(last).unwrap_or(0));
    let points = (1..=last.div_ceil(step)).map(|point| (point * step).min(last));
    let point = |week: u64| {
        let counts = done.get_mut(usize::try_from(week).ok()? - 1)?;
        counts.sort_unstable_by(f32::total_cmp);
        let at_share = |share| quantile(counts, share).map(|count| f64::from(count.floor()));
        let day = at.today.checked_add_days(Days::new(week * 7))?;
        Some(BurnUp { day, low: at_share(0.15)?, median: at_share(0.5)?, high: at_share(0.85)? })
    };
    points.filter_map(point).collect()
}
