//! The limit of a trigger as one figure: what counts from a baseline, worked out.

use crate::model::decimal::Decimal;
use crate::model::threshold::{Baseline, Condition, Direction, Number, Quantity, Threshold};
use crate::model::{Entry, Kind};

/// `0.5 % + 2 pp = 2.5 %`. Nothing where the limit counts from no baseline, or where neither the threshold nor
/// the metric states one that fits.
pub(super) fn worked_out<'e>(
    threshold: &Threshold,
    metrics: impl IntoIterator<Item = &'e Entry<'e>>,
) -> Option<String> {
    let Condition::Compare { quantity, .. } = &threshold.condition else { return None };
    let baseline = match &threshold.baseline {
        Some(baseline) => Known::of(baseline),
        None => metrics.into_iter().find_map(Known::of_metric),
    }?;
    match quantity {
        Quantity::Points { percent, direction } => {
            let (sign, points) = signed(*direction, percent)?;
            let limit = baseline.number.plus(points)?;
            (baseline.unit == "%").then(|| format!("{} % {sign} {percent} pp = {limit} %", baseline.number))
        }
        Quantity::Relative { percent, direction } => {
            let (sign, share) = signed(*direction, percent)?;
            let change = baseline.number.times(share)?.times(Decimal::new(1, -2)?)?;
            let limit = baseline.number.plus(change)?;
            let unit = match baseline.unit.as_str() {
                "" => String::new(),
                unit => format!(" {unit}"),
            };
            Some(format!("{}{unit} {sign} {percent} % = {limit}{unit}", baseline.number))
        }
        _ => None,
    }
}

/// A change with its sign. Which side is better, the threshold alone does not say.
fn signed(direction: Direction, percent: &Number) -> Option<(char, Decimal)> {
    let size = Decimal::from(*percent);
    match direction {
        Direction::Over => Some(('+', size)),
        Direction::Under => Some(('−', size.negated())),
        Direction::Worse | Direction::Better => None,
    }
}

/// A baseline as a number with its unit.
struct Known {
    number: Decimal,
    unit: String,
}

impl Known {
    fn of(baseline: &Baseline) -> Option<Known> {
        let number = Decimal::from(baseline.number);
        Some(Known { number, unit: baseline.unit.clone().unwrap_or_default() })
    }

    /// The baseline that a metric states: a number with its unit, or with the unit of the metric.
    fn of_metric(entry: &Entry<'_>) -> Option<Known> {
        let Kind::Mon(metric) = &entry.kind else { return None };
        let text = metric.baseline.as_ref()?.value.trim();
        let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
        let number = Decimal::parse(&text[..end])?;
        let own = text[end..].trim();
        let unit = match own {
            "" => metric.unit.as_ref().map(|unit| unit.value.trim().to_owned()).unwrap_or_default(),
            own => own.to_owned(),
        };
        // Whatever follows the number is a unit only if it is one word.
        (!unit.contains(' ')).then_some(Known { number, unit })
    }
}
