use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A rollback trigger without a threshold.
    ///
    /// Without a number, the discussion about a rollback takes longer than the
    /// rollback. Write how much, of what, and for how long. For automatic
    /// rollbacks, see `automatic-without-threshold`.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   title: Too many errors
    ///   type: Rollback
    ///   stage: Post-deploy
    ///   owner: On-call Engineer
    ///   trigger: The error rate rises
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
    ///   trigger: The error rate rises
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
    "RP0403", "rollback-without-threshold", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        looked_at += 1;
        let automatic = rollback.automatic.as_ref().is_some_and(|automatic| automatic.value.value);
        if rollback.threshold.is_none() && !automatic {
            let message = format!("{}: rollback without a threshold", entry.id.value);
            let report =
                Report::at(entry.id.span, message).help("add `threshold: \"> 2% of requests for 5m\"`");
            reports.push(match &rollback.trigger {
                Some(trigger) => report.and(trigger.span, "a trigger without a number"),
                None => report,
            });
        }
    }
    looked_at
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;

    #[test]
    fn what_a_machine_starts_is_reported_once() {
        let named = |yaml: &str| {
            let names = findings(yaml, "").into_iter().map(|finding| finding.name);
            names.filter(|name| name.contains("threshold")).collect::<Vec<_>>()
        };
        assert_eq!(named("{id: DEP-1, type: Rollback, automatic: Yes}"), ["automatic-without-threshold"]);
        assert_eq!(named("{id: DEP-1, type: Rollback, automatic: No}"), ["rollback-without-threshold"]);
        assert_eq!(
            named("{id: DEP-1, type: Rollback, automatic: Yes, threshold: high}"),
            ["invalid-threshold"]
        );
    }
}
