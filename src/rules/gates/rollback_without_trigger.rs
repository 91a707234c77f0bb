use crate::finding::Report;
use crate::rules::missing_statement::{self, MissingStatement};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A rollback that does not say in words what starts it.
    ///
    /// The threshold is for a machine. The trigger tells the people in the
    /// decision what went wrong for whom, so that they can judge the cases
    /// that no number covers.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   title: Too many errors
    ///   type: Rollback
    ///   stage: Post-deploy
    ///   owner: On-call Engineer
    ///   threshold: "> 2% of requests for 5m"
    ///   procedure: Switch traffic back
    ///   notification: On-call channel
    ///   monitored_by: MON-001
    ///   runbook: RUN-001
    /// - id: MON-001
    ///   title: Error rate
    /// - id: RUN-001
    ///   title: Switch traffic back
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   title: Too many errors
    ///   type: Rollback
    ///   stage: Post-deploy
    ///   owner: On-call Engineer
    ///   trigger: More requests fail on the new version than on the old one
    ///   threshold: "> 2% of requests for 5m"
    ///   procedure: Switch traffic back
    ///   notification: On-call channel
    ///   monitored_by: MON-001
    ///   runbook: RUN-001
    /// - id: MON-001
    ///   title: Error rate
    /// - id: RUN-001
    ///   title: Switch traffic back
    /// ```
    "RP0404", "rollback-without-trigger", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    missing_statement::each(
        subject,
        reports,
        subject.plan.rollbacks(),
        |_, rollback| rollback.trigger.is_some(),
        &MISSING,
    )
}

const MISSING: MissingStatement<'_> = MissingStatement {
    field: "trigger",
    message: "rollback without a trigger",
    help: "add what users notice: `trigger: Sign-in fails for customers`",
};
