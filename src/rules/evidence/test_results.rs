//! What rules about the results of tests have in common.

use crate::evidence::matching::{TestMatches, TestVerdict};
use crate::evidence::{Case, ReportIndex};
use crate::model::EntryIndex;
use crate::source::Span;

use crate::rules::{Subject, words};

impl Subject<'_> {
    /// Which results prove which tests.
    pub(in crate::rules) fn matches(&self) -> &TestMatches {
        let known = self.known_matches;
        known.unwrap_or_else(|| self.matches.get_or_init(|| TestMatches::new(self.plan, self.evidence)))
    }
}

impl Subject<'_> {
    /// Whether a report says that a test passes: then what the plan states is out of date.
    pub(in crate::rules) fn is_reported_as_passing(&self, test: EntryIndex) -> bool {
        let result = self.matches().result(test);
        result.is_some_and(|result| matches!(result.verdict, TestVerdict::Passed | TestVerdict::Flaky))
    }
}

/// A result as it is named in a message.
pub(super) fn named(case: &Case<'_>) -> String {
    match case.class.is_empty() {
        true => words::short(&case.name),
        false => words::short(&format!("{}::{}", case.class, case.name)),
    }
}

/// The results of one report of which the same is to be said: how many, and where the first stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResultGroup {
    /// The report.
    pub(super) report: ReportIndex,
    /// The first of them.
    pub(super) span: Span,
    /// Its name.
    pub(super) name: String,
    /// How many there are.
    pub(super) count: usize,
}
