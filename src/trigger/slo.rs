//! Service level objectives as values: how much may fail, over which time, and what measures it.
//!
//! An alert on an objective compares how fast the error budget is spent with how fast it may be, over a long window and a
//! short one (<https://sre.google/workbook/alerting-on-slos/>, section 6).

use super::compile::LeftOut;
use crate::graph::Selection;
use crate::model::decimal::Decimal;
use crate::model::duration::Duration;
use crate::model::indicator::{Mon, MonType};
use crate::model::measure::Measure;
use crate::model::promql::{AggregateOperator, Expr, ExprKind, Operator, Type};
use crate::model::threshold::{Operator as Side, Target};
use crate::model::{Entry, Id, Kind, Plan};

/// A service level objective.
#[derive(Debug, Clone, PartialEq)]
pub struct Slo {
    /// The metric that states it.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// The target as relplan reads it.
    pub reading: String,
    /// The share that has to be good, in per cent.
    pub objective: Decimal,
    /// The time over which it has to be.
    pub period: Duration,
    /// What the share is a share of, if the query is a ratio.
    pub ratio: Option<Ratio>,
    /// The share that is bad, over some window.
    errors: Expr,
}

/// A share as the two rates that it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratio {
    /// Whether the part is what is good, and not what is bad.
    pub is_good: bool,
    /// The part.
    pub part: Expr,
    /// The whole.
    pub total: Expr,
}

/// How fast the error budget may be spent before somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BurnRate {
    /// The window over which the budget is spent.
    pub long: Duration,
    /// The window that shows that it still is.
    pub short: Duration,
    /// The share of the budget that is spent in the long window, in per cent.
    pub budget_percent: u64,
    /// Whether somebody is woken for it.
    pub is_page: bool,
}

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

/// The burn rates of the SRE workbook.
pub const BURN_RATES: [BurnRate; 4] = [
    BurnRate::new(HOUR, HOUR / 12, 2, true),
    BurnRate::new(6 * HOUR, HOUR / 2, 5, true),
    BurnRate::new(24 * HOUR, 2 * HOUR, 10, false),
    BurnRate::new(72 * HOUR, 6 * HOUR, 10, false),
];

impl BurnRate {
    const fn new(long: u64, short: u64, budget_percent: u64, is_page: bool) -> Self {
        let (long, short) = (Duration::from_millis(long), Duration::from_millis(short));
        BurnRate { long, short, budget_percent, is_page }
    }

    /// How many times as fast as it may the budget is spent: 14.4 if 2 % of 30 days are spent in an hour.
    pub fn factor(self, period: Duration) -> f64 {
        let factor =
            self.budget_percent as f64 * period.millis() as f64 / (100.0 * self.long.millis() as f64);
        super::compile::tidy(factor)
    }
}

impl Slo {
    /// The share that is bad over a window, from 0 to 1.
    pub fn error_ratio(&self, window: Duration) -> Expr {
        self.errors.clone().with_window(window.millis())
    }

    /// The share that has to be good, from 0 to 1.
    pub fn share(&self) -> f64 {
        super::compile::tidy(self.objective.to_f64() / 100.0)
    }

    /// The share that may be bad, from 0 to 1.
    pub fn budget(&self) -> f64 {
        let percent = Decimal::from(100).plus(self.objective.negated()).map_or(0.0, Decimal::to_f64);
        super::compile::tidy(percent / 100.0)
    }
}

/// The objectives of a selection, and the metrics of type SLO that are none, each with the reason.
pub fn slos(plan: &Plan<'_>, selection: &Selection) -> (Vec<Slo>, Vec<LeftOut>) {
    let (mut slos, mut left_out) = (Vec::new(), Vec::new());
    for entry in plan.entries() {
        let Kind::Mon(mon) = &entry.kind else { continue };
        let is_slo = mon.mon_type.is_some_and(|stated| stated.value == MonType::Slo);
        let is_selected = plan.find_current(entry.id.value).is_some_and(|index| selection.has(index));
        if !is_slo || !is_selected {
            continue;
        }
        match slo(entry, mon) {
            Ok(slo) => slos.push(slo),
            Err((reason, help)) => left_out.push(LeftOut {
                id: entry.id.value,
                reason: reason.to_owned(),
                help: help.to_owned(),
                is_automatic: false,
            }),
        }
    }
    slos.sort_by_key(|slo: &Slo| slo.id);
    left_out.sort_by_key(|left_out| left_out.id);
    (slos, left_out)
}

type Refused = (&'static str, &'static str);

fn slo(entry: &Entry<'_>, mon: &Mon<'_>) -> Result<Slo, Refused> {
    const TARGET: Refused = ("it has no target that is a share", "add `target: \">= 99.9% within 30 days\"`");
    let target = mon.target.as_ref().and_then(|target| target.value.typed.as_deref()).ok_or(TARGET)?;
    let (objective, is_good) = objective(target).ok_or(TARGET)?;
    let query = mon.query.as_ref().ok_or(("it has no query", "add `query` with PromQL"))?;
    let query = query.parsed.as_ref().map_err(|_| ("its PromQL is not valid", "correct the PromQL"))?;
    if query.result_type() != Type::Vector || query.labels().is_none_or(|labels| !labels.is_empty()) {
        return Err(("its query yields several series", "aggregate the query: `sum(…) / sum(…)`"));
    }
    if query.has_fixed_time() || query.always_has_value() {
        return Err(("its query hides missing data, or never changes", "remove `@` and `or vector(0)`"));
    }
    if query.leaves_out_values() {
        return Err((
            "its query leaves out values by a comparison",
            "remove the comparison, or write `bool` behind its operator",
        ));
    }
    let window = query.only_window().ok_or((
        "its query has no window, or several",
        "write a ratio of rates over one window: `sum(rate(good[5m])) / sum(rate(all[5m]))`",
    ))?;
    let period = period(target, window).ok_or((
        "no period is stated",
        "write `target: \">= 99.9% within 30 days\"`, or a window of days in the query",
    ))?;
    let whole = whole(mon).ok_or(("its unit is not a share", "set `unit: percent` or `unit: ratio`"))?;
    let measured = (**query).clone();
    let ratio = ratio(&measured, whole).map(|(part, total)| {
        let [part, total] = [part, total].map(|rate| rate.with_window(window_of_rates(window)));
        Ratio { is_good, part, total }
    });
    let share = if whole == 1.0 { measured } else { measured.joined(Operator::Divide, Expr::number(whole)) };
    let errors = if is_good { Expr::number(1.0).joined(Operator::Subtract, share) } else { share };
    Ok(Slo {
        id: entry.id.value,
        title: entry.title().to_owned(),
        reading: target.to_string(),
        objective,
        period,
        ratio,
        errors,
    })
}

/// The share that has to be good, in per cent, and whether the metric measures what is good.
fn objective(target: &Target) -> Option<(Decimal, bool)> {
    let Measure::Share { percent, .. } = Measure::of_limit(&target.quantity)? else { return None };
    let hundred = Decimal::from(100);
    let (objective, is_good) = match target.operator? {
        Side::Above | Side::AtLeast => (percent, true),
        Side::Below | Side::AtMost => (hundred.plus(percent.negated())?, false),
        Side::Equal => return None,
    };
    // Nothing may fail at 100 %, so that there is no budget to spend.
    (objective > Decimal::from(0) && objective < hundred).then_some((objective, is_good))
}

/// The window of the rates: that of the query, unless it is the period. Who adds up rates over the period would count what
/// happened before it as well.
fn window_of_rates(window: u64) -> u64 {
    const SHORTEST: u64 = BURN_RATES[0].short.millis();
    if window >= DAY { SHORTEST } else { window }
}

/// The part and the total of a ratio: `part / total`, in per cent with the factor 100 before or behind it.
fn ratio(expr: &Expr, whole: f64) -> Option<(Expr, Expr)> {
    let expr = without_parentheses(expr);
    if let Some(inner) = without_factor(expr, whole) {
        return ratio(inner, 1.0);
    }
    let ExprKind::Binary(binary) = &expr.kind else { return None };
    let part = if whole == 1.0 { &binary.left } else { without_factor(&binary.left, whole)? };
    let is_ratio = binary.operator == Operator::Divide && counts_events(part) && counts_events(&binary.right);
    is_ratio.then(|| (without_parentheses(part).clone(), without_parentheses(&binary.right).clone()))
}

/// Whether the values of two times add up to that of both: sums of rates do, and maxima or means do not.
fn counts_events(expr: &Expr) -> bool {
    match &without_parentheses(expr).kind {
        ExprKind::Aggregate(aggregate) => {
            aggregate.operator == AggregateOperator::Sum && counts_events(&aggregate.of)
        }
        ExprKind::Binary(binary) => {
            matches!(binary.operator, Operator::Add | Operator::Subtract)
                && counts_events(&binary.left)
                && counts_events(&binary.right)
        }
        ExprKind::Call(function, arguments) => {
            matches!(function.name, "rate" | "increase")
                && arguments.iter().all(|argument| matches!(argument.kind, ExprKind::Matrix(..)))
        }
        _ => false,
    }
}

fn without_parentheses(mut expr: &Expr) -> &Expr {
    while let ExprKind::Parentheses(inner) = &expr.kind {
        expr = inner;
    }
    expr
}

/// What is multiplied by a number other than 1.
fn without_factor(expr: &Expr, factor: f64) -> Option<&Expr> {
    let ExprKind::Binary(binary) = &without_parentheses(expr).kind else { return None };
    let is_factor =
        |side: &Expr| matches!(without_parentheses(side).kind, ExprKind::Number(number) if number == factor);
    match binary.operator {
        Operator::Multiply if factor != 1.0 && is_factor(&binary.left) => Some(&binary.right),
        Operator::Multiply if factor != 1.0 && is_factor(&binary.right) => Some(&binary.left),
        _ => None,
    }
}

/// The period of an objective: what its target says, or the window of its query if that has days.
fn period(target: &Target, window: u64) -> Option<Duration> {
    let days = Duration::from_millis(window);
    target.period.or_else(|| (days >= Duration::from_millis(DAY)).then_some(days)).filter(|period| {
        // The longest window of an alert has to lie within it.
        *period >= Duration::from_millis(7 * 24 * HOUR)
    })
}

/// What the metric is if everything is good: 100 or 1.
fn whole(mon: &Mon<'_>) -> Option<f64> {
    match Measure::new(Decimal::from(1), mon.unit.as_ref()?.value.trim())? {
        Measure::Share { percent, .. } => Some(100.0 / percent.to_f64()),
        _ => None,
    }
}
