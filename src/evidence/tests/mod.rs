//! The readers, each on the dialects and the damage that it meets.

mod cdevents;
mod coverage;
mod hostile;
mod joining;
mod junit;
mod k6;
mod lookalikes;
mod metrics;
mod openmetrics;
mod sarif;

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
