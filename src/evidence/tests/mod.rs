//! The readers, each on the dialects and the damage that it meets.

mod coverage;
mod cyclonedx;
mod hostile;
mod joining;
mod junit;
mod metrics;
mod npm_audit;
mod osv;
mod sarif;
mod severity;
mod trivy;

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
