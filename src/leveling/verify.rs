//! Checks a schedule by its definition, without anything that made it.

use super::{Project, Resource, Schedule};

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
    let mut used: Vec<Vec<(u32, i64)>> = vec![Vec::new(); project.resources.len()];
    let both = schedule.placed.iter().zip(&schedule.worked);
    for (index, (activity, (placement, worked))) in project.activities.iter().zip(both).enumerate() {
        let steps: u64 = worked.iter().map(|run| u64::from(run.end.saturating_sub(run.start))).sum();
        let is_rising = worked.iter().all(|run| run.start < run.end)
            && worked.windows(2).all(|pair| pair[0].end < pair[1].start);
        let ends = (worked.first().map(|run| run.start), worked.last().map(|run| run.end));
        let fits = activity.duration == 0 || ends == (Some(placement.start), Some(placement.finish));
        let is_empty = activity.duration > 0 || placement.start == placement.finish;
        if steps != u64::from(activity.duration) || !is_rising || !fits || !is_empty {
            violations.push(Violation::Duration(index));
        }
        let is_reduced = |step: u32| {
            activity.demands.iter().any(|(resource, _)| {
                project.resources[*resource].at(step) != project.resources[*resource].capacity
            })
        };
        let pauses = worked.windows(2).flat_map(|pair| pair[0].end..pair[1].start);
        violations.extend(pauses.filter(|step| !is_reduced(*step)).map(|step| Violation::Pause(index, step)));
        if placement.start < activity.not_before {
            violations.push(Violation::TooEarly(index));
        }
        for &(before, lag) in &activity.after {
            if placement.start < schedule.placed[before].finish.saturating_add(lag) {
                violations.push(Violation::Dependency(index, before));
            }
        }
        for (resource, demand) in &activity.demands {
            for run in worked {
                used[*resource].extend([(run.start, i64::from(*demand)), (run.end, -i64::from(*demand))]);
            }
        }
    }
    for (index, (resource, changes)) in project.resources.iter().zip(used).enumerate() {
        violations.extend(overload(resource, changes).map(|step| Violation::Overload(index, step)));
    }
    violations
}

/// The first step in which more is taken of a resource than there is, by the steps in which that changes.
fn overload(resource: &Resource, mut changes: Vec<(u32, i64)>) -> Option<u32> {
    changes.sort_unstable();
    let known = u32::try_from(resource.available.len()).unwrap_or(u32::MAX);
    let mut used = 0;
    for (place, (from, change)) in changes.iter().enumerate() {
        used += change;
        // All changes of a step count before it is looked at.
        let Some((until, _)) = changes.get(place + 1).filter(|(until, _)| until > from) else { continue };
        let is_over = |step: &u32| used > i64::from(resource.at(*step));
        let over = (*from..*until.min(&known)).find(is_over);
        let over = over.or_else(|| (*from.max(&known)..*until).next().filter(is_over));
        if over.is_some() {
            return over;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::{Activity, Placement};
    use super::*;
    use std::ops::Range;

    fn joined(runs: Vec<Range<u32>>) -> Vec<Range<u32>> {
        runs.into_iter().fold(Vec::new(), |mut joined: Vec<Range<u32>>, run| {
            match joined.last_mut().filter(|last| last.end == run.start) {
                Some(last) => last.end = run.end,
                None => joined.push(run),
            }
            joined
        })
    }

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
            let worked = worked.map(|steps| steps.iter().map(|step| *step..step + 1).collect::<Vec<_>>());
            let joined = worked.clone().map(joined);
            let schedule = Schedule { placed: placed.to_vec(), worked: joined.to_vec() };
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
