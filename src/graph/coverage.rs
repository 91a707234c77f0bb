//! Whether what is to be built is tested: the coverage status of entries
//! (after OpenFastTrace's vocabulary).

use super::Graph;
use crate::model::test::TestStatus;
use crate::model::{EntryIndex, Kind, LinkKind, Plan};

/// How well an entry is covered by tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coverage {
    /// Tests verify it, and none of them is known not to pass.
    Covered,
    /// Tests verify it, and some of them fail, are skipped or blocked.
    Partly,
    /// Nothing verifies it.
    Uncovered,
    /// Nothing links to it and it links to nothing.
    Orphaned,
}

/// How well `entry` is covered by the tests that it or its parts link to.
pub fn coverage(plan: &Plan<'_>, graph: &Graph, entry: EntryIndex) -> Coverage {
    let tests = tests_of(plan, graph, entry);
    if tests.is_empty() {
        let linked = graph.any_edge(entry, |edge| edge.from != edge.to);
        return if linked { Coverage::Uncovered } else { Coverage::Orphaned };
    }
    let bad = |test: &EntryIndex| match &plan.entry(*test).kind {
        Kind::Test(test) => matches!(
            test.status.map(|status| status.value),
            Some(TestStatus::Failing | TestStatus::Skipped | TestStatus::Blocked)
        ),
        _ => false,
    };
    if tests.iter().any(bad) { Coverage::Partly } else { Coverage::Covered }
}

/// The tests that an entry links to, that link to it, or that verify what builds it.
fn tests_of(plan: &Plan<'_>, graph: &Graph, entry: EntryIndex) -> Vec<EntryIndex> {
    let mut tests = direct_tests(plan, graph, entry);
    let parts = graph
        .incoming(entry)
        .filter(|edge| matches!(edge.kind, LinkKind::Implements | LinkKind::PartOf))
        .map(|edge| edge.from);
    for part in parts {
        tests.extend(direct_tests(plan, graph, part));
    }
    tests.sort_unstable();
    tests.dedup();
    tests
}

fn direct_tests(plan: &Plan<'_>, graph: &Graph, entry: EntryIndex) -> Vec<EntryIndex> {
    let is_test = |index: &EntryIndex| matches!(plan.entry(*index).kind, Kind::Test(_)) && *index != entry;
    let to = graph.outgoing(entry).map(|edge| edge.to);
    let from = graph.incoming(entry).map(|edge| edge.from);
    to.chain(from).filter(is_test).collect()
}
