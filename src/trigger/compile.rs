//! From a rollback entry and its metric to a trigger.

use super::{BaselineSource, Change, Limit, Obstacle, Traffic, Trigger};
use crate::graph::{Graph, once, sources, targets};
use crate::model::decimal::Decimal;
use crate::model::dep::{NoData, Rollback};
use crate::model::indicator::Mon;
use crate::model::measure::Measure;
use crate::model::promql::{Expr, Operator, Type};
use crate::model::reader::Query;
use crate::model::threshold::{Condition, Direction, Operator as Side, Quantity, State, Threshold};
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
    let metric = Metric { id: metric.id.value, mon };
    let query = metric.expression(mon.query.as_ref(), "query")?.ok_or(Obstacle::NoQuery(metric.id))?;
    refuse_the_rest(threshold)?;
    let (operator, limit) = metric.limit(threshold, &query)?;
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
        hold: threshold.duration.unwrap_or_default(),
        keep_firing: rollback.keep_firing_for.map(|stated| stated.value).unwrap_or_default(),
        no_data: rollback.no_data.map_or(NoData::Unknown, |stated| stated.value),
        severity: rollback.severity.map(|severity| severity.value),
        automatic: rollback.automatic.as_ref().is_some_and(|automatic| automatic.value.value),
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
    if let Some(source) = &threshold.source
        && let Some(found) = id::parse(&source.id).ok().and_then(|id| plan.find(id)).and_then(mon)
    {
        return Ok(found);
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
fn refuse_the_rest(threshold: &Threshold) -> Result<(), Obstacle> {
    if let Some(period) = threshold.period {
        return Err(Obstacle::Inexpressible(format!("within {period}")));
    }
    match &threshold.context {
        Some(context) => Err(Obstacle::Inexpressible(context.clone())),
        None => Ok(()),
    }
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
            Type::Vector => Ok(Some((**expr).clone())),
            found => Err(Obstacle::NoVector { metric: self.id, field, found: found.name() }),
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
                    Ok((
                        comparison(*operator),
                        Limit::Number(self.in_own_unit(&measure, &absolute.to_string())?),
                    ))
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
        let measure = Measure::of_limit(&target.quantity).ok_or_else(unclear)?;
        let operator = match target.operator.ok_or_else(unclear)? {
            Side::Above => Operator::AtMost,
            Side::AtLeast => Operator::Below,
            Side::Below => Operator::AtLeast,
            Side::AtMost => Operator::Above,
            Side::Equal => Operator::NotEqual,
        };
        Ok((operator, Limit::Number(self.in_own_unit(&measure, &target.quantity.to_string())?)))
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
        Ok((comparison, Limit::Number(tidy(limit))))
    }

    fn moving_baseline(&self, query: &Expr) -> Result<Option<(Expr, BaselineSource)>, Obstacle> {
        if let Some(baseline) = self.expression(self.mon.baseline_query.as_ref(), "baseline_query")? {
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
            (None, Measure::Count { number, .. }) => return Ok(number.to_f64()),
            (None, measure) => {
                let examples = match measure {
                    Measure::Time(_) => "`unit: ms` or `unit: s`",
                    Measure::Bytes(_) => "`unit: bytes`",
                    _ => "`unit: percent` or `unit: ratio`",
                };
                return Err(Obstacle::NoUnit { metric: self.id, examples });
            }
        };
        match (measure, &one) {
            (Measure::Share { percent: number, .. }, Measure::Share { percent: one, .. })
            | (Measure::Time(number), Measure::Time(one))
            | (Measure::Bytes(number), Measure::Bytes(one)) => Ok(tidy(number.to_f64() / one.to_f64())),
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
    fn change(self, is_over: bool) -> Change {
        let sign = if is_over { 1.0 } else { -1.0 };
        match self {
            Distance::Points(points) => Change::Plus(tidy(sign * points)),
            Distance::Share(share) => Change::Times(tidy(1.0 + sign * share)),
        }
    }
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
fn tidy(number: f64) -> f64 {
    format!("{number:.14e}").parse().unwrap_or(number)
}
