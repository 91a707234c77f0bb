//! Floor 7: how findings are written, one file per format.
//!
//! A format knows findings and places, never the model. A new one is a new
//! file, its `mod` line, and its entry in [`FINDING_FORMATS`].

pub mod json;
pub mod table;
pub mod terminal;
pub mod tree;

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use crate::finding::{Denominator, Finding, Level};
use crate::source::{SourceMap, Span};

/// Everything that a format may write about a check.
#[derive(Debug, Clone, Copy)]
pub struct CheckReport<'a> {
    /// What was found, by file, place and code.
    pub findings: &'a [Finding],
    /// The texts that the places lie in.
    pub sources: &'a SourceMap,
    /// What was looked at.
    pub denominator: &'a Denominator,
    /// Text that is never shown: secrets.
    pub masked: &'a [Span],
    /// How findings stand to the baseline, if there is one.
    pub baseline: Option<Against>,
}

/// How a run compares with a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Against {
    /// Findings that the baseline knows, and that are not reported again.
    pub known: usize,
    /// Findings of the baseline that are gone.
    pub fixed: usize,
}

/// A way to write findings.
pub struct FindingFormat {
    /// The name that `--format` takes.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Writes the whole report.
    pub write: fn(&CheckReport<'_>, &mut dyn Write) -> io::Result<()>,
}

/// The formats of `check` for machines, sorted by name.
pub static FINDING_FORMATS: &[FindingFormat] =
    &[FindingFormat { name: "json", about: "everything, versioned and documented", write: json::write }];

/// How many findings there are of each level, the gravest first.
pub fn counts(findings: &[Finding]) -> [(Level, usize); 3] {
    let of = |level| findings.iter().filter(|finding| finding.level == level).count();
    [Level::Error, Level::Warning, Level::Note].map(|level| (level, of(level)))
}

/// A number and its noun: `1 file`, `2 files`.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    };
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {plural}"),
    }
}

/// Where a documented rule can be read: the page of its static in the published documentation.
pub fn rule_url(name: &str) -> String {
    let module = name.replace('-', "_");
    format!("https://docs.rs/relplan/latest/relplan/rules/{module}/static.RULE.html")
}

/// The format that the ending of a file name asks for.
pub fn format_of_extension(extension: &str) -> Option<&'static str> {
    Some(match extension.to_ascii_lowercase().as_str() {
        "json" => "json",
        "sarif" => "sarif",
        "xml" => "junit",
        _ => return None,
    })
}

/// A fingerprint of each finding that stays when lines move: of its rule, its
/// file and its message, and of how many such findings came before it.
pub fn fingerprints(findings: &[Finding], sources: &SourceMap) -> Vec<String> {
    let mut seen: rustc_hash::FxHashMap<[u8; 32], u32> = Default::default();
    let digest = |parts: &[&str]| -> [u8; 32] { Sha256::digest(parts.join("\0")).into() };
    findings
        .iter()
        .map(|finding| {
            let file = finding.primary().map_or("", |span| sources.file(span.file).name());
            let base = digest(&[finding.code, file, &finding.message]);
            let count = seen.entry(base).or_insert(0);
            *count += 1;
            let bytes = digest(&[finding.code, file, &finding.message, &count.to_string()]);
            bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
        })
        .collect()
}
