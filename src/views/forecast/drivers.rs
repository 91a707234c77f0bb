//! What the date depends on: how much earlier it would be without each risk and each work package, and with more people.

use super::super::open_work::{OpenWork, Viewpoint, name};
use super::weeks::OpenItems;
use super::{Driver, DriverKind};
use crate::forecast::simulation::{Change, RiskEvent, Simulation, Trials, quantile};
use crate::forecast::throughput::Backlog;
use crate::model::EntryIndex;

/// How many of a kind are tried, those that are expected to cost most days.
const MOST_TRIED: usize = 10;

/// How many are named.
const MOST_NAMED: usize = 12;

/// How many trials show what drives the date.
pub(super) const FEWER: u32 = 2_000;

pub(super) fn drivers(
    at: Viewpoint<'_, '_>,
    work: &OpenWork,
    risks: &[RiskEvent],
    simulation: &Simulation,
    critical: &[f64],
    trials: Trials,
) -> Vec<Driver> {
    let end = |simulation: &Simulation, change: &Change| {
        let mut ends = simulation.run(trials, change, false).ends;
        ends.sort_by(f32::total_cmp);
        quantile(&ends, 0.85).map_or(0.0, f64::from)
    };
    let mut found = Found::since(end(simulation, &Change::default()), 1.0);
    // What an activity is expected to cost the end: its days, as often as it decides about it.
    let costs: Vec<f64> = (0..critical.len())
        .map(|place| {
            let activity = &work.network.activities[place];
            critical[place] * work.network.days(place, activity.effort.expected())
        })
        .collect();
    let of_risk = |risk: &RiskEvent| {
        let shares = risk.activities.iter().map(|activity| critical[*activity]);
        expected_delay(risk) * if risk.activities.is_empty() { 1.0 } else { shares.fold(0.0, f64::max) }
    };
    for place in costliest(risks.iter().map(of_risk)) {
        let then = end(simulation, &Change { resolved: vec![place], ..Change::default() });
        found.add_entry(at, DriverKind::Risk, work.risks[place].0, then);
    }
    for place in costliest(costs.iter().copied()) {
        let then = end(simulation, &Change { without: vec![place], ..Change::default() });
        found.add_entry(at, DriverKind::Entry, work.entries[place], then);
    }
    let mut of_teams = vec![0.0; work.teams.len()];
    for (activity, cost) in work.network.activities.iter().zip(&costs) {
        if let Some(team) = activity.team {
            of_teams[team] += cost;
        }
    }
    for place in costliest(of_teams) {
        let mut network = work.network.clone();
        let capacity = &mut network.teams[place];
        capacity.people = capacity.people.saturating_add(1);
        capacity.wip_limit = capacity.wip_limit.map(|limit| limit.saturating_add(1));
        capacity.present.iter_mut().for_each(|present| *present = present.saturating_add(1));
        if let Ok(larger) = Simulation::new(&network, risks) {
            let then = end(&larger, &Change::default());
            found.add(DriverKind::Team, work.teams[place].clone(), String::new(), then);
        }
    }
    found.sorted()
}

/// The same for work items: what is left out has none.
pub(super) fn of_backlog(
    at: Viewpoint<'_, '_>,
    items: &OpenItems,
    backlog: &Backlog,
    trials: Trials,
) -> Vec<Driver> {
    let trials = Trials { count: trials.count.min(FEWER), ..trials };
    let end = |backlog: &Backlog| {
        let weeks = backlog.run(trials).unwrap_or_default();
        quantile(&weeks, 0.85).map_or(0.0, f64::from)
    };
    let mut found = Found::since(end(backlog), backlog.days_per_week);
    for place in costliest(backlog.risks.iter().map(expected_delay)) {
        let mut without = backlog.clone();
        // The risk stays, so that the other random numbers are the same.
        without.risks[place].probability = 0.0;
        found.add_entry(at, DriverKind::Risk, items.risks[place].0, end(&without));
    }
    let of_entries = items.entries.iter().zip(&backlog.parts).map(|(_, part)| part.low + part.high);
    for place in costliest(of_entries) {
        let mut without = backlog.clone();
        without.parts.remove(place);
        found.add_entry(at, DriverKind::Entry, items.entries[place], end(&without));
    }
    found.sorted()
}

fn expected_delay(risk: &RiskEvent) -> f64 {
    risk.probability * risk.delay.expected()
}

/// The positions of the greatest costs.
fn costliest(costs: impl IntoIterator<Item = f64>) -> Vec<usize> {
    let mut places: Vec<(usize, f64)> =
        costs.into_iter().enumerate().filter(|(_, cost)| *cost > 0.0).collect();
    places.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    places.truncate(MOST_TRIED);
    places.into_iter().map(|(place, _)| place).collect()
}

/// The drivers that were found.
struct Found {
    /// The 85 % time as it is.
    now: f64,
    /// How many working days a unit of time has.
    days: f64,
    drivers: Vec<Driver>,
}

impl Found {
    fn since(now: f64, days: f64) -> Self {
        Found { now, days, drivers: Vec::new() }
    }

    fn add_entry(&mut self, at: Viewpoint<'_, '_>, kind: DriverKind, index: EntryIndex, then: f64) {
        self.add(kind, name(at.plan, index), at.plan.entry(index).title().to_owned(), then);
    }

    fn add(&mut self, kind: DriverKind, name: String, title: String, then: f64) {
        let days = ((self.now - then) * self.days * 10.0).round() / 10.0;
        // What never ends cannot end earlier by a number of days.
        if days > 0.0 && days.is_finite() {
            self.drivers.push(Driver { kind, name, title, days });
        }
    }

    fn sorted(mut self) -> Vec<Driver> {
        self.drivers.sort_by(|a, b| b.days.total_cmp(&a.days).then_with(|| a.name.cmp(&b.name)));
        self.drivers.truncate(MOST_NAMED);
        self.drivers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_costliest_are_tried_wherever_they_are() {
        let mut costs = vec![1.0; 30];
        costs[29] = 7.0;
        costs[0] = 0.0;
        assert_eq!(costliest(costs), [29, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
}
