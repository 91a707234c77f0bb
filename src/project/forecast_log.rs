//! The record of forecasts as a file: one line of JSON for each.

use std::path::Path;

use super::lock::Lock;
use super::log_file::{read_if_there, replace};
use crate::error::Error;
use crate::views::forecast::Record;

/// What the file is called, beside `relplan.toml`.
pub const NAME: &str = "forecasts.jsonl";

/// The text of the file; one that does not exist is empty.
pub fn read(path: &Path) -> Result<String, Error> {
    let bytes = read_if_there(path)?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Adds a record. The file is written whole or not at all, and whoever else adds to it waits.
pub fn append(path: &Path, record: &Record) -> Result<(), Error> {
    let _lock = Lock::beside(path)?;
    let before = read_if_there(path)?;
    let mut after = before.clone().unwrap_or_default();
    if after.last().is_some_and(|last| *last != b'\n') {
        after.push(b'\n');
    }
    let line =
        record.line().map_err(|error| Error::Unwritable { path: path.to_owned(), source: error.into() })?;
    after.extend_from_slice(line.as_bytes());
    replace(path, before.as_deref(), &after)
}
