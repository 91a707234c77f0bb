//! Every plan of the corpus, every rule over all of them.
//!
//! `tests/plans/good/` holds plans that each show one thing and in which nothing
//! is found. `tests/plans/bad/` holds plans with findings: one snapshot for each
//! plan, and one for each rule over all plans, so that a false positive anywhere
//! shows up in the file of its rule.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use relplan::finding::Finding;
use relplan::project::{CheckOptions, EvidenceRequest, Project, Request};
use relplan::rules::{ALL, Levels};
use relplan::source::{SourceMap, Span};

use crate::support;

/// What was found in a plan, with the texts that the places lie in.
pub struct Checked {
    pub sources: SourceMap,
    pub findings: Vec<Finding>,
}

/// Checks a folder on 2026-11-20 with every rule on, as `relplan check` does.
pub fn check(folder: &Path) -> Checked {
    let request = Request {
        working_folder: folder.to_owned(),
        paths: vec![folder.to_owned()],
        evidence: Some(EvidenceRequest::default()),
        ..Request::default()
    };
    let project = Project::load(&request).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    let findings = if project.config.is_broken() {
        project.config_findings(today)
    } else {
        let levels = Levels::new(&project.config, &[]).expect("known rules");
        let plan = project.plan();
        let graph = project.graph(&plan);
        project
            .check(&plan, &graph, (&project.evidence()).into(), CheckOptions::default(), &levels, today)
            .0
            .findings
    };
    Checked { sources: project.sources, findings }
}

/// The folders of one part of the corpus, sorted.
fn plans(part: &str) -> Vec<PathBuf> {
    let folder = support::project().join("tests/plans").join(part);
    let mut plans: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|item| item.expect("an item").path())
        .collect();
    plans.sort();
    plans
}

fn name(plan: &Path) -> String {
    plan.file_name().expect("a name").to_string_lossy().into_owned()
}

/// One finding: where, which rule, the text under the place, the message, the other places.
fn shown(finding: &Finding, sources: &SourceMap) -> String {
    let place = |span| {
        let (start, end) = (sources.start(span), sources.end(span));
        let file = sources.file(span.file).name();
        format!("{file}:{}:{}-{}:{}", start.line, start.column, end.line, end.column)
    };
    let mut text = match finding.primary() {
        Some(span) => format!("{} {:?}", place(span), sources.slice(span)),
        None => "(the plan)".to_owned(),
    };
    let _ = write!(text, "\n  {} {}: {}", finding.level, finding.name, finding.message);
    for label in finding.labels.iter().skip(1) {
        let _ = write!(text, "\n  {} {:?}: {}", place(label.span), sources.slice(label.span), label.text);
    }
    for line in finding.help.iter().chain(&finding.notes) {
        let _ = write!(text, "\n  = {line}");
    }
    if let Some(fix) = &finding.fix {
        let _ = write!(text, "\n  + {} ({:?})", fix.title, fix.applicability);
    }
    text
}

fn settings(folder: &str) -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(support::project().join("tests/snapshots").join(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn nothing_is_found_in_good_plans() {
    let mut wrong = Vec::new();
    let plans: Vec<PathBuf> =
        plans("good").into_iter().chain([support::project().join("examples/cloudconnect")]).collect();
    assert!(plans.len() > 12, "the corpus of good plans is complete");
    for plan in plans {
        let checked = check(&plan);
        let found = checked
            .findings
            .iter()
            .map(|finding| format!("{}: {}", name(&plan), shown(finding, &checked.sources)));
        wrong.extend(found);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_snapshot_for_each_bad_plan() {
    settings("plans").bind(|| {
        for plan in plans("bad") {
            let checked = check(&plan);
            assert!(!checked.findings.is_empty(), "{}: none is found", name(&plan));
            let lines: Vec<String> =
                checked.findings.iter().map(|finding| shown(finding, &checked.sources)).collect();
            insta::assert_snapshot!(name(&plan), lines.join("\n\n"));
        }
    });
}

#[test]
fn one_snapshot_for_each_rule_over_all_plans() {
    let mut by_rule: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for plan in plans("bad").into_iter().chain(plans("good")) {
        let checked = check(&plan);
        for finding in &checked.findings {
            let line = match finding.primary() {
                Some(span) => {
                    let start = checked.sources.start(span);
                    format!("{}:{}:{}", checked.sources.file(span.file).name(), start.line, start.column)
                }
                None => "(the plan)".to_owned(),
            };
            let lines = by_rule.entry(finding.name).or_default();
            lines.push(format!("{}/{line} {}", name(&plan), finding.message));
        }
    }
    settings("rules").bind(|| {
        for (rule, lines) in by_rule {
            insta::assert_snapshot!(rule, lines.join("\n"));
        }
    });
}

/// Rules whose place is where reading broke or where a record without an id begins, and not a
/// text that could be named.
const PLACES_WITHOUT_A_NAME: &[&str] = &[
    "alias-budget",
    "approval-incomplete",
    "conflict-markers",
    "empty-file",
    "file-too-large",
    "invalid-utf8",
    "link-loop",
    "long-line",
    "nesting-too-deep",
    "nul-byte",
    "numbered-list",
    "tab-indentation",
    "too-many-errors",
    "waiver-incomplete",
    "yaml-syntax",
    "config-syntax",
];

#[test]
fn the_text_under_each_place_is_what_the_message_names() {
    let mut wrong = Vec::new();
    for plan in plans("bad") {
        let checked = check(&plan);
        for finding in &checked.findings {
            let Some(span) = finding.primary() else { continue };
            let file = checked.sources.file(span.file).text();
            assert!(file.get(span.range()).is_some(), "{}: a place outside the text", finding.name);
            let text = checked.sources.slice(span);
            let exempt = PLACES_WITHOUT_A_NAME.contains(&finding.name);
            if !exempt && !names(&finding.message, span, &checked.sources) {
                wrong.push(format!("{}: {:?} is not named by: {}", name(&plan), text, finding.message));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a message names a text: it quotes it, or its first words, or the key whose value it is.
fn names(message: &str, span: Span, sources: &SourceMap) -> bool {
    let text = sources.slice(span);
    if text.is_empty() || text != text.trim() {
        return false;
    }
    let plain = text.trim_matches(['"', '\'']);
    let first_line = plain.lines().next().unwrap_or("").trim();
    let begins: String = first_line.chars().take(24).collect();
    let quoted = message.split('`').skip(1).step_by(2);
    message.contains(plain)
        || message.to_lowercase().contains(&plain.to_lowercase())
        || (begins.chars().count() >= 12 && message.contains(&begins))
        || quoted.into_iter().any(|quoted| quoted.len() > 2 && plain.contains(quoted))
        || key_of(span, sources).is_some_and(|key| folded(message).contains(&folded(&key)))
}

/// The key that a place is the whole value of.
fn key_of(span: Span, sources: &SourceMap) -> Option<String> {
    let file = sources.file(span.file);
    let line = file.line_start(file.line_index(span.start as usize));
    let before = file.text()[line..span.start as usize].trim_end().strip_suffix([':', '='])?;
    let key = before.trim_end().rsplit(['{', ',', ' ', '-']).next()?;
    let words = before.trim_start_matches([' ', '-']);
    let key = if words.contains(['{', ',']) { key } else { words };
    (!key.is_empty()).then(|| key.to_owned())
}

/// Letters and digits alone, in lower case.
fn folded(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[test]
fn the_corpus_shows_most_rules_at_work() {
    let mut seen: Vec<&str> =
        plans("bad").iter().flat_map(|plan| check(plan).findings).map(|finding| finding.name).collect();
    seen.sort_unstable();
    seen.dedup();
    let share = seen.len() * 100 / ALL.len();
    let unseen: Vec<&str> = ALL.iter().map(|rule| rule.name).filter(|name| !seen.contains(name)).collect();
    assert!(share >= 60, "only {share} % of the rules are seen in tests/plans/bad; not {unseen:?}");
}
