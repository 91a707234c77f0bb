//! What an alerting rule does with the values of its expression, as in Prometheus.

use super::engine::{Column, Grid, Labels, NAME, is_absent};
use crate::model::duration::Duration;

/// What an alert is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its condition is not met.
    Inactive,
    /// Its condition is met, but not for long enough.
    Pending,
    /// Its condition has been met for long enough.
    Firing,
}

/// An alert for one series, with its state at each moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The labels of the series, without the name of the metric.
    pub labels: Labels,
    /// The states.
    pub states: Vec<State>,
}

/// The alerts of a condition: for each series the states that Prometheus gives it.
///
/// A moment without a value ends a pending alert, and a firing one unless it goes on for a time. NaN is no value, because a
/// comparison with it never holds.
pub fn alerts(columns: &[Column], grid: Grid, hold: Duration, keep_firing: Duration) -> Vec<Alert> {
    let mut joined: Vec<(Labels, Vec<bool>)> = Vec::new();
    for column in columns {
        let mut labels = column.labels.clone();
        labels.retain(|(label, _)| label != NAME);
        let met: Vec<bool> = column.values.iter().map(|value| !is_absent(*value)).collect();
        match joined.iter_mut().find(|(known, _)| *known == labels) {
            Some((_, known)) => known.iter_mut().zip(met).for_each(|(known, met)| *known |= met),
            None => joined.push((labels, met)),
        }
    }
    let (hold, keep) = (millis(hold), millis(keep_firing));
    let alert = |(labels, met): (Labels, Vec<bool>)| Alert { labels, states: states(&met, grid, hold, keep) };
    joined.into_iter().map(alert).collect()
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.millis()).unwrap_or(i64::MAX)
}

fn states(met: &[bool], grid: Grid, hold: i64, keep_firing: i64) -> Vec<State> {
    let mut active_since = None;
    let mut ended_at = None;
    let mut state = State::Inactive;
    let mut states = Vec::with_capacity(met.len());
    for (time, is_met) in grid.times().zip(met) {
        if *is_met {
            ended_at = None;
            let since = *active_since.get_or_insert(time);
            state = match state {
                State::Firing => State::Firing,
                _ if time - since >= hold => State::Firing,
                _ => State::Pending,
            };
        } else {
            let goes_on = state == State::Firing
                && keep_firing > 0
                && time - *ended_at.get_or_insert(time) < keep_firing;
            if !goes_on {
                (active_since, ended_at, state) = (None, None, State::Inactive);
            }
        }
        states.push(state);
    }
    states
}
