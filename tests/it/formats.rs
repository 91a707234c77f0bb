//! The machine formats, as other people's programs read them.
//!
//! Every report is written in every format and given to that format's own validators; what they
//! read must be what the JSON of the same run says. `tests/validators/install` installs them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use relplan::finding::{Applicability, Denominator, Finding, FindingSubject, Fix, Label, Level};
use relplan::formats::{BaselineComparison, CheckReport, FINDING_FORMATS, fingerprints};
use relplan::source::edit::{self, Edit};
use relplan::source::{FileId, SourceFile, SourceMap, Span};
use serde_json::Value;

use crate::support::{self, accepted, folder, out, project, run};

/// A plan with findings of two levels: umlauts, names that need escaping, a place in another file.
const PLAN: &[(&str, &str)] = &[
    ("relplan.toml", "[rules]\nduplicate-id = \"warning\"\nunused-allow = \"note\"\n"),
    (
        "release/größe & maß.yaml",
        "\u{feff}# Ein Plan mit Umlauten\n\
         - id: EPIC-001\n  title: Größenangaben prüfen 😀\n  owner: Jürgen Weiß\n  tests: [TEST-001, TEST-099]\n\
         - {id: TEST-001, title: \"]]> & <b>😀</b> 100%\", status: passing, linked_ids: [MON-7]}\n\
         - id: RUN-001\n  title: \"Verkehr zurück\n\
         - id: RUN-002\n  title: Restore # relplan: allow(yaml-syntax) nie\n\
         - id: DEP-001\n  type: Criteria\n  requirement: Kein Fehler 😀\n  ownr: Jürgen\n",
    ),
    (
        "release/b,c: 100%.yaml",
        "- id: EPIC-1\r\n  title: Zweites Epos, 'öfter' genannt\r\n  depends_on: EPIC-404 # nirgends\r\n",
    ),
];

/// A run in every format, by the name of the format.
struct Run {
    name: &'static str,
    texts: BTreeMap<&'static str, String>,
    sources: BTreeMap<String, String>,
}

impl Run {
    fn of(
        name: &'static str,
        sources: BTreeMap<String, String>,
        write: impl Fn(&'static str) -> String,
    ) -> Self {
        let texts = FINDING_FORMATS.iter().map(|format| (format.name, write(format.name))).collect();
        Run { name, texts, sources }
    }

    fn json(&self) -> Value {
        self.parsed("json")
    }

    fn parsed(&self, format: &str) -> Value {
        serde_json::from_str(&self.texts[format])
            .unwrap_or_else(|error| panic!("{}: {format}: {error}", self.name))
    }

    fn findings(&self) -> Vec<Value> {
        self.json()["findings"].as_array().expect("findings").clone()
    }
}

/// What `relplan check` writes for a folder.
fn of_folder(name: &'static str, path: &Path) -> Run {
    let mut sources = BTreeMap::new();
    for folder in [path.to_owned(), path.join("release")] {
        let files = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|file| file.path());
        for file in files.filter(|file| file.is_file()) {
            let text = std::fs::read_to_string(&file).expect("a text");
            let relative = file.strip_prefix(path).expect("inside").display().to_string();
            sources.insert(relative, text.trim_start_matches('\u{feff}').to_owned());
        }
    }
    Run::of(name, sources, |format| out(&run(path, &["check", "--format", format])))
}

/// Findings that formats stumble over: without a place, with a fix of two edits, over several lines,
/// with control characters; more of them than GitHub takes.
fn made() -> Run {
    let text = "- id: EPIC-1\n  title: \"ö😀\": >2%\n  run: |\n    a\n    b\n";
    let sources = SourceMap::new(vec![SourceFile::new("release/plan.yaml", text)]);
    let findings = made_findings();
    let denominator = Denominator {
        files: 1,
        globs: Vec::new(),
        entries: 1,
        families: vec![("EPIC".to_owned(), 1)],
        links: 0,
        rules_run: 5,
        idle_rules: vec!["unused-allow"],
        rules_off: vec!["allow-without-reason"],
        allowed: 2,
        members: Vec::new(),
        today: NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day"),
        elapsed: Some(std::time::Duration::from_micros(1_234_567)),
    };
    let report = CheckReport {
        findings: &findings,
        sources: &sources,
        denominator: &denominator,
        masked: &[],
        baseline: Some(BaselineComparison { known: 4, fixed: 1 }),
        base: None,
        since: None,
    };
    let files = [("release/plan.yaml".to_owned(), text.to_owned())].into();
    Run::of("made", files, |format| written(format, &report))
}

fn written(name: &str, report: &CheckReport<'_>) -> String {
    let format = FINDING_FORMATS.iter().find(|format| format.name == name).expect("a format");
    let mut bytes = Vec::new();
    (format.write)(report, &mut bytes).expect("memory can be written to");
    String::from_utf8(bytes).expect("formats write UTF-8")
}

fn made_findings() -> Vec<Finding> {
    let at = |start, end| Span::new(FileId(0), start, end);
    let finding = |level, message: &str, labels: Vec<Label>| Finding {
        code: "RP0301",
        name: "link-target-missing",
        level,
        message: message.to_owned(),
        labels,
        help: None,
        notes: Vec::new(),
        fix: None,
        about: FindingSubject::Places,
    };
    let label = |span, text: &str| Label { span, text: text.to_owned() };
    let nowhere = finding(Level::Error, "the plan has no rollback", Vec::new());
    let mut fixable = finding(Level::Warning, "`>2%` begins a block", vec![label(at(32, 35), "")]);
    fixable.fix = Some(Fix {
        title: "quote the value, and say more".to_owned(),
        applicability: Applicability::Suggested,
        edits: vec![Edit::replace(at(32, 35), "'>2%'"), Edit::insert(at(44, 44), "  # ö\n")],
    });
    let lines = finding(Level::Note, "over\ntwo lines", vec![label(at(48, 55), "here"), label(at(0, 0), "")]);
    let hostile = "%0A::error file=x::\r\n\u{1b}[31m\u{0}]]> \"'<&> {0} [a](1) ##[error] `` 😀\u{fffe}";
    let mut findings = vec![nowhere.clone(), nowhere, fixable, lines];
    findings.extend((0..12).map(|_| finding(Level::Error, hostile, vec![label(at(6, 12), hostile)])));
    findings
}

fn runs() -> Vec<Run> {
    let plan = folder(PLAN);
    let example = project().join("examples/cloudconnect");
    let empty = folder(&[("release/plan.yaml", "[]\n")]);
    vec![
        of_folder("plan with findings", plan.path()),
        of_folder("the example", &example),
        of_folder("no entries", empty.path()),
        made(),
    ]
}

/// Gives every run in one format to `validate.py`.
fn validate(format: &str, ending: &str, arguments: &[&str]) {
    let files: Vec<(String, String)> = runs()
        .iter()
        .enumerate()
        .map(|(index, run)| (format!("{index}.{ending}"), run.texts[format].clone()))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&files);
    let paths: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let arguments: Vec<&str> = arguments.iter().chain(&paths).copied().collect();
    if let Err(problems) = accepted(folder.path(), &arguments) {
        panic!("{problems}");
    }
}

/// A validator that takes everything proves nothing.
#[test]
fn validators_refuse_what_is_wrong() {
    if support::python().is_none() {
        return;
    }
    let (_folder, check) = schema("check");
    let xsd = project().join("target/validators/junit-10.xsd").display().to_string();
    let made = made();
    let wrong = [
        (vec!["json", &check], made.texts["json"].replace("\"version\": 1", "\"version\": \"one\"")),
        (vec!["json", &check], made.texts["json"].replace("\"fingerprint\"", "\"print\"")),
        (vec!["codequality"], made.texts["gitlab"].replace("\"major\"", "\"error\"")),
        (vec!["codequality"], made.texts["gitlab"].replace("\"path\"", "\"file\"")),
        (vec!["xsd", &xsd], made.texts["junit"].replace("<failure", "<oops").replace("</failure", "</oops")),
        (vec!["junit"], made.texts["junit"].replace("failures=\"1\"", "failures=\"0\"")),
        (vec!["junit"], made.texts["junit"].replace("&amp;", "&")),
    ];
    for (mut arguments, text) in wrong {
        let folder = folder(&[("wrong", &text)]);
        arguments.push("wrong");
        assert!(accepted(folder.path(), &arguments).is_err(), "{arguments:?} takes\n{text}");
    }
}

/// The schema that `relplan schema` prints, as a file in a folder of its own.
fn schema(of: &str) -> (tempfile::TempDir, String) {
    let text = out(&run(&project(), &["schema", of]));
    let folder = folder(&[("schema.json", &text)]);
    let path = folder.path().join("schema.json").display().to_string();
    (folder, path)
}

#[test]
fn the_runs_have_something_to_say() {
    let plan = &runs()[0];
    let names: Vec<Value> = plan.findings().iter().map(|finding| finding["rule"].clone()).collect();
    for name in ["duplicate-id", "link-target-missing", "yaml-syntax", "unused-allow"] {
        assert!(names.contains(&name.into()), "{name} is not among {names:?}");
    }
    let elsewhere = |finding: &Value| {
        let mut related = finding["related"].as_array().expect("places").iter();
        related.any(|place| place["file"] != finding["location"]["file"])
    };
    assert!(plan.findings().iter().any(elsewhere), "no place in another file");
    assert!(plan.findings().iter().any(|finding| finding["fix"].is_object()), "no fix");
    assert!(
        plan.findings().iter().any(|finding| finding["location"].is_null()),
        "no finding of the plan as a whole"
    );
}

#[test]
fn no_format_shows_a_secret() {
    let secret = "zebra-gravel-71-quilt";
    let plan = format!(
        "id: DEP-001\ntype: Environment\nname: production\nconfiguration:\n  DB_PASSWORD: {secret}\n  DB_PASSWORD: {secret}\n"
    );
    let folder = folder(&[("release/plan.yaml", &plan)]);
    let run = of_folder("a secret", folder.path());
    assert!(run.texts["json"].contains("secret-in-configuration"), "{}", run.texts["json"]);
    for (format, text) in run.texts {
        assert!(!text.contains(secret), "{format}: {text}");
    }
}

#[test]
fn every_format_is_reproducible() {
    for (first, second) in runs().iter().zip(runs()) {
        assert_eq!(first.texts, second.texts, "{}", first.name);
    }
}

#[test]
fn json_fulfils_its_own_schema() {
    let (_folder, schema) = schema("check");
    validate("json", "json", &["json", &schema]);
}

#[test]
fn schemas_are_schemas() {
    for of in ["plan", "config", "check", "list", "trace"] {
        let (folder, schema) = schema(of);
        if let Err(problems) = accepted(folder.path(), &["schema", &schema]) {
            panic!("{of}: {problems}");
        }
    }
}

#[test]
fn the_schema_of_plans_takes_the_example_and_no_misspelt_key() {
    let (_folder, schema) = schema("plan");
    let example = project().join("examples/cloudconnect");
    let mut files: Vec<String> = std::fs::read_dir(&example)
        .expect("the example")
        .map(|file| file.expect("a file").path().display().to_string())
        .filter(|path| path.ends_with(".yaml"))
        .collect();
    files.sort();
    let mut arguments = vec!["yaml", &schema];
    arguments.extend(files.iter().map(String::as_str));
    accepted(&example, &arguments).unwrap_or_else(|problems| panic!("{problems}"));
    let good = "- id: TEST-001\n  title: Sign in\n  owner: QA\n  x-mine: 1\n";
    check_schema(&schema, "yaml", good, true);
    check_schema(&schema, "yaml", &good.replace("owner:", "Owner:"), true);
    check_schema(&schema, "yaml", &good.replace("owner:", "ownr:"), false);
    check_schema(&schema, "yaml", "id: DEP-001\ntype: Criteria\nrequirment: p95\n", false);
    check_schema(&schema, "yaml", "nothing: to do with a plan\n", false);
}

#[test]
fn the_schema_of_the_configuration_takes_the_example_and_no_misspelt_key() {
    let (_folder, schema) = schema("config");
    let example =
        std::fs::read_to_string(project().join("examples/cloudconnect/relplan.toml")).expect("a file");
    check_schema(&schema, "toml", &example, true);
    check_schema(&schema, "toml", "[rules]\nduplicate-id = \"off\"\n", true);
    check_schema(&schema, "toml", "[rulez]\nduplicate-id = \"off\"\n", false);
    check_schema(&schema, "toml", "[rules]\nduplicate-id = \"loud\"\n", false);
    check_schema(&schema, "toml", "[families.ADR]\ntitel = \"decision\"\n", false);
}

#[track_caller]
fn check_schema(schema: &str, language: &str, text: &str, expect: bool) {
    let folder = folder(&[("text", text)]);
    if support::python().is_none() {
        return;
    }
    let result = accepted(folder.path(), &[language, schema, "text"]);
    assert_eq!(result.is_ok(), expect, "{text}{result:?}");
}

#[test]
fn gitlab_takes_its_report() {
    validate("gitlab", "json", &["codequality"]);
}

#[test]
fn gitlab_is_told_of_every_finding() {
    for run in runs() {
        let entries = run.parsed("gitlab");
        let prints =
            |values: &[Value]| values.iter().map(|value| value["fingerprint"].clone()).collect::<Vec<_>>();
        assert_eq!(prints(entries.as_array().expect("an array")), prints(&run.findings()), "{}", run.name);
    }
}

#[test]
fn sarif_fulfils_the_schema_of_the_standard() {
    let Some(multitool) = multitool() else { return };
    let schema = multitool.with_file_name("sarif-2.1.0.json").display().to_string();
    validate("sarif", "sarif", &["json", &schema]);
}

/// Microsoft's validator with all of its rules and those of GitHub's code scanning.
#[test]
fn sarif_pleases_its_validator() {
    /// What it remarks and why that stands.
    const KNOWN: &[&str] = &[
        "SARIF2002", // messages as templates: every message would be one
        "SARIF2003", // the commit: relplan runs no git
        "SARIF2005", // informationUri: until the manifest names a homepage
        "SARIF2010", // snippets: they could show secrets
        "SARIF2011", // context around snippets
    ];
    let Some(multitool) = multitool() else { return };
    let remarks_on = |log: &str| -> Vec<String> {
        let remarks = remarks(&multitool, log);
        let new = remarks.iter().filter(|remark| !KNOWN.contains(&remark["ruleId"].as_str().unwrap_or("")));
        new.map(|remark| format!("{} {}", remark["ruleId"], remark["message"])).collect()
    };
    for run in runs() {
        let new = remarks_on(&run.texts["sarif"]);
        assert!(new.is_empty(), "{}:\n{}", run.name, new.join("\n"));
    }
    let without_places = made().texts["sarif"].replace("\"locations\"", "\"relatedLocations\"");
    assert!(remarks_on(&without_places).iter().any(|remark| remark.contains("GH1")));
}

fn remarks(multitool: &Path, log: &str) -> Vec<Value> {
    let folder = folder(&[("log.sarif", log)]);
    let mut command = std::process::Command::new(multitool);
    command.args(["validate", "log.sarif", "--output", "report.sarif", "--rule-kind", "Sarif;Ghas"]);
    command.args(["--level", "Error;Warning;Note", "--config"]);
    command.arg(project().join("tests/validators/multitool.xml"));
    command.env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
    let output = command.current_dir(folder.path()).output().expect("the validator can be started");
    let report = std::fs::read_to_string(folder.path().join("report.sarif"))
        .unwrap_or_else(|_| panic!("{}{}", out(&output), support::err(&output)));
    let report: Value = serde_json::from_str(report.trim_start_matches('\u{feff}')).expect("a log");
    report["runs"][0]["results"].as_array().expect("results").clone()
}

fn multitool() -> Option<PathBuf> {
    let folder = project().join("target/validators/node/node_modules/@microsoft");
    let packages = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let tool = packages.map(|package| package.path().join("Sarif.Multitool")).find(|path| path.exists());
    if tool.is_none() {
        support::skipped("no SARIF validator");
    }
    tool
}

#[test]
fn sarif_says_what_json_says() {
    for run in runs() {
        let log = run.parsed("sarif")["runs"][0].clone();
        let results = log["results"].as_array().expect("results").clone();
        let findings = run.findings();
        assert_eq!(results.len(), findings.len(), "{}", run.name);
        for (result, finding) in results.iter().zip(&findings) {
            assert_eq!(result["ruleId"], finding["code"]);
            assert_eq!(result["level"], finding["level"]);
            assert_eq!(result["partialFingerprints"]["relplan/v1"], finding["fingerprint"]);
            let index = result["ruleIndex"].as_u64().expect("an index") as usize;
            assert_eq!(log["tool"]["driver"]["rules"][index]["id"], finding["code"]);
            assert_same_text(&run, &result["locations"][0], &finding["location"]);
            let related = result["relatedLocations"].as_array().cloned().unwrap_or_default();
            let expected = finding["related"].as_array().expect("related");
            assert_eq!(related.len(), expected.len());
            for (place, expected) in related.iter().zip(expected) {
                assert_same_text(&run, place, expected);
            }
        }
        let looked_at = &log["invocations"][0]["properties"]["checked"];
        assert_eq!(*looked_at, run.json()["checked"], "{}", run.name);
    }
}

/// The region of SARIF, by lines and columns, holds the text that JSON gives by bytes.
fn assert_same_text(run: &Run, sarif: &Value, json: &Value) {
    let Some(file) = json["file"].as_str() else { return };
    let location = &sarif["physicalLocation"];
    let uri = location["artifactLocation"]["uri"].as_str().expect("a URI");
    assert_eq!(percent_decoded(uri), file);
    let text = &run.sources[file];
    let byte = |point: &str| json[point]["byte"].as_u64().expect("a byte") as usize;
    let (start, end) = region(text, &location["region"]);
    assert_eq!((start, end), (byte("start"), byte("end")), "{file}: {location}");
}

/// The bytes that a region covers, counted as §3.30 says: lines end with LF, columns count characters.
fn region(text: &str, region: &Value) -> (usize, usize) {
    let number = |name: &str| region[name].as_u64().expect("a number") as usize;
    let offset = |line: usize, column: usize| {
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let rest = &text[start..];
        start + rest.char_indices().nth(column - 1).map_or(rest.len(), |(at, _)| at)
    };
    (offset(number("startLine"), number("startColumn")), offset(number("endLine"), number("endColumn")))
}

fn percent_decoded(uri: &str) -> String {
    let mut parts = uri.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two digits"));
        bytes.extend(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_fix_in_sarif_does_what_the_fix_does() {
    let run = made();
    let (file, text) = run.sources.first_key_value().expect("a file");
    let findings = made_findings();
    let fix = findings[2].fix.as_ref().expect("a fix");
    let change = &run.parsed("sarif")["runs"][0]["results"][2]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], **file);
    let mut changed = text.clone();
    // From the last to the first, so that the places of the others stay.
    for replacement in change["replacements"].as_array().expect("replacements").iter().rev() {
        let (start, end) = region(text, &replacement["deletedRegion"]);
        changed.replace_range(start..end, replacement["insertedContent"]["text"].as_str().unwrap_or(""));
    }
    assert_eq!(changed, edit::apply(text, &fix.edits).0);
    assert_ne!(changed, *text);
}

/// A workflow command, as the runner reads it.
#[derive(Debug)]
struct Command {
    name: String,
    properties: BTreeMap<String, String>,
    data: String,
}

/// Reads a line as `ActionCommand.TryParseV2` of the runner does; other lines are text.
fn command(line: &str) -> Option<Command> {
    let (head, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    if !["error", "warning", "notice"].contains(&name) {
        return None;
    }
    let unescape = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
    let pairs = properties.trim().split(',').filter_map(|property| property.split_once('='));
    let value = |text: &str| unescape(text).replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
    Some(Command {
        name: name.to_owned(),
        properties: pairs.map(|(name, text)| (name.to_owned(), value(text))).collect(),
        data: unescape(data).replace("%25", "%"),
    })
}

#[test]
fn github_reads_ten_of_a_kind_and_the_rest_is_counted() {
    for run in runs() {
        let text = &run.texts["github"];
        let commands: Vec<Command> = text.lines().filter_map(command).collect();
        let findings = run.findings();
        let mut expected = Vec::new();
        for (level, kind) in [("error", "error"), ("warning", "warning"), ("note", "notice")] {
            let of_level: Vec<&Value> = findings.iter().filter(|finding| finding["level"] == level).collect();
            if of_level.len() > 10 {
                let left = format!("{} {level}", of_level.len() - 10);
                assert!(text.contains(&format!("not annotated: {left}")), "{}: {text}", run.name);
            }
            expected.extend(of_level.into_iter().take(10).map(|finding| (kind, finding)));
        }
        assert_eq!(commands.len(), expected.len(), "{}: {text}", run.name);
        for (command, (kind, finding)) in commands.iter().zip(expected) {
            assert_eq!(command.name, kind);
            assert_command(command, finding, &run);
        }
        let last = text.lines().last().expect("a line");
        assert!(last.starts_with("checked "), "{}: {last}", run.name);
    }
}

fn assert_command(command: &Command, finding: &Value, run: &Run) {
    let property = |name: &str| command.properties.get(name).map(String::as_str);
    let rule = format!(
        "{} {}",
        finding["code"].as_str().expect("a code"),
        finding["rule"].as_str().expect("a rule")
    );
    assert_eq!(property("title"), Some(rule.as_str()));
    let message = finding["message"].as_str().expect("a message");
    assert!(command.data.contains(message), "{}: {command:?}", run.name);
    let place = &finding["location"];
    assert_eq!(property("file"), place["file"].as_str());
    let number = |name: &str| property(name).and_then(|number| number.parse::<u64>().ok());
    assert_eq!(number("line"), place["start"]["line"].as_u64());
    // What the runner throws away, with a message that nobody sees, must not be there.
    let (line, end_line) = (number("line"), number("endLine"));
    assert_eq!(line.is_some(), end_line.is_some());
    assert!(line <= end_line);
    if line == end_line {
        assert_eq!(number("col"), place["start"]["column"].as_u64());
        assert!(number("col") <= number("endColumn"));
    } else {
        assert_eq!((number("col"), number("endColumn")), (None, None));
    }
}

#[test]
fn junit_fulfils_the_schema_of_jenkins() {
    let schema = project().join("target/validators/junit-10.xsd").display().to_string();
    validate("junit", "xml", &["xsd", &schema]);
}

#[test]
fn junit_says_what_json_says() {
    for run in runs() {
        let folder = folder(&[("report.xml", &run.texts["junit"])]);
        let read = accepted(folder.path(), &["junit", "report.xml"]);
        let read = read.unwrap_or_else(|problems| panic!("{}: {problems}", run.name));
        if read.is_empty() {
            return;
        }
        let read: Value = serde_json::from_str(&read).expect("JSON");
        let looked_at = run.json()["checked"].clone();
        let names = read["names"].as_array().expect("names");
        let off = looked_at["rules_off"].as_array().expect("rules");
        assert_eq!(names.len() + off.len(), relplan::rules::ALL.len(), "{}", run.name);
        for property in ["files", "entries", "links", "allowed", "today"] {
            let expected = &looked_at[property];
            let expected = expected.as_str().map_or(expected.to_string(), str::to_owned);
            assert_eq!(read["properties"][property], expected, "{}", run.name);
        }
        for finding in run.findings() {
            assert_reported(&read, &finding, &run);
        }
    }
}

/// An error stands in the one failure of its rule, and anything else in what the rule put out.
fn assert_reported(read: &Value, finding: &Value, run: &Run) {
    let rule = finding["rule"].as_str().expect("a rule");
    let message = finding["message"].as_str().expect("a message");
    let shown: String = message
        .chars()
        .map(|letter| if "\u{0}\u{1b}\u{fffe}".contains(letter) { '\u{fffd}' } else { letter })
        .collect();
    let text = if finding["level"] == "error" {
        assert_eq!(read["failures"][rule].as_array().map(Vec::len), Some(1), "{}: {rule}", run.name);
        read["failures"][rule][0]["text"].as_str()
    } else {
        read["outputs"][rule].as_str()
    };
    assert!(text.expect("a text").contains(&shown), "{}: {text:?} lacks {shown:?}", run.name);
}

#[test]
fn no_two_findings_share_a_fingerprint() {
    let findings = made_findings();
    let sources = SourceMap::new(vec![SourceFile::new("release/plan.yaml", "")]);
    let mut prints = fingerprints(&findings, &sources);
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), findings.len());
}
