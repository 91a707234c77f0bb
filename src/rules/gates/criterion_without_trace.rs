use crate::finding::Report;
use crate::rules::{ERROR, Subject, link_rules};

declare_rule! {
    /// A release criterion that does not trace to an EPIC, a TEST or an API.
    ///
    /// It cannot be seen from the plan what would prove it, nor what it is
    /// about. Release planning practice asks that every criterion traces back
    /// to what was built or tested.
    ///
    /// ```yaml,bad
    /// id: DEP-001
    /// title: Search is fast
    /// type: Criteria
    /// stage: Pre-deploy
    /// owner: QA Lead
    /// requirement: 95% of the searches are answered within 200 ms
    /// verification: Load run on the release candidate
    /// blocker: Yes
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   title: Search is fast
    ///   type: Criteria
    ///   stage: Pre-deploy
    ///   owner: QA Lead
    ///   requirement: 95% of the searches are answered within 200 ms
    ///   verification: Load run on the release candidate
    ///   blocker: Yes
    ///   linked_ids: TEST-001
    /// - id: TEST-001
    ///   title: Load run over the recorded searches of a week
    /// ```
    "RP0409", "criterion-without-trace", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    link_rules::check_built_in(RULE.name, subject, reports)
}
