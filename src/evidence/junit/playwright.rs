//! What Playwright leaves out of its JUnit XML: it writes a test that was interrupted, or never begun because another one
//! failed, like one that its author skips. Only the latter has an annotation, and so a property `skip` or `fixme`.

use crate::evidence::input::{Found, Input};
use crate::evidence::{EvidenceDefectKind, Outcome, Unclear};

/// The attributes of the root, as no other test runner writes them.
const ROOT: [&str; 7] = ["id", "name", "tests", "failures", "skipped", "errors", "time"];

/// Leaves open how tests ended that were not run, and not because of their author.
pub(super) fn doubt_interrupted(input: &Input<'_>, found: &mut Found<'_>) {
    if !is_by_playwright(input.text) {
        return;
    }
    found.made_by("Playwright");
    let mut places = Vec::new();
    let all = 0..found.cases.len();
    for case in found.cases.range_mut(all).filter(|case| case.outcome == Outcome::Skipped) {
        if !case.properties.iter().any(|(name, _)| matches!(&**name, "skip" | "fixme")) {
            case.outcome = Outcome::Unclear(Unclear::UnknownResult);
            places.push(case.span);
        }
    }
    for place in places {
        let written = "<skipped> without a property `skip` or `fixme`".to_owned();
        found.defect(place, EvidenceDefectKind::ResultNotKnown { written });
    }
}

fn is_by_playwright(text: &str) -> bool {
    let root = text.split_once("<testsuites ").and_then(|(_, behind)| behind.split_once('>'));
    // Between the values of attributes stand their names.
    root.is_some_and(|(root, _)| {
        let names = root.split('"').step_by(2).map(|name| name.trim().trim_end_matches('='));
        names.filter(|name| !name.is_empty()).eq(ROOT)
    })
}
