//! The order of work: what is needed most and worth most first, and before it what it depends on.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use super::NeedWord;
use crate::model::EntryIndex;

/// Something to be put in order.
#[derive(Debug)]
pub(super) struct Candidate {
    pub index: EntryIndex,
    pub need: NeedWord,
    pub score: Option<f64>,
    pub is_done: bool,
    /// What must be done before it.
    pub after: Vec<EntryIndex>,
}

/// One step of the order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub index: EntryIndex,
    /// What needs it before its own turn.
    pub brought_forward_by: Option<EntryIndex>,
}

/// Candidates in the order of work. Given in the order of their ids, which decides between equals.
///
/// What is done comes first. Then each comes in its turn, by need and score, and whatever it depends on
/// comes right before it. Of a circle of dependencies the one whose turn it is comes last.
pub(super) fn ordered(candidates: &[Candidate]) -> Vec<Step> {
    let positions: FxHashMap<EntryIndex, usize> =
        candidates.iter().enumerate().map(|(position, candidate)| (candidate.index, position)).collect();
    let mut turns: Vec<usize> = (0..candidates.len()).collect();
    turns.sort_by(|a, b| by_worth(&candidates[*a], &candidates[*b]));
    let mut rank = vec![0; candidates.len()];
    turns.iter().enumerate().for_each(|(turn, position)| rank[*position] = turn);
    let begun = vec![false; candidates.len()];
    let mut walk = Walk { candidates, positions, rank, begun, steps: Vec::new() };
    turns.into_iter().for_each(|turn| walk.go(turn));
    walk.steps
}

fn by_worth(a: &Candidate, b: &Candidate) -> Ordering {
    let score = |candidate: &Candidate| candidate.score.unwrap_or(f64::NEG_INFINITY);
    let key = |candidate: &Candidate| (!candidate.is_done, candidate.need);
    key(a).cmp(&key(b)).then_with(|| score(b).total_cmp(&score(a)))
}

struct Walk<'c> {
    candidates: &'c [Candidate],
    positions: FxHashMap<EntryIndex, usize>,
    /// When each would have its turn, if it were not for dependencies.
    rank: Vec<usize>,
    begun: Vec<bool>,
    steps: Vec<Step>,
}

impl Walk<'_> {
    /// Puts a candidate behind everything that it depends on. Without recursion: chains of
    /// dependencies can be as long as the plan.
    fn go(&mut self, first: usize) {
        if std::mem::replace(&mut self.begun[first], true) {
            return;
        }
        let mut stack = vec![(first, self.dependencies(first))];
        while let Some((at, rest)) = stack.last_mut() {
            match rest.pop() {
                Some(next) if std::mem::replace(&mut self.begun[next], true) => {}
                Some(next) => {
                    let rest = self.dependencies(next);
                    stack.push((next, rest));
                }
                None => {
                    let at = *at;
                    stack.pop();
                    let for_whom = stack.last().map(|(above, _)| self.candidates[*above].index);
                    self.steps.push(Step { index: self.candidates[at].index, brought_forward_by: for_whom });
                }
            }
        }
    }

    /// What a candidate depends on, the most worthy last, where the stack takes it from.
    fn dependencies(&self, at: usize) -> Vec<usize> {
        let here = |index: &EntryIndex| self.positions.get(index).copied();
        let mut found: Vec<usize> = self.candidates[at].after.iter().filter_map(here).collect();
        found.sort_by_key(|position| std::cmp::Reverse(self.rank[*position]));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Candidates `(need, score, after)` in the order of work, as `position` or `position<for whom`.
    fn check(candidates: &[(NeedWord, f64, &[u32])], expect: &str) {
        let made: Vec<Candidate> = (0..).zip(candidates).map(candidate).collect();
        let shown: Vec<String> = ordered(&made)
            .iter()
            .map(|step| match step.brought_forward_by {
                Some(by) => format!("{}<{}", step.index.0, by.0),
                None => step.index.0.to_string(),
            })
            .collect();
        assert_eq!(shown.join(" "), expect);
    }

    fn candidate((index, (need, score, after)): (u32, &(NeedWord, f64, &[u32]))) -> Candidate {
        let after = after.iter().copied().map(EntryIndex).collect();
        let score = (*score >= 0.0).then_some(*score);
        Candidate { index: EntryIndex(index), need: *need, score, is_done: false, after }
    }

    #[test]
    fn need_decides_then_score_then_id() {
        use NeedWord::{Could, Must, NotStated, Should};
        check(&[(Could, 9.0, &[]), (Must, 0.5, &[]), (Must, 1.5, &[]), (Must, 1.5, &[])], "2 3 1 0");
        check(&[(NotStated, 9.0, &[]), (Should, -1.0, &[]), (Should, 0.1, &[])], "2 1 0");
    }

    #[test]
    fn dependencies_come_first() {
        use NeedWord::{Could, Must};
        check(&[(Must, 1.0, &[1]), (Could, 1.0, &[2]), (Could, 0.5, &[]), (Must, 2.0, &[])], "3 2<1 1<0 0");
        // Of several, the one that is worth most.
        check(&[(Must, 1.0, &[1, 2]), (Could, 1.0, &[]), (Could, 2.0, &[])], "2<0 1<0 0");
        // A circle has no beginning, and loses nobody.
        check(&[(Must, 1.0, &[1]), (Must, 2.0, &[0])], "0<1 1");
        check(&[(Must, 1.0, &[0])], "0");
    }

    proptest! {
        #[test]
        fn everything_has_its_place_behind_what_it_depends_on(
            needs in prop::collection::vec((0..5_usize, 0..4_u8, prop::collection::vec(0..40_u32, 0..4)), 1..40)
        ) {
            // Dependencies lead to smaller positions only, so there is no circle.
            let candidates: Vec<Candidate> = (0..).zip(&needs).map(|(index, (need, score, after))| Candidate {
                index: EntryIndex(index),
                need: NeedWord::ALL[*need],
                score: Some(f64::from(*score)),
                is_done: false,
                after: after.iter().filter(|on| **on < index).copied().map(EntryIndex).collect(),
            }).collect();
            let steps = ordered(&candidates);
            let place: FxHashMap<EntryIndex, usize> = steps.iter().map(|step| step.index).zip(0..).collect();
            prop_assert_eq!(place.len(), candidates.len());
            for candidate in &candidates {
                prop_assert!(candidate.after.iter().all(|on| place[on] < place[&candidate.index]));
            }
        }
    }
}
