//! Floor 4: the most valuable set of items within capacities, whose items have all that they need: a knapsack with
//! precedence, several capacities, and items that must or must not be chosen; pure arithmetic.
//!
//! Branch and bound with Lagrangian bounds: where an item is charged for what it takes of a capacity, the best set is a
//! closure of greatest weight, which a minimum cut finds exactly (Picard 1976). All numbers are whole, so that a bound
//! proves what it says.

mod closure;
mod search;

pub use search::{Effort, solve};

/// What can be chosen, and within what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// The items.
    pub items: Vec<Item>,
    /// How much there is of each capacity.
    pub capacities: Vec<u64>,
}

/// Something that can be chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// What it is worth.
    pub value: u64,
    /// How much it takes of a capacity, by its position, if it takes any.
    pub takes: Option<(usize, u64)>,
    /// The items without which it cannot be chosen.
    pub needs: Vec<usize>,
    /// Whether it can be chosen.
    pub choice: Choice,
}

/// Whether an item can be chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Choice {
    /// It may be chosen or not.
    #[default]
    Free,
    /// It is chosen, and all that it needs.
    Required,
    /// It is not chosen, and nothing that needs it.
    Excluded,
}

/// A set of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// Whether each item is chosen.
    pub chosen: Vec<bool>,
    /// What they are worth together.
    pub value: u64,
    /// No set is worth more.
    pub bound: u64,
}

/// Why no set can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Infeasible {
    /// A required item needs an excluded one.
    NeedsExcluded {
        /// The excluded item.
        excluded: usize,
    },
    /// The required items take more of a capacity than there is.
    TooMuch {
        /// The capacity.
        capacity: usize,
        /// How much they take of it.
        taken: u64,
    },
}

impl Solution {
    /// Whether no set is worth more.
    pub fn is_optimal(&self) -> bool {
        self.value == self.bound
    }

    /// By which share of the bound a set could be worth more at most.
    pub fn gap(&self) -> f64 {
        match self.bound {
            0 => 0.0,
            bound => (bound - self.value) as f64 / bound as f64,
        }
    }
}

impl Problem {
    /// The items that need each.
    fn dependents(&self) -> Vec<Vec<usize>> {
        let mut dependents = vec![Vec::new(); self.items.len()];
        for (index, item) in self.items.iter().enumerate() {
            for needed in &item.needs {
                dependents[*needed].push(index);
            }
        }
        dependents
    }
}
