//! Gates of environments in words, open defects, definitions of done and boards: what they ask for is judged, and what
//! nobody understood is never met.

use std::path::Path;

use serde_json::Value;

use crate::support::{err, folder, out, run};

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[arguments, &["--format", "json", "--today", "2026-11-20"]].concat());
    serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)))
}

/// The verdict of an environment's gate, and why.
fn promotion(gate: &str, status: &str, test: &str) -> (String, String) {
    let plan = format!(
        "- {{id: DEP-001, title: Staging, type: Environment, name: staging, order: 1, gate: \"{gate}\"}}\n\
         - {{id: DEP-101, title: Reviewed, type: Criteria, requirement: Reviewed, blocker: yes, status: {status}}}\n\
         - {{id: TEST-001, title: Sign-in, type: Smoke, status: {test}}}\n\
         - {{id: REL-001, title: Spring, version: \"3.0.0\", date: 2027-03-02, approvals: [{{role: Product Manager, by: Ann, on: 2026-11-19}}]}}\n"
    );
    let settings = "[roles]\n\"Product Manager\".holders = [{ person = \"Ann\" }]\n\"QA Lead\".holders = [{ person = \"Bob\" }]\n";
    let folder = folder(&[("release/plan.yaml", plan.as_str()), ("relplan.toml", settings)]);
    let view = json(folder.path(), &["checklist", "--release", "3.0.0"]);
    let step = &view["progression"][0];
    let text = |key: &str| step[key].as_str().unwrap_or_default().to_owned();
    (text("verdict"), text("reason"))
}

#[test]
fn the_phrases_of_gates_are_evidence_requirements() {
    let verdict = |gate: &str, status: &str, test: &str| promotion(gate, status, test).0;
    // A test passes by a report, and not by a statement.
    let (stated, reason) = promotion("All TEST- pass", "met", "passing");
    assert_eq!(stated, "unknown", "{reason}");
    assert!(reason.contains("0 of 1 tests passed"), "{reason}");
    assert_ne!(verdict("All TEST- pass", "met", "failing"), "pass");
    assert_eq!(verdict("All DEP- criteria met", "met", "passing"), "pass");
    assert_eq!(verdict("All DEP- criteria met", "failed", "passing"), "fail");
    assert_eq!(verdict("DEP-101 met", "met", "passing"), "pass");
    assert_eq!(verdict("DEP-101 met", "pending", "passing"), "unknown");
}

#[test]
fn a_sign_off_is_that_of_the_role_with_the_initials() {
    let (verdict, reason) = promotion("Sign-off from PM", "met", "passing");
    assert!(reason.contains("Product Manager"), "{verdict}: {reason}");
    let (verdict, reason) = promotion("Sign-off from QA Lead", "met", "passing");
    assert_eq!(verdict, "unknown", "{reason}");
}

#[test]
fn what_is_not_understood_is_never_met() {
    for gate in
        ["Tests pass locally", "All TEST- pass and the demo went well", "DEP-101 met, and marketing agrees"]
    {
        let (verdict, reason) = promotion(gate, "met", "passing");
        assert_eq!(verdict, "unknown", "{gate}: {reason}");
        assert!(reason.contains("manual check"), "{gate}: {reason}");
    }
}

/// The verdict of a gate that asks for no open defect from High on.
fn defects(bugs: &str) -> String {
    let plan = format!("- {{id: EPIC-001, title: Work, state: Complete}}\n{bugs}");
    let settings = "[[gates.own.criteria]]\nname = \"No severe defects\"\nevidence = { open_defects_below = \"High\" }\n";
    let folder = folder(&[("release/plan.yaml", plan.as_str()), ("relplan.toml", settings)]);
    let view = json(folder.path(), &["gate", "own"]);
    let gates = view["gates"].as_array().cloned().unwrap_or_else(|| vec![view["gate"].clone()]);
    let gate = gates.iter().find(|gate| gate["name"] == "own").unwrap_or_else(|| panic!("{view}"));
    let criterion = gate["criteria"].as_array().expect("criteria").iter();
    let own = criterion.clone().find(|own| own["name"] == "No severe defects").expect("the criterion");
    own["verdict"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn open_defects_keep_a_gate_closed() {
    let bug =
        |status: &str, severity: &str| format!("- {{id: BUG-001, title: It fails{status}{severity}}}\n");
    assert_eq!(defects(&bug(", status: open", ", severity: Critical")), "fail");
    assert_eq!(defects(&bug("", ", severity: High")), "fail", "without a status it is open");
    assert_eq!(defects(&bug(", status: open", ", severity: Low")), "pass");
    assert_eq!(defects(&bug(", status: Fixed", ", severity: Critical")), "pass");
    assert_eq!(defects(&bug(", status: open", "")), "unknown");
    let fixed_in = |release: &str| {
        let releases = "- {id: REL-001, title: R, version: 1.0.0, date: 2026-12-24}\n\
                        - {id: REL-002, title: S, version: 2.0.0, date: 2027-06-24}\n\
                        - {id: REL-000, title: Q, version: 0.9.0, status: released}\n";
        let more = format!(", severity: Critical, fixed_in: {release}");
        defects(&format!("{releases}{}", bug(", status: fixed", &more)))
    };
    assert_eq!(fixed_in("1.0.0"), "pass");
    assert_eq!(fixed_in("0.9.0"), "pass", "a release that has shipped has the fix");
    assert_eq!(fixed_in("2.0.0"), "fail", "fixed in a later release, it is open in this one");
    assert_eq!(fixed_in("7.7.7"), "unknown");
    let elsewhere = "- {id: BUG-002, title: B, status: open, severity: Critical, release: 2.0.0}\n";
    let releases = "- {id: REL-001, title: R, version: 1.0.0, date: 2026-12-24}\n\
                    - {id: REL-002, title: S, version: 2.0.0, date: 2027-06-24}\n";
    assert_eq!(defects(&format!("{releases}{elsewhere}")), "fail", "what is open is open in every release");
    assert_eq!(defects(""), "unknown", "a plan without defects knows of none");
}

#[test]
fn a_complete_epic_with_an_open_item_is_not_complete() {
    let verdict = |done: &str| {
        let plan = format!(
            "- {{id: EPIC-001, title: Work, state: Complete, tests: TEST-001, definition_of_done: {done}}}\n\
             - {{id: TEST-001, title: It works, status: passing}}\n"
        );
        let folder = folder(&[("release/plan.yaml", plan.as_str())]);
        let view = json(folder.path(), &["checklist"]);
        let checks = view["checks"].as_array().expect("checks").clone();
        let epic = checks.iter().find(|check| check["id"] == "EPIC-001").expect("the epic").clone();
        epic["verdict"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(verdict("{Reviewed: yes, Documented: yes}"), "pass");
    assert_eq!(verdict("{Reviewed: yes, Documented: no}"), "fail");
    assert_eq!(verdict("[Reviewed]"), "fail", "a list is what is open");
}

#[test]
fn a_board_approves_what_is_no_standard_change() {
    let asks = |kind: &str| {
        let plan = format!(
            "id: REL-001\ntitle: Spring\nversion: \"3.0.0\"\ndate: 2027-03-02\n\
             change_request: {{id: CHG-1, type: {kind}, board: CAB}}\n"
        );
        let folder = folder(&[("release/plan.yaml", plan.as_str())]);
        let view = json(folder.path(), &["report", "--release", "3.0.0"]);
        view["checks"].as_array().expect("checks").iter().any(|check| check["id"] == "production/CAB")
    };
    assert!(asks("normal") && asks("emergency"));
    assert!(!asks("standard"));
}

#[test]
fn a_plan_shows_how_the_release_is_run() {
    let plan = "\
- id: REL-001
  title: Spring
  version: \"3.0.0\"
  date: 2027-03-02
  promotions:
    - {build: a, environment: staging, on: 2026-11-01}
    - {build: b, environment: staging, on: 2026-11-10}
  support_targets: [{severity: Critical, response: 2h, resolution: 4h}]
- {id: DEP-201, title: Deploy, type: Step, stage: Deploy, automated: yes}
- {id: DEP-202, title: Confirm, type: Step, stage: Deploy, automated: no}
- {id: DEP-203, title: Watch, type: Step, stage: Deploy}
- {id: KPI-001, title: Adoption, target: '>= 70%', category: business, window: 30 days}
";
    let folder = folder(&[("release/plan.yaml", plan)]);
    let view = json(folder.path(), &["plan"]);
    let operations = &view["operations"];
    assert_eq!(operations["promotions"][0]["build"], "b", "the last one that came there");
    let automation = &operations["automation"];
    assert_eq!([&automation["automated"], &automation["stated"], &automation["steps"]], [1, 2, 3]);
    assert_eq!(view["indicators"][0]["measured_on"], "2027-04-01");
    let inventory = view["inventory"].as_array().expect("an inventory").iter();
    let families: Vec<&str> = inventory.filter_map(|item| item["family"].as_str()).collect();
    assert_eq!(families, ["DEP", "KPI", "REL"]);
}
