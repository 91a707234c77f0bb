use super::threshold_within_baseline::metric;
use super::{Subject, WARNING};
use crate::finding::Report;
use crate::model::threshold::{Condition, Quantity, Threshold};
use crate::model::{Entry, Misread};
use crate::source::Span;

declare_rule! {
    /// A limit that counts from the baseline of a metric that has none.
    ///
    /// Without the figure nobody knows where the limit lies, so the alarm is
    /// set by guess or not at all. Measure, and write the `baseline` of the
    /// metric, or remark it in the threshold.
    ///
    /// ```yaml,bad
    /// - id: DEP-003
    ///   title: Error rate rises
    ///   type: Rollback
    ///   threshold: "> 2pp over baseline for 5m"
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    ///   unit: percent of requests
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-003
    ///   title: Error rate rises
    ///   type: Rollback
    ///   threshold: "> 2pp over baseline for 5m"
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    ///   unit: percent of requests
    ///   baseline: 0.5%
    /// ```
    "RP1017", "baseline-missing", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let misread = Misread::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        let Some((written, threshold)) = rollback
            .threshold
            .as_ref()
            .and_then(|written| Some((written.span, written.value.typed.as_deref()?)))
        else {
            continue;
        };
        if !counts_from_baseline(threshold) || threshold.baseline.is_some() {
            continue;
        }
        let Some((mon_entry, mon)) = metric(subject, entry, threshold) else { continue };
        looked_at += 1;
        if mon.baseline.is_none() && !misread.has(mon_entry.id.value, "baseline") {
            reports.push(report(entry, written, mon_entry));
        }
    }
    looked_at
}

fn counts_from_baseline(threshold: &Threshold) -> bool {
    matches!(
        threshold.condition,
        Condition::Compare { quantity: Quantity::Points { .. } | Quantity::Relative { .. }, .. }
    )
}

fn report(entry: &Entry<'_>, threshold: Span, metric: &Entry<'_>) -> Report {
    let mon = metric.id.value;
    let message = format!("{}: the threshold counts from a baseline, and {mon} has none", entry.id.value);
    Report::at(threshold, message)
        .and(metric.id.span, "this metric has no `baseline`")
        .help(format!("measure it, and write it in {mon}: `baseline: 0.5%`"))
}
