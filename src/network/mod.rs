//! Floor 3: open work as a network of activities: how much work each is, what it waits for, and who can do it.
//!
//! Time is counted in working days from a first one: 0 is its morning, 1 its evening and the next morning. Which days of
//! the calendar these are is not known here.

mod critical_path;
mod reduction;

pub use critical_path::{CriticalPath, Float};

/// The network: activities, and the teams that do them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Network {
    /// The activities.
    pub activities: Vec<Activity>,
    /// The teams.
    pub teams: Vec<Capacity>,
}

/// A piece of work that is done without a break by the same people.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// How much work is left.
    pub effort: Effort,
    /// What must be done before it begins.
    pub after: Vec<Dependency>,
    /// Who does it: a position among the teams. What has no team has no capacity limit.
    pub team: Option<usize>,
    /// How many people work on it at the same time.
    pub people: u32,
    /// The time before which it does not begin.
    pub not_before: f64,
}

/// An amount of work in days of one person, as three figures that do not fall.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Effort {
    /// If all goes well.
    pub optimistic: f64,
    /// Most likely.
    pub likely: f64,
    /// If all goes badly.
    pub pessimistic: f64,
}

/// An activity that must be done before another begins, and the time between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dependency {
    /// Its position among the activities.
    pub activity: usize,
    /// The working days between its end and the beginning of the other.
    pub lag: f64,
}

/// What a team can do.
#[derive(Debug, Clone, PartialEq)]
pub struct Capacity {
    /// How many people it has; at least one.
    pub people: u32,
    /// Which share of their time they give, above 0 and at most 1.
    pub allocation: f64,
    /// How many activities it works on at the same time, if that is limited.
    pub wip_limit: Option<u32>,
    /// How many people are there on each working day from the first on; later all of them are.
    pub present: Vec<u32>,
}

/// Activities that wait for each other in a circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// The activities in it and behind it.
    pub activities: Vec<usize>,
}

impl Effort {
    /// The same amount whatever happens.
    pub const fn exactly(days: f64) -> Self {
        Effort { optimistic: days, likely: days, pessimistic: days }
    }

    /// The expected amount (PERT): (optimistic + 4 × likely + pessimistic) ÷ 6.
    pub fn expected(self) -> f64 {
        (self.optimistic + 4.0 * self.likely + self.pessimistic) / 6.0
    }

    /// The standard deviation (PERT): (pessimistic − optimistic) ÷ 6.
    pub fn deviation(self) -> f64 {
        (self.pessimistic - self.optimistic) / 6.0
    }

    /// The same amount several times over.
    pub fn times(self, factor: f64) -> Self {
        Effort {
            optimistic: self.optimistic * factor,
            likely: self.likely * factor,
            pessimistic: self.pessimistic * factor,
        }
    }
}

impl Capacity {
    /// People without an absence.
    pub const fn of(people: u32) -> Self {
        Capacity { people, allocation: 1.0, wip_limit: None, present: Vec::new() }
    }

    /// How many people are there on a working day.
    pub fn on(&self, day: usize) -> u32 {
        self.present.get(day).copied().unwrap_or(self.people)
    }
}

impl Network {
    /// The activities in an order in which each comes after all that it waits for; of those that are free, the first
    /// in the list comes first.
    ///
    /// # Errors
    ///
    /// Some wait for each other.
    pub fn order(&self) -> Result<Vec<usize>, Cycle> {
        let mut open: Vec<usize> = self.activities.iter().map(|activity| activity.after.len()).collect();
        let mut followers: Vec<Vec<usize>> = vec![Vec::new(); self.activities.len()];
        for (index, activity) in self.activities.iter().enumerate() {
            for dependency in &activity.after {
                followers[dependency.activity].push(index);
            }
        }
        let free = (0..open.len()).filter(|index| open[*index] == 0).map(std::cmp::Reverse);
        let mut free: std::collections::BinaryHeap<_> = free.collect();
        let mut order = Vec::with_capacity(open.len());
        while let Some(std::cmp::Reverse(index)) = free.pop() {
            order.push(index);
            for &follower in &followers[index] {
                open[follower] -= 1;
                if open[follower] == 0 {
                    free.push(std::cmp::Reverse(follower));
                }
            }
        }
        match order.len() == open.len() {
            true => Ok(order),
            false => Err(Cycle { activities: (0..open.len()).filter(|index| open[*index] > 0).collect() }),
        }
    }

    /// The days that an activity takes at a given amount of work, if its people are all there.
    pub fn days(&self, activity: usize, effort: f64) -> f64 {
        let activity = &self.activities[activity];
        let team = activity.team.map(|team| &self.teams[team]);
        let people = team.map_or(activity.people, |team| activity.people.min(team.people)).max(1);
        effort / (f64::from(people) * team.map_or(1.0, |team| team.allocation))
    }
}
