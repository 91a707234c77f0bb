use crate::finding::Report;
use crate::model::defect::{Defect, DefectKind};
use crate::rules::{ERROR, Subject, defects};

declare_rule! {
    /// An `evidence` mapping that asks for nothing, or does not say how much.
    ///
    /// A criterion with an evidence requirement is proved by facts alone. A requirement without a figure can be proved
    /// by nothing, and must not look as if anything proved it.
    ///
    /// ```yaml,bad
    /// id: DEP-105
    /// title: Checkout is fast
    /// type: Criteria
    /// stage: Pre-deploy
    /// requirement: The 95th percentile of checkout stays below 200 ms
    /// verification: Load test of the candidate
    /// blocker: Yes
    /// owner: Performance Lead
    /// linked_ids: TEST-021
    /// evidence:
    ///   metric: { name: checkout_p95 }
    /// ---
    /// id: TEST-021
    /// title: Checkout under load
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-105
    /// title: Checkout is fast
    /// type: Criteria
    /// stage: Pre-deploy
    /// requirement: The 95th percentile of checkout stays below 200 ms
    /// verification: Load test of the candidate
    /// blocker: Yes
    /// owner: Performance Lead
    /// linked_ids: TEST-021
    /// evidence:
    ///   metric: { name: checkout_p95, threshold: < 200ms }
    /// ---
    /// id: TEST-021
    /// title: Checkout under load
    /// ```
    "RP0680", "empty-evidence-requirement", ERROR, since "0.1.0", formerly "empty-demand"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, report)
}

/// The same in the plan and in `relplan.toml`.
pub(in crate::rules) fn report(defect: &Defect) -> Option<Report> {
    let report = |message: &str, help: &str| Some(Report::at(defect.span, message).help(help));
    match defect.kind {
        DefectKind::EmptyEvidenceRequirement => report(
            "evidence requirement without a threshold: no evidence could meet it",
            "add a threshold: `tests: 100%`, `coverage: 90%`, `findings_below: High`, \
             `metric: { name: checkout_p95, threshold: < 200ms }`, `sign_off: QA Lead` or `file: notes.md`",
        ),
        DefectKind::ToolWithoutFindings => report(
            "scan requirement without `findings_below`",
            "add the lowest severity that fails: `findings_below: High`",
        ),
        DefectKind::AgeOfNothing => report(
            "`max_age` applies to none of these requirements",
            "remove `max_age`: it applies to reports, sign-offs, files and incident files",
        ),
        _ => None,
    }
}
