use crate::finding::Report;
use crate::model::{Entry, Kind};
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A rollback without a procedure.
    ///
    /// "We will figure it out" is no procedure. Write the steps in `procedure`, or
    /// link a runbook.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   title: Too many errors
    ///   type: Rollback
    ///   stage: Post-deploy
    ///   owner: On-call Engineer
    ///   trigger: The error rate rises
    ///   threshold: "> 2% of requests for 5m"
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
    ///   procedure:
    ///     - Page the on-call engineer
    ///     - Switch traffic back to the old version
    ///   notification: On-call channel
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    /// ```
    "RP0405", "rollback-without-procedure", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        looked_at += 1;
        if rollback.procedure.is_empty() && !has_runbook(subject, entry) {
            let message = format!("{}: rollback without a procedure", entry.id.value);
            let help = "list the steps under `procedure`, or link a `runbook`";
            reports.push(Report::at(entry.id.span, message).help(help));
        }
    }
    looked_at
}

fn has_runbook(subject: &Subject<'_>, entry: &Entry<'_>) -> bool {
    let named = entry.links.iter().any(|link| link.target.first().prefix.as_str() == "RUN");
    named
        || subject.plan.find(entry.id.value).is_some_and(|index| {
            let runs = |other| matches!(subject.plan.entry(other).kind, Kind::Run(_));
            subject.graph.any_edge(index, |edge| runs(edge.from) || runs(edge.to))
        })
}
