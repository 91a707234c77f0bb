use crate::finding::Report;
use crate::rules::missing_statement::{self, MissingStatement};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A runbook that was never tested.
    ///
    /// Commands change, permissions expire, and gaps show only when the steps are
    /// followed. Follow them before the release, and record the date.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch traffic back
    /// steps: Set the weight of the previous version to 100
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch traffic back
    /// steps: Set the weight of the previous version to 100
    /// last_tested: 2026-11-12
    /// ```
    "RP1009", "runbook-never-tested", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    missing_statement::each(
        subject,
        reports,
        subject.plan.runbooks(),
        |_, runbook| runbook.last_tested.is_some(),
        &MISSING,
    )
}

const MISSING: MissingStatement<'_> = MissingStatement {
    field: "last_tested",
    message: "runbook never tested",
    help: "test it, then add `last_tested: 2026-11-12`",
};
