//! What a text lacks to be a threshold, in plain words.

use std::fmt;
use std::ops::Range;

use super::number::{Number, NumberError};
use super::{Direction, Operator};

/// One thing that is missing or cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThresholdError {
    /// The bytes of the text that the error speaks of.
    pub range: Range<usize>,
    /// What is wrong with them.
    pub kind: ThresholdErrorKind,
}

/// The ways in which a text can fail to be a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ThresholdErrorKind {
    /// There is no text.
    Empty,
    /// Nothing says whether more or less is meant, and no state is named.
    MissingOperator,
    /// Nothing says how much.
    MissingNumber,
    /// A number that has too many digits.
    NumberTooLarge,
    /// A number with a comma where the decimal point belongs.
    DecimalComma,
    /// Digits, points and commas that make no number.
    MalformedNumber,
    /// Two numbers with a dash between them, where one limit belongs.
    RangeOfNumbers,
    /// A percentage that changes, without saying of what: points or a share.
    AmbiguousChange {
        /// The percentage as written.
        percent: Number,
        /// Which way the text says that it changes.
        direction: Direction,
    },
    /// Percentage points that do not say what they are counted from.
    PointsWithoutBaseline,
    /// A baseline that is to be exceeded, without saying by how much.
    BaselineWithoutQuantity,
    /// A baseline that does not stand behind points or a percentage.
    MisplacedBaseline,
    /// `for` or `within`, without a duration behind it.
    UnknownDuration,
    /// The same thing said twice.
    Repeated,
    /// A comparison or a state with a `not` before it.
    Negated,
    /// A second comparison in one text.
    SecondCondition,
    /// A parenthesis that is never closed.
    UnclosedParenthesis,
    /// Words that belong to no part of a threshold.
    UnexpectedText,
    /// More than the whole, or less than none of it.
    ShareOutOfRange {
        /// The percentage as written.
        percent: Number,
    },
    /// A fall by more than there is.
    FallBelowZero {
        /// The percentage as written.
        percent: Number,
    },
    /// A change by less than nothing.
    NegativeChange {
        /// The percentage without its sign.
        percent: Number,
        /// The side that the number alone would name.
        direction: Direction,
    },
    /// Percentage points beyond the whole.
    PointsOutOfRange,
    /// A comparison with the end of the scale that no share meets: `> 100% of requests`.
    NeverTrue(Operator),
    /// A comparison with the end of the scale that every share meets: `>= 0% of requests`.
    AlwaysTrue(Operator),
}

impl fmt::Display for ThresholdErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AmbiguousChange { percent, direction } => {
                return ask_for_the_base(formatter, *percent, *direction);
            }
            Self::ShareOutOfRange { percent } => return share_out_of_range(formatter, *percent),
            Self::FallBelowZero { percent } => {
                return write!(formatter, "nothing falls by {percent}%: it is gone at 100%");
            }
            Self::NegativeChange { percent, direction } => {
                let direction = direction.opposite();
                return write!(formatter, "a change has no sign; write `{percent}% {direction} baseline`");
            }
            Self::NeverTrue(operator) => return never_true(formatter, *operator),
            Self::AlwaysTrue(operator) => return always_true(formatter, *operator),
            Self::PointsOutOfRange => "percentage points lie between 0 and 100; write `> 2pp over baseline`",
            Self::Empty => "empty threshold; write one such as `> 2% of requests for 5m`",
            Self::MissingOperator => {
                "this does not say on which side of the limit to act; write `>`, `>=`, `<`, `<=` or `=` \
                 before the number, or a state: `failing`, `down`, `unhealthy`, `not ready`, `no data`"
            }
            Self::MissingNumber => {
                "no number; write a number and its unit, such as `2%` or `1000ms`"
            }
            Self::NumberTooLarge => "too many digits; write at most 18, or use another unit",
            Self::DecimalComma => {
                "a comma separates thousands, as in `20,000`; write decimals with a point: `1.5`"
            }
            Self::MalformedNumber => "this is no number; write it like `2000`, `20,000`, `99.99` or `1e-3`",
            Self::RangeOfNumbers => {
                "a range instead of a limit; write one limit, such as `<= 8 weeks`"
            }
            Self::PointsWithoutBaseline => {
                "percentage points without a baseline; write `2pp over baseline`"
            }
            Self::BaselineWithoutQuantity => {
                "no distance from the baseline; write `> 2pp over baseline` for points or `> 20% over baseline` for a share of it"
            }
            Self::MisplacedBaseline => {
                "no direction from the baseline; write `> 2pp over baseline` or `> 20% over baseline`"
            }
            Self::UnknownDuration => {
                "no duration; write it like `for 5m`, `for 1h30m` or `within 2w` (a month has no fixed length)"
            }
            Self::Repeated => "stated twice; keep one",
            Self::Negated => {
                "negated condition; write the comparison that is meant, such as `>= 99.9%` for `not < 99.9%`"
            }
            Self::SecondCondition => {
                "a second condition; write one entry for each threshold"
            }
            Self::UnclosedParenthesis => "unclosed parenthesis; add `)`",
            Self::UnexpectedText => {
                "unexpected words; write what is measured before the operator, and remove the rest"
            }
        })
    }
}

impl Direction {
    fn opposite(self) -> Self {
        match self {
            Self::Over => Self::Under,
            Self::Under => Self::Over,
            Self::Worse => Self::Better,
            Self::Better => Self::Worse,
        }
    }
}

fn ask_for_the_base(
    formatter: &mut fmt::Formatter<'_>,
    percent: Number,
    direction: Direction,
) -> fmt::Result {
    write!(
        formatter,
        "a change of {percent}% can mean percentage points or a share of the baseline; \
         write `{percent}pp {direction} baseline` or `{percent}% {direction} baseline`"
    )
}

fn share_out_of_range(formatter: &mut fmt::Formatter<'_>, percent: Number) -> fmt::Result {
    formatter.write_str("a share lies between 0 and 100%")?;
    match percent < Number::default() {
        true => Ok(()),
        false => write!(formatter, "; for a change of the measure, write `{percent}% over baseline`"),
    }
}

fn never_true(formatter: &mut fmt::Formatter<'_>, operator: Operator) -> fmt::Result {
    let (side, instead) = match operator {
        Operator::Above => ("above 100%", ">= 100%"),
        _ => ("below 0%", "<= 0%"),
    };
    write!(formatter, "no share is {side}, so this never comes true; write `{instead}`")
}

fn always_true(formatter: &mut fmt::Formatter<'_>, operator: Operator) -> fmt::Result {
    let (side, instead) = match operator {
        Operator::AtLeast => ("at least 0%", "> 0%"),
        _ => ("at most 100%", "< 100%"),
    };
    write!(formatter, "every share is {side}, so this is always true; write `{instead}`")
}

impl fmt::Display for ThresholdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(formatter)
    }
}

impl std::error::Error for ThresholdError {}

impl From<NumberError> for ThresholdErrorKind {
    fn from(error: NumberError) -> Self {
        match error {
            NumberError::TooLarge => Self::NumberTooLarge,
            NumberError::DecimalComma => Self::DecimalComma,
            NumberError::Malformed => Self::MalformedNumber,
        }
    }
}
