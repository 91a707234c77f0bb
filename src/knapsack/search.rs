//! Branch and bound.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::closure::ClosureNetwork;
use super::{Choice, Infeasible, Problem, Solution};

/// How much is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// How often an item is looked at, at most; one subproblem is always looked at.
    pub visits: u64,
}

impl Effort {
    /// As much as takes about a second, however many items there are.
    pub const USUAL: Effort = Effort { visits: 6_000_000 };
}

/// Prices are fractions with this denominator.
const SCALE: i128 = 1 << 20;

/// How often prices are improved for the whole problem, and for a part of it.
const ROUNDS: (u32, u32) = (80, 12);

/// The most free items of which each is tried both ways, of the whole problem and of a part of it.
const MOST_PROBED: (usize, usize) = (400, 80);

/// What is decided about an item so far.
type State = Choice;

/// A part of the problem: some items are decided.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    /// No set of this part is worth more.
    bound: u64,
    /// When it was made: of equal bounds, the latest first.
    number: u32,
    states: Vec<State>,
    /// What a unit of each capacity costs.
    prices: Vec<i128>,
    /// The item to decide next.
    branch: usize,
}

impl Ord for Node {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.bound, self.number).cmp(&(other.bound, other.number))
    }
}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The most valuable set of items, or a set and a bound that shows how much more another could be worth.
///
/// # Errors
///
/// What is required cannot be chosen.
pub fn solve(problem: &Problem, effort: Effort) -> Result<Solution, Infeasible> {
    let mut search = Search::new(problem);
    let mut states: Vec<State> = vec![Choice::Free; problem.items.len()];
    for (index, item) in problem.items.iter().enumerate() {
        if item.choice == Choice::Excluded {
            search.exclude(&mut states, index);
        }
    }
    for (index, item) in problem.items.iter().enumerate() {
        if item.choice == Choice::Required && !search.require(&mut states, index) {
            return Err(search.conflict(&states, index));
        }
    }
    let left = search.left(&states).map_err(|(capacity, taken)| Infeasible::TooMuch { capacity, taken })?;
    search.fill(&states, &[], &left);
    Ok(search.run(states, effort))
}

struct Search<'p> {
    problem: &'p Problem,
    dependents: Vec<Vec<usize>>,
    /// Every value is a multiple of it, and so is the worth of every set.
    divisor: u64,
    /// Free items are added in this order: by value for what they take.
    order: Vec<usize>,
    best: Vec<bool>,
    best_value: u64,
    made: u32,
    /// How often an item was looked at.
    spent: u64,
}

impl<'p> Search<'p> {
    fn new(problem: &'p Problem) -> Self {
        let divisor = problem.items.iter().map(|item| item.value).fold(0, greatest_common_divisor);
        let mut order: Vec<usize> = (0..problem.items.len()).collect();
        let key = |index: usize| {
            let item = &problem.items[index];
            item.value as f64 / (item.takes.map_or(0, |(_, amount)| amount) as f64 + 0.5)
        };
        order.sort_by(|a, b| key(*b).total_cmp(&key(*a)).then(a.cmp(b)));
        Search {
            problem,
            dependents: problem.dependents(),
            divisor: divisor.max(1),
            order,
            best: vec![false; problem.items.len()],
            best_value: 0,
            made: 0,
            spent: 0,
        }
    }

    fn run(&mut self, states: Vec<State>, effort: Effort) -> Solution {
        let mut open: BinaryHeap<Node> = BinaryHeap::new();
        let prices = vec![0; self.problem.capacities.len()];
        open.extend(self.node(states, prices, ROUNDS.0));
        let mut bound = self.best_value;
        while let Some(node) = open.pop() {
            if node.bound <= self.best_value {
                break;
            }
            if self.spent >= effort.visits {
                bound = node.bound;
                break;
            }
            for is_chosen in [true, false] {
                let mut states = node.states.clone();
                let fits = match is_chosen {
                    true => self.require(&mut states, node.branch),
                    false => {
                        self.exclude(&mut states, node.branch);
                        true
                    }
                };
                if fits {
                    open.extend(self.node(states, node.prices.clone(), ROUNDS.1));
                }
            }
        }
        Solution { chosen: self.best.clone(), value: self.best_value, bound: bound.max(self.best_value) }
    }

    /// Chooses an item and all that it needs; whether none of them is excluded.
    fn require(&self, states: &mut [State], index: usize) -> bool {
        let mut stack = vec![index];
        while let Some(index) = stack.pop() {
            match std::mem::replace(&mut states[index], Choice::Required) {
                Choice::Required => {}
                Choice::Free => stack.extend(&self.problem.items[index].needs),
                Choice::Excluded => {
                    states[index] = Choice::Excluded;
                    return false;
                }
            }
        }
        true
    }

    /// Leaves out an item and all that need it. What is required is never among them: with it, all that it needs is.
    fn exclude(&self, states: &mut [State], index: usize) {
        let mut stack = vec![index];
        while let Some(index) = stack.pop() {
            if std::mem::replace(&mut states[index], Choice::Excluded) != Choice::Excluded {
                stack.extend(&self.dependents[index]);
            }
        }
    }

    /// The excluded item that a required one needs.
    fn conflict(&self, states: &[State], index: usize) -> Infeasible {
        let mut seen = vec![false; states.len()];
        let mut stack = vec![index];
        while let Some(index) = stack.pop() {
            // What excludes itself is named, rather than what follows from it.
            if self.problem.items[index].choice == Choice::Excluded {
                return Infeasible::NeedsExcluded { excluded: index };
            }
            if !std::mem::replace(&mut seen[index], true) {
                stack.extend(&self.problem.items[index].needs);
            }
        }
        Infeasible::NeedsExcluded { excluded: index }
    }

    /// How much of each capacity the required items leave; which one they overtake otherwise, and by what they take.
    fn left(&self, states: &[State]) -> Result<Vec<u64>, (usize, u64)> {
        let mut taken = vec![0u64; self.problem.capacities.len()];
        for (item, _) in
            self.problem.items.iter().zip(states).filter(|(_, state)| **state == Choice::Required)
        {
            if let Some((capacity, amount)) = item.takes {
                taken[capacity] = taken[capacity].saturating_add(amount);
            }
        }
        let pairs = self.problem.capacities.iter().zip(taken).enumerate();
        pairs.map(|(index, (capacity, taken))| capacity.checked_sub(taken).ok_or((index, taken))).collect()
    }

    /// A part of the problem with its bound; nothing if no better set can be in it.
    fn node(&mut self, mut states: Vec<State>, prices: Vec<i128>, rounds: u32) -> Option<Node> {
        self.made += 1;
        let left = self.left(&states).ok()?;
        for index in 0..states.len() {
            let takes = self.problem.items[index].takes;
            if states[index] == Choice::Free
                && takes.is_some_and(|(capacity, amount)| amount > left[capacity])
            {
                self.exclude(&mut states, index);
            }
        }
        let mut relaxation = Relaxation::new(self.problem, &states, left);
        relaxation.prices = prices;
        let mut bound = u64::MAX;
        for round in 0..rounds {
            let (found, chosen) = relaxation.solve();
            self.spent += relaxation.free.len() as u64;
            let found = found - found % self.divisor;
            if found < bound {
                bound = found;
                relaxation.keep();
            }
            let fits = relaxation.overload.iter().all(|over| *over <= 0);
            if fits || round % 8 == 0 || round + 1 == rounds {
                self.fill(&states, &chosen, &relaxation.left);
            }
            if bound <= self.best_value {
                return None;
            }
            if !relaxation.improve(found, self.best_value, round) {
                break;
            }
        }
        // Trying every item pays at the beginning, and where few are left.
        if relaxation.free.len() <= if rounds == ROUNDS.0 { MOST_PROBED.0 } else { MOST_PROBED.1 } {
            self.probe(&mut relaxation, &mut states)?;
        }
        let decided = relaxation.free.iter().filter(|index| states[**index] != Choice::Free).count();
        if decided * 8 > relaxation.free.len() {
            // With so much decided, the prices can be improved further.
            return self.node(states, relaxation.best_prices, ROUNDS.1);
        }
        let branch = relaxation.undecided(&states)?;
        Some(Node { bound, number: self.made, states, prices: relaxation.best_prices, branch })
    }

    /// Decides the items of which only one choice can be in a better set; nothing if no better set is left.
    fn probe(&mut self, relaxation: &mut Relaxation<'_>, states: &mut [State]) -> Option<()> {
        let (weights, usual) = relaxation.usual();
        for (place, is_usual) in usual.into_iter().enumerate() {
            let index = relaxation.free[place];
            if states[index] != Choice::Free {
                continue;
            }
            self.spent += relaxation.free.len() as u64;
            let bound = relaxation.bound_with(&weights, place, !is_usual);
            if bound - bound % self.divisor > self.best_value {
                continue;
            }
            match is_usual {
                true if !self.require(states, index) => return None,
                true => {}
                false => self.exclude(states, index),
            }
        }
        Some(())
    }

    /// The set of what is required, as much as fits of `first`, and then as much as fits of all that is free; kept if it is
    /// the best so far.
    fn fill(&mut self, states: &[State], first: &[usize], left: &[u64]) {
        let mut left = left.to_vec();
        let mut chosen: Vec<bool> = states.iter().map(|state| *state == Choice::Required).collect();
        let is_first = {
            let mut is_first = vec![false; states.len()];
            first.iter().for_each(|index| is_first[*index] = true);
            is_first
        };
        for wanted in [true, false] {
            for place in 0..self.order.len() {
                let index = self.order[place];
                let is_next = is_first[index] == wanted && states[index] == Choice::Free && !chosen[index];
                if is_next && self.problem.items[index].value > 0 {
                    self.add(&mut chosen, &mut left, index);
                }
            }
        }
        let items = self.problem.items.iter().zip(&chosen);
        let value = items.filter(|(_, is_chosen)| **is_chosen).map(|(item, _)| item.value).sum();
        if value > self.best_value || self.best.is_empty() || self.made == 0 {
            (self.best, self.best_value) = (chosen, value);
        }
    }

    /// Adds an item with all that it needs, if they fit.
    fn add(&self, chosen: &mut [bool], left: &mut [u64], index: usize) {
        let mut added = vec![index];
        chosen[index] = true;
        let mut taken: Vec<(usize, u64)> = Vec::new();
        let mut at = 0;
        while let Some(&index) = added.get(at) {
            at += 1;
            let item = &self.problem.items[index];
            if let Some((capacity, amount)) = item.takes {
                if amount > left[capacity] {
                    taken.iter().for_each(|(capacity, amount)| left[*capacity] += amount);
                    added.iter().for_each(|index| chosen[*index] = false);
                    return;
                }
                left[capacity] -= amount;
                taken.push((capacity, amount));
            }
            for &needed in &item.needs {
                if !std::mem::replace(&mut chosen[needed], true) {
                    added.push(needed);
                }
            }
        }
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    match b {
        0 => a,
        b => greatest_common_divisor(b, a % b),
    }
}

/// A part of the problem in which capacities have prices instead of limits.
struct Relaxation<'p> {
    problem: &'p Problem,
    /// The items that are not decided.
    free: Vec<usize>,
    /// What the required items are worth.
    value: u64,
    left: Vec<u64>,
    network: ClosureNetwork,
    prices: Vec<i128>,
    best_prices: Vec<i128>,
    /// By how much the last set overtakes each capacity.
    overload: Vec<i128>,
    /// In how many rounds each free item was chosen.
    chosen: Vec<u32>,
    rounds: u32,
}

impl<'p> Relaxation<'p> {
    fn new(problem: &'p Problem, states: &[State], left: Vec<u64>) -> Self {
        let free: Vec<usize> = (0..states.len()).filter(|index| states[*index] == Choice::Free).collect();
        let mut places = vec![u32::MAX; states.len()];
        free.iter().zip(0..).for_each(|(index, place)| places[*index] = place);
        // What a free item needs is free too, or required.
        let needs: Vec<Vec<u32>> = free
            .iter()
            .map(|index| {
                let needs = problem.items[*index].needs.iter().map(|needed| places[*needed]);
                needs.filter(|place| *place != u32::MAX).collect()
            })
            .collect();
        let pairs = needs.iter().enumerate().map(|(place, needs)| (place, needs.as_slice()));
        let required = problem.items.iter().zip(states).filter(|(_, state)| **state == Choice::Required);
        Relaxation {
            problem,
            value: required.map(|(item, _)| item.value).sum(),
            network: ClosureNetwork::new(free.len(), pairs),
            prices: vec![0; left.len()],
            best_prices: vec![0; left.len()],
            overload: vec![0; left.len()],
            chosen: vec![0; free.len()],
            rounds: 0,
            free,
            left,
        }
    }

    /// What each free item is worth at these prices.
    fn weights(&self, prices: &[i128]) -> Vec<i128> {
        let weight = |index: &usize| {
            let item = &self.problem.items[*index];
            let cost = item.takes.map_or(0, |(capacity, amount)| prices[capacity] * i128::from(amount));
            i128::from(item.value) * SCALE - cost
        };
        self.free.iter().map(weight).collect()
    }

    /// What no set is worth more than, if none is worth more at these prices.
    fn bound(&self, prices: &[i128], best: i128) -> u64 {
        let paid: i128 = prices.iter().zip(&self.left).map(|(price, left)| price * i128::from(*left)).sum();
        let worth = ((best + paid) / SCALE).max(0);
        self.value.saturating_add(u64::try_from(worth).unwrap_or(u64::MAX))
    }

    /// What each free item is worth at the best prices, and whether it is in the best set.
    fn usual(&mut self) -> (Vec<i128>, Vec<bool>) {
        let weights = self.weights(&self.best_prices);
        let (_, usual) = self.network.heaviest(&weights);
        (weights, usual)
    }

    /// What no set is worth more than that has a free item, or has it not.
    fn bound_with(&mut self, weights: &[i128], place: usize, is_chosen: bool) -> u64 {
        let much = 1 + weights.iter().map(|weight| weight.abs()).sum::<i128>();
        let mut forced = weights.to_vec();
        forced[place] += if is_chosen { much } else { -much };
        let (best, _) = self.network.heaviest(&forced);
        self.bound(&self.best_prices, if is_chosen { best - much } else { best })
    }

    /// The best set at the prices: what no set within the capacities is worth more than, and its free items.
    fn solve(&mut self) -> (u64, Vec<usize>) {
        let (best, is_chosen) = self.network.heaviest(&self.weights(&self.prices));
        let bound = self.bound(&self.prices, best);
        self.overload = self.left.iter().map(|left| -i128::from(*left)).collect();
        let mut chosen = Vec::new();
        for (place, index) in self.free.iter().enumerate().filter(|(place, _)| is_chosen[*place]) {
            chosen.push(*index);
            self.chosen[place] += 1;
            if let Some((capacity, amount)) = self.problem.items[*index].takes {
                self.overload[capacity] += i128::from(amount);
            }
        }
        self.rounds += 1;
        (bound, chosen)
    }

    fn keep(&mut self) {
        self.best_prices.clone_from(&self.prices);
    }

    /// Raises the prices of what is overtaken and lowers those of the rest (Polyak's step); whether that can improve anything.
    fn improve(&mut self, bound: u64, best: u64, round: u32) -> bool {
        let slope = |(over, price): (&i128, &i128)| if *price == 0 && *over < 0 { 0.0 } else { *over as f64 };
        let slopes: Vec<f64> = self.overload.iter().zip(&self.prices).map(slope).collect();
        let square: f64 = slopes.iter().map(|slope| slope * slope).sum();
        if square <= 0.0 {
            return false;
        }
        let damping = 1.0 / (1.0 + f64::from(round) / 10.0);
        let step = damping * (bound.saturating_sub(best).max(1) as f64) * SCALE as f64 / square;
        for (price, slope) in self.prices.iter_mut().zip(slopes) {
            *price = (*price + (step * slope) as i128).max(0);
        }
        true
    }

    /// The free item about which the rounds agree least; of those, the one that takes most. Nothing if none is free.
    fn undecided(&self, states: &[State]) -> Option<usize> {
        let key = |place: &usize| {
            let doubt = self.chosen[*place].min(self.rounds - self.chosen[*place]);
            let item = &self.problem.items[self.free[*place]];
            (doubt, item.takes.map_or(0, |(_, amount)| amount), std::cmp::Reverse(*place))
        };
        let open = (0..self.free.len()).filter(|place| states[self.free[*place]] == Choice::Free);
        open.max_by_key(key).map(|place| self.free[place])
    }
}

#[cfg(test)]
mod tests {
    use super::super::Item;
    use super::*;
    use crate::random::Random;

    /// A problem by chance: up to so many items, of up to three teams.
    fn problem(random: &mut Random, most: u32) -> Problem {
        let count = random.between(1, most) as usize;
        let teams = random.between(1, 3) as usize;
        let density = random.between(2, 9);
        let item = |index: usize, random: &mut Random| Item {
            value: u64::from(random.below(9)),
            takes: (random.below(8) > 0)
                .then(|| (random.below(teams as u32) as usize, u64::from(random.below(12)))),
            needs: (0..index).filter(|_| random.below(density * 2) == 0).collect(),
            choice: match random.below(14) {
                0 => Choice::Required,
                1 => Choice::Excluded,
                _ => Choice::Free,
            },
        };
        let items: Vec<Item> = (0..count).map(|index| item(index, random)).collect();
        let total: u64 = items.iter().filter_map(|item| item.takes).map(|(_, amount)| amount).sum();
        let capacities =
            (0..teams).map(|_| u64::from(random.below(total as u32 + 1)) / teams as u64).collect();
        Problem { items, capacities }
    }

    fn is_allowed(problem: &Problem, chosen: &[bool]) -> bool {
        let mut taken = vec![0; problem.capacities.len()];
        for (item, is_chosen) in problem.items.iter().zip(chosen) {
            let is_wrong = match item.choice {
                Choice::Required => !is_chosen,
                Choice::Excluded => *is_chosen,
                Choice::Free => false,
            };
            if is_wrong || *is_chosen && !item.needs.iter().all(|needed| chosen[*needed]) {
                return false;
            }
            if let Some((capacity, amount)) = item.takes.filter(|_| *is_chosen) {
                taken[capacity] += amount;
            }
        }
        taken.iter().zip(&problem.capacities).all(|(taken, capacity)| taken <= capacity)
    }

    fn value(problem: &Problem, chosen: &[bool]) -> u64 {
        problem.items.iter().zip(chosen).filter(|(_, chosen)| **chosen).map(|(item, _)| item.value).sum()
    }

    /// The greatest value of all subsets.
    fn best(problem: &Problem) -> Option<u64> {
        let count = problem.items.len();
        let subsets = (0..1u32 << count).map(|set| (0..count).map(|item| set >> item & 1 == 1).collect());
        subsets
            .filter(|chosen: &Vec<bool>| is_allowed(problem, chosen))
            .map(|chosen| value(problem, &chosen))
            .max()
    }

    #[test]
    fn a_thousand_small_problems_are_solved_as_by_trying_everything() {
        let mut random = Random::of_trial(17, 5);
        for _ in 0..1_000 {
            let problem = problem(&mut random, 11);
            let found = solve(&problem, Effort { visits: u64::MAX });
            match (found, best(&problem)) {
                (Ok(solution), Some(best)) => {
                    assert_eq!((solution.value, solution.bound), (best, best), "{problem:?}");
                    assert_eq!(value(&problem, &solution.chosen), best, "{problem:?}");
                    assert!(is_allowed(&problem, &solution.chosen), "{problem:?}");
                }
                (Err(_), None) => {}
                (found, best) => panic!("{found:?} instead of {best:?}: {problem:?}"),
            }
        }
    }

    #[test]
    fn some_hundred_items_are_solved_to_the_end() {
        let mut random = Random::of_trial(18, 0);
        for count in [50, 100, 200] {
            let item = |index: u32, random: &mut Random| Item {
                value: u64::from(random.between(1, 13)) * 100,
                takes: Some((random.below(4) as usize, u64::from(random.between(8, 240)))),
                needs: (index.saturating_sub(30)..index)
                    .filter(|_| random.below(25) == 0)
                    .map(|needed| needed as usize)
                    .collect(),
                choice: if random.below(12) == 0 { Choice::Required } else { Choice::Free },
            };
            let items: Vec<Item> = (0..count).map(|index| item(index, &mut random)).collect();
            let problem = Problem { capacities: vec![u64::from(count) * 22; 4], items };
            let solution = solve(&problem, Effort::USUAL).expect("a set");
            assert!(is_allowed(&problem, &solution.chosen));
            assert!(solution.is_optimal(), "{count} items: {} of {}", solution.value, solution.bound);
        }
    }

    #[test]
    fn where_the_search_ends_early_a_gap_is_proven() {
        let mut random = Random::of_trial(19, 0);
        for _ in 0..100 {
            let problem = problem(&mut random, 11);
            let Ok(solution) = solve(&problem, Effort { visits: 0 }) else { continue };
            let best = best(&problem).expect("a set");
            assert!((solution.value..=solution.bound).contains(&best), "{solution:?} {best}");
            assert!((0.0..=1.0).contains(&solution.gap()) && is_allowed(&problem, &solution.chosen));
        }
    }

    #[test]
    fn what_is_required_and_cannot_be_is_named() {
        let item = |choice, needs: &[usize], amount| Item {
            value: 1,
            takes: Some((0, amount)),
            needs: needs.to_vec(),
            choice,
        };
        let solved = |items: Vec<Item>| solve(&Problem { items, capacities: vec![5] }, Effort::USUAL);
        let chain = vec![
            item(Choice::Excluded, &[], 1),
            item(Choice::Free, &[0], 1),
            item(Choice::Required, &[1], 1),
        ];
        assert_eq!(solved(chain), Err(Infeasible::NeedsExcluded { excluded: 0 }));
        let heavy = vec![item(Choice::Free, &[], 4), item(Choice::Required, &[0], 2)];
        assert_eq!(solved(heavy), Err(Infeasible::TooMuch { capacity: 0, taken: 6 }));
        assert_eq!(solved(Vec::new()).map(|solution| solution.value), Ok(0));
    }
}
