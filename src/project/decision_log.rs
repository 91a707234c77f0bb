//! The log of decisions as a file: read whole, and written whole.

use std::path::Path;

use chrono::Utc;

use super::lock::Lock;
use super::log_file::{read_if_there, replace};
use crate::error::Error;
use crate::verdict::log::{self, AppendError, Appended, Broken, Record};

/// The bytes of a log; a file that does not exist yet is an empty one.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    Ok(read_if_there(path)?.unwrap_or_default())
}

/// What makes the signature of a record.
pub type RecordSigner<'s> = dyn Fn(&Record) -> Result<String, Error> + 's;

/// Adds a record to the log in a file, which is made if it does not exist.
///
/// The new log takes the place of the old one in one step. Whoever else adds to it at the same time waits. Where files
/// cannot be locked, they are noticed, and nothing is written: two records would both claim to follow the same line.
pub fn append(path: &Path, record: Record, seal: Option<&RecordSigner<'_>>) -> Result<Appended, Error> {
    let _lock = Lock::beside(path)?;
    // The clock is read when it is our turn: whoever waited decided later.
    let record = Record { time: Utc::now(), ..record };
    let before = read_if_there(path)?;
    let log = before.as_deref().unwrap_or_default();
    let refused = |error| match error {
        AppendError::Broken(broken) => Error::BrokenLog { path: path.to_owned(), broken: in_words(&broken) },
        AppendError::ClockBehind { now, last } => {
            Error::ClockBehind { path: path.to_owned(), now: now.to_rfc3339(), last: last.to_rfc3339() }
        }
        AppendError::Json(error) => Error::Unwritable { path: path.to_owned(), source: error.into() },
    };
    let mut record = log::next(log, record).map_err(refused)?;
    if let Some(seal) = seal {
        record.signature = Some(seal(&record)?);
    }
    let appended = log::add(log, &record).map_err(refused)?;
    replace(path, before.as_deref(), &appended.log)?;
    Ok(appended)
}

/// What is wrong with a log, a line each.
pub fn in_words(broken: &[Broken]) -> Vec<String> {
    broken.iter().map(Broken::to_string).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use chrono::NaiveDate;

    use super::*;
    use crate::verdict::decision::Decision;
    use crate::verdict::log::verify;

    fn record() -> Record {
        Record {
            version: 0,
            sequence: 0,
            previous: None,
            time: Utc::now(),
            day: NaiveDate::default(),
            today: None,
            relplan: "0.1.0".to_owned(),
            release: None,
            commit: None,
            decision: Decision::NoGo,
            confidence: None,
            profile: None,
            gates: Vec::new(),
            checks: Vec::new(),
            blockers: Vec::new(),
            waivers: Vec::new(),
            by: Some("Rhea".to_owned()),
            person: None,
            roster: None,
            configuration: None,
            inputs: Vec::new(),
            note: None,
            signature: None,
        }
    }

    #[test]
    fn records_are_added_one_after_the_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("decisions.jsonl");
        assert_eq!(read(&path).expect("an empty log"), b"");
        for sequence in 1..=3 {
            let appended = append(&path, record(), None).expect("it is added");
            assert_eq!(appended.sequence, sequence);
            assert_eq!(read(&path).expect("a log"), appended.log);
            let summary = verify(&appended.log, Some(&appended.head)).expect("it verifies");
            assert_eq!(summary.records.len() as u64, sequence);
        }
        let files = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(files, 1, "nothing is left beside it");
    }

    #[test]
    fn nothing_is_added_to_a_log_that_was_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("decisions.jsonl");
        fs::write(&path, "{}\n").expect("a file");
        let error = append(&path, record(), None).expect_err("it is refused");
        assert!(matches!(&error, Error::BrokenLog { broken, .. } if broken.len() == 1), "{error}");
        assert_eq!(fs::read(&path).expect("a file"), b"{}\n");
    }

    #[test]
    fn many_at_once_lose_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("decisions.jsonl");
        append(&path, record(), None).expect("it is added");
        let added: u64 = std::thread::scope(|scope| {
            let add = || (0..10).filter(|_| append(&path, record(), None).is_ok()).count() as u64;
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(add)).collect();
            threads.into_iter().map(|thread| thread.join().expect("a thread")).sum()
        });
        let summary = verify(&read(&path).expect("a log"), None).expect("it verifies");
        assert_eq!(summary.records.len() as u64, 41);
        assert_eq!(added, 40);
    }
}
