//! The two ways to show a threshold: the short form and the reading.

use std::fmt;

use super::{
    Baseline, Condition, Direction, Duration, Number, Operator, Quantity, Source, Target, Threshold,
};

impl Threshold {
    /// The short form, which [`parse`](super::parse) reads back: `> 2% of requests for 5m`.
    pub fn canonical(&self) -> String {
        let subject = with_blank(self.subject.as_deref());
        let condition = match &self.condition {
            Condition::State(state) => state.word().to_owned(),
            Condition::Compare { operator, quantity } => {
                format!("{} {}", operator.sign(), quantity.canonical())
            }
        };
        format!("{subject}{condition}{}", self.tail().canonical())
    }

    fn tail(&self) -> Tail<'_> {
        Tail {
            duration: self.duration,
            period: self.period,
            context: self.context.as_deref(),
            baseline: self.baseline.as_ref(),
            source: self.source.as_ref(),
        }
    }
}

/// The reading that is echoed to users:
/// `above 2 % of requests, continuously for 5 minutes (baseline 0.5 %, from MON-001)`.
impl fmt::Display for Threshold {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&with_blank(self.subject.as_deref()))?;
        match &self.condition {
            Condition::State(state) => formatter.write_str(state.word())?,
            Condition::Compare { operator, quantity } => {
                write!(formatter, "{} {}", operator.words(), quantity.reading())?;
            }
        }
        formatter.write_str(&self.tail().reading())
    }
}

impl Target {
    /// The short form, which [`parse_target`](super::parse_target) reads back.
    ///
    /// Without an operator, a colon parts the subject from the quantity.
    pub fn canonical(&self) -> String {
        let (subject, quantity) = (self.subject.as_deref(), self.quantity.canonical());
        let head = match (self.operator, subject) {
            (Some(operator), _) => format!("{}{} {quantity}", with_blank(subject), operator.sign()),
            (None, Some(subject)) => format!("{subject}: {quantity}"),
            (None, None) => quantity,
        };
        head + &self.tail().canonical()
    }

    fn tail(&self) -> Tail<'_> {
        Tail {
            duration: self.duration,
            period: self.period,
            context: self.context.as_deref(),
            baseline: self.baseline.as_ref(),
            source: self.source.as_ref(),
        }
    }
}

/// The reading that is echoed to users: `adoption 70 %, within 30 days`.
impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operator = with_blank(self.operator.map(Operator::words));
        let subject = with_blank(self.subject.as_deref());
        write!(formatter, "{subject}{operator}{}", self.quantity.reading())?;
        formatter.write_str(&self.tail().reading())
    }
}

/// What thresholds and targets share behind the quantity.
struct Tail<'a> {
    duration: Option<Duration>,
    period: Option<Duration>,
    context: Option<&'a str>,
    baseline: Option<&'a Baseline>,
    source: Option<&'a Source>,
}

impl Tail<'_> {
    fn canonical(&self) -> String {
        let duration = self.duration.map(|length| format!(" for {length}"));
        let period = self.period.map(|length| format!(" within {length}"));
        let context = self.context.map(|context| format!(" {context}"));
        let note = self.note(|baseline| measure(baseline.number, baseline.unit.as_deref()));
        [duration, period, context, note].into_iter().flatten().collect()
    }

    fn reading(&self) -> String {
        let duration = self.duration.map(|length| format!(", continuously for {}", length.in_words()));
        let period = self.period.map(|length| format!(", within {}", length.in_words()));
        let context = self.context.map(|context| format!(", {context}"));
        let note = self.note(|baseline| spoken(baseline.number, baseline.unit.as_deref()));
        [duration, period, context, note].into_iter().flatten().collect()
    }

    fn note(&self, show: fn(&Baseline) -> String) -> Option<String> {
        let baseline = self.baseline.map(|baseline| format!("baseline {}", show(baseline)));
        let source = self.source.map(|source| format!("from {}", source.id));
        let parts: Vec<String> = [baseline, source].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| format!(" ({})", parts.join(", ")))
    }
}

impl Quantity {
    fn canonical(&self) -> String {
        match self {
            Self::Ratio { percent, of } => format!("{percent}% of {of}"),
            Self::Points { percent, direction } => format!("{percent}pp {direction} baseline"),
            Self::Relative { percent, direction } => format!("{percent}% {direction} baseline"),
            Self::Time(duration) => duration.to_string(),
            Self::Value { number, unit } => measure(*number, unit.as_deref()),
        }
    }

    fn reading(&self) -> String {
        match self {
            Self::Ratio { percent, of } => format!("{percent} % of {of}"),
            Self::Points { percent, direction } => {
                let plural = if *percent == Number::from(1) { "" } else { "s" };
                format!("{percent} percentage point{plural} {direction} the baseline")
            }
            Self::Relative { percent, direction } => {
                format!("{percent} % {direction} the baseline")
            }
            Self::Time(duration) => duration.in_words(),
            Self::Value { number, unit } => spoken(*number, unit.as_deref()),
        }
    }
}

/// The short form of the quantity.
impl fmt::Display for Quantity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.canonical())
    }
}

impl Operator {
    /// The sign of the short form: `>=`.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
        }
    }

    /// The words of the reading: `at least`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::AtLeast => "at least",
            Self::Below => "below",
            Self::AtMost => "at most",
            Self::Equal => "exactly",
        }
    }
}

/// The words between a percentage and `baseline`.
impl fmt::Display for Direction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Over => "over",
            Self::Under => "under",
            Self::Worse => "worse than",
            Self::Better => "better than",
        })
    }
}

fn with_blank(text: Option<&str>) -> String {
    text.map(|text| format!("{text} ")).unwrap_or_default()
}

fn measure(number: Number, unit: Option<&str>) -> String {
    match unit {
        None => number.to_string(),
        Some(unit) if unit.starts_with(['%', '/']) => format!("{number}{unit}"),
        Some(unit) => format!("{number} {unit}"),
    }
}

fn spoken(number: Number, unit: Option<&str>) -> String {
    match unit {
        Some("%") => format!("{number} %"),
        other => measure(number, other),
    }
}
