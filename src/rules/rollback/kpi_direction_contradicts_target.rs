use std::cmp::Ordering;

use crate::finding::Report;
use crate::model::indicator::{Direction, Kpi};
use crate::model::measure::Measure;
use crate::model::threshold::{Operator, Target};
use crate::model::{Choice, Entry};
use crate::rules::{Subject, WARNING};
use crate::source::Spanned;

declare_rule! {
    /// An indicator whose direction contradicts its target.
    ///
    /// If more is better, the target is a minimum above the baseline. A maximum, or
    /// a target on the wrong side of the current value, means that the target or
    /// the direction was mistyped; a report would count the wrong half of the
    /// values as success.
    ///
    /// ```yaml,bad
    /// id: KPI-001
    /// title: Share of failed deployments
    /// direction: up
    /// target: "< 5%"
    /// ```
    ///
    /// ```yaml,bad
    /// id: KPI-002
    /// title: Adoption
    /// direction: up
    /// baseline: 70%
    /// target: 60%
    /// ```
    ///
    /// ```yaml,good
    /// id: KPI-001
    /// title: Share of failed deployments
    /// direction: down
    /// baseline: 9%
    /// target: "< 5%"
    /// ```
    "RP1019", "kpi-direction-contradicts-target", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, kpi) in subject.plan.kpis() {
        let (Some(written), Some(direction)) = (&kpi.target, kpi.direction) else { continue };
        let Some(target) = written.value.typed.as_deref() else { continue };
        looked_at += 1;
        let target = Spanned::new(target, written.span);
        reports.extend(
            wrong_side(entry, &target, direction).or_else(|| wrong_way(entry, kpi, &target, direction)),
        );
    }
    looked_at
}

/// The operator says that the other side is good.
fn wrong_side(entry: &Entry<'_>, target: &Spanned<&Target>, direction: Spanned<Direction>) -> Option<Report> {
    let operator = target.value.operator?;
    let good = match operator {
        Operator::Above | Operator::AtLeast => Direction::Up,
        Operator::Below | Operator::AtMost => Direction::Down,
        Operator::Equal => return None,
    };
    let other = turned(target.value, operator);
    (good != direction.value).then(|| {
        let message = format!(
            "{}: the target `{}` contradicts `direction: {}`",
            entry.id.value,
            target.value.canonical(),
            direction.value.word()
        );
        Report::at(direction.span, message)
            .and(target.span, "the target")
            .help(format!("write `direction: {}` or `target: \"{other}\"`", good.word()))
    })
}

/// The target with its operator turned round, as it is written.
fn turned(target: &Target, operator: Operator) -> String {
    let operator = match operator {
        Operator::Above => Operator::Below,
        Operator::AtLeast => Operator::AtMost,
        Operator::Below => Operator::Above,
        Operator::AtMost => Operator::AtLeast,
        Operator::Equal => Operator::Equal,
    };
    Target { operator: Some(operator), ..target.clone() }.canonical()
}

/// The way from the baseline to the target leads away from what is better.
fn wrong_way(
    entry: &Entry<'_>,
    kpi: &Kpi<'_>,
    target: &Spanned<&Target>,
    direction: Spanned<Direction>,
) -> Option<Report> {
    let unit = kpi.unit.as_ref().map(|unit| &*unit.value);
    let written = kpi.baseline.as_ref()?;
    let baseline = Measure::parse(&written.value, unit)?;
    let aim = with_unit(Measure::of_limit(&target.value.quantity)?, unit)?;
    let way = aim.compare(&baseline)?;
    let (is_wrong, side, opposite) = match direction.value {
        Direction::Up => (way == Ordering::Less, "below", Direction::Down),
        Direction::Down => (way == Ordering::Greater, "above", Direction::Up),
    };
    is_wrong.then(|| {
        let message = format!(
            "{}: the target `{}` lies {side} the baseline `{}`, against `direction: {}`",
            entry.id.value,
            target.value.canonical(),
            written.value.trim(),
            direction.value.word()
        );
        Report::at(target.span, message)
            .and(written.span, "the baseline")
            .and(direction.span, "the direction")
            .help(format!("correct the target, or write `direction: {}`", opposite.word()))
    })
}

/// A bare number takes the unit of its indicator.
fn with_unit(measure: Measure, unit: Option<&str>) -> Option<Measure> {
    match (&measure, unit) {
        (Measure::Count { number, unit: own }, Some(unit)) if own.is_empty() => Measure::new(*number, unit),
        _ => Some(measure),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(fields: &str, expect: &[&str]) {
        let yaml = format!("{{id: KPI-1, title: T, {fields}}}");
        assert_eq!(messages("kpi-direction-contradicts-target", &yaml, ""), expect, "{fields}");
    }

    #[test]
    fn the_other_side_and_the_wrong_way_are_found() {
        check("direction: up, target: '< 5%'", &["KPI-1: the target `< 5%` contradicts `direction: up`"]);
        check(
            "direction: lower, target: at least 99%",
            &["KPI-1: the target `>= 99%` contradicts `direction: down`"],
        );
        check(
            "direction: up, baseline: 70%, target: '>= 60%'",
            &["KPI-1: the target `>= 60%` lies below the baseline `70%`, against `direction: up`"],
        );
        check(
            "direction: down, unit: ms, baseline: 200, target: 0.4 s",
            &["KPI-1: the target `400ms` lies above the baseline `200`, against `direction: down`"],
        );
    }

    #[test]
    fn what_agrees_or_cannot_be_compared_is_not() {
        check("direction: up, baseline: 60%, target: '>= 70%'", &[]);
        check("direction: down, baseline: 400ms, target: '< 200ms'", &[]);
        check("baseline: 99.95%, target: '>= 99.9%'", &[]);
        check("direction: up, baseline: 70 points, target: 60%", &[]);
        check("direction: up, baseline: 70%, target: 70%", &[]);
        check("direction: up, target: 20% over baseline", &[]);
    }
}
