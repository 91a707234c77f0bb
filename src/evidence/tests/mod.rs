//! The readers, each on the dialects and the damage that it meets.

mod cdevents;
mod coverage;
mod ctrf;
mod cyclonedx;
mod gotest;
mod hostile;
mod joining;
mod junit;
mod k6;
mod lookalikes;
mod metrics;
mod npm_audit;
mod nunit;
mod openmetrics;
mod osv;
mod sarif;
mod severity;
mod tap;
mod trivy;
mod trx;
mod xunit;

use super::*;
use crate::source::{SourceFile, SourceMap};

/// Files of evidence by name.
fn sources(files: &[(&str, &[u8])]) -> SourceMap {
    SourceMap::new(files.iter().map(|(name, bytes)| SourceFile::decode(*name, bytes.to_vec())).collect())
}

fn read_all(sources: &SourceMap) -> Evidence<'_> {
    let files: Vec<FileId> = sources.iter().map(|(id, _)| id).collect();
    read(sources, &files)
}

/// The defects of one file as `line:column what`.
fn defects(text: &str) -> Vec<String> {
    let sources = sources(&[("report", text.as_bytes())]);
    said(&sources, &read_all(&sources))
}

fn said(sources: &SourceMap, evidence: &Evidence<'_>) -> Vec<String> {
    let words = evidence.defects.iter().map(|defect| {
        let start = sources.start(defect.span);
        let kind = match &defect.kind {
            EvidenceDefectKind::Malformed { reason, .. } => reason.clone(),
            other => format!("{other:?}"),
        };
        format!("{}:{} {kind}", start.line, start.column)
    });
    words.collect()
}

/// How the cases of a report ended, as `class.name=outcome`, `~` for flaky; then why nothing that passed in it counts,
/// and its defects.
fn told(text: &str) -> Vec<String> {
    let sources = sources(&[("report", text.as_bytes())]);
    let evidence = read_all(&sources);
    let cases = evidence.cases.iter().map(|case| {
        let flaky = if case.flaky { "~" } else { "" };
        format!("{}.{}={flaky}{:?}", case.class, case.name, case.outcome)
    });
    let flaws = evidence.reports.iter().filter_map(|report| report.flaw).map(|flaw| format!("{flaw:?}"));
    cases.chain(flaws).chain(said(&sources, &evidence)).collect()
}

/// The reports and cases of one text.
fn with_evidence<T>(text: &str, with: impl FnOnce(&Report<'_>, &Cases<'_>) -> T) -> T {
    let sources = sources(&[("report", text.as_bytes())]);
    let evidence = read_all(&sources);
    with(&evidence.reports[0], &evidence.cases)
}

fn second(time: Timestamp) -> Option<String> {
    time.known().map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

/// The scans of one file and their results: `tool of target: trouble`, and `rule severity`, `!` for suppressed and `?` for
/// undecided.
fn scans_and_results(text: &str) -> Vec<String> {
    let sources = sources(&[("report.json", text.as_bytes())]);
    let evidence = read_all(&sources);
    let scans = evidence.scans.iter().map(|scan| {
        let trouble = scan.trouble.map(|trouble| format!("{trouble:?}")).unwrap_or_default();
        format!("{} of {}: {trouble}", scan.tool, scan.target)
    });
    let results = evidence.scan_results.iter().map(|result| {
        let suppressed = if result.suppressed { "!" } else { "" };
        let undecided = if result.undecided { "?" } else { "" };
        format!("{suppressed}{undecided}{} {:?}", result.rule, result.severity)
    });
    scans.chain(results).collect()
}
