//! A network without dependencies that follow from others.
//!
//! A range such as `depends_on: EPIC-001 to EPIC-199` in each of many work packages makes as many dependencies as there are
//! pairs. If B waits for A and C waits for B, that C waits for A says nothing new; what is left is the transitive reduction
//! (Aho, Garey and Ullman, 1972), and every schedule of the one is a schedule of the other.

use super::Network;

/// From how many dependencies for each activity on a network is reduced: below that there is little to gain.
const DENSE: usize = 8;

/// The most activities of a network that is reduced: what each is behind takes a bit for every other.
const MOST: usize = 20_000;

impl Network {
    /// The same without dependencies that follow from others, if there are many. A lag says something of its own: where
    /// there is one, nothing is left out, and what ends after the other begins (a negative lag) implies nothing.
    pub fn reduced(mut self) -> Self {
        let count = self.activities.len();
        let dependencies: usize = self.activities.iter().map(|activity| activity.after.len()).sum();
        if count > MOST || dependencies < count * DENSE {
            return self;
        }
        // What waits for itself has no order, and is reported as it is.
        let Ok(order) = self.order() else { return self };
        let mut place = vec![0; count];
        order.iter().enumerate().for_each(|(at, activity)| place[*activity] = at);
        let words = count.div_ceil(64);
        let mut behind = vec![0u64; words * count];
        for activity in order {
            let mut own = vec![0u64; words];
            let after = &mut self.activities[activity].after;
            // What comes last in the order may imply the others, and is implied by none of them.
            after.sort_by(|one, other| {
                (place[other.activity], other.lag)
                    .partial_cmp(&(place[one.activity], one.lag))
                    .unwrap_or_else(|| place[other.activity].cmp(&place[one.activity]))
            });
            after.retain(|before| {
                let at = before.activity;
                let is_implied = own[at / 64] & (1 << (at % 64)) != 0;
                if before.lag >= 0.0 && !is_implied {
                    let known = &behind[at * words..(at + 1) * words];
                    own.iter_mut().zip(known).for_each(|(own, known)| *own |= known);
                    own[at / 64] |= 1 << (at % 64);
                }
                before.lag != 0.0 || !is_implied
            });
            behind[activity * words..(activity + 1) * words].copy_from_slice(&own);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Activity, Dependency, Effort};
    use super::*;

    fn network(after: &[Vec<(usize, f64)>]) -> Network {
        let activities = after.iter().map(|after| Activity {
            effort: Effort::exactly(1.0),
            after: after.iter().map(|&(activity, lag)| Dependency { activity, lag }).collect(),
            team: None,
            people: 1,
            not_before: 0.0,
        });
        Network { activities: activities.collect(), teams: Vec::new() }
    }

    /// When each activity ends at the earliest, if each takes as long as it is told.
    fn ends(network: &Network, days: &[f64]) -> Vec<f64> {
        let mut ends = vec![0.0_f64; days.len()];
        for at in network.order().expect("no cycle") {
            let after = network.activities[at].after.iter();
            let begins = after.map(|before| ends[before.activity] + before.lag).fold(0.0, f64::max);
            ends[at] = begins + days[at];
        }
        ends
    }

    fn left(network: &Network) -> usize {
        network.activities.iter().map(|activity| activity.after.len()).sum()
    }

    #[test]
    fn a_chain_is_left_of_ranges() {
        let all: Vec<Vec<(usize, f64)>> =
            (0..200).map(|at| (0..at).map(|before| (before, 0.0)).collect()).collect();
        assert_eq!(left(&network(&all).reduced()), 199);
        // A few are left as they are written.
        let few = [vec![], vec![(0, 0.0)], vec![(0, 0.0), (1, 0.0)]];
        assert_eq!(network(&few).reduced(), network(&few));
    }

    #[test]
    fn what_waits_for_itself_stays() {
        let circle: Vec<Vec<(usize, f64)>> =
            (0..20).map(|_| (0..20).map(|before| (before, 0.0)).collect()).collect();
        assert_eq!(network(&circle).reduced(), network(&circle));
    }

    proptest! {
        #[test]
        fn no_end_moves(
            links in proptest::collection::vec((0_usize..30, 0_usize..30, prop_oneof![8 => Just(0.0), 1 => 0.5_f64..4.0, 1 => -3.0_f64..0.0]), 240..400),
            days in proptest::collection::vec(prop_oneof![1 => Just(0.0), 4 => 0.1_f64..9.0], 30),
        ) {
            let mut after = vec![Vec::new(); 30];
            for (one, other, lag) in links.into_iter().filter(|(one, other, _)| one != other) {
                after[one.max(other)].push((one.min(other), lag));
            }
            let whole = network(&after);
            let reduced = whole.clone().reduced();
            prop_assert!(left(&reduced) <= left(&whole));
            for (one, other) in ends(&whole, &days).into_iter().zip(ends(&reduced, &days)) {
                prop_assert!((one - other).abs() < 1e-9, "{one} {other}");
            }
        }
    }
}
