//! The tests of a release by what they test, as the plan states how they stand.

use schemars::JsonSchema;
use serde::Serialize;

use super::selected;
use crate::graph::Selection;
use crate::model::test::{TestStatus, TestType};
use crate::model::{Choice, Plan};

/// How a release is tested.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Testing {
    /// How many tests there are.
    pub total: usize,
    /// The tests by what they test; those that do not say it come last.
    pub groups: Vec<TestGroup>,
    /// Those that fail or cannot be run.
    pub failed: Vec<String>,
}

/// The tests that test the same.
#[derive(Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TestGroup {
    /// What they test; absent for those that do not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_type: Option<&'static str>,
    /// How many.
    pub total: usize,
    /// How many pass.
    pub passed: usize,
    /// How many fail or cannot be run.
    pub failed: usize,
    /// How many have no result.
    pub unknown: usize,
    /// How many of them a machine runs: those that name an automation.
    pub automated: usize,
}

/// The tests of the selection.
pub(super) fn testing(plan: &Plan<'_>, selection: &Selection) -> Testing {
    let mut testing = Testing::default();
    let tests: Vec<_> = plan.tests().filter(|(entry, _)| selected(plan, selection, entry)).collect();
    let types = TestType::WORDS.iter().map(|(_, known)| Some(*known)).chain([None]);
    for test_type in types {
        let mut group = TestGroup { test_type: test_type.map(Choice::word), ..TestGroup::default() };
        let of_type = tests.iter().filter(|(_, test)| test.test_type.map(|stated| stated.value) == test_type);
        for (entry, test) in of_type {
            group.total += 1;
            group.automated += usize::from(test.automation.is_some());
            match test.status.map(|status| status.value) {
                Some(TestStatus::Passing) => group.passed += 1,
                Some(TestStatus::Failing | TestStatus::Blocked) => {
                    group.failed += 1;
                    testing.failed.push(entry.id.value.to_string());
                }
                Some(TestStatus::Skipped | TestStatus::NotRun) | None => group.unknown += 1,
            }
        }
        testing.total += group.total;
        if group.total > 0 {
            testing.groups.push(group);
        }
    }
    testing
}
