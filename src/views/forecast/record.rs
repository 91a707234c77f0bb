//! The record of forecasts: what was said, and how it turned out.

use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::open_work::Viewpoint;
use super::{Forecast, Method, per_cent};
use crate::forecast::History;
use crate::model::Kind;

/// The version of a line.
const VERSION: u32 = 1;

/// A forecast that was made: a line of `forecasts.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A line of forecasts.jsonl")]
pub struct Record {
    /// The version of this form: 1.
    pub version: u32,
    /// The day on which it was made.
    pub day: NaiveDate,
    /// The id of the release; absent if it is about all that are still to come.
    #[serde(default)]
    pub release: Option<String>,
    /// What it was made from.
    pub method: Method,
    /// The number of trials.
    pub trials: u32,
    /// The seed of the random numbers.
    pub seed: u64,
    /// The release date of the plan at that time, if it had one.
    #[serde(default)]
    pub planned: Option<NaiveDate>,
    /// How likely it was, in per cent.
    #[serde(default)]
    pub likelihood: Option<f64>,
    /// The day of the release with a likelihood of 50 %.
    pub p50: NaiveDate,
    /// The day of the release with a likelihood of 85 %.
    pub p85: NaiveDate,
    /// The day on which the work is complete with a likelihood of 50 %, before calibration.
    pub work_p50: NaiveDate,
    /// The day on which the work is complete with a likelihood of 85 %, before calibration.
    pub work_p85: NaiveDate,
    /// The days from the end of the work to the release.
    pub lead: u64,
    /// The version of relplan.
    pub relplan: String,
}

/// How a recorded forecast turned out.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Outcome {
    /// The day on which it was made.
    pub day: NaiveDate,
    /// The release.
    pub release: String,
    /// The day of the release with a likelihood of 50 %.
    pub p50: NaiveDate,
    /// The day of the release with a likelihood of 85 %.
    pub p85: NaiveDate,
    /// The day on which the release went out; absent if it did not by the 85 % date and still has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<NaiveDate>,
    /// Whether the 85 % date held.
    pub held: bool,
}

impl Record {
    /// The record of a forecast; nothing if it has no dates.
    pub fn of(forecast: &Forecast) -> Option<Record> {
        let date = |likelihood| {
            forecast.dates.iter().find(|date| date.likelihood == likelihood).and_then(|date| date.release)
        };
        let work = forecast.simulated?;
        Some(Record {
            version: VERSION,
            day: forecast.day,
            release: forecast.release.as_ref().map(|release| release.id.clone()),
            method: forecast.method?,
            trials: forecast.trials,
            seed: forecast.seed,
            planned: forecast.target.as_ref().map(|target| target.date),
            likelihood: forecast.target.as_ref().map(|target| target.likelihood),
            p50: date(50)?,
            p85: date(85)?,
            work_p50: work.p50,
            work_p85: work.p85,
            lead: work.lead,
            relplan: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// The last day on which the release could go out if the work is complete on the simulated 85 % date.
    fn simulated_release(&self) -> NaiveDate {
        self.work_p85.checked_add_days(Days::new(self.lead)).unwrap_or(NaiveDate::MAX)
    }

    /// Actual ÷ forecast of the time that the work took, by what was simulated: a calibrated date would calibrate itself.
    fn ratio(&self, actual: NaiveDate) -> Option<f64> {
        let complete = actual.checked_sub_days(Days::new(self.lead))?;
        let (planned, taken) = ((self.work_p50 - self.day).num_days(), (complete - self.day).num_days());
        // What was complete before it was expected at all took a day.
        (planned > 0).then(|| taken.max(1) as f64 / planned as f64)
    }

    /// The line, with its end.
    pub fn line(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string(self)? + "\n")
    }
}

/// The records of a file; the numbers of the lines that are none.
pub fn read_records(text: &str) -> (Vec<Record>, Vec<usize>) {
    let (mut records, mut broken) = (Vec::new(), Vec::new());
    for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        match serde_json::from_str::<Record>(line) {
            Ok(record) if record.version == VERSION => records.push(record),
            _ => broken.push(number),
        }
    }
    (records, broken)
}

/// How the recorded forecasts turned out whose releases went out after they were made, or missed their 85 % date already.
pub(super) fn outcomes<'r>(
    at: Viewpoint<'_, '_>,
    records: &'r [Record],
    history: &History,
) -> Vec<(&'r Record, Outcome)> {
    let found = records.iter().filter_map(|record| {
        let release = record.release.clone()?;
        let actual = deployed(at, history, &release);
        let held = held(record, actual, record.p85, at.today)?;
        let (p50, p85) = (record.p50, record.p85);
        Some((record, Outcome { day: record.day, release, p50, p85, actual, held }))
    });
    found.collect()
}

/// The same without the records.
pub(in crate::views) fn forecast_outcomes(
    at: Viewpoint<'_, '_>,
    records: &[Record],
    history: &History,
) -> Vec<Outcome> {
    outcomes(at, records, history).into_iter().map(|(_, outcome)| outcome).collect()
}

/// Whether a date held; nothing as long as that is not known, or if the release was out before the forecast was made.
fn held(record: &Record, actual: Option<NaiveDate>, date: NaiveDate, today: NaiveDate) -> Option<bool> {
    match actual {
        Some(actual) => (actual > record.day).then_some(actual <= date),
        None => (date < today).then_some(false),
    }
}

/// The day on which a release went out, as the plan or the history says.
fn deployed(at: Viewpoint<'_, '_>, history: &History, release: &str) -> Option<NaiveDate> {
    let index = at.plan.release(release);
    let of_plan = index.and_then(|index| match &at.plan.entry(index).kind {
        Kind::Rel(rel) => Some((
            rel.deployed_at.map(|day| day.value),
            rel.version.as_ref().map(|version| version.value.to_string()),
        )),
        _ => None,
    });
    let (deployed, version) = of_plan.unwrap_or_default();
    let is_it = |name: &str| name == release || version.as_deref() == Some(name);
    let past = history.releases.iter().find(|past| is_it(&past.name)).map(|past| past.actual);
    deployed.or(past).filter(|day| *day <= at.today)
}

/// What earlier forecasts of a method came to.
pub(super) struct Ratios {
    /// Actual ÷ forecast.
    pub(super) ratios: Vec<f64>,
    /// How often the simulated 85 % date held, in per cent.
    pub(super) held: Option<f64>,
}

/// Actual ÷ forecast of the recorded forecasts, and of the plans of past releases, which are forecasts by estimates.
pub(super) fn ratios(at: Viewpoint<'_, '_>, records: &[Record], history: &History, method: Method) -> Ratios {
    let of_method: Vec<(&Record, Option<NaiveDate>)> = records
        .iter()
        .filter(|record| record.method == method)
        .filter_map(|record| Some((record, deployed(at, history, record.release.as_ref()?))))
        .collect();
    let held: Vec<bool> = of_method
        .iter()
        .filter_map(|(record, actual)| held(record, *actual, record.simulated_release(), at.today))
        .collect();
    let share = (!held.is_empty())
        .then(|| per_cent(held.iter().filter(|held| **held).count() as f64 / held.len() as f64));
    let recorded = of_method
        .iter()
        .filter_map(|(record, actual)| record.ratio(actual.filter(|actual| *actual > record.day)?));
    let ratio = |from: NaiveDate, planned: NaiveDate, actual: NaiveDate| {
        let (planned, actual) = ((planned - from).num_days(), (actual - from).num_days());
        (planned > 0 && actual > 0).then(|| actual as f64 / planned as f64)
    };
    let past = history.releases.iter().filter(|past| method == Method::Estimates && past.actual <= at.today);
    let past = past.filter_map(|release| ratio(release.started?, release.planned, release.actual));
    Ratios { ratios: past.chain(recorded).collect(), held: share }
}
