//! A Monte Carlo simulation of a network of work: dependencies, the capacity of teams, and risks that may occur.
//!
//! Teams take up activities in one fixed order, that of the schedule at expected durations. A trial draws an effort for
//! each activity and whether each risk occurs; an activity begins when all that it waits for is done and enough people
//! of its team are free. Time is counted in working days.

use rayon::prelude::*;

use super::quantiles::Quantiles;
use crate::network::{Capacity, CriticalPath, Cycle, Effort, Network};
use crate::random::Random;

/// Something that may occur, once in a trial, and makes work take longer.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskEvent {
    /// How likely it is, from 0 to 1.
    pub probability: f64,
    /// How much longer the work takes.
    pub delay: Effort,
    /// The activities that take longer; with none, the end is later.
    pub activities: Vec<usize>,
}

/// What is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trials {
    /// How many trials.
    pub count: u32,
    /// What the random numbers follow from.
    pub seed: u64,
}

/// What came out of the trials.
#[derive(Debug, Clone)]
pub struct Simulated {
    /// The working days at the end of each trial, in the order of the trials.
    pub ends: Vec<f32>,
    /// The working days at the end of each activity, trial by trial; none where only ends were asked for.
    pub finishes: Vec<f32>,
}

/// What is left out or added for the question what would change.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Activities that take no time.
    pub without: Vec<usize>,
    /// Risks that do not occur.
    pub resolved: Vec<usize>,
}

/// A network made ready for many trials.
#[derive(Debug)]
pub struct Simulation {
    activities: Vec<Prepared>,
    /// Where the dependencies of each activity are, and one more.
    dependencies: Vec<(u32, f32)>,
    order: Vec<u32>,
    teams: Vec<Servers>,
    servers: usize,
    risks: Vec<PreparedRisk>,
}

#[derive(Debug)]
struct Prepared {
    effort: Quantiles,
    dependencies: std::ops::Range<u32>,
    not_before: f32,
    /// Its team, or `u32::MAX`.
    team: u32,
    people: u32,
    delays: bool,
}

#[derive(Debug)]
struct PreparedRisk {
    probability: f64,
    delay: Quantiles,
    activities: Vec<u32>,
}

/// The people of a team as places that are free from some time on, and the places of its work in progress limit.
#[derive(Debug)]
struct Servers {
    people: std::ops::Range<usize>,
    in_progress: std::ops::Range<usize>,
    /// The share of the team that is there, added up from the first day to each; empty if all always are.
    worked: Vec<f32>,
}

/// The most people of a team that are told apart; of larger teams several count as one.
const MOST_SERVERS: u32 = 1_024;

/// How many people of a team count as one.
fn people_as_one(team: &Capacity) -> u32 {
    team.people.div_ceil(MOST_SERVERS).max(1)
}

/// The activity at a time of which the end of another waited.
const NONE: u32 = u32::MAX;

impl Simulation {
    /// Makes a network ready.
    ///
    /// # Errors
    ///
    /// Some activities wait for each other.
    pub fn new(network: &Network, risks: &[RiskEvent]) -> Result<Self, Cycle> {
        let order = order_of_work(network)?;
        let mut is_delayed = vec![false; network.activities.len()];
        risks.iter().flat_map(|risk| &risk.activities).for_each(|activity| is_delayed[*activity] = true);
        let mut dependencies = Vec::new();
        let mut activities = Vec::with_capacity(network.activities.len());
        for (index, activity) in network.activities.iter().enumerate() {
            let first = narrow(dependencies.len());
            dependencies
                .extend(activity.after.iter().map(|before| (narrow(before.activity), before.lag as f32)));
            let team = activity.team.map(|team| &network.teams[team]);
            activities.push(Prepared {
                effort: Quantiles::pert(activity.effort).times(network.days(index, 1.0)),
                dependencies: first..narrow(dependencies.len()),
                not_before: activity.not_before as f32,
                team: activity.team.map_or(NONE, narrow),
                people: team
                    .map_or(1, |team| activity.people.min(team.people).div_ceil(people_as_one(team)))
                    .max(1),
                delays: is_delayed[index],
            });
        }
        let mut servers = 0;
        let teams = network.teams.iter().map(|team| Servers::new(team, &mut servers)).collect();
        let risks = risks.iter().map(|risk| PreparedRisk {
            probability: risk.probability,
            delay: Quantiles::pert(risk.delay),
            activities: risk.activities.iter().map(|activity| narrow(*activity)).collect(),
        });
        let order = order.into_iter().map(narrow).collect();
        Ok(Simulation { activities, dependencies, order, teams, servers, risks: risks.collect() })
    }

    /// Runs the trials, side by side. The result does not depend on how many threads there are.
    pub fn run(&self, trials: Trials, change: &Change, with_finishes: bool) -> Simulated {
        let plan = self.changed(change);
        let width = if with_finishes { self.activities.len() } else { 0 };
        let mut ends = vec![0.0; trials.count as usize];
        let mut finishes = vec![0.0; trials.count as usize * width];
        let chunk = 256;
        let chunks = ends.par_chunks_mut(chunk).enumerate();
        match width {
            0 => chunks.for_each(|(at, ends)| {
                let mut trial = Trial::new(self, &plan);
                for (index, end) in ends.iter_mut().enumerate() {
                    *end = trial.run(trials.seed, (at * chunk + index) as u64);
                }
            }),
            _ => chunks.zip(finishes.par_chunks_mut(chunk * width)).for_each(|((at, ends), finishes)| {
                let mut trial = Trial::new(self, &plan);
                for ((index, end), finishes) in ends.iter_mut().enumerate().zip(finishes.chunks_mut(width)) {
                    *end = trial.run(trials.seed, (at * chunk + index) as u64);
                    finishes.copy_from_slice(&trial.finish);
                }
            }),
        }
        Simulated { ends, finishes }
    }

    /// In which share of the trials each activity was on the path that decided about the end.
    pub fn criticality(&self, trials: Trials) -> Vec<f64> {
        let plan = self.changed(&Change::default());
        let chunk = 256;
        let counts = (0..trials.count.div_ceil(chunk)).into_par_iter().map(|part| {
            let mut trial = Trial::new(self, &plan);
            trial.traces = true;
            let mut counts = vec![0u32; self.activities.len()];
            for index in part * chunk..((part + 1) * chunk).min(trials.count) {
                trial.run(trials.seed, u64::from(index));
                let mut at = trial.last;
                while at != NONE {
                    counts[at as usize] += 1;
                    at = trial.waited_for[at as usize];
                }
            }
            counts
        });
        let add = |mut all: Vec<u32>, part: Vec<u32>| {
            all.iter_mut().zip(part).for_each(|(all, part)| *all += part);
            all
        };
        let counts = counts.reduce(|| vec![0; self.activities.len()], add);
        counts.into_iter().map(|count| f64::from(count) / f64::from(trials.count.max(1))).collect()
    }

    fn changed(&self, change: &Change) -> Plan {
        let mut plan =
            Plan { works: vec![true; self.activities.len()], occurs: vec![true; self.risks.len()] };
        change.without.iter().for_each(|index| plan.works[*index] = false);
        change.resolved.iter().for_each(|index| plan.occurs[*index] = false);
        plan
    }
}

/// The order in which teams take up activities: by their latest start at expected durations, then by place, but never
/// before what they wait for.
pub fn order_of_work(network: &Network) -> Result<Vec<usize>, Cycle> {
    let days: Vec<f64> = (0..network.activities.len())
        .map(|index| network.days(index, network.activities[index].effort.expected()))
        .collect();
    let path = CriticalPath::new(network, &days)?;
    let mut order = network.order()?;
    let mut depth = vec![0u32; order.len()];
    for &index in &order {
        let after = network.activities[index].after.iter();
        depth[index] = after.map(|before| depth[before.activity] + 1).max().unwrap_or(0);
    }
    order.sort_by(|a, b| {
        let key = |index: &usize| path.floats[*index].late_start;
        key(a).total_cmp(&key(b)).then(depth[*a].cmp(&depth[*b])).then(a.cmp(b))
    });
    Ok(order)
}

fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}

impl Servers {
    fn new(team: &Capacity, servers: &mut usize) -> Self {
        let mut take = |count: u32| {
            let first = *servers;
            *servers += count as usize;
            first..*servers
        };
        let people = take((team.people / people_as_one(team)).max(1));
        // A limit beyond all work is none.
        let limit = team.wip_limit.filter(|limit| *limit <= MOST_SERVERS);
        let in_progress = take(limit.map_or(0, |limit| limit.max(1)));
        let mut worked = vec![0.0];
        for day in 0..team.present.len() {
            let share = f64::from(team.on(day)) / f64::from(team.people.max(1));
            worked.push(worked[day] + share as f32);
        }
        if worked.len() == 1 {
            worked.clear();
        }
        Servers { people, in_progress, worked }
    }

    /// When work is done that begins at a time and takes so many days while everybody is there.
    #[inline]
    fn finish(&self, start: f32, days: f32) -> f32 {
        if self.worked.is_empty() || days <= 0.0 {
            return start + days;
        }
        let last = self.worked.len() - 1;
        let first = start as usize;
        if first >= last {
            return start + days;
        }
        let share = self.worked[first + 1] - self.worked[first];
        let wanted = self.worked[first] + share * (start - first as f32) + days;
        if wanted > self.worked[last] {
            return last as f32 + (wanted - self.worked[last]);
        }
        let day = self.worked.partition_point(|worked| *worked < wanted);
        let (before, after) = (self.worked[day - 1], self.worked[day]);
        (day - 1) as f32 + (wanted - before) / (after - before)
    }
}

/// What takes place in the trials of a run.
struct Plan {
    works: Vec<bool>,
    occurs: Vec<bool>,
}

/// The memory of a trial, used again for the next.
struct Trial<'s> {
    simulation: &'s Simulation,
    plan: &'s Plan,
    efforts: Vec<f32>,
    delays: Vec<f32>,
    finish: Vec<f32>,
    free: Vec<f32>,
    /// Which activity each server worked on last.
    served: Vec<u32>,
    /// Whether it is noted what waited for what.
    traces: bool,
    waited_for: Vec<u32>,
    /// The activity that was done last.
    last: u32,
}

impl<'s> Trial<'s> {
    fn new(simulation: &'s Simulation, plan: &'s Plan) -> Self {
        let count = simulation.activities.len();
        Trial {
            simulation,
            plan,
            efforts: vec![0.0; count],
            delays: vec![0.0; count],
            finish: vec![0.0; count],
            free: vec![0.0; simulation.servers],
            served: vec![NONE; simulation.servers],
            traces: false,
            waited_for: vec![NONE; count],
            last: NONE,
        }
    }

    /// Runs one trial; returns the time at which all is done.
    fn run(&mut self, seed: u64, trial: u64) -> f32 {
        let mut random = Random::of_trial(seed, trial);
        let mut at_the_end = 0.0;
        self.delays.fill(0.0);
        for (risk, occurs) in self.simulation.risks.iter().zip(&self.plan.occurs) {
            // Both are drawn whatever happens, so that a change leaves the other numbers as they are.
            let (chance, delay) = (random.share(), risk.delay.draw(&mut random));
            if !occurs || chance >= risk.probability {
                continue;
            }
            match risk.activities.is_empty() {
                true => at_the_end += delay,
                false => risk.activities.iter().for_each(|activity| self.delays[*activity as usize] += delay),
            }
        }
        for (effort, activity) in self.efforts.iter_mut().zip(&self.simulation.activities) {
            *effort = activity.effort.draw(&mut random);
        }
        self.free.fill(0.0);
        self.served.fill(NONE);
        let mut end = 0.0;
        self.last = NONE;
        for &index in &self.simulation.order {
            let finish = self.place(index);
            // What is left out has no end of its own; what waits for it waits for what it would have waited for.
            if self.plan.works[index as usize] && (finish > end || self.last == NONE) {
                (end, self.last) = (finish, index);
            }
        }
        end + at_the_end
    }

    #[inline]
    fn place(&mut self, index: u32) -> f32 {
        let at = index as usize;
        let activity = &self.simulation.activities[at];
        let works = self.plan.works[at];
        let mut start = if works { activity.not_before } else { 0.0 };
        let mut waited_for = NONE;
        let dependencies = activity.dependencies.start as usize..activity.dependencies.end as usize;
        for &(before, lag) in &self.simulation.dependencies[dependencies] {
            let free = self.finish[before as usize] + lag;
            if free > start {
                (start, waited_for) = (free, before);
            }
        }
        let finish = if !works {
            start
        } else {
            let mut days = self.efforts[at];
            if activity.delays {
                days += self.delays[at];
            }
            match activity.team {
                NONE => start + days,
                team => self.serve(index, team, start, days, &mut waited_for),
            }
        };
        self.finish[at] = finish;
        if self.traces {
            self.waited_for[at] = waited_for;
        }
        finish
    }

    /// Lets a team do an activity, as soon as enough of its people are free.
    fn serve(&mut self, index: u32, team: u32, start: f32, days: f32, waited_for: &mut u32) -> f32 {
        let simulation = self.simulation;
        let team = &simulation.teams[team as usize];
        let people = simulation.activities[index as usize].people as usize;
        let mut start = start;
        for (servers, wanted) in [(team.people.clone(), people), (team.in_progress.clone(), 1)] {
            if servers.is_empty() {
                continue;
            }
            let last = servers.start + wanted.min(servers.len()) - 1;
            self.first_free(servers.clone(), last);
            if self.free[last] > start {
                (start, *waited_for) = (self.free[last], self.served[last]);
            }
        }
        let finish = team.finish(start, days);
        for (servers, wanted) in [(team.people.clone(), people), (team.in_progress.clone(), 1)] {
            for server in servers.start..servers.start + wanted.min(servers.len()) {
                self.free[server] = finish;
                self.served[server] = index;
            }
        }
        finish
    }

    /// Brings the servers that are free first to the front, up to and with `last`.
    #[inline]
    fn first_free(&mut self, servers: std::ops::Range<usize>, last: usize) {
        for place in servers.start..=last {
            let mut best = place;
            for other in place + 1..servers.end {
                if self.free[other] < self.free[best] {
                    best = other;
                }
            }
            self.free.swap(place, best);
            self.served.swap(place, best);
        }
    }
}

/// The value that so much of the values do not exceed (nearest rank); `values` are sorted. Nothing of no values.
pub fn quantile(values: &[f32], share: f64) -> Option<f32> {
    let rank = (share * values.len() as f64 - 1e-9).ceil().max(1.0) as usize;
    values.get(rank - 1).or(values.last()).copied()
}

/// Which share of the values is at most `limit`; `values` are sorted. Nothing of no values.
pub fn share_until(values: &[f32], limit: f32) -> Option<f64> {
    let until = values.partition_point(|value| *value <= limit);
    (!values.is_empty()).then(|| until as f64 / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Activity, Dependency};

    const TRIALS: Trials = Trials { count: 100_000, seed: 1 };

    fn activity(effort: (f64, f64, f64), after: &[usize], team: Option<usize>) -> Activity {
        let (optimistic, likely, pessimistic) = effort;
        let after = after.iter().map(|activity| Dependency { activity: *activity, lag: 0.0 }).collect();
        let effort = Effort { optimistic, likely, pessimistic };
        Activity { effort, after, team, people: 1, not_before: 0.0 }
    }

    fn sorted(network: &Network, risks: &[RiskEvent]) -> Vec<f32> {
        let simulation = Simulation::new(network, risks).expect("no cycle");
        let mut ends = simulation.run(TRIALS, &Change::default(), false).ends;
        ends.sort_by(f32::total_cmp);
        ends
    }

    fn mean(ends: &[f32]) -> f64 {
        ends.iter().map(|end| f64::from(*end)).sum::<f64>() / ends.len() as f64
    }

    fn within_one_per_cent(found: f64, expect: f64) {
        assert!((found / expect - 1.0).abs() < 0.01, "{found} instead of {expect}");
    }

    #[test]
    fn a_row_of_activities_is_the_sum_of_them() {
        let activities = (0..30).map(|at: usize| {
            activity((2.0, 5.0, 11.0), &at.checked_sub(1).map_or(vec![], |at| vec![at]), None)
        });
        let network = Network { activities: activities.collect(), teams: Vec::new() };
        let ends = sorted(&network, &[]);
        let expected = 30.0 * 5.5;
        let deviation = (30.0 * 3.5 * 5.5 / 7.0_f64).sqrt();
        within_one_per_cent(mean(&ends), expected);
        // The sum of thirty is nearly normal.
        for (share, score) in [(0.5, 0.0), (0.85, 1.036_43), (0.95, 1.644_85)] {
            within_one_per_cent(
                f64::from(quantile(&ends, share).expect("a value")),
                expected + score * deviation,
            );
        }
    }

    #[test]
    fn the_maximum_of_paths_is_later_than_the_path_of_maxima() {
        // Eight equal paths: all are done by a time with the eighth power of the likelihood that one is.
        let one = Network { activities: vec![activity((2.0, 5.0, 11.0), &[], None)], teams: Vec::new() };
        let eight = Network { activities: vec![activity((2.0, 5.0, 11.0), &[], None); 8], teams: Vec::new() };
        let (one, eight) = (sorted(&one, &[]), sorted(&eight, &[]));
        for share in [0.5, 0.7, 0.85, 0.95_f64] {
            let expect = quantile(&one, share.powf(1.0 / 8.0)).expect("a value");
            within_one_per_cent(f64::from(quantile(&eight, share).expect("a value")), f64::from(expect));
        }
    }

    #[test]
    fn one_person_does_one_thing_at_a_time() {
        let network = |people| Network {
            activities: vec![activity((3.0, 3.0, 3.0), &[], Some(0)); 6],
            teams: vec![Capacity { people, ..Capacity::of(1) }],
        };
        let end = |network: &Network| sorted(network, &[])[0];
        assert_eq!(
            [end(&network(1)), end(&network(2)), end(&network(4)), end(&network(9))],
            [18.0, 9.0, 6.0, 3.0]
        );
        let mut limited = network(6);
        limited.teams[0].wip_limit = Some(2);
        assert_eq!(end(&limited), 9.0);
        let mut half = network(6);
        half.teams[0].allocation = 0.5;
        assert_eq!(end(&half), 6.0);
        let mut pairs = network(3);
        pairs.activities.iter_mut().for_each(|activity| activity.people = 2);
        assert_eq!(end(&pairs), 9.0, "six pieces of 1.5 days for pairs of three people");
    }

    #[test]
    fn huge_teams_take_no_more_memory_than_large_ones() {
        let end = |network: &Network| {
            let simulation = Simulation::new(network, &[]).expect("no cycle");
            simulation.run(Trials { count: 10, seed: 1 }, &Change::default(), false).ends[0]
        };
        let mut network = Network {
            activities: vec![activity((3.0, 3.0, 3.0), &[], Some(0)); 6],
            teams: vec![Capacity { wip_limit: Some(u32::MAX), ..Capacity::of(u32::MAX) }],
        };
        assert_eq!(end(&network), 3.0);
        network.activities.iter_mut().for_each(|activity| activity.people = u32::MAX / 2);
        let end = end(&network);
        assert!(
            end > 0.0 && end < 1e-6,
            "three pairs of two at the same time, each with half of the world: {end}"
        );
    }

    #[test]
    fn whoever_is_away_does_nothing() {
        let network = |present: &[u32]| Network {
            activities: vec![activity((3.0, 3.0, 3.0), &[], Some(0))],
            teams: vec![Capacity { present: present.to_vec(), people: 2, ..Capacity::of(2) }],
        };
        let end = |present: &[u32]| sorted(&network(present), &[])[0];
        assert_eq!(end(&[2, 0, 0]), 5.0);
        assert_eq!(end(&[0, 2, 2, 0, 2]), 5.0);
        assert_eq!(end(&[1, 1]), 4.0);
    }

    #[test]
    fn a_risk_costs_its_delay_as_often_as_it_occurs() {
        let network =
            Network { activities: vec![activity((10.0, 10.0, 10.0), &[], None)], teams: Vec::new() };
        for activities in [vec![], vec![0]] {
            let risk = RiskEvent { probability: 0.4, delay: Effort::exactly(5.0), activities };
            let ends = sorted(&network, &[risk]);
            within_one_per_cent(share_until(&ends, 10.0).expect("a share"), 0.6);
            within_one_per_cent(mean(&ends), 12.0);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
        let activities = (0..40).map(|at: usize| {
            activity((1.0, 2.0, 9.0), &(at / 2..at.div_ceil(2)).collect::<Vec<_>>(), Some(at % 3))
        });
        let network = Network {
            activities: activities.collect(),
            teams: vec![Capacity::of(1), Capacity::of(2), Capacity::of(3)],
        };
        let risks = [RiskEvent { probability: 0.3, delay: Effort::exactly(4.0), activities: vec![3, 9] }];
        let simulation = Simulation::new(&network, &risks).expect("no cycle");
        let run = |threads, seed| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            let trials = Trials { count: 3_000, seed };
            pool.install(|| {
                (simulation.run(trials, &Change::default(), true), simulation.criticality(trials))
            })
        };
        let (one, criticality) = run(1, 5);
        for threads in [2, 3, 8] {
            let (other, other_criticality) = run(threads, 5);
            assert_eq!((&one.ends, &one.finishes), (&other.ends, &other.finishes));
            assert_eq!(criticality, other_criticality);
        }
        assert_ne!(one.ends, run(2, 6).0.ends);
    }

    #[test]
    fn a_change_leaves_the_other_numbers_as_they_are() {
        let network = Network {
            activities: vec![activity((1.0, 2.0, 9.0), &[], None), activity((1.0, 2.0, 9.0), &[0], None)],
            teams: Vec::new(),
        };
        let simulation = Simulation::new(&network, &[]).expect("no cycle");
        let all = simulation.run(TRIALS, &Change::default(), true);
        let without = simulation.run(TRIALS, &Change { without: vec![1], ..Change::default() }, true);
        assert!(all.finishes.chunks(2).zip(without.ends).all(|(finishes, end)| finishes[0] == end));
    }

    #[test]
    fn what_is_left_out_is_not_waited_for() {
        let later = Activity { not_before: 50.0, ..activity((1.0, 1.0, 1.0), &[0], None) };
        let network = Network {
            activities: vec![
                activity((2.0, 2.0, 2.0), &[], None),
                later,
                activity((3.0, 3.0, 3.0), &[1], None),
            ],
            teams: Vec::new(),
        };
        let simulation = Simulation::new(&network, &[]).expect("no cycle");
        let end = |without: &[usize]| {
            let change = Change { without: without.to_vec(), ..Change::default() };
            simulation.run(Trials { count: 1, seed: 1 }, &change, false).ends[0]
        };
        assert_eq!([end(&[]), end(&[1]), end(&[1, 2]), end(&[0, 1, 2])], [54.0, 5.0, 2.0, 0.0]);
    }

    #[test]
    fn what_decides_is_critical() {
        let network = Network {
            activities: vec![
                activity((5.0, 6.0, 7.0), &[], Some(0)),
                activity((5.0, 6.0, 7.0), &[], Some(0)),
                activity((1.0, 1.0, 1.0), &[], None),
            ],
            teams: vec![Capacity::of(1)],
        };
        let simulation = Simulation::new(&network, &[]).expect("no cycle");
        let criticality = simulation.criticality(Trials { count: 1_000, seed: 1 });
        assert_eq!(criticality, [1.0, 1.0, 0.0], "the second waits for the person, not for the first");
    }

    #[test]
    fn quantiles_of_nothing_are_nothing() {
        assert_eq!((quantile(&[], 0.5), share_until(&[], 1.0)), (None, None));
        let values = [1.0, 2.0, 3.0, 4.0];
        let found = [0.0, 0.25, 0.5, 0.85, 1.0].map(|share| quantile(&values, share));
        assert_eq!(found, [Some(1.0), Some(1.0), Some(2.0), Some(4.0), Some(4.0)]);
        assert_eq!(share_until(&values, 2.5), Some(0.5));
    }
}
