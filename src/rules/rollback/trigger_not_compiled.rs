use crate::finding::Report;
use crate::rules::{NOTE, Subject};
use crate::trigger::triggers;

declare_rule! {
    /// A threshold that cannot be compiled to an alert.
    ///
    /// The rollback has a threshold and its metric a query, but they do not fit
    /// together: a unit is missing, there are several metrics, or the baseline has
    /// no value. `relplan export` leaves the trigger out, and `relplan replay`
    /// cannot say when it would have fired. The message names the reason, and the
    /// help the field to add.
    ///
    /// ```yaml,bad
    /// - id: DEP-003
    ///   title: Error rate rises
    ///   type: Rollback
    ///   threshold: "> 2% of requests for 5m"
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    ///   query: sum(rate(errors_total[5m])) / sum(rate(requests_total[5m]))
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-003
    ///   title: Error rate rises
    ///   type: Rollback
    ///   threshold: "> 2% of requests for 5m"
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    ///   unit: ratio of requests
    ///   query: sum(rate(errors_total[5m])) / sum(rate(requests_total[5m]))
    /// ```
    "RP1023", "trigger-not-compiled", NOTE, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let compiled = triggers(subject.plan, subject.graph);
    for (entry, rollback, trigger) in &compiled {
        let Err(obstacle) = trigger else { continue };
        let Some(threshold) = &rollback.threshold else { continue };
        if !obstacle.is_about_a_query(rollback) || obstacle.is_reported_elsewhere() {
            continue;
        }
        let message = format!("{}: the threshold cannot be compiled to an alert: {obstacle}", entry.id.value);
        reports.push(Report::at(threshold.span, message).help(obstacle.help()));
    }
    compiled.len()
}
