//! From times to days: when work is complete, and when a release follows.

use chrono::{Days, NaiveDate};

use super::super::open_work::Viewpoint;
use super::{Bin, Forecast, LIKELIHOODS, LikelyDate, SimulatedWork, Target, per_cent};
use crate::config::Config;
use crate::forecast::calibration::Calibration;
use crate::forecast::simulation::{quantile, share_until};
use crate::forecast::throughput::MOST_WEEKS;
use crate::model::{Kind, id};
use crate::schedule::{Schedule, WorkingCalendar};

/// What the times of a simulation count.
pub(super) enum Axis {
    /// Working days: time 1 is the evening of the first.
    Days(Vec<NaiveDate>),
    /// Weeks of seven days from a day on.
    Weeks(NaiveDate),
}

/// Sums of many numbers are a little more or less than what they should be.
const ROUNDING: f32 = 1e-3;

impl Axis {
    /// The day at a time; nothing if that is too far away.
    pub(super) fn day(&self, time: f32) -> Option<NaiveDate> {
        let whole = (time - ROUNDING).ceil().max(0.0) as usize;
        match self {
            Axis::Days(days) => days.get(whole.saturating_sub(1)).copied(),
            Axis::Weeks(_) if !time.is_finite() || time >= MOST_WEEKS as f32 => None,
            Axis::Weeks(first) => {
                let days = (f64::from(time) * 7.0 - 0.01).ceil().max(0.0) as u64;
                first.checked_add_days(Days::new(days))
            }
        }
    }

    /// The time at the evening of a day.
    pub(super) fn time(&self, day: NaiveDate) -> f32 {
        match self {
            Axis::Days(days) => days.partition_point(|known| *known <= day) as f32 + ROUNDING,
            Axis::Weeks(first) => (day - *first).num_days() as f32 / 7.0 + ROUNDING,
        }
    }
}

/// When everything is complete, as far as it is known.
pub(super) struct Completion {
    /// The times at which the trials ended, sorted.
    pub(super) times: Vec<f32>,
    /// What they count.
    pub(super) axis: Axis,
    /// What earlier forecasts say about this one.
    pub(super) calibration: Option<Calibration>,
}

impl Completion {
    fn median(&self) -> f32 {
        quantile(&self.times, 0.5).unwrap_or(0.0)
    }

    /// The time that holds with a likelihood.
    fn time(&self, share: f64) -> f32 {
        let simulated = quantile(&self.times, share).unwrap_or(0.0);
        match &self.calibration {
            // What has no end in the simulation has none by calibration either.
            Some(calibration) if simulated.is_finite() => {
                (f64::from(self.median()) * calibration.factor(share)) as f32
            }
            _ => simulated,
        }
    }

    /// The day on which all is complete with a likelihood.
    pub(super) fn day(&self, share: f64) -> Option<NaiveDate> {
        self.axis.day(self.time(share))
    }

    /// The same without calibration.
    pub(super) fn simulated_day(&self, share: f64) -> Option<NaiveDate> {
        quantile(&self.times, share).and_then(|time| self.axis.day(time))
    }

    /// How likely it is that all is complete on a day, in per cent.
    pub(super) fn likelihood(&self, day: NaiveDate) -> f64 {
        let time = self.axis.time(day);
        let median = self.median();
        let share = match &self.calibration {
            Some(calibration) if median > 0.0 => {
                calibration.likelihood(f64::from(time / median)).min(self.ended())
            }
            _ => share_until(&self.times, time).unwrap_or(0.0),
        };
        per_cent(share)
    }

    /// In which share of the trials all was complete at all.
    pub(super) fn ended(&self) -> f64 {
        share_until(&self.times, f32::MAX).unwrap_or(1.0)
    }

    /// The days on which the outcomes lie, or nothing for those beyond all days: those of the trials, or those that follow
    /// from earlier forecasts.
    fn outcomes(&self) -> Vec<Option<NaiveDate>> {
        let times: Vec<f32> = match &self.calibration {
            Some(_) => (1..200).map(|step| self.time(f64::from(step) / 200.0)).collect(),
            None => self.times.clone(),
        };
        times.into_iter().map(|time| self.axis.day(time)).collect()
    }
}

/// The dates of a release and how it follows from its work.
pub(in crate::views) struct ReleaseDates {
    date: Option<NaiveDate>,
    /// How many days after its work is complete it goes out.
    lead: u64,
    milestones: Vec<(String, NaiveDate)>,
}

impl ReleaseDates {
    /// Those of the selected release.
    pub(in crate::views) fn new(at: Viewpoint<'_, '_>) -> Self {
        let nothing = ReleaseDates { date: None, lead: 0, milestones: Vec::new() };
        let Some(release) = &at.selection.release else { return nothing };
        let schedule = Schedule::new(at.plan, at.config);
        let index = id::parse(&release.id).ok().and_then(|id| at.plan.find(id));
        let Some(planned) = schedule.releases.iter().find(|planned| Some(planned.index) == index) else {
            return nothing;
        };
        let Kind::Rel(rel) = &planned.entry.kind else { return nothing };
        let date = rel.date.map(|date| date.value);
        let complete = planned.milestone("feature_complete").map(|milestone| milestone.day);
        let lead = date.zip(complete).map_or(0, |(date, complete)| (date - complete).num_days().max(0));
        let from = complete.or(date).unwrap_or(NaiveDate::MAX);
        let until = date.unwrap_or(NaiveDate::MIN);
        let milestones =
            planned.milestones.iter().filter(|milestone| from <= milestone.day && milestone.day <= until);
        let milestones = milestones.map(|milestone| (milestone.title(), milestone.day)).collect();
        ReleaseDates { date, lead: u64::try_from(lead).unwrap_or(0), milestones }
    }

    /// The day on which the release can go out if its work is complete on a day: not before the planned time after it,
    /// not on a day off, and not in a freeze.
    pub(in crate::views) fn follows(&self, config: &Config, complete: NaiveDate) -> Option<NaiveDate> {
        self.deployable(config, complete.checked_add_days(Days::new(self.lead))?)
    }

    /// The day on which the work must be complete for the planned date, if there is one.
    pub(in crate::views) fn work_deadline(&self) -> Option<NaiveDate> {
        self.date?.checked_sub_days(Days::new(self.lead))
    }

    /// The planned date, if there is one.
    pub(in crate::views) fn date(&self) -> Option<NaiveDate> {
        self.date
    }

    /// The first day from a day on on which something can be deployed: no day off, and not in a freeze.
    pub(in crate::views) fn deployable(&self, config: &Config, first: NaiveDate) -> Option<NaiveDate> {
        let working = WorkingCalendar::new(&config.calendar);
        let is_frozen = |day: NaiveDate| config.calendar.freezes.iter().any(|freeze| freeze.covers(day));
        // The planned date is the plan's own to choose.
        let fits = |day: NaiveDate| Some(day) == self.date || working.is_working(day) && !is_frozen(day);
        first.iter_days().take(LONGEST_FREEZE).find(|day| fits(*day))
    }

    /// Puts the dates of a forecast in.
    pub(super) fn fill(&self, config: &Config, completion: &Completion, forecast: &mut Forecast) {
        forecast.dates = LIKELIHOODS
            .into_iter()
            .map(|likelihood| {
                let complete = completion.day(f64::from(likelihood) / 100.0);
                let release = complete.and_then(|day| self.follows(config, day));
                LikelyDate { likelihood, complete, release }
            })
            .collect();
        // A milestone moves with the work: each has the days before the release that the plan gives it.
        let latest = |day: NaiveDate| {
            let early = self.date.map_or(0, |date| (date - day).num_days().max(0));
            let lead = u64::try_from(early).ok().map(Days::new);
            let shift = Days::new(self.lead);
            let complete = day.checked_sub_days(shift).and_then(|day| day.checked_add_days(lead?));
            complete.map_or(0.0, |complete| completion.likelihood(complete))
        };
        let target =
            |name: &str, date: NaiveDate| Target { name: name.to_owned(), date, likelihood: latest(date) };
        let work = completion.simulated_day(0.5).zip(completion.simulated_day(0.85));
        forecast.simulated = work.map(|(p50, p85)| SimulatedWork { p50, p85, lead: self.lead });
        forecast.target = self.date.map(|date| target("release date", date));
        forecast.milestones = self.milestones.iter().map(|(name, day)| target(name, *day)).collect();
        let outcomes = completion.outcomes();
        let count = outcomes.len();
        let days = outcomes.into_iter().flatten().filter_map(|day| self.follows(config, day)).collect();
        forecast.histogram = histogram(days, count);
    }
}

/// No freeze that is meant to end is longer.
const LONGEST_FREEZE: usize = 1_000;

/// The most spans that a histogram has.
const MOST_BINS: i64 = 16;

/// Days of so many outcomes in spans of whole weeks, or of single days if they are few.
fn histogram(mut days: Vec<NaiveDate>, outcomes: usize) -> Vec<Bin> {
    days.sort_unstable();
    let count = days.len();
    // The tails are long and thin.
    let last = count.checked_sub(1 + count / 100).and_then(|last| days.get(last));
    let (Some(&first), Some(&last)) = (days.get(count / 200), last) else { return Vec::new() };
    let span = (last - first).num_days() + 1;
    let width = if span <= MOST_BINS { 1 } else { ((span + 7 * MOST_BINS - 1) / (7 * MOST_BINS)) * 7 };
    let bins = (span + width - 1) / width;
    let day = |offset: i64| first.checked_add_days(Days::new(u64::try_from(offset).unwrap_or(0)));
    (0..bins)
        .filter_map(|bin| {
            let (from, to) = (day(bin * width)?, day((bin + 1) * width - 1)?);
            let before = if bin == 0 { 0 } else { days.partition_point(|day| *day < from) };
            let until = if bin + 1 == bins { count } else { days.partition_point(|day| *day <= to) };
            Some(Bin { from, to, share: per_cent((until - before) as f64 / outcomes as f64) })
        })
        .collect()
}
