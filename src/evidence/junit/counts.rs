//! What suites state of how many tests ran and how they ended, held against the cases that stand in them.

use rustc_hash::FxHashSet;

use super::Suite;
use crate::evidence::Case;
use crate::evidence::input::Found;

/// What was counted of a suite.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counted {
    /// What stands in it, in suites within or not.
    pub total: Tally,
    /// What stands in its inner suites.
    pub inner: Tally,
}

/// The counts that a suite states.
#[derive(Default)]
pub(super) struct Stated {
    pub tests: Option<u64>,
    pub failures: Option<u64>,
    pub errors: Option<u64>,
    pub skipped: Option<u64>,
    pub disabled: Option<u64>,
}

/// What was counted. Test runners count cases, or the elements in them.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub cases: u64,
    pub failed: u64,
    pub errored: u64,
    pub skipped: u64,
    pub unclear: u64,
    pub failures: u64,
    pub errors: u64,
    /// How often a case was run again.
    pub repeated: u64,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.cases += other.cases;
        self.failed += other.failed;
        self.errored += other.errored;
        self.skipped += other.skipped;
        self.unclear += other.unclear;
        self.failures += other.failures;
        self.errors += other.errors;
        self.repeated += other.repeated;
    }

    /// Whether a test runner would write this number of tests: with those that were skipped or without,
    /// or each run of a case that was run again.
    fn may_be(&self, tests: u64) -> bool {
        let ran = self.cases.saturating_sub(self.skipped);
        (ran..=self.cases).contains(&tests) || self.cases + self.repeated == tests
    }

    /// What stands here and not there.
    fn without(self, other: Tally) -> Tally {
        Tally {
            cases: self.cases - other.cases,
            failed: self.failed - other.failed,
            errored: self.errored - other.errored,
            skipped: self.skipped - other.skipped,
            unclear: self.unclear - other.unclear,
            failures: self.failures - other.failures,
            errors: self.errors - other.errors,
            repeated: self.repeated - other.repeated,
        }
    }
}

impl Counted {
    pub fn add(&mut self, other: Counted) {
        self.total.add(other.total);
        self.inner.add(other.inner);
    }

    /// Adds what stands in an inner suite.
    pub fn add_inner(&mut self, total: Tally) {
        self.add(Counted { total, inner: total });
    }
}

impl Suite<'_> {
    /// The counts that are not what stands in the suite: what is counted, what is stated, what stands there.
    ///
    /// Some test runners count what inner suites hold, some do not; some count cases, some the elements in
    /// them, some an error as a failure, or as both; some count what was skipped, and write no case of it.
    /// Only a number that none of them would write is a contradiction.
    ///
    /// Who counts subtests or assertions may state any number of tests, and of skipped ones, beyond the cases: a case
    /// says nothing of the subtests that passed. Qt Test counts the messages of a test program as errors.
    pub(super) fn contradictions(&self, end: usize, found: &Found<'_>) -> Vec<(&'static str, u64, u64)> {
        let is_by = |name: &str| found.report.tools.iter().any(|tool| tool == name);
        let counts_subtests = is_by("pytest") || is_by("Catch2");
        let (Counted { total, inner }, stated) = (self.counted, &self.stated);
        let counts = [total, total.without(inner)];
        let mut differ = Vec::new();
        // Who skips by a word of his own, such as `todo`, often leaves it out of the count.
        let skipped = stated.skipped.or(stated.disabled).filter(|stated| *stated > total.skipped);
        // libtest counts what it ignored, and writes no case of it.
        let without_case = skipped.map_or(0, |stated| stated - total.skipped);
        let is_without_case = stated.tests == Some(total.cases.saturating_add(without_case));
        if let Some(tests) = stated.tests
            && !is_without_case
            && !counts.iter().any(|count| count.may_be(tests))
            && !(counts_subtests && tests > total.cases)
            && distinct(found.cases.range(self.first..end)) != tests
        {
            differ.push(("tests", tests, total.cases));
        }
        differ.extend(self.failures(counts).filter(|(what, ..)| !(*what == "errors" && is_by("Qt Test"))));
        if let Some(skipped) = skipped.filter(|_| !is_without_case && !counts_subtests) {
            differ.push(("skipped", skipped, total.skipped));
        }
        differ
    }

    fn failures(&self, counts: [Tally; 2]) -> Option<(&'static str, u64, u64)> {
        let total = self.counted.total;
        let fits =
            |stated: u64, of: fn(&Tally) -> [u64; 2]| counts.iter().any(|count| of(count).contains(&stated));
        let both = |count: &Tally| [count.failed + count.errored, count.failures + count.errors];
        let most = counts.iter().flat_map(both).max().unwrap_or_default();
        match (self.stated.failures, self.stated.errors) {
            // More than there is of both together is worse than fewer of one.
            (Some(failures), Some(errors))
                if failures.saturating_add(errors) > most && errors > total.errored =>
            {
                Some(("errors", errors, total.errored))
            }
            (Some(failures), Some(errors)) if fits(failures.saturating_add(errors), both) => None,
            // Criterion counts what crashed as both, and what ran out of time as a failure.
            (Some(failures), Some(errors)) if errors <= total.errored && fits(failures, both) => None,
            (Some(failures), Some(_)) if failures != total.failed => {
                Some(("failures", failures, total.failed))
            }
            (_, Some(errors)) if self.stated.failures.is_some() => Some(("errors", errors, total.errored)),
            (Some(failures), None)
                if !fits(failures, |count| [count.failed, count.failures]) && !fits(failures, both) =>
            {
                Some(("failures", failures, total.failed))
            }
            (None, Some(errors))
                if !fits(errors, |count| [count.errored, count.errors]) && !fits(errors, both) =>
            {
                Some(("errors", errors, total.errored))
            }
            _ => None,
        }
    }
}

/// How many cases have a name of their own: pytest writes a test twice that failed and whose teardown
/// failed, too, and counts it once.
fn distinct<'c>(cases: impl Iterator<Item = &'c Case<'c>>) -> u64 {
    let names: FxHashSet<(&str, &str)> = cases.map(|case| (&*case.class, &*case.name)).collect();
    names.len() as u64
}
