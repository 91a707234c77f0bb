//! The closure of greatest weight: the set of items that contains all that its items need and weighs most. It is the source
//! side of a minimum cut (Dinic's algorithm).

/// A network whose minimum cut is a closure.
pub(super) struct ClosureNetwork {
    /// Where each edge leads; the reverse of an edge is its neighbour: 0 and 1, 2 and 3.
    to: Vec<u32>,
    left: Vec<i128>,
    edges: Vec<Vec<u32>>,
    level: Vec<u32>,
    next: Vec<usize>,
    count: usize,
}

const UNREACHED: u32 = u32::MAX;

impl ClosureNetwork {
    /// The network of so many items, with what each needs.
    pub(super) fn new<'n>(count: usize, needs: impl Iterator<Item = (usize, &'n [u32])>) -> Self {
        let mut network = ClosureNetwork {
            to: Vec::new(),
            left: Vec::new(),
            edges: vec![Vec::new(); count + 2],
            level: vec![UNREACHED; count + 2],
            next: vec![0; count + 2],
            count,
        };
        // The edges of the source and the sink come first, two pairs for each item.
        for item in 0..count {
            network.add(network.source(), item);
            network.add(item, network.sink());
        }
        for (item, needed) in needs {
            needed.iter().for_each(|needed| network.add(item, *needed as usize));
        }
        network
    }

    fn source(&self) -> usize {
        self.count
    }

    fn sink(&self) -> usize {
        self.count + 1
    }

    fn add(&mut self, from: usize, to: usize) {
        let edge = self.to.len() as u32;
        self.to.extend([to as u32, from as u32]);
        self.left.extend([0, 0]);
        self.edges[from].push(edge);
        self.edges[to].push(edge + 1);
    }

    /// The closure of greatest weight: its weight, and whether each item belongs to it.
    pub(super) fn heaviest(&mut self, weights: &[i128]) -> (i128, Vec<bool>) {
        let positive: i128 = weights.iter().filter(|weight| **weight > 0).sum();
        for (item, weight) in weights.iter().enumerate() {
            let edge = 4 * item;
            self.left[edge..edge + 4].copy_from_slice(&[(*weight).max(0), 0, (-weight).max(0), 0]);
        }
        for edge in (4 * self.count..self.to.len()).step_by(2) {
            (self.left[edge], self.left[edge + 1]) = (positive + 1, 0);
        }
        let mut flow = 0;
        while self.layer() {
            self.next.fill(0);
            while let found @ 1.. = self.augment() {
                flow += found;
            }
        }
        (positive - flow, (0..self.count).map(|item| self.level[item] != UNREACHED).collect())
    }

    /// The distance of each item from the source; whether the sink can be reached.
    fn layer(&mut self) -> bool {
        self.level.fill(UNREACHED);
        let source = self.source();
        let mut queue = vec![source];
        self.level[source] = 0;
        let mut at = 0;
        while let Some(&node) = queue.get(at) {
            at += 1;
            for &edge in &self.edges[node] {
                let to = self.to[edge as usize] as usize;
                if self.left[edge as usize] > 0 && self.level[to] == UNREACHED {
                    self.level[to] = self.level[node] + 1;
                    queue.push(to);
                }
            }
        }
        self.level[self.sink()] != UNREACHED
    }

    /// Sends as much as fits along one path of the layers. Without recursion: chains can be as long as the plan.
    fn augment(&mut self) -> i128 {
        let mut path: Vec<u32> = Vec::new();
        let mut node = self.source();
        loop {
            if node == self.sink() {
                let most = path.iter().map(|edge| self.left[*edge as usize]).min().unwrap_or(0);
                for edge in path {
                    self.left[edge as usize] -= most;
                    self.left[edge as usize ^ 1] += most;
                }
                return most;
            }
            let edges = &self.edges[node];
            let open = edges[self.next[node]..].iter().position(|edge| {
                let to = self.to[*edge as usize] as usize;
                self.left[*edge as usize] > 0 && self.level[to] == self.level[node].saturating_add(1)
            });
            match (open, path.last()) {
                (Some(steps), _) => {
                    self.next[node] += steps;
                    let edge = edges[self.next[node]];
                    path.push(edge);
                    node = self.to[edge as usize] as usize;
                }
                (None, Some(&edge)) => {
                    path.pop();
                    // This edge leads nowhere any more.
                    node = self.to[edge as usize ^ 1] as usize;
                    self.next[node] += 1;
                }
                (None, None) => return 0,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn the_heaviest_closure_is_that_of_all_subsets() {
        let mut random = Random::of_trial(4, 0);
        for _ in 0..300 {
            let count = random.between(1, 9) as usize;
            let needs: Vec<Vec<u32>> =
                (0..count).map(|_| (0..count as u32).filter(|_| random.below(6) == 0).collect()).collect();
            let weights: Vec<i128> = (0..count).map(|_| i128::from(random.below(41)) - 20).collect();
            let is_closed = |set: u32| {
                (0..count).all(|item| {
                    set >> item & 1 == 0 || needs[item].iter().all(|needed| set >> needed & 1 == 1)
                })
            };
            let weight = |set: u32| {
                (0..count).filter(|item| set >> item & 1 == 1).map(|item| weights[item]).sum::<i128>()
            };
            let best =
                (0..1u32 << count).filter(|set| is_closed(*set)).map(weight).max().expect("the empty set");
            let pairs = needs.iter().enumerate().map(|(item, needs)| (item, needs.as_slice()));
            let mut network = ClosureNetwork::new(count, pairs);
            for _ in 0..2 {
                let (found, chosen) = network.heaviest(&weights);
                let set = (0..count).filter(|item| chosen[*item]).fold(0, |set, item| set | 1 << item);
                assert_eq!((found, weight(set), is_closed(set)), (best, best, true), "{needs:?} {weights:?}");
            }
        }
    }
}
