//! Which approval serves which role: the assignment that serves most of them, each person once.

use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};

/// An approval that could serve a role.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge<'e, R> {
    /// Whose it is.
    pub right: &'e R,
    /// Whether nothing about it is in doubt.
    pub firm: bool,
}

/// How many roles are shuffled among each other; nobody asks for more, and each may move all others.
const MOST_ROLES: usize = 100;

/// For each role the position of the edge that serves it, if one is left. Firm edges are given out first;
/// those in doubt then serve what they can without taking a role from anybody.
///
/// This is the augmenting search of maximum matchings in bipartite graphs. Roles and edges are tried in their
/// order, so that the result is always the same.
pub(super) fn assign<R: Eq + Hash>(roles: &[Vec<Edge<'_, R>>]) -> Vec<Option<usize>> {
    let mut search = Search {
        roles,
        firm_only: true,
        chosen: vec![None; roles.len()],
        serves: FxHashMap::default(),
        seen: FxHashSet::default(),
    };
    search.run();
    search.firm_only = false;
    search.run();
    search.chosen
}

struct Search<'s, R> {
    roles: &'s [Vec<Edge<'s, R>>],
    firm_only: bool,
    chosen: Vec<Option<usize>>,
    /// The role that a person serves.
    serves: FxHashMap<&'s R, usize>,
    /// Whom the search for one role has asked.
    seen: FxHashSet<&'s R>,
}

impl<R: Eq + Hash> Search<'_, R> {
    fn run(&mut self) {
        for role in 0..self.roles.len() {
            if self.chosen[role].is_none() {
                self.seen.clear();
                self.serve(role);
            }
        }
    }

    /// Serves a role, if need be by serving others in another way.
    fn serve(&mut self, role: usize) -> bool {
        let roles = self.roles;
        for (at, edge) in roles[role].iter().enumerate() {
            if (self.firm_only && !edge.firm) || !self.seen.insert(edge.right) {
                continue;
            }
            let free = match self.serves.get(edge.right).copied() {
                None => true,
                Some(other) => roles.len() <= MOST_ROLES && self.serve(other),
            };
            if free {
                self.chosen[role] = Some(at);
                self.serves.insert(edge.right, role);
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// How many roles are served, and that nobody serves two.
    fn served(roles: &[Vec<(u8, bool)>]) -> usize {
        let edges: Vec<Vec<Edge<'_, u8>>> = roles
            .iter()
            .map(|role| role.iter().map(|(right, firm)| Edge { right, firm: *firm }).collect())
            .collect();
        let chosen = assign(&edges);
        let mut people: Vec<u8> =
            chosen.iter().zip(roles).filter_map(|(at, role)| Some(role[(*at)?].0)).collect();
        let served = people.len();
        people.sort_unstable();
        people.dedup();
        assert_eq!(people.len(), served, "{chosen:?}");
        served
    }

    /// The most roles that can be served, by trying everything.
    fn most(roles: &[Vec<(u8, bool)>], taken: &mut Vec<u8>) -> usize {
        let Some((first, rest)) = roles.split_first() else { return 0 };
        let mut best = most(rest, taken);
        for (person, _) in first {
            if !taken.contains(person) {
                taken.push(*person);
                best = best.max(1 + most(rest, taken));
                taken.pop();
            }
        }
        best
    }

    #[test]
    fn whoever_serves_only_one_role_keeps_it() {
        assert_eq!(served(&[vec![(1, true), (2, true)], vec![(1, true)]]), 2);
        assert_eq!(served(&[vec![(1, true)], vec![(1, true)]]), 1);
        assert_eq!(served(&[vec![], vec![(1, false)]]), 1);
    }

    #[test]
    fn what_is_firm_goes_first_and_what_is_in_doubt_takes_nothing_away() {
        let roles = [vec![(1, false), (2, true)], vec![(1, true)]];
        let edges: Vec<Vec<Edge<'_, u8>>> = roles
            .iter()
            .map(|role| role.iter().map(|(right, firm)| Edge { right, firm: *firm }).collect())
            .collect();
        assert_eq!(assign(&edges), [Some(1), Some(0)]);
    }

    proptest! {
        #[test]
        fn no_assignment_serves_more(
            roles in proptest::collection::vec(
                proptest::collection::vec((0..5_u8, any::<bool>()), 0..4), 0..5),
        ) {
            prop_assert_eq!(served(&roles), most(&roles, &mut Vec::new()));
        }
    }
}
