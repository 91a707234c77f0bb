//! The record of deployments as a file: read whole, and written whole.

use std::path::{Path, PathBuf};

use super::Project;
use super::lock::Lock;
use super::log_file::{read_if_there, replace};
use crate::error::Error;
use crate::metrics::chain::{self, Appended};
use crate::metrics::record::DeploymentRecord;

/// What the file is called, beside `relplan.toml`, unless `[metrics]` names one.
pub const NAME: &str = "deployments.jsonl";

/// The file in which deployments are recorded: the only one that `[metrics]` names, or the usual one.
pub fn path(project: &Project) -> PathBuf {
    let named: Vec<&str> =
        project.config.metrics.deployments.iter().map(|glob| glob.value.as_str()).collect();
    match named.as_slice() {
        [name] if !name.contains(['*', '?', '[', '{']) && name.ends_with(".jsonl") => project.root.join(name),
        _ => project.root.join(NAME),
    }
}

/// Adds a record. The file is written whole or not at all, and whoever else adds to it waits.
///
/// # Errors
///
/// The file cannot be read or written, or its chain is broken.
pub fn append(path: &Path, record: DeploymentRecord) -> Result<Appended, Error> {
    let _lock = Lock::beside(path)?;
    let before = read_if_there(path)?;
    let appended = chain::append(before.as_deref().unwrap_or_default(), record)
        .map_err(|broken| Error::BrokenLog { path: path.to_owned(), broken })?;
    replace(path, before.as_deref(), &appended.log)?;
    Ok(appended)
}
