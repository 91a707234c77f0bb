//! The serial schedule generation scheme: places activities one by one, each as early as dependencies and resources let it.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Activity, Project};

/// Where an activity is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Its first step.
    pub start: u32,
    /// The step after its last.
    pub finish: u32,
}

/// Why an activity does not begin earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It begins as early as anything can.
    Free,
    /// It does not begin before a step.
    NotBefore,
    /// It waits for this activity to be done, and for the lag behind it.
    Dependency(usize),
    /// It waits for this resource.
    Resource(usize),
}

/// A step beyond which nothing is placed: whatever would begin later begins here, and the schedule does not verify.
const LAST_STEP: u32 = 4_000_000;

/// How many resources share a word; each has a bit that is never used.
const LANES: usize = 4;
const LANE: u32 = 16;
const GUARDS: u64 = 0x8000_8000_8000_8000;

/// What is left of all resources in each step, several to a word.
#[derive(Debug, Clone, Default)]
struct Profile {
    words: usize,
    /// What is left, step by step.
    left: Vec<u64>,
    /// What there is at first, as far as it differs from step to step.
    first: Vec<u64>,
    /// What there is at first in every later step.
    whole: Vec<u64>,
    /// For each amount that is demanded of a word, the first step in which it may be left: what was taken does not come back
    /// within a schedule, so that no step is looked at twice in vain.
    floors: Vec<Floor>,
}

/// An amount of a word, and the step before which it is never left.
#[derive(Debug, Clone, Copy)]
struct Floor {
    word: u32,
    amount: u64,
    step: u32,
}

/// What an activity needs of a word.
#[derive(Debug, Clone, Copy)]
struct Demand {
    word: u32,
    amount: u64,
    /// The position of its floor.
    floor: u32,
}

/// A project made ready for many schedules.
#[derive(Debug, Clone)]
pub(super) struct Generator {
    durations: Vec<u32>,
    not_before: Vec<u32>,
    after: Vec<Vec<(u32, u32)>>,
    /// What each activity needs of each word, the words that it needs something of.
    demands: Vec<Vec<Demand>>,
    profile: Profile,
    has_calendar: bool,
    /// The steps in which each activity is worked on, if they are asked for.
    worked: Option<Vec<Vec<Range<u32>>>>,
}

fn packed(amounts: impl Iterator<Item = (usize, u32)>, words: usize) -> Vec<u64> {
    let mut packed = vec![0u64; words];
    for (resource, amount) in amounts {
        let lane = LANE * (resource % LANES) as u32;
        let before = (packed[resource / LANES] >> lane) & 0x7fff;
        let amount = (before + u64::from(amount)).min(0x7fff);
        packed[resource / LANES] &= !(0x7fff << lane);
        packed[resource / LANES] |= amount << lane;
    }
    packed
}

/// The lanes in which something is demanded.
fn lanes(demand: u64) -> u64 {
    (0..LANES as u32).map(|lane| 0x7fff << (lane * LANE)).filter(|lane| demand & lane != 0).sum()
}

/// Whether so much of each lane is left.
fn fits(left: u64, demand: u64) -> bool {
    ((left | GUARDS) - demand) & GUARDS == GUARDS
}

impl Generator {
    pub(super) fn new(project: &Project, is_reversed: bool) -> Self {
        let words = project.resources.len().div_ceil(LANES);
        let mut floors: Vec<Floor> = Vec::new();
        let mut known: FxHashMap<(u32, u64), u32> = FxHashMap::default();
        let demands = |activity: &Activity| {
            let amounts = (0u32..).zip(packed(activity.demands.iter().copied(), words));
            let demand = |(word, amount): (u32, u64)| {
                let floor = *known.entry((word, amount)).or_insert_with(|| {
                    floors.push(Floor { word, amount, step: 0 });
                    floors.len() as u32 - 1
                });
                Demand { word, amount, floor }
            };
            amounts.filter(|(_, amount)| *amount != 0).map(demand).collect()
        };
        let demands: Vec<Vec<Demand>> = project.activities.iter().map(demands).collect();
        let mut after: Vec<Vec<(u32, u32)>> = vec![Vec::new(); project.activities.len()];
        for (index, activity) in project.activities.iter().enumerate() {
            for &(before, lag) in &activity.after {
                match is_reversed {
                    true => after[before].push((index as u32, lag)),
                    false => after[index].push((before as u32, lag)),
                }
            }
        }
        let resources = || project.resources.iter().enumerate();
        // Backwards only the order counts, so that no step differs from another.
        let known = if is_reversed {
            0
        } else {
            resources().map(|(_, resource)| resource.available.len()).max().unwrap_or(0)
        };
        let step = |step: usize| {
            let amounts = resources().map(|(index, resource)| (index, resource.at(step as u32)));
            packed(amounts, words)
        };
        let whole = packed(resources().map(|(index, resource)| (index, resource.capacity)), words);
        let first: Vec<u64> = (0..known).flat_map(step).collect();
        Generator {
            durations: project.activities.iter().map(|activity| activity.duration).collect(),
            not_before: project
                .activities
                .iter()
                .map(|activity| if is_reversed { 0 } else { activity.not_before })
                .collect(),
            after,
            demands,
            has_calendar: !first.is_empty(),
            profile: Profile { words, left: Vec::new(), first, whole, floors },
            worked: None,
        }
    }

    /// Places the activities in this order, each after all that it waits for; returns the step at which all is done.
    pub(super) fn run(&mut self, order: &[u32], placed: &mut [Placement]) -> u32 {
        self.profile.clear();
        let mut end = 0;
        for &index in order {
            let at = index as usize;
            let mut start = self.not_before[at];
            for &(before, lag) in &self.after[at] {
                start = start.max(placed[before as usize].finish + lag);
            }
            let placement = self.place(at, start.min(LAST_STEP));
            placed[at] = placement;
            end = end.max(placement.finish);
        }
        end
    }

    fn place(&mut self, at: usize, start: u32) -> Placement {
        let duration = self.durations[at];
        let demands = &self.demands[at];
        let worked = self.worked.as_mut().map(|worked| &mut worked[at]);
        if duration == 0 || demands.is_empty() {
            if let Some(worked) = worked.filter(|_| duration > 0) {
                worked.push(start..start + duration);
            }
            return Placement { start, finish: start + duration };
        }
        let profile = &mut self.profile;
        let start = demands.iter().map(|demand| profile.floor(demand.floor)).fold(start, u32::max);
        match (self.has_calendar, demands.as_slice(), &worked) {
            (false, &[Demand { word: 0, amount, .. }], None) if profile.words == 1 => {
                profile.place_in_one_word(amount, start, duration)
            }
            _ => profile.place(demands, start, duration, worked),
        }
    }
}

impl Profile {
    fn clear(&mut self) {
        self.left.clear();
        self.left.extend_from_slice(&self.first);
        self.floors.iter_mut().for_each(|floor| floor.step = 0);
    }

    /// The first step in which as much may be left as a floor is about.
    fn floor(&mut self, floor: u32) -> u32 {
        let floor = &mut self.floors[floor as usize];
        let place = |step: u32| step as usize * self.words + floor.word as usize;
        let mut step = floor.step;
        while self.left.get(place(step)).is_some_and(|left| !fits(*left, floor.amount)) {
            step += 1;
        }
        floor.step = step;
        step
    }

    fn reach(&mut self, step: u32) {
        while self.left.len() < (step as usize + 1) * self.words {
            self.left.extend_from_slice(&self.whole);
        }
    }

    fn place_in_one_word(&mut self, demand: u64, start: u32, duration: u32) -> Placement {
        let (mut first, mut step) = (start as usize, start as usize);
        let duration = duration as usize;
        // Beyond what is known all of it is left.
        while step < self.left.len() && step < first + duration {
            step += 1;
            if !fits(self.left[step - 1], demand) {
                first = step;
            }
        }
        let end = first + duration;
        if self.left.len() < end {
            self.left.resize(end, self.whole[0]);
        }
        self.left[first..end].iter_mut().for_each(|left| *left -= demand);
        Placement { start: first as u32, finish: end as u32 }
    }

    /// The general case: an activity that has begun pauses in steps in which somebody is away and too little is left.
    fn place(
        &mut self,
        demands: &[Demand],
        start: u32,
        duration: u32,
        worked: Option<&mut Vec<Range<u32>>>,
    ) -> Placement {
        let words = self.words;
        let known = (self.first.len() / words.max(1)) as u32;
        let mut steps = Vec::with_capacity(duration as usize);
        let mut step = start;
        while steps.len() < duration as usize && step < LAST_STEP {
            self.reach(step);
            let place = |word: u32| step as usize * words + word as usize;
            let may_pause = step < known
                && demands.iter().any(|demand| {
                    (self.first[place(demand.word)] ^ self.whole[demand.word as usize]) & lanes(demand.amount)
                        != 0
                });
            if demands.iter().all(|demand| fits(self.left[place(demand.word)], demand.amount)) {
                steps.push(step);
            } else if !may_pause {
                steps.clear();
            }
            step += 1;
        }
        for step in &steps {
            for demand in demands {
                self.left[*step as usize * words + demand.word as usize] -= demand.amount;
            }
        }
        let first = steps.first().copied().unwrap_or(step);
        if let Some(worked) = worked {
            *worked = runs(&steps);
        }
        Placement { start: first, finish: step }
    }
}

/// Steps that rise, as runs without gaps.
fn runs(steps: &[u32]) -> Vec<Range<u32>> {
    let mut runs: Vec<Range<u32>> = Vec::new();
    for step in steps {
        match runs.last_mut().filter(|run| run.end == *step) {
            Some(run) => run.end += 1,
            None => runs.push(*step..*step + 1),
        }
    }
    runs
}

/// A schedule: where each activity is placed, and the steps in which it is worked on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    /// The first step of each activity and the one after its last.
    pub placed: Vec<Placement>,
    /// The steps in which each is worked on, in runs: all of these, but for pauses.
    pub worked: Vec<Vec<Range<u32>>>,
}

impl Schedule {
    /// The step at which all is done.
    pub fn end(&self) -> u32 {
        self.placed.iter().map(|placement| placement.finish).max().unwrap_or(0)
    }
}

/// Places the activities of a project in an order.
pub fn place(project: &Project, order: &[u32]) -> Schedule {
    let mut generator = Generator::new(project, false);
    let count = project.activities.len();
    generator.worked = Some(vec![Vec::new(); count]);
    let mut placed = vec![Placement { start: 0, finish: 0 }; count];
    generator.run(order, &mut placed);
    Schedule { placed, worked: generator.worked.unwrap_or_default() }
}

/// Why each activity of a schedule does not begin earlier.
pub fn reasons(project: &Project, schedule: &Schedule) -> Vec<Reason> {
    let usage = Usage::new(project, &schedule.placed);
    (0..schedule.placed.len()).map(|index| reason(project, &schedule.placed, &usage, index)).collect()
}

fn reason(project: &Project, placed: &[Placement], usage: &Usage, index: usize) -> Reason {
    let activity = &project.activities[index];
    let start = placed[index].start;
    let latest = activity.after.iter().map(|(before, lag)| (placed[*before].finish + lag, *before)).max();
    match latest {
        Some((free, before)) if free >= start && free > 0 && free >= activity.not_before => {
            Reason::Dependency(before)
        }
        _ if start == 0 => Reason::Free,
        _ if start == activity.not_before => Reason::NotBefore,
        _ => waits_for(project, usage, activity, start).map_or(Reason::NotBefore, Reason::Resource),
    }
}

/// The resource that has too little left in the step before an activity begins.
fn waits_for(project: &Project, usage: &Usage, activity: &Activity, start: u32) -> Option<usize> {
    let step = start.checked_sub(1)?;
    let short = |(resource, demand): &&(usize, u32)| {
        usage.at(*resource, step) + u64::from(*demand) > u64::from(project.resources[*resource].at(step))
    };
    activity.demands.iter().find(short).or(activity.demands.first()).map(|(resource, _)| *resource)
}

/// How much of each resource the activities of a schedule take in a step, from their first to their last.
struct Usage {
    of: Vec<Steps>,
}

/// When activities take something of a resource and give it back, each with the sum up to it.
#[derive(Default)]
struct Steps {
    starts: Vec<(u32, u64)>,
    finishes: Vec<(u32, u64)>,
}

impl Usage {
    fn new(project: &Project, placed: &[Placement]) -> Self {
        let mut of: Vec<Steps> = project.resources.iter().map(|_| Steps::default()).collect();
        for (activity, placement) in project.activities.iter().zip(placed) {
            for (resource, demand) in &activity.demands {
                of[*resource].starts.push((placement.start, u64::from(*demand)));
                of[*resource].finishes.push((placement.finish, u64::from(*demand)));
            }
        }
        for steps in &mut of {
            for list in [&mut steps.starts, &mut steps.finishes] {
                list.sort_unstable();
                let mut sum = 0;
                list.iter_mut().for_each(|(_, amount)| {
                    sum += *amount;
                    *amount = sum;
                });
            }
        }
        Usage { of }
    }

    /// How much is taken in a step.
    fn at(&self, resource: usize, step: u32) -> u64 {
        let until = |list: &[(u32, u64)]| {
            let count = list.partition_point(|(at, _)| *at <= step);
            count.checked_sub(1).map_or(0, |last| list[last].1)
        };
        until(&self.of[resource].starts) - until(&self.of[resource].finishes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Resource;
    use super::*;

    fn activity(duration: u32, demand: u32) -> Activity {
        Activity { duration, demands: vec![(0, demand)], ..Activity::default() }
    }

    #[test]
    fn an_activity_waits_for_what_others_take() {
        let project = Project {
            activities: vec![activity(3, 2), activity(2, 2), activity(1, 1), activity(0, 1)],
            resources: vec![Resource { capacity: 3, available: Vec::new() }],
        };
        let schedule = place(&project, &[0, 1, 2, 3]);
        let starts: Vec<u32> = schedule.placed.iter().map(|placement| placement.start).collect();
        assert_eq!(starts, [0, 3, 0, 0]);
        let waits = [Reason::Free, Reason::Resource(0), Reason::Free, Reason::Free];
        assert_eq!(reasons(&project, &schedule), waits);
    }

    #[test]
    fn activities_pause_while_people_are_away() {
        let project = Project {
            activities: vec![activity(3, 1)],
            resources: vec![Resource { capacity: 1, available: vec![0, 1, 0, 1] }],
        };
        assert_eq!(place(&project, &[0]).worked, [[1..2, 3..5]]);
    }
}
