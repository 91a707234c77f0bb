//! Writes the `evidence.json` of a run: what it was about, and with which bytes each of its reports was written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::{evidence, write};
use crate::error::Error;
use crate::evidence::FILE_NAME;
use crate::model::Commit;
use crate::model::digest::Digest;
use crate::source::{FileId, SourceFile, SourceMap};

/// What a run says about itself.
#[derive(Debug, Clone)]
pub struct Run {
    /// The commit that was tested, with all of its digits.
    pub commit: Commit,
    /// When it ended.
    pub time: DateTime<Utc>,
    /// Where people can look at it.
    pub url: Option<String>,
}

/// The file as it is written.
#[derive(Debug, Serialize)]
struct Stamp<'r> {
    version: u32,
    commit: &'r str,
    time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'r str>,
    reports: BTreeMap<String, String>,
}

/// Stamps the reports of a folder: its `evidence.json` vouches for them from then on. Says where it was written, and
/// for how many reports.
///
/// # Errors
///
/// A folder without reports, and what cannot be read or written.
pub fn stamp(folder: &Path, run: &Run) -> Result<(PathBuf, usize), Error> {
    if folder.is_file() {
        return Err(Error::NotRecorded {
            reason: format!("`{}` is a file", folder.display()),
            hint: "pass the folder of the reports".to_owned(),
        });
    }
    let mut reports = BTreeMap::new();
    for path in evidence::reports_below(folder)? {
        let bytes =
            std::fs::read(&path).map_err(|source| Error::Unreadable { path: path.clone(), source })?;
        let digest = Digest::of(&bytes).to_string();
        // What is no report, such as the settings of a tool, has nothing to be vouched for.
        let sources = SourceMap::new(vec![SourceFile::decode("", bytes)]);
        if crate::evidence::read(&sources, &[FileId(0)]).reports.is_empty() {
            continue;
        }
        let relative = path.strip_prefix(folder).unwrap_or(&path);
        let name: Vec<String> = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        reports.insert(name.join("/"), digest);
    }
    if reports.is_empty() {
        return Err(Error::NoReports { folder: folder.to_owned() });
    }
    let count = reports.len();
    let stamp = Stamp {
        version: 1,
        commit: run.commit.as_str(),
        time: run.time.to_rfc3339_opts(SecondsFormat::Secs, true),
        run: run.url.as_deref(),
        reports,
    };
    let mut bytes = serde_json::to_vec_pretty(&stamp).map_err(|error| Error::Output(error.into()))?;
    bytes.push(b'\n');
    let path = folder.join(FILE_NAME);
    write::whole(&path, &bytes)?;
    Ok((path, count))
}
