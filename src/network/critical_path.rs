//! The critical path method: forward and backward pass, float.

use super::{Cycle, Network};

/// When everything could be done if there were people enough, and how much of it may be late.
#[derive(Debug, Clone, PartialEq)]
pub struct CriticalPath {
    /// The times of each activity.
    pub floats: Vec<Float>,
    /// The time at which all is done.
    pub end: f64,
}

/// The times of an activity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Float {
    /// The earliest time at which it can begin.
    pub early_start: f64,
    /// The earliest time at which it can be done.
    pub early_finish: f64,
    /// The latest time at which it can begin without making the end later.
    pub late_start: f64,
    /// The latest time at which it can be done.
    pub late_finish: f64,
}

/// Floats below this are rounding.
const ROUNDING: f64 = 1e-6;

impl Float {
    /// How much later it may begin.
    pub fn total(self) -> f64 {
        self.late_start - self.early_start
    }

    /// Whether it may not be late at all.
    pub fn is_critical(self) -> bool {
        self.total() < ROUNDING
    }
}

impl CriticalPath {
    /// The critical path of a network whose activities take so many days.
    ///
    /// # Errors
    ///
    /// Some activities wait for each other.
    pub fn new(network: &Network, days: &[f64]) -> Result<Self, Cycle> {
        let order = network.order()?;
        let zero = Float { early_start: 0.0, early_finish: 0.0, late_start: 0.0, late_finish: f64::INFINITY };
        let mut floats = vec![zero; days.len()];
        for &index in &order {
            let activity = &network.activities[index];
            let after = activity.after.iter();
            let free = after.map(|before| floats[before.activity].early_finish + before.lag);
            let start = free.fold(activity.not_before.max(0.0), f64::max);
            floats[index].early_start = start;
            floats[index].early_finish = start + days[index];
        }
        let end = floats.iter().map(|float| float.early_finish).fold(0.0, f64::max);
        for &index in order.iter().rev() {
            let finish = floats[index].late_finish.min(end);
            let start = finish - days[index];
            (floats[index].late_finish, floats[index].late_start) = (finish, start);
            for before in &network.activities[index].after {
                let late = &mut floats[before.activity].late_finish;
                *late = late.min(start - before.lag);
            }
        }
        Ok(CriticalPath { floats, end })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Activity, Dependency, Effort};
    use super::*;

    fn network(after: &[&[(usize, f64)]]) -> Network {
        let activity = |after: &&[(usize, f64)]| Activity {
            effort: Effort::exactly(1.0),
            after: after
                .iter()
                .map(|(activity, lag)| Dependency { activity: *activity, lag: *lag })
                .collect(),
            team: None,
            people: 1,
            not_before: 0.0,
        };
        Network { activities: after.iter().map(activity).collect(), teams: Vec::new() }
    }

    #[test]
    fn floats_of_a_textbook_network() {
        // A 3 → C 2 → E 4 and B 5 → D 1 → E: the second path has a day of float more than the first has not.
        let network = network(&[&[], &[], &[(0, 0.0)], &[(1, 0.0)], &[(2, 2.0), (3, 0.0)]]);
        let path = CriticalPath::new(&network, &[3.0, 5.0, 2.0, 1.0, 4.0]).expect("no cycle");
        assert_eq!(path.end, 11.0);
        let totals: Vec<f64> = path.floats.iter().map(|float| float.total()).collect();
        assert_eq!(totals, [0.0, 1.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn a_cycle_is_found() {
        let network = network(&[&[(1, 0.0)], &[(0, 0.0)], &[]]);
        assert_eq!(network.order(), Err(Cycle { activities: vec![0, 1] }));
    }
}
