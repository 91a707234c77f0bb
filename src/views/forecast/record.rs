//! The record of forecasts: what was said, and how it turned out.

use chrono::NaiveDate;
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
    /// What it was made from: `estimates` or `throughput`.
    pub method: String,
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
    /// The day on which the release went out.
    pub actual: NaiveDate,
    /// Whether the 85 % date held.
    pub held: bool,
}

impl Record {
    /// The record of a forecast; nothing if it has no dates.
    pub fn of(forecast: &Forecast) -> Option<Record> {
        let date = |likelihood| {
            forecast.dates.iter().find(|date| date.likelihood == likelihood).and_then(|date| date.release)
        };
        Some(Record {
            version: VERSION,
            day: forecast.day,
            release: forecast.release.as_ref().map(|release| release.id.clone()),
            method: forecast.method?.word().to_owned(),
            trials: forecast.trials,
            seed: forecast.seed,
            planned: forecast.target.as_ref().map(|target| target.date),
            likelihood: forecast.target.as_ref().map(|target| target.likelihood),
            p50: date(50)?,
            p85: date(85)?,
            relplan: env!("CARGO_PKG_VERSION").to_owned(),
        })
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

/// How the recorded forecasts turned out whose releases went out after they were made.
pub(super) fn outcomes(
    at: Viewpoint<'_, '_>,
    records: &[Record],
    history: &History,
) -> Vec<(Method, Outcome)> {
    let found = records.iter().filter_map(|record| {
        let release = record.release.clone()?;
        let actual = deployed(at, history, &release).filter(|actual| *actual > record.day)?;
        let method =
            if record.method == Method::Throughput.word() { Method::Throughput } else { Method::Estimates };
        let (p50, p85, held) = (record.p50, record.p85, actual <= record.p85);
        Some((method, Outcome { day: record.day, release, p50, p85, actual, held }))
    });
    found.collect()
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
    /// How often the 85 % date held, in per cent.
    pub(super) held: Option<f64>,
}

/// Actual ÷ forecast of the recorded forecasts, and of the plans of past releases, which are forecasts by estimates.
pub(super) fn ratios(at: Viewpoint<'_, '_>, records: &[Record], history: &History, method: Method) -> Ratios {
    let of_method: Vec<Outcome> = outcomes(at, records, history)
        .into_iter()
        .filter(|(made_by, _)| *made_by == method)
        .map(|(_, outcome)| outcome)
        .collect();
    let held = of_method.iter().filter(|outcome| outcome.held).count();
    let held = (!of_method.is_empty()).then(|| per_cent(held as f64 / of_method.len() as f64));
    let ratio = |from: NaiveDate, planned: NaiveDate, actual: NaiveDate| {
        let (planned, actual) = ((planned - from).num_days(), (actual - from).num_days());
        (planned > 0 && actual > 0).then(|| actual as f64 / planned as f64)
    };
    let recorded = of_method.iter().filter_map(|outcome| ratio(outcome.day, outcome.p50, outcome.actual));
    let past = history.releases.iter().filter(|_| method == Method::Estimates);
    let past = past.filter_map(|release| ratio(release.started?, release.planned, release.actual));
    Ratios { ratios: past.chain(recorded).collect(), held }
}
