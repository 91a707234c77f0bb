//! A genetic search for a short schedule: orders of activities are crossed, and each schedule is improved by moving it
//! against its end and back (forward-backward improvement; Valls, Ballestín and Quintanilla 2005, 2008).

use super::Project;
use super::generation::{Generator, Placement, Schedule, place};
use crate::random::Random;

/// How much is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// How many schedules at most.
    pub schedules: u32,
    /// What the random numbers follow from.
    pub seed: u64,
}

/// How many schedules each of the two populations keeps.
const POPULATION: usize = 15;

/// How many activities of a child are moved by chance, on average.
const MUTATION: f64 = 0.9;

/// Of how many activities that may follow one is chosen by their weights.
const MOST_WEIGHED: usize = 64;

/// The schedules of a population that has become alike are made anew.
const PATIENCE: u32 = 35;

/// A schedule: when each activity begins, and when all is done.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    starts: Vec<u32>,
    end: u32,
}

/// A short schedule of a project whose activities do not wait for each other in a circle, and no activity of which needs
/// more of a resource than there is.
pub fn schedule(project: &Project, effort: Effort) -> Schedule {
    let mut search = Search::new(project, effort);
    search.run();
    place(project, &search.best)
}

struct Search {
    forward: Generator,
    backward: Generator,
    before: Vec<Vec<u32>>,
    followers: Vec<Vec<u32>>,
    /// When each must be done at the latest if there were no resources, as a priority.
    latest: Vec<u32>,
    /// No schedule is shorter.
    bound: u32,
    random: Random,
    left: u32,
    durations: Vec<u32>,
    /// How much of all resources each activity takes in a step.
    weights: Vec<f64>,
    placed: Vec<Placement>,
    /// The order of the best schedule so far.
    best: Vec<u32>,
    best_end: u32,
}

impl Search {
    fn new(project: &Project, effort: Effort) -> Self {
        let followers = project.followers();
        let narrow = |lists: Vec<Vec<usize>>| -> Vec<Vec<u32>> {
            lists.into_iter().map(|list| list.into_iter().map(|index| index as u32).collect()).collect()
        };
        let before = project
            .activities
            .iter()
            .map(|activity| activity.after.iter().map(|(before, _)| *before).collect());
        let before = narrow(before.collect());
        let (latest, bound) = latest(project, &followers);
        let count = project.activities.len();
        Search {
            forward: Generator::new(project, false),
            backward: Generator::new(project, true),
            before,
            followers: narrow(followers),
            latest,
            bound,
            random: Random::of_trial(effort.seed, 0),
            left: effort.schedules.max(1),
            durations: project.activities.iter().map(|activity| activity.duration).collect(),
            weights: project.activities.iter().map(|activity| weight(project, activity)).collect(),
            placed: vec![Placement { start: 0, finish: 0 }; count],
            best: Vec::new(),
            best_end: u32::MAX,
        }
    }

    fn run(&mut self) {
        let first = self.by_priority();
        self.forward(&first);
        while self.is_open() {
            let mut early: Vec<Candidate> = Vec::with_capacity(POPULATION);
            while early.len() < POPULATION && self.is_open() {
                let sample = self.sampled();
                early.push(self.forward(&sample));
            }
            let mut late = early.clone();
            let (mut known, mut idle) = (self.best_end, 0);
            while self.is_open() && idle < PATIENCE {
                self.renew(&early, &mut late, true);
                self.renew(&late, &mut early, false);
                idle = if self.best_end < known { 0 } else { idle + 1 };
                known = self.best_end;
            }
        }
    }

    fn is_open(&self) -> bool {
        self.left > 0 && self.best_end > self.bound
    }

    /// Makes one population from the other: each schedule is crossed with another one, and the better child takes its place,
    /// moved against the end or the beginning.
    fn renew(&mut self, parents: &[Candidate], children: &mut [Candidate], is_late: bool) {
        for (place, child) in children.iter_mut().enumerate() {
            if !self.is_open() {
                return;
            }
            let other = self.partner(parents, place);
            let (one, two) = (&parents[place], &parents[other]);
            let first = self.child(one, two, is_late);
            let second = self.child(two, one, is_late);
            *child = if first.end <= second.end { first } else { second };
        }
    }

    /// The better of two others by chance.
    fn partner(&mut self, parents: &[Candidate], place: usize) -> usize {
        let count = parents.len() as u32;
        let mut pick = || {
            let other = self.random.below(count) as usize;
            if other == place { (other + 1) % parents.len() } else { other }
        };
        let (a, b) = (pick(), pick());
        if parents[a].end <= parents[b].end { a } else { b }
    }

    /// A stretch of the father in which resources are used most stays together; the rest is as in the mother.
    fn child(&mut self, father: &Candidate, mother: &Candidate, is_late: bool) -> Candidate {
        let (from, to) = self.peak(father);
        let far = father.end.max(mother.end) + 1;
        let mut keys: Vec<u32> = Vec::with_capacity(father.starts.len());
        for (own, other) in father.starts.iter().zip(&mother.starts) {
            // All keys are moved by `far`, so that none is negative.
            keys.push(match (*own, *other) {
                (own, _) if (from..=to).contains(&own) => own + far,
                (_, other) if other < from => other,
                (_, other) if other > to => other + 2 * far,
                (_, other) => other + far,
            });
        }
        let chance = MUTATION / keys.len() as f64;
        for key in &mut keys {
            if self.random.share() < chance {
                *key = self.random.below(3 * far);
            }
        }
        if is_late {
            self.backward(&keys)
        } else {
            let order = self.ordered(&keys, false);
            self.forward(&order)
        }
    }

    /// Of a few stretches of one length the one in which resources are used most.
    fn peak(&mut self, candidate: &Candidate) -> (u32, u32) {
        let end = candidate.end.max(2);
        let length = end / 4 + self.random.below(end / 2 + 1);
        let mut best = (0, -1.0);
        for _ in 0..3 {
            let from = self.random.below(end - length.min(end - 1));
            let used = |(start, (duration, weight)): (&u32, (&u32, &f64))| {
                let overlap = (start + duration).min(from + length).saturating_sub((*start).max(from));
                f64::from(overlap) * weight
            };
            let used: f64 =
                candidate.starts.iter().zip(self.durations.iter().zip(&self.weights)).map(used).sum();
            if used > best.1 {
                best = (from, used);
            }
        }
        (best.0, best.0 + length)
    }

    /// The activities by their keys, each behind all that it waits for; from the end where it is reversed.
    fn ordered(&self, keys: &[u32], is_reversed: bool) -> Vec<u32> {
        let mut list: Vec<u32> = (0..keys.len() as u32).collect();
        match is_reversed {
            true => list.sort_unstable_by_key(|index| {
                (std::cmp::Reverse(keys[*index as usize] + self.durations[*index as usize]), *index)
            }),
            false => list.sort_unstable_by_key(|index| (keys[*index as usize], *index)),
        }
        self.repaired(&list, is_reversed)
    }

    /// Places an order as early as possible.
    fn forward(&mut self, list: &[u32]) -> Candidate {
        self.left = self.left.saturating_sub(1);
        let end = self.forward.run(list, &mut self.placed);
        if end < self.best_end {
            self.best_end = end;
            self.best.clear();
            self.best.extend_from_slice(list);
        }
        Candidate { starts: self.placed.iter().map(|placement| placement.start).collect(), end }
    }

    /// Places activities as late as possible before an end.
    fn backward(&mut self, keys: &[u32]) -> Candidate {
        self.left = self.left.saturating_sub(1);
        let list = self.ordered(keys, true);
        let end = self.backward.run(&list, &mut self.placed);
        let starts: Vec<u32> = self.placed.iter().map(|placement| end - placement.finish).collect();
        if end < self.best_end {
            let order = self.ordered(&starts, false);
            self.forward(&order);
        }
        Candidate { starts, end }
    }

    /// The order with every activity behind those that it waits for; what is in order already stays.
    fn repaired(&self, list: &[u32], is_reversed: bool) -> Vec<u32> {
        let (before, after) = match is_reversed {
            true => (&self.followers, &self.before),
            false => (&self.before, &self.followers),
        };
        let mut rank = vec![0u32; list.len()];
        list.iter().zip(0..).for_each(|(index, place)| rank[*index as usize] = place);
        let is_behind = |index: &u32| {
            before[*index as usize].iter().all(|other| rank[*other as usize] < rank[*index as usize])
        };
        if list.iter().all(is_behind) {
            return list.to_vec();
        }
        let mut open: Vec<usize> = before.iter().map(Vec::len).collect();
        let free =
            (0..list.len()).filter(|index| open[*index] == 0).map(|index| std::cmp::Reverse(rank[index]));
        let mut free: std::collections::BinaryHeap<_> = free.collect();
        let mut repaired = Vec::with_capacity(list.len());
        while let Some(std::cmp::Reverse(place)) = free.pop() {
            let index = list[place as usize];
            repaired.push(index);
            for follower in &after[index as usize] {
                open[*follower as usize] -= 1;
                if open[*follower as usize] == 0 {
                    free.push(std::cmp::Reverse(rank[*follower as usize]));
                }
            }
        }
        repaired
    }

    /// The order by the latest time at which each must be done.
    fn by_priority(&self) -> Vec<u32> {
        let key = |index: u32| std::cmp::Reverse((self.latest[index as usize], index));
        let mut open: Vec<usize> = self.before.iter().map(Vec::len).collect();
        let free = (0u32..).zip(&open).filter(|(_, open)| **open == 0).map(|(index, _)| key(index));
        let mut free: std::collections::BinaryHeap<_> = free.collect();
        let mut list = Vec::with_capacity(open.len());
        while let Some(std::cmp::Reverse((_, index))) = free.pop() {
            list.push(index);
            for follower in &self.followers[index as usize] {
                open[*follower as usize] -= 1;
                if open[*follower as usize] == 0 {
                    free.push(key(*follower));
                }
            }
        }
        list
    }

    /// The same by chance: the earlier something must be done, the more likely it is chosen.
    fn sampled(&mut self) -> Vec<u32> {
        let mut open: Vec<usize> = self.before.iter().map(Vec::len).collect();
        let mut eligible: Vec<u32> =
            (0..).zip(&open).filter(|(_, open)| **open == 0).map(|(index, _)| index).collect();
        let mut list = Vec::with_capacity(open.len());
        while !eligible.is_empty() {
            let index = eligible.swap_remove(self.chosen(&eligible));
            list.push(index);
            for follower in &self.followers[index as usize] {
                open[*follower as usize] -= 1;
                if open[*follower as usize] == 0 {
                    eligible.push(*follower);
                }
            }
        }
        list
    }

    /// One by chance, weighted by the square of how much earlier it must be done than the last. Of many, it is one of a few
    /// that are drawn first, so that a choice takes no longer the more there are.
    fn chosen(&mut self, eligible: &[u32]) -> usize {
        let mut drawn = [0; MOST_WEIGHED];
        let places: &[usize] = match eligible.len() <= MOST_WEIGHED {
            true => {
                (0..eligible.len()).for_each(|place| drawn[place] = place);
                &drawn[..eligible.len()]
            }
            false => {
                drawn.iter_mut().for_each(|place| *place = self.random.below(eligible.len() as u32) as usize);
                &drawn
            }
        };
        let latest = |place: usize| self.latest[eligible[place] as usize];
        let worst = places.iter().map(|place| latest(*place)).max().unwrap_or(0);
        let weight = |place: &usize| {
            let regret = f64::from(worst - latest(*place)) + 1.0;
            regret * regret
        };
        let total: f64 = places.iter().map(weight).sum();
        let mut wanted = self.random.share() * total;
        let found = places.iter().find(|place| {
            wanted -= weight(place);
            wanted <= 0.0
        });
        found.or(places.last()).copied().unwrap_or(0)
    }
}

/// How much of all resources an activity takes in a step, as a sum of shares.
fn weight(project: &Project, activity: &super::Activity) -> f64 {
    let share = |(resource, demand): &(usize, u32)| {
        f64::from(*demand) / f64::from(project.resources[*resource].capacity.max(1))
    };
    activity.demands.iter().map(share).sum()
}

/// The largest project whose pairs of activities are compared.
const MOST_COMPARED: usize = 600;

/// When each activity must be done at the latest so that all is done as early as dependencies alone let it; and a time
/// before which not all can be done.
fn latest(project: &Project, followers: &[Vec<usize>]) -> (Vec<u32>, u32) {
    let count = project.activities.len();
    let mut open: Vec<usize> = project.activities.iter().map(|activity| activity.after.len()).collect();
    let mut order: Vec<usize> = (0..count).filter(|index| open[*index] == 0).collect();
    let mut head = vec![0u32; count];
    let mut at = 0;
    while let Some(&index) = order.get(at) {
        at += 1;
        let activity = &project.activities[index];
        let free = activity.after.iter().map(|(before, lag)| {
            head[*before].saturating_add(project.activities[*before].duration).saturating_add(*lag)
        });
        head[index] = free.max().unwrap_or(0).max(activity.not_before);
        for &follower in &followers[index] {
            open[follower] -= 1;
            if open[follower] == 0 {
                order.push(follower);
            }
        }
    }
    let mut tail = vec![0u32; count];
    for &index in order.iter().rev() {
        let own = tail[index].saturating_add(project.activities[index].duration);
        for (before, lag) in &project.activities[index].after {
            tail[*before] = tail[*before].max(own.saturating_add(*lag));
        }
    }
    let alone = |index: usize| head[index] + project.activities[index].duration + tail[index];
    let end = (0..count).map(alone).max().unwrap_or(0);
    let latest = tail.iter().map(|tail| end - tail).collect();
    // Where people are away, activities may pause for each other.
    let is_steady = project.resources.iter().all(|resource| resource.available.is_empty());
    let pairs = if is_steady { bound_of_pairs(project, &head, &tail) } else { 0 };
    (latest, end.max(pairs))
}

/// Two activities that need more of a resource together than there is follow each other, in one order or the other.
fn bound_of_pairs(project: &Project, head: &[u32], tail: &[u32]) -> u32 {
    let count = project.activities.len();
    if count > MOST_COMPARED {
        return 0;
    }
    let excludes = |one: usize, other: usize| {
        let demand = |index: usize, resource: usize| -> u32 {
            let demands = project.activities[index].demands.iter();
            demands.filter(|(own, _)| *own == resource).map(|(_, demand)| *demand).sum()
        };
        project.activities[one].demands.iter().any(|(resource, own)| {
            let most = project.resources[*resource].capacity;
            own + demand(other, *resource) > most && demand(other, *resource) > 0
        })
    };
    let mut bound = 0;
    let pairs = (0..count).flat_map(|one| (0..one).map(move |other| (one, other)));
    for (one, other) in pairs {
        let (own, its) = (project.activities[one].duration, project.activities[other].duration);
        if own > 0 && its > 0 && excludes(one, other) {
            let first = head[one] + own + its + tail[other];
            let second = head[other] + its + own + tail[one];
            bound = bound.max(first.min(second));
        }
    }
    bound
}

#[cfg(test)]
mod tests {
    use super::super::{Activity, Resource, verify};
    use super::*;

    /// A project by chance: up to so many activities on three resources.
    fn project(random: &mut Random, most: u32) -> Project {
        let count = random.between(2, most);
        let resource = |random: &mut Random| {
            let capacity = random.between(2, 5);
            let available = (0..random.below(6)).map(|_| random.below(capacity + 1)).collect();
            Resource { capacity, available: if random.below(2) == 0 { Vec::new() } else { available } }
        };
        let resources: Vec<Resource> = (0..3).map(|_| resource(random)).collect();
        let activity = |index: u32, random: &mut Random| {
            let mut after = Vec::new();
            for before in 0..index as usize {
                if random.below(4) == 0 {
                    after.push((before, random.below(2)));
                }
            }
            let demands = (0..3).filter_map(|resource| {
                let demand = random.below(resources[resource].capacity + 1);
                (demand > 0).then_some((resource, demand))
            });
            Activity {
                after,
                demands: demands.collect(),
                duration: random.below(6),
                not_before: random.below(3),
            }
        };
        let activities = (0..count).map(|index| activity(index, random)).collect();
        Project { activities, resources }
    }

    /// The shortest schedule of all orders.
    fn shortest(project: &Project) -> u32 {
        fn go(project: &Project, order: &mut Vec<u32>, best: &mut u32) {
            if order.len() == project.activities.len() {
                *best = (*best).min(place(project, order).end());
                return;
            }
            for next in 0..project.activities.len() as u32 {
                let mut after = project.activities[next as usize].after.iter();
                let is_free = after.all(|(before, _)| order.contains(&(*before as u32)));
                if !order.contains(&next) && is_free {
                    order.push(next);
                    go(project, order, best);
                    order.pop();
                }
            }
        }
        let mut best = u32::MAX;
        go(project, &mut Vec::new(), &mut best);
        best
    }

    #[test]
    fn every_schedule_verifies_and_small_ones_are_the_shortest() {
        let mut random = Random::of_trial(9, 0);
        for seed in 0..150 {
            let project = project(&mut random, 6);
            let placed = schedule(&project, Effort { schedules: 600, seed });
            assert_eq!(verify(&project, &placed), [], "{project:?}");
            assert_eq!(placed.end(), shortest(&project), "{project:?}");
        }
    }

    #[test]
    fn large_schedules_verify_and_repeat() {
        let mut random = Random::of_trial(10, 0);
        for seed in 0..20 {
            let project = project(&mut random, 60);
            let effort = Effort { schedules: 300, seed };
            let placed = schedule(&project, effort);
            assert_eq!(verify(&project, &placed), []);
            assert_eq!(placed, schedule(&project, effort));
            assert!(placed.end() >= latest(&project, &project.followers()).1);
            assert!(u64::from(placed.end()) >= project.shortest());
        }
    }

    #[test]
    fn many_activities_take_their_time_and_no_longer() {
        // Each of four teams has as many activities as the first schedule needs to be long.
        let project = |count: u32| Project {
            activities: (0..count)
                .map(|index| Activity {
                    duration: 2,
                    demands: vec![(index as usize % 4, 1)],
                    after: if index < 400 { Vec::new() } else { vec![(index as usize - 400, 0)] },
                    not_before: 0,
                })
                .collect(),
            resources: vec![Resource { capacity: 20, available: Vec::new() }; 4],
        };
        let time = |count| {
            let project = project(count);
            let begun = std::time::Instant::now();
            let placed = schedule(&project, Effort { schedules: 2, seed: 1 });
            let reasons = super::super::reasons(&project, &placed);
            assert_eq!((verify(&project, &placed), reasons.len()), (Vec::new(), count as usize));
            begun.elapsed().as_secs_f64()
        };
        let (small, large) = (time(4_000).max(0.01), time(40_000));
        assert!(large < small * 40.0, "ten times the work: {small} s and {large} s");
    }

    #[test]
    fn nothing_takes_no_time() {
        assert_eq!(schedule(&Project::default(), Effort { schedules: 10, seed: 1 }), Schedule::default());
    }
}
