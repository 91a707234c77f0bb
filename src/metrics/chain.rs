//! The chain of `deployments.jsonl`: each line that relplan writes holds the digest of the line before it.
//!
//! Lines that others write have no digest, and are covered by that of the next line. The end of the file has nothing behind it:
//! that its last lines were changed or dropped shows only by the digest that [`append`] returns.

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::record::DeploymentRecord;
use crate::model::digest::Digest;

/// A file with one more record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The whole of it.
    pub log: Vec<u8>,
    /// The id of the new record, which no other has.
    pub id: String,
    /// The digest of its line.
    pub head: Digest,
}

/// What of a line the chain is about.
#[derive(Deserialize)]
struct Link {
    id: Option<serde_json::Value>,
    previous: Option<String>,
}

/// Adds a record to a file, which may be empty. Its `previous` is replaced, and so is an id that another record has.
///
/// # Errors
///
/// What is wrong with the file, a line each: what is added to it could vouch for what was changed.
pub fn append(log: &[u8], record: DeploymentRecord) -> Result<Appended, Vec<String>> {
    let (ids, last) = verify(log)?;
    let id = free(record.id.clone(), &ids);
    let record = DeploymentRecord { id: id.clone(), previous: last, ..record };
    let line = serde_json::to_vec(&record).map_err(|error| vec![error.to_string()])?;
    let head = Digest::of(&line);
    let end: &[u8] = if log.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
    let before: &[u8] = if log.is_empty() || log.ends_with(b"\n") { b"" } else { end };
    Ok(Appended { log: [log, before, &line, end].concat(), id, head })
}

/// The ids of a file and the digest of its last line.
fn verify(log: &[u8]) -> Result<(FxHashSet<String>, Option<Digest>), Vec<String>> {
    let (mut ids, mut last, mut broken) = (FxHashSet::default(), None, Vec::new());
    for (number, line) in (1..).zip(log.split(|byte| *byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<Link>(line) {
            Err(_) => {
                broken.push(format!("line {number} is not a record: write one JSON object on each line"))
            }
            Ok(link) => {
                if let Some(serde_json::Value::String(id)) = link.id {
                    ids.insert(id);
                }
                if let Some(previous) = link.previous
                    && last != Digest::parse(&previous)
                {
                    broken.push(format!(
                        "line {number} has another digest for the line before it, which was changed or dropped"
                    ));
                }
            }
        }
        last = Some(Digest::of(line));
    }
    if broken.is_empty() { Ok((ids, last)) } else { Err(broken) }
}

fn free(id: String, taken: &FxHashSet<String>) -> String {
    if !taken.contains(&id) {
        return id;
    }
    let numbered = (2..u64::MAX).map(|number| format!("{id}-{number}"));
    numbered.into_iter().find(|id| !taken.contains(id)).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::record::RecordedResult;

    fn record() -> DeploymentRecord {
        DeploymentRecord {
            id: "REL-001".to_owned(),
            environment: "production".to_owned(),
            started_at: None,
            finished_at: Some("2026-11-20T10:00:00Z".to_owned()),
            result: RecordedResult::Success,
            version: None,
            commit: None,
            unplanned: None,
            caused_by: None,
            rollback: None,
            watch: None,
            previous: None,
        }
    }

    fn log(count: usize) -> Vec<u8> {
        (0..count).fold(Vec::new(), |log, _| append(&log, record()).expect("it is added").log)
    }

    #[test]
    fn records_are_chained_and_have_ids_of_their_own() {
        let text = String::from_utf8(log(3)).expect("UTF-8");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains(r#""id":"REL-001","#) && !lines[0].contains("previous"), "{text}");
        for (number, pair) in (2..).zip(lines.windows(2)) {
            assert!(pair[1].contains(&format!(r#""id":"REL-001-{number}""#)), "{text}");
            assert!(
                pair[1].ends_with(&format!(r#""previous":"{}"}}"#, Digest::of(pair[0].as_bytes()))),
                "{text}"
            );
        }
    }

    #[test]
    fn a_file_by_hand_is_added_to_and_covered() {
        let by_hand = br#"{"id": "3127", "environment": "production", "result": "success"}"#;
        let log = append(by_hand, record()).expect("it is added").log;
        assert!(append(&log, record()).is_ok());
        let changed = String::from_utf8(log).expect("UTF-8").replace("3127", "3128");
        let broken = append(changed.as_bytes(), record()).expect_err("it is refused");
        assert_eq!(
            broken,
            ["line 2 has another digest for the line before it, which was changed or dropped"]
        );
    }

    #[test]
    fn every_changed_or_dropped_line_is_named() {
        let whole = log(4);
        let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
        for dropped in 0..3 {
            let rest: Vec<&[u8]> = lines
                .iter()
                .enumerate()
                .filter(|(line, _)| *line != dropped)
                .map(|(_, line)| *line)
                .collect();
            assert!(append(&rest.concat(), record()).is_err(), "{dropped}");
        }
        let swapped = [lines[0], lines[2], lines[1], lines[3]].concat();
        assert!(append(&swapped, record()).is_err());
        for list in ["[{\"id\": \"1\"}]\n", "{\n\"id\": \"1\"\n}\n", "\u{0}\n", "nothing\n"] {
            assert!(append(list.as_bytes(), record()).is_err(), "{list}");
        }
        let crlf = String::from_utf8(whole).expect("UTF-8").replace('\n', "\r\n");
        assert!(append(crlf.as_bytes(), record()).expect("the same").log.ends_with(b"}\r\n"));
    }
}
