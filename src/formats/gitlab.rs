//! A Code Quality report of GitLab, for `artifacts: reports: codequality`.
//!
//! The fields are those of "Code Quality report format" in GitLab's documentation
//! (`doc/ci/testing/code_quality.md`); GitLab ignores any others. Its reader
//! (`lib/gitlab/ci/parsers/codequality/code_climate.rb`) stops at the first entry that it cannot
//! read and builds a link out of every path, so each entry has all of them:
//!
//! - A finding about the plan as a whole stands at the first line of the first file.
//! - An error is `major`, a warning `minor`, a note `info`. `critical` and `blocker` say how urgent
//!   something is among other tools' findings, which is not relplan's to say.
//! - The description is all that GitLab shows, so help and notes are part of it.
//! - The array has no room for a denominator: it goes to standard error, as for every format. The
//!   job's exit code, not this report, is the gate.
//! - Paths are those from the root of the repository, as GitLab expects them.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::json_text::Escaping;
use super::{CheckReport, fingerprints, last_character, plain};
use crate::finding::{Finding, Level};
use crate::source::{SourceMap, Span};

/// One entry of the report.
#[derive(Serialize)]
struct Degradation<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes the report.
pub fn write(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::pretty(Escaping(&mut *out));
    let findings = report.findings.iter().zip(fingerprints(report.findings, report.sources));
    serializer.collect_seq(findings.map(|(finding, print)| degradation(finding, print, report)))?;
    out.write_all(b"\n")
}

fn degradation<'a>(finding: &'a Finding, fingerprint: String, report: &CheckReport<'a>) -> Degradation<'a> {
    let span = finding.primary().or_else(|| report.anchor());
    Degradation {
        description: plain::paragraph(finding),
        check_name: finding.name,
        fingerprint,
        severity: severity(finding.level),
        location: match span {
            Some(span) => location(span, report.sources),
            // Only a report of no files has no first file.
            None => Location { path: ".", lines: Lines { begin: 1, end: 1 } },
        },
    }
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Note => "info",
    }
}

fn location(span: Span, sources: &SourceMap) -> Location<'_> {
    Location {
        path: sources.file(span.file).path(),
        lines: Lines { begin: sources.start(span).line, end: last_character(span, sources).line },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::test_support;

    fn read(text: &str) -> Vec<Value> {
        serde_json::from_str(text).expect("an array")
    }

    #[test]
    fn each_finding_is_an_entry_with_a_place() {
        let entries = read(&test_support::written("gitlab"));
        let print = entries[0]["fingerprint"].clone();
        assert_eq!(
            entries[0],
            json!({
                "description": "`EPIC-1` is the id of two entries. Give one of them a free number, such as \
                                `EPIC-2`. Links mean the first.",
                "check_name": "duplicate-id",
                "fingerprint": print,
                "severity": "major",
                "location": { "path": "release/größe.yaml", "lines": { "begin": 2, "end": 2 } },
            })
        );
        assert_eq!(entries[1]["severity"], "minor");
        assert_eq!(entries[1]["location"]["lines"], json!({ "begin": 4, "end": 5 }));
        let first = json!({ "path": "release/a,b: 100%.yaml", "lines": { "begin": 1, "end": 1 } });
        assert_eq!(entries[2]["location"], first);
    }

    #[test]
    fn the_same_finding_twice_has_two_fingerprints() {
        let (sources, findings) = test_support::plan();
        let twice = vec![findings[0].clone(); 2];
        let entries = read(&test_support::written_for("gitlab", &twice, &sources));
        assert_ne!(entries[0]["fingerprint"], entries[1]["fingerprint"]);
    }

    #[test]
    fn no_findings_are_an_empty_array() {
        let (sources, _) = test_support::plan();
        assert_eq!(test_support::written_for("gitlab", &[], &sources), "[]\n");
    }
}
