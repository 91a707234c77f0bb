//! Findings as JSON, version 1. The types here are the format: they are
//! documented by the schema that `relplan schema check` prints, and change only
//! with the version.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::json_text::Escaping;
use super::{BaselineComparison, CheckReport, rule_url};
use crate::finding::{Denominator, Finding, Fix, GlobFiles, Label, MemberCount};
use crate::source::{SourceMap, Span};
use crate::views::base::{BaseView, SinceView};

/// The version of the format.
pub const VERSION: u32 = 1;

/// The outcome of `relplan check`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan check --format json")]
pub struct Check {
    /// The version of this format: 1.
    pub version: u32,
    /// The program and its version.
    pub tool: Tool,
    /// What was found, by file, place and code.
    pub findings: Vec<JsonFinding>,
    /// How many findings there are of each level.
    pub totals: Totals,
    /// What was looked at.
    pub checked: CheckedCounts,
    /// How the run compares with the baseline, if one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<JsonBaseline>,
    /// How the plan compares with that of the base, if `--base` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<BaseView>,
    /// The commit whose findings are left out, if `--since` was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<SinceView>,
}

/// The program that wrote the output.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tool {
    /// `relplan`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// One finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JsonFinding {
    /// The stable code of the rule.
    pub code: &'static str,
    /// The name of the rule.
    pub rule: &'static str,
    /// `error`, `warning` or `note`.
    pub level: &'static str,
    /// What is wrong.
    pub message: String,
    /// What stays the same of the finding when lines move; baselines compare it.
    pub fingerprint: String,
    /// Where; absent if the finding is about the plan as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Other places involved.
    pub related: Vec<Location>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What else helps to understand it.
    pub notes: Vec<String>,
    /// A change that answers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<JsonFix>,
    /// Where the rule is documented.
    pub url: String,
}

/// A place in a file. Lines and columns count from 1, columns in characters; `end` is one past the last character.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Location {
    /// The path of the file, from the root of the repository, or that of the plan where there is no repository.
    pub file: String,
    /// Where it begins.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
    /// What is there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
}

/// A line and a column, both from 1, and the byte that they stand for, from 0.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Point {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
    /// The byte, after a byte order mark.
    pub byte: u32,
}

/// A change of the text.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JsonFix {
    /// What it does.
    pub title: String,
    /// `safe` or `suggested`.
    pub applicability: &'static str,
    /// The replacements.
    pub edits: Vec<JsonEdit>,
}

/// One replacement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JsonEdit {
    /// What is replaced.
    pub location: Location,
    /// By what.
    pub replacement: String,
}

/// How many findings there are of each level.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Totals {
    /// Errors.
    pub error: usize,
    /// Warnings.
    pub warning: usize,
    /// Notes.
    pub note: usize,
}

/// What was looked at.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckedCounts {
    /// How many files.
    pub files: usize,
    /// How many files each glob of relplan.toml chose.
    pub globs: Vec<GlobFiles>,
    /// How many entries.
    pub entries: usize,
    /// How many entries of each family.
    pub families: std::collections::BTreeMap<String, usize>,
    /// How many links.
    pub links: usize,
    /// How many rules ran.
    pub rules_run: usize,
    /// Rules that ran and had nothing to look at.
    pub rules_idle: Vec<&'static str>,
    /// Rules that were off.
    pub rules_off: Vec<&'static str>,
    /// How many findings were allowed inline.
    pub allowed: usize,
    /// The members of the workspace, those that are not checked among them; absent without a workspace.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberCount>,
    /// The day that the plan was looked at.
    pub today: String,
    /// How long it took, in milliseconds; absent if the day was given, so that the output can be reproduced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elapsed_ms: Option<f64>,
}

/// How the run compares with a baseline.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JsonBaseline {
    /// Findings that the baseline knows, and that are not reported again.
    pub known: usize,
    /// Findings of the baseline that are gone.
    pub fixed: usize,
}

/// Writes the report.
pub fn write(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(Escaping(&mut *out), &check(report))?;
    out.write_all(b"\n")
}

fn check(report: &CheckReport<'_>) -> Check {
    let [(_, error), (_, warning), (_, note)] = super::counts(report.findings);
    Check {
        version: VERSION,
        tool: Tool { name: "relplan", version: env!("CARGO_PKG_VERSION") },
        findings: findings(report),
        totals: Totals { error, warning, note },
        checked: checked(report.denominator),
        baseline: report.baseline.map(baseline),
        base: report.base.cloned(),
        since: report.since.cloned(),
    }
}

/// What was looked at, for other formats that hold JSON too.
pub(super) fn checked(denominator: &Denominator) -> CheckedCounts {
    CheckedCounts {
        files: denominator.files,
        globs: denominator.globs.clone(),
        entries: denominator.entries,
        families: denominator.families.iter().cloned().collect(),
        links: denominator.links,
        rules_run: denominator.rules_run,
        rules_idle: denominator.idle_rules.clone(),
        rules_off: denominator.rules_off.clone(),
        allowed: denominator.allowed,
        members: denominator.members.clone(),
        today: denominator.today.to_string(),
        elapsed_ms: denominator.elapsed.map(|elapsed| elapsed.as_secs_f64() * 1000.0),
    }
}

pub(super) fn baseline(against: BaselineComparison) -> JsonBaseline {
    JsonBaseline { known: against.known, fixed: against.fixed }
}

fn findings(report: &CheckReport<'_>) -> Vec<JsonFinding> {
    let prints = super::fingerprints(report.findings, report.sources);
    let pairs = report.findings.iter().zip(prints);
    pairs.map(|(finding, print)| json_finding(finding, print, report)).collect()
}

fn json_finding(finding: &Finding, fingerprint: String, report: &CheckReport<'_>) -> JsonFinding {
    let sources = report.sources;
    let mut places = finding.labels.iter().map(|label| location(label, sources));
    JsonFinding {
        code: finding.code,
        rule: finding.name,
        level: finding.level.word(),
        message: finding.message.clone(),
        fingerprint,
        location: places.next(),
        related: places.collect(),
        help: finding.help.clone(),
        notes: finding.notes.clone(),
        fix: report.fix(finding).map(|fix| json_fix(fix, sources)),
        url: rule_url(finding.name),
    }
}

fn location(label: &Label, sources: &SourceMap) -> Location {
    Location { label: label.text.clone(), ..place(label.span, sources) }
}

fn place(span: Span, sources: &SourceMap) -> Location {
    let point = |position: crate::source::Position, byte| Point {
        line: position.line,
        column: position.column,
        byte,
    };
    Location {
        file: sources.file(span.file).path().to_owned(),
        start: point(sources.start(span), span.start),
        end: point(sources.end(span), span.end),
        label: String::new(),
    }
}

fn json_fix(fix: &Fix, sources: &SourceMap) -> JsonFix {
    JsonFix {
        title: fix.title.clone(),
        applicability: fix.applicability.word(),
        edits: fix
            .edits
            .iter()
            .map(|edit| JsonEdit {
                location: place(edit.span, sources),
                replacement: edit.replacement.clone(),
            })
            .collect(),
    }
}
