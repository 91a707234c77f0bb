use crate::finding::Report;
use crate::rules::{Subject, WARNING, link_rules};

declare_rule! {
    /// A rollback without a runbook.
    ///
    /// The procedure lists the steps; a runbook lists the commands, for a person who
    /// was just woken. Link the RUN, or let the RUN cover the rollback.
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
    ///   notification: On-call channel
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
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
    ///   notification: On-call channel
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   covers: DEP-001
    /// ```
    "RP1006", "rollback-without-runbook", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    link_rules::check_built_in(RULE.name, subject, reports)
}
