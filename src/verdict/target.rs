//! Whether a target was met: a KPI, or an objective of a release, with the value that it came to.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::indicator::{Direction, Kpi};
use crate::model::measure::Measure;
use crate::model::rel::Objective;
use crate::model::threshold::{self, Operator, Target};

/// What became of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetResult {
    /// The actual value is on the good side of it.
    Met,
    /// It is not.
    Missed,
    /// There is no actual value yet, or the two cannot be compared.
    Unknown,
}

impl TargetResult {
    /// As it is shown.
    pub const fn word(self) -> &'static str {
        match self {
            TargetResult::Met => "met",
            TargetResult::Missed => "missed",
            TargetResult::Unknown => "unknown",
        }
    }

    /// What became of a KPI.
    pub fn of_kpi(kpi: &Kpi<'_>) -> Self {
        let direction = kpi.direction.map(|direction| match direction.value {
            Direction::Up => Operator::AtLeast,
            Direction::Down => Operator::AtMost,
        });
        let target = kpi.target.as_ref().and_then(|target| target.value.typed.as_deref());
        let actual = kpi.actual.as_ref().map(|actual| &*actual.value);
        judged(target, direction, actual, kpi.unit.as_ref().map(|unit| &*unit.value))
    }

    /// What became of an objective.
    pub fn of_objective(objective: &Objective<'_>) -> Self {
        let target = objective.target.as_ref().and_then(|target| threshold::parse_target(&target.value).ok());
        let actual = objective.actual.as_ref().map(|actual| &*actual.value);
        judged(target.as_ref(), None, actual, None)
    }
}

/// The actual value held against the target. What has no side, no unit in common or no single value is unknown.
fn judged(
    target: Option<&Target>,
    direction: Option<Operator>,
    actual: Option<&str>,
    unit: Option<&str>,
) -> TargetResult {
    let compared = || {
        let target = target?;
        let operator = target.operator.or(direction)?;
        let actual = Measure::parse(actual?, unit)?;
        let limit = with_unit(Measure::of_limit(&target.quantity)?, unit)?;
        Some(operator.holds(actual.compare(&limit)?))
    };
    match compared() {
        Some(true) => TargetResult::Met,
        Some(false) => TargetResult::Missed,
        None => TargetResult::Unknown,
    }
}

fn with_unit(measure: Measure, unit: Option<&str>) -> Option<Measure> {
    match (&measure, unit) {
        (Measure::Count { number, unit: own }, Some(unit)) if own.is_empty() => Measure::new(*number, unit),
        _ => Some(measure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(target: &str, actual: &str, expect: TargetResult) {
        let target = threshold::parse_target(target).ok();
        assert_eq!(judged(target.as_ref(), None, Some(actual), None), expect, "{target:?} {actual}");
    }

    #[test]
    fn targets_are_held_against_values() {
        check(">= 90%", "87%", TargetResult::Missed);
        check(">= 90%", "90 %", TargetResult::Met);
        check("< 200ms", "0.1s", TargetResult::Met);
        check("<= 0s", "2s", TargetResult::Missed);
        check("> 99.99%", "99.99%", TargetResult::Missed);
    }

    #[test]
    fn what_cannot_be_compared_is_unknown() {
        check(">= 90%", "about 90", TargetResult::Unknown);
        check(">= 90%", "200ms", TargetResult::Unknown);
        check("90%", "95%", TargetResult::Unknown);
        check(">= 90%", "80-95%", TargetResult::Unknown);
        check(">= 90%", "NaN", TargetResult::Unknown);
        check("much faster", "100ms", TargetResult::Unknown);
        let target = threshold::parse_target(">= 90%").ok();
        assert_eq!(judged(target.as_ref(), None, None, None), TargetResult::Unknown);
    }

    #[test]
    fn direction_and_unit_of_a_kpi_count() {
        let target = threshold::parse_target("4.5").ok();
        let up = Some(Operator::AtLeast);
        assert_eq!(judged(target.as_ref(), up, Some("4.6"), Some("points")), TargetResult::Met);
        assert_eq!(judged(target.as_ref(), Some(Operator::AtMost), Some("4.6"), None), TargetResult::Missed);
    }
}
