//! SARIF 2.1.0 (OASIS Standard, with errata 01), for code scanning and for viewers.
//!
//! Section signs below mean that standard; what GitHub makes of it is in its documentation under
//! "SARIF support for code scanning".
//!
//! - Every rule that ran is described, whether it found something or not, so that a reader can tell
//!   what was looked for; the denominator stands in `invocations[0].properties.lookedAt`, in the
//!   form that `--format json` gives it.
//! - A finding about the plan as a whole stands at the beginning of the first file. The standard
//!   would allow it no location (§3.27.12), but GitHub refuses a whole log over one such result:
//!   "expected at least one location".
//! - Columns count characters (§3.14.17 `unicodeCodePoints`), and `endColumn` is one past the last
//!   (§3.30.8).
//! - Paths are relative to `SRCROOT`, which is named but not located (§3.14.14), so that a log says
//!   the same on every machine. GitHub takes it for the root of the repository: run it there.
//! - Plain text knows no backquotes (§3.11.3): it has quotes where the Markdown beside it has code.
//!   Braces are doubled (§3.11.5), and nothing in a message is a link by accident (§3.11.6).
//! - What is allowed inline or known to the baseline is counted, not listed as suppressed.
//! - GitHub takes 25,000 results in a run and shows 5,000; nothing is left out for that.

mod log;
mod text;

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::json_text::Escaping;
use super::{CheckReport, fingerprints, json, plain, rule_url};
use crate::finding::{Finding, Fix, Label};
use crate::rules::{self, Rule};
use crate::source::edit::Edit;
use crate::source::{SourceMap, Span};

use log::{
    ArtifactChange, ArtifactLocation, BaseId, Configuration, Content, Descriptor, DescriptorProperties,
    Driver, FixProperties, Invocation, InvocationProperties, Location, Log, Notification, PhysicalLocation,
    Region, Replacement, Run, SarifFix, SarifResult, Tool,
};
use text::{Message, markdown, pascal_case, plain_text};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// How many results GitHub accepts of a run; a file with more is refused as a whole.
const MOST_RESULTS: usize = 25_000;

/// The name of the folder that paths start from.
const ROOT: &str = "SRCROOT";

/// Writes the log.
pub fn write(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules = rules_of(report);
    let log = Log {
        version: "2.1.0",
        schema: SCHEMA,
        runs: [Run {
            tool: Tool { driver: driver(&rules) },
            invocations: [invocation(report)],
            original_uri_base_ids: [(ROOT, root())].into(),
            column_kind: "unicodeCodePoints",
            default_encoding: "utf-8",
            results: Results { report, rules: &rules },
        }],
    };
    serde_json::to_writer_pretty(Escaping(&mut *out), &log)?;
    out.write_all(b"\n")
}

/// The rules that ran, and any other that found something.
fn rules_of(report: &CheckReport<'_>) -> Vec<&'static Rule> {
    let off = &report.denominator.rules_off;
    let found = |rule: &Rule| report.findings.iter().any(|finding| finding.code == rule.code);
    rules::ALL.iter().copied().filter(|rule| !off.contains(&rule.name) || found(rule)).collect()
}

fn driver(rules: &[&'static Rule]) -> Driver {
    let stated = [env!("CARGO_PKG_HOMEPAGE"), env!("CARGO_PKG_REPOSITORY")];
    Driver {
        name: "relplan",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: stated.into_iter().find(|uri| !uri.is_empty()),
        rules: rules.iter().map(|rule| descriptor(rule)).collect(),
    }
}

fn descriptor(rule: &Rule) -> Descriptor {
    let prose = rule.prose();
    let first = prose.split("\n\n").next().unwrap_or_default();
    Descriptor {
        id: rule.code,
        name: pascal_case(rule.name),
        short_description: Message::plain(first),
        full_description: Message::plain(&prose),
        help: Message { text: plain_text(&prose), markdown: Some(text::braced(&rule.markdown())) },
        help_uri: rule_url(rule.name),
        default_configuration: Configuration {
            level: rule.level.map(|level| level.word()),
            enabled: rule.level.is_some(),
        },
        properties: DescriptorProperties { tags: [rule.group()], allow: rule.name },
    }
}

fn invocation(report: &CheckReport<'_>) -> Invocation {
    Invocation {
        execution_successful: true,
        tool_execution_notifications: left_out(report.findings.len()).map(notification).into_iter().collect(),
        properties: InvocationProperties {
            checked: json::checked(report.denominator),
            baseline: report.baseline.map(json::baseline),
        },
    }
}

/// How many findings are left out of a log, if any.
pub fn left_out(findings: usize) -> Option<usize> {
    findings.checked_sub(MOST_RESULTS).filter(|left_out| *left_out > 0)
}

fn notification(left_out: usize) -> Notification {
    let results = crate::model::phrase::counted(left_out, "result");
    let text = format!("{results} left out, the least severe: GitHub rejects more than {MOST_RESULTS}.");
    Notification { level: "warning", message: Message::plain(&text) }
}

/// The findings that are written, the most severe of all, in their order.
fn written(findings: &[Finding]) -> Vec<bool> {
    let mut room = MOST_RESULTS;
    let mut written = vec![false; findings.len()];
    for (level, _) in super::counts(findings) {
        for (at, _) in findings.iter().enumerate().filter(|(_, finding)| finding.level == level).take(room) {
            written[at] = true;
            room -= 1;
        }
    }
    written
}

fn root() -> BaseId {
    BaseId { description: Message::plain("The root of the repository, or of the plan.") }
}

/// The findings, written one by one.
struct Results<'a> {
    report: &'a CheckReport<'a>,
    rules: &'a [&'static Rule],
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.report;
        let findings = report.findings.iter().zip(fingerprints(report.findings, report.sources));
        let findings = findings.zip(written(report.findings)).filter(|(_, written)| *written);
        serializer.collect_seq(findings.map(|((finding, print), _)| self.result(finding, print)))
    }
}

impl<'a> Results<'a> {
    fn result(&self, finding: &'a Finding, fingerprint: String) -> SarifResult<'a> {
        let sources = self.report.sources;
        let paragraph = plain::paragraph(finding);
        let related = finding.labels.iter().skip(1).enumerate();
        SarifResult {
            rule_id: finding.code,
            rule_index: self.rules.iter().position(|rule| rule.code == finding.code),
            level: finding.level.word(),
            message: Message { text: plain_text(&paragraph), markdown: Some(markdown(&paragraph)) },
            locations: self.location(finding).into_iter().collect(),
            related_locations: related
                .map(|(index, label)| Location { id: Some(index + 1), ..labelled(label, sources) })
                .collect(),
            partial_fingerprints: [("relplan/v1", fingerprint)].into(),
            fixes: self.report.fix(finding).and_then(|fix| sarif_fix(fix, sources)).into_iter().collect(),
        }
    }

    fn location(&self, finding: &'a Finding) -> Option<Location<'a>> {
        let sources = self.report.sources;
        match finding.labels.first() {
            Some(label) => Some(labelled(label, sources)),
            None => self.report.anchor().map(|anchor| Location {
                message: Some(Message::plain("This is about the plan as a whole.")),
                ..located(anchor, sources)
            }),
        }
    }
}

fn labelled<'a>(label: &Label, sources: &'a SourceMap) -> Location<'a> {
    let message = (!label.text.is_empty()).then(|| Message::plain(&plain::sentence(&label.text)));
    Location { message, ..located(label.span, sources) }
}

fn located(span: Span, sources: &SourceMap) -> Location<'_> {
    let physical_location =
        PhysicalLocation { artifact_location: artifact(span, sources), region: region(span, sources) };
    Location { id: None, physical_location, message: None }
}

fn artifact(span: Span, sources: &SourceMap) -> ArtifactLocation<'_> {
    let name = sources.file(span.file).path();
    // An absolute path is complete, and must not say otherwise (§3.4.4).
    ArtifactLocation { uri: name, uri_base_id: (!name.starts_with('/')).then_some(ROOT) }
}

fn region(span: Span, sources: &SourceMap) -> Region {
    let (start, end) = (sources.start(span), sources.end(span));
    Region { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
}

fn sarif_fix<'a>(fix: &'a Fix, sources: &'a SourceMap) -> Option<SarifFix<'a>> {
    let change = ArtifactChange {
        artifact_location: artifact(fix.edits.first()?.span, sources),
        replacements: fix.edits.iter().map(|edit| replacement(edit, sources)).collect(),
    };
    Some(SarifFix {
        description: Message::plain(&plain::sentence(&fix.title)),
        artifact_changes: [change],
        properties: FixProperties { applicability: fix.applicability.word() },
    })
}

fn replacement<'a>(edit: &'a Edit, sources: &SourceMap) -> Replacement<'a> {
    let text = edit.replacement.as_str();
    Replacement {
        deleted_region: region(edit.span, sources),
        inserted_content: (!text.is_empty()).then_some(Content { text }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::test_support;
    use super::*;
    use crate::formats::{BaselineComparison, FINDING_FORMATS};

    fn run() -> Value {
        let log: Value = serde_json::from_str(&test_support::written("sarif")).expect("a log");
        log["runs"][0].clone()
    }

    #[test]
    fn a_result_has_its_places() {
        let result = run()["results"][0].clone();
        assert_eq!(result["ruleId"], "RP0201");
        assert_eq!(result["level"], "error");
        assert_eq!(
            result["message"],
            json!({
                "text": "'EPIC-1' is the id of two entries. Give one of them a free number, such as \
                         'EPIC-2'. Links mean the first.",
                "markdown": "`EPIC-1` is the id of two entries. Give one of them a free number, such as \
                             `EPIC-2`. Links mean the first.",
            })
        );
        assert_eq!(
            result["locations"],
            json!([{
                "physicalLocation": {
                    "artifactLocation": { "uri": "release/gr%C3%B6%C3%9Fe.yaml", "uriBaseId": "SRCROOT" },
                    "region": { "startLine": 2, "startColumn": 8, "endLine": 2, "endColumn": 14 },
                },
                "message": { "text": "Used again here." },
            }])
        );
        let related = &result["relatedLocations"][0];
        assert_eq!(related["id"], 1);
        let file = &related["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(file, "release/a,b%3A%20100%25.yaml");
    }

    #[test]
    fn a_rule_index_points_at_the_rule() {
        let run = run();
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        for result in run["results"].as_array().expect("results") {
            let index = result["ruleIndex"].as_u64().expect("an index") as usize;
            assert_eq!(rules[index]["id"], result["ruleId"]);
        }
        let names: Vec<_> = rules.iter().map(|rule| rule["name"].as_str().expect("a name")).collect();
        assert!(names.contains(&"YamlSyntax"), "{names:?}");
        assert!(!names.contains(&"AllowWithoutReason"), "a rule that is off: {names:?}");
    }

    #[test]
    fn a_rule_brings_its_documentation() {
        let rule = rules::find("duplicate-id").expect("a rule");
        let rule = serde_json::to_value(descriptor(rule)).expect("a value");
        assert_eq!(rule["shortDescription"]["text"], "Two entries with one id.");
        let text = rule["fullDescription"]["text"].as_str().expect("a text");
        assert!(text.starts_with("Two entries with one id.\n\nA link to the id"), "{text}");
        assert!(!text.contains('`'), "{text}");
        let markdown = rule["help"]["markdown"].as_str().expect("Markdown");
        assert!(markdown.contains("Found:\n\n```yaml\n- id: RUN-001"), "{markdown}");
        assert_eq!(rule["defaultConfiguration"], json!({ "level": "error", "enabled": true }));
        assert_eq!(rule["properties"], json!({ "tags": ["Identity"], "allow": "duplicate-id" }));
    }

    #[test]
    fn a_fix_is_a_replacement() {
        assert_eq!(
            run()["results"][1]["fixes"],
            json!([{
                "description": { "text": "Write it in one line." },
                "artifactChanges": [{
                    "artifactLocation": { "uri": "release/gr%C3%B6%C3%9Fe.yaml", "uriBaseId": "SRCROOT" },
                    "replacements": [{
                        "deletedRegion": { "startLine": 4, "startColumn": 4, "endLine": 5, "endColumn": 5 },
                        "insertedContent": { "text": "swordfish" },
                    }],
                }],
                "properties": { "applicability": "safe" },
            }])
        );
    }

    #[test]
    fn a_finding_without_a_place_stands_at_the_first_file() {
        let place = run()["results"][2]["locations"][0].clone();
        let region = json!({ "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1 });
        assert_eq!(place["physicalLocation"]["region"], region);
        assert_eq!(place["message"]["text"], "This is about the plan as a whole.");
    }

    #[test]
    fn a_fix_that_would_show_a_secret_is_left_out() {
        let (sources, findings) = test_support::plan();
        let masked = [findings[1].labels[0].span];
        let denominator = test_support::denominator();
        let report = CheckReport {
            masked: &masked,
            baseline: Some(BaselineComparison { known: 3, fixed: 1 }),
            ..test_support::report(&findings, &sources, &denominator)
        };
        for format in FINDING_FORMATS {
            let mut bytes = Vec::new();
            (format.write)(&report, &mut bytes).expect("written");
            let text = String::from_utf8(bytes).expect("UTF-8");
            assert!(!text.contains("swordfish"), "{}: {text}", format.name);
        }
    }

    #[test]
    fn an_absolute_path_is_a_file_of_its_own() {
        let sources = SourceMap::new(vec![crate::source::SourceFile::new("/tmp/a b.yaml", "id: X-1")]);
        let location = artifact(Span::new(crate::source::FileId(0), 0, 1), &sources);
        let value = serde_json::to_value(location).expect("a value");
        assert_eq!(value, json!({ "uri": "file:///tmp/a%20b.yaml" }));
    }
}
