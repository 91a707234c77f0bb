use rustc_hash::FxHashMap;

use super::places::{Environments, Place};
use crate::finding::Report;
use crate::model::{EntryIndex, LinkKind};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// An environment whose `order` contradicts its promotion.
    ///
    /// A build moves from lower to higher `order`. An environment that is promoted
    /// to one with a lower or an equal order, or that has the same order as
    /// production, makes the order meaningless.
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
    let places = Environments::of(subject).places;
    let by_index: FxHashMap<EntryIndex, &Place<'_>> =
        places.iter().map(|place| (place.index, place)).collect();
    let productions = places.iter().filter(|place| place.production);
    let by_order: FxHashMap<u32, &Place<'_>> =
        productions.filter_map(|place| Some((place.environment.order?.value, place))).collect();
    for place in &places {
        let mut promoted = false;
        for edge in subject.graph.outgoing(place.index).filter(|edge| edge.kind == LinkKind::PromotesTo) {
            promoted = true;
            let next = by_index.get(&edge.to).filter(|next| next.index != place.index);
            let report = next.and_then(|next| backwards(place, next));
            reports.extend(report.map(|report| report.and(edge.span, "promoted here")));
        }
        if !promoted {
            reports.extend(beside_production(&by_order, place));
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
    let message = format!("{id}: order {} promotes to {other}, which has {lower}, {}", from.value, to.value);
    Some(
        Report::at(from.span, message)
            .and(to.span, format!("{other} comes here"))
            .help("number the environments in promotion order"),
    )
}

/// An environment that no promotion joins to production and that still stands on its step.
fn beside_production(by_order: &FxHashMap<u32, &Place<'_>>, place: &Place<'_>) -> Option<Report> {
    let order = place.environment.order.filter(|_| !place.production)?;
    let same = by_order.get(&order.value).filter(|same| words::may_share_release(place.entry, same.entry))?;
    let (id, other) = (place.entry.id.value, same.entry.id.value);
    let message = format!("{id}: order {} is also the order of production ({other})", order.value);
    let there = same.environment.order?;
    Some(
        Report::at(order.span, message)
            .and(there.span, "production comes here")
            .help("number the environments in promotion order"),
    )
}
