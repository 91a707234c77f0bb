//! Findings that the tests of all formats write: umlauts, two files, a place in another file, a
//! fix, and one that is about the plan as a whole.

use std::time::Duration;

use chrono::NaiveDate;

use super::CheckReport;
use crate::finding::{Applicability, Denominator, Finding, FindingSubject, Fix, Label, Level};
use crate::source::edit::Edit;
use crate::source::{FileId, SourceFile, SourceMap, Span};

/// An error with a place elsewhere, a warning over two lines with a fix, and an error without a place.
pub fn plan() -> (SourceMap, Vec<Finding>) {
    let sources = SourceMap::new(vec![
        SourceFile::new("release/a,b: 100%.yaml", "id: EPIC-1\ntitle: Bäume\n"),
        SourceFile::new("release/größe.yaml", "- x\n- \"ö\": EPIC-1\n  run: |\n   a\n   b\n"),
    ]);
    let here = Label { span: find(&sources, 1, "EPIC-1"), text: "used again here".to_owned() };
    let there = Label { span: find(&sources, 0, "EPIC-1"), text: "first used here".to_owned() };
    let lines = find(&sources, 1, "a\n   b");
    let error = Finding {
        labels: vec![here, there],
        help: Some("give one of them a free number, such as `EPIC-2`".to_owned()),
        notes: vec!["links mean the first".to_owned()],
        ..finding("RP0201", "duplicate-id", Level::Error, "`EPIC-1` is the id of two entries")
    };
    let warning = Finding {
        labels: vec![Label { span: lines, text: String::new() }],
        fix: Some(Fix {
            title: "write it in one line".to_owned(),
            applicability: Applicability::Safe,
            edits: vec![Edit::replace(lines, "swordfish")],
        }),
        ..finding("RP1104", "unused-allow", Level::Warning, "{0} of [x](y) has _two_ lines <b>")
    };
    let nowhere = finding("RP0301", "link-target-missing", Level::Error, "the plan has no rollback");
    (sources, vec![error, warning, nowhere])
}

/// A finding with a message and nothing else.
pub fn finding(code: &'static str, name: &'static str, level: Level, message: &str) -> Finding {
    Finding {
        code,
        name,
        level,
        message: message.to_owned(),
        labels: Vec::new(),
        help: None,
        notes: Vec::new(),
        fix: None,
        about: FindingSubject::Places,
    }
}

/// Two files and twelve entries on 2026-11-20, with an idle rule and one that is off.
pub fn denominator() -> Denominator {
    Denominator {
        files: 2,
        globs: Vec::new(),
        families: vec![("DEP".to_owned(), 4), ("EPIC".to_owned(), 8)],
        entries: 12,
        links: 30,
        rules_run: crate::rules::ALL.len() - 1,
        idle_rules: vec!["yaml-syntax"],
        rules_off: vec!["allow-without-reason"],
        allowed: 1,
        members: Vec::new(),
        today: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default(),
        elapsed: Some(Duration::from_micros(12_345)),
    }
}

/// A report of these findings.
pub fn report<'a>(
    findings: &'a [Finding],
    sources: &'a SourceMap,
    denominator: &'a Denominator,
) -> CheckReport<'a> {
    CheckReport { findings, sources, denominator, masked: &[], baseline: None, base: None, since: None }
}

/// What a format writes for the findings above.
pub fn written(name: &str) -> String {
    let (sources, findings) = plan();
    written_for(name, &findings, &sources)
}

/// What a format writes for some findings.
pub fn written_for(name: &str, findings: &[Finding], sources: &SourceMap) -> String {
    let denominator = denominator();
    let mut bytes = Vec::new();
    let format = super::FINDING_FORMATS.iter().find(|format| format.name == name).expect("a format");
    (format.write)(&report(findings, sources, &denominator), &mut bytes).expect("memory can be written to");
    String::from_utf8(bytes).expect("formats write UTF-8")
}

fn find(sources: &SourceMap, file: u32, text: &str) -> Span {
    let file = FileId(file);
    let start = sources.file(file).text().find(text).expect("the text");
    Span::new(file, start, start + text.len())
}
