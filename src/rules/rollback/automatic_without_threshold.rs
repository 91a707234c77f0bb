use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A rollback that a machine starts, without a threshold.
    ///
    /// No controller can act on "when things look bad". It needs a metric, a
    /// limit and a time: `> 2% of requests for 5m`, or a state: `failing for 5m`.
    /// A threshold that is there and cannot be read is `invalid-threshold`,
    /// and a rollback that people start without one is `rollback-without-threshold`.
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
        if rollback.threshold.is_none() {
            let message = format!("{}: automatic rollback without a threshold", entry.id.value);
            reports.push(
                Report::at(automatic.span, message)
                    .help("add `threshold: \"> 2% of requests for 5m\"`, or set `automatic: No`"),
            );
        }
    }
    looked_at
}
