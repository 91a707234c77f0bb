//! What Node's test runner states in comments: `<!-- fail 1 -->`.
//!
//! It writes a test with subtests as a suite, and not how the test itself ended. Only its totals tell.

use crate::evidence::input::{Found, Input};
use crate::evidence::{EvidenceDefectKind, Outcome, Unclear, results};
use crate::source::Span;

/// How far from the end of the report its totals stand.
const TAIL: usize = 1024;

/// Holds the totals at the end of a report against its cases. If more failed than did among them, what passed is unclear.
pub(super) fn compare(input: &Input<'_>, found: &mut Found<'_>) {
    let start = input.text.floor_char_boundary(input.text.len().saturating_sub(TAIL));
    let tail = &input.text[start..];
    if !tail.contains("<!-- fail ") {
        return;
    }
    found.made_by("Node.js");
    let of = |name: &str| {
        let begin = tail.find(&format!("<!-- {name} "))? + "<!-- ".len() + name.len() + 1;
        let digits = tail[begin..].split(' ').next()?;
        let at = start + begin;
        Some((digits.parse::<u64>().ok()?, input.at(at, at + digits.len())))
    };
    let (failed, place) = of("fail").unwrap_or((0, Span::new(found.report.file, 0, 0)));
    let stated = failed + of("cancelled").map_or(0, |(count, _)| count);
    let counted = found.cases.iter().filter(|case| case.outcome.is_failure()).count() as u64;
    if stated <= counted {
        return;
    }
    found.defect(place, EvidenceDefectKind::CountsDiffer { what: "fail", stated, counted });
    let all = 0..found.cases.len();
    if found.cases.iter().any(|case| case.outcome == Outcome::Passed) {
        results::doubt(found, all, Unclear::StatedWorse);
    }
}
