use crate::finding::Report;
use crate::rules::missing_statement::{self, MissingStatement};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A rollback without notification.
    ///
    /// Deployments go on, Support hears of it from customers, and the next release
    /// starts from the wrong version. Name who is notified, and where.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   title: Too many errors
    ///   type: Rollback
    ///   stage: Post-deploy
    ///   owner: On-call Engineer
    ///   trigger: The error rate rises
    ///   threshold: "> 2% of requests for 5m"
    ///   procedure: Switch traffic back
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
    ///   trigger: The error rate rises
    ///   threshold: "> 2% of requests for 5m"
    ///   procedure: Switch traffic back
    ///   notification: "#incidents on Slack, PagerDuty, Engineering Lead"
    ///   monitored_by: MON-001
    ///   runbook: RUN-001
    /// - id: MON-001
    ///   title: Error rate
    /// - id: RUN-001
    ///   title: Switch traffic back
    /// ```
    "RP0406", "rollback-without-notification", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    missing_statement::each(
        subject,
        reports,
        subject.plan.rollbacks(),
        |_, rollback| !rollback.notification.is_empty(),
        &MISSING,
    )
}

const MISSING: MissingStatement<'_> = MissingStatement {
    field: "notification",
    message: "rollback without a notification",
    help: "add `notification: \"#incidents, Engineering Lead\"`",
};
