//! What `npm audit --json` found: version 2 of its report (npm 7 and later, `npm-audit-report`), and version 1 (npm 6,
//! and pnpm).

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::findings::{Finding, Open};
use super::input::{Found, Input};
use super::json::{self, Members, Object, Pairs, Scalar, Text, Written};
use super::severity::Rating;
use super::{EvidenceDefect, EvidenceDefectKind, ScanTrouble};

const TOOL: &str = "npm audit";

/// The words by which npm counts, and how this report says them.
const WORDS: [&str; 5] = ["info", "low", "moderate", "high", "critical"];

/// Reads a report. In version 2 each vulnerable package is a finding, as npm counts them; in version 1 each advisory.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut report = Report::default();
    let read = json::read_object(input, &mut report);
    let scan = found.begin_scan(input.at(0, 0));
    let mut counted = [0u64; 5];
    let is_first = report.vulnerabilities.is_none() && report.advisories.is_some();
    for (name, raw) in report.vulnerabilities.iter().flat_map(|pairs| &pairs.0) {
        read_package(input, name.clone(), raw, scan, &mut counted, found);
    }
    for (_, raw) in report.advisories.iter().flat_map(|pairs| &pairs.0) {
        read_advisory(input, raw, scan, &mut counted, found);
    }
    if let Some(version) = report.version.filter(|version| !matches!(version.get(), "1" | "2")) {
        found.broken(json::wrong(input, version, "of npm's audit reports, only versions 1 and 2 are read"));
    }
    if read.is_ok() && report.error.is_none() {
        check_counts(input, report.metadata, &counted, is_first, found);
    }
    let trouble = trouble_of(input, &report, read.is_err(), found);
    found.end_scan(scan, TOOL, "", trouble);
    if let Err(defect) = read {
        found.broken(defect);
    }
}

#[derive(Default)]
struct Report<'s> {
    version: Option<&'s RawValue>,
    vulnerabilities: Option<Pairs<'s>>,
    advisories: Option<Pairs<'s>>,
    metadata: Option<&'s RawValue>,
    error: Option<&'s RawValue>,
}

impl<'s> Object<'s> for Report<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        match &*name {
            "auditReportVersion" => self.version = Some(values.next_value()?),
            "vulnerabilities" => {
                values.next_value_seed(Members(self.vulnerabilities.get_or_insert_default()))?;
            }
            "advisories" => values.next_value_seed(Members(self.advisories.get_or_insert_default()))?,
            "metadata" => self.metadata = Some(values.next_value()?),
            "error" => self.error = Some(values.next_value()?),
            _ => drop(values.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

/// A vulnerable package.
#[derive(Deserialize)]
struct Package<'s> {
    #[serde(borrow)]
    severity: Option<Scalar<'s>>,
    #[serde(borrow)]
    via: Option<Vec<Via<'s>>>,
}

/// Why a package is vulnerable: by an advisory, or by another package, which is named. Anything else may be as bad as
/// any.
enum Via<'s> {
    Advisory(Box<Advisory<'s>>),
    /// It is a finding of its own.
    Package,
}

impl<'de: 's, 's> Deserialize<'de> for Via<'s> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Via<'s>, D::Error> {
        deserializer.deserialize_any(ViaVisitor)
    }
}

struct ViaVisitor;

impl<'de> Visitor<'de> for ViaVisitor {
    type Value = Via<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an advisory or the name of a package")
    }

    fn visit_str<E>(self, _: &str) -> Result<Via<'de>, E> {
        Ok(Via::Package)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Via<'de>, A::Error> {
        Advisory::deserialize(MapAccessDeserializer::new(members)).map(Box::new).map(Via::Advisory)
    }
}

#[derive(Deserialize)]
struct Advisory<'s> {
    #[serde(borrow)]
    title: Option<Text<'s>>,
    #[serde(borrow)]
    module_name: Option<Text<'s>>,
    #[serde(borrow)]
    severity: Option<Scalar<'s>>,
    #[serde(borrow)]
    cvss: Option<Cvss<'s>>,
    #[serde(borrow)]
    github_advisory_id: Option<Text<'s>>,
    #[serde(borrow)]
    id: Option<Scalar<'s>>,
}

#[derive(Deserialize)]
struct Cvss<'s> {
    #[serde(borrow)]
    score: Option<Scalar<'s>>,
    #[serde(borrow, rename = "vectorString")]
    vector: Option<Text<'s>>,
}

#[derive(Default, Deserialize)]
struct Metadata<'s> {
    #[serde(borrow)]
    vulnerabilities: Option<&'s RawValue>,
}

/// Why there is no report.
#[derive(Default, Deserialize)]
struct Failure {
    code: Option<String>,
    summary: Option<String>,
}

fn read_package<'s>(
    input: &Input<'s>,
    name: Cow<'s, str>,
    raw: &'s RawValue,
    scan: Open,
    counted: &mut [u64; 5],
    found: &mut Found<'s>,
) {
    let span = input.first_line(raw.get());
    let mut rating = Rating::default();
    let mut titles = Vec::new();
    if let Some(package) = json::part::<Package<'s>>(input, Some(raw), found) {
        count(package.severity.as_ref(), counted);
        rating.word("severity", package.severity.as_ref());
        for via in package.via.into_iter().flatten() {
            let Via::Advisory(advisory) = via else { continue };
            advisory.rate(&mut rating);
            titles.extend(advisory.title.map(|title| title.0));
        }
    }
    let message = match titles.len() {
        1 => titles.remove(0),
        _ => Cow::Owned(titles.join("; ")),
    };
    let rule = name;
    found.finding(scan, Finding { span, rule, message, rating, suppressed: false, undecided: false });
}

fn read_advisory<'s>(
    input: &Input<'s>,
    raw: &'s RawValue,
    scan: Open,
    counted: &mut [u64; 5],
    found: &mut Found<'s>,
) {
    let span = input.first_line(raw.get());
    let mut rating = Rating::default();
    let (mut rule, mut message) = (Cow::default(), Cow::default());
    if let Some(advisory) = json::part::<Advisory<'s>>(input, Some(raw), found) {
        count(advisory.severity.as_ref(), counted);
        advisory.rate(&mut rating);
        let name = advisory.github_advisory_id.or(advisory.module_name).map(|name| name.0);
        rule = name.or_else(|| Some(advisory.id?.words().into_owned().into())).unwrap_or_default();
        message = advisory.title.unwrap_or_default().0;
    }
    found.finding(scan, Finding { span, rule, message, rating, suppressed: false, undecided: false });
}

impl Advisory<'_> {
    /// A score of 0 beside no vector is none.
    fn rate(&self, rating: &mut Rating) {
        rating.word("severity", self.severity.as_ref());
        let Some(cvss) = &self.cvss else { return };
        rating.score("cvss.score", cvss.score.as_ref());
        if let Some(vector) = cvss.vector.as_deref() {
            rating.vector_if_known(vector);
        }
    }
}

fn count(severity: Option<&Scalar<'_>>, counted: &mut [u64; 5]) {
    let word = severity.and_then(Written::as_str);
    if let Some(at) = WORDS.iter().position(|known| Some(*known) == word) {
        counted[at] += 1;
    }
}

/// Holds the totals that are stated against what was read. Version 1 counts the paths to a package rather than
/// advisories, so that there only none and some can be told apart. npm writes totals into every report, and so one
/// without them is not all of it.
fn check_counts<'s>(
    input: &Input<'s>,
    metadata: Option<&'s RawValue>,
    counted: &[u64; 5],
    is_first: bool,
    found: &mut Found<'s>,
) {
    let metadata: Metadata<'s> = json::part(input, metadata, found).unwrap_or_default();
    let Some(raw) = metadata.vulnerabilities.filter(|raw| raw.get() != "null") else {
        found.broken(input.malformed(0, "a report of npm has its totals in `metadata.vulnerabilities`"));
        return;
    };
    let totals: std::collections::BTreeMap<Cow<'s, str>, &'s RawValue> =
        json::part(input, Some(raw), found).unwrap_or_default();
    let sum = ("total", counted.iter().sum::<u64>());
    for (what, counted) in WORDS.into_iter().zip(counted.iter().copied()).chain([sum]) {
        let Some(value) = totals.get(what) else { continue };
        let Some(stated) = value.get().parse::<u64>().ok() else {
            found.broken(json::wrong(input, value, &format!("`{what}` is a count, and this is none")));
            continue;
        };
        let agree = if is_first { (stated == 0) == (counted == 0) } else { stated == counted };
        if agree {
            continue;
        }
        let kind = EvidenceDefectKind::CountsDiffer { what, stated, counted };
        let span = input.first_line(raw.get());
        match stated > counted {
            true => found.broken(EvidenceDefect { span, kind }),
            false => found.defect(span, kind),
        }
    }
    // What npm counts by a word of its own is none of the findings that were read.
    let is_known = |name: &str| WORDS.contains(&name) || name == "total";
    for (name, value) in totals.iter().filter(|(name, value)| !is_known(name) && value.get() != "0") {
        found.broken(json::wrong(input, value, &format!("`{name}` is no severity of npm's")));
    }
}

fn trouble_of<'s>(
    input: &Input<'s>,
    report: &Report<'s>,
    is_cut: bool,
    found: &mut Found<'s>,
) -> Option<ScanTrouble> {
    if let Some(error) = report.error {
        let failure: Failure = json::part(input, Some(error), found).unwrap_or_default();
        let words = [failure.code, failure.summary].into_iter().flatten().filter(|words| !words.is_empty());
        let note = words.collect::<Vec<_>>().join(": ");
        let note = (!note.is_empty()).then_some(note);
        found.scan_trouble(input.first_line(error.get()), TOOL, ScanTrouble::Failed, note);
        return Some(ScanTrouble::Failed);
    }
    if is_cut {
        return Some(ScanTrouble::CutOff);
    }
    if report.vulnerabilities.is_none() && report.advisories.is_none() {
        found.scan_trouble(input.at(0, 0), TOOL, ScanTrouble::NoResults, None);
        return Some(ScanTrouble::NoResults);
    }
    None
}
