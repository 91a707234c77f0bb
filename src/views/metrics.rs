//! Delivery metrics of a period: the five of DORA and what stands beside them, against their targets.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::config::{Config, Median, MetricTargets};
use crate::metrics::{
    Band, Basis, CommitHistory, Defect, Deliveries, FailedDeployment, Figure, Measure, Measured,
    NotAvailable, Resolution, Scope, TrendPart, TrendStep, Unit, measure, median,
};
use crate::model::rel::{Rel, RelType};
use crate::model::{Choice, Entry, Plan};
use crate::schedule::cadence;
use crate::source::SourceMap;

/// The output of `relplan metrics --format json`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan metrics --format json")]
pub struct MetricsView {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it was made.
    pub day: NaiveDate,
    /// The environment whose deployments count.
    pub environment: String,
    /// The first day of the period, in UTC.
    pub from: NaiveDate,
    /// The last day of the period, in UTC.
    pub to: NaiveDate,
    /// The number of its days.
    pub days: i64,
    /// Which median: `percentile_cont` as Four Keys has it, `percent_rank` as Apache DevLake has it.
    pub median: String,
    /// The metrics: the five of DORA first.
    pub metrics: Vec<MetricView>,
    /// How the trend is cut.
    pub trend_step: TrendStep,
    /// The trend, the earliest first; empty if no deployment is on record.
    pub trend: Vec<TrendView>,
    /// The deployments of the period with an incident.
    pub failed_deployments: Vec<FailedDeploymentView>,
    /// The releases of the plan that shipped in the period.
    pub releases: Vec<ShippedRelease>,
    /// Releases by type, against their cadence.
    pub cadences: Vec<CadenceView>,
    /// Records that cannot be used, or not as they are.
    pub unusable_records: Vec<UnusableRecord>,
}

/// A metric.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MetricView {
    /// Which one.
    pub name: Measure,
    /// Its value; absent if it is not available.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The unit of its value and of its target.
    pub unit: Unit,
    /// How many count, where it is a share or a number of deployments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<usize>,
    /// Of how many, or how many the median is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<usize>,
    /// What it rests on, in words: `3 of 41 deployments`; absent if it is not available.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Why it is not available; absent if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_available: Option<String>,
    /// Its band by the DORA report of 2023; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<Band>,
    /// Its target; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetView>,
    /// What was left out, or is in doubt.
    pub notes: Vec<String>,
}

/// A target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct TargetView {
    /// The limit, in the unit of the metric.
    pub limit: f64,
    /// Which side of it is good.
    pub bound: Bound,
    /// Whether it is met.
    pub status: TargetStatus,
}

/// Which side of a limit is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The limit or less.
    AtMost,
    /// The limit or more.
    AtLeast,
}

/// Whether a target is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetStatus {
    /// It is.
    Met,
    /// It is not.
    Missed,
    /// The metric is not available.
    Unknown,
}

/// A part of the trend.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TrendView {
    /// Its first day in the period.
    pub from: NaiveDate,
    /// Its last day in the period.
    pub to: NaiveDate,
    /// The successful deployments.
    pub deployments: usize,
    /// Those with an incident; absent if incidents are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_deployments: Option<usize>,
    /// The change lead time in seconds; absent if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_lead_time: Option<f64>,
    /// The recovery time in seconds; absent if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_time: Option<f64>,
}

/// A deployment with an incident.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FailedDeploymentView {
    /// Its id.
    pub id: String,
    /// The version; absent if none is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// When it ended.
    pub finished: DateTime<Utc>,
    /// Its incidents.
    pub incidents: Vec<IncidentView>,
}

/// An incident.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IncidentView {
    /// Its id.
    pub id: String,
    /// When it was created.
    pub created: DateTime<Utc>,
    /// Seconds from the end of the deployment to the end of the incident; absent if that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_time: Option<i64>,
}

/// A release that shipped.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ShippedRelease {
    /// Its id.
    pub id: String,
    /// Its version, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its type, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_type: Option<String>,
    /// The planned date, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned: Option<NaiveDate>,
    /// The day on which it was deployed.
    pub deployed: NaiveDate,
    /// Days after the planned date; negative if it was earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_late: Option<i64>,
}

/// The releases of a type.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CadenceView {
    /// The type.
    pub release_type: String,
    /// The releases of the period.
    pub releases: usize,
    /// The cadence; absent if none is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cadence: Option<String>,
    /// The median number of days from one release to the next; absent without two releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_interval: Option<f64>,
    /// The intervals that end in the period.
    pub intervals: usize,
    /// Those that were longer than the cadence; absent without a cadence or without intervals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<usize>,
}

/// A record that cannot be used, or not as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnusableRecord {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: String,
}

/// What a view is made of.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The deployments and incidents.
    pub facts: &'a Deliveries,
    /// The commits.
    pub commits: &'a CommitHistory,
    /// The texts.
    pub texts: &'a SourceMap,
}

/// Measures a period.
pub fn metrics(
    plan: &Plan<'_>,
    config: &Config,
    sources: Sources<'_>,
    scope: &Scope<'_>,
    step: TrendStep,
    today: NaiveDate,
) -> MetricsView {
    let measured = measure(sources.facts, sources.commits, scope, step);
    let shipped = Shipped::of(plan, today);
    let releases = shipped.in_period(scope);
    let on_time = releases_on_time(&releases);
    let targets = &config.metrics.targets;
    MetricsView {
        version: 1,
        day: today,
        environment: scope.environment.to_owned(),
        from: scope.from,
        to: scope.to,
        days: scope.days(),
        median: scope.median.word().to_owned(),
        metrics: measured.measured.iter().chain([&on_time]).map(|one| MetricView::of(one, targets)).collect(),
        trend_step: step,
        trend: measured.trend.iter().map(TrendView::of).collect(),
        failed_deployments: measured.failed.iter().map(|one| FailedDeploymentView::of(one, scope)).collect(),
        cadences: shipped.cadences(config, scope),
        releases,
        unusable_records: unusable(&sources.facts.defects, sources.texts),
    }
}

impl MetricsView {
    /// A metric.
    pub fn metric(&self, measure: Measure) -> Option<&MetricView> {
        self.metrics.iter().find(|metric| metric.name == measure)
    }
}

impl MetricView {
    fn of(measured: &Measured, targets: &MetricTargets) -> Self {
        let figure = measured.figure.as_ref().ok();
        let value = figure.map(|figure| figure.value);
        let (numerator, denominator) = match figure.map(|figure| figure.basis) {
            None => (None, None),
            Some(Basis::Share { part, whole, .. }) => (Some(part), Some(whole)),
            Some(Basis::Median { of, .. }) => (None, Some(of)),
            Some(Basis::Count { count, .. }) => (Some(count), None),
        };
        MetricView {
            name: measured.measure,
            value: value.map(rounded),
            unit: measured.measure.unit(),
            numerator,
            denominator,
            basis: figure.map(|figure| figure.basis.words()),
            not_available: measured.figure.as_ref().err().map(NotAvailable::words),
            band: value.and_then(|value| Band::of(measured.measure, value)),
            target: limit(targets, measured.measure)
                .map(|limit| TargetView::of(measured.measure, limit, value)),
            notes: measured.notes.clone(),
        }
    }
}

/// To a hundredth.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The limit of a metric, in its unit.
fn limit(targets: &MetricTargets, measure: Measure) -> Option<f64> {
    let seconds = |time: crate::model::duration::Duration| time.millis() as f64 / 1000.0;
    match measure {
        Measure::DeploymentFrequency => targets.deployments_per_week,
        Measure::ChangeLeadTime => targets.change_lead_time.map(seconds),
        Measure::ChangeFailRate => targets.change_fail_rate.map(|share| share.0),
        Measure::RecoveryTime => targets.recovery_time.map(seconds),
        Measure::ReworkRate => targets.rework_rate.map(|share| share.0),
        Measure::DeploymentSuccess => targets.deployment_success.map(|share| share.0),
        Measure::RollbackRate => targets.rollback_rate.map(|share| share.0),
        Measure::DeploymentTime => targets.deployment_time.map(seconds),
        Measure::RollbackTime => targets.rollback_time.map(seconds),
        Measure::ReleasesOnTime => targets.releases_on_time.map(|share| share.0),
    }
}

impl TargetView {
    fn of(measure: Measure, limit: f64, value: Option<f64>) -> Self {
        let bound = if measure.is_better_high() { Bound::AtLeast } else { Bound::AtMost };
        let status = match (value, bound) {
            (None, _) => TargetStatus::Unknown,
            (Some(value), Bound::AtMost) if value <= limit => TargetStatus::Met,
            (Some(value), Bound::AtLeast) if value >= limit => TargetStatus::Met,
            (Some(_), _) => TargetStatus::Missed,
        };
        TargetView { limit, bound, status }
    }
}

impl TrendView {
    fn of(part: &TrendPart) -> Self {
        TrendView {
            from: part.from,
            to: part.to,
            deployments: part.deployments,
            failed_deployments: part.failed,
            change_lead_time: part.change_lead_time,
            recovery_time: part.recovery_time,
        }
    }
}

impl FailedDeploymentView {
    fn of(failed: &FailedDeployment, scope: &Scope<'_>) -> Self {
        let finished = failed.deployment.finished;
        let incidents = failed.incidents.iter().map(|incident| IncidentView {
            id: incident.id.clone(),
            created: incident.created,
            recovery_time: match incident.resolved {
                Resolution::At(moment) if moment <= scope.now => Some((moment - finished).num_seconds()),
                _ => None,
            },
        });
        FailedDeploymentView {
            id: failed.deployment.id.clone(),
            version: failed.deployment.version.clone(),
            finished,
            incidents: incidents.collect(),
        }
    }
}

/// The records that cannot be used; one that is wrong as a deployment and as an incident is named once.
fn unusable(defects: &[Defect], texts: &SourceMap) -> Vec<UnusableRecord> {
    let named = |defect: &Defect| {
        let source = texts.file(defect.span.file);
        UnusableRecord {
            file: source.name().to_owned(),
            line: source.position(defect.span.start as usize).line,
            problem: defect.kind.words(),
        }
    };
    let mut records: Vec<UnusableRecord> = defects.iter().map(named).collect();
    records.dedup();
    records
}

/// The releases of the plan that shipped, by day.
struct Shipped<'p> {
    releases: Vec<(NaiveDate, &'p Entry<'p>, &'p Rel<'p>)>,
}

impl<'p> Shipped<'p> {
    fn of(plan: &'p Plan<'p>, today: NaiveDate) -> Self {
        let shipped = |(entry, rel): (&'p Entry<'p>, &'p Rel<'p>)| {
            let day = rel.deployed_at.map(|day| day.value).filter(|day| *day <= today)?;
            Some((day, entry, rel))
        };
        let mut releases: Vec<_> = plan.releases().filter_map(shipped).collect();
        releases.sort_by_key(|(day, entry, _)| (*day, entry.id.value));
        Shipped { releases }
    }

    fn in_period(&self, scope: &Scope<'_>) -> Vec<ShippedRelease> {
        let inside = self.releases.iter().filter(|(day, _, _)| (scope.from..=scope.to).contains(day));
        let shown = |(day, entry, rel): &(NaiveDate, &Entry<'_>, &Rel<'_>)| {
            let planned = rel.date.map(|date| date.value);
            ShippedRelease {
                id: entry.id.value.to_string(),
                version: rel.version.as_ref().map(|version| version.value.to_string()),
                release_type: rel.rel_type().map(|kind| kind.word().to_owned()),
                planned,
                deployed: *day,
                days_late: planned.map(|planned| (*day - planned).num_days()),
            }
        };
        inside.map(shown).collect()
    }

    /// Each type that has a cadence, or shipped in the period.
    fn cadences(&self, config: &Config, scope: &Scope<'_>) -> Vec<CadenceView> {
        RelType::WORDS.iter().filter_map(|(word, kind)| self.cadence(word, *kind, config, scope)).collect()
    }

    fn cadence(&self, word: &str, kind: RelType, config: &Config, scope: &Scope<'_>) -> Option<CadenceView> {
        let stated = config.calendar.cadences.iter().find(|(own, _)| *own == kind);
        let stated = stated.map(|(_, cadence)| cadence.value);
        let own = self.releases.iter().filter(|(_, _, rel)| rel.rel_type() == Some(kind));
        let days: Vec<NaiveDate> = own.map(|(day, _, _)| *day).collect();
        let is_inside = |day: &NaiveDate| (scope.from..=scope.to).contains(day);
        let releases = days.iter().filter(|day| is_inside(day)).count();
        let pairs: Vec<(NaiveDate, NaiveDate)> =
            days.windows(2).map(|pair| (pair[0], pair[1])).filter(|(_, day)| is_inside(day)).collect();
        let lengths: Vec<i64> = pairs.iter().map(|(from, to)| (*to - *from).num_days()).collect();
        let is_late = |cadence, (from, to): &(NaiveDate, NaiveDate)| {
            cadence::latest(cadence, *from).is_some_and(|latest| *to > latest)
        };
        let late = stated.filter(|_| !pairs.is_empty());
        let late = late.map(|cadence| pairs.iter().filter(|pair| is_late(cadence, pair)).count());
        (stated.is_some() || releases > 0).then(|| CadenceView {
            release_type: word.to_owned(),
            releases,
            cadence: stated.map(|cadence| cadence.to_string()),
            median_interval: median(&lengths, scope.median),
            intervals: pairs.len(),
            late,
        })
    }
}

fn releases_on_time(releases: &[ShippedRelease]) -> Measured {
    let dated: Vec<i64> = releases.iter().filter_map(|release| release.days_late).collect();
    let on_time = dated.iter().filter(|days| **days <= 0).count();
    let undated = releases.len() - dated.len();
    let note = (undated > 0 && !dated.is_empty())
        .then(|| format!("{} left out: no planned date", crate::model::phrase::counted(undated, "release")));
    Measured {
        measure: Measure::ReleasesOnTime,
        figure: Figure::share(on_time, dated.len(), "release").ok_or(NotAvailable::NoRelease),
        notes: note.into_iter().collect(),
    }
}

/// Which median it is, in words.
pub fn median_words(word: &str) -> &'static str {
    match Median::from_word(word) {
        Some(Median::PercentRank) => "percent rank, as in Apache DevLake",
        _ => "PERCENTILE_CONT, as in Four Keys",
    }
}
