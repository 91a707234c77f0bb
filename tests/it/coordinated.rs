//! Coordinated releases: the release is the join of its deliverables, and several are under way at once.

use serde_json::Value;

use crate::support::{self, err, out, run};

/// The criteria of the deciding gate that are about deliverables: name, verdict and checks.
fn deliverables(yaml: &str, more: &[&str]) -> Vec<(String, String, String)> {
    let folder = support::folder(&[("relplan.toml", ""), ("plan.yaml", yaml)]);
    let arguments = ["gate", "production", "--format", "json", "--today", "2027-01-04"];
    let output = run(folder.path(), &[&arguments[..], more].concat());
    let gate: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let criteria = gate["gate"]["criteria"].as_array().expect("criteria").iter();
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let own = criteria.filter(|criterion| text(&criterion["name"]).starts_with("Deliverable"));
    own.map(|criterion| {
        let checks = criterion["checks"].as_array().expect("checks").iter().map(text);
        (text(&criterion["name"]), text(&criterion["verdict"]), checks.collect::<Vec<_>>().join(" "))
    })
    .collect()
}

const RELEASE: &str =
    "- id: REL-1\n  title: Spring\n  version: \"2027.1\"\n  date: 2027-04-07\n  deliverables:\n";

#[test]
fn a_release_is_ready_when_its_deliverables_are() {
    let yaml = format!(
        "{RELEASE}  - {{name: compute, version: 33.0.0, team: A, status: ready}}\n\
         \x20 - {{name: network, version: 27.0.0.0rc1, team: B, status: ready}}\n\
         \x20 - {{name: storage, version: 3.10.0, team: C, status: in progress}}\n\
         \x20 - {{name: metering, version: 3.10.0, team: D}}\n\
         \x20 - {{name: billing, team: E, status: ready}}\n\
         \x20 - {{name: backup, version: 1.0.0, team: F, status: dropped}}\n"
    );
    let found = deliverables(&yaml, &[]);
    let shown: Vec<(&str, &str)> =
        found.iter().map(|(name, verdict, _)| (name.as_str(), verdict.as_str())).collect();
    let expect = [
        ("Deliverable compute is ready", "pass"),
        ("Deliverable network is ready", "warn"),
        ("Deliverable storage is ready", "fail"),
        ("Deliverable metering is ready", "unknown"),
        ("Deliverable billing is ready", "unknown"),
        ("Deliverable backup is ready", "fail"),
    ];
    assert_eq!(shown, expect);
}

#[test]
fn a_deliverable_has_gates_of_its_own() {
    let yaml = format!(
        "{RELEASE}  - {{name: compute, version: 33.0.0, team: A, status: ready, gates: [TEST-1 to TEST-2]}}\n\
         - {{id: TEST-1, title: It starts, status: passing}}\n- {{id: TEST-2, title: It stops, status: failing}}\n"
    );
    let found = deliverables(&yaml, &[]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, "fail", "{found:?}");
    for check in ["REL-1/compute", "TEST-1", "TEST-2"] {
        assert!(found[0].2.split(' ').any(|id| id == check), "{found:?}");
    }
}

#[test]
fn a_status_waives_neither_a_deliverable_nor_its_gate() {
    let with = |status: &str, risk: &str, more: &str| {
        let yaml = format!(
            "{RELEASE}  - {{name: compute, version: 33.0.0, team: A, status: {status}, gates: [RISK-1]}}\n\
             - {{id: RISK-1, title: Rain, probability: 5%, impact: Low, status: accepted{risk}}}\n{more}"
        );
        deliverables(&yaml, &[])[0].1.clone()
    };
    assert_eq!(with("ready", "", ""), "fail", "nobody accepts the risk");
    assert_eq!(with("ready", ", accepted_by: Ann", ""), "waived");
    assert_eq!(with("dropped", ", accepted_by: Ann", ""), "fail");
    let waiver = "---\nwaivers:\n  - {check: REL-1/compute, by: Tess, reason: Replaced, until: 2027-02-01}\n";
    assert_eq!(with("dropped", "", waiver), "waived");
}

#[test]
fn releases_under_way_at_once_have_deliverables_of_their_own() {
    let yaml = format!(
        "{RELEASE}  - {{name: compute, version: 33.0.0, team: A, status: ready}}\n\
         - id: REL-2\n  title: Autumn\n  version: \"2027.2\"\n  date: 2027-10-06\n  deliverables:\n\
         \x20 - {{name: compute, version: 34.0.0, team: A, status: planned}}\n"
    );
    assert_eq!(deliverables(&yaml, &["--release", "2027.1"])[0].1, "pass");
    assert_eq!(deliverables(&yaml, &["--release", "2027.2"])[0].1, "fail");
}

#[test]
fn a_deliverable_never_counts_for_another() {
    let yaml = format!(
        "{RELEASE}  - {{name: compute, version: 33.0.0, team: A, status: ready}}\n\
         \x20 - {{name: Compute, version: 34.0.0, owner: B, status: in progress}}\n\
         \x20 - {{version: 1.0.0, team: C, status: ready}}\n\
         \x20 - {{version: 2.0.0, team: D, status: planned}}\n"
    );
    let found = deliverables(&yaml, &[]);
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found.iter().all(|(_, verdict, _)| verdict == "unknown"), "{found:?}");
}

#[test]
fn a_gate_that_is_not_in_the_plan_is_not_passed() {
    let yaml = |gate: &str| {
        format!("{RELEASE}  - {{name: compute, version: 33.0.0, team: A, status: ready, gates: {gate}}}\n")
    };
    for gate in ["TEST-9", "'#123'", "[TEST-1 to TEST-2]"] {
        let found = deliverables(&yaml(gate), &[]);
        assert_ne!(found[0].1, "pass", "{gate}: {found:?}");
    }
}

/// What the deciding gate comes to, and the blockers, each with its reason.
fn decided(yaml: &str, more: &[&str]) -> (String, Vec<(String, String)>) {
    let folder = support::folder(&[("relplan.toml", ""), ("plan.yaml", yaml)]);
    let arguments = ["gate", "production", "--format", "json", "--today", "2027-01-04"];
    let output = run(folder.path(), &[&arguments[..], more].concat());
    let gate: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let checks = gate["checks"].as_array().expect("checks").iter();
    let open = checks.filter(|check| check["blocking"] == true && check["verdict"] != "pass");
    (text(&gate["gate"]["status"]), open.map(|check| (text(&check["id"]), text(&check["reason"]))).collect())
}

#[test]
fn a_gate_of_a_deliverable_blocks_whatever_its_blocker() {
    let gates = |gate: &str| {
        format!(
            "{RELEASE}  - {{name: compute, version: 33.0.0, team: A, status: ready, gates: {gate}}}\n\
             - {{id: DEP-1, type: Criteria, title: It scales, blocker: no, status: STATUS, owner: QA, requirement: R, \
             verification: V}}\n\
             - {{id: EPIC-1, title: Sharding, priority: could, state: STATE, owner: QA}}\n"
        )
    };
    let with =
        |yaml: String, status: &str, state: &str| yaml.replace("STATUS", status).replace("STATE", state);
    let (status, open) = decided(&with(gates("DEP-1"), "failed", "Planned"), &[]);
    assert_eq!(status, "fail");
    let own: Vec<&(String, String)> = open.iter().filter(|(id, _)| id == "DEP-1").collect();
    assert!(own.len() == 1 && own[0].1.contains("gate of deliverable compute"), "{open:?}");
    for (status, state, gate) in [("pending", "Planned", "DEP-1"), ("met", "Deferred", "EPIC-1")] {
        let (result, open) = decided(&with(gates(gate), status, state), &[]);
        assert!(result == "fail" && open.iter().any(|(id, _)| id == gate), "{gate}: {result} {open:?}");
    }
    let (_, open) = decided(&with(gates("DEP-1"), "met", "Planned"), &[]);
    assert!(!open.iter().any(|(id, _)| id == "DEP-1"), "{open:?}");
    // An audit takes no word for what blocks.
    let (_, open) = decided(&with(gates("DEP-1"), "met", "Planned"), &["--profile", "regulated"]);
    let own: Vec<&(String, String)> = open.iter().filter(|(id, _)| id == "DEP-1").collect();
    assert!(own.len() == 1 && own[0].1.contains("does not accept self-reported"), "{open:?}");
}
