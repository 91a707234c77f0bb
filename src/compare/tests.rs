//! What asks for less is told from its opposite, kind by kind.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::{Change, Comparison, Loosening, Side, compare};
use crate::config::Config;
use crate::finding::Level;
use crate::graph::Graph;
use crate::model::{Plan, document};
use crate::source::{FileId, SourceFile, SourceMap};

type Levels = BTreeMap<&'static str, Option<Level>>;

/// The comparison of two plans of one file, each with its configuration.
fn comparison(before: (&str, &str), after: (&str, &str)) -> Comparison {
    let file = |name: &str, text: &str| SourceFile::new(name, text);
    let sources = SourceMap::new(vec![
        file("plan.yaml", after.0),
        file("relplan.toml", after.1),
        file("main:plan.yaml", before.0),
        file("main:relplan.toml", before.1),
    ]);
    let configs = [FileId(3), FileId(1)].map(|id| Config::read(id, sources.file(id)));
    for config in &configs {
        assert_eq!(config.defects, []);
        assert_eq!(config.toml_defects, []);
    }
    let read =
        |id: FileId, config: &Config| Plan::new(vec![document::read(id, sources.file(id), &config.families)]);
    let plans = [read(FileId(2), &configs[0]), read(FileId(0), &configs[1])];
    let graphs = [0, 1].map(|at| Graph::new(&plans[at], &configs[at].families, &FxHashSet::default()));
    let levels = Levels::new();
    let side = |at: usize, files: &'static [FileId], settings| Side {
        sources: &sources,
        files,
        plan: &plans[at],
        graph: &graphs[at],
        settings: Some(settings),
        config: &configs[at],
        levels: &levels,
    };
    compare(side(0, &[FileId(2)], FileId(3)), side(1, &[FileId(0)], FileId(1)), None)
}

fn in_words(loosening: &Loosening) -> String {
    let change = match &loosening.change {
        Change::Value { before, after } => format!("{before} → {after}"),
        Change::Unclear { before, after } => format!("{before} ≠ {after}"),
        Change::Gone(title) | Change::Removed(title) if title.is_empty() => "gone".to_owned(),
        Change::Gone(value) | Change::Removed(value) => format!("{value} → "),
        Change::Added(value) => format!(" → {value}"),
        Change::Replaced => "replaced".to_owned(),
        Change::ItemRemoved(item) => format!("- {item}"),
        Change::ItemAdded(item) => format!("+ {item}"),
        Change::Unlinked { targets, kind, .. } => format!("{kind} - {}", targets[0]),
        Change::NotReached { targets, .. } => format!("- {}", targets[0]),
        Change::NotSelected { by, .. } => format!("- {by}"),
    };
    format!("{}: {change}", loosening.subject)
}

/// What a change of an entry loosens.
fn loosened(before: &str, after: &str) -> Vec<String> {
    let found = comparison((before, ""), (after, "")).loosened;
    found.iter().map(in_words).collect()
}

/// What a change of the configuration loosens.
fn of_settings(before: &str, after: &str) -> Vec<String> {
    let plan = "{id: EPIC-1, title: Sign in}";
    let found = comparison((plan, before), (plan, after)).loosened;
    found.iter().map(in_words).collect()
}

fn check(before: &str, after: &str, expect: &str) {
    assert_eq!(loosened(before, after), [expect], "{before} → {after}");
    // The way back asks for more.
    assert_eq!(loosened(after, before), [""; 0], "{after} → {before}");
}

fn check_settings(before: &str, after: &str, expect: &str) {
    assert_eq!(of_settings(before, after), [expect], "{before} → {after}");
    assert_eq!(of_settings(after, before), [""; 0], "{after} → {before}");
}

#[test]
fn a_criterion_asks_for_less() {
    let criterion = |fields: &str| format!("{{id: DEP-1, type: Criteria, {fields}}}");
    let check =
        |before: &str, after: &str, expect: &str| check(&criterion(before), &criterion(after), expect);
    check("blocker: yes", "blocker: no", "DEP-1.blocker: yes → no");
    check("priority: must", "priority: should, blocker: yes", "DEP-1.priority: must → should");
    check("evidence: {tests: 95%}", "evidence: {tests: 90%}", "DEP-1.evidence.tests: 95% → 90%");
    check("evidence: {tests: profile}", "evidence: {tests: 99%}", "DEP-1.evidence.tests: 100% → 99%");
    check(
        "evidence: {coverage: 90%}",
        "evidence: {coverage: {lines: 80%}}",
        "DEP-1.evidence.coverage: 90% → 80%",
    );
    check("evidence: {tests: 90%, max_age: 1d}", "evidence: {tests: 90%}", "DEP-1.evidence.max_age: 1d → 1w");
    check(
        "evidence: {findings_below: Medium}",
        "evidence: {findings_below: High}",
        "DEP-1.evidence.findings_below: Medium → High",
    );
    check("evidence: {tests: 90%}", "x-none: 1", "DEP-1.evidence: gone");
    check(
        "evidence: {metric: {name: p95, threshold: < 200ms}}",
        "evidence: {metric: {name: p95, threshold: < 300ms}}",
        "DEP-1.evidence.metric[p95].threshold: < 200ms → < 300ms",
    );
    check(
        "requirement: All tests pass",
        "requirement: 95% of all tests pass",
        "DEP-1.requirement: All tests pass ≠ 95% of all tests pass",
    );
}

#[test]
fn defaults_count_as_what_they_stand_for() {
    assert_eq!(
        loosened("{id: DEP-1, type: Criteria}", "{id: DEP-1, type: Criteria, blocker: yes, priority: must}"),
        [""; 0]
    );
    check(
        "{id: DEP-1, type: Criteria, category: Security}",
        "{id: DEP-1, type: Criteria, category: Security, blocker: no}",
        "DEP-1.blocker: yes → no",
    );
    assert_eq!(
        loosened("{id: DEP-1, requirement: x}", "{id: DEP-1, type: Criterion, requirement: x}"),
        [""; 0]
    );
}

#[test]
fn a_configuration_asks_for_less() {
    check_settings(
        "[evidence]\nmax_age = \"1d\"",
        "[evidence]\nmax_age = \"2d\"",
        "evidence.max_age: 1d → 2d",
    );
    check_settings("", "[evidence]\nretries = \"last\"", "evidence.retries: strict → last");
    check_settings(
        "[profiles.moderate]\nline_coverage = \"95%\"",
        "",
        "profiles.moderate.line_coverage: 95% → 90%",
    );
    check_settings(
        "[gates.alpha]\napprovals = [\"QA Lead\", \"Technical Lead\", \"CTO\"]",
        "",
        "gates.alpha.approvals: - CTO",
    );
    check_settings(
        "",
        "[gates.alpha]\nwithout = [\"The system is tested\"]",
        "gates.alpha.The system is tested: TEST with type E2E or Contract or Regression → ",
    );
    check_settings("", "[families.API]\nexternal = true", "families.API.external: no → yes");
}
