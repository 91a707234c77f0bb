//! How good forecasts were: rolling ones over the history, and recorded ones.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::open_work::Viewpoint;
use super::record::{Outcome, Record, outcomes};
use super::{UnreadableHistory, per_cent};
use crate::forecast::History;
use crate::forecast::calibration::{Calibration, HitRate, known_ratios, rolling};
use crate::model::epic::State;
use crate::model::rel::{Outcome as Outcomes, Rel};
use crate::model::{Kind, LinkKind};

/// The output of `relplan forecast --backtest --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan forecast --backtest --format json")]
pub struct Backtest {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// How many complete weeks the history has.
    pub weeks: usize,
    /// How often the 85 % date held, by the weeks that the forecasts look ahead.
    pub horizons: Vec<HorizonRate>,
    /// How often the date of each likelihood held, over all of these forecasts.
    pub reliability: Vec<Reliability>,
    /// The recorded forecasts whose outcome is known, or whose 85 % date was missed already.
    pub recorded: Vec<Outcome>,
    /// How accurate plans were.
    pub accuracy: Vec<Accuracy>,
    /// The rows of the history that could not be read and were left out.
    pub unreadable_history: Vec<UnreadableHistory>,
}

/// How often the 85 % date held of forecasts that look so many weeks ahead.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct HorizonRate {
    /// The weeks.
    pub weeks: usize,
    /// How many forecasts there were.
    pub forecasts: usize,
    /// How often the date held that was simulated, in per cent; absent if there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated: Option<f64>,
    /// How often the calibrated date held, in per cent; absent if there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibrated: Option<f64>,
}

/// How often the date of a likelihood held.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Reliability {
    /// The likelihood, in per cent.
    pub likelihood: u8,
    /// How many forecasts were made whose date is over.
    pub forecasts: usize,
    /// How often the date held, in per cent.
    pub held: f64,
}

/// A measure of how accurate plans were.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Accuracy {
    /// What is measured.
    pub measure: &'static str,
    /// The value, with its unit; `n/a` if there is nothing to measure.
    pub value: String,
    /// What it was measured on.
    pub of: String,
}

/// The weeks that forecasts look ahead.
pub const HORIZONS: [usize; 4] = [4, 8, 13, 26];

/// Tests forecasts on what happened.
pub fn backtest(at: Viewpoint<'_, '_>, history: &History, records: &[Record], seed: u64) -> Backtest {
    let weeks: Vec<u32> = history.weeks_until(at.today).iter().map(|week| week.items).collect();
    let horizons = HORIZONS.map(|ahead| {
        let rate = HitRate::of(&weeks, ahead, seed);
        let share = |held: usize| (rate.forecasts > 0).then(|| per_cent(held as f64 / rate.forecasts as f64));
        HorizonRate {
            weeks: ahead,
            forecasts: rate.forecasts,
            simulated: share(rate.simulated),
            calibrated: share(rate.calibrated),
        }
    });
    Backtest {
        version: 1,
        day: at.today,
        weeks: weeks.len(),
        horizons: horizons.to_vec(),
        reliability: reliability(&weeks, seed),
        recorded: outcomes(at, records, history).into_iter().map(|(_, outcome)| outcome).collect(),
        accuracy: accuracy(at, history),
        unreadable_history: UnreadableHistory::all(at, history),
    }
}

/// How often the calibrated dates of several likelihoods held, eight weeks ahead.
fn reliability(weeks: &[u32], seed: u64) -> Vec<Reliability> {
    const AHEAD: usize = 8;
    let resolved = rolling(weeks, AHEAD as f64, seed);
    let calibrations: Vec<Calibration> = resolved
        .iter()
        .map(|forecast| {
            Calibration::of_pace(&known_ratios(&resolved, AHEAD as f64, forecast.made), AHEAD as f64)
        })
        .collect();
    let likelihoods = [10, 25, 50, 70, 85, 95u8];
    let rate = |likelihood: u8| {
        let share = f64::from(likelihood) / 100.0;
        let over = resolved.iter().zip(&calibrations);
        let over =
            over.filter_map(|(forecast, own)| forecast.held(forecast.calibrated(own, share), weeks.len()));
        let over: Vec<bool> = over.collect();
        let held = over.iter().filter(|held| **held).count();
        (!over.is_empty()).then(|| Reliability {
            likelihood,
            forecasts: over.len(),
            held: per_cent(held as f64 / over.len() as f64),
        })
    };
    likelihoods.into_iter().filter_map(rate).collect()
}

/// How far releases were from their plans.
fn accuracy(at: Viewpoint<'_, '_>, history: &History) -> Vec<Accuracy> {
    let past = history.releases.iter().filter(|release| release.actual <= at.today);
    let past = past.map(|release| (release.started, release.planned, release.actual));
    let shipped = at.plan.releases().filter_map(|(entry, rel): (_, &Rel<'_>)| {
        let created = entry.uncommon.as_ref().and_then(|uncommon| uncommon.created).map(|day| day.value);
        Some((created, rel.date?.value, shipped(rel, at.today)?))
    });
    let all: Vec<_> = past.chain(shipped).collect();
    let late: Vec<f64> =
        all.iter().map(|(_, planned, actual)| (*actual - *planned).num_days() as f64).collect();
    let variance: Vec<f64> = all
        .iter()
        .filter_map(|(started, planned, actual)| {
            let planned_days = (*planned - (*started)?).num_days();
            (planned_days > 0).then(|| (*actual - *planned).num_days() as f64 / planned_days as f64 * 100.0)
        })
        .collect();
    let on_time = late.iter().filter(|days| **days <= 0.0).count();
    let of = |count: usize| counted(count, "release", "releases");
    vec![
        Accuracy { measure: "Releases on time", value: share(on_time, late.len()), of: of(late.len()) },
        Accuracy { measure: "Mean delay", value: mean(&late, "days"), of: of(late.len()) },
        Accuracy { measure: "Time variance", value: mean(&variance, "%"), of: of(variance.len()) },
        scope_delivered(at),
        succeeded(at),
    ]
}

/// The day on which a release went out, if it did by a day.
fn shipped(rel: &Rel<'_>, today: NaiveDate) -> Option<NaiveDate> {
    rel.deployed_at.map(|day| day.value).filter(|day| *day <= today)
}

/// How much of their scope the releases delivered that went out.
fn scope_delivered(at: Viewpoint<'_, '_>) -> Accuracy {
    let (mut delivered, mut scoped) = (0, 0);
    for (index, entry) in at.plan.indexed() {
        let Kind::Rel(rel) = &entry.kind else { continue };
        if shipped(rel, at.today).is_none() {
            continue;
        }
        for edge in at.graph.outgoing(index).filter(|edge| edge.kind == LinkKind::Scope) {
            let Kind::Epic(epic) = &at.plan.entry(edge.to).kind else { continue };
            scoped += 1;
            delivered += usize::from(epic.state.is_some_and(|state| state.value == State::Complete));
        }
    }
    Accuracy {
        measure: "Scope delivered",
        value: share(delivered, scoped),
        of: counted(scoped, "EPIC entry", "EPIC entries"),
    }
}

/// How many releases went well that went out.
fn succeeded(at: Viewpoint<'_, '_>) -> Accuracy {
    let is_to_come = |rel: &Rel<'_>| rel.deployed_at.is_some_and(|day| day.value > at.today);
    let past = at.plan.releases().filter(|(_, rel)| !is_to_come(rel));
    let outcomes: Vec<Outcomes> = past.filter_map(|(_, rel)| Some(rel.outcome?.value)).collect();
    let good = outcomes.iter().filter(|outcome| **outcome == Outcomes::Success).count();
    Accuracy {
        measure: "Releases without a rollback or failure",
        value: share(good, outcomes.len()),
        of: counted(outcomes.len(), "release", "releases"),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn share(part: usize, whole: usize) -> String {
    match whole {
        0 => "n/a".to_owned(),
        whole => format!("{} %", per_cent(part as f64 / whole as f64)),
    }
}

fn mean(values: &[f64], unit: &str) -> String {
    match values.len() {
        0 => "n/a".to_owned(),
        count => format!("{:+.1} {unit}", values.iter().sum::<f64>() / count as f64),
    }
}
