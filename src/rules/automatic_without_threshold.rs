use super::{ERROR, Subject};
use crate::finding::Report;

declare_rule! {
    /// A rollback that a machine starts, without a threshold that a machine can read.
    ///
    /// No controller can act on "when things look bad". It needs a metric, a
    /// limit and a time: `> 2% of requests for 5m`, or a state: `failing for 5m`.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: Too many requests fail
    /// automatic: Yes
    /// procedure: Switch traffic back to the previous version
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: Too many requests fail
    /// threshold: "> 2% of requests for 5m"
    /// automatic: Yes
    /// procedure: Switch traffic back to the previous version
    /// ```
    "RP1010", "automatic-without-threshold", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        let Some(automatic) = rollback.automatic.as_ref().filter(|automatic| automatic.value.value) else {
            continue;
        };
        looked_at += 1;
        let id = entry.id.value;
        let report = match &rollback.threshold {
            Some(threshold) if threshold.value.typed.is_some() => continue,
            Some(threshold) => {
                let message = format!("{id}: a machine starts this rollback, and cannot read its threshold");
                Report::at(threshold.span, message).and(automatic.span, "it is automatic")
            }
            None => {
                let message = format!(
                    "{id}: the rollback is `automatic`, and no threshold says when a machine starts it"
                );
                Report::at(automatic.span, message)
            }
        };
        reports.push(
            report
                .help("write what it acts on: `threshold: \"> 2% of requests for 5m\"`, or `automatic: No`"),
        );
    }
    looked_at
}
