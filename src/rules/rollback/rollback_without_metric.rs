use crate::finding::Report;
use crate::rules::{Subject, WARNING, link_rules};

declare_rule! {
    /// A rollback that no metric watches.
    ///
    /// Its threshold is a number, and nothing in the plan measures it. Link the
    /// MON or KPI that does, so that the alert and the trigger are one thing.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   title: Too many errors
    ///   type: Rollback
    ///   stage: Post-deploy
    ///   owner: On-call Engineer
    ///   trigger: The error rate of MON-001 rises
    ///   threshold: "> 2% of requests for 5m"
    ///   procedure: Switch traffic back by the runbook
    ///   notification: On-call channel
    ///   runbook: RUN-001
    /// - id: RUN-001
    ///   title: Switch traffic back
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
    ///   trigger: The error rate of MON-001 rises
    ///   threshold: "> 2% of requests for 5m"
    ///   procedure: Switch traffic back by the runbook
    ///   notification: On-call channel
    ///   runbook: RUN-001
    ///   monitored_by: MON-001
    /// - id: RUN-001
    ///   title: Switch traffic back
    /// - id: MON-001
    ///   title: Error rate
    /// ```
    "RP1005", "rollback-without-metric", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    link_rules::check_built_in(RULE.name, subject, reports)
}
