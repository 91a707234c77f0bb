//! What a changed TRX file still proves.

use super::facts::{Element, elements, elements_that, names};
use super::prove::Seen;
use super::times::{is_fresh, states_no_time};

/// Counts of tests that did not pass.
const RED: [&str; 5] = ["failed", "error", "timeout", "aborted", "inconclusive"];

/// Whether every test passed, and neither a count nor the run as a whole says otherwise. How a test ended is said by its
/// `outcome` alone, and results stand in `Results`.
pub fn holds(seen: &Seen<'_>) -> bool {
    let is_result = |name: &str| name.to_lowercase().ends_with("result");
    let results = elements_that(seen.mutant, is_result);
    let counted: Vec<&Element<'_>> =
        results.iter().filter(|result| result.around.iter().any(|(name, _)| *name == "Results")).collect();
    let named =
        |id: &str| counted.iter().any(|result| result.get("testName").is_some_and(|name| names(name, id)));
    let counters = elements(seen.mutant, "Counters");
    ["TEST-101", "TEST-102", "TEST-104"].iter().all(|id| named(id))
        && counted.iter().all(|result| passed(result))
        && elements(seen.mutant, "ResultSummary").iter().all(ended_well)
        && counters.iter().all(|counters| counts_well(counters, counted.len()))
        && elements(seen.mutant, "Times").iter().all(is_new)
        && elements(seen.mutant, "RunInfo").is_empty()
}

fn is_fine(time: &str) -> bool {
    is_fresh(time) || states_no_time(time)
}

fn passed(result: &Element<'_>) -> bool {
    let times = ["startTime", "endTime"].into_iter().filter_map(|name| result.get(name));
    result.get("outcome").is_some_and(|outcome| outcome.trim().eq_ignore_ascii_case("Passed"))
        && times.into_iter().all(is_fine)
}

/// That the run began is not asked for where it says when it ended.
fn is_new(times: &Element<'_>) -> bool {
    times.get("finish").or(times.get("start")).is_none_or(is_fine)
}

fn ended_well(run: &Element<'_>) -> bool {
    let outcome = run.get("outcome").unwrap_or_default().to_lowercase();
    ["", "completed", "passed"].contains(&outcome.trim())
}

fn counts_well(counters: &Element<'_>, results: usize) -> bool {
    let stated = |name: &str| {
        let text = counters.get(name).unwrap_or_default().trim().to_owned();
        if text.is_empty() { 0 } else { text.parse().unwrap_or(usize::MAX) }
    };
    RED.iter().all(|name| stated(name) == 0)
        && ["total", "executed", "passed"].iter().all(|name| stated(name) <= results)
}
