//! Forecasts from estimates, dependencies and the capacity of teams.

use chrono::NaiveDate;

use super::super::open_work::{Impossible, OpenWork, Viewpoint, WhatIf, epic, name};
use super::super::scope::scope;
use super::dates::{Axis, Completion, ReleaseDates};
use super::record::{Ratios, Record, ratios};
use super::{BurnUp, CalibrationView, EntryForecast, Forecast, Method, Question, blank, drivers, per_cent};
use crate::forecast::History;
use crate::forecast::calibration::Calibration;
use crate::forecast::simulation::{Change, RiskEvent, Simulated, Simulation, Trials, quantile, share_until};

/// The open work with its simulation.
pub(in crate::views) struct OpenWorkForecast {
    /// The open work.
    pub(in crate::views) work: OpenWork,
    simulation: Simulation,
    simulated: Simulated,
    completion: Completion,
    outcomes: Ratios,
}

impl OpenWorkForecast {
    /// Simulates the open work of a release, as it is or as it would be.
    pub(in crate::views) fn new(
        at: Viewpoint<'_, '_>,
        (records, history): (&[Record], &History),
        trials: Trials,
        what_if: &WhatIf,
        in_detail: bool,
    ) -> Result<Self, Impossible> {
        let scope = scope(at.plan, at.graph, at.selection, at.today);
        let work = OpenWork::new(at, &scope, what_if)?;
        let risks: Vec<RiskEvent> = work.risks.iter().map(|(_, risk)| risk.clone()).collect();
        let simulation = Simulation::new(&work.network, &risks).map_err(|cycle| {
            let ids = cycle.activities.iter().map(|index| name(at.plan, work.entries[*index]));
            Impossible::Cycle(ids.collect())
        })?;
        let simulated = simulation.run(trials, &Change::default(), in_detail);
        let outcomes = ratios(at, records, history, Method::Estimates);
        let completion = completion(&work, simulated.ends.clone(), &outcomes);
        Ok(OpenWorkForecast { work, simulation, simulated, completion, outcomes })
    }

    /// How likely it is that all of it is complete on a day, in per cent.
    pub(in crate::views) fn likelihood(&self, day: NaiveDate) -> f64 {
        self.completion.likelihood(day)
    }

    /// The same without some of it.
    pub(in crate::views) fn likelihood_without(
        &self,
        places: &[usize],
        trials: Trials,
        day: NaiveDate,
    ) -> f64 {
        let change = Change { without: places.to_vec(), ..Change::default() };
        let ends = self.simulation.run(trials, &change, false).ends;
        completion(&self.work, ends, &self.outcomes).likelihood(day)
    }
}

fn completion(work: &OpenWork, mut times: Vec<f32>, outcomes: &Ratios) -> Completion {
    times.sort_by(f32::total_cmp);
    let calibration = Calibration::of_simulation(&outcomes.ratios, &times);
    Completion { times, axis: Axis::Days(work.days.clone()), calibration }
}

pub(super) fn forecast(
    at: Viewpoint<'_, '_>,
    records: &[Record],
    history: &History,
    question: &Question,
    in_detail: bool,
) -> Result<Forecast, Impossible> {
    let found = OpenWorkForecast::new(at, (records, history), question.trials, &question.what_if, in_detail)?;
    let OpenWorkForecast { work, simulation, simulated, completion, outcomes } = found;
    let mut made = blank(at, question, Method::Estimates);
    ReleaseDates::new(at).fill(at.config, &completion, &mut made);
    made.calibration = completion.calibration.as_ref().map(|calibration| CalibrationView {
        own: calibration.own,
        borrowed: calibration.borrowed,
        simulated_held: outcomes.held,
    });
    if in_detail {
        let fewer = Trials { count: question.trials.count.min(drivers::FEWER), ..question.trials };
        let critical = simulation.criticality(fewer);
        let risks: Vec<RiskEvent> = work.risks.iter().map(|(_, risk)| risk.clone()).collect();
        made.entries = entries(at, &work, &completion.axis, &simulated, &critical);
        made.drivers = drivers::drivers(at, &work, &risks, &simulation, &critical, fewer);
        made.burn_up = burn_up(&work, &completion, &simulated);
    }
    made.without_team = work.without_team.iter().map(|index| name(at.plan, *index)).collect();
    made.assumptions = work.assumptions;
    Ok(made)
}

fn entries(
    at: Viewpoint<'_, '_>,
    work: &OpenWork,
    axis: &Axis,
    simulated: &Simulated,
    critical: &[f64],
) -> Vec<EntryForecast> {
    let width = work.entries.len();
    let mut finishes = Vec::with_capacity(simulated.ends.len());
    let mut found = Vec::with_capacity(width);
    for (place, &index) in work.entries.iter().enumerate() {
        finishes.clear();
        finishes.extend(simulated.finishes.iter().skip(place).step_by(width));
        finishes.sort_unstable_by(f32::total_cmp);
        let entry = at.plan.entry(index);
        let due = entry.due().map(|due| due.value).filter(|_| epic(entry).is_some());
        let day = |share| quantile(&finishes, share).and_then(|time| axis.day(time));
        found.push(EntryForecast {
            id: name(at.plan, index),
            title: entry.title().to_owned(),
            p50: day(0.5),
            p85: day(0.85),
            due,
            likelihood: due.and_then(|due| share_until(&finishes, axis.time(due))).map(per_cent),
            critical: per_cent(critical[place]),
        });
    }
    found
}

/// The most days that a burn-up shows.
const MOST_POINTS: usize = 16;

/// How many work packages are complete at the end of weeks, those that already are among them.
fn burn_up(work: &OpenWork, completion: &Completion, simulated: &Simulated) -> Vec<BurnUp> {
    let width = work.entries.len();
    let last = quantile(&completion.times, 0.95).unwrap_or(0.0).ceil() as usize;
    if width == 0 || last == 0 {
        return Vec::new();
    }
    let step = last.div_ceil(MOST_POINTS).max(1);
    let points: Vec<usize> = (1..=last.div_ceil(step)).map(|point| point * step).collect();
    let mut counts: Vec<Vec<f32>> = vec![Vec::with_capacity(simulated.ends.len()); points.len()];
    let mut finished = vec![0u32; points.len() + 1];
    for trial in simulated.finishes.chunks(width) {
        finished.fill(0);
        for finish in trial {
            let point = ((finish - 1e-3).max(0.0) as usize) / step;
            finished[point.min(points.len())] += 1;
        }
        let mut sum = work.complete as u32;
        for (count, finished) in counts.iter_mut().zip(&finished) {
            sum += finished;
            count.push(sum as f32);
        }
    }
    let point = |(time, count): (usize, &mut Vec<f32>)| -> Option<BurnUp> {
        count.sort_unstable_by(f32::total_cmp);
        let day: NaiveDate = completion.axis.day(time as f32)?;
        let at = |share| quantile(count, share).map(f64::from);
        Some(BurnUp { day, low: at(0.15)?, median: at(0.5)?, high: at(0.85)? })
    };
    points.into_iter().zip(&mut counts).filter_map(point).collect()
}
