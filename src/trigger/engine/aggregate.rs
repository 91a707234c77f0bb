//! Several series made to fewer.

use rustc_hash::FxHashMap;

use super::{ABSENT, Column, Engine, EngineError, Grid, Labels, NAME, is_absent, present};
use crate::model::promql::{Aggregate, AggregateOperator, Grouping};

impl Engine<'_> {
    pub(super) fn aggregate(&self, aggregate: &Aggregate, grid: Grid) -> Result<Vec<Column>, EngineError> {
        let add: fn(&mut Group, f64) = match aggregate.operator {
            AggregateOperator::Sum => |group, value| group.value += value,
            AggregateOperator::Avg => average,
            AggregateOperator::Count => |group, _| group.value = group.count,
            AggregateOperator::Group => |group, _| group.value = 1.0,
            AggregateOperator::Min => |group, value| {
                if group.value > value || group.value.is_nan() {
                    group.value = value;
                }
            },
            AggregateOperator::Max => |group, value| {
                if group.value < value || group.value.is_nan() {
                    group.value = value;
                }
            },
            other => return Err(EngineError::NotBuilt(format!("the aggregation `{}`", other.word()))),
        };
        let counts = aggregate.operator == AggregateOperator::Count;
        let groups = aggregate.operator == AggregateOperator::Group;
        let columns = self.columns(&aggregate.of, grid)?;
        let mut order: Vec<Labels> = Vec::new();
        let mut members: FxHashMap<Labels, Vec<Column>> = FxHashMap::default();
        for column in columns {
            let labels = kept(&column.labels, &aggregate.grouping);
            let group = members.entry(labels.clone()).or_insert_with(|| {
                order.push(labels);
                Vec::new()
            });
            group.push(column);
        }
        let mut found = Vec::new();
        for labels in order {
            let members = members.remove(&labels).unwrap_or_default();
            let value = |index: usize| {
                let mut group = Group { value: ABSENT, count: 0.0 };
                for value in
                    members.iter().map(|member| member.values[index]).filter(|value| !is_absent(*value))
                {
                    group.count += 1.0;
                    match group.count {
                        1.0 => group.value = if counts || groups { 1.0 } else { value },
                        _ => add(&mut group, value),
                    }
                }
                if group.count == 0.0 { ABSENT } else { present(group.value) }
            };
            found.push(Column { values: (0..grid.count).map(value).collect(), labels });
        }
        Ok(found)
    }
}

struct Group {
    value: f64,
    count: f64,
}

/// The mean so far, which Prometheus changes by each value so that no sum grows beyond all numbers.
fn average(group: &mut Group, value: f64) {
    if group.value.is_infinite() {
        let same = value.is_infinite() && (group.value > 0.0) == (value > 0.0);
        if same || value.is_finite() {
            return;
        }
    }
    group.value += value / group.count - group.value / group.count;
}

fn kept(labels: &Labels, grouping: &Grouping) -> Labels {
    let keeps = |label: &String| match grouping {
        Grouping::By(kept) => kept.contains(label),
        Grouping::Without(dropped) => !dropped.contains(label) && label != NAME,
    };
    labels.iter().filter(|(label, _)| keeps(label)).cloned().collect()
}
