//! The registry tests itself, and every example in the documentation of a rule is run.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rustc_hash::FxHashSet;

use super::{ALL, GROUPS, Levels, Rule, Subject, run};
use crate::config::Config;
use crate::evidence;
use crate::finding::{Finding, Level};
use crate::forecast::History;
use crate::graph::Graph;
use crate::metrics::Deliveries;
use crate::model::{Plan, document};
use crate::source::edit::{self, Edit};
use crate::source::{FileId, SourceFile, SourceMap};

/// Rules whose bad input no documentation can hold: bytes that are no text, and
/// what is too large, and files that are not there. Each has a test of its own at the foot of its file.
const WITHOUT_EXAMPLES: &[&str] = &[
    "configuration-file-drift",
    "configuration-file-invalid",
    "file-too-large",
    "gate-failed",
    "history-gap",
    "history-too-short",
    "holidays-file-without-day",
    "invalid-history",
    "unmatched-glob",
    "invalid-utf8",
    "link-budget",
    "link-loop",
    "long-line",
    "loosened-configuration",
    "loosened-entry",
    "loosened-waiver",
    "nul-byte",
    "replaced-evidence",
    "rewritten-record",
    "too-many-errors",
    "unusable-delivery-record",
    "workspace-member",
];

/// The findings of a plan of one file and its configuration, on 2026-11-20.
pub(super) fn findings(yaml: &str, toml: &str) -> Vec<Finding> {
    findings_of(SourceFile::new("plan.yaml", yaml), toml)
}

/// The same with a configuration that knows more than its text: which of its globs chose a file.
pub(super) fn findings_with(yaml: &str, toml: &str, change: impl Fn(&mut Config)) -> Vec<Finding> {
    check_all(SourceFile::new("plan.yaml", yaml), toml, &[], change)
}

/// The same for a file that is more than its text.
pub(super) fn findings_of(plan: SourceFile, toml: &str) -> Vec<Finding> {
    check_all(plan, toml, &[], |_| {})
}

fn check_all(
    plan: SourceFile,
    toml: &str,
    evidence: &[(String, String)],
    change: impl Fn(&mut Config),
) -> Vec<Finding> {
    let mut sources = SourceMap::new(vec![plan, SourceFile::new("relplan.toml", toml)]);
    let evidence: Vec<FileId> =
        evidence.iter().map(|(name, text)| sources.add(SourceFile::new(name, text))).collect();
    let mut config = Config::read(FileId(1), sources.file(FileId(1)));
    change(&mut config);
    let content = document::read(FileId(0), sources.file(FileId(0)), &config.families);
    let plan = Plan::new(vec![content]);
    let graph = Graph::new(&plan, &config.families, &FxHashSet::default());
    let evidence = evidence::read(&sources, &evidence);
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    let subject = Subject::new(&sources, &config, &plan, &graph, &evidence, today);
    let levels = match Levels::new(&config, &all_on()) {
        Ok(levels) => levels,
        Err(unknown) => panic!("unknown rules: {unknown:?}"),
    };
    if config.is_broken() {
        return super::check_config(&subject);
    }
    run(&subject, &levels).findings
}

/// What one rule says about a history file, on 2026-11-20.
pub(super) fn history_messages(rule: &str, text: &str) -> Vec<String> {
    let toml = "[forecast]\nhistory = \"history.csv\"\n";
    let mut sources = SourceMap::new(vec![SourceFile::new("relplan.toml", toml)]);
    let config = Config::read(FileId(0), sources.file(FileId(0)));
    let file = sources.add(SourceFile::new("history.csv", text));
    let mut history = History::default();
    history.add(file, sources.file(file), config.forecast.history[0].span);
    history.sort();
    let (plan, evidence) = (Plan::default(), evidence::Evidence::default());
    let graph = Graph::new(&plan, &config.families, &FxHashSet::default());
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    let mut subject = Subject::new(&sources, &config, &plan, &graph, &evidence, today);
    subject.history = Some(&history);
    let mut reports = Vec::new();
    (super::find(rule).expect("a rule").check)(&subject, &mut reports);
    reports.into_iter().map(|report| report.message).collect()
}

/// What one rule says about a file of deployments and one of incidents, on 2026-11-20.
pub(super) fn delivery_messages(rule: &str, deployments: &str, incidents: &str) -> Vec<String> {
    let mut sources = SourceMap::new(vec![SourceFile::new("relplan.toml", "")]);
    let config = Config::read(FileId(0), sources.file(FileId(0)));
    let deployments = sources.add(SourceFile::new("deployments.jsonl", deployments));
    let incidents = sources.add(SourceFile::new("incidents.jsonl", incidents));
    let deliveries = Deliveries::read(&sources, &[deployments], &[incidents]);
    let (plan, evidence) = (Plan::default(), evidence::Evidence::default());
    let graph = Graph::new(&plan, &config.families, &FxHashSet::default());
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    let mut subject = Subject::new(&sources, &config, &plan, &graph, &evidence, today);
    subject.deliveries = Some(&deliveries);
    let levels = Levels::new(&config, &[]).unwrap_or_else(|unknown| panic!("unknown rules: {unknown:?}"));
    let found = run(&subject, &levels).findings.into_iter().filter(|finding| finding.name == rule);
    found.map(|finding| finding.message).collect()
}

/// What one rule says about a plan of one file and its configuration.
pub(super) fn messages(rule: &str, yaml: &str, toml: &str) -> Vec<String> {
    let found = findings(yaml, toml).into_iter().filter(|finding| finding.name == rule);
    found.map(|finding| finding.message).collect()
}

/// Rules that are off by default are documented and tested like the others.
fn all_on() -> Vec<(String, Option<Level>)> {
    let off = ALL.iter().filter(|rule| rule.level.is_none());
    off.map(|rule| (rule.name.to_owned(), Some(Level::Note))).collect()
}

/// An example of a rule: YAML, the configuration and the evidence that go with it.
#[derive(Debug, Default, Clone)]
struct Example {
    yaml: String,
    toml: String,
    evidence: Vec<(String, String)>,
}

impl Example {
    fn findings(&self) -> Vec<Finding> {
        check_all(SourceFile::new("plan.yaml", &self.yaml), &self.toml, &self.evidence, |_| {})
    }
}

/// The examples of one sort, `bad` or `good`. A TOML block belongs to the YAML block before it, and what
/// stands `beside` a file of evidence to that file.
fn examples(rule: &Rule, sort: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut open: Option<(&str, String)> = None;
    let mut current = String::new();
    for line in rule.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)) {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.trim(), String::new())),
            (Some((info, text)), Some(_)) => {
                let text = text.clone();
                let (language, kind) = info.split_once(',').unwrap_or((info, ""));
                let is_evidence = ["xml", "json", "csv", "lcov"].contains(&language);
                current = if kind == "beside" { current } else { kind.to_owned() };
                if *info == format!("yaml,{sort}") {
                    examples.push(Example { yaml: text, ..Example::default() });
                } else if is_evidence && kind == sort {
                    let evidence = vec![(format!("report.{language}"), text)];
                    examples.push(Example { evidence, ..Example::default() });
                } else if is_evidence && kind == "beside" && current == sort {
                    let name = match language {
                        "json" => "evidence.json",
                        "lcov" => "zz/coverage.lcov",
                        _ => "zz.xml",
                    };
                    examples.last_mut().expect("a file before").evidence.push((name.to_owned(), text));
                } else if *info == format!("toml,{sort}") {
                    match examples.last_mut() {
                        Some(last) if last.toml.is_empty() => last.toml = text,
                        _ => examples.push(Example { toml: text, ..Example::default() }),
                    }
                }
                open = None;
            }
            (Some((_, text)), None) => *text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    examples
}

#[test]
fn every_bad_example_is_found_and_no_good_one_is() {
    let mut wrong = Vec::new();
    for rule in ALL.iter() {
        let (bad, good) = (examples(rule, "bad"), examples(rule, "good"));
        if WITHOUT_EXAMPLES.contains(&rule.name) {
            if !rule.docs.contains("```text") {
                wrong.push(format!("{}: show what it finds in a ```text block", rule.name));
            }
        } else if bad.is_empty() || good.is_empty() {
            wrong.push(format!("{}: needs a ```yaml,bad and a ```yaml,good example", rule.name));
        }
        for example in bad {
            let found = example.findings();
            if !found.iter().any(|finding| finding.code == rule.code) {
                wrong.push(format!(
                    "{}: not found in its bad example:\n{}{:?}\nfound {:?}",
                    rule.name,
                    example.yaml,
                    example.evidence,
                    names(&found)
                ));
            }
        }
        for example in good {
            let found = example.findings();
            if let Some(finding) = found.iter().find(|finding| finding.code == rule.code) {
                wrong.push(format!(
                    "{}: found in its good example: {}\n{}",
                    rule.name, finding.message, example.yaml
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn names(found: &[Finding]) -> Vec<&'static str> {
    found.iter().map(|finding| finding.name).collect()
}

#[test]
fn a_fix_answers_its_finding_and_brings_no_new_one() {
    let mut wrong = Vec::new();
    for rule in ALL.iter() {
        for example in examples(rule, "bad") {
            let before = example.findings();
            for finding in before.iter().filter(|finding| finding.code == rule.code) {
                let Some(fix) = &finding.fix else { continue };
                let edits = |file| fix.edits.iter().filter(move |edit: &&Edit| edit.span.file == file);
                let (fixed, in_yaml) = edit::apply(&example.yaml, edits(FileId(0)));
                let (toml, in_toml) = edit::apply(&example.toml, edits(FileId(1)));
                let applied = in_yaml + in_toml;
                let after = findings(&fixed, &toml);
                let same = |other: &&Finding| other.code == finding.code && other.message == finding.message;
                let new: Vec<_> =
                    names(&after).into_iter().filter(|name| !names(&before).contains(name)).collect();
                if applied == 0 || after.iter().any(|other| same(&other)) || !new.is_empty() {
                    wrong.push(format!(
                        "{}: `{}` leaves it, or brings {new:?}:\n{fixed}",
                        rule.name, fix.title
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_registry_is_sorted_and_unambiguous() {
    let codes: BTreeSet<&str> = ALL.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), ALL.len(), "two rules share a code");
    for group in GROUPS {
        assert!(group.rules.is_sorted_by_key(|rule| rule.name), "{}: sort RULES by name", group.title);
        for rule in group.rules {
            assert!(
                rule.code.len() == 6 && rule.code.starts_with("RP") && rule.code[2..4] == *group.digits,
                "{}: the code is RP{} and two more digits",
                rule.name,
                group.digits
            );
            assert!(
                rule.docs.trim().contains("\n\n"),
                "{}: add why it matters below what it finds",
                rule.name
            );
        }
    }
}

/// What a folder of rules holds beside them: what several of its rules share.
const SHARED: &[&str] = &[
    "absence",
    "approvals",
    "calendar",
    "calendar_words",
    "configuration_files",
    "evidence_defects",
    "gate_words",
    "loosened",
    "places",
    "roster_words",
    "strategies",
    "test_results",
    "traps",
];

#[test]
fn every_file_of_a_group_is_a_listed_rule() {
    let rooms = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
    let mut listed = 0;
    for folder in std::fs::read_dir(rooms).expect("the folder of the rules") {
        let folder = folder.expect("a file").path();
        if !folder.is_dir() {
            continue;
        }
        let group = folder.file_name().expect("a name").to_string_lossy().into_owned();
        for file in std::fs::read_dir(&folder).expect("a folder") {
            let path = file.expect("a file").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            if name == "mod" || SHARED.contains(&name.as_str()) {
                continue;
            }
            let rule = ALL.iter().find(|rule| rule.name == name.replace('_', "-"));
            assert!(
                rule.is_some(),
                "src/rules/{group}/{name}.rs: add `mod {name};` and `&{name}::RULE,` to src/rules/{group}/mod.rs"
            );
            listed += 1;
        }
    }
    assert_eq!(listed, ALL.len(), "a rule is not in a file of its name");
}
