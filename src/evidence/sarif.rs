//! Findings of scanners as SARIF 2.1.0 (OASIS Standard, 27 March 2020; errata 01, 28 August 2023).
//!
//! Sections of the standard stand beside what follows them. `security-severity` is no part of it: GitHub
//! code scanning reads it from the properties of a rule, and scanners write it for that.

mod invocation;
mod result;
mod rule;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};
use serde_json::Value;
use serde_json::value::RawValue;

use super::input::{Found, Input};
use super::json::{self, List, Object, Objects};
use super::{Scan, ScanTrouble, Timestamp, commit_names, same_commit};
use crate::source::Span;
use invocation::{Invocation, Trouble};
use rule::{Descriptor, Reference, Tool};

/// A message is cut behind so many letters: those of its rule may repeat its arguments without end.
const LONGEST_MESSAGE: usize = 2000;

/// Reads a log. A file that is cut off keeps the results before the cut.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut log = Log::default();
    let read = json::read_object(input, &mut log);
    if read.is_err() {
        // A run may have begun behind the break, and be as bad as any. One of which nothing was read has no name: the
        // one before it stands for both.
        if log.runs.len() > 1 && log.runs.last().is_some_and(Run::is_empty) {
            log.runs.pop();
        }
        if log.runs.is_empty() {
            log.runs.push(Run::default());
        }
        if let Some(last) = log.runs.last_mut() {
            last.is_cut = true;
        }
    }
    let commits: Vec<_> = log.runs.iter().map(|run| read_run(input, run, found)).collect();
    settle_commits(commits, found);
    // A log is as old as the oldest of its runs.
    found.report.time =
        found.scans.iter().fold(Timestamp::Missing, |oldest, scan| oldest.earliest(scan.time));
    if let Some(external) = log.external.filter(|external| external.get() != "null") {
        found.scan_trouble(input.first_line(external.get()), "", ScanTrouble::External, None);
        found.scans.iter_mut().for_each(|scan| scan.trouble = scan.trouble.or(Some(ScanTrouble::External)));
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
    /// The list of results, if there is one.
    results: Option<Vec<&'s RawValue>>,
    invocations: Option<Vec<&'s RawValue>>,
    /// Whether `null` takes the place of its invocations.
    has_null_invocations: bool,
    conversion: Option<&'s RawValue>,
    versions: Option<Vec<&'s RawValue>>,
    automation: Option<&'s RawValue>,
    bases: Option<&'s RawValue>,
    properties: Option<&'s RawValue>,
    external: Option<&'s RawValue>,
    /// Whether the reading ended inside of it.
    is_cut: bool,
}

impl Run<'_> {
    fn is_empty(&self) -> bool {
        self.tool.is_none() && self.results.is_none() && self.invocations.is_none()
    }
}

impl<'s> Object<'s> for Log<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        match &*name {
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
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        match &*name {
            "tool" => self.tool = Some(values.next_value()?),
            "results" => values.next_value_seed(List(&mut self.results))?,
            "invocations" => {
                values.next_value_seed(List(&mut self.invocations))?;
                self.has_null_invocations = self.invocations.is_none();
            }
            "conversion" => self.conversion = Some(values.next_value()?),
            "versionControlProvenance" => values.next_value_seed(List(&mut self.versions))?,
            "automationDetails" => self.automation = Some(values.next_value()?),
            "originalUriBaseIds" => self.bases = Some(values.next_value()?),
            "properties" => self.properties = Some(values.next_value()?),
            "externalPropertyFileReferences" => self.external = Some(values.next_value()?),
            _ => drop(values.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

/// How another format was converted (3.22).
#[derive(Deserialize)]
struct Conversion {
    #[serde(default)]
    tool: Tool,
    invocation: Option<Invocation>,
}

/// Where the code comes from (3.23).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version<'s> {
    #[serde(borrow)]
    revision_id: Option<&'s RawValue>,
    repository_uri: Option<Value>,
    mapped_to: Option<Location>,
}

/// A place (3.4).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    uri: Option<Value>,
    uri_base_id: Option<Value>,
}

/// What tells the runs of a tool apart (3.17).
#[derive(Deserialize)]
struct Automation {
    id: Option<Value>,
}

/// A message (3.11).
#[derive(Default, Deserialize)]
struct Message {
    text: Option<String>,
    markdown: Option<String>,
    id: Option<String>,
    arguments: Option<Vec<String>>,
}

/// A commit, and where it is stated.
type Stated<'s> = (Cow<'s, str>, Span);

/// Reads one run, and says for which commits it was made, as it says itself.
fn read_run<'s>(input: &Input<'s>, run: &Run<'s>, found: &mut Found<'s>) -> Vec<Stated<'s>> {
    let tool: Tool = json::part::<Tool>(input, run.tool, found).unwrap_or_default().indexed();
    let name = tool.driver.name.clone().unwrap_or_default();
    // Results name their invocations by position.
    let raw_invocations = run.invocations.as_deref().unwrap_or_default();
    let invocations: Vec<Option<Invocation>> =
        raw_invocations.iter().map(|raw| json::part(input, Some(raw), found)).collect();
    let results = run.results.as_deref().unwrap_or_default();
    let span = match run.tool.or_else(|| results.first().copied()) {
        Some(part) => input.first_line(part.get()),
        None => input.at(0, 0),
    };
    found.made_by(name.clone());
    let versions: Vec<Version<'s>> =
        run.versions.iter().flatten().filter_map(|raw| json::part(input, Some(raw), found)).collect();
    let properties: BTreeMap<Cow<'s, str>, &'s RawValue> =
        json::part(input, run.properties, found).unwrap_or_default();
    let (first, scan) = (found.scan_results.len(), found.next_scan());
    for raw in results {
        let result = result::read(input, raw, &tool, &invocations, scan, found);
        found.scan_results.extend(result);
    }
    let read = &found.scan_results[first..];
    let (count, suppressed) = (read.len(), read.iter().filter(|result| result.suppressed).count());
    let trouble = trouble_of(input, run, (&invocations, &tool), &name, span, found);
    let time = ended(input, &invocations, raw_invocations, found);
    let category = category(input, run, found);
    found.scans.push(Scan {
        report: found.index,
        span,
        tool: Cow::Owned(name),
        category,
        target: target(&versions, &properties, run).into(),
        time,
        commit: None,
        results: count,
        suppressed,
        trouble,
    });
    commits(input, &versions, &properties)
}

/// Which of the scans of its tool a run is: its id up to the last `/`, behind which the run itself is named (3.17.3).
fn category<'s>(input: &Input<'s>, run: &Run<'s>, found: &mut Found<'s>) -> Cow<'s, str> {
    let id = json::part::<Automation>(input, run.automation, found).and_then(|automation| automation.id);
    let Some(id) = id.as_ref().and_then(Value::as_str) else { return Cow::Borrowed("") };
    Cow::Owned(id.rfind('/').map_or("", |slash| &id[..=slash]).to_owned())
}

/// What was scanned: the image as Trivy names it, the repository and the folder in it, or else the first base of paths.
fn target(versions: &[Version<'_>], properties: &BTreeMap<Cow<'_, str>, &RawValue>, run: &Run<'_>) -> String {
    let text = |value: Value| match value {
        Value::String(text) => Some(text),
        Value::Array(items) => items.into_iter().find_map(|item| item.as_str().map(str::to_owned)),
        _ => None,
    };
    let property = |name: &str| text(serde_json::from_str(properties.get(name)?.get()).ok()?);
    if let Some(image) = property("imageName").or_else(|| property("repoTags")) {
        return image;
    }
    let repository = versions.iter().find_map(|version| {
        let mapped = version.mapped_to.as_ref();
        let folder = mapped.and_then(|place| place.uri.as_ref().or(place.uri_base_id.as_ref()));
        let repository = version.repository_uri.as_ref()?.as_str()?;
        Some([repository, folder.and_then(Value::as_str).unwrap_or("")].join(" ").trim_end().to_owned())
    });
    let base = || {
        let bases: BTreeMap<String, Location> = serde_json::from_str(run.bases?.get()).ok()?;
        bases.into_values().find_map(|base| text(base.uri?))
    };
    repository.or_else(base).unwrap_or_default()
}

/// The commits that a run names: where its code comes from (3.23.4), and in properties that CI adds.
fn commits<'s>(
    input: &Input<'s>,
    versions: &[Version<'s>],
    properties: &BTreeMap<Cow<'s, str>, &'s RawValue>,
) -> Vec<Stated<'s>> {
    let revisions = versions.iter().filter_map(|version| version.revision_id);
    let revisions = revisions.filter_map(|raw| Some((json::text(raw)?, raw)));
    let named = properties.iter().filter_map(|(name, raw)| {
        json::text(raw).filter(|text| commit_names::is_commit(name, text)).map(|text| (text, *raw))
    });
    revisions
        .chain(named)
        .filter(|(commit, _)| !commit.trim().is_empty())
        .map(|(commit, raw)| (commit, input.first_line(raw.get())))
        .collect()
}

/// Gives the runs their commits: a log of one commit is of that, and in one of several each run is of its own.
fn settle_commits<'s>(commits: Vec<Vec<Stated<'s>>>, found: &mut Found<'s>) {
    if commits.iter().all(|own| agree(own.iter())) && !agree(commits.iter().flatten()) {
        for (scan, own) in found.scans.iter_mut().zip(commits) {
            scan.commit = own.into_iter().next().map(|(commit, _)| commit);
        }
        return;
    }
    for (commit, span) in commits.into_iter().flatten() {
        found.is_about(commit, span);
    }
}

/// Whether all of these are one commit.
fn agree<'c, 's: 'c>(mut commits: impl Iterator<Item = &'c Stated<'s>>) -> bool {
    let first = commits.next();
    first.is_none_or(|(first, _)| commits.all(|(other, _)| same_commit(first, other)))
}

/// Why the scan proves nothing, if so, and a defect for each reason. One that says that it failed, that has no list of
/// results or whose results stand elsewhere does not.
fn trouble_of<'s>(
    input: &Input<'s>,
    run: &Run<'s>,
    (invocations, scanner): (&[Option<Invocation>], &Tool),
    tool: &str,
    span: Span,
    found: &mut Found<'s>,
) -> Option<ScanTrouble> {
    let has_results = run.results.as_ref().is_some_and(|results| !results.is_empty());
    let mut troubles: Vec<(Span, Trouble)> = Vec::new();
    for (invocation, raw) in invocations.iter().zip(run.invocations.iter().flatten()) {
        let place = input.first_line(raw.get());
        let own = match invocation {
            Some(invocation) => invocation.troubles(has_results, scanner),
            None => vec![(ScanTrouble::NotStated, None)],
        };
        troubles.extend(own.into_iter().map(|trouble| (place, trouble)));
    }
    if let Some(raw) = run.conversion
        && let Some(conversion) = json::part::<Conversion>(input, Some(raw), found)
        && let Some(invocation) = conversion.invocation
    {
        let place = input.first_line(raw.get());
        let own = invocation.troubles(has_results, &conversion.tool);
        troubles.extend(own.into_iter().map(|trouble| (place, trouble)));
    }
    if run.has_null_invocations {
        troubles.push((span, (ScanTrouble::NotStated, None)));
    }
    if let Some(external) = run.external.filter(|external| holds_facts(external)) {
        troubles.push((input.first_line(external.get()), (ScanTrouble::External, None)));
    }
    if run.results.is_none() && !run.is_cut {
        troubles.push((span, (ScanTrouble::NoResults, None)));
    }
    let first = troubles.first().map(|(_, (trouble, _))| *trouble);
    for (place, (trouble, note)) in troubles {
        found.scan_trouble(place, tool, trouble, note);
    }
    // That the file is cut off is said of the file.
    first.or(run.is_cut.then_some(ScanTrouble::CutOff))
}

/// Whether what stands in other files is part of what is read; most keep but taxonomies there (3.15.3).
fn holds_facts(references: &RawValue) -> bool {
    const READ: [&str; 5] = ["results", "driver", "extensions", "invocations", "policies"];
    if references.get() == "null" {
        return false;
    }
    let names: Result<BTreeMap<String, IgnoredAny>, _> = serde_json::from_str(references.get());
    names.map_or(true, |names| READ.iter().any(|name| names.contains_key(*name)))
}

/// When a run ended: with the last of its invocations.
fn ended<'s>(
    input: &Input<'s>,
    invocations: &[Option<Invocation>],
    raw: &[&'s RawValue],
    found: &mut Found<'s>,
) -> Timestamp {
    let mut last = Timestamp::Missing;
    for (invocation, raw) in invocations.iter().zip(raw) {
        let Some(text) = invocation.as_ref().and_then(Invocation::time) else { continue };
        last = last.latest(found.time(&text, input.first_line(raw.get())));
    }
    last
}

impl Message {
    /// What it says: its own words, or those of its rule (3.11.7).
    fn words(&self, rule: Option<&Descriptor>) -> String {
        let own = self.text.as_deref().or(self.markdown.as_deref());
        let of_rule = || rule?.message(self.id.as_ref()?);
        let words = own.or_else(of_rule).unwrap_or_default();
        filled(words, self.arguments.as_deref().unwrap_or_default())
    }
}

/// A text with its placeholders replaced by arguments (3.11.5). What stands in arguments is no placeholder.
fn filled(words: &str, arguments: &[String]) -> String {
    let mut text = String::new();
    let mut rest = words;
    while let Some(open) = rest.find('{') {
        let (before, behind) = rest.split_at(open);
        text.push_str(before);
        let close = behind.find('}').unwrap_or(0);
        let number = behind.get(1..close).and_then(|number| number.parse::<usize>().ok());
        let argument = number.and_then(|number| arguments.get(number));
        let end = if argument.is_some() { close + 1 } else { 1 };
        text.push_str(argument.map_or(&behind[..end], String::as_str));
        rest = &behind[end..];
        if text.len() > LONGEST_MESSAGE {
            break;
        }
    }
    text.push_str(rest);
    if let Some((end, _)) = text.char_indices().nth(LONGEST_MESSAGE) {
        text.truncate(end);
    }
    text
}
