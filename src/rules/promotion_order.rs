use rustc_hash::FxHashMap;

use super::environments::{self, Place};
use super::{Subject, WARNING, words};
use crate::finding::Report;
use crate::model::LinkKind;

declare_rule! {
    /// An environment whose place in the progression contradicts where it leads.
    ///
    /// A build moves from lower to higher `order`. An environment that is
    /// promoted to one with a lower or an equal order, and one that stands on
    /// the same step as production, make the order worthless.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   order: 3
    ///   promotes_to: DEP-002
    /// - id: DEP-002
    ///   type: Environment
    ///   name: production
    ///   order: 2
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   order: 2
    ///   promotes_to: DEP-002
    /// - id: DEP-002
    ///   type: Environment
    ///   name: production
    ///   order: 3
    /// ```
    "RP0903", "promotion-order", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let places = environments::all(subject);
    let by_index: FxHashMap<_, &Place<'_>> = places.iter().map(|place| (place.index, place)).collect();
    for place in &places {
        let promotions = subject.graph.outgoing(place.index).filter(|edge| edge.kind == LinkKind::PromotesTo);
        let promotions: Vec<_> =
            promotions.filter_map(|edge| Some((edge, *by_index.get(&edge.to)?))).collect();
        for (edge, next) in &promotions {
            if let Some(report) = backwards(place, next) {
                reports.push(report.and(edge.span, "promoted here"));
            }
        }
        if promotions.is_empty() {
            reports.extend(beside_production(&places, place));
        }
    }
    places.iter().filter(|place| place.environment.order.is_some()).count()
}

fn backwards(place: &Place<'_>, next: &Place<'_>) -> Option<Report> {
    let (from, to) = (place.environment.order?, next.environment.order?);
    if from.value < to.value {
        return None;
    }
    let (id, other) = (place.entry.id.value, next.entry.id.value);
    let lower = if from.value == to.value { "the same order" } else { "a lower order" };
    let message = format!("{id}: order {} leads to {other}, which has {lower}, {}", from.value, to.value);
    Some(
        Report::at(from.span, message)
            .and(to.span, format!("{other} comes here"))
            .help("number the environments in the order in which a build passes through them"),
    )
}

/// An environment that no promotion joins to production and that still stands on its step.
fn beside_production(places: &[Place<'_>], place: &Place<'_>) -> Option<Report> {
    let order = place.environment.order.filter(|_| !place.production)?;
    let same = places.iter().find(|other| {
        other.production
            && other.environment.order.is_some_and(|other| other.value == order.value)
            && words::may_share_release(place.entry, other.entry)
    })?;
    let (id, other) = (place.entry.id.value, same.entry.id.value);
    let message = format!("{id}: order {} is that of production ({other})", order.value);
    let there = same.environment.order?;
    Some(
        Report::at(order.span, message)
            .and(there.span, "production comes here")
            .help("number the environments in the order in which a build passes through them"),
    )
}
