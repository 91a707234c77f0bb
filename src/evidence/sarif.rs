//! Findings of scanners as SARIF 2.1.0 (OASIS Standard, 27 March 2020; errata 01, 28 August 2023).
//!
//! Sections of the standard stand beside what follows them. `security-severity` is no part of it: GitHub
//! code scanning reads it from the properties of a rule, and scanners write it for that.

mod rule;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use super::input::{Found, Input};
use super::json::{self, Items, Object, Objects};
use super::{
    EvidenceDefect, EvidenceDefectKind, Scan, ScanIndex, ScanLevel, ScanResult, ScanSeverity, ScanTrouble,
    Timestamp,
};
use rule::{Descriptor, Reference, Tool};

/// Reads a log. A file that is cut off keeps the results before the cut.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut log = Log::default();
    let read = json::read_object(input, &mut log);
    // A log is as old as the oldest of its runs.
    let mut oldest = Timestamp::Missing;
    if let (Err(_), Some(last)) = (&read, log.runs.last_mut()) {
        last.is_cut = true;
    }
    for run in &log.runs {
        let ended = read_run(input, run, found);
        oldest = oldest.earliest(ended);
    }
    found.report.time = oldest;
    if let Some(external) = log.external {
        trouble(found, input.first_line(external.get()), String::new(), ScanTrouble::External);
    }
    if let Err(defect) = read {
        found.broken(defect);
    }
}

#[derive(Default)]
struct Log<'s> {
    runs: Vec<Run<'s>>,
    external: Option<&'s RawValue>,
}

/// The parts of a run (3.14) as raw texts.
#[derive(Default)]
struct Run<'s> {
    tool: Option<&'s RawValue>,
    /// Where the list of results is, if there is one; the items stand in `results`.
    has_results: bool,
    results: Vec<&'s RawValue>,
    invocations: Vec<&'s RawValue>,
    versions: Vec<&'s RawValue>,
    external: Option<&'s RawValue>,
    /// Whether the reading ended inside of it.
    is_cut: bool,
}

impl<'s> Object<'s> for Log<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: &str, values: &mut A) -> Result<(), A::Error> {
        match name {
            "runs" => values.next_value_seed(Objects(&mut self.runs)),
            "inlineExternalProperties" => {
                self.external = Some(values.next_value()?);
                Ok(())
            }
            _ => values.next_value::<IgnoredAny>().map(drop),
        }
    }
}

impl<'s> Object<'s> for Run<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: &str, values: &mut A) -> Result<(), A::Error> {
        match name {
            "tool" => self.tool = Some(values.next_value()?),
            "results" => {
                self.has_results = true;
                values.next_value_seed(Items(&mut self.results))?;
            }
            "invocations" => values.next_value_seed(Items(&mut self.invocations))?,
            "versionControlProvenance" => values.next_value_seed(Items(&mut self.versions))?,
            "externalPropertyFileReferences" => self.external = Some(values.next_value()?),
            _ => drop(values.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

/// An invocation (3.20).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'s> {
    execution_successful: Option<bool>,
    end_time_utc: Option<Cow<'s, str>>,
    #[serde(default)]
    rule_configuration_overrides: Vec<Override>,
}

/// A level that an invocation gives to a rule (3.51).
#[derive(Deserialize)]
struct Override {
    descriptor: Reference,
    configuration: rule::Configuration,
}

/// Where the code comes from (3.23).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version<'s> {
    #[serde(borrow)]
    revision_id: Option<&'s RawValue>,
}

/// A result (3.27).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    rule_id: Option<String>,
    rule_index: Option<i64>,
    rule: Option<Reference>,
    kind: Option<String>,
    level: Option<ScanLevel>,
    #[serde(default)]
    message: Message,
    #[serde(default)]
    suppressions: Option<Vec<Suppression>>,
    baseline_state: Option<String>,
    provenance: Option<Provenance>,
    properties: Option<Properties>,
}

/// What some scanners say of a result that others say of its rule.
#[derive(Deserialize)]
struct Properties {
    #[serde(rename = "security-severity")]
    security_severity: Option<serde_json::Value>,
}

/// A message (3.11).
#[derive(Default, Deserialize)]
struct Message {
    text: Option<String>,
    markdown: Option<String>,
    id: Option<String>,
    #[serde(default)]
    arguments: Vec<String>,
}

/// A suppression (3.35).
#[derive(Deserialize)]
struct Suppression {
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provenance {
    invocation_index: Option<i64>,
}

/// Reads one run, and says when it ended.
fn read_run<'s>(input: &Input<'s>, run: &Run<'s>, found: &mut Found<'s>) -> Timestamp {
    let tool: Tool = part::<Tool>(input, run.tool, found).unwrap_or_default().indexed();
    let name = tool.driver.name.clone().unwrap_or_default();
    let invocations: Vec<Invocation<'s>> =
        run.invocations.iter().filter_map(|raw| part(input, Some(raw), found)).collect();
    let span = match run.tool.or_else(|| run.results.first().copied()) {
        Some(part) => input.first_line(part.get()),
        None => input.at(0, 0),
    };
    found.made_by(name.clone());
    for version in &run.versions {
        let version: Option<Version<'s>> = part(input, Some(version), found);
        if let Some(revision) = version.and_then(|version| version.revision_id)
            && let Some(commit) = json::text(revision).filter(|commit| !commit.trim().is_empty())
        {
            found.is_about(commit, input.first_line(revision.get()));
        }
    }
    let (first, scan) = (found.scan_results.len(), found.next_scan());
    for raw in &run.results {
        if let Some(result) = part(input, Some(raw), found) {
            found.scan_results.extend(result_of(input, raw, &result, &tool, &invocations, scan));
        }
    }
    let trouble = trouble_of(input, run, &invocations, &name, span, found);
    let time = ended(input, run, &invocations, found);
    let results = &found.scan_results[first..];
    let (results, suppressed) = (results.len(), results.iter().filter(|result| result.suppressed).count());
    found.scans.push(Scan {
        report: found.index,
        span,
        tool: Cow::Owned(name),
        category: Cow::Borrowed(""),
        target: Cow::Borrowed(""),
        time,
        commit: None,
        results,
        suppressed,
        trouble,
    });
    time
}

/// A part of the log, or a defect at its place.
fn part<'s, T: Deserialize<'s>>(
    input: &Input<'s>,
    raw: Option<&'s RawValue>,
    found: &mut Found<'s>,
) -> Option<T> {
    match json::read(input, raw?) {
        Ok(part) => Some(part),
        Err(defect) => {
            found.broken(defect);
            None
        }
    }
}

/// Why the scan proves nothing, if so. One that says that it failed, that has no list of results or whose
/// results stand elsewhere does not.
fn trouble_of<'s>(
    input: &Input<'s>,
    run: &Run<'s>,
    invocations: &[Invocation<'_>],
    tool: &str,
    span: crate::source::Span,
    found: &mut Found<'s>,
) -> Option<ScanTrouble> {
    let failed = invocations.iter().position(|invocation| invocation.execution_successful == Some(false));
    let external = run.external.filter(|external| holds_facts(external));
    let what = match (failed, external) {
        (Some(failed), _) => {
            let place = run.invocations.get(failed).map_or(span, |raw| input.first_line(raw.get()));
            Some((place, ScanTrouble::Failed))
        }
        (None, Some(external)) => Some((input.first_line(external.get()), ScanTrouble::External)),
        // Nobody knows whether results would have come behind the cut.
        (None, None) if run.is_cut => return Some(ScanTrouble::CutOff),
        (None, None) if !run.has_results => Some((span, ScanTrouble::NoResults)),
        (None, None) => None,
    };
    if let Some((place, what)) = what {
        trouble(found, place, tool.to_owned(), what);
    }
    what.map(|(_, what)| what)
}

/// Whether what stands in other files is part of what is read; most keep but taxonomies there (3.15.3).
fn holds_facts(references: &RawValue) -> bool {
    const READ: [&str; 5] = ["results", "driver", "extensions", "invocations", "policies"];
    let names: Result<BTreeMap<String, IgnoredAny>, _> = serde_json::from_str(references.get());
    names.map_or(true, |names| READ.iter().any(|name| names.contains_key(*name)))
}

fn trouble(found: &mut Found<'_>, span: crate::source::Span, tool: String, trouble: ScanTrouble) {
    let kind = EvidenceDefectKind::ScanUnsuccessful { tool, trouble };
    found.broken(EvidenceDefect { span, kind });
}

/// When a run ended: with the last of its invocations (3.20.8).
fn ended<'s>(
    input: &Input<'s>,
    run: &Run<'s>,
    invocations: &[Invocation<'_>],
    found: &mut Found<'s>,
) -> Timestamp {
    let mut last = Timestamp::Missing;
    for (invocation, raw) in invocations.iter().zip(&run.invocations) {
        let Some(text) = &invocation.end_time_utc else { continue };
        last = last.latest(found.time(text, input.first_line(raw.get())));
    }
    last
}

/// A result. One that is gone since the baseline (3.27.24) is none any more.
fn result_of<'s>(
    input: &Input<'s>,
    raw: &'s RawValue,
    result: &Written,
    tool: &Tool,
    invocations: &[Invocation<'_>],
    scan: ScanIndex,
) -> Option<ScanResult<'s>> {
    if result.baseline_state.as_deref() == Some("absent") {
        return None;
    }
    let descriptor = tool.rule(result.rule.as_ref(), result.rule_id.as_deref(), result.rule_index);
    let level = level(result, descriptor, invocations);
    let id = result.rule_id.clone().or_else(|| result.rule.as_ref().and_then(|rule| rule.id.clone()));
    let id = id.or_else(|| descriptor.and_then(|rule| rule.id.clone())).unwrap_or_default();
    Some(ScanResult {
        scan,
        span: input.first_line(raw.get()),
        message: Cow::Owned(result.message.words(descriptor)),
        level,
        severity: severity(result, descriptor, level),
        rule: Cow::Owned(id),
        undecided: false,
        suppressed: result.is_suppressed(),
    })
}

/// The level of a result that does not say its own (3.27.10): what its invocation sets for its rule, what
/// the rule says, or a warning.
fn level(result: &Written, rule: Option<&Descriptor>, invocations: &[Invocation<'_>]) -> ScanLevel {
    let overridden = || {
        let index = result.provenance.as_ref()?.invocation_index?;
        let invocation = invocations.get(usize::try_from(index).ok()?)?;
        let of_rule = |item: &&Override| rule.is_some_and(|rule| item.descriptor.names(rule));
        invocation.rule_configuration_overrides.iter().find(of_rule)?.configuration.level
    };
    let default = || rule?.default_configuration.as_ref()?.level;
    match is_problem(result) {
        true => result.level.or_else(overridden).or_else(default).unwrap_or(ScanLevel::Warning),
        false => ScanLevel::None,
    }
}

/// The kinds of results that are no problem (3.27.9). Every other is of kind `fail`, however it is spelt.
const HARMLESS: [&str; 5] = ["pass", "open", "informational", "notApplicable", "review"];

/// Whether a result is of the kind `fail`, which is the default; no other has a level (3.27.9).
fn is_problem(result: &Written) -> bool {
    !result.kind.as_deref().is_some_and(|kind| HARMLESS.contains(&kind))
}

/// How bad a result is: by its score and that of its rule, of which the worse counts, or else by its level.
fn severity(result: &Written, rule: Option<&Descriptor>, level: ScanLevel) -> ScanSeverity {
    if !is_problem(result) {
        return ScanSeverity::None;
    }
    let own = result.properties.as_ref().and_then(|own| rule::score(own.security_severity.as_ref()?));
    let of_rule = rule.and_then(Descriptor::security_severity);
    match own.into_iter().chain(of_rule).reduce(f64::max) {
        Some(score) if score >= 9.0 => ScanSeverity::Critical,
        Some(score) if score >= 7.0 => ScanSeverity::High,
        Some(score) if score >= 4.0 => ScanSeverity::Medium,
        Some(score) if score > 0.0 => ScanSeverity::Low,
        Some(_) => ScanSeverity::None,
        None => match level {
            ScanLevel::Error => ScanSeverity::High,
            ScanLevel::Warning => ScanSeverity::Medium,
            ScanLevel::Note => ScanSeverity::Low,
            ScanLevel::None => ScanSeverity::None,
        },
    }
}

impl Written {
    /// Whether it is suppressed: by all of its suppressions, of which there must be one. One that is still
    /// under review or was rejected suppresses nothing (3.35.3, and 3.27.23 for several).
    fn is_suppressed(&self) -> bool {
        let accepted = |suppression: &Suppression| {
            suppression.status.as_deref().is_none_or(|status| status == "accepted")
        };
        self.suppressions.as_ref().is_some_and(|all| !all.is_empty() && all.iter().all(accepted))
    }
}

impl Message {
    /// What it says: its own words, or those of its rule (3.11.7).
    fn words(&self, rule: Option<&Descriptor>) -> String {
        let own = self.text.as_ref().or(self.markdown.as_ref());
        let of_rule = || rule?.message_strings.get(self.id.as_ref()?)?.text.as_ref();
        let mut words = own.or_else(of_rule).cloned().unwrap_or_default();
        for (number, argument) in self.arguments.iter().enumerate() {
            words = words.replace(&format!("{{{number}}}"), argument);
        }
        words
    }
}
