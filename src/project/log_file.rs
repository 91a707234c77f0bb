//! Logs to which lines are added: read whole, and replaced whole by whoever holds the lock.

use std::fs;
use std::io;
use std::path::Path;

use super::write;
use crate::error::Error;

/// The bytes of a log; nothing if it does not exist.
pub fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Unreadable { path: path.to_owned(), source }),
    }
}

/// Writes the new log in one step, if the file still is what it was before.
///
/// # Errors
///
/// Somebody else has changed the file, who took no lock.
pub fn replace(path: &Path, before: Option<&[u8]>, after: &[u8]) -> Result<(), Error> {
    let in_use = || Error::LogInUse { path: path.to_owned() };
    let Some(before) = before else {
        return write::whole_new(path, after).map_err(|error| match error {
            Error::WouldOverwrite { .. } => in_use(),
            other => other,
        });
    };
    match read_if_there(path)?.as_deref() == Some(before) {
        true => write::whole(path, after),
        false => Err(in_use()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_between_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log.jsonl");
        assert_eq!(read_if_there(&path).expect("no log"), None);
        replace(&path, None, b"first\n").expect("it is written");
        replace(&path, Some(b"first\n"), b"first\nsecond\n").expect("it is written");
        for before in [None, Some(&b"first\n"[..])] {
            let late = replace(&path, before, b"first\nlate\n");
            assert!(matches!(late, Err(Error::LogInUse { .. })), "{late:?}");
        }
        assert_eq!(read_if_there(&path).expect("a log").as_deref(), Some(&b"first\nsecond\n"[..]));
        fs::remove_file(&path).expect("it is removed");
        assert!(matches!(replace(&path, Some(b"first\n"), b"x"), Err(Error::LogInUse { .. })));
    }
}
