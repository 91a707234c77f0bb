//! Vulnerabilities as CycloneDX JSON, versions 1.4 and later (ECMA-424; <https://cyclonedx.org/docs/1.6/json/>).

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};
use serde_json::Value;
use serde_json::value::RawValue;

use super::findings::{Finding, Open};
use super::input::{Found, Input};
use super::json::{self, List, Object, Scalar, Text};
use super::severity::{Rating, stated};
use super::{ScanSeverity, ScanTrouble};

/// Reads a document.
///
/// Without a list of vulnerabilities it is an inventory, which nobody has scanned; Trivy writes an empty list into
/// inventories, too. And a list of vulnerabilities of no component says nothing of what was scanned.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut document = Document::default();
    let read = json::read_object(input, &mut document);
    let scan = found.begin_scan(input.at(0, 0));
    let metadata: Metadata = json::part(input, document.metadata, found).unwrap_or_default();
    if let Some(time) = stated(metadata.timestamp.as_ref()) {
        let text = time.as_str().map_or_else(|| time.to_string(), str::to_owned);
        let span = document.metadata.map_or(input.at(0, 0), |raw| input.first_line(raw.get()));
        found.report.time = found.time(&text, span);
    }
    for raw in document.vulnerabilities.iter().flatten() {
        read_vulnerability(input, raw, scan, found);
    }
    let tools = metadata.tools.as_ref().map(names).unwrap_or_default();
    let by_trivy = tools.iter().any(|tool| tool.eq_ignore_ascii_case("trivy"));
    let has_parts = document.components.is_some_and(|parts| !parts.is_empty())
        || document.services.is_some_and(|parts| !parts.is_empty());
    let trouble = match &document.vulnerabilities {
        _ if read.is_err() => Some(ScanTrouble::CutOff),
        None => Some(ScanTrouble::Inventory),
        Some(list) if list.is_empty() && by_trivy => Some(ScanTrouble::Inventory),
        Some(_) if !has_parts => Some(ScanTrouble::NothingScanned),
        Some(_) => None,
    };
    if trouble == Some(ScanTrouble::NothingScanned) {
        found.scan_trouble(input.at(0, 0), &tools.join(", "), ScanTrouble::NothingScanned, None);
    }
    tools.iter().for_each(|tool| found.made_by(tool.clone()));
    let target = metadata.component.map(Component::words).unwrap_or_default();
    found.end_scan(scan, tools.into_iter().next().unwrap_or_default(), target, trouble);
    if let Err(defect) = read {
        found.broken(defect);
    }
}

#[derive(Default)]
struct Document<'s> {
    metadata: Option<&'s RawValue>,
    components: Option<Vec<&'s RawValue>>,
    services: Option<Vec<&'s RawValue>>,
    vulnerabilities: Option<Vec<&'s RawValue>>,
}

impl<'s> Object<'s> for Document<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        match &*name {
            "metadata" => self.metadata = Some(values.next_value()?),
            "components" => values.next_value_seed(List(&mut self.components))?,
            "services" => values.next_value_seed(List(&mut self.services))?,
            "vulnerabilities" => values.next_value_seed(List(&mut self.vulnerabilities))?,
            _ => drop(values.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

#[derive(Default, Deserialize)]
struct Metadata {
    timestamp: Option<Value>,
    /// A list up to version 1.4, and an object from 1.5 on.
    tools: Option<Value>,
    component: Option<Component>,
}

#[derive(Deserialize)]
struct Component {
    group: Option<String>,
    name: Option<String>,
    purl: Option<String>,
}

impl Component {
    /// What was scanned, without its version: the next release is scanned in its place.
    fn words(self) -> String {
        let name = || [self.group, self.name].into_iter().flatten().collect::<Vec<_>>().join("/");
        let Some(purl) = self.purl else { return name() };
        let purl = purl.split(['?', '#']).next().unwrap_or_default();
        match purl.rsplit_once('@') {
            Some((purl, version)) if !version.contains('/') => purl.to_owned(),
            _ => purl.to_owned(),
        }
    }
}

/// The names of the tools that made the document.
fn names(tools: &Value) -> Vec<String> {
    let lists = [Some(tools), tools.get("components"), tools.get("services")];
    let items = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
    items.filter_map(|tool| tool.get("name")?.as_str().map(str::to_owned)).collect()
}

#[derive(Deserialize)]
struct Vulnerability<'s> {
    #[serde(borrow)]
    id: Option<Text<'s>>,
    #[serde(borrow)]
    description: Option<Text<'s>>,
    #[serde(borrow)]
    ratings: Option<Vec<Stated<'s>>>,
    analysis: Option<Analysis>,
}

/// How bad one source says that it is.
#[derive(Deserialize)]
struct Stated<'s> {
    #[serde(borrow)]
    score: Option<Scalar<'s>>,
    #[serde(borrow)]
    severity: Option<Scalar<'s>>,
    #[serde(borrow)]
    method: Option<Text<'s>>,
    #[serde(borrow)]
    vector: Option<Text<'s>>,
}

/// What somebody who looked at it found.
#[derive(Deserialize)]
struct Analysis {
    state: Option<Value>,
    justification: Option<Value>,
    detail: Option<Value>,
}

fn read_vulnerability<'s>(input: &Input<'s>, raw: &'s RawValue, scan: Open, found: &mut Found<'s>) {
    let span = input.first_line(raw.get());
    let mut rating = Rating::default();
    let (mut rule, mut message, mut suppressed): (Cow<'s, str>, Cow<'s, str>, bool) =
        (Cow::default(), Cow::default(), false);
    if let Some(vulnerability) = json::part::<Vulnerability<'s>>(input, Some(raw), found) {
        vulnerability.ratings.iter().flatten().for_each(|stated| stated.rate(&mut rating));
        rule = vulnerability.id.unwrap_or_default().0;
        message = vulnerability.description.unwrap_or_default().0;
        if let Some(reason) = vulnerability.analysis.as_ref().and_then(Analysis::clears) {
            suppressed = true;
            message = format!("{message} ({reason})").trim().to_owned().into();
        }
    }
    found.finding(scan, Finding { span, rule, message, rating, suppressed, undecided: false });
}

impl Stated<'_> {
    /// Takes what is stated. Scores of other methods than CVSS are on scales of their own.
    fn rate(&self, rating: &mut Rating) {
        rating.word("severity", self.severity.as_ref());
        match self.method.as_deref() {
            None | Some("CVSSv3" | "CVSSv31" | "CVSSv4") => rating.score("score", self.score.as_ref()),
            Some("CVSSv2") => rating.score_up_to("score", self.score.as_ref(), ScanSeverity::High),
            Some(_) => {}
        }
        // Where a score and its vector differ, the worse counts.
        let Some(vector) = self.vector.as_deref() else { return };
        let prefix = match self.method.as_deref() {
            _ if vector.starts_with("CVSS:") => "",
            Some("CVSSv3") => "CVSS:3.0/",
            Some("CVSSv31") => "CVSS:3.1/",
            Some("CVSSv4") => "CVSS:4.0/",
            Some("CVSSv2") => "",
            _ => return,
        };
        match prefix {
            "" => rating.vector_if_known(vector),
            prefix => rating.vector_if_known(&format!("{prefix}{vector}")),
        }
    }
}

impl Analysis {
    /// Why the vulnerability counts no more. That the product is not affected needs a reason.
    fn clears(&self) -> Option<String> {
        let text = |value: &Option<Value>| stated(value.as_ref())?.as_str().map(str::to_owned);
        let reasons: Vec<String> =
            [text(&self.justification), text(&self.detail)].into_iter().flatten().collect();
        let state = self.state.as_ref()?.as_str()?;
        match state {
            "resolved" | "resolved_with_pedigree" => {}
            "not_affected" | "false_positive" if !reasons.is_empty() => {}
            _ => return None,
        }
        Some([vec![state.to_owned()], reasons].concat().join(": "))
    }
}
