//! The metrics, and what each of them is known by.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::config::Median;
use crate::model::phrase::counted;

/// What is measured of what.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The environment whose deployments count.
    pub environment: &'a str,
    /// The first day, in UTC.
    pub from: NaiveDate,
    /// The last day, in UTC.
    pub to: NaiveDate,
    /// The moment after which nothing can have happened yet.
    pub now: DateTime<Utc>,
    /// Which median.
    pub median: Median,
    /// The files with deployments.
    pub deployments: Files,
    /// The files with incidents.
    pub incidents: Files,
}

/// What is known of files that a glob of `relplan.toml` chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Files {
    /// No glob is there.
    #[default]
    NotNamed,
    /// There are globs, and no file.
    NoneFound,
    /// There are files.
    Read,
}

impl Files {
    /// What is known of files that were chosen by globs, if there are any.
    pub fn of<T>(is_named: bool, files: &[T]) -> Files {
        match (is_named, files.is_empty()) {
            (false, _) => Files::NotNamed,
            (true, true) => Files::NoneFound,
            (true, false) => Files::Read,
        }
    }

    /// Why nothing of them is known, if so.
    pub(super) fn missing(self, key: &'static str) -> Option<NotAvailable> {
        match self {
            Files::NotNamed => Some(NotAvailable::NoFiles(key)),
            Files::NoneFound => Some(NotAvailable::NoneFound(key)),
            Files::Read => None,
        }
    }
}

impl Scope<'_> {
    /// The number of days.
    pub fn days(&self) -> i64 {
        (self.to - self.from).num_days() + 1
    }
}

/// A metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Successful deployments a week.
    DeploymentFrequency,
    /// From the author time of a commit to the end of the deployment that brought it.
    ChangeLeadTime,
    /// Deployments with an incident ÷ deployments.
    ChangeFailRate,
    /// From the end of a deployment with an incident to the end of the incident.
    RecoveryTime,
    /// Unplanned deployments because of an incident ÷ deployments.
    ReworkRate,
    /// Successful deployments ÷ deployments that succeeded or failed.
    DeploymentSuccess,
    /// Rollbacks ÷ deployments.
    RollbackRate,
    /// From the beginning of a deployment to its end.
    DeploymentTime,
    /// From the beginning of a rollback to its end.
    RollbackTime,
    /// Releases that shipped on their date or before ÷ releases that shipped.
    ReleasesOnTime,
}

/// The unit of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Deployments a week.
    PerWeek,
    /// Seconds.
    Seconds,
    /// Per cent.
    Percent,
}

impl Measure {
    /// The five metrics of DORA, in its order.
    pub const DORA: [Measure; 5] = [
        Measure::ChangeLeadTime,
        Measure::DeploymentFrequency,
        Measure::RecoveryTime,
        Measure::ChangeFailRate,
        Measure::ReworkRate,
    ];

    /// Its name.
    pub const fn title(self) -> &'static str {
        match self {
            Measure::DeploymentFrequency => "Deployment frequency",
            Measure::ChangeLeadTime => "Change lead time",
            Measure::ChangeFailRate => "Change fail rate",
            Measure::RecoveryTime => "Failed deployment recovery time",
            Measure::ReworkRate => "Deployment rework rate",
            Measure::DeploymentSuccess => "Deployment success",
            Measure::RollbackRate => "Rollback rate",
            Measure::DeploymentTime => "Deployment time",
            Measure::RollbackTime => "Rollback time",
            Measure::ReleasesOnTime => "Releases on time",
        }
    }

    /// Its unit.
    pub const fn unit(self) -> Unit {
        match self {
            Measure::DeploymentFrequency => Unit::PerWeek,
            Measure::ChangeLeadTime
            | Measure::RecoveryTime
            | Measure::DeploymentTime
            | Measure::RollbackTime => Unit::Seconds,
            Measure::ChangeFailRate
            | Measure::ReworkRate
            | Measure::DeploymentSuccess
            | Measure::RollbackRate
            | Measure::ReleasesOnTime => Unit::Percent,
        }
    }

    /// Whether more of it is better.
    pub const fn is_better_high(self) -> bool {
        matches!(self, Measure::DeploymentFrequency | Measure::DeploymentSuccess | Measure::ReleasesOnTime)
    }
}

/// A figure and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// The value, in the unit of its metric; always finite.
    pub value: f64,
    /// What it rests on.
    pub basis: Basis,
}

/// What a figure rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// So many out of so many.
    Share {
        /// How many fit.
        part: usize,
        /// How many there are, at least one.
        whole: usize,
        /// Of what, in the singular.
        noun: &'static str,
    },
    /// The median of so many.
    Median {
        /// How many, at least one.
        of: usize,
        /// Of what, in the singular.
        noun: &'static str,
    },
    /// So many in a time.
    Count {
        /// How many.
        count: usize,
        /// The days of the period.
        days: i64,
    },
}

impl Basis {
    /// The basis in words: `3 of 41 deployments`.
    pub fn words(self) -> String {
        match self {
            Basis::Share { part, whole, noun } => format!("{part} of {}", counted(whole, noun)),
            Basis::Median { of, noun } => format!("median of {}", counted(of, noun)),
            Basis::Count { count, days } => {
                let days = counted(usize::try_from(days).unwrap_or(0), "day");
                format!("{} in {days}", counted(count, "deployment"))
            }
        }
    }
}

impl Figure {
    /// A share in per cent; nothing of nothing.
    pub fn share(part: usize, whole: usize, noun: &'static str) -> Option<Figure> {
        let value = part as f64 * 100.0 / whole as f64;
        (whole > 0).then_some(Figure { value, basis: Basis::Share { part, whole, noun } })
    }
}

/// Why a metric is not available.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAvailable {
    /// No files with deployments or incidents are named.
    NoFiles(&'static str),
    /// No file is chosen by their globs.
    NoneFound(&'static str),
    /// The files record no deployment to the environment.
    NoDeployment(String),
    /// The files record none to the environment that succeeded up to the end of the period.
    NoSuccess(String),
    /// No successful deployment in the period.
    NoneInPeriod,
    /// The files record no incident.
    NoIncident,
    /// Nothing counts, and records that cannot be read may have.
    Unreadable {
        /// How many records.
        records: usize,
        /// Of what, in the singular.
        noun: &'static str,
    },
    /// No deployment with an incident in the period.
    NoFailed,
    /// No incident of the deployments of the period is resolved.
    NoneResolved,
    /// No deployment states something.
    NotRecorded(&'static str),
    /// No rollback in the period.
    NoRollback,
    /// Nothing is known of commits.
    Commits(String),
    /// No commit counts, each for one of these reasons.
    NoChange(Vec<String>),
    /// No release shipped in the period.
    NoRelease,
}

impl NotAvailable {
    /// The reason.
    pub fn words(&self) -> String {
        match self {
            NotAvailable::NoFiles(key) => format!("`{key}` is not in [metrics] of relplan.toml"),
            NotAvailable::NoneFound(key) => format!("no file matches `{key}` of [metrics]"),
            NotAvailable::NoDeployment(environment) => format!("no deployment to {environment} is recorded"),
            NotAvailable::NoSuccess(environment) => {
                format!("no successful deployment to {environment} is recorded up to the end of the period")
            }
            NotAvailable::NoneInPeriod => "no successful deployment in the period".to_owned(),
            NotAvailable::NoIncident => "no incident is recorded".to_owned(),
            NotAvailable::Unreadable { records, noun } => {
                format!("{} cannot be used", counted(*records, &format!("{noun} record")))
            }
            NotAvailable::NoFailed => "no deployment with an incident in the period".to_owned(),
            NotAvailable::NoneResolved => "no incident has a time of resolution".to_owned(),
            NotAvailable::NotRecorded(what) => format!("no deployment records {what}"),
            NotAvailable::NoRollback => "no rollback in the period".to_owned(),
            NotAvailable::Commits(reason) => reason.clone(),
            NotAvailable::NoChange(reasons) if reasons.is_empty() => {
                "the deployments contain no new commit".to_owned()
            }
            NotAvailable::NoChange(reasons) => reasons.join("; "),
            NotAvailable::NoRelease => "no release with a date was deployed in the period".to_owned(),
        }
    }
}

/// A band of the DORA report of 2023.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Elite.
    Elite,
    /// High.
    High,
    /// Medium.
    Medium,
    /// Low.
    Low,
}

const HOUR: f64 = 3600.0;
const DAY: f64 = 24.0 * HOUR;

impl Band {
    /// The band of a value: change fail rate up to 5, 10, 15 %; lead time below 1, 7, 30 days; recovery time below 1 hour,
    /// 1 day, 7 days. The other metrics have none.
    pub fn of(measure: Measure, value: f64) -> Option<Band> {
        let (fits, limits): (fn(f64, f64) -> bool, [f64; 3]) = match measure {
            Measure::ChangeFailRate => (|value, limit| value <= limit, [5.0, 10.0, 15.0]),
            Measure::ChangeLeadTime => (|value, limit| value < limit, [DAY, 7.0 * DAY, 30.0 * DAY]),
            Measure::RecoveryTime => (|value, limit| value < limit, [HOUR, DAY, 7.0 * DAY]),
            _ => return None,
        };
        let bands = [Band::Elite, Band::High, Band::Medium];
        let found = bands.into_iter().zip(limits).find(|(_, limit)| fits(value, *limit));
        Some(found.map_or(Band::Low, |(band, _)| band))
    }

    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Band::Elite => "elite",
            Band::High => "high",
            Band::Medium => "medium",
            Band::Low => "low",
        }
    }
}
