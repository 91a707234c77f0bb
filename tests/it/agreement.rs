//! What the words and figures of a plan say, whether they agree, and what follows for its gates.

use serde_json::Value;

use crate::support::{folder, out, run};

/// One finding: its rule, its message, and what to do.
struct Finding {
    rule: String,
    message: String,
    help: String,
}

/// The findings of a plan of one file.
fn findings(yaml: &str, toml: &str) -> Vec<Finding> {
    let plan = folder(&[("plan/plan.yaml", yaml), ("relplan.toml", toml)]);
    let report = out(&run(plan.path(), &["check", "--format", "json", "--fail-on", "never"]));
    let report: Value = serde_json::from_str(&report).unwrap_or_else(|error| panic!("{error}: {report}"));
    let all = report["findings"].as_array().expect("findings").iter();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    all.map(|finding| Finding {
        rule: text(finding, "rule"),
        message: text(finding, "message"),
        help: text(finding, "help"),
    })
    .collect()
}

/// The messages of a rule on a plan, with their help behind a bar.
fn of_rule(rule: &str, yaml: &str) -> Vec<String> {
    let found = findings(yaml, "").into_iter().filter(|finding| finding.rule == rule);
    found.map(|finding| format!("{} | {}", finding.message, finding.help)).collect()
}

#[track_caller]
fn finds(rule: &str, yaml: &str, expect: &[&str]) {
    assert_eq!(of_rule(rule, yaml), expect, "{yaml}");
}

/// The verdict and the reason of the check of an entry in the checklist.
fn verdict(yaml: &str, id: &str) -> (String, String) {
    let plan = folder(&[("plan/plan.yaml", yaml), ("relplan.toml", "")]);
    let list = out(&run(plan.path(), &["checklist", "--format", "json"]));
    let list: Value = serde_json::from_str(&list).unwrap_or_else(|error| panic!("{error}: {list}"));
    let check = find(&list, id).unwrap_or_else(|| panic!("no check of {id}: {list:#}"));
    let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
    (text("verdict"), text("reason"))
}

/// The first object with this id and a verdict.
fn find<'v>(value: &'v Value, id: &str) -> Option<&'v Value> {
    match value {
        Value::Object(map)
            if map.get("id").is_some_and(|found| found == id) && map.contains_key("verdict") =>
        {
            Some(value)
        }
        Value::Object(map) => map.values().find_map(|value| find(value, id)),
        Value::Array(items) => items.iter().find_map(|value| find(value, id)),
        _ => None,
    }
}

fn risk(probability: &str) -> String {
    format!("{{id: RISK-1, title: R, probability: {probability}, impact: Low, status: open, owner: A}}\n")
}

#[test]
fn a_share_without_a_unit_is_asked_about() {
    let rule = "invalid-percentage";
    let asked = "RISK-1: `probability: 0.3` has no unit and can mean 30% or 0.3% | write `30%` or `0.3%`";
    finds(rule, &risk("0.3"), &[asked]);
    let asked = "RISK-1: `probability: 1` has no unit and can mean 100% or 1% | write `100%` or `1%`";
    finds(rule, &risk("1"), &[asked]);
    let asked =
        "RISK-1: `probability: 1e-3` has no unit and can mean 0.1% or 0.001% | write `0.1%` or `0.001%`";
    finds(rule, &risk("1e-3"), &[asked]);
    let asked = "EPIC-1: `progress: 0.5` has no unit and can mean 50% or 0.5% | write `50%` or `0.5%`";
    finds(rule, "{id: EPIC-1, title: E, progress: 0.5}\n", &[asked]);
    for clear in ["30%", "0.3 %", "30", "0", "Low", "1 percent"] {
        finds(rule, &risk(clear), &[]);
    }
}

#[test]
fn a_risk_whose_probability_has_two_readings_is_not_rated() {
    let (verdict, reason) = verdict(&risk("0.3"), "RISK-1");
    assert_eq!(verdict, "unknown", "{reason}");
    assert!(reason.contains("not rated"), "{reason}");
}

fn rollback(threshold: &str) -> String {
    format!("{{id: DEP-1, type: Rollback, title: T, threshold: \"{threshold}\"}}\n")
}

#[test]
fn a_limit_that_no_share_reaches_is_no_threshold() {
    let rule = "threshold-not-understood";
    let beyond = "DEP-1: `> 150% of requests` is not a valid threshold: a share lies between 0 and 100% | \
                  for a change of the measure, write `150% over baseline`";
    finds(rule, &rollback("> 150% of requests for 5m"), &[beyond]);
    let never = "DEP-1: `> 100% of requests` is not a valid threshold: no share is above 100%, so this never \
                 comes true | write `>= 100%`";
    finds(rule, &rollback("> 100% of requests for 5m"), &[never]);
    let negative = of_rule(rule, &rollback("> -1% of requests for 5m"));
    assert_eq!(negative.len(), 1, "{negative:?}");
    finds(rule, &rollback("> 150% over baseline for 5m"), &[]);
    finds(rule, &rollback("> 1e-3 of requests for 5m"), &[]);
    finds(rule, &rollback("> 1'000 ms for 5m"), &[]);
}

#[test]
fn a_threshold_without_data_is_shown_in_the_tree() {
    for (text, reading) in [
        ("no data for 10m", "no data, continuously for 10 minutes"),
        ("metric is absent for 10m", "metric no data, continuously for 10 minutes"),
        ("pods not ready for 5m", "pods not ready, continuously for 5 minutes"),
    ] {
        let plan = folder(&[("plan/plan.yaml", rollback(text)), ("relplan.toml", String::new())]);
        let tree = out(&run(plan.path(), &["rollback"]));
        assert!(tree.contains(reading), "{tree}");
        finds("threshold-not-understood", &rollback(text), &[]);
    }
}
