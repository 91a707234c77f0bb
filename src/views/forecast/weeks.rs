//! Forecasts from the work items done in past weeks.

use chrono::Days;

use super::super::open_work::{Impossible, OpenWork, Viewpoint, WhatIf, epic};
use super::super::scope::scope;
use super::dates::{Axis, Completion, ReleaseDates};
use super::record::{Record, ratios};
use super::{BurnUp, CalibrationView, Forecast, Method, Question, blank, per_cent};
use crate::forecast::History;
use crate::forecast::calibration::{Calibration, WINDOW, known_ratios, rolling};
use crate::forecast::history::FEWEST_WEEKS;
use crate::forecast::simulation::{RiskEvent, Trials, quantile};
use crate::forecast::throughput::{Backlog, MOST_WEEKS, Pace};
use crate::model::{Amount, EntryIndex, id};
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
) -> Result<Forecast, Impossible> {
    let mut assumptions = Vec::new();
    let (parts, risks) = backlog(at, question, &mut assumptions)?;
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
    let backlog = Backlog { parts, split, pace, weeks: shares, risks, days_per_week };
    let times = backlog.run(question.trials).ok_or(Impossible::NoThroughput)?;
    let median = f64::from(quantile(&times, 0.5).unwrap_or(0.0));
    let recorded = ratios(at, records, history, Method::Throughput);
    // What a range of a throughput is worth, no history shows.
    let calibration = (!is_stated).then(|| calibration(&weeks, median, recorded.ratios));
    let own = calibration.as_ref().map(|(calibration, held)| CalibrationView {
        own: calibration.own,
        borrowed: calibration.borrowed,
        simulated_held: recorded.held.or(*held),
        simulated_date: None,
    });
    let completion = Completion {
        times,
        axis: Axis::Weeks(at.today),
        calibration: calibration.map(|(calibration, _)| calibration),
    };
    let mut made = blank(at, question, Method::Throughput);
    ReleaseDates::new(at).fill(at.config, &completion, &mut made);
    made.calibration =
        own.map(|own| CalibrationView { simulated_date: completion.simulated_day(0.85), ..own });
    made.burn_up = burn_up(at, &backlog, question.trials, completion.day(0.95));
    if quantile(&completion.times, 0.95).is_some_and(|weeks| weeks >= MOST_WEEKS as f32) {
        assumptions.push("Trials that take more than twenty years were given up.".to_owned());
    }
    made.assumptions = assumptions;
    Ok(made)
}

/// The work items that are left, and the risks that may delay them.
fn backlog(
    at: Viewpoint<'_, '_>,
    question: &Question,
    assumptions: &mut Vec<String>,
) -> Result<(Vec<Amount>, Vec<RiskEvent>), Impossible> {
    let scope = scope(at.plan, at.graph, at.selection, at.today);
    let work = OpenWork::new(at, &scope, &question.what_if);
    let risks = work
        .as_ref()
        .map(|work| work.risks.iter().map(|(_, risk)| risk.clone()).collect())
        .unwrap_or_default();
    if question.what_if != WhatIf::default()
        && let Ok(work) = &work
    {
        assumptions
            .extend(work.assumptions.iter().filter(|assumption| assumption.starts_with("What if")).cloned());
    }
    if let Some(items) = question.items.or(at.config.forecast.items.map(|items| items.value)) {
        return Ok((vec![items], risks));
    }
    let entries: Vec<EntryIndex> = match &work {
        Ok(work) => work.entries.clone(),
        // Without an estimate, items are counted all the same.
        Err(Impossible::NoEstimate | Impossible::NoCapacity(_)) => {
            let named = scope.items.iter().filter_map(|item| at.plan.find(id::parse(&item.id).ok()?));
            named.filter(|index| epic(at.plan.entry(*index)).is_some_and(|epic| epic.is_open())).collect()
        }
        Err(impossible) => return Err(impossible.clone()),
    };
    let mut parts = Vec::new();
    let (mut stated, mut without) = (0, Vec::new());
    for index in entries {
        let entry = at.plan.entry(index);
        let Some(epic) = epic(entry) else { continue };
        let left = 1.0 - epic.progress.map_or(0.0, |progress| progress.value.0 / 100.0);
        match epic.items {
            Some(items) => {
                stated += 1;
                let (low, high) = ((items.value.low * left).round(), (items.value.high * left).ceil());
                parts.push(Amount { low, high: high.max(low) });
            }
            None => without.push(entry.id.value.to_string()),
        }
    }
    if stated == 0 {
        return Err(Impossible::NoItems);
    }
    if !without.is_empty() {
        let low = parts.iter().map(|part| part.low).fold(f64::INFINITY, f64::min);
        let high = parts.iter().map(|part| part.high).fold(0.0, f64::max);
        assumptions.push(format!(
            "No `items`, so the range of the others ({low} to {high}) is borrowed: {}.",
            without.join(", ")
        ));
        parts.extend(without.iter().map(|_| Amount { low, high }));
    }
    Ok((parts, risks))
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
    let known: Vec<_> = resolved.iter().filter_map(|forecast| Some((forecast, forecast.actual?))).collect();
    let held = known.iter().filter(|(forecast, actual)| *actual <= forecast.simulated).count();
    let rate = (!known.is_empty()).then(|| per_cent(held as f64 / known.len() as f64));
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
