//! What the date depends on: how much earlier it would be without each risk and each work package, and with more people.

use super::super::open_work::{OpenWork, Viewpoint, name};
use super::{Driver, DriverKind};
use crate::forecast::simulation::{Change, RiskEvent, Simulation, Trials, quantile};

/// How many of a kind are tried, those that are most often critical.
const MOST_TRIED: usize = 10;

/// How many are named.
const MOST_NAMED: usize = 12;

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
    let now = end(simulation, &Change::default());
    let mut drivers = Vec::new();
    let mut add = |kind, name: String, title: String, then: f64| {
        let days = ((now - then) * 10.0).round() / 10.0;
        if days > 0.0 {
            drivers.push(Driver { kind, name, title, days });
        }
    };
    for (place, (index, _)) in work.risks.iter().enumerate().take(MOST_TRIED * 2) {
        let then = end(simulation, &Change { resolved: vec![place], ..Change::default() });
        add(DriverKind::Risk, name(at.plan, *index), at.plan.entry(*index).title().to_owned(), then);
    }
    for place in most_critical(critical) {
        let index = work.entries[place];
        let then = end(simulation, &Change { without: vec![place], ..Change::default() });
        add(DriverKind::Entry, name(at.plan, index), at.plan.entry(index).title().to_owned(), then);
    }
    for (place, team) in work.teams.iter().enumerate().take(MOST_TRIED) {
        let mut network = work.network.clone();
        let capacity = &mut network.teams[place];
        capacity.people = capacity.people.saturating_add(1);
        capacity.wip_limit = capacity.wip_limit.map(|limit| limit.saturating_add(1));
        capacity.present.iter_mut().for_each(|present| *present = present.saturating_add(1));
        if let Ok(larger) = Simulation::new(&network, risks) {
            add(DriverKind::Team, team.clone(), String::new(), end(&larger, &Change::default()));
        }
    }
    drivers.sort_by(|a, b| b.days.total_cmp(&a.days).then_with(|| a.name.cmp(&b.name)));
    drivers.truncate(MOST_NAMED);
    drivers
}

/// The activities that most often decide about the end.
fn most_critical(critical: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..critical.len()).filter(|place| critical[*place] > 0.0).collect();
    places.sort_by(|a, b| critical[*b].total_cmp(&critical[*a]).then(a.cmp(b)));
    places.truncate(MOST_TRIED);
    places
}
