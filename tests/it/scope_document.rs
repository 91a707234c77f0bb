//! The scope document and the plan of a release, in the keys in which teams write them down.

use crate::support::{err, folder, out, run};
use serde_json::{Value, json};

/// A scope document with the headings of the usual template as keys.
const SCOPE: &str = "\
id: REL-001
title: Chat 4.0
Version: \"4.0.0\"
Release Date: 2027-03-02
Release Type: Major
Theme: Plugins that cannot break each other
Owner: Release Manager
Included Features:
  High Priority (Must Have): EPIC-01
  Medium Priority (Should Have): [EPIC-02]
  Low Priority (Could Have): EPIC-03
Excluded from This Release:
  - {id: EPIC-04, reason: Needs the plugin store, target release: \"4.1.0\"}
Technical Considerations:
  Architecture Changes:
    - Plugins run in processes of their own
  Breaking Changes:
    - change: Plugins no longer share memory
      migration: Send messages over the bus
  Dependencies:
    - {name: New version of the terminal library, owner: Lead, status: at risk, due: 2027-01-12}
  Migration Requirements: [Settings move into one file]
Success Criteria:
  - Start in less than one second
Release Vision: A chat that anyone can extend
Executive Summary: Plugins are isolated, so that one of them can fail alone.
Test Strategy:
  Coverage Target: \"90%\"
  Environments: [local, staging]
  Tools: pytest
  Schedule: Each night
  Risk-based order: [Bus, Plugins]
Training: Plugin authors, two weeks before the beta
Measurement Review: After thirty days
";

const EPICS: &str = "\
- {id: EPIC-01, title: Isolation, Business Value: High, Technical Risk: Low, Development Effort: Medium, \
Release Priority: Phase 1 (Core), owner: Lead, state: Planned, tests: TEST-001}
- {id: EPIC-02, title: Bus, value: Half the time to write a plugin, owner: Lead, state: Planned, tests: TEST-001}
- {id: EPIC-03, title: Themes, owner: Lead, state: Planned, tests: TEST-001}
- {id: EPIC-04, title: Store, owner: Lead, state: Deferred, tests: TEST-001}
- {id: TEST-001, title: It works}
";

fn plan() -> tempfile::TempDir {
    folder(&[("release/release.yaml", SCOPE), ("release/epics.yaml", EPICS)])
}

fn json(arguments: &[&str]) -> Value {
    let output = run(plan().path(), &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)))
}

#[test]
fn the_keys_of_a_scope_document_are_understood() {
    let report = json(&["check", "--fail-on", "never"]);
    let findings = report["findings"].as_array().expect("findings").iter();
    let shape: Vec<&Value> = findings
        .filter(|finding| finding["code"].as_str().is_some_and(|code| code.starts_with("RP01")))
        .collect();
    assert!(shape.is_empty(), "{shape:#?}");
}

#[test]
fn scope_and_plan_show_them() {
    let scope = json(&["scope", "--release", "4.0.0"]);
    let needs: Vec<(&str, &str)> = scope["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| (item["id"].as_str().unwrap_or(""), item["need"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(needs, [("EPIC-01", "must"), ("EPIC-02", "should"), ("EPIC-03", "could")]);
    assert_eq!(
        (&scope["items"][0]["value"], &scope["items"][0]["phase"]),
        (&json!(3.0), &json!("Phase 1 (Core)"))
    );
    assert_eq!(scope["out_of_scope"][0]["target_release"], "4.1.0");
    let technical = &scope["technical"];
    assert_eq!(technical["architecture_changes"], json!(["Plugins run in processes of their own"]));
    assert_eq!(technical["breaking_changes"], json!(["Plugins no longer share memory"]));
    assert_eq!(technical["external_dependencies"][0]["status"], "at risk");
    assert_eq!(technical["migrations"], json!(["Settings move into one file"]));
    let document = json(&["plan"]);
    assert_eq!(document["overview"]["vision"], "A chat that anyone can extend");
    assert_eq!(document["test_strategy"]["priorities"], json!(["Bus", "Plugins"]));
    assert_eq!(document["measurement_review"], json!(["After thirty days"]));
    let text = out(&run(plan().path(), &["plan", "--format", "markdown"]));
    for heading in [
        "### Vision",
        "### Executive summary",
        "### Test strategy",
        "### Training and support",
        "Start in less",
    ] {
        assert!(text.contains(heading), "{heading}: {text}");
    }
    let notes = json(&["notes", "--audience", "partners"]);
    assert_eq!(notes["breaking_changes"][0]["migration"], "Send messages over the bus");
}

#[test]
fn two_keys_for_one_field_are_no_second_value() {
    let twice = SCOPE.replace("Release Date: 2027-03-02", "Release Date: 2027-03-02\ndate: 2027-03-09");
    let made = folder(&[("release/release.yaml", twice.as_str()), ("release/epics.yaml", EPICS)]);
    let text = out(&run(made.path(), &["check", "--fail-on", "never"]));
    assert!(text.contains("Release Date"), "{text}");
}
