//! Decisions as in-toto statements, as the framework's own library reads them.

use relplan::exports::in_toto::{PREDICATE_TYPE, statement};
use relplan::model::Commit;
use relplan::model::digest::Digest;
use relplan::verdict::log::{Input, Record};
use serde_json::{Value, json};

use crate::support::{self, accepted, folder};

const COMMIT: &str = "75d2c98a1b2c3d4e5f60718293a4b5c6d7e8f901";

fn record(commit: Option<&str>, inputs: &[&str]) -> Record {
    let input = |path: &&str| Input { path: (*path).to_owned(), sha256: Digest::of(path.as_bytes()) };
    let inputs: Vec<Input> = inputs.iter().map(input).collect();
    let record = json!({
        "version": 1, "sequence": 3, "previous": Digest::of(b"x"), "time": "2026-11-20T10:00:00Z",
        "day": "2026-11-20", "relplan": "0.1.0", "release": "REL-001", "commit": null,
        "decision": "conditional_go", "confidence": 0.875, "profile": "default",
        "gates": [{ "name": "Pre-deploy", "verdict": "conditional" }],
        "checks": [{ "id": "DEP-002", "verdict": "stale", "reason": "ö😀 \"is\" old", "blocking": true }],
        "blockers": ["DEP-002"],
        "waivers": [{ "id": "DEP-003", "by": null, "reason": null, "until": "2026-12-01" }],
        "by": "Jürgen", "inputs": [], "note": null,
    });
    let record: Record = serde_json::from_value(record).expect("a record");
    Record { commit: commit.map(|commit| Commit::parse(commit).expect("a commit")), inputs, ..record }
}

fn text(record: &Record) -> String {
    serde_json::to_string(&statement(record).expect("the statement has no subject")).expect("JSON")
}

#[test]
fn the_framework_takes_statements() {
    let records = [
        record(Some(COMMIT), &["release/größe.yaml", "relplan.toml"]),
        record(Some(COMMIT), &[]),
        record(Some("75d2c98"), &["relplan.toml"]),
    ];
    let names: Vec<String> = (0..records.len()).map(|index| format!("{index}.json")).collect();
    let files: Vec<(&str, String)> =
        names.iter().zip(&records).map(|(name, record)| (name.as_str(), text(record))).collect();
    let folder = folder(&files);
    let arguments: Vec<&str> = std::iter::once("intoto").chain(names.iter().map(String::as_str)).collect();
    let read = accepted(folder.path(), &arguments).unwrap_or_else(|problems| panic!("{problems}"));
    if read.is_empty() {
        return;
    }
    let read: Vec<Value> = serde_json::from_str(&read).expect("JSON");
    assert_eq!(read.len(), records.len());
    for (read, record) in read.iter().zip(&records) {
        assert_eq!(read["predicateType"], PREDICATE_TYPE);
        let mut whole = serde_json::to_value(record).expect("JSON");
        // The framework's numbers are all floating-point.
        whole["version"] = json!(1.0);
        whole["sequence"] = json!(3.0);
        assert_eq!(read["predicate"], whole);
    }
    let subjects = json!([
        { "name": "git commit", "digest": { "gitCommit": COMMIT } },
        { "name": "release/größe.yaml", "digest": { "sha256": Digest::of("release/größe.yaml".as_bytes()).hex() } },
        { "name": "relplan.toml", "digest": { "sha256": Digest::of(b"relplan.toml").hex() } },
    ]);
    assert_eq!(read[0]["subject"], subjects);
    assert_eq!(read[2]["subject"].as_array().map(Vec::len), Some(1), "an abbreviation is no digest");
}

/// A validator that takes everything proves nothing.
#[test]
fn the_framework_refuses_what_is_none() {
    if support::python().is_none() {
        return;
    }
    let good = text(&record(Some(COMMIT), &["relplan.toml"]));
    let whole = folder(&[("good", &good)]);
    if accepted(whole.path(), &["intoto", "good"]).is_ok_and(|read| read.is_empty()) {
        return;
    }
    for (from, to) in [
        ("in-toto.io/Statement/v1", "in-toto.io/Statement/v2"),
        ("\"predicateType\"", "\"predicateKind\""),
        ("\"gitCommit\"", "\"gitCommit\":1,\"x\""),
        ("\"subject\"", "\"subjects\""),
    ] {
        assert!(good.contains(from), "{from} is not in {good}");
        let folder = folder(&[("wrong", good.replace(from, to))]);
        assert!(accepted(folder.path(), &["intoto", "wrong"]).is_err(), "it takes {to}");
    }
}

#[test]
fn a_statement_is_about_something() {
    assert!(statement(&record(None, &[])).is_none());
    assert!(statement(&record(Some("75d2c98"), &[])).is_none());
}
