//! Between which numbers the values of an expression lie, as far as the expression itself shows: `(errors > 5)` is above 5,
//! whatever is recorded.
//!
//! A value that is no number (NaN) lies nowhere and meets no comparison, so that it is left out of account.

use super::{AggregateOperator, Binary, Expr, ExprKind, Function, Operator};

/// Where a range of numbers ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct End {
    /// The number.
    pub number: f64,
    /// Whether it belongs to the range.
    pub is_included: bool,
}

/// The numbers between which the values of an expression lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The lowest.
    pub low: End,
    /// The highest.
    pub high: End,
}

const fn included(number: f64) -> End {
    End { number, is_included: true }
}

impl Bounds {
    /// All numbers.
    const ALL: Bounds = Bounds { low: included(f64::NEG_INFINITY), high: included(f64::INFINITY) };

    /// From zero on.
    const FROM_ZERO: Bounds = Bounds::between(0.0, f64::INFINITY);

    const fn between(low: f64, high: f64) -> Self {
        Bounds { low: included(low), high: included(high) }
    }

    /// The only number that there is, if it is one.
    fn only(self) -> Option<f64> {
        (self.low.number == self.high.number).then_some(self.low.number)
    }

    /// The values of it that meet a comparison with a number.
    fn meeting(self, operator: Operator, number: f64) -> Self {
        let end = |is_included: bool| End { number, is_included };
        let (low, high) = match operator {
            Operator::Equal => (Some(end(true)), Some(end(true))),
            Operator::Above => (Some(end(false)), None),
            Operator::AtLeast => (Some(end(true)), None),
            Operator::Below => (None, Some(end(false))),
            Operator::AtMost => (None, Some(end(true))),
            _ => (None, None),
        };
        Bounds {
            low: low.filter(|own| own.is_above(self.low)).unwrap_or(self.low),
            high: high.filter(|own| own.is_below(self.high)).unwrap_or(self.high),
        }
    }

    /// The numbers of either.
    fn or(self, other: Self) -> Self {
        Bounds {
            low: if other.low.is_above(self.low) { self.low } else { other.low },
            high: if other.high.is_below(self.high) { self.high } else { other.high },
        }
    }

    /// Whether none of its numbers meets a comparison with a number.
    pub fn never(self, operator: Operator, number: f64) -> bool {
        let met = self.meeting(operator, number);
        let is_empty = met.low.number > met.high.number
            || (met.low.number == met.high.number && !(met.low.is_included && met.high.is_included));
        operator.compares() && operator != Operator::NotEqual && is_empty
    }

    /// Each end through a function that keeps their order.
    fn map(self, rising: impl Fn(f64) -> f64) -> Self {
        let end = |end: End| End { number: rising(end.number), ..end };
        Bounds { low: end(self.low), high: end(self.high) }.or_all()
    }

    fn negative(self) -> Self {
        let end = |end: End| End { number: -end.number, ..end };
        Bounds { low: end(self.high), high: end(self.low) }
    }

    /// All numbers, if an end is none: infinity minus infinity.
    fn or_all(self) -> Self {
        if self.low.number.is_nan() || self.high.number.is_nan() { Bounds::ALL } else { self }
    }
}

impl End {
    fn is_above(self, other: End) -> bool {
        self.number > other.number || (self.number == other.number && !self.is_included)
    }

    fn is_below(self, other: End) -> bool {
        self.number < other.number || (self.number == other.number && !self.is_included)
    }
}

/// The bounds in words, for what a query yields: `values above 5`.
impl std::fmt::Display for Bounds {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let number = |end: End| super::number_text(end.number);
        if let Some(only) = self.only() {
            return write!(formatter, "{} only", super::number_text(only));
        }
        let low = match self.low {
            End { number: f64::NEG_INFINITY, .. } => None,
            End { is_included: true, .. } => Some(format!("{} or more", number(self.low))),
            End { .. } => Some(format!("more than {}", number(self.low))),
        };
        let high = match self.high {
            End { number: f64::INFINITY, .. } => None,
            End { is_included: true, .. } => Some(format!("at most {}", number(self.high))),
            End { .. } => Some(format!("less than {}", number(self.high))),
        };
        match (low, high) {
            (Some(low), Some(high)) => write!(formatter, "{low} and {high}"),
            (Some(one), None) | (None, Some(one)) => formatter.write_str(&one),
            (None, None) => formatter.write_str("any number"),
        }
    }
}

impl Expr {
    /// The numbers between which its values lie.
    pub fn bounds(&self) -> Bounds {
        match &self.kind {
            ExprKind::Number(number) => Bounds::between(*number, *number).or_all(),
            ExprKind::Text(_) | ExprKind::Selector(_) | ExprKind::Matrix(..) => Bounds::ALL,
            ExprKind::Subquery(subquery) => subquery.of.bounds(),
            ExprKind::Call(function, arguments) => of_call(function, arguments),
            ExprKind::Aggregate(aggregate) => of_aggregate(aggregate.operator, aggregate.of.bounds()),
            ExprKind::Binary(binary) => of_binary(binary),
            ExprKind::Negative(of) => of.bounds().negative(),
            ExprKind::Parentheses(of) => of.bounds(),
        }
    }
}

fn of_call(function: &Function, arguments: &[Expr]) -> Bounds {
    let argument = |place: usize| arguments.get(place).map_or(Bounds::ALL, Expr::bounds);
    match function.name {
        "absent" | "absent_over_time" | "present_over_time" => Bounds::between(1.0, 1.0),
        "sgn" => Bounds::between(-1.0, 1.0),
        "abs" | "sqrt" | "exp" | "rate" | "irate" | "increase" | "changes" | "resets"
        | "stddev_over_time" | "stdvar_over_time" => Bounds::FROM_ZERO,
        "count_over_time" => Bounds::between(1.0, f64::INFINITY),
        "histogram_fraction" => Bounds::between(0.0, 1.0),
        "hour" => Bounds::between(0.0, 23.0),
        "minute" => Bounds::between(0.0, 59.0),
        "day_of_week" => Bounds::between(0.0, 6.0),
        "clamp" => match (argument(1).only(), argument(2).only()) {
            (Some(low), Some(high)) => Bounds::between(low, high),
            _ => Bounds::ALL,
        },
        "clamp_min" => argument(1).only().map_or(Bounds::ALL, |low| Bounds::between(low, f64::INFINITY)),
        "clamp_max" => {
            argument(1).only().map_or(Bounds::ALL, |high| Bounds::between(f64::NEG_INFINITY, high))
        }
        "avg_over_time" | "min_over_time" | "max_over_time" | "last_over_time" | "sort" | "sort_desc"
        | "scalar" | "vector" | "label_replace" | "label_join" => argument(0),
        _ => Bounds::ALL,
    }
}

fn of_aggregate(operator: AggregateOperator, of: Bounds) -> Bounds {
    match operator {
        AggregateOperator::Avg
        | AggregateOperator::Min
        | AggregateOperator::Max
        | AggregateOperator::TopK
        | AggregateOperator::BottomK => of,
        // There is at least one series: the sum of what is not negative is no less than each.
        AggregateOperator::Sum if of.low.number >= 0.0 => Bounds { high: included(f64::INFINITY), ..of },
        AggregateOperator::Sum if of.high.number <= 0.0 => Bounds { low: included(f64::NEG_INFINITY), ..of },
        AggregateOperator::Count | AggregateOperator::CountValues => Bounds::between(1.0, f64::INFINITY),
        AggregateOperator::Group => Bounds::between(1.0, 1.0),
        AggregateOperator::Stddev | AggregateOperator::Stdvar => Bounds::FROM_ZERO,
        AggregateOperator::Sum | AggregateOperator::Quantile => Bounds::ALL,
    }
}

fn of_binary(binary: &Binary) -> Bounds {
    let (left, right) = (binary.left.bounds(), binary.right.bounds());
    match binary.operator {
        operator if operator.compares() && binary.is_bool => Bounds::between(0.0, 1.0),
        operator if operator.compares() => of_filter(binary, left, right),
        Operator::And | Operator::Unless => left,
        Operator::Or => left.or(right),
        Operator::Add => moved(left, right),
        Operator::Subtract => moved(left, right.negative()),
        Operator::Multiply => match (left.only(), right.only()) {
            (_, Some(factor)) => scaled(left, factor),
            (Some(factor), None) => scaled(right, factor),
            (None, None) if left.low.number >= 0.0 && right.low.number >= 0.0 => Bounds::FROM_ZERO,
            (None, None) => Bounds::ALL,
        },
        Operator::Divide => match right.only() {
            Some(divisor) if divisor != 0.0 => scaled(left, 1.0 / divisor),
            _ if left.low.number >= 0.0 && right.low.number >= 0.0 => Bounds::FROM_ZERO,
            _ => Bounds::ALL,
        },
        _ => Bounds::ALL,
    }
}

/// What a comparison lets through: the values of the side that is no number.
fn of_filter(binary: &Binary, left: Bounds, right: Bounds) -> Bounds {
    let mirrored = match binary.operator {
        Operator::Above => Operator::Below,
        Operator::AtLeast => Operator::AtMost,
        Operator::Below => Operator::Above,
        Operator::AtMost => Operator::AtLeast,
        other => other,
    };
    let is_scalar = |expr: &Expr| expr.result_type() == super::Type::Scalar;
    match (left.only(), right.only()) {
        (Some(number), _) if is_scalar(&binary.left) => right.meeting(mirrored, number),
        (_, Some(number)) => left.meeting(binary.operator, number),
        _ => left,
    }
}

fn moved(left: Bounds, right: Bounds) -> Bounds {
    let end =
        |a: End, b: End| End { number: a.number + b.number, is_included: a.is_included && b.is_included };
    Bounds { low: end(left.low, right.low), high: end(left.high, right.high) }.or_all()
}

fn scaled(bounds: Bounds, factor: f64) -> Bounds {
    match factor {
        factor if factor > 0.0 => bounds.map(|number| number * factor),
        factor if factor < 0.0 => bounds.negative().map(|number| number * -factor),
        // Infinity times zero is no number.
        0.0 => Bounds::between(0.0, 0.0),
        _ => Bounds::ALL,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::promql::parse;

    fn check(query: &str, expect: &str) {
        let expr = parse(query).unwrap_or_else(|error| panic!("{query}: {error:?}"));
        assert_eq!(expr.bounds().to_string(), expect, "{query}");
    }

    #[test]
    fn comparisons_and_functions_bound_values() {
        check("x", "any number");
        check("x > 5", "more than 5");
        check("5 <= x", "5 or more");
        check("x > 5 < 8", "more than 5 and less than 8");
        check("x > bool 5", "0 or more and at most 1");
        check("avg(up == 0)", "0 only");
        check("sum(x > 5)", "more than 5");
        check("sum(x < 5)", "any number");
        check("100 * (x < 0.5)", "less than 50");
        check("1 - clamp(x, 0, 1)", "0 or more and at most 1");
        check("-(x > 5)", "less than -5");
        check("rate(x[5m]) / rate(y[5m])", "0 or more");
        check("(x > 5) or (y > 3)", "more than 3");
        check("x and (traffic > 10)", "any number");
        check("max_over_time((x >= 2)[1h:1m])", "2 or more");
        check("count(up == 0)", "1 or more");
        check("x / 0", "any number");
        check("sum(x) * 0", "0 only");
    }

    #[test]
    fn a_limit_outside_of_them_is_never_met() {
        let never = |query: &str, operator: Operator, number: f64| {
            parse(query).expect("a query").bounds().never(operator, number)
        };
        assert!(never("x > 5", Operator::Below, 3.0));
        assert!(never("x > 5", Operator::AtMost, 5.0));
        assert!(never("x >= 5", Operator::Below, 5.0));
        assert!(!never("x >= 5", Operator::AtMost, 5.0));
        assert!(never("x > bool 5", Operator::Above, 1.0));
        assert!(!never("x > 5", Operator::Above, 3.0));
        assert!(!never("x", Operator::Below, 3.0));
        assert!(never("up == 0", Operator::Equal, 1.0));
        assert!(!never("up == 0", Operator::NotEqual, 0.0));
    }

    proptest! {
        /// Whatever meets all comparisons of a chain lies within the bounds.
        #[test]
        fn no_value_lies_outside(
            value in -10_i32..10,
            chain in prop::collection::vec((0..5_usize, -10_i32..10), 0..4),
        ) {
            const OPERATORS: [(&str, Operator); 5] = [
                (">", Operator::Above), (">=", Operator::AtLeast), ("<", Operator::Below),
                ("<=", Operator::AtMost), ("==", Operator::Equal),
            ];
            let mut query = "x".to_owned();
            let mut passes = true;
            for (at, number) in chain {
                let (sign, operator) = OPERATORS[at];
                query = format!("({query} {sign} {number})");
                passes &= operator.holds(f64::from(value), f64::from(number));
            }
            let bounds = parse(&query).expect("a query").bounds();
            prop_assert!(!passes || !bounds.never(Operator::Equal, f64::from(value)), "{query} {value}");
        }
    }
}
