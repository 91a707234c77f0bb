//! What a changed TRX file still proves.

use super::facts::{Element, elements, elements_that, names};
use super::prove::Seen;
use super::times::{is_fresh, states_no_time};

/// Counts of tests that did not pass.
const RED: [&str; 5] = ["failed", "error", "timeout", "aborted", "inconclusive"];

/// Whether every test passed, and neither a count nor the run as a whole says otherwise. How a test ended is said by its
/// `outcome` alone; results stand in `Results`, their rows in `InnerResults`, and errors of the run in its summary. What
/// failed and is of no test of the plan makes the decision a conditional one.
pub fn holds(seen: &Seen<'_>) -> bool {
    let all = elements_that(seen.mutant, |_| true);
    let stands_in =
        |element: &Element<'_>, place: &str| element.around.last().is_some_and(|(name, _)| *name == place);
    let results: Vec<&Element<'_>> =
        all.iter().filter(|own| stands_in(own, "Results") || stands_in(own, "InnerResults")).collect();
    let counted: Vec<&&Element<'_>> =
        results.iter().filter(|own| own.around.iter().any(|(name, _)| *name == "Results")).collect();
    let is_named = |own: &Element<'_>, id: &str| own.get("testName").is_some_and(|name| names(name, id));
    let is_loose = |own: &Element<'_>| seen.is_conditional && !IDS.iter().any(|id| is_named(own, id));
    let counters = elements(seen.mutant, "Counters");
    IDS.iter().all(|id| counted.iter().any(|own| is_named(own, id)))
        && counted.iter().all(|own| passed(own) || is_loose(own))
        && elements(seen.mutant, "ResultSummary").iter().all(ended_well)
        && counters.iter().all(|counters| counts_well(counters, counted.len()))
        && elements(seen.mutant, "Times").iter().all(is_new)
        && !all.iter().any(|own| {
            stands_in(own, "RunInfos") && own.around.iter().any(|(name, _)| *name == "ResultSummary")
        })
}

const IDS: [&str; 3] = ["TEST-101", "TEST-102", "TEST-104"];

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
        text.strip_suffix(".0").unwrap_or(&text).parse().unwrap_or(if text.is_empty() {
            0
        } else {
            usize::MAX
        })
    };
    RED.iter().all(|name| stated(name) == 0)
        && ["total", "executed", "passed"].iter().all(|name| stated(name) <= results)
}
