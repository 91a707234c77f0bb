//! Recorded series, and which of them a selector means.

use super::{ABSENT, Column, Engine, EngineError, Grid, LOOKBACK, Labels, NAME, Sample, is_absent};
use crate::model::promql::{MatchOperator, Selector, pattern};

/// A recorded series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its labels, sorted.
    pub labels: Labels,
    /// Its samples, in the order of their times.
    pub samples: Vec<Sample>,
    /// How long a sample counts, in milliseconds: that of Prometheus, or nothing for values that were themselves asked of it.
    pub lookback: i64,
}

impl Series {
    /// A series of samples that Prometheus scraped.
    pub fn scraped(mut labels: Labels, samples: Vec<Sample>) -> Self {
        labels.sort();
        Series { labels, samples, lookback: LOOKBACK }
    }

    /// A series of the values that a query had, which say nothing beyond their own moments.
    pub fn asked(mut labels: Labels, samples: Vec<Sample>) -> Self {
        labels.sort();
        Series { labels, samples, lookback: 0 }
    }
}

impl Engine<'_> {
    /// The series that a selector means.
    pub(super) fn matching(&self, selector: &Selector) -> Result<Vec<&Series>, EngineError> {
        if selector.at.is_some() {
            return Err(EngineError::NotBuilt("`@`".to_owned()));
        }
        let mut conditions: Vec<Condition<'_>> = Vec::new();
        if let Some(name) = &selector.name {
            conditions.push(Condition { label: NAME, test: Test::Equal(name) });
        }
        for matcher in &selector.matchers {
            let compiled =
                || pattern(&matcher.value).map_err(|error| EngineError::NotBuilt(error.to_string()));
            let test = match matcher.operator {
                MatchOperator::Equal => Test::Equal(&matcher.value),
                MatchOperator::NotEqual => Test::NotEqual(&matcher.value),
                MatchOperator::Pattern => Test::Pattern(compiled()?),
                MatchOperator::NotPattern => Test::NotPattern(compiled()?),
            };
            conditions.push(Condition { label: &matcher.label, test });
        }
        let fits = |series: &&Series| conditions.iter().all(|condition| condition.fits(&series.labels));
        Ok(self.data.iter().filter(fits).collect())
    }

    /// The latest sample of each series that a selector means.
    pub(super) fn latest(&self, selector: &Selector, grid: Grid) -> Result<Vec<Column>, EngineError> {
        let columns = self.matching(selector)?.into_iter().map(|series| {
            let mut next = 0;
            let values = grid.times().map(|time| {
                let moment = time - selector.offset;
                while series.samples.get(next).is_some_and(|sample| sample.time <= moment) {
                    next += 1;
                }
                let latest = next.checked_sub(1).map(|latest| series.samples[latest]);
                match latest.filter(|latest| latest.time >= moment - series.lookback) {
                    Some(latest) => latest.value,
                    None => ABSENT,
                }
            });
            Column { labels: series.labels.clone(), values: values.collect() }
        });
        Ok(columns.filter(|column| column.values.iter().any(|value| !is_absent(*value))).collect())
    }
}

struct Condition<'s> {
    label: &'s str,
    test: Test<'s>,
}

enum Test<'s> {
    Equal(&'s str),
    NotEqual(&'s str),
    Pattern(regex::Regex),
    NotPattern(regex::Regex),
}

impl Condition<'_> {
    /// A label that a series does not have is empty.
    fn fits(&self, labels: &Labels) -> bool {
        let value = labels.iter().find(|(label, _)| label == self.label).map_or("", |(_, value)| value);
        match &self.test {
            Test::Equal(wanted) => value == *wanted,
            Test::NotEqual(unwanted) => value != *unwanted,
            Test::Pattern(pattern) => pattern.is_match(value),
            Test::NotPattern(pattern) => !pattern.is_match(value),
        }
    }
}
