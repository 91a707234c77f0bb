//! The one grammar of limits: rollback triggers, criteria and KPI targets.
//!
//! A bare per cent sign is ambiguous, so the kind of a quantity is explicit, and
//! every threshold is echoed in one reading. The short forms, in which square
//! brackets mark what may be left out:
//!
//! ```text
//! threshold  [subject] operator quantity [for TIME] [within TIME] [for CASE] [note]
//!            [subject] state             [for TIME] [within TIME] [for CASE] [note]
//! quantity   2% of requests | 2pp over baseline | 20% over baseline
//!            | 1000ms | 90% | 4.5/5.0 | 0.5 critical issues per release
//! state      failing | down | unhealthy | not ready | no data | …
//! note       (baseline 0.5%, from MON-001)
//! ```
//!
//! A quantity that [`Duration`] can hold exactly is a [`Quantity::Time`], so that
//! `1000ms` and `1s` are equal and ordered; `0.5ms` stays a plain value.

mod error;
mod lex;
mod number;
mod parse;
mod quantity;
mod range;
mod render;
mod tail;

use std::cmp::Ordering;
use std::ops::Range;

use super::duration::Duration;

pub use error::{ThresholdError, ThresholdErrorKind};
pub use number::{Number, NumberError};
pub use parse::{parse, parse_target};
pub use range::may_exceed;

/// A condition that can come true, such as that of a rollback trigger.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Threshold {
    /// What is measured, in the words of the text: `p95`, `health checks`.
    pub subject: Option<String>,
    /// What has to be so.
    pub condition: Condition,
    /// How long it has to be so, continuously: `for 5m`.
    pub duration: Option<Duration>,
    /// The time in which it has to come true: `within 30 days`.
    pub period: Option<Duration>,
    /// In which case the limit counts: `for a 30-min meeting`.
    pub context: Option<String>,
    /// What the measure normally is, as the text remarks.
    pub baseline: Option<Baseline>,
    /// The entry that the measure comes from.
    pub source: Option<Source>,
}

/// What a KPI aims at, where the text may leave the direction to the entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// What is measured, in the words of the text.
    pub subject: Option<String>,
    /// Which side of the quantity is good; `None` if the text does not say.
    pub operator: Option<Operator>,
    /// The value aimed at.
    pub quantity: Quantity,
    /// How long it has to hold, continuously.
    pub duration: Option<Duration>,
    /// The time in which it has to be reached: `within 30 days`.
    pub period: Option<Duration>,
    /// In which case the value counts: `for a 30-min meeting`.
    pub context: Option<String>,
    /// What the measure normally is, as the text remarks.
    pub baseline: Option<Baseline>,
    /// The entry that the measure comes from.
    pub source: Option<Source>,
}

impl Target {
    /// The threshold that this target is: its own operator counts before `direction`.
    pub fn with_direction(self, direction: Operator) -> Threshold {
        Threshold {
            subject: self.subject,
            condition: Condition::Compare {
                operator: self.operator.unwrap_or(direction),
                quantity: self.quantity,
            },
            duration: self.duration,
            period: self.period,
            context: self.context,
            baseline: self.baseline,
            source: self.source,
        }
    }
}

/// What has to be so.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The measure lies on one side of a limit.
    Compare {
        /// The side.
        operator: Operator,
        /// The limit.
        quantity: Quantity,
    },
    /// The subject is in a state.
    State(State),
}

/// The side of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `>`: above, over, exceeds, more than, greater than.
    Above,
    /// `>=`: at least, minimum, no less than.
    AtLeast,
    /// `<`: below, under, less than, fewer than.
    Below,
    /// `<=`: at most, no more than, up to, maximum.
    AtMost,
    /// `=`: exactly, equals.
    Equal,
}

impl Operator {
    /// Whether a measure that compares so with the limit lies on this side.
    pub fn holds(self, measure_to_limit: Ordering) -> bool {
        match self {
            Self::Above => measure_to_limit.is_gt(),
            Self::AtLeast => measure_to_limit.is_ge(),
            Self::Below => measure_to_limit.is_lt(),
            Self::AtMost => measure_to_limit.is_le(),
            Self::Equal => measure_to_limit.is_eq(),
        }
    }
}

/// A state that something can be in without a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It does not succeed: failing, fails, failed.
    Failing,
    /// It does not run.
    Down,
    /// It cannot be used.
    Unavailable,
    /// It does not answer.
    Unreachable,
    /// Its health check says no.
    Unhealthy,
    /// An alert is firing.
    Firing,
    /// Its light is red.
    Red,
    /// It works worse than it should.
    Degraded,
    /// An objective is breached.
    Breached,
    /// It does not take traffic yet, or no longer.
    NotReady,
    /// It starts again and again.
    Crashing,
    /// Its answers take too long to be waited for.
    TimingOut,
    /// Nothing is measured.
    NoData,
}

impl State {
    /// Every state, with the words for it: the first is that of both forms.
    pub(super) const WORDS: &'static [(State, &'static [&'static str])] = &[
        (State::Failing, &["failing", "fails", "failed", "fail"]),
        (State::Down, &["down", "offline", "not running"]),
        (State::Unavailable, &["unavailable", "not available"]),
        (State::Unreachable, &["unreachable", "not reachable", "not responding"]),
        (State::Unhealthy, &["unhealthy", "not healthy"]),
        (State::Firing, &["firing", "fires", "fired"]),
        (State::Red, &["red"]),
        (State::Degraded, &["degraded"]),
        (State::Breached, &["breached"]),
        (State::NotReady, &["not ready", "unready"]),
        (
            State::Crashing,
            &["crashing", "crash looping", "crash-looping", "crashlooping", "CrashLoopBackOff"],
        ),
        (State::TimingOut, &["timing out", "times out", "timed out"]),
        (
            State::NoData,
            &[
                "no data",
                "no data points",
                "no datapoints",
                "no metrics",
                "no samples",
                "no signal",
                "no telemetry",
                "no heartbeat",
                "not reporting",
                "absent",
                "missing",
            ],
        ),
    ];

    /// The word for it, in both forms.
    pub fn word(self) -> &'static str {
        let mut states = Self::WORDS.iter();
        states.find(|(state, _)| *state == self).and_then(|(_, words)| words.first()).copied().unwrap_or("")
    }
}

/// A limit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// A share of a whole: `2% of requests`.
    Ratio {
        /// The share, in per cent.
        percent: Number,
        /// The whole, in the words of the text.
        of: String,
    },
    /// Percentage points counted from the baseline: `2pp over baseline`.
    Points {
        /// The distance, in percentage points.
        percent: Number,
        /// On which side of the baseline.
        direction: Direction,
    },
    /// A share of the baseline, counted from it: `20% over baseline`.
    Relative {
        /// The distance, in per cent of the baseline.
        percent: Number,
        /// On which side of the baseline.
        direction: Direction,
    },
    /// A length of time that is a whole number of milliseconds: `1000ms`.
    Time(Duration),
    /// Any other number: `90%`, `4.5/5.0`, `100/min`, `5 critical issues`.
    Value {
        /// The number as written.
        number: Number,
        /// All that stands behind it: `%`, `/5.0`, `critical issues per release`.
        unit: Option<String>,
    },
}

/// The side of a baseline that a change goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// More than the baseline: over, above, increase.
    Over,
    /// Less than the baseline: under, below, drop, reduction.
    Under,
    /// The bad side, whichever it is for the measure: degradation, worse than.
    Worse,
    /// The good side, whichever it is for the measure: improvement, better than.
    Better,
}

/// A remark on what the measure normally is: `currently 0.5% baseline`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Baseline {
    /// The number as written.
    pub number: Number,
    /// Its unit, such as `%` or `ms`.
    pub unit: Option<String>,
}

/// The id of an entry, and where it stands.
///
/// Sources are equal if their ids are; the place is for links and findings only.
#[derive(Debug, Clone)]
pub struct Source {
    /// The id as written: `MON-001`.
    pub id: String,
    /// The bytes of the text that hold it.
    pub range: Range<usize>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Source {}

impl std::hash::Hash for Source {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
