use crate::finding::Report;
use crate::rules::missing_statement::{self, MissingStatement};
use crate::rules::{NOTE, Subject};

declare_rule! {
    /// A rollback without a time limit.
    ///
    /// A limit tells the operator when to stop and escalate, and lets a rehearsal
    /// fail. Five minutes is common.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: Requests fail more often than before the deployment
    /// procedure: Switch traffic back to the previous version
    /// authority: On-call engineer
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: Requests fail more often than before the deployment
    /// procedure: Switch traffic back to the previous version
    /// authority: On-call engineer
    /// max_duration: 5m
    /// ```
    "RP1002", "rollback-without-time-limit", NOTE, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    missing_statement::each(
        subject,
        reports,
        subject.plan.rollbacks(),
        |_, rollback| rollback.max_duration.is_some(),
        &MISSING,
    )
}

const MISSING: MissingStatement<'_> = MissingStatement {
    field: "max_duration",
    message: "rollback without a time limit",
    help: "add the longest acceptable duration: `max_duration: 5m`",
};
