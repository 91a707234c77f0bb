use crate::finding::Report;
use crate::model::dep::Rollback;
use crate::model::indicator::Mon;
use crate::model::measure::Measure;
use crate::model::threshold::{Condition, Operator, Threshold};
use crate::model::{Entry, Kind, LinkKind, Target, Text, id};
use crate::rules::{Subject, WARNING};
use crate::source::Span;

declare_rule! {
    /// A threshold that the metric crosses on any normal day.
    ///
    /// The rollback would start with the deployment, whatever was deployed. Move
    /// the limit away from the baseline, or correct the baseline if it is old.
    ///
    /// ```yaml,bad
    /// - id: DEP-003
    ///   title: Error rate rises
    ///   type: Rollback
    ///   threshold: "> 2% of requests for 5m"
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    ///   unit: percent of requests
    ///   baseline: 2.5%
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-003
    ///   title: Error rate rises
    ///   type: Rollback
    ///   threshold: "> 4% of requests for 5m"
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    ///   unit: percent of requests
    ///   baseline: 2.5%
    /// ```
    "RP1013", "threshold-within-baseline", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        let Some(normal) = Normal::of(subject, entry, rollback) else { continue };
        looked_at += 1;
        reports.extend(report(entry, rollback, &normal));
    }
    looked_at
}

/// What a metric is when all is well.
struct Normal {
    measure: Measure,
    text: String,
    /// Where it is written, if that is not in the threshold.
    place: Option<Span>,
}

impl Normal {
    /// The baseline that the threshold remarks, or that of the one metric it is about.
    fn of(subject: &Subject<'_>, entry: &Entry<'_>, rollback: &Rollback<'_>) -> Option<Normal> {
        let threshold = rollback.threshold.as_ref()?.value.typed.as_deref()?;
        if let Some(remark) = &threshold.baseline {
            let text = format!("{}{}", remark.number, remark.unit.as_deref().unwrap_or(""));
            return Some(Normal { measure: Measure::of_baseline(remark)?, text, place: None });
        }
        let (_, mon) = metric(subject, entry, threshold)?;
        let baseline: &Text<'_> = mon.baseline.as_ref()?;
        let unit = mon.unit.as_ref().map(|unit| &*unit.value);
        let measure = Measure::parse(&baseline.value, unit)?;
        Some(Normal { measure, text: baseline.value.to_string(), place: Some(baseline.span) })
    }
}

/// The metric that a threshold names, or the only one that its rollback is watched
/// by or linked to. With several nobody knows which one the limit is for.
pub(super) fn metric<'p>(
    subject: &Subject<'p>,
    entry: &Entry<'_>,
    threshold: &Threshold,
) -> Option<(&'p Entry<'p>, &'p Mon<'p>)> {
    let mon = |index| {
        let entry = subject.plan.entry(index);
        match &entry.kind {
            Kind::Mon(mon) => Some((entry, &**mon)),
            _ => None,
        }
    };
    if let Some(source) = &threshold.source {
        return mon(subject.plan.find(id::parse(&source.id).ok()?)?);
    }
    let metrics = |kind| {
        entry
            .links
            .iter()
            .filter(move |link| link.kind == kind && link.target.first().prefix.as_str() == "MON")
    };
    let watched = metrics(LinkKind::MonitoredBy).next().is_some();
    let mut linked = metrics(if watched { LinkKind::MonitoredBy } else { LinkKind::LinkedIds });
    match (&linked.next()?.target, linked.next()) {
        (Target::One(id), None) => mon(subject.plan.find(*id)?),
        _ => None,
    }
}

fn report(entry: &Entry<'_>, rollback: &Rollback<'_>, normal: &Normal) -> Option<Report> {
    let written = rollback.threshold.as_ref()?;
    let Condition::Compare { operator, quantity } = &written.value.typed.as_deref()?.condition else {
        return None;
    };
    let limit = Measure::of_limit(quantity)?;
    if *operator == Operator::Equal || !operator.holds(normal.measure.compare(&limit)?) {
        return None;
    }
    let message =
        format!("{}: the baseline of {} already crosses the threshold", entry.id.value, normal.text);
    let report = Report::at(written.span, message);
    let report = match normal.place {
        Some(place) => report.and(place, "the baseline"),
        None => report,
    };
    let distance = if matches!(limit, Measure::Share { .. }) { "2pp" } else { "20%" };
    let side = if matches!(operator, Operator::Below | Operator::AtMost) { "under" } else { "over" };
    Some(report.help(format!(
        "change the limit, or make it relative to the baseline: `> {distance} {side} baseline for 5m`"
    )))
}
