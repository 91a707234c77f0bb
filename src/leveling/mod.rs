//! Floor 4: the resource-constrained schedule: when each activity begins if no team does more than it can.
//!
//! A project is activities with durations, dependencies and demands on resources, in whole steps of time. The schedule
//! generation scheme places them one by one; a search improves the order in which it does. [`verify`] checks a schedule
//! without any of that.

mod generation;
mod search;
mod verify;

pub use generation::{Placement, Reason, Schedule, place, reasons};
pub use search::{Effort, schedule};
pub use verify::{Violation, verify};

/// A project: what is to be done, and with what.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// The activities.
    pub activities: Vec<Activity>,
    /// The resources.
    pub resources: Vec<Resource>,
}

/// A piece of work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// How many steps of time it takes.
    pub duration: u32,
    /// The activities that must be done before it begins, each with the steps between its end and the beginning.
    pub after: Vec<(usize, u32)>,
    /// How much of which resource it needs in each of its steps.
    pub demands: Vec<(usize, u32)>,
    /// The step before which it does not begin.
    pub not_before: u32,
}

/// Something of which there is only so much at a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resource {
    /// How much there is of it.
    pub capacity: u32,
    /// How much there is in each of the first steps, if that differs. An activity that has begun may pause in steps that
    /// have less than the capacity.
    pub available: Vec<u32>,
}

impl Resource {
    /// How much there is of it in a step.
    pub fn at(&self, step: u32) -> u32 {
        self.available.get(step as usize).copied().unwrap_or(self.capacity)
    }
}

impl Project {
    /// Whether each activity can ever be done: no resource is asked for more than there is of it.
    pub fn is_feasible(&self) -> bool {
        let fits = |(resource, demand): &(usize, u32)| self.resources[*resource].capacity >= *demand;
        self.activities.iter().all(|activity| activity.demands.iter().all(fits))
    }

    /// Steps before whose end the work cannot be done, by dependencies and by each resource.
    ///
    /// Activities must not wait for each other in a circle.
    pub fn shortest(&self) -> u64 {
        let followers = self.followers();
        let mut open: Vec<usize> = self.activities.iter().map(|activity| activity.after.len()).collect();
        let mut order: Vec<usize> = (0..open.len()).filter(|index| open[*index] == 0).collect();
        let mut finish = vec![0u64; open.len()];
        let mut at = 0;
        while let Some(&index) = order.get(at) {
            at += 1;
            let activity = &self.activities[index];
            let free = activity.after.iter().map(|(before, lag)| finish[*before] + u64::from(*lag));
            let start = free.fold(u64::from(activity.not_before), u64::max);
            finish[index] = start + u64::from(activity.duration);
            for &follower in &followers[index] {
                open[follower] -= 1;
                if open[follower] == 0 {
                    order.push(follower);
                }
            }
        }
        let mut work = vec![0u128; self.resources.len()];
        for activity in &self.activities {
            for (resource, demand) in &activity.demands {
                work[*resource] += u128::from(activity.duration) * u128::from(*demand);
            }
        }
        let of_resources = self.resources.iter().zip(work).map(|(resource, work)| {
            u64::try_from(work / u128::from(resource.capacity.max(1))).unwrap_or(u64::MAX)
        });
        finish.into_iter().chain(of_resources).max().unwrap_or(0)
    }

    /// Which activities wait for each.
    fn followers(&self) -> Vec<Vec<usize>> {
        let mut followers = vec![Vec::new(); self.activities.len()];
        for (index, activity) in self.activities.iter().enumerate() {
            for (before, _) in &activity.after {
                followers[*before].push(index);
            }
        }
        followers
    }
}
