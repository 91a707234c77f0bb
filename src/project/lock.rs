//! One writer at a time.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::Error;

/// The file that is locked where folders cannot be.
pub const FILE: &str = ".relplan.lock";

/// How long somebody waits for a lock. Whoever holds one reads a plan and writes a file.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// How long to wait before the next attempt.
const PAUSE: Duration = Duration::from_millis(5);

/// The lock of a folder, until it is dropped.
///
/// It is the folder itself that is locked: no file is left behind by a process that was killed, and the lock ends with
/// the process. Where folders cannot be opened, a file in it is.
#[derive(Debug)]
pub struct Lock {
    _held: Option<File>,
    /// A file that is there for the lock alone.
    own: Option<PathBuf>,
}

impl Lock {
    /// Waits until nobody else holds the lock of a folder, and takes it.
    ///
    /// # Errors
    ///
    /// Somebody holds it for longer than anybody should.
    pub fn of_folder(folder: &Path) -> Result<Lock, Error> {
        let begin = Instant::now();
        loop {
            let Ok((file, own)) = open(folder) else { return Ok(Lock { _held: None, own: None }) };
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _held: Some(file), own }),
                Err(TryLockError::WouldBlock) if begin.elapsed() > LONGEST_WAIT => {
                    return Err(Error::Locked { folder: folder.to_owned() });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                // Not every file system has locks. What is written is then compared with what was read.
                Err(TryLockError::Error(_)) => return Ok(Lock { _held: None, own }),
            }
        }
    }

    /// The same for the folder that a file is in.
    ///
    /// # Errors
    ///
    /// As for [`Lock::of_folder`].
    pub fn beside(file: &Path) -> Result<Lock, Error> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        Lock::of_folder(folder.unwrap_or(Path::new(".")))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(own) = &self.own {
            let _ = fs::remove_file(own);
        }
    }
}

#[cfg(unix)]
fn open(folder: &Path) -> io::Result<(File, Option<PathBuf>)> {
    Ok((File::open(folder)?, None))
}

#[cfg(not(unix))]
fn open(folder: &Path) -> io::Result<(File, Option<PathBuf>)> {
    let path = folder.join(FILE);
    let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
    Ok((file, Some(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_nothing_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("count");
        fs::write(&path, "0").expect("a file");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let _lock = Lock::beside(&path).expect("a lock");
                        let count: u32 =
                            fs::read_to_string(&path).expect("a file").parse().expect("a number");
                        fs::write(&path, (count + 1).to_string()).expect("a file");
                    }
                });
            }
        });
        assert_eq!(fs::read_to_string(&path).expect("a file"), "160");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
