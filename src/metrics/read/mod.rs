//! Files of deployments and incidents: relplan's own, CDEvents, GitHub deployments, webhooks of Apache DevLake.
//!
//! Each record is recognised by its fields. What cannot be read is a defect at its place, and no time, environment or
//! result is borrowed from anywhere else.

mod devlake;
mod entries;
mod events;
mod github;
mod own;
mod values;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Defect, DefectKind, Deliveries, Deployment, DeploymentResult, Incident, Resolution, Touches};
use crate::evidence::Timestamp;
use crate::model::dep::Severity;
use crate::model::{Choice, Commit};
use crate::source::{Contents, FileId, SourceMap, Span};
use values::Values;

pub use entries::KnownIncident;

use chrono::{DateTime, Utc};

impl Deliveries {
    /// Reads files with deployments and files with incidents. A file may be among both.
    pub fn read(sources: &SourceMap, deployments: &[FileId], incidents: &[FileId]) -> Deliveries {
        let mut all = Deliveries::default();
        // The events of one incident may be in several files.
        let mut reported = events::Incidents::default();
        for &file in deployments {
            read_file(sources, file, Touches::Deployments, &mut reported, &mut all);
        }
        for &file in incidents {
            read_file(sources, file, Touches::Incidents, &mut reported, &mut all);
        }
        reported.finish(&mut all);
        all.sort();
        all
    }
}

fn read_file(
    sources: &SourceMap,
    file: FileId,
    role: Touches,
    reported: &mut events::Incidents,
    all: &mut Deliveries,
) {
    let source = sources.file(file);
    if !matches!(source.contents(), Contents::Utf8 | Contents::Utf8WithMark) {
        all.defects.push(Defect { span: Span::new(file, 0, 0), touches: role, kind: DefectKind::NotText });
        return;
    }
    let mut values = Values::of(file, source.text());
    let parts = values.read();
    for (span, reason) in values.broken {
        all.defects.push(Defect { span, touches: role, kind: DefectKind::Malformed(reason) });
    }
    let (events, records): (Vec<Part<'_>>, Vec<Part<'_>>) =
        parts.into_iter().partition(|part| events::is_event(part.raw));
    if !events.is_empty() {
        events::read(file, source, &events, role, reported, all);
    }
    if role == Touches::Incidents {
        records.iter().for_each(|part| incident(part, all));
        return;
    }
    let from = all.deployments.len();
    let mut stated = own::Stated::default();
    records.iter().for_each(|part| deployment(part, &mut stated, all));
    // Those of other sources state nothing of the kind.
    stated.apply(&mut all.deployments[from..]);
}

/// A record and its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'s> {
    pub span: Span,
    pub raw: &'s RawValue,
}

/// The fields that tell records apart.
#[derive(Debug, Default, Deserialize)]
struct Signs<'s> {
    #[serde(borrow)]
    sha: Option<&'s RawValue>,
    #[serde(borrow)]
    statuses_url: Option<&'s RawValue>,
    #[serde(borrow)]
    statuses: Option<&'s RawValue>,
    #[serde(borrow, rename = "deploymentCommits")]
    deployment_commits: Option<&'s RawValue>,
    #[serde(borrow, rename = "finishedDate")]
    finished_date: Option<&'s RawValue>,
    #[serde(borrow, rename = "startedDate")]
    started_date: Option<&'s RawValue>,
    #[serde(borrow, rename = "issueKey")]
    issue_key: Option<&'s RawValue>,
    #[serde(borrow, rename = "createdDate")]
    created_date: Option<&'s RawValue>,
}

fn signs<'s>(part: &Part<'s>) -> Signs<'s> {
    serde_json::from_str(part.raw.get()).unwrap_or_default()
}

fn deployment(part: &Part<'_>, stated: &mut own::Stated, all: &mut Deliveries) {
    let signs = signs(part);
    let read = if signs.sha.is_some() || signs.statuses_url.is_some() || signs.statuses.is_some() {
        github::deployment(part)
    } else if [signs.deployment_commits, signs.finished_date, signs.started_date].iter().any(Option::is_some)
    {
        devlake::deployment(part)
    } else {
        own::deployment(part, stated)
    };
    take_deployment(part, read, all);
}

fn incident(part: &Part<'_>, all: &mut Deliveries) {
    let signs = signs(part);
    let read = match signs.issue_key.or(signs.created_date) {
        Some(_) => devlake::incident(part),
        None => own::incident(part).map(Some),
    };
    take_incident(part, read, all);
}

/// A deployment as a source states it, before its times and its commit are looked at.
struct StatedDeployment {
    id: String,
    environment: String,
    started: StatedTime,
    finished: StatedTime,
    result: DeploymentResult,
    version: Option<String>,
    commit: Option<String>,
    unplanned: Option<bool>,
    rollback: Option<bool>,
}

/// An incident as a source states it.
struct StatedIncident {
    id: String,
    environment: Option<String>,
    severity: Option<String>,
    created: StatedTime,
    resolved: StatedTime,
    /// Whether it is stated to be over, with or without a time.
    is_over: bool,
}

/// A time as it is written in a field.
struct StatedTime {
    field: &'static str,
    text: Option<String>,
}

impl StatedTime {
    fn new(field: &'static str, text: Option<String>) -> Self {
        StatedTime { field, text }
    }

    /// The time; nothing if none is stated.
    fn read(&self) -> Result<Option<DateTime<Utc>>, DefectKind> {
        let Some(text) = &self.text else { return Ok(None) };
        match Timestamp::read(text) {
            Timestamp::At(time) => Ok(Some(time)),
            Timestamp::Missing | Timestamp::Unreadable => {
                Err(DefectKind::TimeUnreadable { field: self.field, text: text.clone() })
            }
        }
    }

    fn required(&self) -> Result<DateTime<Utc>, DefectKind> {
        self.read()?.ok_or(DefectKind::NoTime(self.field))
    }
}

fn take_deployment(part: &Part<'_>, read: Result<StatedDeployment, DefectKind>, all: &mut Deliveries) {
    let mut doubts = Vec::new();
    match read.and_then(|stated| checked_deployment(part, stated, &mut doubts)) {
        Ok(deployment) => all.deployments.push(deployment),
        Err(kind) => doubts.push((Touches::Deployments, kind)),
    }
    all.defects.extend(doubts.into_iter().map(|(touches, kind)| Defect { span: part.span, touches, kind }));
}

fn checked_deployment(
    part: &Part<'_>,
    stated: StatedDeployment,
    doubts: &mut Vec<(Touches, DefectKind)>,
) -> Result<Deployment, DefectKind> {
    let started = stated.started.read()?;
    let finished = stated.finished.required()?;
    if started.is_some_and(|started| started > finished) {
        return Err(DefectKind::EndsBeforeStart);
    }
    let commit = stated.commit.and_then(|text| match Commit::parse(&text) {
        Ok(commit) => Some(commit),
        Err(_) => {
            doubts.push((Touches::Commits, DefectKind::NotACommit(text)));
            None
        }
    });
    Ok(Deployment {
        id: stated.id,
        environment: stated.environment,
        started,
        finished,
        result: stated.result,
        failures_recorded: true,
        version: stated.version,
        commit,
        unplanned: stated.unplanned,
        rollback: stated.rollback,
        span: part.span,
    })
}

fn take_incident(part: &Part<'_>, read: Result<Option<StatedIncident>, DefectKind>, all: &mut Deliveries) {
    let mut doubts = Vec::new();
    match read.and_then(|stated| stated.map(|stated| checked_incident(part, stated, &mut doubts)).transpose())
    {
        Ok(incident) => all.incidents.extend(incident),
        Err(kind) => doubts.push((Touches::Incidents, kind)),
    }
    all.defects.extend(doubts.into_iter().map(|(touches, kind)| Defect { span: part.span, touches, kind }));
}

/// An incident counts for its deployment even if nobody knows when it was over.
fn checked_incident(
    part: &Part<'_>,
    stated: StatedIncident,
    doubts: &mut Vec<(Touches, DefectKind)>,
) -> Result<Incident, DefectKind> {
    let created = stated.created.required()?;
    let severity = stated.severity.as_deref().and_then(|word| {
        let known = Severity::from_word(word.trim());
        if known.is_none() {
            doubts.push((Touches::Severity, DefectKind::UnknownSeverity(word.to_owned())));
        }
        known
    });
    let resolved = match stated.resolved.read() {
        Err(kind) => Err(kind),
        Ok(Some(resolved)) if resolved < created => Err(DefectKind::ResolvedBeforeCreated),
        Ok(Some(resolved)) => Ok(Resolution::At(resolved)),
        Ok(None) if stated.is_over => Err(DefectKind::ResolvedWithoutTime),
        Ok(None) => Ok(Resolution::Open),
    };
    let resolved = resolved.unwrap_or_else(|kind| {
        doubts.push((Touches::Incidents, kind));
        Resolution::Unknown
    });
    let environments = stated.environment.into_iter().collect();
    Ok(Incident { id: stated.id, environments, severity, created, resolved, span: part.span })
}

/// Reads a record; an error of serde becomes its words, without the place, which is that of the record.
fn parsed<'s, T: Deserialize<'s>>(part: &Part<'s>) -> Result<T, DefectKind> {
    serde_json::from_str(part.raw.get()).map_err(|error| DefectKind::Malformed(values::reason(&error)))
}

/// A text that is not empty.
fn named(field: &'static str, text: String) -> Result<String, DefectKind> {
    let text = text.trim();
    match text.is_empty() {
        true => Err(DefectKind::Malformed(format!("`{field}` is empty"))),
        false => Ok(text.to_owned()),
    }
}
