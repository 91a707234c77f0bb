//! The record of forecasts as a file: one line of JSON for each.

use std::fs;
use std::io;
use std::path::Path;

use super::lock::Lock;
use super::write;
use crate::error::Error;
use crate::views::forecast::Record;

/// What the file is called, beside `relplan.toml`.
pub const NAME: &str = "forecasts.jsonl";

/// The text of the file; one that does not exist is empty.
pub fn read(path: &Path) -> Result<String, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(source) => Err(Error::Unreadable { path: path.to_owned(), source }),
    }
}

/// Adds a record. The file is written whole or not at all, and whoever else adds to it waits.
pub fn append(path: &Path, record: &Record) -> Result<(), Error> {
    let _lock = Lock::beside(path)?;
    let mut bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(source) => return Err(Error::Unreadable { path: path.to_owned(), source }),
    };
    if bytes.last().is_some_and(|last| *last != b'\n') {
        bytes.push(b'\n');
    }
    let line =
        record.line().map_err(|error| Error::Unwritable { path: path.to_owned(), source: error.into() })?;
    bytes.extend_from_slice(line.as_bytes());
    write::whole(path, &bytes)
}
