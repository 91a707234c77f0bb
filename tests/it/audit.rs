//! `relplan audit`: controls rest on evidence, and what nobody proved is never met.

use serde_json::Value;

use crate::support::{code, err, folder, out, run};

const PLAN: &str = "\
- id: REL-001
  title: Spring
  version: \"3.0.0\"
  date: 2027-06-10
  status: released
  owner: Ada
- {id: REL-002, title: Autumn, version: \"3.1.0\", date: 2027-10-01, owner: Ada}
- {id: TEST-001, title: Login, type: Smoke, status: passing}
- {id: MON-001, title: Errors, query: \"rate(errors_total[5m])\", owner: Ada}
- id: DEP-001
  title: Reviewed
  type: Criteria
  stage: Pre-deploy
  requirement: Every change is reviewed
  blocker: No
  status: met
  owner: Ada
  tags: [code-review]
";

const SETTINGS: &str = "\
[audit]
frameworks = [\"soc2\"]
[[audit.controls]]
framework = \"House\"
id = \"H-1\"
title = \"Reviews\"
requires = [{ name = \"Changes are reviewed\", from = \"DEP\", where = { tag = \"code-review\" } }]
[[audit.controls]]
framework = \"House\"
id = \"H-2\"
title = \"Decisions\"
requires = [{ name = \"The decision is recorded\", records = \"decision\" }]
[[audit.controls]]
framework = \"House\"
id = \"H-3\"
title = \"Metrics\"
requires = [{ name = \"Monitoring is ready\", from = \"MON\" }]
";

fn audited(folder: &std::path::Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[&["audit", "--format", "json", "--today", "2027-07-01"], arguments].concat());
    serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)))
}

/// The verdicts of the controls of the house.
fn house(view: &Value) -> Vec<String> {
    let frameworks = view["frameworks"].as_array().expect("frameworks");
    let house = frameworks.iter().find(|own| own["name"] == "House").expect("the framework");
    let verdict = |control: &Value| control["verdict"].as_str().unwrap_or_default().to_owned();
    house["controls"].as_array().expect("controls").iter().map(verdict).collect()
}

#[test]
fn what_is_only_stated_is_unknown_and_a_recorded_decision_counts() {
    let folder = folder(&[("release/plan.yaml", PLAN), ("relplan.toml", SETTINGS)]);
    let path = folder.path();
    // The next release, as it is today: the criterion is only stated, nobody decided, the metric has its query.
    let today = audited(path, &[]);
    assert_eq!(today["releases"][0]["basis"], "today");
    assert_eq!(house(&today), ["unknown", "unknown", "pass"]);
    // Shipped without a record: nothing shows what was true.
    let shipped = audited(path, &["--release", "3.0.0"]);
    assert_eq!(shipped["releases"][0]["basis"], "nothing");
    assert_eq!(house(&shipped), ["unknown", "unknown", "unknown"]);
    // A decision is recorded, with what proved each check.
    let decided = run(path, &["decide", "--by", "Rhea", "--release", "3.1.0", "--today", "2027-06-30"]);
    assert_eq!(code(&decided), 1, "{}", err(&decided));
    let recorded = audited(path, &["--release", "3.1.0"]);
    assert_eq!(recorded["releases"][0]["basis"], "decision");
    assert_eq!(recorded["releases"][0]["decision"]["by"], "Rhea");
    assert_eq!(house(&recorded), ["unknown", "fail", "pass"], "the decision was NO-GO");
    let criterion = &recorded["frameworks"][1]["controls"][0]["requirements"][0]["evidence"][0]["checks"][0];
    assert!(
        criterion["reason"].as_str().is_some_and(|reason| reason.ends_with("self-reported")),
        "{criterion}"
    );
}

#[test]
fn a_broken_log_counts_for_nothing() {
    let folder = folder(&[("release/plan.yaml", PLAN), ("relplan.toml", SETTINGS)]);
    let path = folder.path();
    run(path, &["decide", "--by", "Rhea", "--release", "3.1.0", "--today", "2027-06-30"]);
    let log = path.join("decisions.jsonl");
    let text =
        std::fs::read_to_string(&log).expect("a log").replace("\"no_go\"", "\"go\"").replace("Rhea", "Rhe");
    std::fs::write(&log, format!("{text}{text}")).expect("written");
    let view = audited(path, &["--release", "3.1.0"]);
    assert!(view["log"]["broken"].is_string());
    assert_eq!(house(&view)[1], "unknown");
}

#[test]
fn a_decision_that_its_blockers_contradict_fails() {
    let folder = folder(&[("release/plan.yaml", PLAN), ("relplan.toml", SETTINGS)]);
    let path = folder.path();
    run(path, &["decide", "--by", "Rhea", "--release", "3.1.0", "--today", "2027-06-30"]);
    let log = path.join("decisions.jsonl");
    let text = std::fs::read_to_string(&log).expect("a log");
    std::fs::write(&log, text.replace("\"decision\":\"no_go\"", "\"decision\":\"go\"")).expect("written");
    let view = audited(path, &["--release", "3.1.0"]);
    assert_eq!(house(&view)[1], "fail", "{view}");
    assert!(view.to_string().contains("contradicts itself"), "{view}");
}

#[test]
fn a_waiver_that_does_not_count_fails_its_control() {
    let settings = SETTINGS.replace("records = \"decision\"", "records = \"waivers\"");
    let verdict = |waiver: &str| {
        let plan = PLAN.replace("  status: met\n", waiver);
        let folder = folder(&[("release/plan.yaml", plan.as_str()), ("relplan.toml", settings.as_str())]);
        let view = audited(folder.path(), &[]);
        (house(&view)[1].clone(), view["releases"][0]["waivers"].clone())
    };
    let waived = |fields: &str| verdict(&format!("  status: waived\n  waiver: {{{fields}}}\n"));
    assert_eq!(verdict("  status: met\n").0, "pass", "no waivers");
    assert_eq!(waived("reason: later, until: 2027-09-01").0, "fail", "without a person");
    assert_eq!(waived("by: Rhea, reason: later").0, "fail", "without an end");
    assert_eq!(waived("by: Rhea, until: 2027-09-01").0, "fail", "without a reason");
    assert_eq!(waived("by: Rhea, reason: later, until: 2027-06-01").0, "fail", "expired");
    let (granted, waivers) = waived("by: Rhea, reason: later, until: 2027-07-20");
    assert_eq!(granted, "waived", "{waivers}");
    assert_eq!(
        (&waivers[0]["by"], &waivers[0]["until"]),
        (&"Rhea".into(), &"2027-07-20".into()),
        "{waivers}"
    );
}

#[test]
fn a_period_has_its_releases_and_one_without_any_shows_nothing() {
    let folder = folder(&[("release/plan.yaml", PLAN), ("relplan.toml", SETTINGS)]);
    let path = folder.path();
    let ids = |view: &Value| {
        let releases = view["releases"].as_array().expect("releases").iter();
        releases.map(|own| own["release"]["id"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&audited(path, &["--from", "2027-06-01", "--to", "2027-12-31"])), ["REL-001", "REL-002"]);
    assert_eq!(ids(&audited(path, &["--to", "2027-07-01"])), ["REL-001"]);
    let empty = audited(path, &["--from", "2026-01-01", "--to", "2026-12-31"]);
    assert!(ids(&empty).is_empty());
    assert_eq!(house(&empty), ["unknown"; 3]);
    let check = run(path, &["audit", "--check", "--to", "2026-12-31", "--today", "2027-07-01"]);
    assert_eq!(code(&check), 1);
    let reversed = run(path, &["audit", "--from", "2027-01-02", "--to", "2027-01-01"]);
    assert_eq!(code(&reversed), 2);
}

#[test]
fn without_a_framework_nothing_is_audited() {
    let folder = folder(&[("release/plan.yaml", PLAN)]);
    let none = run(folder.path(), &["audit"]);
    assert_eq!(code(&none), 2);
    let unknown = run(folder.path(), &["audit", "--framework", "soc3"]);
    assert!(err(&unknown).contains("soc3"), "{}", err(&unknown));
    assert_eq!(code(&unknown), 2);
    assert_eq!(code(&run(folder.path(), &["audit", "--framework", "PCI_DSS"])), 0);
}
