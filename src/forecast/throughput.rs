//! A forecast from the pace of the past: how many weeks it takes to do so many work items.
//!
//! A trial draws how many items there are, how much they grow while they are worked on, and for each week how many are
//! done, until none is left (Magennis).

use rayon::prelude::*;

use super::simulation::{RiskEvent, Trials};
use crate::forecast::quantiles::Quantiles;
use crate::model::Amount;
use crate::random::Random;

/// How many items are done in a week.
#[derive(Debug, Clone, PartialEq)]
pub enum Pace {
    /// As many as in one of these weeks, each of which is equally likely.
    Weeks(Vec<u32>),
    /// Any number between two.
    Between(u32, u32),
}

/// What is to be done, and how fast that goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Backlog {
    /// Parts, each with the number of its items.
    pub parts: Vec<Amount>,
    /// By how much the items grow in number.
    pub split: Amount,
    /// How many are done in a week.
    pub pace: Pace,
    /// How much of each week from now on is worked, from 0 to 1; later weeks are worked in full.
    pub weeks: Vec<f64>,
    /// What may occur; its delay is in working days, of which a week has `days_per_week`.
    pub risks: Vec<RiskEvent>,
    /// How many working days a week has.
    pub days_per_week: f64,
}

/// After so many weeks a trial is given up: it has no end, since nothing can be said of twenty years.
pub const MOST_WEEKS: u32 = 1_040;

impl Pace {
    /// How many items are done in a week on average.
    pub fn mean(&self) -> f64 {
        match self {
            Pace::Weeks(weeks) => {
                weeks.iter().map(|items| f64::from(*items)).sum::<f64>() / (weeks.len().max(1)) as f64
            }
            Pace::Between(low, high) => f64::midpoint(f64::from(*low), f64::from(*high)),
        }
    }

    fn draw(&self, random: &mut Random) -> u32 {
        match self {
            Pace::Weeks(weeks) => weeks[random.below(weeks.len() as u32) as usize],
            Pace::Between(low, high) => random.between(*low, *high),
        }
    }
}

impl Backlog {
    /// How many weeks each trial takes, sorted; infinitely many where it was given up. Nothing if nothing is ever done.
    pub fn run(&self, trials: Trials) -> Option<Vec<f32>> {
        if self.pace.mean() <= 0.0 {
            return None;
        }
        let delays: Vec<Quantiles> = self
            .risks
            .iter()
            .map(|risk| Quantiles::pert(risk.delay).times(1.0 / self.days_per_week))
            .collect();
        let trial = |trial: u32| self.trial(&mut Random::of_trial(trials.seed, u64::from(trial)), &delays);
        let mut weeks: Vec<f32> = (0..trials.count).into_par_iter().with_min_len(64).map(trial).collect();
        weeks.par_sort_unstable_by(f32::total_cmp);
        Some(weeks)
    }

    /// How many items are done after each of so many weeks, one number for each of a few trials.
    pub fn done_after(&self, trials: Trials, weeks: usize) -> Vec<Vec<f32>> {
        let count = trials.count.min(2_000);
        let mut done = vec![Vec::with_capacity(count as usize); weeks.min(MOST_WEEKS as usize)];
        for trial in 0..count {
            // Another sequence than that of the trials that find the end.
            let mut random = Random::of_trial(!trials.seed, u64::from(trial));
            let mut sum = 0.0;
            for (week, counts) in done.iter_mut().enumerate() {
                let worked = self.weeks.get(week).copied().unwrap_or(1.0);
                sum += f64::from(self.pace.draw(&mut random)) * worked;
                counts.push(sum as f32);
            }
        }
        done
    }

    fn trial(&self, random: &mut Random, delays: &[Quantiles]) -> f32 {
        let mut delay = 0.0;
        for (risk, days) in self.risks.iter().zip(delays) {
            let (chance, weeks) = (random.share(), days.draw(random));
            if chance < risk.probability {
                delay += weeks;
            }
        }
        let items: f64 =
            self.parts.iter().map(|part| f64::from(random.between(part.low as u32, part.high as u32))).sum();
        let growth = self.split.low + (self.split.high - self.split.low) * random.share();
        let mut left = (items * growth - 1e-9).ceil();
        let mut week = 0;
        while left > 0.0 && week < MOST_WEEKS {
            let worked = self.weeks.get(week as usize).copied().unwrap_or(1.0);
            left -= f64::from(self.pace.draw(random)) * worked;
            week += 1;
        }
        match left > 0.0 {
            true => f32::INFINITY,
            false => week as f32 + delay,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::simulation::quantile;
    use crate::network::Effort;

    fn backlog(items: Amount, split: Amount, pace: Pace) -> Backlog {
        Backlog { parts: vec![items], split, pace, weeks: Vec::new(), risks: Vec::new(), days_per_week: 5.0 }
    }

    /// The percentiles that Troy Magennis publishes for his example, from 5 to 95 per cent: 50 to 58 stories that grow by
    /// 1 to 2, at 3 to 6 a week.
    const PUBLISHED: &[(f64, f32)] = &[(0.5, 19.0), (0.85, 23.0), (0.95, 25.0)];

    #[test]
    fn the_published_example_comes_out() {
        let backlog =
            backlog(Amount { low: 50.0, high: 58.0 }, Amount { low: 1.0, high: 2.0 }, Pace::Between(3, 6));
        for seed in 1..=4 {
            let weeks = backlog.run(Trials { count: 10_000, seed }).expect("weeks");
            for (share, expect) in PUBLISHED {
                let found = quantile(&weeks, *share).expect("weeks");
                assert!((found - expect).abs() <= 1.0, "{share}: {found} instead of {expect}");
            }
        }
    }

    #[test]
    fn a_steady_pace_is_a_division() {
        let steady = |items: f64, pace: u32| {
            let backlog = backlog(Amount::exactly(items), Amount::exactly(1.0), Pace::Weeks(vec![pace; 8]));
            let weeks = backlog.run(Trials { count: 100, seed: 1 }).expect("weeks");
            (weeks[0], weeks[99])
        };
        assert_eq!(steady(40.0, 5), (8.0, 8.0));
        assert_eq!(steady(41.0, 5), (9.0, 9.0));
        assert_eq!(steady(0.0, 5), (0.0, 0.0));
    }

    #[test]
    fn where_nothing_is_done_there_is_no_forecast() {
        let idle = |pace| {
            backlog(Amount::exactly(3.0), Amount::exactly(1.0), pace).run(Trials { count: 10, seed: 1 })
        };
        assert_eq!(idle(Pace::Weeks(vec![0, 0])), None);
        assert_eq!(idle(Pace::Weeks(Vec::new())), None);
        assert_eq!(idle(Pace::Between(0, 0)), None);
        let rare = idle(Pace::Weeks([vec![0; 100_000], vec![1]].concat())).expect("weeks");
        assert_eq!(rare[rare.len() - 1], f32::INFINITY, "what is given up is not complete");
    }

    #[test]
    fn weeks_without_work_and_risks_make_it_later() {
        let mut late = backlog(Amount::exactly(10.0), Amount::exactly(1.0), Pace::Between(5, 5));
        late.weeks = vec![1.0, 0.0, 0.5];
        late.risks =
            vec![RiskEvent { probability: 1.0, delay: Effort::exactly(10.0), activities: Vec::new() }];
        assert_eq!(late.run(Trials { count: 10, seed: 1 }).expect("weeks")[0], 6.0);
    }
}
