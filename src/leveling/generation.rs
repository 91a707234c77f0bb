//! The serial schedule generation scheme: places activities one by one, each as early as dependencies and resources let it.

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
}

/// A project made ready for many schedules.
#[derive(Debug, Clone)]
pub(super) struct Generator {
    durations: Vec<u32>,
    not_before: Vec<u32>,
    after: Vec<Vec<(u32, u32)>>,
    /// What each activity needs of each word, the words that it needs something of.
    demands: Vec<Vec<(u32, u64)>>,
    profile: Profile,
    has_calendar: bool,
    /// The steps in which each activity is worked on, if they are asked for.
    worked: Option<Vec<Vec<u32>>>,
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
        let demands = |activity: &Activity| {
            let words = packed(activity.demands.iter().copied(), words);
            (0..).zip(words).filter(|(_, word)| *word != 0).collect()
        };
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
            demands: project.activities.iter().map(demands).collect(),
            has_calendar: !first.is_empty(),
            profile: Profile { words, left: Vec::new(), first, whole },
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
            if let Some(worked) = worked {
                worked.extend(start..start + duration);
            }
            return Placement { start, finish: start + duration };
        }
        let profile = &mut self.profile;
        match (self.has_calendar, demands.as_slice(), &worked) {
            (false, &[(0, demand)], None) if profile.words == 1 => {
                profile.place_in_one_word(demand, start, duration)
            }
            _ => profile.place(demands, start, duration, worked),
        }
    }
}

impl Profile {
    fn clear(&mut self) {
        self.left.clear();
        self.left.extend_from_slice(&self.first);
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
        demands: &[(u32, u64)],
        start: u32,
        duration: u32,
        worked: Option<&mut Vec<u32>>,
    ) -> Placement {
        let words = self.words;
        let known = (self.first.len() / words.max(1)) as u32;
        let mut steps = Vec::with_capacity(duration as usize);
        let mut step = start;
        while steps.len() < duration as usize && step < LAST_STEP {
            self.reach(step);
            let place = |word: u32| step as usize * words + word as usize;
            let may_pause = step < known
                && demands.iter().any(|(word, demand)| {
                    (self.first[place(*word)] ^ self.whole[*word as usize]) & lanes(*demand) != 0
                });
            if demands.iter().all(|(word, demand)| fits(self.left[place(*word)], *demand)) {
                steps.push(step);
            } else if !may_pause {
                steps.clear();
            }
            step += 1;
        }
        for step in &steps {
            for (word, demand) in demands {
                self.left[*step as usize * words + *word as usize] -= demand;
            }
        }
        let first = steps.first().copied().unwrap_or(step);
        if let Some(worked) = worked {
            *worked = steps;
        }
        Placement { start: first, finish: step }
    }
}

/// A schedule: where each activity is placed, and the steps in which it is worked on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    /// The first step of each activity and the one after its last.
    pub placed: Vec<Placement>,
    /// The steps in which each is worked on: all of these, but for pauses.
    pub worked: Vec<Vec<u32>>,
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
    (0..schedule.placed.len()).map(|index| reason(project, &schedule.placed, index)).collect()
}

fn reason(project: &Project, placed: &[Placement], index: usize) -> Reason {
    let activity = &project.activities[index];
    let start = placed[index].start;
    let latest = activity.after.iter().map(|(before, lag)| (placed[*before].finish + lag, *before)).max();
    match latest {
        Some((free, before)) if free >= start && free > 0 && free >= activity.not_before => {
            Reason::Dependency(before)
        }
        _ if start == 0 => Reason::Free,
        _ if start == activity.not_before => Reason::NotBefore,
        _ => waits_for(project, placed, index).map_or(Reason::NotBefore, Reason::Resource),
    }
}

/// The resource that has too little left in the step before an activity begins.
fn waits_for(project: &Project, placed: &[Placement], index: usize) -> Option<usize> {
    let step = placed[index].start.checked_sub(1)?;
    let used = |resource: usize| -> u32 {
        let others = placed.iter().zip(&project.activities).enumerate();
        let at_work = others.filter(|(other, (placement, _))| {
            *other != index && placement.start <= step && step < placement.finish
        });
        let demands = at_work.flat_map(|(_, (_, activity))| &activity.demands);
        demands.filter(|(other, _)| *other == resource).map(|(_, demand)| demand).sum()
    };
    let short =
        |(resource, demand): &&(usize, u32)| used(*resource) + demand > project.resources[*resource].at(step);
    let demands = &project.activities[index].demands;
    demands.iter().find(short).or(demands.first()).map(|(resource, _)| *resource)
}
