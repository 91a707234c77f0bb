//! The review of a release after it went out: what was planned, predicted and aimed at, against what happened.
//!
//! Nothing is judged from what is not stated: a target without a value is unknown, a forecast or a decision without an
//! outcome, too.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::calendar::{Calendar, Range, calendar};
use super::forecast::{Outcome as ForecastOutcome, Record as ForecastRecord, forecast_outcomes};
use super::incidents::{ActionLinks, ActionView, IncidentView, actions_from, incidents_of};
use super::linked::Linked;
use super::open_work::Viewpoint;
use super::postmortem::Gap;
use super::release_plan::{indicators, objectives};
use super::scope::scope;
use super::unassigned::{UnassignedIncident, Window, start_of, unassigned, was_detected_between};
use crate::forecast::History;
use crate::graph::{Release, once, sources};
use crate::metrics::{Files, Touches};
use crate::model::dep::Severity;
use crate::model::duration::Duration as ModelDuration;
use crate::model::incident::{Incident, IncidentStatus};
use crate::model::rel::{Outcome, Rel, RelStatus};
use crate::model::threshold;
use crate::model::{Choice, EntryIndex, Kind, id};
use crate::verdict::decision::Decision;
use crate::verdict::facts::IncidentRecords;
use crate::verdict::log::Record as DecisionRecord;
use crate::verdict::target::TargetResult;

/// The hours after a deployment whose critical incidents count against it.
const FIRST_HOURS: i64 = 48;

/// The output of `relplan review --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan review --format json")]
pub struct Review {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it was made.
    pub day: NaiveDate,
    /// The release.
    pub release: Release,
    /// The deployment, planned and actual.
    pub deployment: Deployment,
    /// The objectives of the release, and its KPIs, with their targets.
    pub targets: Vec<ReviewedTarget>,
    /// The incidents of the release.
    pub incidents: Vec<IncidentView>,
    /// Incidents without a release that were noticed while this one was in production. They count for no release.
    pub unassigned_incidents: Vec<UnassignedIncident>,
    /// The number of incidents that the release states, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incidents_stated: Option<u32>,
    /// The incidents of severity Critical that were detected in the first 48 hours; absent if that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical_in_first_hours: Option<usize>,
    /// The recorded forecasts of the release, against the day on which it went out.
    pub forecasts: Vec<ForecastOutcome>,
    /// The recorded decisions on the release, against what happened.
    pub predictions: Vec<Prediction>,
    /// The risks of the release, and whether they occurred.
    pub risks: Vec<ReviewedRisk>,
    /// How much of the scope was delivered.
    pub scope: DeliveredScope,
    /// The actions that follow from the release.
    pub actions: Vec<ActionView>,
    /// What the plan does not state.
    pub gaps: Vec<Gap>,
}

/// The deployment of a release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Deployment {
    /// The planned day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned: Option<NaiveDate>,
    /// The day on which it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<NaiveDate>,
    /// Days after the planned day; negative if it was earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_late: Option<i64>,
    /// Whether the release is deployed: `deployed_at` is not in the future, or its status or outcome says so.
    pub is_deployed: bool,
    /// How it ended: success, partial, rolled back or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<&'static str>,
    /// The status of the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// The milestones.
    pub milestones: Vec<ReviewedMilestone>,
}

/// A milestone, planned and actual.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReviewedMilestone {
    /// Its name.
    pub name: String,
    /// The planned day.
    pub planned: NaiveDate,
    /// The day on which it was reached, if that is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<NaiveDate>,
    /// Days after the planned day; negative if it was earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_late: Option<i64>,
}

/// Something that was aimed at.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReviewedTarget {
    /// The id of a KPI; absent for an objective.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What is measured.
    pub name: String,
    /// The target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The value that it came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// The last day of the time in which it had to be reached, if the target states a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_ends: Option<NaiveDate>,
    /// The verdict.
    pub verdict: TargetVerdict,
}

/// What became of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetVerdict {
    /// The value is on the good side.
    Met,
    /// It is not.
    Missed,
    /// The release is not deployed, or the time of the target is not over.
    Open,
    /// There is no value, or the two cannot be compared.
    Unknown,
}

/// A recorded decision, against what happened.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Prediction {
    /// When it was decided.
    pub time: DateTime<Utc>,
    /// The decision.
    pub decision: Decision,
    /// The gates that failed at that time.
    pub failed_gates: Vec<String>,
    /// The number of its blockers.
    pub blockers: usize,
    /// How it turned out.
    pub result: PredictionResult,
}

/// How a decision turned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PredictionResult {
    /// GO, and the deployment succeeded without a critical incident in the first 48 hours; or NO-GO, and it did not.
    Right,
    /// The opposite.
    Wrong,
    /// A later decision before the deployment took its place.
    Superseded,
    /// It was made after the deployment.
    AfterDeployment,
    /// The release is not deployed.
    Open,
    /// The plan does not say what happened.
    Unknown,
}

/// A risk, and whether it occurred.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReviewedRisk {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How likely it was, as stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// Whether it occurred.
    pub occurred: Occurred,
    /// The day on which it occurred, if that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_on: Option<NaiveDate>,
    /// The incidents that are linked to it.
    pub incidents: Vec<Linked>,
}

/// Whether a risk occurred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Occurred {
    /// The plan states a day, or an incident is linked to it.
    Yes,
    /// It is resolved, so that it can no longer occur.
    No,
    /// Nothing is recorded.
    NotRecorded,
}

/// How much of the scope was delivered.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeliveredScope {
    /// The entries in scope.
    pub planned: usize,
    /// Those of them that are complete.
    pub delivered: usize,
    /// Those of them that are not complete, or do not say so.
    pub not_delivered: Vec<Linked>,
}

/// What a review is made of beside the plan.
#[derive(Clone, Copy)]
pub struct ReviewInputs<'a> {
    /// The recorded forecasts.
    pub forecasts: &'a [ForecastRecord],
    /// The recorded decisions, of any release.
    pub decisions: &'a [DecisionRecord],
    /// What the files of incidents say.
    pub records: &'a IncidentRecords,
    /// What was done in the past.
    pub history: &'a History,
}

/// The review of a release, which the viewpoint must select; nothing if it selects none.
pub fn review(at: Viewpoint<'_, '_>, inputs: ReviewInputs<'_>) -> Option<Review> {
    let release = at.selection.release.clone()?;
    let index = at.plan.find(id::parse(&release.id).ok()?)?;
    let Kind::Rel(rel) = &at.plan.entry(index).kind else { return None };
    let links = ActionLinks::new(at.plan);
    let incidents = incidents_of(at.plan, &links, index);
    let deployment = deployment(at, index, rel);
    let unassigned = deployment.actual.map_or_else(Vec::new, |day| {
        let window = Window::of(at.plan, index, day, at.config.metrics.environment());
        unassigned(at.plan, &inputs.records.records, &window)
    });
    let critical = critical_in_first_hours(at, index, rel, &deployment)
        .filter(|_| !may_hide_a_critical_one(inputs.records, &unassigned, &deployment));
    Some(Review {
        version: 1,
        day: at.today,
        targets: targets(at, rel, &deployment),
        incidents_stated: rel.incidents.map(|count| count.value),
        critical_in_first_hours: critical,
        forecasts: forecasts(at, inputs, &release),
        predictions: predictions(inputs.decisions, &release, rel, &deployment, critical),
        risks: risks(at),
        scope: delivered(at),
        actions: actions_from(at.plan, &links, index, at.today),
        gaps: gaps(rel, deployment.is_deployed, (&incidents, &unassigned), critical, inputs.records),
        unassigned_incidents: unassigned,
        release,
        deployment,
        incidents,
    })
}

fn deployment(at: Viewpoint<'_, '_>, index: EntryIndex, rel: &Rel<'_>) -> Deployment {
    let planned = rel.date.map(|date| date.value);
    let actual = rel.deployed_at.map(|day| day.value).filter(|day| *day <= at.today);
    let range = Range { release: Some(index), ..Range::default() };
    let dates: Calendar = calendar(at.plan, at.config, at.sources, at.today, &range);
    let milestones = dates.releases.into_iter().flat_map(|release| release.milestones);
    let milestones = milestones.filter(|milestone| !milestone.is_default() && milestone.name != "production");
    Deployment {
        planned,
        actual,
        days_late: planned.zip(actual).map(|(planned, actual)| (actual - planned).num_days()),
        is_deployed: match rel.deployed_at {
            Some(_) => actual.is_some(),
            None => is_out(rel) || rel.outcome.is_some(),
        },
        outcome: rel.outcome.map(|outcome| outcome.value.word()),
        status: rel.status.map(|status| status.value.word()),
        milestones: milestones
            .map(|milestone| ReviewedMilestone {
                name: milestone.title(),
                planned: milestone.day,
                actual: milestone.actual,
                days_late: milestone.delay,
            })
            .collect(),
    }
}

/// Whether the status says that the release went out.
fn is_out(rel: &Rel<'_>) -> bool {
    rel.status.is_some_and(|status| matches!(status.value, RelStatus::Released | RelStatus::RolledBack))
}

/// The objectives and the KPIs, each with the end of its time. None has a verdict before the deployment.
fn targets(at: Viewpoint<'_, '_>, rel: &Rel<'_>, deployment: &Deployment) -> Vec<ReviewedTarget> {
    let period =
        |text: Option<&str>| -> Option<ModelDuration> { threshold::parse_target(text?).ok()?.period };
    let reviewed =
        |id, name, target: Option<String>, actual, result: TargetResult, measured_on: Option<NaiveDate>| {
            let days = period(target.as_deref()).map(|period| period.millis().div_ceil(86_400_000));
            let of_target =
                deployment.actual.zip(days).and_then(|(day, days)| day.checked_add_days(Days::new(days)));
            let window_ends = measured_on.or(of_target);
            let is_open = window_ends.is_some_and(|end| at.today < end);
            let verdict = match result {
                _ if !deployment.is_deployed => TargetVerdict::Open,
                // What is met today may not be so at the end.
                _ if is_open => TargetVerdict::Open,
                TargetResult::Met => TargetVerdict::Met,
                TargetResult::Missed => TargetVerdict::Missed,
                TargetResult::Unknown => TargetVerdict::Unknown,
            };
            ReviewedTarget { id, name, target, actual, window_ends, verdict }
        };
    let objectives = objectives(rel).into_iter();
    let objectives = objectives.map(|one| reviewed(None, one.name, one.target, one.actual, one.result, None));
    let kpis = indicators(at.plan, at.selection, Some(rel)).into_iter();
    objectives
        .chain(kpis.map(|one| {
            reviewed(Some(one.id), one.title, one.target, one.actual, one.result, one.measured_on)
        }))
        .collect()
}

/// The critical incidents of the first 48 hours. A day of deployment has no hour: incidents of the two days after it
/// count, as well as those of the day itself. Not known if the plan does not say how many incidents there were.
fn critical_in_first_hours(
    at: Viewpoint<'_, '_>,
    index: EntryIndex,
    rel: &Rel<'_>,
    deployment: &Deployment,
) -> Option<usize> {
    let deployed = deployment.actual?.and_hms_opt(0, 0, 0)?.and_utc();
    let end = deployed + Duration::hours(FIRST_HOURS + 24);
    let of_release =
        at.plan.incidents().filter(|(entry, _)| super::incidents::release_of(at.plan, entry) == Some(index));
    let all: Vec<&Incident<'_>> = of_release.map(|(_, incident)| incident).collect();
    let is_stated = match rel.incidents {
        Some(count) => count.value as usize <= all.len(),
        None => !all.is_empty(),
    };
    if !is_stated {
        return None;
    }
    // Whether each counts; nothing as soon as that is not known of one.
    let counts: Option<Vec<bool>> =
        all.into_iter().map(|incident| is_critical_between(incident, (deployed, end))).collect();
    Some(counts?.into_iter().filter(|counts| *counts).count())
}

/// Whether an incident is critical and was noticed between two moments; nothing if that is not known.
fn is_critical_between(incident: &Incident<'_>, times: (DateTime<Utc>, DateTime<Utc>)) -> Option<bool> {
    let severity = incident.severity?.value;
    match was_detected_between(incident, times) {
        Some(is_detected) => Some(is_detected && severity == Severity::Critical),
        None if severity != Severity::Critical => Some(false),
        None => None,
    }
}

/// Whether an incident of the first 48 hours may be missing: one without a release, or a record that cannot be read.
fn may_hide_a_critical_one(
    records: &IncidentRecords,
    unassigned: &[UnassignedIncident],
    deployment: &Deployment,
) -> bool {
    let from = deployment.actual.map(start_of);
    let times = from.map(|from| (from, from + Duration::hours(FIRST_HOURS + 24)));
    is_unread(records)
        || times.is_some_and(|times| unassigned.iter().any(|one| one.may_be_critical_between(times)))
}

/// Whether the files of incidents do not say everything.
fn is_unread(records: &IncidentRecords) -> bool {
    records.state == Files::NoneFound
        || records.records.defects.iter().any(|defect| defect.touches == Touches::Incidents)
}

fn forecasts(at: Viewpoint<'_, '_>, inputs: ReviewInputs<'_>, release: &Release) -> Vec<ForecastOutcome> {
    let own = |outcome: &ForecastOutcome| {
        let index = at.plan.release(&outcome.release);
        index.is_some_and(|index| at.plan.entry(index).id.value.to_string() == release.id)
    };
    forecast_outcomes(at, inputs.forecasts, inputs.history).into_iter().filter(own).collect()
}

/// The decisions on the release. The last one before the deployment is held against what happened.
fn predictions(
    decisions: &[DecisionRecord],
    release: &Release,
    rel: &Rel<'_>,
    deployment: &Deployment,
    critical: Option<usize>,
) -> Vec<Prediction> {
    let is_own = |record: &&DecisionRecord| {
        let named = record.release.as_deref();
        named == Some(release.id.as_str()) || named.is_some() && named == release.version.as_deref()
    };
    let own: Vec<&DecisionRecord> = decisions.iter().filter(is_own).collect();
    let is_before = |record: &DecisionRecord| deployment.actual.is_none_or(|day| record.day <= day);
    let last = own.iter().rposition(|record| is_before(record));
    let went_well = went_well(rel, critical);
    let result = |place: usize, record: &DecisionRecord| match (is_before(record), went_well) {
        (false, _) => PredictionResult::AfterDeployment,
        (true, _) if Some(place) != last => PredictionResult::Superseded,
        (true, _) if !deployment.is_deployed => PredictionResult::Open,
        (true, None) => PredictionResult::Unknown,
        (true, Some(well)) if well == (record.decision != Decision::NoGo) => PredictionResult::Right,
        (true, Some(_)) => PredictionResult::Wrong,
    };
    let shown = own.iter().enumerate().map(|(place, record)| Prediction {
        time: record.time,
        decision: record.decision,
        failed_gates: record
            .gates
            .iter()
            .filter(|gate| gate.verdict == crate::verdict::decision::GateStatus::Fail)
            .map(|gate| gate.name.clone())
            .collect(),
        blockers: record.blockers.len(),
        result: result(place, record),
    });
    shown.collect()
}

/// Whether the deployment succeeded without a critical incident in the first 48 hours, if the plan says so.
fn went_well(rel: &Rel<'_>, critical: Option<usize>) -> Option<bool> {
    match (rel.outcome?.value, critical) {
        (Outcome::RolledBack | Outcome::Failed | Outcome::Partial, _) => Some(false),
        (Outcome::Success, Some(critical)) => Some(critical == 0),
        (Outcome::Success, None) => None,
    }
}

fn risks(at: Viewpoint<'_, '_>) -> Vec<ReviewedRisk> {
    let mut reviewed = Vec::new();
    for (entry, risk) in at.plan.risks() {
        let Some(index) = at.plan.find(entry.id.value).filter(|index| at.selection.has(*index)) else {
            continue;
        };
        let is_incident = |index: EntryIndex| matches!(at.plan.entry(index).kind, Kind::Incident(_));
        let linked = sources(at.graph, index, |edge| is_incident(edge.from));
        let incidents = Linked::all(at.plan, once(linked.into_iter(), index));
        let occurred_on = risk.occurred_on.map(|day| day.value).filter(|day| *day <= at.today);
        let occurred = match () {
            () if occurred_on.is_some() || !incidents.is_empty() => Occurred::Yes,
            () if risk.is_resolved() => Occurred::No,
            () => Occurred::NotRecorded,
        };
        reviewed.push(ReviewedRisk {
            id: entry.id.value.to_string(),
            title: entry.title().to_owned(),
            probability: risk.probability.map(|probability| probability.value.percentage().0),
            status: risk.status.map(|status| status.value.word()),
            occurred,
            occurred_on,
            incidents,
        });
    }
    reviewed
}

/// The entries in scope, and which of them are complete.
fn delivered(at: Viewpoint<'_, '_>) -> DeliveredScope {
    let scope = scope(at.plan, at.graph, at.selection, at.today);
    let open = scope.items.iter().filter(|item| !item.is_done());
    let not_delivered: Vec<Linked> =
        open.map(|item| Linked { id: item.id.clone(), title: item.title.clone() }).collect();
    let planned = scope.items.len();
    DeliveredScope { planned, delivered: planned - not_delivered.len(), not_delivered }
}

fn gaps(
    rel: &Rel<'_>,
    is_deployed: bool,
    (incidents, unassigned): (&[IncidentView], &[UnassignedIncident]),
    critical: Option<usize>,
    records: &IncidentRecords,
) -> Vec<Gap> {
    let no_count = incidents.is_empty() && rel.incidents.is_none();
    let stated = rel.incidents.map(|count| count.value as usize);
    let lacks_time = |incident: &IncidentView| incident.detected.is_none();
    let known = [
        ("status", !is_out(rel), "not released", "set `status` to released when the release is out"),
        ("deployed_at", rel.deployed_at.is_none(), "no day of deployment", "add `deployed_at`"),
        ("outcome", is_deployed && rel.outcome.is_none(), "no outcome", "add `outcome`"),
        ("objectives", rel.objectives.is_empty(), "no objectives", "add `objectives`, each with `target`"),
        (
            "incidents",
            is_deployed && no_count,
            "no incidents recorded",
            "add `incidents: 0`, or an INC entry for each",
        ),
        (
            "incidents",
            stated.is_some_and(|stated| stated < incidents.len()),
            "the release states fewer incidents than it has INC entries",
            "remove `incidents`: relplan counts the INC entries",
        ),
        (
            "incidents",
            stated.is_some_and(|stated| stated > incidents.len() && !incidents.is_empty()),
            "the release states more incidents than it has INC entries",
            "add an INC entry for each incident",
        ),
        (
            "release",
            !unassigned.is_empty(),
            "incidents without a release",
            "add `release` to each, and an INC entry for each record of a file",
        ),
        (
            "incident_files",
            is_deployed && is_unread(records),
            "incident files not read completely",
            "run `relplan check` for the error, and correct the records",
        ),
        (
            "detected",
            incidents.iter().any(lacks_time),
            "incidents without a time of detection",
            "add `detected` to each",
        ),
        (
            "severity",
            !no_count && critical.is_none() && rel.deployed_at.is_some(),
            "incidents of the first 48 hours unknown",
            "add an INC entry with `severity` and `detected` for each incident",
        ),
    ];
    let missing = known.into_iter().filter(|(_, is_missing, _, _)| *is_missing);
    missing.map(|(field, _, missing, help)| Gap { field, missing, help }).collect()
}

impl Review {
    /// The incidents that are not over.
    pub fn open_incidents(&self) -> usize {
        let open = |incident: &&IncidentView| {
            ![IncidentStatus::Resolved.word(), IncidentStatus::Closed.word()].contains(&incident.status)
        };
        self.incidents.iter().filter(open).count()
    }

    /// The targets with a verdict.
    pub fn targets_with(&self, verdict: TargetVerdict) -> usize {
        self.targets.iter().filter(|target| target.verdict == verdict).count()
    }
}
