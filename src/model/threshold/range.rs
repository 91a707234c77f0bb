//! Limits that no measure can ever reach, or that every measure meets.

use super::{Direction, Number, Operator, Quantity, ThresholdErrorKind as Kind};

/// Why a limit makes no sense, if so.
pub(super) fn doubt(operator: Option<Operator>, quantity: &Quantity, subject: Option<&str>) -> Option<Kind> {
    match quantity {
        Quantity::Ratio { percent, of } => doubt_of_share(operator, *percent, !may_exceed(of)),
        Quantity::Value { number, unit } if unit.as_deref() == Some("%") && subject.is_some_and(is_share) => {
            doubt_of_share(operator, *number, true)
        }
        Quantity::Points { percent, .. } => {
            (is_negative(*percent) || *percent > whole()).then_some(Kind::PointsOutOfRange)
        }
        Quantity::Relative { percent, direction } => doubt_of_change(*percent, *direction),
        _ => None,
    }
}

fn doubt_of_share(operator: Option<Operator>, percent: Number, is_bounded: bool) -> Option<Kind> {
    if is_negative(percent) || (is_bounded && percent > whole()) {
        return Some(Kind::ShareOutOfRange { percent });
    }
    let (at_none, at_all) = (percent == Number::default(), is_bounded && percent == whole());
    match operator? {
        operator @ Operator::Above if at_all => Some(Kind::NeverTrue(operator)),
        operator @ Operator::Below if at_none => Some(Kind::NeverTrue(operator)),
        operator @ Operator::AtLeast if at_none => Some(Kind::AlwaysTrue(operator)),
        operator @ Operator::AtMost if at_all => Some(Kind::AlwaysTrue(operator)),
        _ => None,
    }
}

fn doubt_of_change(percent: Number, direction: Direction) -> Option<Kind> {
    if is_negative(percent) {
        return Some(Kind::NegativeChange { percent: percent.negated()?, direction });
    }
    (direction == Direction::Under && percent > whole()).then_some(Kind::FallBelowZero { percent })
}

fn is_negative(number: Number) -> bool {
    number < Number::default()
}

fn whole() -> Number {
    Number::from(100)
}

/// Whether more than the whole is possible: of a plan, a capacity or an earlier value, but not of requests.
pub fn may_exceed(whole: &str) -> bool {
    const REFERENCES: &[&str] = &[
        "average",
        "baseline",
        "before",
        "blue",
        "budget",
        "capacity",
        "control",
        "core",
        "cpu",
        "estimate",
        "estimated",
        "expected",
        "forecast",
        "goal",
        "initial",
        "last",
        "level",
        "limit",
        "median",
        "month",
        "nominal",
        "normal",
        "original",
        "peak",
        "plan",
        "planned",
        "previous",
        "processor",
        "quota",
        "rated",
        "reference",
        "requested",
        "sla",
        "slo",
        "stable",
        "target",
        "usual",
        "value",
        "week",
        "year",
        "yesterday",
    ];
    let mut words = whole.split(|c: char| !c.is_alphanumeric());
    words.any(|word| REFERENCES.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// Whether a subject names a share by its nature: `line coverage`, `error rate`.
fn is_share(subject: &str) -> bool {
    const SHARES: &[&str] = &["adoption", "availability", "coverage", "uptime"];
    const OF_RATES: &[&str] = &[
        "completion",
        "conversion",
        "defect",
        "drop",
        "error",
        "errors",
        "4xx",
        "5xx",
        "failure",
        "hit",
        "loss",
        "miss",
        "pass",
        "retention",
        "satisfaction",
        "success",
        "timeout",
    ];
    let words: Vec<&str> =
        subject.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is = |word: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    let rate = words.windows(2).any(|pair| is(pair[1], &["rate", "ratio"]) && is(pair[0], OF_RATES));
    rate || words.last().is_some_and(|word| is(word, SHARES))
}
