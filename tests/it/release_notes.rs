//! Release notes: what each audience reads, what is left out, and the criterion that asks for them.

use crate::support::{code, err, folder, out, run};
use serde_json::{Value, json};

const PLAN: &str = "\
- id: REL-1
  title: Spring release
  version: \"4.0.0\"
  date: 2027-03-02
  scope: {must: [EPIC-1, EPIC-2, EPIC-3], should: FEA-3}
  excluded: {id: EPIC-4, reason: too late, target_release: REL-2}
  breaking_changes:
    - {change: The old API is gone, migration: Call the new one, audience: partners}
  known_issues:
    - {issue: It is slow, severity: Low, workaround: Wait, fixed_in: REL-2, audience: customers}
- {id: REL-2, title: Summer release, version: \"4.1.0\", date: 2027-06-01}
- {id: EPIC-1, title: Search engine, state: Complete, implements: 'FEA-1, FEA-2'}
- {id: EPIC-2, title: Second half of it, state: Testing, implements: FEA-2}
- {id: EPIC-3, title: New servers, state: Complete, release_note: {operations: The servers have new names}}
- {id: EPIC-4, title: Voice search, state: Planned}
- {id: EPIC-5, title: Of no scope, state: Complete}
- {id: FEA-1, title: Search, release_note: Find everything by a word}
- {id: FEA-2, title: Suggestions, release_note: Words are suggested}
- {id: FEA-3, title: Themes, status: done}
";

fn notes(plan: &str, arguments: &[&str]) -> Value {
    let plan = folder(&[("release/plan.yaml", plan)]);
    let output = run(plan.path(), &[&["notes", "--format", "json"], arguments].concat());
    serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)))
}

fn each<'v>(value: &'v Value, list: &str, field: &str) -> Vec<&'v str> {
    let items = value[list].as_array().expect("a list").iter();
    items.map(|item| item[field].as_str().expect("a text")).collect()
}

#[test]
fn complete_changes_are_told_and_no_others() {
    let all = notes(PLAN, &[]);
    assert_eq!(each(&all, "changes", "id"), ["EPIC-3", "FEA-1", "FEA-3"]);
    assert_eq!(all["changes"][1]["epics"], json!(["EPIC-1"]));
    // A feature is complete when every work package in scope that implements it is.
    assert_eq!(each(&all, "incomplete", "id"), ["FEA-2"]);
    assert_eq!(all["gaps"], json!(["FEA-3 has no release note"]));
    assert_eq!((&all["stage"], &all["date"]), (&json!("draft"), &json!("2027-03-02")));
}

#[test]
fn each_audience_reads_its_own() {
    let told = |audience| {
        let notes = notes(PLAN, &["--audience", audience]);
        let count = |list: &str| notes[list].as_array().expect("a list").len();
        let changes: Vec<String> = each(&notes, "changes", "note").into_iter().map(str::to_owned).collect();
        (changes.join("; "), count("breaking_changes"), count("known_issues"))
    };
    let (search, themes) = ("Find everything by a word", "Themes");
    assert_eq!(told("customers"), (format!("{search}; {themes}"), 0, 1));
    assert_eq!(told("partners"), (format!("{search}; {themes}"), 1, 0));
    assert_eq!(told("operations"), (format!("The servers have new names; {search}; {themes}"), 0, 0));
}

#[test]
fn the_document_for_readers_has_no_ids() {
    let plan = folder(&[("release/plan.yaml", PLAN)]);
    let output = run(plan.path(), &["notes", "--audience", "customers", "--format", "markdown"]);
    let text = out(&output);
    assert!(!text.contains("FEA-") && !text.contains("REL-") && !text.contains("EPIC-"), "{text}");
    assert!(text.contains("- It is slow. Severity: Low. Workaround: Wait. Fixed in 4.1.0."), "{text}");
    assert!(err(&output).contains("incomplete changes: 1, gaps: 1"), "{}", err(&output));
    let all = out(&run(plan.path(), &["notes", "--format", "markdown"]));
    assert!(all.contains("(partners only)") && all.contains("## Gaps"), "{all}");
}

#[test]
fn the_last_release_stands_in_when_all_have_shipped() {
    let shipped = "- {id: REL-1, version: '1.0.0', date: 2026-01-06, status: released}\n\
                   - {id: REL-2, version: '1.1.0', date: 2026-03-03, status: released, deployed_at: 2026-03-04}\n\
                   - {id: EPIC-1, title: One, state: Complete, release: REL-1}\n\
                   - {id: EPIC-2, title: Two, state: Complete, release: REL-2}\n";
    let last = notes(shipped, &[]);
    assert_eq!((&last["release"]["version"], &last["stage"]), (&json!("1.1.0"), &json!("released")));
    assert_eq!((&last["date"], each(&last, "changes", "id")), (&json!("2026-03-04"), vec!["EPIC-2"]));
    assert_eq!(each(&notes(shipped, &["--release", "1.0.0"]), "changes", "id"), ["EPIC-1"]);
}

#[test]
fn without_release_and_without_changes() {
    let bare = notes("- {id: EPIC-1, title: One, state: Complete}\n", &[]);
    assert_eq!((bare.get("release"), each(&bare, "changes", "id")), (None, vec!["EPIC-1"]));
    let none = folder(&[("release/plan.yaml", "- {id: TEST-1, title: T}\n")]);
    let text = out(&run(none.path(), &["notes", "--audience", "partners"]));
    assert!(text.contains("No complete change has a release note for these readers."), "{text}");
    assert_eq!(code(&run(none.path(), &["notes", "--audience", "staff"])), 2);
    assert_eq!(code(&run(none.path(), &["notes", "--release", "9.9.9"])), 2);
}

/// The verdict of a criterion that asks for release notes, and its reason.
fn verdict(plan: &str, requirement: &str) -> (String, String) {
    let criterion = format!(
        "- {{id: DEP-1, type: Criteria, title: Notes, blocker: yes, release: REL-1, evidence: {requirement}}}\n"
    );
    let plan = folder(&[("release/plan.yaml", format!("{plan}{criterion}"))]);
    let output = run(plan.path(), &["checklist", "--format", "json"]);
    let list: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let found = check(&list, "DEP-1").unwrap_or_else(|| panic!("{list:#}"));
    let text = |field: &str| found[field].as_str().unwrap_or_default().to_owned();
    (text("verdict"), text("reason"))
}

fn check<'v>(value: &'v Value, id: &str) -> Option<&'v Value> {
    match value {
        Value::Object(fields)
            if fields.get("id").is_some_and(|own| own == id) && fields.contains_key("verdict") =>
        {
            Some(value)
        }
        Value::Object(fields) => fields.values().find_map(|inner| check(inner, id)),
        Value::Array(items) => items.iter().find_map(|inner| check(inner, id)),
        _ => None,
    }
}

#[test]
fn a_criterion_asks_for_release_notes() {
    let (failed, why) = verdict(PLAN, "{release_notes: [customers, partners]}");
    assert_eq!((failed.as_str(), why.as_str()), ("fail", "FEA-3 has no release note"));
    let written = PLAN.replace("status: done", "status: done, release_note: Choose a theme");
    let (passed, why) = verdict(&written, "{release_notes: [customers, partners]}");
    assert_eq!(
        (passed.as_str(), why.as_str()),
        ("pass", "the release notes are complete for customers, partners")
    );
    let vague = written.replace(", migration: Call the new one", "");
    let (failed, why) = verdict(&vague, "{release_notes: partners}");
    assert_eq!(failed, "fail");
    assert!(why.contains("breaking change `The old API is gone` has no migration"), "{why}");
    assert_eq!(verdict(&vague, "{release_notes: customers}").0, "pass", "it concerns partners only");
}

#[test]
fn nothing_to_tell_is_no_pass() {
    let plan = "- {id: REL-1, version: '1.0.0', date: 2027-03-02, scope: {must: EPIC-1}}\n\
                - {id: EPIC-1, title: One, state: Complete, release_note: none}\n";
    let (failed, why) = verdict(plan, "{release_notes: customers}");
    assert_eq!((failed.as_str(), why.as_str()), ("fail", "no release note for customers"));
    // A word that names no audience may have asked for more.
    assert_eq!(verdict(plan, "{release_notes: staff}").0, "unknown");
}

#[test]
fn a_feature_is_announced_whole_or_not_at_all() {
    let plan = |epics: &str| {
        format!(
            "- {{id: REL-1, title: R, version: '1.0.0', date: 2027-03-02, scope: {{must: [EPIC-1, FEA-1]}}}}\n\
             - {{id: FEA-1, title: Search, status: done, release_note: Find everything}}\n\
             - {{id: EPIC-9, title: Other, state: Complete}}\n{epics}"
        )
    };
    let told = |epics: &str| {
        let all = notes(&plan(epics), &[]);
        each(&all, "changes", "id").contains(&"FEA-1")
    };
    let complete = "- {id: EPIC-1, title: E, state: Complete, implements: FEA-1}\n";
    assert!(told(complete));
    let deferred = "- {id: EPIC-2, title: F, state: Deferred, implements: FEA-1}\n";
    assert!(!told(&format!("{complete}{deferred}")), "a part of it was put off");
    assert!(!told(deferred), "all of it was put off, whatever the feature says of itself");
    let earlier = "- {id: EPIC-2, title: F, state: Complete, release: REL-0, implements: FEA-1}\n\
                   - {id: REL-0, title: Q, version: '0.9.0', date: 2026-03-02, status: released}\n";
    assert!(told(&format!("{complete}{earlier}")), "a part of it has shipped before");
    let part = "- {id: EPIC-3, title: G, state: In Progress, part_of: EPIC-1}\n";
    assert!(!told(&format!("{complete}{part}")), "a part of its work package is open");
}

#[test]
fn notes_for_all_readers_have_the_text_of_each() {
    let plan = "- {id: REL-1, title: R, version: '1.0.0', date: 2027-03-02, scope: {must: [EPIC-1, EPIC-2]},\n   \
                deprecations: [{replacement: The new one}]}\n\
                - {id: EPIC-1, title: E, state: Complete,\n   \
                release_note: {customers: Faster, partners: Faster, operations: Needs more memory}}\n\
                - {id: EPIC-2, title: F, state: Complete, release_note: {}}\n";
    let all = notes(plan, &[]);
    assert_eq!(each(&all, "changes", "note"), ["Faster", "Needs more memory", "F"]);
    assert_eq!(all["changes"][0]["audiences"], json!(["customers", "partners"]));
    let gaps = ["EPIC-2 has no release note", "REL-1: an item of `deprecations` has no `feature`"];
    assert_eq!(all["gaps"], json!(gaps));
}

#[test]
fn notes_say_that_a_release_was_rolled_back_and_leave_out_what_it_fixes() {
    let plan = "- {id: REL-1, title: R, version: '1.0.1', date: 2026-03-02, status: rolled back,\n   \
                known_issues: [{issue: It was slow, fixed_in: 1.0.1}, {issue: It is loud, fixed_in: 1.0.2}]}\n\
                - {id: REL-2, title: S, version: '1.0.2', date: 2026-04-02, status: released}\n\
                - {id: EPIC-1, title: E, state: Complete, release: REL-1}\n";
    let all = notes(plan, &["--release", "1.0.1"]);
    assert_eq!(all["stage"], "rolled_back");
    assert_eq!(each(&all, "known_issues", "issue"), ["It is loud"]);
}

#[test]
fn complete_work_of_an_earlier_release_is_not_told_again() {
    let plan = |more: &str| {
        format!(
            "- {{id: REL-1, title: Spring, version: \"1.0.0\", date: 2027-03-02, status: released}}\n\
             - {{id: REL-2, title: Summer, version: \"1.1.0\", date: 2027-06-02{more}}}\n\
             - {{id: EPIC-1, title: Of spring, state: Complete}}\n\
             - {{id: EPIC-2, title: Of summer, state: Complete, release: 1.1.0}}\n"
        )
    };
    let told = notes(&plan(""), &["--release", "1.1.0"]);
    assert_eq!(each(&told, "changes", "id"), ["EPIC-2"]);
    let gaps = told["gaps"].to_string();
    assert!(gaps.contains("REL-2 has no `scope`: EPIC-1 may have shipped with REL-1"), "{gaps}");
    let scoped = notes(&plan(", scope: {must: [EPIC-1, EPIC-2]}"), &["--release", "1.1.0"]);
    assert_eq!(each(&scoped, "changes", "id"), ["EPIC-1", "EPIC-2"]);
    // The first release has nothing before it.
    assert_eq!(each(&notes(&plan(""), &["--release", "1.0.0"]), "changes", "id"), ["EPIC-1"]);
}
