//! The log of decisions: one line of JSON for each, which holds the digest of the line before it.
//!
//! Whoever changes, drops, adds or moves a line breaks the chain behind it, and [`verify`] says where. The end
//! of the file has nothing behind it: that its last lines were changed or dropped can be seen only by a digest of
//! the last one that was kept elsewhere. So [`append`] returns that digest.
//!
//! The form is JSON Lines: UTF-8, one compact object a line, its keys in the order of [`Record`], every line
//! ended by a line feed. A digest is the SHA-256 of the exact bytes of a line without its line end, so that Git may
//! check the file out with CR LF.
//!
//! Lines of version 1 are read. They know neither the roster nor the clock: their `time` may be that of `--today`.

mod share;
mod verify;

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::decision::{Decision, GateStatus};
use super::{CheckKind, ProofKind, Verdict};
use crate::model::Commit;
use crate::model::digest::{self, Digest};

pub use share::Share;
pub use verify::{Broken, BrokenKind, Summary, verify};

/// The version of [`Record`]. What changes its fields changes this number.
pub const VERSION: u32 = 2;

/// The oldest version that is read.
pub const OLDEST_VERSION: u32 = 1;

/// One decision about a release, with what it rests on: a line of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of this form.
    pub version: u32,
    /// Its number in the log, from 1.
    pub sequence: u64,
    /// The digest of the line before it; none before the first.
    pub previous: Option<Digest>,
    /// When it was written, by the clock, to the second and in UTC (RFC 3339).
    #[serde(serialize_with = "to_the_second")]
    pub time: DateTime<Utc>,
    /// The day that the plan was judged for.
    pub day: NaiveDate,
    /// The day that `--today` gave, if it was given. Absent from version 1.
    #[serde(default)]
    pub today: Option<NaiveDate>,
    /// The version of relplan.
    pub relplan: String,
    /// The release that it is about: its id or version. Absent where the plan has none.
    pub release: Option<String>,
    /// The commit that it is about.
    #[schemars(with = "Option<String>")]
    pub commit: Option<Commit>,
    /// What was decided.
    pub decision: Decision,
    /// Which share of what the checks weigh is proven, from 0 to 1; of nothing there is none.
    #[schemars(with = "Option<f64>")]
    pub confidence: Option<Share>,
    /// The profile of targets that was judged by.
    pub profile: Option<String>,
    /// Every gate.
    pub gates: Vec<Gate>,
    /// Every check.
    pub checks: Vec<Check>,
    /// The checks that stand in the way, by id.
    pub blockers: Vec<String>,
    /// What was waived.
    pub waivers: Vec<Waiver>,
    /// Who decided.
    pub by: Option<String>,
    /// The matching person of the roster, if there is one. Absent from version 1.
    #[serde(default)]
    pub person: Option<String>,
    /// The roster that approvals were judged by; none without `[roles]`. Absent from version 1.
    #[serde(default)]
    pub roster: Option<Roster>,
    /// The configuration; none without a `relplan.toml`. Absent from version 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<Input>,
    /// The files that were read: plan, configuration and evidence.
    pub inputs: Vec<Input>,
    /// A remark.
    pub note: Option<String>,
    /// An SSH signature of the record with `null` in this place, without its first and last line. Absent from version 1.
    #[serde(default)]
    pub signature: Option<String>,
}

/// What `[roles]` of `relplan.toml` said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Roster {
    /// The digest of all of it, without comments and layout.
    pub sha256: Digest,
    /// Each role.
    pub roles: Vec<Role>,
}

/// A role of the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// The digest of what it says.
    pub sha256: Digest,
}

/// A gate as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Its name.
    pub name: String,
    /// What it said.
    pub verdict: GateStatus,
}

/// A check as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The entry that was checked.
    pub id: String,
    /// What was found.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// Whether the release cannot go on without it.
    pub blocking: bool,
    /// Its kind. Absent from records of earlier versions of relplan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CheckKind>,
    /// What proved it. Absent from records of earlier versions of relplan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<ProofKind>,
}

/// A check that somebody took upon themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The entry.
    pub id: String,
    /// Who did.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Until which day.
    pub until: Option<NaiveDate>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its path, as findings show it.
    pub path: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    #[serde(with = "digest::bare")]
    #[schemars(with = "String")]
    pub sha256: Digest,
}

/// A log with one more record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The whole of it.
    pub log: Vec<u8>,
    /// The number of the new record.
    pub sequence: u64,
    /// The digest of its line: what the end of the log can be held against later.
    pub head: Digest,
}

/// Why nothing could be added to a log.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// It does not verify; what is added to it could vouch for what was changed.
    #[error("the log does not verify")]
    Broken(Vec<Broken>),
    /// The clock is behind the last record, so that time would run backwards.
    #[error("the clock says {now}, and the last record is of {last}")]
    ClockBehind {
        /// What the clock says.
        now: DateTime<Utc>,
        /// When the last record was written.
        last: DateTime<Utc>,
    },
    /// The record cannot be written as JSON.
    #[error("the record cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Adds a record to a log, which may be empty. What it has for `version`, `sequence` and `previous` is replaced
/// by what the log asks for.
pub fn append(log: &[u8], record: Record) -> Result<Appended, AppendError> {
    add(log, &next(log, record)?)
}

/// A record as the next of a log, which may be empty: it is signed in this form.
pub fn next(log: &[u8], record: Record) -> Result<Record, AppendError> {
    let before = verify(log, None).map_err(AppendError::Broken)?;
    let last = before.records.last();
    let sequence = last.map_or(1, |last| last.sequence.saturating_add(1));
    let time = record.time.trunc_subsecs(0);
    if let Some(last) = last.filter(|last| last.has_clock_time() && time < last.time) {
        return Err(AppendError::ClockBehind { now: time, last: last.time });
    }
    Ok(Record { version: VERSION, sequence, previous: before.head, time, ..record })
}

/// Adds the [`next`] record to a log.
pub fn add(log: &[u8], record: &Record) -> Result<Appended, AppendError> {
    let sequence = record.sequence;
    let line = record.line()?;
    let head = Digest::of(&line);
    let end: &[u8] = if log.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
    Ok(Appended { log: [log, &line, end].concat(), sequence, head })
}

impl Record {
    /// The line that it is in the log, without its line end.
    pub fn line(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// What its signature covers: the line without it.
    pub fn payload(&self) -> Result<Vec<u8>, serde_json::Error> {
        Record { signature: None, ..self.clone() }.line()
    }

    /// Whether its time is that of the clock. That of version 1 may be the end of the day that `--today` gave.
    pub fn has_clock_time(&self) -> bool {
        self.version > OLDEST_VERSION
    }
}

fn to_the_second<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

#[cfg(test)]
mod tests;
