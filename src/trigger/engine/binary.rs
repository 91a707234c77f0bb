//! Two expressions with an operator between them.

use rustc_hash::FxHashMap;

use super::{
    ABSENT, Column, Engine, EngineError, Grid, Labels, NAME, Value, is_absent, labels_text, present,
    without_name,
};
use crate::model::promql::{Binary, Matching, Operator, Side};

impl Engine<'_> {
    pub(super) fn binary(&self, binary: &Binary, grid: Grid) -> Result<Value, EngineError> {
        let (left, right) = (self.value(&binary.left, grid)?, self.value(&binary.right, grid)?);
        match (left, right) {
            (Value::Scalar(left), Value::Scalar(right)) => {
                let values = left.iter().zip(&right).map(|(left, right)| {
                    let (value, holds) = apply(binary.operator, *left, *right);
                    if binary.operator.compares() { f64::from(u8::from(holds)) } else { value }
                });
                Ok(Value::Scalar(values.collect()))
            }
            (Value::Vector(left), Value::Scalar(right)) => {
                Ok(Value::Vector(with_scalar(binary, left, |index| right[index], false)))
            }
            (Value::Scalar(left), Value::Vector(right)) => {
                Ok(Value::Vector(with_scalar(binary, right, |index| left[index], true)))
            }
            (Value::Vector(left), Value::Vector(right)) => match binary.operator {
                operator if operator.joins_sets() => Ok(Value::Vector(sets(binary, left, right, grid))),
                _ => pairs(binary, left, right).map(Value::Vector),
            },
        }
    }
}

/// What an operator yields, and whether a comparison holds.
fn apply(operator: Operator, left: f64, right: f64) -> (f64, bool) {
    match operator {
        Operator::Add => (left + right, true),
        Operator::Subtract => (left - right, true),
        Operator::Multiply => (left * right, true),
        Operator::Divide => (left / right, true),
        Operator::Modulo => (left % right, true),
        Operator::Power => (left.powf(right), true),
        Operator::Atan2 => (left.atan2(right), true),
        Operator::Equal => (left, left == right),
        Operator::NotEqual => (left, left != right),
        Operator::Above => (left, left > right),
        Operator::Below => (left, left < right),
        Operator::AtLeast => (left, left >= right),
        Operator::AtMost => (left, left <= right),
        Operator::And | Operator::Or | Operator::Unless => (left, true),
    }
}

/// The value of one pair: of a comparison the left value, or 0 and 1.
fn result(binary: &Binary, left: f64, right: f64) -> f64 {
    let (value, holds) = apply(binary.operator, left, right);
    match (binary.operator.compares(), binary.is_bool) {
        (true, true) => f64::from(u8::from(holds)),
        _ if holds => present(value),
        _ => ABSENT,
    }
}

fn keeps_name(binary: &Binary) -> bool {
    binary.operator.compares() && !binary.is_bool
}

fn with_scalar(
    binary: &Binary,
    columns: Vec<Column>,
    scalar: impl Fn(usize) -> f64,
    is_left: bool,
) -> Vec<Column> {
    let column = |column: Column| {
        let labels = if keeps_name(binary) { column.labels } else { without_name(column.labels) };
        let value = |(index, value): (usize, f64)| {
            if is_absent(value) {
                return value;
            }
            let scalar = scalar(index);
            if !is_left {
                return result(binary, value, scalar);
            }
            // A comparison yields the value of the series, on whichever side it stands.
            let found = result(binary, scalar, value);
            if keeps_name(binary) && !is_absent(found) { value } else { found }
        };
        Column { labels, values: column.values.into_iter().enumerate().map(value).collect() }
    };
    columns.into_iter().map(column).collect()
}

/// The labels by which series of both sides belong together.
fn signature(labels: &Labels, matching: &Matching) -> Labels {
    let counts = |label: &str| match matching.on {
        true => matching.labels.iter().any(|known| known == label),
        false => label != NAME && !matching.labels.iter().any(|known| known == label),
    };
    labels.iter().filter(|(label, _)| counts(label)).cloned().collect()
}

fn by_signature(columns: Vec<Column>, matching: &Matching) -> FxHashMap<Labels, Vec<Column>> {
    let mut found: FxHashMap<Labels, Vec<Column>> = FxHashMap::default();
    for column in columns {
        found.entry(signature(&column.labels, matching)).or_default().push(column);
    }
    found
}

fn several(binary: &Binary, labels: &Labels) -> EngineError {
    EngineError::SeveralSeries { operator: binary.operator.sign(), labels: labels_text(labels) }
}

fn pairs(binary: &Binary, left: Vec<Column>, right: Vec<Column>) -> Result<Vec<Column>, EngineError> {
    let matching = &binary.matching;
    let is_right_many = matching.many == Some(Side::Right);
    let (many, one) = if is_right_many { (right, left) } else { (left, right) };
    let one = by_signature(one, matching);
    let mut found: Vec<Column> = Vec::new();
    let mut taken: FxHashMap<Labels, usize> = FxHashMap::default();
    for column in many {
        let key = signature(&column.labels, matching);
        let Some(partners) = one.get(&key) else { continue };
        for partner in partners {
            let labels = paired_labels(binary, &column.labels, &partner.labels);
            let values = column.values.iter().zip(&partner.values).map(|(value, other)| {
                let (left, right) = if is_right_many { (*other, *value) } else { (*value, *other) };
                if is_absent(left) || is_absent(right) { ABSENT } else { result(binary, left, right) }
            });
            let values: Vec<f64> = values.collect();
            let both = |first: &[f64], second: &[f64]| {
                first.iter().zip(second).any(|(a, b)| !is_absent(*a) && !is_absent(*b))
            };
            // Two of them are wrong only where both have a value at one moment.
            match taken.get(&labels) {
                Some(at) if both(&found[*at].values, &values) => return Err(several(binary, &key)),
                Some(at) => {
                    for (kept, value) in found[*at].values.iter_mut().zip(values) {
                        if is_absent(*kept) {
                            *kept = value;
                        }
                    }
                }
                None => {
                    taken.insert(labels.clone(), found.len());
                    found.push(Column { labels, values });
                }
            }
        }
        let overlap = |index: usize| {
            partners.iter().filter(|partner| !is_absent(partner.values[index])).count() > 1
                && !is_absent(column.values[index])
        };
        if partners.len() > 1 && (0..column.values.len()).any(overlap) {
            return Err(several(binary, &key));
        }
    }
    found.retain(|column| column.values.iter().any(|value| !is_absent(*value)));
    Ok(found)
}

fn paired_labels(binary: &Binary, many: &Labels, one: &Labels) -> Labels {
    let matching = &binary.matching;
    let mut labels: Labels = match matching.many {
        None => signature(many, matching),
        Some(_) => many.clone(),
    };
    if !keeps_name(binary) || matching.many.is_none() && !matching.on {
        labels = without_name(labels);
    }
    // A comparison of series without `on` keeps the name of the left one.
    if keeps_name(binary)
        && matching.many.is_none()
        && !matching.on
        && let Some(name) = many.iter().find(|(label, _)| label == NAME)
    {
        labels.push(name.clone());
    }
    for label in &matching.include {
        labels.retain(|(known, _)| known != label);
        labels.extend(one.iter().find(|(known, _)| known == label).cloned());
    }
    labels.sort();
    labels
}

/// Whether any of the columns has a value at a moment.
fn any(columns: Option<&Vec<Column>>, index: usize) -> bool {
    columns.is_some_and(|columns| columns.iter().any(|column| !is_absent(column.values[index])))
}

fn sets(binary: &Binary, left: Vec<Column>, right: Vec<Column>, grid: Grid) -> Vec<Column> {
    let matching = &binary.matching;
    let keep = |columns: Vec<Column>, others: &FxHashMap<Labels, Vec<Column>>, wanted: bool| {
        let columns = columns.into_iter().map(|mut column| {
            let partners = others.get(&signature(&column.labels, matching));
            for index in 0..grid.count {
                if any(partners, index) != wanted {
                    column.values[index] = ABSENT;
                }
            }
            column
        });
        columns.filter(|column| column.values.iter().any(|value| !is_absent(*value))).collect::<Vec<_>>()
    };
    match binary.operator {
        Operator::And => keep(left, &by_signature(right, matching), true),
        Operator::Unless => keep(left, &by_signature(right, matching), false),
        _ => {
            let mut both = left.clone();
            for column in keep(right, &by_signature(left, matching), false) {
                // Series of one set of labels are one series.
                match both.iter_mut().find(|known| known.labels == column.labels) {
                    Some(known) => {
                        for (value, other) in known.values.iter_mut().zip(column.values) {
                            if is_absent(*value) {
                                *value = other;
                            }
                        }
                    }
                    None => both.push(column),
                }
            }
            both
        }
    }
}
