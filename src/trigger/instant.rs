//! A trigger as one instant query, for tools that ask Prometheus from time to time and remember nothing.
//!
//! Such a tool counts failed measurements over a whole run, so that two short breaches add up to a long one. A duration
//! without interruption can only be asked for in the query: the condition has to be met at each evaluation of that time.

use super::{Trigger, on_nothing};
use crate::model::duration::Duration;
use crate::model::promql::{Expr, ExprKind, Operator};

/// A trigger as one instant query.
///
/// Its value is 1 while the trigger fires, and 0 while it is known that it does not. Otherwise it has none.
#[derive(Debug, Clone, PartialEq)]
pub struct InstantQuery {
    /// The query. It never yields more than one series.
    pub query: Expr,
    /// From one evaluation of the condition to the next.
    pub step: Duration,
    /// At how many evaluations in a row the condition has to be met.
    pub evaluations: u64,
}

/// Why a trigger cannot be asked for by one instant query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotInstant {
    /// Each query would evaluate the condition so many times.
    TooManyEvaluations(u64),
    /// Series of several names are measured, of which some may have the same labels.
    SeveralNames,
}

impl NotInstant {
    /// Why, in words.
    pub fn reason(self) -> String {
        match self {
            NotInstant::TooManyEvaluations(count) => {
                format!("each measurement would evaluate the condition {count} times")
            }
            NotInstant::SeveralNames => "the query selects series of several names".to_owned(),
        }
    }

    /// What to do about it.
    pub fn help(self) -> &'static str {
        match self {
            NotInstant::TooManyEvaluations(_) => "write a shorter `for`",
            NotInstant::SeveralNames => "aggregate the query: `sum(…)`",
        }
    }
}

/// A day in minutes. A server refuses queries that take longer.
const MOST_EVALUATIONS: u64 = 1_441;

impl Trigger {
    /// The trigger as one instant query.
    ///
    /// # Errors
    ///
    /// It cannot be asked for in one query.
    pub fn instant_query(&self) -> Result<InstantQuery, NotInstant> {
        if self.measures_several_names() {
            return Err(NotInstant::SeveralNames);
        }
        let step = evaluation_step(self.hold);
        // An alert fires once its condition was met for as long as its duration: both ends of that time are evaluated.
        let evaluations = self.hold.millis().div_ceil(step.millis()) + 1;
        if evaluations > MOST_EVALUATIONS {
            return Err(NotInstant::TooManyEvaluations(evaluations));
        }
        let fires = match evaluations {
            1 => self.condition(),
            _ => {
                // Each moment of asking sees this many evaluations, wherever it lies between two of them.
                let window = evaluations * step.millis() - 1;
                let met = self.condition().over(window, step.millis()).called("count_over_time");
                met.joined(Operator::AtLeast, Expr::number(evaluations as f64))
            }
        };
        let quiet = Expr::number(0.0).called("vector");
        let quiet = match self.unknown() {
            Some(unknown) => quiet.matched(Operator::Unless, on_nothing(), unknown),
            None => quiet,
        };
        Ok(InstantQuery { query: fires.grouped().joined(Operator::Or, quiet), step, evaluations })
    }

    fn measures_several_names(&self) -> bool {
        let parts = self.query.all();
        let selectors = self.query.selectors();
        let joins = parts
            .iter()
            .any(|part| matches!(&part.kind, ExprKind::Binary(binary) if binary.operator == Operator::Or));
        self.query.labels().is_none() && (joins || selectors.iter().any(|selector| selector.name.is_none()))
    }
}

/// From one evaluation to the next: a minute, as Prometheus has it by default, or less where the duration asks for it.
fn evaluation_step(hold: Duration) -> Duration {
    const STEPS: [u64; 6] = [60_000, 30_000, 15_000, 10_000, 5_000, 1_000];
    let step = STEPS.into_iter().find(|step| hold.millis().is_multiple_of(*step));
    Duration::from_millis(step.unwrap_or(1_000))
}
