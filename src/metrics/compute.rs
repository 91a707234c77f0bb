//! The metrics of a period.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::commits::{self, CommitHistory, NoCommits, RangeOfCommits};
use super::measure::{Basis, Figure, Measure, NotAvailable, Scope};
use super::{Deliveries, Deployment, DeploymentResult, Incident, Resolution, Touches, median};
use crate::model::phrase::counted;

/// A metric as it was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The metric.
    pub measure: Measure,
    /// Its figure, or why it is not available.
    pub figure: Result<Figure, NotAvailable>,
    /// What was left out, or is in doubt.
    pub notes: Vec<String>,
}

/// Everything that was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Metrics {
    /// The metrics of deployments: those of DORA, then the others.
    pub measured: Vec<Measured>,
    /// The deployments of the period with an incident, in their order.
    pub failed: Vec<FailedDeployment>,
    /// The period week by week or month by month; empty if no deployment is on record.
    pub trend: Vec<TrendPart>,
}

/// A deployment with an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedDeployment {
    /// The deployment.
    pub deployment: Deployment,
    /// Its incidents.
    pub incidents: Vec<Incident>,
}

/// How a trend is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrendStep {
    /// From Monday to Sunday.
    Week,
    /// From the first of a month to its end.
    Month,
}

/// A part of a trend.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendPart {
    /// Its first day in the period.
    pub from: NaiveDate,
    /// Its last day in the period.
    pub to: NaiveDate,
    /// The successful deployments.
    pub deployments: usize,
    /// Those with an incident; nothing if incidents are not known.
    pub failed: Option<usize>,
    /// The change lead time in seconds, if it is known.
    pub change_lead_time: Option<f64>,
    /// The recovery time in seconds, if it is known.
    pub recovery_time: Option<f64>,
}

/// The successful deployments to an environment up to now, and which of them are of the period.
struct Timeline<'d> {
    deployments: Vec<&'d Deployment>,
    first: usize,
    end: usize,
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn after(day: NaiveDate) -> DateTime<Utc> {
    day.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, midnight)
}

fn is_environment(name: &str, scope: &Scope<'_>) -> bool {
    name.trim().to_lowercase() == scope.environment.trim().to_lowercase()
}

impl<'d> Timeline<'d> {
    fn of(facts: &'d Deliveries, scope: &Scope<'_>) -> Self {
        let counts = |one: &&Deployment| {
            one.result == DeploymentResult::Success
                && one.finished <= scope.now
                && is_environment(&one.environment, scope)
        };
        let deployments: Vec<&Deployment> = facts.deployments.iter().filter(counts).collect();
        let before = |moment| deployments.partition_point(|one| one.finished < moment);
        let (first, end) = (before(midnight(scope.from)), before(after(scope.to)));
        Timeline { deployments, first, end: end.max(first) }
    }

    /// Those of the period.
    fn of_period(&self) -> &[&'d Deployment] {
        &self.deployments[self.first..self.end]
    }

    /// The last one that ended before a moment.
    fn before(&self, moment: DateTime<Utc>) -> Option<usize> {
        self.deployments.partition_point(|one| one.finished < moment).checked_sub(1)
    }
}

/// The commits that Git is asked about.
pub fn range(facts: &Deliveries, scope: &Scope<'_>) -> RangeOfCommits {
    let timeline = Timeline::of(facts, scope);
    commits::range(&timeline.deployments[..timeline.end], timeline.first)
}

/// Measures a period.
pub fn measure(facts: &Deliveries, commits: &CommitHistory, scope: &Scope<'_>, step: TrendStep) -> Metrics {
    let timeline = Timeline::of(facts, scope);
    let measuring = Measuring { facts, scope, incidents: Incidents::of(facts, &timeline, scope), timeline };
    let lead = measuring.lead_times(commits);
    let unmeasured = measuring.without_deployments();
    let all = [
        (Measure::ChangeLeadTime, measuring.lead_time(&lead)),
        (Measure::DeploymentFrequency, measuring.frequency()),
        (Measure::RecoveryTime, measuring.recovery_time()),
        (Measure::ChangeFailRate, measuring.fail_rate()),
        (Measure::ReworkRate, measuring.rework_rate()),
        (Measure::DeploymentSuccess, measuring.success()),
        (Measure::RollbackRate, measuring.rollback_rate()),
        (Measure::DeploymentTime, measuring.time_taken(false)),
        (Measure::RollbackTime, measuring.time_taken(true)),
    ];
    let measured = all.into_iter().map(|(measure, (figure, mut notes))| {
        let blocked = unmeasured.clone().filter(|_| measure != Measure::DeploymentSuccess);
        notes.extend(measuring.doubts(measure));
        Measured { measure, figure: blocked.map_or(figure, Err), notes }
    });
    Metrics { measured: measured.collect(), failed: measuring.failed(), trend: measuring.trend(&lead, step) }
}

/// A figure with what was left out of it.
type Noted = (Result<Figure, NotAvailable>, Vec<String>);

/// The incidents that count, by the deployment that they belong to.
struct Incidents<'d> {
    /// By the position of the deployment.
    of_deployment: BTreeMap<usize, Vec<&'d Incident>>,
    /// How many there are up to now.
    count: usize,
    /// How many were created before any deployment.
    before_any: usize,
    /// How many are created after now.
    in_future: usize,
}

impl<'d> Incidents<'d> {
    /// An incident belongs to the last successful deployment that ended before it was created.
    fn of(facts: &'d Deliveries, timeline: &Timeline<'_>, scope: &Scope<'_>) -> Self {
        let mut incidents =
            Incidents { of_deployment: BTreeMap::new(), count: 0, before_any: 0, in_future: 0 };
        for incident in &facts.incidents {
            let environments = &incident.environments;
            if !environments.is_empty() && !environments.iter().any(|name| is_environment(name, scope)) {
                continue;
            }
            if incident.created > scope.now {
                incidents.in_future += 1;
                continue;
            }
            incidents.count += 1;
            match timeline.before(incident.created) {
                Some(at) => incidents.of_deployment.entry(at).or_default().push(incident),
                None => incidents.before_any += 1,
            }
        }
        incidents
    }
}

/// What is measured, prepared once for all metrics.
struct Measuring<'d, 's> {
    facts: &'d Deliveries,
    scope: &'s Scope<'s>,
    timeline: Timeline<'d>,
    incidents: Incidents<'d>,
}

/// The changes of the period: when their deployment ended, and how many seconds after they were authored.
struct LeadTimes {
    changes: Result<Vec<(DateTime<Utc>, i64)>, NotAvailable>,
    notes: Vec<String>,
}

impl Measuring<'_, '_> {
    /// How many records that cannot be used touch something.
    fn unusable(&self, touches: Touches) -> usize {
        self.facts.defects.iter().filter(|defect| defect.touches == touches).count()
    }

    /// Why nothing can be said of deployments at all.
    fn without_deployments(&self) -> Option<NotAvailable> {
        let environment = self.scope.environment.to_owned();
        let records = self.unusable(Touches::Deployments);
        let is_recorded =
            self.facts.deployments.iter().any(|one| is_environment(&one.environment, self.scope));
        if let Some(missing) = self.scope.deployments.missing("deployments") {
            return Some(missing);
        }
        match () {
            () if self.timeline.end > 0 => None,
            () if records > 0 => Some(NotAvailable::Unreadable { records, noun: "deployment" }),
            () if is_recorded => Some(NotAvailable::NoSuccess(environment)),
            () => Some(NotAvailable::NoDeployment(environment)),
        }
    }

    /// Why nothing can be said of incidents at all.
    fn without_incidents(&self) -> Option<NotAvailable> {
        let records = self.unusable(Touches::Incidents);
        if let Some(missing) = self.scope.incidents.missing("incidents") {
            return Some(missing);
        }
        match () {
            () if self.incidents.count > 0 => None,
            () if records > 0 => Some(NotAvailable::Unreadable { records, noun: "incident" }),
            () => Some(NotAvailable::NoIncident),
        }
    }

    /// The incidents of the deployments of the period, by the position of the deployment.
    fn incidents_of_period(&self) -> impl Iterator<Item = (usize, &[&Incident])> {
        let range = self.timeline.first..self.timeline.end;
        self.incidents.of_deployment.range(range).map(|(at, incidents)| (*at, incidents.as_slice()))
    }

    /// The first day on record, if that is in the period. Of the days before nothing is known.
    fn beginning(&self) -> Option<NaiveDate> {
        let first = self.timeline.deployments.first().filter(|_| self.timeline.first == 0)?;
        Some(first.finished.date_naive()).filter(|day| *day > self.scope.from)
    }

    fn frequency(&self) -> Noted {
        let (count, days) = (self.timeline.of_period().len(), self.scope.days());
        let records = self.unusable(Touches::Deployments);
        if count == 0 && records > 0 {
            return (Err(NotAvailable::Unreadable { records, noun: "deployment" }), Vec::new());
        }
        let note = self.beginning().map(|day| format!("the record begins on {day}"));
        let figure = Figure { value: count as f64 * 7.0 / days as f64, basis: Basis::Count { count, days } };
        (Ok(figure), note.into_iter().collect())
    }

    fn lead_times(&self, history: &CommitHistory) -> LeadTimes {
        let none = |reason| LeadTimes { changes: Err(reason), notes: Vec::new() };
        let period = self.timeline.of_period();
        if period.is_empty() {
            return none(NotAvailable::NoneInPeriod);
        }
        let log = match history {
            CommitHistory::Known(log) => log,
            CommitHistory::Unavailable(reason) => return none(NotAvailable::Commits(reason.clone())),
        };
        let up_to_end = &self.timeline.deployments[..self.timeline.end];
        let brought = commits::brought(up_to_end, self.timeline.first, log);
        let mut left_out: BTreeMap<NoCommits, usize> = BTreeMap::new();
        let (mut changes, mut from_future) = (Vec::new(), 0);
        for (deployment, commits) in period.iter().zip(brought) {
            match commits {
                Err(reason) => *left_out.entry(reason).or_default() += 1,
                Ok(authored) => {
                    for seconds in authored.into_iter().map(|at| deployment.finished.timestamp() - at) {
                        match seconds {
                            0.. => changes.push((deployment.finished, seconds)),
                            _ => from_future += 1,
                        }
                    }
                }
            }
        }
        let mut notes: Vec<String> = left_out
            .into_iter()
            .map(|(reason, count)| format!("{} left out: {}", counted(count, "deployment"), reason.words()))
            .collect();
        if from_future > 0 {
            notes.push(format!("{} left out: authored after the deployment", counted(from_future, "commit")));
        }
        match changes.is_empty() {
            true => none(NotAvailable::NoChange(notes)),
            false => LeadTimes { changes: Ok(changes), notes },
        }
    }

    fn lead_time(&self, lead: &LeadTimes) -> Noted {
        let figure = lead.changes.as_ref().map_err(Clone::clone).and_then(|changes| {
            let seconds: Vec<i64> = changes.iter().map(|(_, seconds)| *seconds).collect();
            self.median_of(&seconds, "commit").ok_or(NotAvailable::NoChange(Vec::new()))
        });
        (figure, lead.notes.clone())
    }

    fn median_of(&self, values: &[i64], noun: &'static str) -> Option<Figure> {
        let value = median(values, self.scope.median)?;
        Some(Figure { value, basis: Basis::Median { of: values.len(), noun } })
    }

    fn fail_rate(&self) -> Noted {
        if let Some(reason) = self.without_incidents() {
            return (Err(reason), Vec::new());
        }
        let failed = self.incidents_of_period().count();
        let records = self.unusable(Touches::Incidents);
        // Of the records that cannot be used, any may have been of this period.
        if failed == 0 && records > 0 {
            return (Err(NotAvailable::Unreadable { records, noun: "incident" }), Vec::new());
        }
        let figure = Figure::share(failed, self.timeline.of_period().len(), "deployment");
        (figure.ok_or(NotAvailable::NoneInPeriod), Vec::new())
    }

    /// The seconds from the end of each deployment of the period to the end of each of its incidents.
    fn recoveries(&self) -> (Vec<(DateTime<Utc>, i64)>, Vec<String>) {
        let (mut recoveries, mut open, mut unknown, mut late) = (Vec::new(), 0, 0, 0);
        for (at, incidents) in self.incidents_of_period() {
            let finished = self.timeline.deployments[at].finished;
            for incident in incidents {
                match incident.resolved {
                    Resolution::At(moment) if moment > self.scope.now => late += 1,
                    Resolution::At(moment) => recoveries.push((finished, (moment - finished).num_seconds())),
                    Resolution::Open => open += 1,
                    Resolution::Unknown => unknown += 1,
                }
            }
        }
        let note = |count: usize, what: &str| {
            (count > 0).then(|| format!("{} left out: {what}", counted(count, "incident")))
        };
        let notes = [
            note(open, "not resolved"),
            note(unknown, "time of resolution not usable"),
            note(late, "resolved after the day of the report"),
        ];
        (recoveries, notes.into_iter().flatten().collect())
    }

    fn recovery_time(&self) -> Noted {
        if let Some(reason) = self.without_incidents() {
            return (Err(reason), Vec::new());
        }
        if self.timeline.of_period().is_empty() {
            return (Err(NotAvailable::NoneInPeriod), Vec::new());
        }
        if self.incidents_of_period().next().is_none() {
            return (Err(NotAvailable::NoFailed), Vec::new());
        }
        let (recoveries, notes) = self.recoveries();
        let seconds: Vec<i64> = recoveries.iter().map(|(_, seconds)| *seconds).collect();
        (self.median_of(&seconds, "incident").ok_or(NotAvailable::NoneResolved), notes)
    }

    /// The share of the deployments of the period that state something, of those that say anything about it.
    fn stated_share(&self, stated: impl Fn(&Deployment) -> Option<bool>, what: &'static str) -> Noted {
        let period = self.timeline.of_period();
        if period.is_empty() {
            return (Err(NotAvailable::NoneInPeriod), Vec::new());
        }
        let said: Vec<bool> = period.iter().filter_map(|one| stated(one)).collect();
        let fit = said.iter().filter(|fits| **fits).count();
        let figure = Figure::share(fit, said.len(), "deployment").ok_or(NotAvailable::NotRecorded(what));
        let silent = period.len() - said.len();
        let note = (silent > 0 && !said.is_empty())
            .then(|| format!("{} left out: {what} is not recorded", counted(silent, "deployment")));
        (figure, note.into_iter().collect())
    }

    fn rework_rate(&self) -> Noted {
        self.stated_share(|one| one.unplanned, "whether it was unplanned")
    }

    fn rollback_rate(&self) -> Noted {
        self.stated_share(|one| one.rollback, "whether it was a rollback")
    }

    fn success(&self) -> Noted {
        if let Some(missing) = self.scope.deployments.missing("deployments") {
            return (Err(missing), Vec::new());
        }
        let (from, end) = (midnight(self.scope.from), after(self.scope.to));
        let of_period = self.facts.deployments.iter().filter(|one| {
            is_environment(&one.environment, self.scope)
                && (from..end).contains(&one.finished)
                && one.finished <= self.scope.now
        });
        let (recorded, silent): (Vec<&Deployment>, Vec<_>) = of_period.partition(|one| one.failures_recorded);
        let count = |result| recorded.iter().filter(|one| one.result == result).count();
        let (succeeded, failed) = (count(DeploymentResult::Success), count(DeploymentResult::Failure));
        let reason = match (silent.is_empty(), self.without_deployments()) {
            (false, _) => NotAvailable::NotRecorded("whether it failed"),
            (true, Some(reason)) => reason,
            (true, None) => NotAvailable::NoneInPeriod,
        };
        let notes = [
            (count(DeploymentResult::Cancelled), "cancelled"),
            (silent.len(), "its source records no failed deployments"),
        ];
        let notes = notes.iter().filter(|(count, _)| *count > 0);
        let notes = notes.map(|(count, what)| format!("{} left out: {what}", counted(*count, "deployment")));
        let figure = Figure::share(succeeded, succeeded + failed, "deployment");
        let notes = if figure.is_some() { notes.collect() } else { Vec::new() };
        (figure.ok_or(reason), notes)
    }

    /// The time that deployments or rollbacks took.
    fn time_taken(&self, rollbacks: bool) -> Noted {
        let period = self.timeline.of_period();
        if period.is_empty() {
            return (Err(NotAvailable::NoneInPeriod), Vec::new());
        }
        let is_wanted = |one: &&&Deployment| one.rollback.unwrap_or(false) == rollbacks;
        let wanted: Vec<&&Deployment> = period.iter().filter(is_wanted).collect();
        if wanted.is_empty() {
            let is_known = period.iter().any(|one| one.rollback.is_some());
            let reason = match (rollbacks, is_known) {
                (true, false) => NotAvailable::NotRecorded("whether it was a rollback"),
                (true, true) => NotAvailable::NoRollback,
                (false, _) => NotAvailable::NoneInPeriod,
            };
            return (Err(reason), Vec::new());
        }
        let taken: Vec<i64> =
            wanted.iter().filter_map(|one| Some((one.finished - one.started?).num_seconds())).collect();
        let silent = wanted.len() - taken.len();
        let noun = if rollbacks { "rollback" } else { "deployment" };
        let note = (silent > 0 && !taken.is_empty())
            .then(|| format!("{} left out: its start is not recorded", counted(silent, noun)));
        (
            self.median_of(&taken, noun).ok_or(NotAvailable::NotRecorded("its start")),
            note.into_iter().collect(),
        )
    }

    /// What makes a metric doubtful whatever it is: records that cannot be used, and clocks that are apart.
    fn doubts(&self, measure: Measure) -> Vec<String> {
        let mut doubts = Vec::new();
        let mut doubt = |count: usize, noun: &str, what: &str| {
            if count > 0 {
                doubts.push(format!("{} left out: {what}", counted(count, noun)));
            }
        };
        let later = self
            .facts
            .deployments
            .iter()
            .filter(|one| one.finished > self.scope.now && is_environment(&one.environment, self.scope));
        doubt(self.unusable(Touches::Deployments), "deployment record", "cannot be used");
        doubt(later.count(), "deployment", "ends after the day of the report");
        if measure == Measure::ChangeLeadTime {
            doubt(self.unusable(Touches::Commits), "commit", "not a commit name");
        }
        if matches!(measure, Measure::ChangeFailRate | Measure::RecoveryTime) {
            doubt(self.unusable(Touches::Incidents), "incident record", "cannot be used as it is");
            doubt(self.incidents.before_any, "incident", "created before any deployment on record");
            doubt(self.incidents.in_future, "incident", "created after the day of the report");
        }
        doubts
    }

    fn failed(&self) -> Vec<FailedDeployment> {
        let failed = |(at, incidents): (usize, &[&Incident])| FailedDeployment {
            deployment: self.timeline.deployments[at].clone(),
            incidents: incidents.iter().map(|incident| (*incident).clone()).collect(),
        };
        self.incidents_of_period().map(failed).collect()
    }

    fn trend(&self, lead: &LeadTimes, step: TrendStep) -> Vec<TrendPart> {
        if self.without_deployments().is_some() {
            return Vec::new();
        }
        let knows_incidents = self.without_incidents().is_none();
        let failed: Vec<DateTime<Utc>> =
            self.incidents_of_period().map(|(at, _)| self.timeline.deployments[at].finished).collect();
        let (recoveries, _) = self.recoveries();
        let none = Vec::new();
        let changes = lead.changes.as_ref().unwrap_or(&none);
        let period = self.timeline.of_period();
        parts(self.beginning().unwrap_or(self.scope.from), self.scope.to, step)
            .into_iter()
            .map(|(from, to)| {
                let (start, end) = (midnight(from), after(to));
                let seconds = |timed: &[(DateTime<Utc>, i64)]| {
                    let first = timed.partition_point(|(at, _)| *at < start);
                    let last = timed.partition_point(|(at, _)| *at < end);
                    let values: Vec<i64> = timed[first..last].iter().map(|(_, seconds)| *seconds).collect();
                    median(&values, self.scope.median)
                };
                let count = |moments: &[DateTime<Utc>]| {
                    moments.partition_point(|at| *at < end) - moments.partition_point(|at| *at < start)
                };
                TrendPart {
                    from,
                    to,
                    deployments: period.partition_point(|one| one.finished < end)
                        - period.partition_point(|one| one.finished < start),
                    failed: knows_incidents.then(|| count(&failed)),
                    change_lead_time: seconds(changes),
                    recovery_time: seconds(&recoveries),
                }
            })
            .collect()
    }
}

/// The weeks or months of a period, cut at its ends.
fn parts(from: NaiveDate, to: NaiveDate, step: TrendStep) -> Vec<(NaiveDate, NaiveDate)> {
    let last_of = |day: NaiveDate| match step {
        TrendStep::Week => {
            let left = 6 - u64::from(day.weekday().num_days_from_monday());
            day.checked_add_days(Days::new(left))
        }
        TrendStep::Month => {
            let days = u64::from(day.num_days_in_month()) - u64::from(day.day());
            day.checked_add_days(Days::new(days))
        }
    };
    let mut parts = Vec::new();
    let mut next = Some(from);
    while let Some(first) = next.filter(|day| *day <= to) {
        let last = last_of(first).map_or(to, |last| last.min(to));
        parts.push((first, last));
        next = last.succ_opt();
    }
    parts
}
