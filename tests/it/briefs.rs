//! `relplan brief`: what an assistant is told, and what becomes of its answer: advice, and never a verdict.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{code, err, folder, out, project, run, snapshot};

const TOPICS: [&str; 7] =
    ["prioritise", "timeline", "progress", "readiness", "test-plan", "gate", "retrospective"];

const PLAN: &str = "\
- id: REL-001
  title: Spring
  version: \"3.0.0\"
  date: 2027-06-10
  owner: Ada
  scope: {must: [EPIC-001, EPIC-002]}
- {id: REL-000, title: Winter, version: \"2.9.0\", date: 2027-01-10, status: released, deployed_at: 2027-01-10}
- {id: EPIC-001, title: Search, state: In Progress, owner: Lin, estimate: 5d, tests: TEST-001}
- {id: EPIC-002, title: Themes, state: Planned, owner: Lin, estimate: 3d, tests: TEST-001}
- {id: TEST-001, title: Searches, type: Integration, priority: High, status: failing}
- {id: RISK-001, title: Search is slow, owner: Ada, probability: 40%, impact: High, mitigation: Cache}
- {id: DEP-001, type: Criteria, title: Tests pass, owner: Lin, blocker: yes, requirement: All tests pass, linked_ids: TEST-001}
- {id: DEP-002, type: Environment, title: Production, owner: Lin, configuration: {API_TOKEN: ghp_16C7e42F292c6912E7710c838347Ae178B4a}}
";

const DAY: &str = "2027-05-01";

fn plan() -> tempfile::TempDir {
    folder(&[("release/plan.yaml", PLAN)])
}

fn brief(at: &Path, topic: &str) -> Value {
    let output = run(at, &["brief", topic, "--format", "json", "--today", DAY]);
    serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{topic}: {}", err(&output)))
}

/// An answer to a brief that fulfils its schema.
fn answer(brief: &Value) -> Value {
    json!({
        "version": 1,
        "topic": brief["topic"],
        "release": brief["release"],
        "facts_digest": brief["facts_digest"],
        "summary": "Search first.",
        "recommendations": [
            { "text": "Fix TEST-001.", "reason": "It fails.", "about": ["TEST-001", "EPIC-1"], "confidence": "high" },
        ],
        "edits": [{ "id": "EPIC-001", "field": "priority", "value": "must", "reason": "Everything waits for it." }],
        "missing_facts": ["The capacity of the team."],
    })
}

fn apply(at: &Path, answer: &Value) -> std::process::Output {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), answer.to_string()).expect("a file");
    let path = file.path().display().to_string();
    run(at, &["brief", "--apply", &path, "--format", "json", "--today", DAY])
}

/// Whether every object of a schema says which keys it has, demands them all and allows no other.
fn is_strict(schema: &Value) -> bool {
    let Some(object) = schema.as_object() else { return true };
    let inner = object.get("properties").and_then(Value::as_object);
    let strict = inner.is_none_or(|properties| {
        let mut required: Vec<&str> =
            object["required"].as_array().expect("required").iter().filter_map(Value::as_str).collect();
        let mut known: Vec<&str> = properties.keys().map(String::as_str).collect();
        required.sort_unstable();
        known.sort_unstable();
        required == known && object["additionalProperties"] == false && properties.values().all(is_strict)
    });
    strict && object.get("items").is_none_or(is_strict)
}

#[test]
fn every_topic_has_a_brief_that_stands_alone() {
    let folder = plan();
    for topic in TOPICS {
        let brief = brief(folder.path(), topic);
        assert!(is_strict(&brief["answer_schema"]), "{topic}");
        assert!(!brief["questions"].as_array().expect("questions").is_empty(), "{topic}");
        assert!(brief["facts"].as_object().is_some_and(|facts| !facts.is_empty()), "{topic}");
        let schema = brief["answer_schema"].clone();
        assert_eq!(schema["properties"]["facts_digest"]["const"], brief["facts_digest"], "{topic}");
        let text = out(&run(folder.path(), &["brief", topic, "--today", DAY]));
        for part in ["## Task", "## Questions", "## Facts", "## Answer", "additionalProperties"] {
            assert!(text.contains(part), "{topic}: {part}");
        }
        assert!(!format!("{text}{brief}").contains("ghp_16C7"), "{topic} tells a secret");
    }
}

#[test]
fn an_answer_becomes_advice() {
    let folder = plan();
    for topic in TOPICS {
        let brief = brief(folder.path(), topic);
        let output = apply(folder.path(), &answer(&brief));
        assert_eq!(code(&output), 0, "{topic}: {}", err(&output));
        let advice: Value = serde_json::from_str(&out(&output)).expect("JSON");
        assert_eq!(advice["facts_changed"], false, "{topic}");
        assert_eq!(advice["suggested_edits"][0]["line"], "priority: must");
        assert_eq!(advice["suggested_edits"][0]["place"], "release/plan.yaml:8");
    }
}

#[test]
fn advice_on_older_facts_says_so() {
    let folder = plan();
    let brief = brief(folder.path(), "prioritise");
    let file = folder.path().join("release/plan.yaml");
    std::fs::write(&file, PLAN.replace("title: Themes", "title: Colours")).expect("a file");
    let advice: Value = serde_json::from_str(&out(&apply(folder.path(), &answer(&brief)))).expect("JSON");
    assert_eq!(advice["facts_changed"], true);
}

/// Everything that judges, as JSON.
fn verdicts(at: &Path) -> Vec<String> {
    let commands: [&[&str]; 4] = [
        &["report", "--format", "json"],
        &["checklist", "--format", "json"],
        &["gate", "production", "--format", "json"],
        &["check", "--format", "json"],
    ];
    commands.iter().map(|command| out(&run(at, &[command, &["--today", DAY][..]].concat()))).collect()
}

#[test]
fn no_answer_changes_a_verdict() {
    let folder = plan();
    let brief = brief(folder.path(), "readiness");
    let (before, files) = (verdicts(folder.path()), snapshot(folder.path()));
    let honest = answer(&brief);
    let with = |key: &str, value: Value| {
        let mut answer = honest.clone();
        answer[key] = value;
        answer
    };
    let edit = |id: &str, field: &str, value: &str| {
        with("edits", json!([{ "id": id, "field": field, "value": value, "reason": "So that it passes." }]))
    };
    let accepted = [honest.clone(), with("summary", json!("DEP-001 is met. GO.")), with("edits", json!([]))];
    for answer in accepted {
        assert_eq!(code(&apply(folder.path(), &answer)), 0, "{answer}");
    }
    let refused = [
        edit("TEST-001", "status", "passing"),
        edit("EPIC-001", "state", "Complete"),
        edit("DEP-001", "status", "met"),
        edit("DEP-001", "blocker", "no"),
        edit("DEP-001", "waiver", "{by: Ada, reason: no time}"),
        edit("RISK-001", "status", "resolved"),
        edit("RISK-001", "accepted_by", "Ada"),
        edit("REL-001", "approvals", "[{role: QA Lead, by: Ada}]"),
        edit("REL-001", "date", "2028-01-01"),
        edit("EPIC-001", "tests", "none"),
        edit("EPIC-001", "release", "4.0.0"),
        edit("EPIC-001", "priority", "most"),
        edit("EPIC-001", "due", "soon"),
        edit("EPIC-001", "priority", "must\nstate: Complete"),
        edit("EPIC-009", "priority", "must"),
        with("decision", json!("GO")),
        with("topic", json!("everything")),
        with("version", json!(2)),
        with("summary", json!("")),
        with("summary", json!("x".repeat(3000))),
        with("edits", json!("none")),
        json!([]),
    ];
    for answer in refused {
        let output = apply(folder.path(), &answer);
        assert_eq!((code(&output), out(&output)), (2, String::new()), "{answer}");
    }
    assert_eq!(verdicts(folder.path()), before);
    assert_eq!(snapshot(folder.path()), files, "an answer wrote into the plan");
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let folder = plan();
    let mut answer = answer(&brief(folder.path(), "gate"));
    answer["recommendations"][0]["about"] = json!(["EPIC-009", "nothing"]);
    answer["edits"][0]["field"] = json!("state");
    let told = err(&apply(folder.path(), &answer));
    for part in ["/recommendations/0/about/0", "/recommendations/0/about/1", "/edits/0/field", "`EPIC-009`"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn the_example_has_every_brief() {
    let example = project().join("examples/cloudconnect");
    for topic in TOPICS {
        let output = run(&example, &["brief", topic, "--today", "2026-11-21"]);
        assert_eq!(code(&output), 0, "{topic}: {}", err(&output));
    }
}

#[test]
fn an_answer_is_checked_against_the_plan_that_is_named() {
    let folder = plan();
    let answer = answer(&brief(folder.path(), "gate"));
    std::fs::write(folder.path().join("answer.json"), answer.to_string()).expect("a file");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (file, plan) = (folder.path().join("answer.json"), folder.path().join("release"));
    let (file, plan) = (file.display().to_string(), plan.display().to_string());
    let output =
        run(elsewhere.path(), &["brief", "--apply", &file, &plan, "--format", "json", "--today", DAY]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("Fix TEST-001."), "{}", out(&output));
}

#[test]
fn a_brief_needs_a_topic_or_an_answer() {
    let folder = plan();
    let told = |arguments: &[&str]| {
        let output = run(folder.path(), arguments);
        assert_eq!(code(&output), 2, "{}", out(&output));
        err(&output)
    };
    assert!(told(&["brief"]).contains("pass a TOPIC, or `--apply ANSWER.json`"));
    let unknown = told(&["brief", "gates"]);
    assert!(unknown.contains("unknown topic `gates`") && unknown.contains("`readiness`"), "{unknown}");
}
