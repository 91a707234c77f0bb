//! What a decision was made from: evidence, policy profile, and what was checked.

use chrono::NaiveDate;

use super::super::{Align, Line, Report, Table, Tone};
use crate::finding::GlobFiles;
use crate::model::phrase::counted;
use crate::verdict::facts::short;
use crate::views::go_no_go::{EvidenceRead, GoNoGo};

/// The evidence that was read.
pub(super) fn evidence(day: NaiveDate, read: &EvidenceRead) -> Report {
    let mut report = Report::new("Evidence", day);
    if read.files.is_empty() {
        let text = Line::from("No evidence was read. Name the reports of the pipeline under ")
            .code("[evidence]")
            .and(" in relplan.toml, or pass ")
            .code("--evidence")
            .and(".");
        report.callout(Tone::Unknown, text);
        return report;
    }
    let columns = ["File", "Format", "Tool", "Created", "Commit", "Status"];
    let mut table = Table::new("Evidence files", &columns);
    for file in &read.files {
        let status = match &file.reason {
            None => Line::badge(Tone::Good, "fresh"),
            Some(reason) => Line::badge(Tone::Stale, reason.as_str()),
        };
        let created = file.time.map(|time| time.format("%Y-%m-%d %H:%M UTC").to_string());
        table.row([
            Line::new().code(file.file.as_str()),
            Line::from(file.kind),
            Line::from(file.tools.join(", ")),
            Line::from(created.unwrap_or_default()),
            Line::from(file.commit.as_deref().map(short).unwrap_or_default()),
            status,
        ]);
    }
    report.push(table);
    results(read, &mut report);
    report
}

fn results(read: &EvidenceRead, report: &mut Report) {
    if read.results > 0 {
        report.text(Line::from(format!(
            "{}: {} match a TEST entry, {} match several, {} name an unknown id, {} match none.",
            counted(read.results, "test result"),
            read.matched,
            read.ambiguous,
            read.unknown,
            read.unmatched
        )));
    }
    if read.unmatched_failures > 0 {
        let verb = if read.unmatched_failures == 1 { "matches" } else { "match" };
        let failures = counted(read.unmatched_failures, "failed test result");
        report.callout(Tone::Bad, Line::from(format!("{failures} {verb} no TEST entry.")));
    }
}

/// How many files each glob of relplan.toml chose.
fn files_by_glob(globs: &[GlobFiles], report: &mut Report) {
    if globs.is_empty() {
        return;
    }
    let mut table = Table::new("Files by glob", &["Setting", "Glob", "Files"]).aligned(2, Align::Right);
    for glob in globs {
        let files = match glob.files {
            0 => Line::badge(Tone::Unknown, "none"),
            files => Line::from(files.to_string()),
        };
        table.row([Line::new().code(&glob.setting), Line::new().code(&glob.glob), files]);
    }
    report.push(table);
}

/// The policy profile with its thresholds, and what was checked.
pub(super) fn policy(view: &GoNoGo) -> Report {
    let mut report = Report::new("Policy profile", view.day);
    let profile = &view.profile;
    report.text(Line::from(format!("{} ({}): {}.", profile.name, profile.because, profile.asks.join("; "))));
    let at = &view.checked;
    report.text(Line::from(format!(
        "Checked: {}, {}, {}, {} with {}, {}, {}.",
        counted(at.files, "plan file"),
        counted(at.entries, "entry"),
        counted(at.links, "link"),
        counted(at.rules, "rule"),
        counted(at.errors, "error"),
        counted(at.checks, "gate check"),
        counted(view.evidence.files.len(), "evidence file"),
    )));
    if at.outside > 0 {
        let errors = match at.errors_outside {
            0 => String::new(),
            errors => format!(
                " Their {} {} not count.",
                counted(errors, "error"),
                if errors == 1 { "does" } else { "do" }
            ),
        };
        report.text(Line::from(format!("Outside the release: {}.{errors}", counted(at.outside, "entry"))));
    }
    files_by_glob(&at.globs, &mut report);
    report
}
