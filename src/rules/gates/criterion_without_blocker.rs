use crate::finding::Report;
use crate::rules::missing_statement::{self, MissingStatement};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A criterion that does not say whether it blocks the release.
    ///
    /// Whether an unmet criterion stops the release must be decided in advance, not
    /// under pressure. Write `blocker: Yes` or `blocker: No`, followed by the
    /// reason.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   title: Search is fast
    ///   type: Criteria
    ///   stage: Pre-deploy
    ///   owner: QA Lead
    ///   requirement: 95% of the searches are answered within 200 ms
    ///   verification: Load run on the release candidate
    ///   linked_ids: TEST-001
    /// - id: TEST-001
    ///   title: Load run over the recorded searches of a week
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
    ///   blocker: Yes — slow searches look broken
    ///   linked_ids: TEST-001
    /// - id: TEST-001
    ///   title: Load run over the recorded searches of a week
    /// ```
    "RP0402", "criterion-without-blocker", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    missing_statement::each(
        subject,
        reports,
        subject.plan.criteria(),
        |_, criteria| criteria.blocker.is_some(),
        &MISSING,
    )
}

const MISSING: MissingStatement<'_> = MissingStatement {
    field: "blocker",
    message: "no `blocker`: unclear whether the criterion blocks the release",
    help: "add `blocker: Yes` or `blocker: No`",
};
