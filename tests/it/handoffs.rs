//! `relplan handoff`, and gates that ask for handoffs.

use std::path::Path;

use serde_json::Value;

use crate::support::{code, err, folder, out, run};

const PLAN: &str = "\
- id: REL-001
  title: Spring
  version: \"3.0.0\"
  date: 2027-06-10
  owner: Ada
  training: Support, two weeks before
  known_issues: [{issue: Exports above 20 MB fail}]
- {id: RUN-001, title: Go back, steps: [Switch]}
- {id: MON-001, title: Errors, query: up}
- {id: DEP-001, title: Too many errors, type: Rollback, owner: Lin, trigger: Errors, procedure: [Switch]}
- {id: DEP-002, title: Switch, type: Step, owner: Lin, action: Switch}
- {id: HND-001, title: For support, owner: Ada, receiver: Support, role: Support Lead, release: \"3.0.0\"}
- {id: HND-002, title: For operations, owner: Ada, receiver: Operations, role: Ops Lead, runbooks: none}
";

const CRITERION: &str = "- {id: DEP-003, type: Criteria, title: Support is ready, owner: Lin, blocker: yes, release: \
                         REL-001, evidence: {handoffs: Support}}\n";

fn view(at: &Path) -> Value {
    let output = run(at, &["handoff", "--release", "3.0.0", "--format", "json", "--today", "2027-06-01"]);
    serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)))
}

/// Each need of a handoff that is not provided, and what the others hold.
fn needs(handoff: &Value) -> Vec<(String, Vec<String>)> {
    let needs = handoff["needs"].as_array().expect("needs").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    needs
        .map(|need| {
            let items = need["items"].as_array().expect("items").iter().map(text).collect();
            let provided = need["is_provided"] == true;
            (format!("{}{}", text(&need["field"]), if provided { "" } else { "!" }), items)
        })
        .collect()
}

fn of(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

#[test]
fn a_handoff_says_what_is_there_and_what_is_missing() {
    let folder = folder(&[("release/plan.yaml", PLAN)]);
    let shown = view(folder.path());
    let expect = [
        ("release_information!", of(&[])),
        ("known_issues", of(&["Exports above 20 MB fail"])),
        ("escalation!", of(&[])),
        ("training", of(&["Support, two weeks before"])),
    ];
    assert_eq!(needs(&shown["handoffs"][0]), expect.map(|(name, items)| (name.to_owned(), items)));
    let expect = [
        ("deployment", of(&["DEP-002"])),
        ("configuration_changes!", of(&[])),
        ("rollback", of(&["DEP-001"])),
        // What the entry states takes the place of what the plan holds.
        ("runbooks", of(&[])),
        ("alerts", of(&["MON-001"])),
        ("dashboards!", of(&[])),
        ("escalation!", of(&[])),
        ("known_issues", of(&["Exports above 20 MB fail"])),
    ];
    assert_eq!(needs(&shown["handoffs"][1]), expect.map(|(name, items)| (name.to_owned(), items)));
}

fn verdict(at: &Path) -> (String, String) {
    let arguments = ["checklist", "--release", "3.0.0", "--format", "json", "--today", "2027-06-01"];
    let output = run(at, &arguments);
    let json: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let checks = json["checks"].as_array().expect("checks").clone();
    let own = checks.into_iter().find(|check| check["id"] == "DEP-003").expect("the criterion");
    (own["verdict"].as_str().unwrap_or_default().to_owned(), own["reason"].to_string())
}

#[test]
fn a_gate_asks_for_what_is_missing_and_for_the_acceptance() {
    let with = |support: &str| {
        let plan = PLAN.replace("receiver: Support,", &format!("receiver: Support, {support}"));
        folder(&[
            ("release/plan.yaml", plan + CRITERION),
            (
                "relplan.toml",
                "[roles]\n\"Support Lead\".holders = [{ person = \"tess@example.com\" }]\n".to_owned(),
            ),
        ])
    };
    let approve = |at: &Path, by: &str| {
        let arguments =
            ["approve", "--role", "Support Lead", "--by", by, "--of", "HND-001", "--today", "2027-06-01"];
        code(&run(at, &arguments))
    };
    let (verdict_of_gaps, reason) = verdict(with("").path());
    assert!(verdict_of_gaps == "fail" && reason.contains("escalation"), "{verdict_of_gaps} {reason}");
    let complete = with("escalation: Call 112, release_information: none,");
    let (open, reason) = verdict(complete.path());
    assert!(open == "unknown" && reason.contains("Support Lead"), "{open} {reason}");
    let check =
        |at: &Path| code(&run(at, &["handoff", "--receiver", "support", "--check", "--today", "2027-06-01"]));
    assert_eq!(check(complete.path()), 1);
    // Whoever does not hold the role cannot accept it.
    assert_ne!(approve(complete.path(), "ann@example.com"), 0);
    assert_eq!(approve(complete.path(), "tess@example.com"), 0);
    assert_eq!(verdict(complete.path()).0, "pass");
    assert_eq!(check(complete.path()), 0);
    // What was accepted is the handoff as it was then.
    let file = complete.path().join("release/plan.yaml");
    let plan = std::fs::read_to_string(&file).expect("a plan").replace("Call 112", "Call 110");
    std::fs::write(&file, plan).expect("a file");
    assert_ne!(verdict(complete.path()).0, "pass");
}

#[test]
fn no_handoff_is_no_acceptance() {
    let without: String =
        PLAN.lines().filter(|line| !line.contains("HND")).map(|line| format!("{line}\n")).collect();
    let folder = folder(&[("release/plan.yaml", without + CRITERION)]);
    let (verdict, reason) = verdict(folder.path());
    assert!(verdict == "unknown" && reason.contains("no handoff to `Support`"), "{verdict} {reason}");
    assert_eq!(code(&run(folder.path(), &["handoff", "--check", "--today", "2027-06-01"])), 1);
}

#[test]
fn the_role_of_a_handoff_is_asked_for() {
    let folder = folder(&[("release/plan.yaml", PLAN)]);
    let approve = |role: &str| {
        let output = run(folder.path(), &["approve", "--role", role, "--by", "Tess", "--of", "HND-001"]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        err(&output)
    };
    assert!(!approve("Support Lead").contains("not required"));
    assert!(approve("Ops Lead").contains("not required: no gate, profile, release, handoff or `sign_off`"));
}

#[test]
fn what_no_other_entry_can_supply_is_added_to_the_handoff() {
    let folder = folder(&[("release/plan.yaml", PLAN)]);
    let output = run(folder.path(), &["handoff", "--format", "markdown", "--today", "2027-06-01"]);
    let text = out(&output);
    assert!(text.contains("add `dashboards` to HND-002"), "{text}");
    assert!(text.contains("add it to the plan, or `escalation: …` to HND-002"), "{text}");
}
