use super::threshold_within_baseline::metric;
use crate::finding::Report;
use crate::model::dep::Rollback;
use crate::model::reader::Condition as Written;
use crate::model::threshold::{Condition, Quantity, Target};
use crate::model::{Entry, Id, UnreadableFields};
use crate::rules::{Subject, WARNING};
use crate::source::{Span, Spanned};

declare_rule! {
    /// A limit relative to the baseline of a metric that has none.
    ///
    /// Without the figure the limit is undefined, so the alarm is a guess or is
    /// never set. Measure it and write the `baseline` of the metric, or remark it
    /// in the threshold. The `target` of a metric is such a limit, too.
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
    /// ```yaml,bad
    /// id: MON-002
    /// title: Time to the first byte
    /// target: "< 20% over baseline for 10m"
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
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let rollbacks =
        subject.plan.rollbacks().filter_map(|(entry, rollback)| of_rollback(subject, entry, rollback));
    let metrics = subject
        .plan
        .monitors()
        .filter_map(|(entry, mon)| of_target(entry, mon.target.as_ref()?, mon.has_baseline()));
    let mut looked_at = 0;
    for limit in rollbacks.chain(metrics) {
        looked_at += 1;
        if !limit.has_baseline && !unreadable.has(limit.metric.value, "baseline") {
            reports.push(report(&limit));
        }
    }
    looked_at
}

/// A limit that counts from the baseline of a metric.
struct Limit {
    /// The entry that states it.
    of: Id,
    /// Where it is written.
    span: Span,
    /// What it is called there.
    name: &'static str,
    /// The metric.
    metric: Spanned<Id>,
    /// Whether the metric says what it is when all is well.
    has_baseline: bool,
}

fn of_rollback(subject: &Subject<'_>, entry: &Entry<'_>, rollback: &Rollback<'_>) -> Option<Limit> {
    let written = rollback.threshold.as_ref()?;
    let threshold = written.value.typed.as_deref()?;
    let Condition::Compare { quantity, .. } = &threshold.condition else { return None };
    if !counts_from_baseline(quantity) || threshold.baseline.is_some() {
        return None;
    }
    let (metric, mon) = metric(subject, entry, threshold)?;
    Some(Limit {
        of: entry.id.value,
        span: written.span,
        name: "threshold",
        metric: Spanned::new(metric.id.value, metric.id.span),
        has_baseline: mon.has_baseline(),
    })
}

fn of_target(entry: &Entry<'_>, written: &Spanned<Written<'_, Target>>, has_baseline: bool) -> Option<Limit> {
    let target = written.value.typed.as_deref()?;
    let elsewhere = target.baseline.is_some() || target.source.is_some();
    (counts_from_baseline(&target.quantity) && !elsewhere).then(|| Limit {
        of: entry.id.value,
        span: written.span,
        name: "target",
        metric: Spanned::new(entry.id.value, entry.id.span),
        has_baseline,
    })
}

fn counts_from_baseline(quantity: &Quantity) -> bool {
    matches!(quantity, Quantity::Points { .. } | Quantity::Relative { .. })
}

fn report(limit: &Limit) -> Report {
    let (of, metric) = (limit.of, limit.metric.value);
    let lacking = if of == metric { "there is none".to_owned() } else { format!("{metric} has none") };
    Report::at(limit.span, format!("{of}: the {} is relative to a baseline, but {lacking}", limit.name))
        .and(limit.metric.span, "this metric has no `baseline`")
        .help(format!("measure it, then set `baseline: 0.5%` in {metric}"))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(target: &str, expect: &[&str]) {
        let yaml = format!("{{id: MON-1, title: x, target: '{target}'}}");
        assert_eq!(messages("baseline-missing", &yaml, ""), expect, "{target}");
    }

    #[test]
    fn the_target_of_a_metric_needs_its_baseline() {
        let missing = "MON-1: the target is relative to a baseline, but there is none";
        check("< 20% over baseline for 10m", &[missing]);
        check("< 2pp over baseline for 10m", &[missing]);
        check("< 20% over baseline for 10m (currently 3s baseline)", &[]);
        check("< 2s", &[]);
        let with_baseline = "{id: MON-1, title: x, target: '< 20% over baseline', baseline: 3s}";
        assert!(messages("baseline-missing", with_baseline, "").is_empty());
    }
}
