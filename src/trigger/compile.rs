//! From a rollback entry and its metric to a trigger.

use super::qualifier::{self, Stated};
use super::{BaselineSource, Change, LONGEST_HOLD, Limit, Obstacle, Traffic, Trigger};
use crate::graph::{Graph, Selection, once, sources, targets};
use crate::model::decimal::Decimal;
use crate::model::dep::{NoData, Rollback};
use crate::model::duration::Duration;
use crate::model::indicator::Mon;
use crate::model::measure::Measure;
use crate::model::promql::{Expr, Operator, Type};
use crate::model::reader::Query;
use crate::model::threshold::{
    Condition, Direction, Operator as Side, Quantity, State, Target, Threshold, may_exceed,
};
use crate::model::{Entry, EntryIndex, Id, Kind, LinkKind, Plan, id};

/// Each rollback of a plan, in the order of their ids, as a trigger, or with what keeps it from being one.
pub fn triggers<'p>(
    plan: &'p Plan<'_>,
    graph: &Graph,
) -> Vec<(&'p Entry<'p>, &'p Rollback<'p>, Result<Trigger, Obstacle>)> {
    let compiled = plan.rollbacks().filter_map(|(entry, rollback)| {
        let index = plan.find_current(entry.id.value)?;
        Some((entry, rollback, compile(plan, graph, index, rollback)))
    });
    compiled.collect()
}

/// The rollbacks of a plan that belong to a selection.
#[derive(Debug, Default)]
pub struct Compiled {
    /// Those that are triggers.
    pub triggers: Vec<Trigger>,
    /// Those that could not be compiled.
    pub left_out: Vec<LeftOut>,
}

/// A rollback without a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which.
    pub id: Id,
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub help: String,
    /// Whether a machine is to start it, so that nothing starts it without a trigger.
    pub is_automatic: bool,
}

impl Compiled {
    /// Compiles each rollback of a selection.
    pub fn new(plan: &Plan<'_>, graph: &Graph, selection: &Selection) -> Self {
        let mut compiled = Compiled::default();
        for (entry, rollback, trigger) in triggers(plan, graph) {
            if plan.find_current(entry.id.value).is_none_or(|index| !selection.has(index)) {
                continue;
            }
            match trigger {
                Ok(trigger) => compiled.triggers.push(trigger),
                Err(obstacle) => compiled.left_out.push(LeftOut {
                    id: entry.id.value,
                    reason: obstacle.to_string(),
                    help: obstacle.help(),
                    is_automatic: rollback.automatic.as_ref().is_some_and(|automatic| automatic.value.value),
                }),
            }
        }
        compiled
    }
}

/// The trigger of a rollback.
///
/// # Errors
///
/// What keeps it from being one.
pub fn compile(
    plan: &Plan<'_>,
    graph: &Graph,
    index: EntryIndex,
    rollback: &Rollback<'_>,
) -> Result<Trigger, Obstacle> {
    let entry = plan.entry(index);
    let written = rollback.threshold.as_ref().ok_or(Obstacle::NoThreshold)?;
    let threshold = written.value.typed.as_deref().ok_or(Obstacle::UnreadableThreshold)?;
    let (metric, mon) = metric(plan, graph, index, threshold)?;
    let stated = Stated { title: metric.title(), unit: mon.unit.as_ref().map(|unit| &*unit.value) };
    let metric = Metric { id: metric.id.value, mon };
    let query = metric.watched(mon.query.as_ref(), "query")?.ok_or(Obstacle::NoQuery(metric.id))?;
    refuse_the_rest(threshold, &stated)?;
    // Whoever names the metric in the threshold has said which one is meant.
    let text = query.to_string();
    let other = qualifier::other_subject(threshold.subject.as_deref(), &stated, &text);
    if let Some(subject) = other.filter(|_| threshold.source.is_none()) {
        let (title, subject) = (stated.title.to_owned(), subject.to_owned());
        return Err(Obstacle::OtherSubject { metric: metric.id, title, subject });
    }
    let hold = bounded("for", threshold.duration)?;
    let keep_firing = bounded("keep_firing_for", rollback.keep_firing_for.map(|stated| stated.value))?;
    let (operator, limit) = metric.limit(threshold, &query)?;
    if let Limit::Number(number) = limit {
        metric.refuse_never_met(&query, "query", (operator, number))?;
    }
    let runbooks = targets(graph, index, |edge| edge.kind == LinkKind::Runbook);
    Ok(Trigger {
        id: entry.id.value,
        title: entry.title().to_owned(),
        reading: threshold.to_string(),
        metric: metric.id,
        unit: mon.unit.as_ref().map(|unit| unit.value.trim().to_owned()),
        traffic: metric.traffic(&query)?,
        query,
        operator,
        limit,
        hold,
        keep_firing,
        no_data: rollback.no_data.map_or(NoData::Unknown, |stated| stated.value),
        severity: rollback.severity.map(|severity| severity.value),
        automatic: rollback.automatic.as_ref().map(|automatic| automatic.value.value),
        runbooks: runbooks.into_iter().map(|runbook| plan.entry(runbook).id.value).collect(),
        scrape_interval: mon.scrape_interval.map(|stated| stated.value),
    })
}

/// The metric of a threshold: the one that it names, or else the only one that is linked and has a query.
fn metric<'p>(
    plan: &'p Plan<'_>,
    graph: &Graph,
    index: EntryIndex,
    threshold: &Threshold,
) -> Result<(&'p Entry<'p>, &'p Mon<'p>), Obstacle> {
    let mon = |index: EntryIndex| {
        let entry = plan.entry(index);
        let Kind::Mon(mon) = &entry.kind else { return None };
        Some((entry, &**mon))
    };
    if let Some(source) = &threshold.source {
        let found = id::parse(&source.id).ok().and_then(|id| plan.find(id)).and_then(mon);
        return found.ok_or_else(|| Obstacle::NotAMetric(source.id.clone()));
    }
    let is_metric = |index: EntryIndex| matches!(plan.entry(index).kind, Kind::Mon(_));
    let mut linked = targets(graph, index, |edge| edge.kind == LinkKind::MonitoredBy && is_metric(edge.to));
    if linked.is_empty() {
        let out = targets(graph, index, |edge| is_metric(edge.to));
        let back = sources(graph, index, |edge| is_metric(edge.from));
        linked = once(out.into_iter().chain(back), index);
    }
    let mut found: Vec<_> = linked.into_iter().filter_map(mon).collect();
    if found.len() > 1 && found.iter().any(|(_, mon)| mon.query.is_some()) {
        found.retain(|(_, mon)| mon.query.is_some());
    }
    match found.as_slice() {
        [] => Err(Obstacle::NoMetric),
        [only] => Ok(*only),
        several => Err(Obstacle::SeveralMetrics(several.iter().map(|(entry, _)| entry.id.value).collect())),
    }
}

/// What a threshold can say and an alert cannot.
fn refuse_the_rest(threshold: &Threshold, stated: &Stated<'_>) -> Result<(), Obstacle> {
    if let Some(period) = threshold.period {
        return Err(Obstacle::Inexpressible(format!("within {period}")));
    }
    if let Some(context) = &threshold.context {
        return Err(Obstacle::Inexpressible(context.clone()));
    }
    let quantity = match &threshold.condition {
        Condition::Compare { quantity, .. } => Some(quantity),
        Condition::State(_) => None,
    };
    let qualifier = qualifier::of_subject(threshold.subject.as_deref(), stated)
        .or_else(|| qualifier::of_quantity(quantity?, stated));
    qualifier.map_or(Ok(()), |qualifier| Err(Obstacle::Inexpressible(qualifier)))
}

/// A duration of a trigger; nothing is no time at all.
fn bounded(name: &'static str, stated: Option<Duration>) -> Result<Duration, Obstacle> {
    let stated = stated.unwrap_or_default();
    if stated > LONGEST_HOLD { Err(Obstacle::HoldTooLong { name, stated }) } else { Ok(stated) }
}

struct Metric<'p> {
    id: Id,
    mon: &'p Mon<'p>,
}

impl Metric<'_> {
    /// What a field asks for: one value for each series.
    fn expression(&self, query: Option<&Query<'_>>, field: &'static str) -> Result<Option<Expr>, Obstacle> {
        let Some(query) = query else { return Ok(None) };
        let Ok(expr) = &query.parsed else { return Err(Obstacle::InvalidQuery(self.id)) };
        match expr.result_type() {
            Type::Vector if expr.has_fixed_time() => Err(Obstacle::FixedTime { metric: self.id, field }),
            Type::Vector => Ok(Some((**expr).clone())),
            found => Err(Obstacle::NoVector { metric: self.id, field, found: found.name() }),
        }
    }

    /// The same, of which missing data can be seen.
    fn watched(&self, query: Option<&Query<'_>>, field: &'static str) -> Result<Option<Expr>, Obstacle> {
        match self.expression(query, field)? {
            Some(expr) if expr.always_has_value() => {
                Err(Obstacle::HidesMissingData { metric: self.id, field })
            }
            expr => Ok(expr),
        }
    }

    fn traffic(&self, query: &Expr) -> Result<Option<Traffic>, Obstacle> {
        let Some(minimum) = self.mon.minimum_traffic else { return Ok(None) };
        let traffic =
            self.expression(self.mon.traffic.as_ref(), "traffic")?.ok_or(Obstacle::NoTraffic(self.id))?;
        // Traffic is one number: of several series, it would be enough that one has enough of it.
        if traffic.labels().is_none_or(|labels| !labels.is_empty()) || query.labels().is_none() {
            return Err(Obstacle::UnmatchedSeries { metric: self.id, field: "traffic" });
        }
        self.refuse_never_met(&traffic, "traffic", (Operator::AtLeast, minimum.value))?;
        Ok(Some(Traffic { query: traffic, minimum: minimum.value }))
    }

    /// How values compare with the limit, and the limit in the unit of the metric.
    fn limit(&self, threshold: &Threshold, query: &Expr) -> Result<(Operator, Limit), Obstacle> {
        match &threshold.condition {
            Condition::State(State::NoData) => Ok((Operator::Below, Limit::NoData)),
            Condition::State(state) => self.opposite_of_target(*state),
            Condition::Compare { operator, quantity } => match quantity {
                Quantity::Points { percent, direction } => {
                    let one = self.percent_of_one().ok_or(Obstacle::PointsOfNoShare(self.id))?;
                    let change = Distance::Points(percent.to_f64() / one);
                    self.counted(threshold, query, (*operator, *direction), change)
                }
                Quantity::Relative { percent, direction } => {
                    let change = Distance::Share(percent.to_f64() / 100.0);
                    self.counted(threshold, query, (*operator, *direction), change)
                }
                absolute => {
                    let measure = Measure::of_limit(absolute)
                        .ok_or_else(|| Obstacle::Inexpressible(absolute.to_string()))?;
                    let limit = self.in_own_unit(&measure, &absolute.to_string())?;
                    let operator = comparison(*operator);
                    self.refuse_out_of_range(operator, limit, None)?;
                    Ok((operator, Limit::Number(limit)))
                }
            },
        }
    }

    /// What is so while the target of the metric is missed.
    fn opposite_of_target(&self, state: State) -> Result<(Operator, Limit), Obstacle> {
        let missing = Obstacle::NoTarget { metric: self.id, state: state.word() };
        let target =
            self.mon.target.as_ref().and_then(|target| target.value.typed.as_deref()).ok_or(missing)?;
        let unclear = || Obstacle::UnclearTarget(self.id);
        if let Some(part) = part_without_opposite(target) {
            return Err(Obstacle::TargetPart { metric: self.id, part });
        }
        let measure = Measure::of_limit(&target.quantity).ok_or_else(unclear)?;
        let operator = match target.operator.ok_or_else(unclear)? {
            Side::Above => Operator::AtMost,
            Side::AtLeast => Operator::Below,
            Side::Below => Operator::AtLeast,
            Side::AtMost => Operator::Above,
            Side::Equal => Operator::NotEqual,
        };
        let limit = self.in_own_unit(&measure, &target.quantity.to_string())?;
        self.refuse_out_of_range(operator, limit, None)?;
        Ok((operator, Limit::Number(limit)))
    }

    /// A limit that counts from the baseline.
    fn counted(
        &self,
        threshold: &Threshold,
        query: &Expr,
        (operator, direction): (Side, Direction),
        distance: Distance,
    ) -> Result<(Operator, Limit), Obstacle> {
        let is_over = match direction {
            Direction::Over => true,
            Direction::Under => false,
            Direction::Worse => self.more_is_worse().ok_or(Obstacle::NoSide(self.id))?,
            Direction::Better => !self.more_is_worse().ok_or(Obstacle::NoSide(self.id))?,
        };
        // More than 2 points under the baseline is less than the baseline minus 2 points.
        let comparison = comparison(operator);
        let comparison = if is_over { comparison } else { mirrored(comparison) };
        let met_by_baseline = || {
            let quantity = match &threshold.condition {
                Condition::Compare { quantity, .. } => quantity.to_string(),
                Condition::State(state) => state.word().to_owned(),
            };
            Obstacle::MetByBaseline { operator: operator.sign(), quantity }
        };
        if distance.is_met_by_baseline(comparison, is_over) {
            return Err(met_by_baseline());
        }
        let change = distance.change(is_over);
        if let Some((baseline, from)) = self.moving_baseline(query)? {
            return Ok((comparison, Limit::Moving { baseline, change, from }));
        }
        let stated = match &threshold.baseline {
            Some(baseline) => Measure::of_baseline(baseline),
            None => self.mon.baseline.as_ref().and_then(|text| {
                Measure::parse(&text.value, self.mon.unit.as_ref().map(|unit| &*unit.value))
            }),
        };
        let stated = stated.ok_or(Obstacle::NoBaseline(self.id))?;
        let shown = stated.number().to_string();
        let baseline = self.in_own_unit(&stated, &shown)?;
        let limit = match change {
            Change::Plus(number) => baseline + number,
            Change::Times(factor) => baseline * factor,
        };
        let limit = tidy(limit);
        // A share of a baseline below zero lies on its other side, and one of zero is none.
        if comparison.holds(baseline, limit) {
            return Err(met_by_baseline());
        }
        self.refuse_out_of_range(comparison, limit, Some(baseline))?;
        Ok((comparison, Limit::Number(limit)))
    }

    /// Refuses a limit that no value of a query meets, because the query itself leaves out those that would.
    fn refuse_never_met(
        &self,
        query: &Expr,
        field: &'static str,
        (operator, limit): (Operator, f64),
    ) -> Result<(), Obstacle> {
        let bounds = query.bounds();
        if !bounds.never(operator, limit) {
            return Ok(());
        }
        let limit = format!("{} {}", operator.sign(), tidy(limit));
        Err(Obstacle::NeverYielded { metric: self.id, field, limit, yields: bounds.to_string() })
    }

    /// Refuses a limit that no value of the metric is beyond, or all are; `baseline` is what it counts from.
    fn refuse_out_of_range(
        &self,
        operator: Operator,
        limit: f64,
        baseline: Option<f64>,
    ) -> Result<(), Obstacle> {
        let (Some(one), Some(range)) = (self.one(), self.range(baseline)) else { return Ok(()) };
        let (low, high) = range;
        let is_never_met = match operator {
            Operator::Above => limit >= high,
            Operator::AtLeast => limit > high,
            Operator::Below => limit <= low,
            Operator::AtMost => limit < low,
            Operator::Equal => limit < low || limit > high,
            _ => false,
        };
        let is_always_met = match operator {
            Operator::Above => limit < low,
            Operator::AtLeast => limit <= low,
            Operator::Below => limit > high,
            Operator::AtMost => limit >= high,
            _ => false,
        };
        if !is_never_met && !is_always_met {
            return Ok(());
        }
        let limit = match one {
            Measure::Share { percent, .. } => format!("{} %", tidy(limit * percent.to_f64())),
            _ => {
                let unit = self.mon.unit.as_ref().map_or("", |unit| unit.value.trim());
                format!("{} {unit}", tidy(limit))
            }
        };
        let has_no_whole = matches!(one, Measure::Share { of: None, .. }) && baseline.is_none();
        Err(Obstacle::OutOfRange { metric: self.id, limit, is_always_met, has_no_whole })
    }

    /// The lowest and the highest value that the metric can have, in its own unit, as far as its unit says.
    fn range(&self, baseline: Option<f64>) -> Option<(f64, f64)> {
        match self.one()? {
            Measure::Share { percent, of } => {
                let whole = 100.0 / percent.to_f64();
                // Several processors are busy by more than 100 percent of one, and more is sold than was planned. A metric
                // that does not say of what it is a share may be one of those only if its baseline shows that.
                let is_bounded = of.as_ref().is_none_or(|of| !may_exceed(of))
                    && baseline.is_none_or(|baseline| baseline <= whole);
                Some((0.0, if is_bounded { whole } else { f64::INFINITY }))
            }
            Measure::Time(_) | Measure::Bytes(_) => Some((0.0, f64::INFINITY)),
            Measure::Count { .. } => None,
        }
    }

    fn moving_baseline(&self, query: &Expr) -> Result<Option<(Expr, BaselineSource)>, Obstacle> {
        if let Some(baseline) = self.watched(self.mon.baseline_query.as_ref(), "baseline_query")? {
            // Series are compared one by one, so that both sides must have the same labels.
            let labels = |expr: &Expr| {
                let mut labels = expr.labels()?;
                labels.sort();
                Some(labels)
            };
            if labels(query).is_none() || labels(query) != labels(&baseline) {
                return Err(Obstacle::UnmatchedSeries { metric: self.id, field: "baseline_query" });
            }
            return Ok(Some((baseline, BaselineSource::Query)));
        }
        let Some(offset) = self.mon.baseline_offset else { return Ok(None) };
        let millis = i64::try_from(offset.value.millis()).unwrap_or(i64::MAX / 4);
        Ok(Some((query.earlier(millis), BaselineSource::Earlier(offset.value))))
    }

    /// Whether more of the metric is worse, as its target or its unit says.
    fn more_is_worse(&self) -> Option<bool> {
        let target = self.mon.target.as_ref().and_then(|target| target.value.typed.as_deref());
        match target.and_then(|target| target.operator) {
            Some(Side::Below | Side::AtMost) => Some(true),
            Some(Side::Above | Side::AtLeast) => Some(false),
            Some(Side::Equal) => None,
            // A response that takes longer is worse.
            None => matches!(self.one()?, Measure::Time(_)).then_some(true),
        }
    }

    /// One of the metric's unit.
    fn one(&self) -> Option<Measure> {
        Measure::new(Decimal::from(1), self.mon.unit.as_ref()?.value.trim())
    }

    fn percent_of_one(&self) -> Option<f64> {
        match self.one()? {
            Measure::Share { percent, .. } => Some(percent.to_f64()),
            _ => None,
        }
    }

    /// A value in the unit of the metric.
    fn in_own_unit(&self, measure: &Measure, written: &str) -> Result<f64, Obstacle> {
        let differs = || Obstacle::UnitDiffers {
            metric: self.id,
            limit: written.to_owned(),
            unit: self.mon.unit.as_ref().map(|unit| unit.value.trim().to_owned()).unwrap_or_default(),
        };
        let one = match (self.one(), measure) {
            (Some(one), _) => one,
            (None, Measure::Count { number, unit }) if unit.is_empty() => return Ok(number.to_f64()),
            (None, measure) => {
                let examples = match measure {
                    Measure::Time(_) => "`unit: ms` or `unit: s`".to_owned(),
                    Measure::Bytes(_) => "`unit: bytes`".to_owned(),
                    Measure::Share { .. } => "`unit: percent` or `unit: ratio`".to_owned(),
                    Measure::Count { unit, .. } => format!("`unit: {unit}`"),
                };
                return Err(Obstacle::NoUnit { metric: self.id, examples });
            }
        };
        match (measure, &one) {
            // A share of sessions says nothing about a share of requests.
            (Measure::Share { percent: number, .. }, Measure::Share { percent: one_percent, .. })
                if measure.compare(&one).is_some() =>
            {
                Ok(tidy(number.to_f64() / one_percent.to_f64()))
            }
            (Measure::Time(number), Measure::Time(one)) | (Measure::Bytes(number), Measure::Bytes(one)) => {
                Ok(tidy(number.to_f64() / one.to_f64()))
            }
            // A bare number is in the unit of the metric, whatever that is.
            (Measure::Count { number, unit }, _) if unit.is_empty() => Ok(number.to_f64()),
            (Measure::Count { number, unit }, Measure::Count { unit: own, .. }) if unit == own => {
                Ok(number.to_f64())
            }
            _ => Err(differs()),
        }
    }
}

/// How far a limit lies from the baseline.
#[derive(Debug, Clone, Copy)]
enum Distance {
    Points(f64),
    Share(f64),
}

impl Distance {
    fn is_none(self) -> bool {
        match self {
            Distance::Points(distance) | Distance::Share(distance) => distance == 0.0,
        }
    }

    /// Whether the baseline itself, so far from the limit, meets the condition.
    fn is_met_by_baseline(self, operator: Operator, is_over: bool) -> bool {
        match operator {
            // At least 0 points over the baseline, and exactly so.
            Operator::AtLeast | Operator::AtMost | Operator::Equal if self.is_none() => true,
            Operator::Below | Operator::AtMost => is_over && !self.is_none(),
            Operator::Above | Operator::AtLeast => !is_over && !self.is_none(),
            _ => false,
        }
    }

    fn change(self, is_over: bool) -> Change {
        let sign = if is_over { 1.0 } else { -1.0 };
        match self {
            Distance::Points(points) => Change::Plus(tidy(sign * points)),
            Distance::Share(share) => Change::Times(tidy(1.0 + sign * share)),
        }
    }
}

/// A part of a target of which it is not clear what it means to miss it.
fn part_without_opposite(target: &Target) -> Option<String> {
    let duration = target.duration.map(|duration| format!("for {duration}"));
    let period = || target.period.map(|period| format!("within {period}"));
    duration.or_else(period).or_else(|| target.context.clone())
}

fn comparison(operator: Side) -> Operator {
    match operator {
        Side::Above => Operator::Above,
        Side::AtLeast => Operator::AtLeast,
        Side::Below => Operator::Below,
        Side::AtMost => Operator::AtMost,
        Side::Equal => Operator::Equal,
    }
}

fn mirrored(operator: Operator) -> Operator {
    match operator {
        Operator::Above => Operator::Below,
        Operator::AtLeast => Operator::AtMost,
        Operator::Below => Operator::Above,
        Operator::AtMost => Operator::AtLeast,
        other => other,
    }
}

/// The number without what binary fractions add behind the fifteenth digit: `0.5 + 0.1` is `0.6`.
pub(super) fn tidy(number: f64) -> f64 {
    format!("{number:.14e}").parse().unwrap_or(number)
}
