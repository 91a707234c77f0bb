//! When a release will be ready, and how likely its dates are.

mod backtest;
mod dates;
mod drivers;
mod record;
mod weeks;
mod work;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::open_work::{Impossible, Viewpoint, WhatIf};
use crate::forecast::simulation::Trials;
use crate::forecast::{History, HistoryDefect};
use crate::graph::Release;
use crate::model::Amount;

pub use backtest::{Accuracy, Backtest, HorizonRate, Reliability, backtest};
pub(in crate::views) use dates::ReleaseDates;
pub(in crate::views) use record::forecast_outcomes;
pub use record::{Outcome, Record, read_records};
pub(in crate::views) use work::OpenWorkForecast;

/// What a forecast is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Estimates of the work packages, their dependencies and the capacity of teams.
    Estimates,
    /// Work items done in past weeks.
    Throughput,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The trials.
    pub trials: Trials,
    /// The method; the one that the plan has data for, unless stated.
    pub method: Option<Method>,
    /// What is assumed other than the plan says.
    pub what_if: WhatIf,
    /// How many work items are left, if not as the plan says.
    pub items: Option<Amount>,
    /// By how much they grow in number, if not as the plan says.
    pub split: Option<Amount>,
    /// How many are done in a week, if not as the history says.
    pub throughput: Option<Amount>,
}

/// The output of `relplan forecast --format json`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan forecast --format json")]
pub struct Forecast {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it was made.
    pub day: NaiveDate,
    /// The release that it is about; absent if it is about all that are still to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// Why there is no forecast; absent if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_forecast: Option<String>,
    /// What it is made from; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// The number of trials.
    pub trials: u32,
    /// The seed of the random numbers.
    pub seed: u64,
    /// The release date and how likely it is; absent if the release has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// The dates by likelihood, the earliest first.
    pub dates: Vec<LikelyDate>,
    /// When the work is complete by the simulation alone; absent if that is more than twenty years away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated: Option<SimulatedWork>,
    /// The milestones of the release from feature complete on, and how likely each is.
    pub milestones: Vec<Target>,
    /// The open work packages; with the method `throughput` there are none.
    pub entries: Vec<EntryForecast>,
    /// What drives the date: how many working days earlier the 85 % date would be without it, the most first.
    pub drivers: Vec<Driver>,
    /// In which share of the trials the release falls into each span of days.
    pub histogram: Vec<Bin>,
    /// How much is done by each day.
    pub burn_up: Vec<BurnUp>,
    /// How it was calibrated; absent if nothing is known to do so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration: Option<CalibrationView>,
    /// The same without the changes that were asked for; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unchanged: Option<Unchanged>,
    /// The open work packages that no team of `[team]` does: people are assumed to be free for them. With the method
    /// `throughput` there are none.
    pub without_team: Vec<String>,
    /// The rows of the history that could not be read and were left out.
    pub unreadable_history: Vec<UnreadableHistory>,
    /// What was assumed where the plan says nothing.
    pub assumptions: Vec<String>,
}

/// When the work is complete by the simulation alone, before calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SimulatedWork {
    /// The day on which it is complete with a likelihood of 50 %.
    pub p50: NaiveDate,
    /// The day on which it is complete with a likelihood of 85 %.
    pub p85: NaiveDate,
    /// The days from the end of the work to the release.
    pub lead: u64,
}

/// A part of the history that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnreadableHistory {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: String,
}

/// How much of a text that cannot be read is shown.
const LONGEST_TEXT: usize = 60;

impl UnreadableHistory {
    /// Everything of a history that could not be read.
    fn all(at: Viewpoint<'_, '_>, history: &History) -> Vec<Self> {
        let named = |defect: &HistoryDefect| {
            let source = at.sources.file(defect.span.file);
            let text: String = at.sources.slice(defect.span).chars().take(LONGEST_TEXT).collect();
            UnreadableHistory {
                file: source.name().to_owned(),
                line: source.position(defect.span.start as usize).line,
                problem: defect.kind.words(text.trim()),
            }
        };
        history.defects.iter().map(named).collect()
    }
}

/// A date and how likely it is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Target {
    /// What it is: `production`, `code freeze`.
    pub name: String,
    /// The planned date.
    pub date: NaiveDate,
    /// How likely it is that it holds, in per cent.
    pub likelihood: f64,
}

/// The dates that hold with a likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LikelyDate {
    /// The likelihood, in per cent.
    pub likelihood: u8,
    /// The day on which the work is complete; absent if that is more than twenty years away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete: Option<NaiveDate>,
    /// The day of the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<NaiveDate>,
}

/// An open work package.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EntryForecast {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The day on which it is complete with a likelihood of 50 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50: Option<NaiveDate>,
    /// The day on which it is complete with a likelihood of 85 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p85: Option<NaiveDate>,
    /// Its due date, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// How likely its due date is, in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<f64>,
    /// In which share of the trials it was on the path that decided about the end, in per cent.
    pub critical: f64,
}

/// Something that the date depends on.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Driver {
    /// What kind of thing it is.
    pub kind: DriverKind,
    /// Its id, or the name of the team.
    pub name: String,
    /// Its title; empty for a team.
    pub title: String,
    /// How many working days earlier the 85 % date would be.
    pub days: f64,
}

/// A kind of driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DriverKind {
    /// A risk that could not occur.
    Risk,
    /// A work package that was left out.
    Entry,
    /// A team that had one person more.
    Team,
}

/// A span of days and the share of the trials that ends in it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Bin {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The share, in per cent.
    pub share: f64,
}

/// How much is done by a day.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct BurnUp {
    /// The day.
    pub day: NaiveDate,
    /// What is done with a likelihood of 85 %.
    pub low: f64,
    /// What is done with a likelihood of 50 %.
    pub median: f64,
    /// What is done with a likelihood of 15 %.
    pub high: f64,
}

/// How a forecast was calibrated.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CalibrationView {
    /// How many outcomes of earlier forecasts of this plan it rests on.
    pub own: usize,
    /// How many outcomes of other projects, or quantiles of the simulation, it borrows.
    pub borrowed: usize,
    /// How often the simulated 85 % date held in earlier forecasts of this plan, in per cent; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated_held: Option<f64>,
}

/// The forecast without the changes that were asked for.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Unchanged {
    /// The 85 % date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<NaiveDate>,
    /// How likely the release date is, in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<f64>,
}

/// The likelihoods that dates are given for, in per cent.
pub const LIKELIHOODS: [u8; 4] = [50, 70, 85, 95];

/// Makes the forecast of a release.
pub fn forecast(
    at: Viewpoint<'_, '_>,
    history: &History,
    records: &[Record],
    question: &Question,
) -> Forecast {
    let mut made = one(at, history, records, question, true);
    made.unreadable_history = UnreadableHistory::all(at, history);
    if question.what_if != WhatIf::default() {
        let plain = Question { what_if: WhatIf::default(), ..question.clone() };
        let plain = one(at, history, records, &plain, false);
        made.unchanged = Some(Unchanged {
            release: plain.dates.iter().find(|date| date.likelihood == 85).and_then(|date| date.release),
            likelihood: plain.target.map(|target| target.likelihood),
        });
    }
    made
}

fn one(
    at: Viewpoint<'_, '_>,
    history: &History,
    records: &[Record],
    question: &Question,
    in_detail: bool,
) -> Forecast {
    let method = question.method.unwrap_or_else(|| fitting(at, history, question));
    let made = match method {
        Method::Estimates => work::forecast(at, records, history, question, in_detail),
        Method::Throughput => weeks::forecast(at, records, history, question, in_detail),
    };
    made.unwrap_or_else(|impossible| none(at, question, &impossible))
}

/// The method that the plan has data for: the pace where it is known and items are counted, estimates otherwise.
fn fitting(at: Viewpoint<'_, '_>, history: &History, question: &Question) -> Method {
    let has_pace = question.throughput.is_some()
        || at.config.forecast.throughput.is_some()
        || !history.weeks_until(at.today).is_empty();
    let has_items = question.items.is_some()
        || at.config.forecast.items.is_some()
        || at.plan.epics().any(|(_, epic)| epic.items.is_some());
    if has_pace && has_items { Method::Throughput } else { Method::Estimates }
}

fn none(at: Viewpoint<'_, '_>, question: &Question, impossible: &Impossible) -> Forecast {
    Forecast { no_forecast: Some(impossible.words()), method: None, ..blank(at, question, Method::Estimates) }
}

/// A forecast without any date.
fn blank(at: Viewpoint<'_, '_>, question: &Question, method: Method) -> Forecast {
    Forecast {
        version: 1,
        day: at.today,
        release: at.selection.release.clone(),
        no_forecast: None,
        method: Some(method),
        trials: question.trials.count,
        seed: question.trials.seed,
        target: None,
        dates: Vec::new(),
        milestones: Vec::new(),
        entries: Vec::new(),
        drivers: Vec::new(),
        histogram: Vec::new(),
        burn_up: Vec::new(),
        simulated: None,
        calibration: None,
        unchanged: None,
        without_team: Vec::new(),
        unreadable_history: Vec::new(),
        assumptions: Vec::new(),
    }
}

/// A share in per cent, to one decimal.
fn per_cent(share: f64) -> f64 {
    (share * 1000.0).round() / 10.0
}
