//! What a trigger says about a running deployment, judged by what Prometheus answers.
//!
//! Prometheus is asked for the values of the query, the baseline and the traffic at each moment since the deployment began, and
//! the trigger runs over them in [`replay`]: recorded and live data are judged by one function. What
//! Prometheus cannot show that way, such as how old the samples behind a value are, is asked for beside it and can only take
//! away a pass: a trigger that fires is believed.

use super::engine::{Column, Engine, EngineError, Grid, Series, is_absent, labels_text};
use super::replay::{Replay, UnknownReason, name_of_values, on_recorded_values, replay};
use super::{Limit, Trigger};
use crate::model::duration::Duration;
use crate::model::promql::{Expr, ExprKind, Operator, Selector};

/// Something to ask Prometheus at each moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The query.
    pub query: String,
    /// What the answer stands for.
    pub answers: Answers,
}

/// What an answer stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answers {
    /// The values of an expression, under this name.
    Values(String),
    /// How many seconds old the newest sample is that a selector finds.
    Age,
}

/// What Prometheus answered about a trigger, at each moment of a grid.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answered {
    /// The values of the query, the baseline and the traffic, each under its name.
    pub values: Vec<Series>,
    /// For each selector of the query the age of its newest sample in seconds.
    pub ages: Vec<Vec<Series>>,
}

/// What a trigger says at the last moment of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Its state.
    pub state: TriggerState,
    /// Since when it has been known at each moment whether the condition is met; nothing if that is unknown now.
    pub known_since: Option<i64>,
    /// The measured value that is closest to its limit, or furthest beyond it, at each moment.
    pub values: Vec<Option<f64>>,
    /// The limit that belongs to the last value.
    pub limit: Option<f64>,
}

/// The state of a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TriggerState {
    /// It is known that its condition is not met.
    Ok,
    /// Its condition is met, but not for long enough.
    Pending {
        /// Since when, in milliseconds.
        since: i64,
    },
    /// It has fired since the deployment began.
    Fired {
        /// When it fired first, in milliseconds.
        at: i64,
    },
    /// It is not known whether its condition is met.
    Unknown(Doubt),
}

/// Why something is not known, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Why.
    pub reason: String,
    /// What to do.
    pub help: String,
}

impl Doubt {
    /// A doubt with its next step.
    pub fn new(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Doubt { reason: reason.into(), help: help.into() }
    }
}

impl Trigger {
    /// What to ask Prometheus so that the trigger can be judged.
    pub fn questions(&self) -> Vec<Question> {
        let values = |query: &Expr, name: String| Question {
            query: query.to_string(),
            answers: Answers::Values(name),
        };
        let mut questions = vec![values(&self.query, name_of_values(self.metric))];
        if let Limit::Moving { baseline, .. } = &self.limit {
            questions.push(values(baseline, self.name_of_baseline()));
        }
        if let Some(traffic) = &self.traffic {
            questions.push(values(&traffic.query, self.name_of_traffic()));
        }
        if self.limit != Limit::NoData {
            let ages = self.query.selectors().into_iter().map(age);
            let mut ages: Vec<String> = ages.collect();
            ages.dedup();
            questions.extend(ages.into_iter().map(|query| Question { query, answers: Answers::Age }));
        }
        questions
    }

    /// The trigger on the answers to its questions.
    pub fn on_answers(&self) -> Trigger {
        let mut replaced = on_recorded_values(self, &name_of_values(self.metric));
        if let Limit::Moving { baseline, .. } = &mut replaced.limit {
            *baseline = named(self.name_of_baseline());
        }
        if let Some(traffic) = &mut replaced.traffic {
            traffic.query = named(self.name_of_traffic());
        }
        replaced
    }

    fn name_of_baseline(&self) -> String {
        format!("{}:baseline", name_of_values(self.metric))
    }

    fn name_of_traffic(&self) -> String {
        format!("{}:traffic", name_of_values(self.metric))
    }

    /// The age from which a sample is stale, in seconds: twice the scrape interval, or that at which Prometheus itself no longer
    /// finds it.
    fn oldest_sample(&self) -> f64 {
        let default = super::engine::LOOKBACK as f64 / 1000.0;
        self.scrape_interval.map_or(default, |interval| interval.millis() as f64 * 2.0 / 1000.0).min(default)
    }
}

/// The query for the age of the newest sample of a selector.
fn age(selector: &Selector) -> String {
    let written = Expr { kind: ExprKind::Selector(selector.clone()), range: 0..0 };
    let offset = match selector.offset {
        0 => String::new(),
        offset => format!(" - {}", offset as f64 / 1000.0),
    };
    format!("time(){offset} - max(timestamp({written}))")
}

fn named(name: String) -> Expr {
    let selector = Selector { name: Some(name), matchers: Vec::new(), offset: 0, at: None };
    Expr { kind: ExprKind::Selector(selector), range: 0..0 }
}

/// Judges a trigger by what Prometheus answered about each moment since the deployment began.
///
/// # Errors
///
/// What is not evaluated, or what Prometheus itself refuses.
pub fn judge(trigger: &Trigger, answered: &Answered, grid: Grid) -> Result<Judged, EngineError> {
    let on_answers = trigger.on_answers();
    let replayed = replay(&on_answers, &answered.values, grid)?;
    let engine = Engine::new(&answered.values);
    let values = engine.vector(&on_answers.query, grid)?;
    let distances = match on_answers.limit {
        Limit::NoData => Vec::new(),
        _ => engine.vector(
            &on_answers.query.clone().joined(Operator::Subtract, on_answers.limit_expression()),
            grid,
        )?,
    };
    let ages = ages(&answered.ages, grid)?;
    let looked =
        Looked { trigger, replayed: &replayed, values: &values, distances: &distances, ages: &ages, grid };
    let doubts: Vec<Option<Doubt>> = (0..grid.count).map(|index| looked.doubt(index)).collect();
    let first = replayed.firings.iter().map(|firing| firing.from).min();
    let state = match (first, doubts.last().cloned().flatten(), replayed.met_since) {
        (Some(at), _, _) => TriggerState::Fired { at },
        (None, Some(doubt), _) => TriggerState::Unknown(doubt),
        (None, None, Some(since)) => TriggerState::Pending { since },
        (None, None, None) => TriggerState::Ok,
    };
    let known = doubts.iter().rev().take_while(|doubt| doubt.is_none()).count();
    let worst = |index: usize| looked.worst(index);
    Ok(Judged {
        state,
        known_since: known.checked_sub(1).map(|back| grid.time(grid.count - 1 - back)),
        values: (0..grid.count).map(|index| worst(index).map(|(value, _)| value)).collect(),
        limit: grid.count.checked_sub(1).and_then(worst).map(|(_, limit)| limit),
    })
}

/// The ages of each selector's newest sample at each moment.
fn ages(answered: &[Vec<Series>], grid: Grid) -> Result<Vec<Vec<Option<f64>>>, EngineError> {
    let each = answered.iter().map(|series| {
        let engine = Engine::new(series);
        let columns = engine.vector(&named(NAME_OF_AGE.to_owned()), grid)?;
        let at = |index: usize| {
            let present = columns.iter().map(|column| column.values[index]).filter(|age| !is_absent(*age));
            present.fold(None, |least: Option<f64>, age| Some(least.map_or(age, |least| least.max(age))))
        };
        Ok((0..grid.count).map(at).collect())
    });
    each.collect()
}

/// The name under which the ages of samples stand.
pub const NAME_OF_AGE: &str = "relplan:age";

/// What one trigger shows at each moment.
struct Looked<'d> {
    trigger: &'d Trigger,
    replayed: &'d Replay,
    values: &'d [Column],
    distances: &'d [Column],
    ages: &'d [Vec<Option<f64>>],
    grid: Grid,
}

impl Looked<'_> {
    /// Why it is not known at a moment whether the condition is met.
    fn doubt(&self, index: usize) -> Option<Doubt> {
        let time = self.grid.time(index);
        let within = |from: i64, to: i64| from <= time && time <= to;
        if let Some(span) = self.replayed.unknown.iter().find(|span| within(span.from, span.to)) {
            return Some(Doubt::new(span.reason.words(), self.help(span.reason)));
        }
        if self.trigger.limit == Limit::NoData {
            return None;
        }
        self.gone(index).or_else(|| self.incomparable(index)).or_else(|| self.stale(index))
    }

    fn help(&self, reason: UnknownReason) -> String {
        let metric = self.trigger.metric;
        match reason {
            UnknownReason::NoSeries | UnknownReason::NoData => {
                format!("check in Prometheus that the targets of {metric} are up and its query yields values")
            }
            UnknownReason::NotANumber => {
                format!("send traffic, or add `traffic` and `minimum_traffic` to {metric}")
            }
            UnknownReason::NoBaseline => format!("check the `baseline_query` of {metric} in Prometheus"),
            UnknownReason::LowTraffic | UnknownReason::NoTraffic => {
                "send more traffic to the new version".to_owned()
            }
        }
    }

    /// A series that had values and has none now, while others go on.
    fn gone(&self, index: usize) -> Option<Doubt> {
        // With `no_data: rollback` missing data has its own meaning, but only where no series is left.
        let ended = |column: &&Column| {
            is_absent(column.values[index]) && column.values[..index].iter().any(|value| !is_absent(*value))
        };
        let gone = self.values.iter().find(ended)?;
        Some(Doubt::new(
            format!("the series {{{}}} has no value any more", labels_of(gone)),
            "bring its target back; if it was replaced, aggregate the query: `sum(…)`, `max(…)`",
        ))
    }

    /// A value that is no number, or has nothing to be compared with.
    fn incomparable(&self, index: usize) -> Option<Doubt> {
        let present = |column: &&Column| !is_absent(column.values[index]);
        if let Some(column) = self.values.iter().filter(present).find(|column| column.values[index].is_nan())
        {
            let reason = format!("the value of {{{}}} is not a number", labels_of(column));
            return Some(Doubt::new(reason, self.help(UnknownReason::NotANumber)));
        }
        let measured = self.values.iter().filter(present).count();
        let compared = self.distances.iter().filter(|column| !column.values[index].is_nan()).count();
        // Between two infinities there is no distance either, and whichever series they are of, it is not known.
        (compared < measured).then(|| {
            let reason = format!("{} of {measured} series have no baseline", measured - compared);
            Doubt::new(reason, self.help(UnknownReason::NoBaseline))
        })
    }

    /// Samples that are too old, or no longer found.
    fn stale(&self, index: usize) -> Option<Doubt> {
        let metric = self.trigger.metric;
        let help = || format!("check in Prometheus that the targets of {metric} are up");
        let oldest = self.trigger.oldest_sample();
        for ages in self.ages {
            match ages[index] {
                Some(age) if age <= oldest => {}
                Some(age) => {
                    let age = Duration::from_millis((age.max(0.0) * 1000.0) as u64);
                    return Some(Doubt::new(format!("the newest sample is {age} old"), help()));
                }
                None if ages[..index].iter().any(Option::is_some) => {
                    return Some(Doubt::new("a series of the query has no new samples", help()));
                }
                None => {}
            }
        }
        let finds_none = !self.ages.is_empty() && self.ages.iter().all(|ages| ages[index].is_none());
        finds_none.then(|| Doubt::new("no series of the query has new samples", help()))
    }

    /// The value that is closest to its limit, or furthest beyond it, with that limit.
    fn worst(&self, index: usize) -> Option<(f64, f64)> {
        let below = matches!(self.trigger.operator, Operator::Below | Operator::AtMost);
        let weight = |distance: f64| if below { -distance } else { distance };
        let distances = self.distances.iter().filter(|column| !column.values[index].is_nan());
        let worst = distances
            .max_by(|first, second| weight(first.values[index]).total_cmp(&weight(second.values[index])))?;
        let same = |column: &&Column| labels_of(column) == labels_of(worst);
        let value = self.values.iter().find(same).or_else(|| self.values.first())?.values[index];
        (!value.is_nan()).then(|| (value, value - worst.values[index]))
    }
}

/// The labels of a column as PromQL writes them, without the name.
fn labels_of(column: &Column) -> String {
    let labels: Vec<(String, String)> =
        column.labels.iter().filter(|(label, _)| label != super::engine::NAME).cloned().collect();
    labels_text(&labels)
}
