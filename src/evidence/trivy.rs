//! What Trivy found, as its own JSON (`trivy … --format json`, schema version 2: `pkg/types/report.go` of Trivy).

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};
use serde_json::Value;
use serde_json::value::RawValue;

use super::findings::{Finding, Open};
use super::input::{Found, Input};
use super::json::{self, List, Object, Scalar, Text, Values, Written as _};
use super::severity::{Rating, short};
use super::{ScanSeverity, ScanTrouble};

const TOOL: &str = "Trivy";

/// Reads a report.
///
/// Trivy leaves out `Results` where it has none, and it has one for each file of packages, each configuration and each
/// file with a secret that it looked at. Without any it found nothing to look at: the path was wrong, or the scan was
/// one for secrets only, which the report does not say.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut report = Report::default();
    let read = json::read_object(input, &mut report);
    let scan = found.begin_scan(input.at(0, 0));
    if let Some(version) = report.version.filter(|version| version.get() != "2") {
        found.broken(json::wrong(input, version, "of Trivy's JSON, only schema version 2 is read"));
    }
    if let Some(resources) = report.resources.filter(|resources| !matches!(resources.get(), "null" | "[]")) {
        let reason = "the report of `trivy k8s` is not read; scan the images, or write SARIF";
        found.broken(json::wrong(input, resources, reason));
    }
    let results = report.results.as_deref().unwrap_or_default();
    let mut classes: Vec<String> = Vec::new();
    let mut is_short = false;
    for raw in results {
        // What is `null` may have been anything.
        let part: Part<'s> = match json::read(input, raw) {
            Ok(part) => part,
            Err(defect) => {
                found.broken(defect);
                continue;
            }
        };
        if part.failed_checks_are_unreadable() {
            found.broken(json::wrong(input, raw, "`Failures` of `MisconfSummary` is no count"));
        }
        classes.extend(part.class.as_ref().and_then(Value::as_str).map(str::to_owned));
        let listed = read_part(input, &part, scan, found);
        if let Some(stated) = part.failed_checks().filter(|stated| *stated > listed) {
            let note = format!("it states {stated} failed checks and lists {listed}");
            found.scan_trouble(input.first_line(raw.get()), TOOL, ScanTrouble::ErrorNoted, Some(note));
            is_short = true;
        }
    }
    let metadata: Metadata<'s> = json::part(input, report.metadata, found).unwrap_or_default();
    if let Some(raw) = report.created
        && let Some(text) = json::text(raw)
    {
        found.report.time = found.time(&text, input.first_line(raw.get()));
    }
    if let Some(raw) = metadata.commit
        && let Some(commit) = json::text(raw).filter(|commit| !commit.trim().is_empty())
    {
        found.is_about(commit, input.first_line(raw.get()));
    }
    let trouble = match &metadata.os {
        _ if read.is_err() => Some(ScanTrouble::CutOff),
        _ if results.is_empty() => {
            found.scan_trouble(input.at(0, 0), TOOL, ScanTrouble::NothingScanned, None);
            Some(ScanTrouble::NothingScanned)
        }
        Some(os) if os.is_out_of_support == Some(true) => {
            let note = "security updates of this distribution have ended, so vulnerabilities may be missing";
            found.scan_trouble(input.at(0, 0), TOOL, ScanTrouble::ErrorNoted, Some(note.to_owned()));
            Some(ScanTrouble::ErrorNoted)
        }
        _ if is_short => Some(ScanTrouble::ErrorNoted),
        _ => None,
    };
    classes.sort_unstable();
    classes.dedup();
    let name = report.artifact.and_then(json::text).unwrap_or_default();
    let target =
        if classes.is_empty() { name.into_owned() } else { format!("{name} ({})", classes.join(", ")) };
    found.end_scan(scan, TOOL, target, trouble);
    if let Err(defect) = read {
        found.broken(defect);
    }
}

#[derive(Default)]
struct Report<'s> {
    version: Option<&'s RawValue>,
    artifact: Option<&'s RawValue>,
    created: Option<&'s RawValue>,
    metadata: Option<&'s RawValue>,
    /// The findings in a cluster, as `trivy k8s` writes them.
    resources: Option<&'s RawValue>,
    results: Option<Vec<&'s RawValue>>,
}

impl<'s> Object<'s> for Report<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        match &*name {
            "SchemaVersion" => self.version = Some(values.next_value()?),
            "ArtifactName" => self.artifact = Some(values.next_value()?),
            "CreatedAt" => self.created = Some(values.next_value()?),
            "Resources" => self.resources = Some(values.next_value()?),
            "Metadata" => self.metadata = Some(values.next_value()?),
            "Results" => values.next_value_seed(List(&mut self.results))?,
            _ => drop(values.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata<'s> {
    #[serde(borrow)]
    commit: Option<&'s RawValue>,
    #[serde(rename = "OS")]
    os: Option<OperatingSystem>,
}

#[derive(Deserialize)]
struct OperatingSystem {
    #[serde(rename = "EOSL")]
    is_out_of_support: Option<bool>,
}

/// What was found in one target: a lock file, the packages of an image, a configuration. What wrote it again may have
/// made its keys begin with small letters; passed over, a list of them would look like one without findings.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Part<'s> {
    class: Option<Value>,
    #[serde(borrow, alias = "vulnerabilities")]
    vulnerabilities: Option<Vec<&'s RawValue>>,
    #[serde(borrow, alias = "misconfigurations")]
    misconfigurations: Option<Vec<&'s RawValue>>,
    #[serde(alias = "misconfSummary")]
    misconf_summary: Option<Value>,
    #[serde(borrow, alias = "secrets")]
    secrets: Option<Vec<&'s RawValue>>,
    #[serde(borrow, alias = "licenses")]
    licenses: Option<Vec<&'s RawValue>>,
    #[serde(borrow, alias = "ExperimentalModifiedFindings", alias = "modifiedFindings")]
    modified_findings: Option<Vec<&'s RawValue>>,
}

impl Part<'_> {
    fn failed_checks_are_unreadable(&self) -> bool {
        let stated = self.misconf_summary.as_ref().and_then(|summary| summary.get("Failures"));
        stated.is_some_and(|stated| !stated.is_u64())
    }

    /// How many checks failed, as the summary of checks states.
    fn failed_checks(&self) -> Option<u64> {
        self.misconf_summary.as_ref()?.get("Failures")?.as_u64()
    }
}

/// A finding of any class; each has other names for what it is.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written<'s> {
    #[serde(borrow, rename = "VulnerabilityID")]
    vulnerability: Option<Text<'s>>,
    #[serde(borrow, rename = "ID")]
    id: Option<Text<'s>>,
    #[serde(borrow, rename = "RuleID")]
    rule: Option<Text<'s>>,
    #[serde(borrow)]
    name: Option<Text<'s>>,
    #[serde(borrow)]
    title: Option<Text<'s>>,
    #[serde(borrow)]
    message: Option<Text<'s>>,
    #[serde(borrow)]
    pkg_name: Option<Text<'s>>,
    #[serde(borrow)]
    severity: Option<Scalar<'s>>,
    #[serde(borrow)]
    status: Option<Scalar<'s>>,
    vendor_severity: Option<Values<Value>>,
    #[serde(borrow, rename = "CVSS")]
    cvss: Option<Values<Scores<'s>>>,
}

/// What one source of advisories says of a vulnerability.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Scores<'s> {
    #[serde(borrow)]
    v2_score: Option<Scalar<'s>>,
    #[serde(borrow)]
    v3_score: Option<Scalar<'s>>,
    #[serde(borrow)]
    v40_score: Option<Scalar<'s>>,
    #[serde(borrow)]
    v3_vector: Option<Text<'s>>,
    #[serde(borrow)]
    v40_vector: Option<Text<'s>>,
}

/// A finding that a list of exceptions or a VEX document changed (`pkg/types/finding.go`).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Modified<'s> {
    status: Option<Value>,
    statement: Option<Value>,
    #[serde(borrow)]
    finding: Option<&'s RawValue>,
}

/// Reads what was found in one target, and says how many failed checks it lists.
fn read_part<'s>(input: &Input<'s>, part: &Part<'s>, scan: Open, found: &mut Found<'s>) -> u64 {
    let lists = [&part.vulnerabilities, &part.secrets, &part.licenses];
    for raw in lists.into_iter().flatten().flatten() {
        read_finding(input, raw, Mark::None, scan, found);
    }
    let mut failed_checks = 0;
    for raw in part.misconfigurations.iter().flatten() {
        failed_checks += u64::from(read_finding(input, raw, Mark::OfCheck, scan, found));
    }
    for raw in part.modified_findings.iter().flatten() {
        let Some(modified) = json::part::<Modified<'s>>(input, Some(raw), found) else { continue };
        let status = modified.status.as_ref().and_then(Value::as_str);
        // That the product is not affected needs a reason.
        let has_reason =
            modified.statement.as_ref().and_then(Value::as_str).is_some_and(|it| !it.trim().is_empty());
        let is_cleared = match status {
            Some("ignored" | "fixed") => true,
            Some("not_affected") => has_reason,
            _ => false,
        };
        let mark = if is_cleared { Mark::Suppressed } else { Mark::None };
        read_finding(input, modified.finding.unwrap_or(raw), mark, scan, found);
    }
    failed_checks
}

/// What beside a finding says whether it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    /// Its status, which is the result of a check; that of a vulnerability is the one of its fix.
    OfCheck,
    Suppressed,
}

/// Reads a finding, and says whether it is one: a check that passed is none.
fn read_finding<'s>(
    input: &Input<'s>,
    raw: &'s RawValue,
    mark: Mark,
    scan: Open,
    found: &mut Found<'s>,
) -> bool {
    let span = input.first_line(raw.get());
    let Some(written) = json::part::<Written<'s>>(input, Some(raw), found) else {
        let (rule, message) = (Cow::Borrowed(""), Cow::Borrowed(""));
        let rating = Rating::default();
        found.finding(scan, Finding { span, rule, message, rating, suppressed: false, undecided: false });
        return true;
    };
    let status = written.status.as_ref().and_then(|status| status.as_str()).filter(|_| mark == Mark::OfCheck);
    if status == Some("PASS") {
        return false;
    }
    let rating = written.rating();
    let rule = [written.vulnerability, written.id, written.rule, written.name].into_iter().flatten().next();
    let words = written.title.or(written.message).unwrap_or_default().0;
    let message = match written.pkg_name {
        Some(package) => format!("{}: {words}", package.0).into(),
        None => words,
    };
    found.finding(
        scan,
        Finding {
            span,
            rule: rule.unwrap_or_default().0,
            message,
            rating,
            suppressed: mark == Mark::Suppressed || status == Some("EXCEPTION"),
            undecided: false,
        },
    );
    true
}

impl Written<'_> {
    /// The worst of what is stated. Scores of CVSS 2 know no band above high, and count only where nothing else is.
    fn rating(&self) -> Rating {
        let mut rating = Rating::default();
        rating.word("Severity", self.severity.as_ref());
        for severity in self.vendor_severity.iter().flat_map(|values| &values.0) {
            match severity.as_u64() {
                Some(0) => {}
                Some(1) => rating.add(ScanSeverity::Low),
                Some(2) => rating.add(ScanSeverity::Medium),
                Some(3) => rating.add(ScanSeverity::High),
                Some(4) => rating.add(ScanSeverity::Critical),
                _ => rating
                    .doubt(format!("`VendorSeverity` is `{}`, which is none from 0 to 4", short(severity))),
            }
        }
        for scores in self.cvss.iter().flat_map(|values| &values.0) {
            rating.score("V3Score", scores.v3_score.as_ref());
            rating.score("V40Score", scores.v40_score.as_ref());
            let unscored = [(&scores.v3_score, &scores.v3_vector), (&scores.v40_score, &scores.v40_vector)];
            let is_none =
                |score: &Option<Scalar<'_>>| score.as_ref().is_none_or(|score| score.as_f64() == Some(0.0));
            let vectors = unscored.into_iter().filter(|(score, _)| is_none(score));
            for vector in vectors.filter_map(|(_, vector)| vector.as_deref()) {
                rating.vector_if_known(vector);
            }
        }
        if rating.is_empty() {
            for scores in self.cvss.iter().flat_map(|values| &values.0) {
                rating.score_up_to("V2Score", scores.v2_score.as_ref(), ScanSeverity::High);
            }
        }
        rating
    }
}
