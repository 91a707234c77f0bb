//! Floor 8: how findings and documents are written, one file per format.
//!
//! A format knows findings and places, or the blocks of a document, never the model. A new one is
//! a new file, its `mod` line, and its entry in [`FINDING_FORMATS`] or [`VIEW_FORMATS`].

pub mod concise;
pub mod console;
pub mod csv;
pub mod dot;
mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod ics;
pub mod json;
pub mod json_text;
pub mod junit;
pub mod markdown;
pub mod mermaid;
pub mod message;
pub mod openmetrics;
mod plain;
pub mod sarif;
pub mod table;
pub mod terminal;
#[cfg(test)]
mod test_support;
pub mod tree;

use std::io::{self, Write};

pub use fingerprint::fingerprints;

use crate::finding::{Denominator, Finding, Fix, Level};
use crate::report::{Block, Line, Report};
use crate::source::edit::Edit;
use crate::source::shown::shown;
use crate::source::{Position, SourceMap, Span, secret};
use crate::views::base::{BaseView, SinceView};

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
    pub baseline: Option<BaselineComparison>,
    /// How the plan compares with that of the base, if it was compared.
    pub base: Option<&'a BaseView>,
    /// The commit whose findings are left out, if there is one.
    pub since: Option<&'a SinceView>,
}

impl<'a> CheckReport<'a> {
    /// The fix of a finding, unless it replaces text that is never shown: whoever reads the
    /// replacement could read the secret.
    pub fn fix(&self, finding: &'a Finding) -> Option<&'a Fix> {
        let shows_secret = |edit: &Edit| {
            self.masked.iter().any(|masked| masked.overlaps(edit.span))
                || !secret::find_all(&edit.replacement).is_empty()
        };
        finding.fix.as_ref().filter(|fix| !fix.edits.iter().any(shows_secret))
    }

    /// Where a finding about the plan as a whole is put by formats that cannot do without a place:
    /// at the beginning of the first file, which is `relplan.toml` where there is one.
    pub fn anchor(&self) -> Option<Span> {
        self.sources.iter().next().map(|(file, _)| Span::new(file, 0, 0))
    }
}

/// How a run compares with a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaselineComparison {
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
    /// Whether it ends with the summary that people read.
    pub has_summary: bool,
    /// Writes the whole report.
    pub write: fn(&CheckReport<'_>, &mut dyn Write) -> io::Result<()>,
}

impl FindingFormat {
    const fn new(
        name: &'static str,
        about: &'static str,
        write: fn(&CheckReport<'_>, &mut dyn Write) -> io::Result<()>,
    ) -> Self {
        FindingFormat { name, about, has_summary: false, write }
    }
}

/// The formats of `check` for machines, sorted by name.
pub static FINDING_FORMATS: &[FindingFormat] = &[
    FindingFormat::new("concise", "one line a finding: `path:line:col: level[name] message`", concise::write),
    FindingFormat {
        has_summary: true,
        ..FindingFormat::new("github", "annotations of GitHub Actions", github::write)
    },
    FindingFormat::new("gitlab", "a Code Quality report of GitLab", gitlab::write),
    FindingFormat::new("json", "complete, versioned and documented", json::write),
    FindingFormat::new("junit", "JUnit XML: a test for each rule", junit::write),
    markdown::findings::FORMAT,
    FindingFormat::new("sarif", "SARIF 2.1.0, for code scanning", sarif::write),
];

/// A way to draw a document.
pub struct ViewFormat {
    /// The name that `--format` takes.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// The endings of file names that ask for it, the usual one first.
    pub extensions: &'static [&'static str],
    /// Whether it has a way to draw a block.
    pub draws: fn(&Block) -> bool,
    /// Draws what it can of a document that may be shown. Only the terminal heeds the style.
    write: fn(&Report, terminal::Style) -> String,
}

/// The formats of documents, sorted by name. `json` is not among them: it is the view's own value.
pub static VIEW_FORMATS: &[ViewFormat] = &[
    csv::FORMAT,
    dot::FORMAT,
    html::FORMAT,
    ics::FORMAT,
    markdown::FORMAT,
    mermaid::FORMAT,
    console::FORMAT,
];

/// Whether a character steers what shows it rather than being shown: controls, and those that turn the
/// direction of the text around them. No drawing lets them through from a plan.
fn steers(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Text of a plan without what a terminal would obey; its lines stay lines.
fn harmless(text: &str) -> String {
    shown(text).replace(|letter| letter != '\n' && steers(letter), " ")
}

/// The most characters of a cell that a table of the terminal shows. Nobody reads more there, and what breaks cells into
/// lines takes the square of their length; JSON and HTML have all of it.
const LONGEST_CELL: usize = 4_000;

/// The text of a cell, cut if it is longer than anybody reads.
fn bounded(text: String) -> String {
    match text.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Every format draws text around its blocks; what it must have is something that is its own.
fn draws_everything(_: &Block) -> bool {
    true
}

impl ViewFormat {
    /// Draws what it can of a document. Only the terminal heeds the style.
    pub fn draw(&self, report: Report, style: terminal::Style) -> String {
        (self.write)(&report.shown(), style)
    }

    /// Whether there is anything in a document that it can draw.
    pub fn fits(&self, report: &Report) -> bool {
        // What draws texts draws the head of every document.
        (self.draws)(&Block::Text(Line::new())) || report.every_block().any(self.draws)
    }
}

/// How many findings there are of each level, the gravest first.
pub fn counts(findings: &[Finding]) -> [(Level, usize); 3] {
    let of = |level| findings.iter().filter(|finding| finding.level == level).count();
    [Level::Error, Level::Warning, Level::Note].map(|level| (level, of(level)))
}

/// Where a documented rule can be read: the page of its static in the published documentation.
pub fn rule_url(name: &str) -> String {
    let module = name.replace('-', "_");
    format!("https://docs.rs/relplan/latest/relplan/rules/{module}/static.RULE.html")
}

/// Where the last character of a place stands: the place itself if nothing lies in it.
pub fn last_character(span: Span, sources: &SourceMap) -> Position {
    let last = span.end.saturating_sub(1).max(span.start);
    sources.start(Span { start: last, ..span })
}

/// The format that the ending of a file name asks for.
pub fn format_of_extension(extension: &str) -> Option<&'static str> {
    Some(match extension.to_ascii_lowercase().as_str() {
        "json" => "json",
        "sarif" => "sarif",
        "xml" => "junit",
        "md" | "markdown" => "markdown",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_sorted_by_name() {
        let names: Vec<&str> = FINDING_FORMATS.iter().map(|format| format.name).collect();
        assert!(names.is_sorted(), "sort FINDING_FORMATS in src/formats/mod.rs by name");
        let names: Vec<&str> = VIEW_FORMATS.iter().map(|format| format.name).collect();
        assert!(names.is_sorted(), "sort VIEW_FORMATS in src/formats/mod.rs by name");
    }

    #[test]
    fn the_last_character_is_part_of_its_place() {
        let sources = SourceMap::new(vec![crate::source::SourceFile::new("a.yaml", "aö\nb\n")]);
        let last = |start, end| {
            let span = Span::new(crate::source::FileId(0), start, end);
            let position = last_character(span, &sources);
            (position.line, position.column)
        };
        assert_eq!(last(0, 3), (1, 2));
        assert_eq!(last(0, 4), (1, 3), "the line break belongs to its line");
        assert_eq!(last(4, 5), (2, 1));
        assert_eq!(last(4, 4), (2, 1));
    }
}
