//! What OSV-Scanner found, as its JSON (`osv-scanner --format json`; `docs/output.md` of OSV-Scanner, and the schema of
//! the vulnerabilities at <https://ossf.github.io/osv-schema/>).

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};
use serde_json::Value;
use serde_json::value::RawValue;

use super::ScanTrouble;
use super::findings::{Finding, Open};
use super::input::{Found, Input};
use super::json::{self, List, Object, Scalar, Text, Values, Written};
use super::severity::{Rating, stated};

const TOOL: &str = "OSV-Scanner";

/// Reads a report. It lists only packages in which something was found, so that an empty list is a clean scan: where it
/// finds no package at all, OSV-Scanner ends with an error and writes none.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut report = Report::default();
    let read = json::read_object(input, &mut report);
    let scan = found.begin_scan(input.at(0, 0));
    for raw in report.results.iter().flatten() {
        let Some(source) = json::part::<Source<'s>>(input, Some(raw), found) else { continue };
        for raw in source.packages.iter().flatten() {
            read_package(input, raw, scan, found);
        }
    }
    for raw in report.generic.iter().flatten() {
        let span = input.first_line(raw.get());
        unrated(span, "finding of a plugin".into(), scan, found);
    }
    let trouble = if read.is_err() {
        Some(ScanTrouble::CutOff)
    } else if report.results.is_none() {
        found.scan_trouble(input.at(0, 0), TOOL, ScanTrouble::NoResults, None);
        Some(ScanTrouble::NoResults)
    } else {
        None
    };
    found.end_scan(scan, TOOL, "", trouble);
    if let Err(defect) = read {
        found.broken(defect);
    }
}

#[derive(Default)]
struct Report<'s> {
    results: Option<Vec<&'s RawValue>>,
    generic: Option<Vec<&'s RawValue>>,
}

impl<'s> Object<'s> for Report<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        match &*name {
            "results" => values.next_value_seed(List(&mut self.results)),
            "experimental_generic_findings" => values.next_value_seed(List(&mut self.generic)),
            _ => values.next_value::<IgnoredAny>().map(drop),
        }
    }
}

/// The packages of one lock file or image.
#[derive(Deserialize)]
struct Source<'s> {
    #[serde(borrow)]
    packages: Option<Vec<&'s RawValue>>,
}

#[derive(Deserialize)]
struct Package<'s> {
    #[serde(borrow)]
    package: Option<PackageName<'s>>,
    #[serde(borrow)]
    vulnerabilities: Option<Vec<Vulnerability<'s>>>,
    #[serde(borrow)]
    groups: Option<Vec<&'s RawValue>>,
    #[serde(borrow)]
    license_violations: Option<Vec<Scalar<'s>>>,
}

#[derive(Deserialize)]
struct PackageName<'s> {
    #[serde(borrow)]
    name: Option<Text<'s>>,
}

#[derive(Deserialize)]
struct Vulnerability<'s> {
    #[serde(borrow)]
    id: Option<Text<'s>>,
    #[serde(borrow)]
    summary: Option<Text<'s>>,
    #[serde(borrow)]
    severity: Option<Vec<Score<'s>>>,
    #[serde(borrow)]
    affected: Option<Vec<Affected<'s>>>,
    #[serde(borrow)]
    database_specific: Option<Own<'s>>,
}

/// A package that has the vulnerability, and how bad it is there.
#[derive(Deserialize)]
struct Affected<'s> {
    #[serde(borrow)]
    severity: Option<Vec<Score<'s>>>,
    #[serde(borrow)]
    ecosystem_specific: Option<Own<'s>>,
    #[serde(borrow)]
    database_specific: Option<Own<'s>>,
}

#[derive(Deserialize)]
struct Score<'s> {
    #[serde(borrow)]
    score: Option<Scalar<'s>>,
}

/// What the source of an advisory says on its own: GitHub names a severity here, RustSec a vector of CVSS, and others a
/// score with its vector.
#[derive(Deserialize)]
struct Own<'s> {
    #[serde(borrow)]
    severity: Option<Scalar<'s>>,
    #[serde(borrow)]
    cvss: Option<Scalar<'s>>,
}

/// Vulnerabilities that are one under several names.
#[derive(Deserialize)]
struct Group<'s> {
    #[serde(borrow)]
    ids: Option<Vec<Text<'s>>>,
    #[serde(borrow)]
    max_severity: Option<Scalar<'s>>,
    #[serde(alias = "experimentalAnalysis", alias = "experimental_analysis")]
    analysis: Option<Values<Analysis>>,
}

#[derive(Deserialize)]
struct Analysis {
    called: Option<bool>,
}

fn read_package<'s>(input: &Input<'s>, raw: &'s RawValue, scan: Open, found: &mut Found<'s>) {
    let span = input.first_line(raw.get());
    let Some(package) = json::part::<Package<'s>>(input, Some(raw), found) else {
        unrated(span, Cow::Borrowed(""), scan, found);
        return;
    };
    let name = package.package.and_then(|package| package.name).unwrap_or_default().0;
    let vulnerabilities = package.vulnerabilities.unwrap_or_default();
    let by_id: FxHashMap<&str, usize> =
        vulnerabilities.iter().enumerate().filter_map(|(at, one)| Some((one.id.as_deref()?, at))).collect();
    let mut is_grouped = vec![false; vulnerabilities.len()];
    for raw in package.groups.iter().flatten() {
        let Some(group) = json::part::<Group<'s>>(input, Some(raw), found) else { continue };
        let ids = group.ids.unwrap_or_default();
        let members: Vec<usize> = ids.iter().filter_map(|id| by_id.get(&**id).copied()).collect();
        members.iter().for_each(|&at| is_grouped[at] = true);
        let mut rating = Rating::default();
        rating.score("max_severity", group.max_severity.as_ref());
        members.iter().for_each(|&at| vulnerabilities[at].rate(&mut rating));
        let summary =
            members.iter().find_map(|&at| vulnerabilities[at].summary.as_deref()).unwrap_or_default();
        // That no path to it was found does not show that there is none: whether it counts, a person decides.
        let undecided = group.analysis.is_some_and(|analysis| {
            !analysis.0.is_empty() && analysis.0.iter().all(|analysis| analysis.called == Some(false))
        });
        let finding = Finding {
            span: input.first_line(raw.get()),
            rule: ids.into_iter().next().unwrap_or_default().0,
            message: format!("{name}: {summary}").into(),
            rating,
            suppressed: false,
            undecided,
        };
        found.finding(scan, finding);
    }
    let single = vulnerabilities.iter().zip(is_grouped).filter(|(_, is_grouped)| !is_grouped);
    for (vulnerability, _) in single {
        let mut rating = Rating::default();
        vulnerability.rate(&mut rating);
        let rule = vulnerability.id.clone().unwrap_or_default().0;
        let message = format!("{name}: {}", vulnerability.summary.as_deref().unwrap_or_default()).into();
        found.finding(scan, Finding { span, rule, message, rating, suppressed: false, undecided: false });
    }
    for license in package.license_violations.iter().flatten() {
        let license = license.as_str().unwrap_or("unknown");
        unrated(span, format!("license {license} of {name}").into(), scan, found);
    }
}

/// A finding without a severity.
fn unrated<'s>(span: crate::source::Span, rule: Cow<'s, str>, scan: Open, found: &mut Found<'s>) {
    let (message, rating) = (Cow::Borrowed(""), Rating::default());
    found.finding(scan, Finding { span, rule, message, rating, suppressed: false, undecided: false });
}

impl Vulnerability<'_> {
    /// Takes every severity that it states, of itself or of a package that has it.
    fn rate(&self, rating: &mut Rating) {
        let affected = || self.affected.iter().flatten();
        let scores = affected().filter_map(|affected| affected.severity.as_ref()).chain(&self.severity);
        scores.flatten().for_each(|score| score.rate(rating));
        let own = affected().flat_map(|affected| [&affected.ecosystem_specific, &affected.database_specific]);
        own.chain([&self.database_specific]).flatten().for_each(|own| own.rate(rating));
    }
}

impl Score<'_> {
    /// Takes a vector, or a word, as Ubuntu writes it. A score is what the entry is for: without one it is damaged.
    fn rate(&self, rating: &mut Rating) {
        match stated(self.score.as_ref()) {
            None => rating.doubt("a `severity` has no `score`"),
            Some(Scalar::Text(vector)) if is_vector(vector) => rating.vector("severity.score", vector),
            score => rating.word("severity.score", score),
        }
    }
}

impl Own<'_> {
    fn rate(&self, rating: &mut Rating) {
        match stated(self.severity.as_ref()) {
            Some(Scalar::Text(vector)) if is_vector(vector) => rating.vector("severity", vector),
            severity => rating.word("severity", severity),
        }
        match stated(self.cvss.as_ref()) {
            Some(Scalar::Text(vector)) => rating.vector("cvss", vector),
            Some(Scalar::Other(Value::Object(members))) => {
                rating.score("cvss.score", members.get("score"));
                let vector = ["vectorString", "vector"].iter().find_map(|key| members.get(*key)?.as_str());
                vector.into_iter().for_each(|vector| rating.vector_if_known(vector));
            }
            score => rating.score("cvss", score),
        }
    }
}

/// Whether a text is meant to be a vector of CVSS: no word has a colon.
fn is_vector(text: &str) -> bool {
    text.contains(':')
}
