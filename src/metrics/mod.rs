//! Floor 4: delivery metrics. Deployments and incidents as files record them, the five DORA metrics and what stands
//! beside them, each with its denominator or the reason why it is not available.
//!
//! Pure arithmetic: texts, commits and days in, figures out. What Git knows comes in as a value.

pub mod chain;
mod commits;
mod compute;
mod measure;
mod median;
pub mod read;
pub mod record;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;

use crate::model::Commit;
use crate::model::dep::Severity;
use crate::source::Span;

pub use commits::{CommitHistory, CommitLog, LoggedCommit, RangeOfCommits};
pub use compute::{FailedDeployment, Measured, Metrics, TrendPart, TrendStep, measure, range};
pub use measure::{Band, Basis, Figure, Files, Measure, NotAvailable, Scope, Unit};
pub use median::median;
pub use read::KnownIncident;

/// Deployments and incidents, as files record them.
#[derive(Debug, Clone, Default)]
pub struct Deliveries {
    /// The deployments to every environment, in the order of their ends.
    pub deployments: Vec<Deployment>,
    /// The incidents, in the order in which they were created.
    pub incidents: Vec<Incident>,
    /// What could not be read, or not be relied on, in the order of the files.
    pub defects: Vec<Defect>,
}

/// A deployment that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// Its id, or the name of the service where events have none.
    pub id: String,
    /// The environment.
    pub environment: String,
    /// When it began, if that is recorded.
    pub started: Option<DateTime<Utc>>,
    /// When it ended; never before it began.
    pub finished: DateTime<Utc>,
    /// How it ended.
    pub result: DeploymentResult,
    /// Whether its source records deployments that failed.
    pub failures_recorded: bool,
    /// The version that was deployed, if that is recorded.
    pub version: Option<String>,
    /// The commit that was deployed, if that is recorded.
    pub commit: Option<Commit>,
    /// Whether it was unplanned and caused by an incident, if that is recorded.
    pub unplanned: Option<bool>,
    /// Whether it was a rollback, if that is recorded.
    pub rollback: Option<bool>,
    /// Where it is recorded.
    pub span: Span,
}

/// How a deployment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeploymentResult {
    /// It went through.
    Success,
    /// It did not.
    Failure,
    /// Someone stopped it.
    Cancelled,
}

/// An incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Its id.
    pub id: String,
    /// The environments that a source names; every one, if there are none.
    pub environments: Vec<String>,
    /// How severe it is, if that is recorded.
    pub severity: Option<Severity>,
    /// When it was created.
    pub created: DateTime<Utc>,
    /// When it was resolved; never before it was created.
    pub resolved: Resolution,
    /// Where it is recorded.
    pub span: Span,
}

/// Whether and when an incident was resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// It is not.
    Open,
    /// It was at this time.
    At(DateTime<Utc>),
    /// It may be; the time cannot be relied on.
    Unknown,
}

/// What a defect takes away from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touches {
    /// Every metric of deployments.
    Deployments,
    /// The lead time alone.
    Commits,
    /// The metrics of incidents.
    Incidents,
    /// How severe incidents are, and no metric.
    Severity,
}

/// Something that could not be read, or not be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// Where.
    pub span: Span,
    /// What it takes away from.
    pub touches: Touches,
    /// Why.
    pub kind: DefectKind,
}

/// What can be wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefectKind {
    /// The file is no text, or is too large.
    NotText,
    /// It is not JSON, or lacks a field, or a field has the wrong type.
    Malformed(String),
    /// A time that is missing.
    NoTime(&'static str),
    /// A time that cannot be read.
    TimeUnreadable {
        /// The field.
        field: &'static str,
        /// What stands there.
        text: String,
    },
    /// A result, state or status that is not known.
    UnknownResult(String),
    /// A deployment that ended before it began.
    EndsBeforeStart,
    /// An incident that was resolved before it was created.
    ResolvedBeforeCreated,
    /// An incident that is done, without the time.
    ResolvedWithoutTime,
    /// An incident that was resolved, and never reported.
    NeverReported(String),
    /// A commit whose name is none.
    NotACommit(String),
    /// An incident that is stated to be open, with a time of resolution.
    OpenWithResolution,
    /// An incident of the plan whose record in a file has other times.
    DiffersFromRecord(String),
    /// An incident of the plan whose record in a file has another environment.
    OtherEnvironment(String),
    /// A severity that is not known.
    UnknownSeverity(String),
    /// Another record has its id.
    SameId(String),
}

impl DefectKind {
    /// What is wrong.
    pub fn words(&self) -> String {
        match self {
            DefectKind::NotText => "the file is not UTF-8 text, or is too large".to_owned(),
            DefectKind::Malformed(reason) => reason.clone(),
            DefectKind::NoTime(field) => format!("`{field}` is missing"),
            DefectKind::TimeUnreadable { field, text } => format!("`{field}` is not a time: `{text}`"),
            DefectKind::UnknownResult(word) => format!("unknown result `{word}`"),
            DefectKind::EndsBeforeStart => "the deployment ends before it starts".to_owned(),
            DefectKind::ResolvedBeforeCreated => "the incident is resolved before it is created".to_owned(),
            DefectKind::ResolvedWithoutTime => "the incident is resolved, without a time".to_owned(),
            DefectKind::NeverReported(id) => {
                format!("incident `{id}` is resolved, and has no detected or reported event")
            }
            DefectKind::NotACommit(text) => format!("`{text}` is not a commit"),
            DefectKind::OpenWithResolution => {
                "the status of the incident is open, and it has a time of resolution".to_owned()
            }
            DefectKind::DiffersFromRecord(id) => {
                format!("the entry `{id}` and the record with its id have different times")
            }
            DefectKind::OtherEnvironment(id) => {
                format!("the entry `{id}` and the record with its id have different environments")
            }
            DefectKind::UnknownSeverity(word) => format!("unknown severity `{word}`"),
            DefectKind::SameId(id) => format!("duplicate id `{id}`"),
        }
    }
}

impl Deliveries {
    /// Brings everything into order, and sets aside what is recorded twice.
    pub fn sort(&mut self) {
        let mut defects = std::mem::take(&mut self.defects);
        self.deployments.sort_by(|one, other| {
            (one.finished, &one.id, one.span).cmp(&(other.finished, &other.id, other.span))
        });
        self.incidents.sort_by(|one, other| {
            (one.created, &one.id, one.span).cmp(&(other.created, &other.id, other.span))
        });
        let deployment = |one: &Deployment| (one.id.clone(), one.environment.to_lowercase(), one.span);
        once_each(&mut self.deployments, Touches::Deployments, deployment, &mut defects);
        let incident = |one: &Incident| (one.id.clone(), String::new(), one.span);
        once_each(&mut self.incidents, Touches::Incidents, incident, &mut defects);
        defects.sort_by_key(|defect| (defect.span.file, defect.span.start, defect.touches));
        self.defects = defects;
    }
}

/// Keeps the record of each id and environment that stands first in the files.
fn once_each<T>(
    records: &mut Vec<T>,
    touches: Touches,
    named: impl Fn(&T) -> (String, String, Span),
    defects: &mut Vec<Defect>,
) {
    let mut first: FxHashMap<(String, String), Span> = FxHashMap::default();
    for record in records.iter() {
        let (id, environment, span) = named(record);
        let known = first.entry((id, environment)).or_insert(span);
        *known = (*known).min(span);
    }
    records.retain(|record| {
        let (id, environment, span) = named(record);
        let key = (id, environment);
        let is_first = first.get(&key) == Some(&span);
        if !is_first {
            defects.push(Defect { span, touches, kind: DefectKind::SameId(key.0) });
        }
        is_first
    });
}
