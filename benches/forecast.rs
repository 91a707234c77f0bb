//! How fast a simulation is, and that its work grows with the number of trials and no faster.
//!
//! `cargo bench --bench forecast` simulates 500 activities with dependencies, teams and risks. It ends with exit code 1 if
//! ten times as many trials take more than 1.25 times as long for each.

#![allow(clippy::expect_used, reason = "a benchmark that cannot begin has nothing to report")]

mod measure;

use measure::best;
use relplan::forecast::simulation::{Change, RiskEvent, Simulation, Trials};
use relplan::network::{Activity, Capacity, Dependency, Effort, Network};

/// How much longer a trial may take among ten times as many.
const LIMIT: f64 = 1.25;

fn main() {
    let network = network(500);
    let risks: Vec<RiskEvent> = (0..10)
        .map(|risk| RiskEvent { probability: 0.3, delay: effort(3.0), activities: vec![risk * 50] })
        .collect();
    let simulation = Simulation::new(&network, &risks).expect("no cycle");
    let time = |count| {
        let trials = Trials { count, seed: 1 };
        best(|| simulation.run(trials, &Change::default(), false)).as_secs_f64() * 1000.0
    };
    let (few, many) = (time(10_000), time(100_000));
    let ratio = many / few / 10.0;
    println!(
        "500 activities, 10000 trials: {few:.1} ms; 100000 trials: {many:.1} ms; ratio for each trial {ratio:.2}"
    );
    std::process::exit(i32::from(ratio > LIMIT));
}

/// Activities that each wait for up to two others, on five teams of four people, one of which has absences.
fn network(count: usize) -> Network {
    let activity = |index: usize| {
        let after =
            [index / 2, index.saturating_sub(7)].into_iter().filter(|before| *before < index && index > 20);
        Activity {
            effort: effort(1.0 + (index % 9) as f64),
            after: after.map(|activity| Dependency { activity, lag: (index % 3) as f64 }).collect(),
            team: Some(index % 5),
            people: 1,
            not_before: 0.0,
        }
    };
    let mut teams = vec![Capacity::of(4); 5];
    teams[0].present = (0..200).map(|day| if day % 20 < 5 { 3 } else { 4 }).collect();
    Network { activities: (0..count).map(activity).collect(), teams }
}

fn effort(days: f64) -> Effort {
    Effort { optimistic: days * 0.7, likely: days, pessimistic: days * 2.0 }
}
