//! The log of decisions: one line of JSON for each, which holds the digest of the line before it.
//!
//! Whoever changes, drops, adds or moves a line breaks the chain behind it, and [`verify`] says where. The end
//! of the file has nothing behind it: that its last lines were changed or dropped can be seen only by a digest of
//! the last one that was kept elsewhere. So [`append`] returns that digest.
//!
//! The form is JSON Lines: UTF-8, one compact object a line, its keys in the order of [`Record`], every line
//! ended by a line feed. A digest is the SHA-256 of the exact bytes of a line without its line feed.

mod verify;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::Verdict;
use super::decision::{Decision, GateStanding};
use crate::model::Commit;
use crate::model::digest::{self, Digest};

pub use verify::{Broken, BrokenKind, Summary, verify};

/// The version of [`Record`]. What changes its fields changes this number.
pub const VERSION: u32 = 1;

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
    /// When it was written, to the second and in UTC (RFC 3339).
    #[serde(serialize_with = "to_the_second")]
    pub time: DateTime<Utc>,
    /// The day that the plan was judged for.
    pub day: NaiveDate,
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
    pub confidence: Option<f64>,
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
    /// The files that were read: plan, configuration and evidence.
    pub inputs: Vec<Input>,
    /// What somebody wanted to add.
    pub note: Option<String>,
}

/// A gate as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Its name.
    pub name: String,
    /// What it said.
    pub verdict: GateStanding,
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
    /// The record cannot be written as JSON.
    #[error("the record cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Adds a record to a log, which may be empty. What it has for `version`, `sequence` and `previous` is replaced
/// by what the log asks for.
pub fn append(log: &[u8], record: Record) -> Result<Appended, AppendError> {
    let before = verify(log, None).map_err(AppendError::Broken)?;
    let sequence = before.records.last().map_or(1, |last| last.sequence.saturating_add(1));
    let record = Record { version: VERSION, sequence, previous: before.head, ..record };
    let line = serde_json::to_vec(&record)?;
    let head = Digest::of(&line);
    let mut log = log.to_vec();
    log.extend(line);
    log.push(b'\n');
    Ok(Appended { log, sequence, head })
}

fn to_the_second<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

#[cfg(test)]
mod tests;
