//! What an earlier run found: its JSON output, compared by fingerprints.

use std::path::Path;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::error::Error;
use crate::finding::Finding;
use crate::formats::{BaselineComparison, fingerprints};
use crate::source::SourceMap;

/// The findings of an earlier run, by fingerprint.
#[derive(Debug)]
pub struct Baseline {
    known: FxHashMap<String, usize>,
}

#[derive(Deserialize)]
struct Earlier {
    version: u32,
    findings: Vec<EarlierFinding>,
}

#[derive(Deserialize)]
struct EarlierFinding {
    fingerprint: String,
}

/// Reads the output of `relplan check --format json`.
pub fn read(path: &Path) -> Result<Baseline, Error> {
    let bytes = std::fs::read(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let bad = |reason: String| Error::BadBaseline { path: path.to_owned(), reason };
    let earlier: Earlier = serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
    if earlier.version != 1 {
        return Err(bad(format!("version {} is not supported, only version 1", earlier.version)));
    }
    let mut known = FxHashMap::default();
    for finding in earlier.findings {
        *known.entry(finding.fingerprint).or_insert(0) += 1;
    }
    Ok(Baseline { known })
}

impl Baseline {
    /// Takes out the findings that are known, and counts those that are gone.
    pub fn compare(mut self, findings: &mut Vec<Finding>, sources: &SourceMap) -> BaselineComparison {
        let before = findings.len();
        let prints = fingerprints(findings, sources);
        let mut prints = prints.into_iter();
        findings.retain(|_| {
            let left = prints.next().and_then(|print| self.known.get_mut(&print));
            match left {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    false
                }
                _ => true,
            }
        });
        BaselineComparison { known: before - findings.len(), fixed: self.known.values().sum() }
    }
}
