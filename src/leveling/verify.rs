//! Checks a schedule by its definition, without anything that made it.

use super::{Project, Schedule};

/// What is wrong with a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Violation {
    /// An activity is not worked on from its first to its last step for as long as it takes.
    Duration(usize),
    /// An activity pauses in a step in which everything is there that it needs.
    Pause(usize, u32),
    /// An activity begins before its first step.
    TooEarly(usize),
    /// An activity begins before another is done and the lag behind it is over.
    Dependency(usize, usize),
    /// More is taken of a resource in a step than there is.
    Overload(usize, u32),
}

/// Everything that is wrong with a schedule; nothing if it can be worked by.
pub fn verify(project: &Project, schedule: &Schedule) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut used = vec![vec![0u64; schedule.end() as usize]; project.resources.len()];
    let both = schedule.placed.iter().zip(&schedule.worked);
    for (index, (activity, (placement, worked))) in project.activities.iter().zip(both).enumerate() {
        let is_rising = worked.windows(2).all(|pair| pair[0] < pair[1]);
        let ends = (worked.first().copied(), worked.last().map(|last| last + 1));
        let fits = activity.duration == 0 || ends == (Some(placement.start), Some(placement.finish));
        let is_empty = activity.duration > 0 || placement.start == placement.finish;
        if worked.len() != activity.duration as usize || !is_rising || !fits || !is_empty {
            violations.push(Violation::Duration(index));
        }
        let is_reduced = |step: u32| {
            activity.demands.iter().any(|(resource, _)| {
                project.resources[*resource].at(step) != project.resources[*resource].capacity
            })
        };
        let mut steps = worked.iter().copied().peekable();
        for step in placement.start..placement.finish {
            if steps.next_if_eq(&step).is_none() && !is_reduced(step) {
                violations.push(Violation::Pause(index, step));
            }
        }
        if placement.start < activity.not_before {
            violations.push(Violation::TooEarly(index));
        }
        for &(before, lag) in &activity.after {
            if placement.start < schedule.placed[before].finish.saturating_add(lag) {
                violations.push(Violation::Dependency(index, before));
            }
        }
        for (resource, demand) in &activity.demands {
            for step in worked {
                if let Some(used) = used[*resource].get_mut(*step as usize) {
                    *used += u64::from(*demand);
                }
            }
        }
    }
    for (resource, steps) in used.iter().enumerate() {
        let over = (0u32..)
            .zip(steps)
            .find(|(step, used)| **used > u64::from(project.resources[resource].at(*step)));
        violations.extend(over.map(|(step, _)| Violation::Overload(resource, step)));
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::super::{Activity, Placement, Resource};
    use super::*;

    #[test]
    fn each_violation_is_found() {
        let activity = |after: &[(usize, u32)]| Activity {
            duration: 2,
            after: after.to_vec(),
            demands: vec![(0, 1)],
            not_before: 1,
        };
        let resources = vec![Resource { capacity: 1, available: vec![1, 1, 0] }];
        let project = Project { activities: vec![activity(&[]), activity(&[(0, 1)])], resources };
        let check = |worked: [&[u32]; 2], expect: &[Violation]| {
            let placed =
                worked.map(|steps| Placement { start: steps[0], finish: steps[steps.len() - 1] + 1 });
            let schedule = Schedule { placed: placed.to_vec(), worked: worked.map(<[u32]>::to_vec).to_vec() };
            assert_eq!(verify(&project, &schedule), expect, "{worked:?}");
        };
        check([&[1, 3], &[5, 6]], &[]);
        check([&[1], &[5, 6]], &[Violation::Duration(0)]);
        check([&[1, 4], &[6, 7]], &[Violation::Pause(0, 3)]);
        check([&[0, 1], &[5, 6]], &[Violation::TooEarly(0)]);
        check([&[1, 3], &[4, 5]], &[Violation::Dependency(1, 0)]);
        check([&[1, 2], &[5, 6]], &[Violation::Overload(0, 2)]);
        check([&[1, 3], &[3, 4]], &[Violation::Dependency(1, 0), Violation::Overload(0, 3)]);
    }
}
