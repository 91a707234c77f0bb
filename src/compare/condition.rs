//! Conditions side by side: which of two asks for less.
//!
//! A requirement asks for less if more can meet it; a trigger if less can start it. What cannot be compared, because
//! the metric, the unit or the side of the limit is another one, is never taken for the same.

use std::cmp::Ordering;

use crate::model::duration::Duration;
use crate::model::measure::Measure;
use crate::model::same_folded;
use crate::model::threshold::{
    Condition, Direction, Operator, Quantity, Target, Threshold, parse, parse_target,
};

use super::words;

/// How a condition compares with the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compared {
    /// It asks for as much.
    Same,
    /// It asks for more.
    More,
    /// It asks for less.
    Less,
    /// Nobody can tell.
    Unclear,
}

/// What a condition is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It must be met.
    Requirement,
    /// It starts something once it is met.
    Trigger,
}

/// Compares two conditions as they are written. `direction` is the good side of a target that names none.
pub(super) fn compare(before: &str, after: &str, purpose: Purpose, direction: Option<Operator>) -> Compared {
    if words::same(before, after) {
        return Compared::Same;
    }
    let read = |text: &str| read(text, direction);
    match (read(before), read(after)) {
        (Some(before), Some(after)) => thresholds(&before, &after, purpose),
        // What was not understood before asked for nothing that could be measured.
        (None, Some(_)) if !words::has_figures(before) => Compared::More,
        _ => words::compare(before, after, purpose),
    }
}

fn read(text: &str, direction: Option<Operator>) -> Option<Threshold> {
    let target = |target: Target| {
        let operator = target.operator.or(direction)?;
        Some(target.with_direction(operator))
    };
    parse(text).ok().or_else(|| target(parse_target(text).ok()?))
}

/// Compares two conditions part by part: one part that asks for less is not made up for by another.
fn thresholds(before: &Threshold, after: &Threshold, purpose: Purpose) -> Compared {
    let same = |first: Option<&str>, second: Option<&str>| match (first, second) {
        (None, None) => true,
        (Some(first), Some(second)) => same_folded(first, second),
        _ => false,
    };
    let source = |threshold: &Threshold| threshold.source.as_ref().map(|source| source.id.clone());
    let moved = matches!((source(before), source(after)), (Some(first), Some(second)) if first != second);
    if moved || !same(before.subject.as_deref(), after.subject.as_deref()) {
        return Compared::Unclear;
    }
    let parts = [
        conditions(&before.condition, &after.condition, purpose),
        holding(before, after, purpose),
        periods(before, after, purpose),
        baselines(before, after),
    ];
    let has = |wanted: Compared| parts.contains(&wanted);
    match () {
        () if has(Compared::Unclear) => Compared::Unclear,
        () if has(Compared::Less) => Compared::Less,
        () if has(Compared::More) => Compared::More,
        () => Compared::Same,
    }
}

fn conditions(before: &Condition, after: &Condition, purpose: Purpose) -> Compared {
    match (before, after) {
        (Condition::State(before), Condition::State(after)) if before == after => Compared::Same,
        (
            Condition::Compare { operator: before, quantity: from },
            Condition::Compare { operator: after, quantity: to },
        ) => limits((*before, from), (*after, to), purpose),
        _ => Compared::Unclear,
    }
}

/// Compares two limits. The greater the set of values that lie on the named side, the more meets a requirement, and
/// the more starts what a trigger starts.
fn limits(
    (before, from): (Operator, &Quantity),
    (after, to): (Operator, &Quantity),
    purpose: Purpose,
) -> Compared {
    let Some(ordering) = quantities(from, to) else { return Compared::Unclear };
    let upward = |operator| matches!(operator, Operator::Above | Operator::AtLeast);
    let exact = |operator| operator == Operator::Equal;
    if exact(before) || exact(after) {
        let same = before == after && ordering == Ordering::Equal;
        return if same { Compared::Same } else { Compared::Unclear };
    }
    if upward(before) != upward(after) {
        return Compared::Unclear;
    }
    let inclusive = |operator| matches!(operator, Operator::AtLeast | Operator::AtMost);
    // Whether the values on the named side became more or fewer.
    let by_limit = if upward(before) { ordering.reverse() } else { ordering };
    let by_operator = inclusive(after).cmp(&inclusive(before));
    let values = by_limit.then(by_operator);
    match (values, purpose) {
        (Ordering::Equal, _) => Compared::Same,
        (Ordering::Greater, Purpose::Requirement) | (Ordering::Less, Purpose::Trigger) => Compared::Less,
        _ => Compared::More,
    }
}

/// How a limit compares with the one before; nothing if they are of different kinds.
fn quantities(before: &Quantity, after: &Quantity) -> Option<Ordering> {
    use Quantity::{Points, Relative};
    let sides = |first: &Direction, second: &Direction| first == second;
    match (before, after) {
        (Points { percent, direction }, Points { percent: other, direction: side })
        | (Relative { percent, direction }, Relative { percent: other, direction: side }) => {
            sides(direction, side).then(|| other.cmp(percent))
        }
        _ => Measure::of_limit(after)?.compare(&Measure::of_limit(before)?),
    }
}

/// How long it must hold: a trigger waits for it, and a requirement is met only after it.
fn holding(before: &Threshold, after: &Threshold, purpose: Purpose) -> Compared {
    let millis = |threshold: &Threshold| threshold.duration.map_or(0, Duration::millis);
    match (millis(after).cmp(&millis(before)), purpose) {
        (Ordering::Equal, _) => Compared::Same,
        (Ordering::Greater, Purpose::Trigger) | (Ordering::Less, Purpose::Requirement) => Compared::Less,
        _ => Compared::More,
    }
}

/// In which time it must come true: without one, there is no limit.
fn periods(before: &Threshold, after: &Threshold, purpose: Purpose) -> Compared {
    let millis = |threshold: &Threshold| threshold.period.map_or(u64::MAX, Duration::millis);
    match (millis(after).cmp(&millis(before)), purpose) {
        (Ordering::Equal, _) => Compared::Same,
        (Ordering::Greater, Purpose::Requirement) | (Ordering::Less, Purpose::Trigger) => Compared::Less,
        _ => Compared::More,
    }
}

/// A limit that is counted from a baseline moves with it.
fn baselines(before: &Threshold, after: &Threshold) -> Compared {
    let counted = |threshold: &Threshold| {
        matches!(
            threshold.condition,
            Condition::Compare { quantity: Quantity::Points { .. } | Quantity::Relative { .. }, .. }
        )
    };
    let measure = |threshold: &Threshold| threshold.baseline.as_ref().and_then(Measure::of_baseline);
    match (measure(before), measure(after)) {
        (Some(first), Some(second)) if counted(after) && first.compare(&second) != Some(Ordering::Equal) => {
            Compared::Unclear
        }
        _ => Compared::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(purpose: Purpose, before: &str, after: &str, expect: Compared) {
        assert_eq!(compare(before, after, purpose, None), expect, "{before} → {after}");
    }

    fn trigger(before: &str, after: &str, expect: Compared) {
        check(Purpose::Trigger, before, after, expect);
    }

    fn requirement(before: &str, after: &str, expect: Compared) {
        check(Purpose::Requirement, before, after, expect);
    }

    #[test]
    fn a_trigger_that_fires_later_asks_for_less() {
        let before = "> 2% of requests for 5m";
        trigger(before, "> 5% of requests for 5m", Compared::Less);
        trigger(before, "> 2% of requests for 10m", Compared::Less);
        trigger(before, "> 1% of requests for 10m", Compared::Less);
        trigger(before, "> 1% of requests for 5m", Compared::More);
        trigger(before, ">= 2% of requests for 5m", Compared::More);
        trigger(before, "> 2% of requests", Compared::More);
        trigger("< 90% for 3m", "< 80% for 3m", Compared::Less);
        trigger("failing for 5m", "failing for 10m", Compared::Less);
        trigger("> 2pp over baseline for 5m", "> 3pp over baseline for 5m", Compared::Less);
        trigger("> 2pp over baseline for 5m", "> 1pp over baseline for 5m", Compared::More);
    }

    #[test]
    fn a_requirement_that_more_can_meet_asks_for_less() {
        requirement("< 200ms", "< 0.3s", Compared::Less);
        requirement("< 200ms", "<= 200ms", Compared::Less);
        requirement("< 200ms", "< 150ms", Compared::More);
        requirement(">= 99.9%", ">= 99%", Compared::Less);
        requirement("< 200ms for 5m", "< 200ms", Compared::Less);
    }

    #[test]
    fn the_same_in_other_words_is_the_same() {
        trigger("> 2% of requests for 5m", "more than 2 % of requests for 300s", Compared::Same);
        requirement("p95 < 1000ms", "p95 below 1 s", Compared::Same);
        requirement(">= 90%", "at least 90 %", Compared::Same);
    }

    #[test]
    fn what_cannot_be_compared_is_never_the_same() {
        trigger("> 2% of requests for 5m", "> 2pp over baseline for 5m", Compared::Unclear);
        trigger("p95 > 1000ms", "p50 > 1000ms", Compared::Unclear);
        trigger("> 2% of requests", "< 2% of requests", Compared::Unclear);
        requirement("< 200ms", "fast enough", Compared::Unclear);
    }
}
