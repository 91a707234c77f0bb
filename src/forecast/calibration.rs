//! Calibration: how late earlier forecasts turned out to be, and what follows for the next one.
//!
//! A forecast that is made of a spread of past weeks is too sure of itself, the more the further it looks ahead. So only
//! its median is kept. It is multiplied by the quantiles of actual ÷ forecast of forecasts whose outcome is known
//! (conformal prediction): those of the plan itself, as far as there are any, and twenty that stand for other projects.

use super::simulation::{Trials, quantile};
use super::throughput::{Backlog, Pace};
use crate::model::Amount;
use crate::random::Random;

/// How many past weeks a pace is drawn from.
pub const WINDOW: usize = 13;

/// How many of the plan's own outcomes count, the latest ones.
const MOST_OWN: usize = 60;

/// How many trials the median of an earlier forecast is made of.
const TRIALS: u32 = 400;

/// A forecast whose outcome is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resolved {
    /// The week in which it was made, as a position in the history.
    pub made: usize,
    /// The median of the weeks that it named.
    pub median: f64,
    /// The weeks that 85 % of its trials did not exceed, before calibration.
    pub simulated: f64,
    /// The weeks that it took; nothing where the history ends before.
    pub actual: Option<f64>,
}

impl Resolved {
    /// Whether the work was done within so many weeks, in a history of so many; nothing as long as they are not over. Work
    /// that is still open after them has missed them.
    pub fn held(&self, limit: f64, history: usize) -> Option<bool> {
        let is_over = self.made as f64 + limit <= history as f64;
        is_over.then(|| self.actual.is_some_and(|actual| actual <= limit))
    }

    /// The weeks within which it is done with a likelihood, after calibration.
    pub fn calibrated(&self, calibration: &Calibration, share: f64) -> f64 {
        (self.median * calibration.factor(share) - 1e-9).ceil()
    }
}

/// What earlier forecasts say about the next one.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Actual ÷ forecast, sorted.
    ratios: Vec<f64>,
    /// How many of them are the plan's own.
    pub own: usize,
    /// How many stand for other projects.
    pub borrowed: usize,
}

/// Actual ÷ median forecast of other projects, by the weeks that the forecast looked ahead: the twentieths of rolling
/// forecasts on the merged changes of ten public repositories (see docs/forecast.md).
const OTHERS: &[(f64, [f64; 20])] = &[
    (
        4.0,
        [
            0.2, 0.4, 0.5, 0.6, 0.75, 0.75, 0.8, 0.8, 1.0, 1.0, 1.0, 1.2, 1.25, 1.25, 1.4, 1.5, 1.6, 1.8,
            2.2, 3.0,
        ],
    ),
    (
        8.0,
        [
            0.222, 0.375, 0.5, 0.625, 0.667, 0.75, 0.778, 0.875, 0.889, 1.0, 1.0, 1.111, 1.125, 1.222, 1.25,
            1.375, 1.444, 1.625, 1.778, 2.375,
        ],
    ),
    (
        13.0,
        [
            0.231, 0.385, 0.538, 0.615, 0.667, 0.714, 0.786, 0.846, 0.923, 0.929, 1.0, 1.0, 1.077, 1.143,
            1.214, 1.308, 1.385, 1.538, 1.714, 2.231,
        ],
    ),
    (
        26.0,
        [
            0.231, 0.407, 0.519, 0.615, 0.692, 0.731, 0.778, 0.846, 0.885, 0.926, 0.964, 1.037, 1.074, 1.148,
            1.192, 1.296, 1.385, 1.5, 1.731, 2.481,
        ],
    ),
];

impl Calibration {
    /// What the outcomes of a plan's own forecasts and those of others say about one that looks so many weeks ahead.
    pub fn of_pace(own: &[f64], weeks: f64) -> Self {
        let distance = |known: f64| (known.max(1.0) / weeks.max(1.0)).ln().abs();
        let others = OTHERS.iter().min_by(|a, b| distance(a.0).total_cmp(&distance(b.0)));
        Calibration::new(own, others.map_or(&[][..], |(_, ratios)| ratios))
    }

    /// The same where twenty quantiles of the simulation itself stand for what is not known of the plan's own outcomes.
    pub fn of_simulation(own: &[f64], sorted: &[f32]) -> Option<Self> {
        let median = f64::from(quantile(sorted, 0.5)?);
        if own.is_empty() || median <= 0.0 || !median.is_finite() {
            return None;
        }
        let missing = 20_usize.saturating_sub(own.len());
        let spread = (0..missing).filter_map(|part| quantile(sorted, (part as f64 + 0.5) / missing as f64));
        let spread: Vec<f64> = spread.map(|value| f64::from(value) / median).collect();
        Some(Calibration::new(own, &spread))
    }

    fn new(own: &[f64], borrowed: &[f64]) -> Self {
        let own = &own[own.len().saturating_sub(MOST_OWN)..];
        let mut ratios: Vec<f64> =
            own.iter().chain(borrowed).copied().filter(|ratio| ratio.is_finite()).collect();
        ratios.sort_by(f64::total_cmp);
        Calibration { ratios, own: own.len(), borrowed: borrowed.len() }
    }

    /// By what a median is multiplied so that the outcome lies below with this likelihood.
    pub fn factor(&self, share: f64) -> f64 {
        let count = self.ratios.len();
        let rank = ((count + 1) as f64 * share - 1e-9).ceil().max(1.0) as usize;
        self.ratios.get(rank.min(count) - 1).copied().unwrap_or(1.0)
    }

    /// How likely it is that the outcome is at most so many times the median.
    pub fn likelihood(&self, times: f64) -> f64 {
        let until = self.ratios.partition_point(|ratio| *ratio <= times + 1e-9);
        until as f64 / (self.ratios.len() + 1) as f64
    }
}

/// Rolling forecasts over a history: at each week one is made for as many items as `ahead` weeks would do at the pace of
/// the weeks before it.
pub fn rolling(weeks: &[u32], ahead: f64, seed: u64) -> Vec<Resolved> {
    let mut resolved = Vec::new();
    for made in WINDOW..weeks.len() {
        let window = &weeks[made - WINDOW..made];
        let pace = window.iter().map(|items| f64::from(*items)).sum::<f64>() / WINDOW as f64;
        let items = (pace * ahead).round();
        if items < 1.0 {
            continue;
        }
        let backlog = Backlog {
            parts: vec![Amount::exactly(items)],
            split: Amount::exactly(1.0),
            pace: Pace::Weeks(window.to_vec()),
            weeks: Vec::new(),
            risks: Vec::new(),
            days_per_week: 5.0,
        };
        let seed = Random::of_trial(seed, made as u64).bits();
        let Some(simulated) = backlog.run(Trials { count: TRIALS, seed }) else { continue };
        let at = |share| quantile(&simulated, share).map(f64::from);
        let (Some(median), Some(simulated)) = (at(0.5), at(0.85)) else { continue };
        if !median.is_finite() {
            continue;
        }
        resolved.push(Resolved { made, median, simulated, actual: taken(&weeks[made..], items) });
    }
    resolved
}

/// How many weeks it took to do so many items; nothing if that was not seen.
fn taken(weeks: &[u32], items: f64) -> Option<f64> {
    let mut done = 0.0;
    weeks.iter().zip(1u32..).find_map(|(week, number)| {
        done += f64::from(*week);
        (done >= items).then(|| f64::from(number))
    })
}

/// Actual ÷ median of those forecasts whose outcome was known in a week. Forecasts that look far ahead and were made week
/// after week share most of their weeks, so that only one of several counts.
pub fn known_ratios(resolved: &[Resolved], ahead: f64, week: usize) -> Vec<f64> {
    let apart = (ahead / 4.0).round().max(1.0) as usize;
    let known = resolved.iter().filter(|forecast| forecast.made % apart == 0).filter_map(|forecast| {
        let actual = forecast.actual.filter(|actual| forecast.made + *actual as usize <= week)?;
        (forecast.median > 0.0).then(|| actual / forecast.median)
    });
    known.collect()
}

/// How often a date that should hold with a likelihood of 85 % did, over the rolling forecasts of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HitRate {
    /// Forecasts both dates of which are over.
    pub forecasts: usize,
    /// Those whose simulated date held.
    pub simulated: usize,
    /// Those whose calibrated date held.
    pub calibrated: usize,
}

impl HitRate {
    /// The hit rate of forecasts that look so many weeks ahead.
    pub fn of(weeks: &[u32], ahead: usize, seed: u64) -> Self {
        let resolved = rolling(weeks, ahead as f64, seed);
        let mut rate = HitRate::default();
        for forecast in &resolved {
            let calibration =
                Calibration::of_pace(&known_ratios(&resolved, ahead as f64, forecast.made), ahead as f64);
            let held = |limit: f64| forecast.held(limit, weeks.len());
            let both = held(forecast.simulated).zip(held(forecast.calibrated(&calibration, 0.85)));
            let Some((simulated, calibrated)) = both else { continue };
            rate.forecasts += 1;
            rate.simulated += usize::from(simulated);
            rate.calibrated += usize::from(calibrated);
        }
        rate
    }

    /// The sum of two.
    pub fn and(self, other: Self) -> Self {
        HitRate {
            forecasts: self.forecasts + other.forecasts,
            simulated: self.simulated + other.simulated,
            calibrated: self.calibrated + other.calibrated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_quantiles_of_what_happened() {
        let own: Vec<f64> = (1..=59).map(|number| f64::from(number) / 30.0).collect();
        let calibration = Calibration::new(&own, &[]);
        assert_eq!(calibration.factor(0.5), 1.0);
        assert_eq!(calibration.factor(0.85), 1.7);
        assert_eq!(calibration.likelihood(1.7), 0.85);
        assert_eq!((calibration.factor(0.0), calibration.factor(1.0)), (1.0 / 30.0, 59.0 / 30.0));
        assert_eq!(
            (calibration.likelihood(0.0), calibration.likelihood(9.0)),
            (0.0, 59.0 / 60.0),
            "nothing is certain"
        );
    }

    #[test]
    fn without_a_record_others_stand_in() {
        let calibration = Calibration::of_pace(&[], 11.0);
        assert_eq!((calibration.own, calibration.borrowed), (0, 20));
        assert!((1.3..1.7).contains(&calibration.factor(0.85)), "{}", calibration.factor(0.85));
        assert!(Calibration::of_pace(&[], 0.0).factor(0.85).is_finite());
        assert!(Calibration::of_simulation(&[], &[1.0, 2.0]).is_none());
        assert!(Calibration::of_simulation(&[1.0], &[0.0]).is_none());
        let some = Calibration::of_simulation(&[1.2, 1.4], &[8.0, 10.0, 12.0]).expect("a calibration");
        assert_eq!((some.own, some.borrowed), (2, 18));
    }

    #[test]
    fn a_forecast_that_is_open_has_missed_the_dates_that_are_over() {
        let open = Resolved { made: 20, median: 4.0, simulated: 6.0, actual: None };
        assert_eq!([open.held(6.0, 25), open.held(5.0, 25)], [None, Some(false)]);
        let done = Resolved { actual: Some(5.0), ..open };
        assert_eq!(
            [done.held(6.0, 25), done.held(5.0, 25), done.held(4.0, 25)],
            [None, Some(true), Some(false)]
        );
        // Work that stops for good: every forecast whose date is over counts, whether anything was done since or not.
        let stopped: Vec<u32> = [[5; 40].as_slice(), &[0; 20]].concat();
        let rate = HitRate::of(&stopped, 4, 1);
        assert!(rate.forecasts > rate.calibrated + 10, "{rate:?}");
    }

    #[test]
    fn a_steady_history_is_met() {
        let rate = HitRate::of(&[5; 60], 8, 1);
        assert_eq!((rate.simulated, rate.calibrated), (rate.forecasts, rate.forecasts));
        assert!(rate.forecasts > 30, "{rate:?}");
        assert_eq!(HitRate::of(&[5; 12], 8, 1), HitRate::default());
        assert_eq!(HitRate::of(&[0; 60], 8, 1), HitRate::default());
    }

    #[test]
    fn the_85_per_cent_date_holds_on_public_histories() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/throughput");
        let files = std::fs::read_dir(&folder).expect("histories").map(|file| file.expect("a file").path());
        let files: Vec<_> =
            files.filter(|file| file.extension().is_some_and(|ending| ending == "csv")).collect();
        assert_eq!(files.len(), 10);
        for ahead in [4, 8, 13, 26] {
            let rate = files.iter().map(|file| {
                let text = std::fs::read_to_string(file).expect("a history");
                let items = text
                    .lines()
                    .skip(1)
                    .map(|line| line.rsplit(',').next().expect("items").parse().expect("a number"));
                HitRate::of(&items.collect::<Vec<u32>>(), ahead, 1)
            });
            let rate = rate.fold(HitRate::default(), HitRate::and);
            let share = |held: usize| held as f64 / rate.forecasts as f64;
            println!(
                "{ahead} weeks: {} forecasts, simulated {:.3}, calibrated {:.3}",
                rate.forecasts,
                share(rate.simulated),
                share(rate.calibrated)
            );
            assert!((0.82..=0.90).contains(&share(rate.calibrated)), "{ahead} weeks: {rate:?}");
        }
    }
}
