use std::cmp::Ordering;

use crate::finding::Report;
use crate::model::evidence_requirement::MetricRequirement;
use crate::model::measure::Measure;
use crate::model::threshold::{Condition, Operator, Target, Threshold};
use crate::model::{Entry, EntryIndex, Kind};
use crate::rules::{Subject, WARNING};
use crate::source::Span;

declare_rule! {
    /// A criterion that is looser than the service level agreement of its API.
    ///
    /// `sla` of an API entry is what its users were promised. A release criterion that
    /// is linked to the API and accepts less would let the release break the promise.
    ///
    /// ```yaml,bad
    /// - id: API-001
    ///   title: Orders
    ///   sla: p95 < 200ms
    /// - id: DEP-101
    ///   title: Orders are fast
    ///   type: Criteria
    ///   linked_ids: API-001
    ///   evidence: {metric: {name: MON-001, threshold: p95 < 300ms}}
    /// ```
    ///
    /// ```yaml,good
    /// - id: API-001
    ///   title: Orders
    ///   sla: p95 < 200ms
    /// - id: DEP-101
    ///   title: Orders are fast
    ///   type: Criteria
    ///   linked_ids: API-001
    ///   evidence: {metric: {name: MON-001, threshold: p95 < 180ms}}
    /// ```
    "RP0521", "criterion-looser-than-sla", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (index, entry) in subject.plan.indexed() {
        let Some((sla, span)) = sla_of(entry) else { continue };
        for criterion in linked(subject, index) {
            let other = subject.plan.entry(criterion);
            let Some(requirement) = other.kind.evidence_requirement() else { continue };
            for metric in &requirement.metrics {
                looked_at += 1;
                reports.extend(report(entry, (sla, span), other, metric));
            }
        }
    }
    looked_at
}

fn sla_of<'p>(entry: &'p Entry<'_>) -> Option<(&'p Target, Span)> {
    let Kind::Graded(graded) = &entry.kind else { return None };
    let sla = graded.sla.as_ref()?;
    Some((sla.value.typed.as_deref()?, sla.span))
}

/// The entries that are linked to one, either way.
fn linked(subject: &Subject<'_>, index: EntryIndex) -> Vec<EntryIndex> {
    let out = subject.graph.outgoing(index).map(|edge| edge.to);
    let back = subject.graph.incoming(index).map(|edge| edge.from);
    let mut all: Vec<EntryIndex> = out.chain(back).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn report(
    api: &Entry<'_>,
    (sla, span): (&Target, Span),
    criterion: &Entry<'_>,
    metric: &MetricRequirement,
) -> Option<Report> {
    let threshold = metric.threshold.as_ref()?;
    is_looser(&threshold.value, sla).then(|| {
        let message =
            format!("{}: the threshold is looser than the SLA of {}", criterion.id.value, api.id.value);
        Report::at(threshold.span, message)
            .and(span, "what users were promised")
            .help("set the threshold to that of the SLA, or stricter")
    })
}

/// Whether a threshold accepts values that the agreement does not. What measures something else is not compared.
fn is_looser(threshold: &Threshold, sla: &Target) -> bool {
    let Condition::Compare { operator, quantity } = &threshold.condition else { return false };
    let Some(promised) = sla.operator else { return false };
    let subjects = [threshold.subject.as_deref(), sla.subject.as_deref()];
    if let [Some(own), Some(other)] = subjects
        && !own.eq_ignore_ascii_case(other)
    {
        return false;
    }
    let (Some(own), Some(other)) = (Measure::of_limit(quantity), Measure::of_limit(&sla.quantity)) else {
        return false;
    };
    match (side(*operator), side(promised), own.compare(&other)) {
        (Some(true), Some(true), Some(order)) => order == Ordering::Less,
        (Some(false), Some(false), Some(order)) => order == Ordering::Greater,
        _ => false,
    }
}

/// Whether more is better.
fn side(operator: Operator) -> Option<bool> {
    match operator {
        Operator::Above | Operator::AtLeast => Some(true),
        Operator::Below | Operator::AtMost => Some(false),
        Operator::Equal => None,
    }
}
