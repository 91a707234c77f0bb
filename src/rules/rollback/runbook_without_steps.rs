use crate::finding::Report;
use crate::rules::missing_statement::{self, MissingStatement};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A runbook without steps.
    ///
    /// A person who has never seen it opens it at night. Write the steps in order,
    /// each as a command or a decision.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch traffic back
    /// last_tested: 2026-11-12
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch traffic back
    /// last_tested: 2026-11-12
    /// steps:
    ///   - Announce the switch in the incident channel
    ///   - Set the weight of the previous version to 100
    ///   - Watch the error rate for five minutes
    /// ```
    "RP1008", "runbook-without-steps", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    missing_statement::each(
        subject,
        reports,
        subject.plan.runbooks(),
        |_, runbook| !runbook.steps.is_empty(),
        &MISSING,
    )
}

const MISSING: MissingStatement<'_> = MissingStatement {
    field: "steps",
    message: "runbook without steps",
    help: "list the actions in order under `steps`",
};
