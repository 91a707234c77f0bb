//! One definition of a high risk: the register, the rules, the checklist, the gate and the report agree over every
//! probability and impact.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::support::{self, code, err, out};

const PROBABILITIES: [&str; 18] = [
    "0%", "1%", "19.9%", "20%", "29%", "30%", "39%", "39.9%", "40%", "59%", "60%", "79%", "80%", "100%",
    "Low", "Medium", "High", "",
];
const IMPACTS: [&str; 5] = ["Low", "Medium", "High", "Critical", ""];

/// A plan with a risk of every combination, and the combination of each id.
fn plan() -> (tempfile::TempDir, BTreeMap<String, (&'static str, &'static str)>) {
    let mut yaml = "- {id: REL-1, title: Winter, version: 1.0.0, date: 2026-12-01, owner: Ann}\n".to_owned();
    let mut all = BTreeMap::new();
    for probability in PROBABILITIES {
        for impact in IMPACTS {
            let id = format!("RISK-{:03}", all.len() + 1);
            let field = |name: &str, value: &str| match value {
                "" => String::new(),
                value => format!(", {name}: {value}"),
            };
            let fields = field("probability", probability) + &field("impact", impact);
            yaml += &format!("- {{id: {id}, title: Late, owner: Ann, status: open{fields}}}\n");
            all.insert(id, (probability, impact));
        }
    }
    (support::folder(&[("plan/plan.yaml", yaml)]), all)
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--format", "json"]].concat();
    let output = support::run(folder, &arguments);
    assert_ne!(code(&output), 2, "{arguments:?}: {}", err(&output));
    serde_json::from_str(&out(&output)).unwrap_or_else(|error| panic!("{error}: {arguments:?}"))
}

/// A text of each item of a list that has an id of a risk.
fn by_id(list: &Value, text: impl Fn(&Value) -> Option<String>) -> BTreeMap<String, String> {
    let items = list.as_array().expect("a list").iter();
    let risks = items.filter(|item| item["id"].as_str().is_some_and(|id| id.starts_with("RISK-")));
    risks.filter_map(|item| Some((item["id"].as_str()?.to_owned(), text(item)?))).collect()
}

fn levels(register: &Value) -> BTreeMap<String, String> {
    by_id(&register["risks"], |risk| Some(risk["exposure"]["level"].as_str().unwrap_or("unknown").to_owned()))
}

fn verdicts(view: &Value) -> BTreeMap<String, String> {
    by_id(&view["checks"], |check| Some(check["verdict"].as_str()?.to_owned()))
}

#[test]
fn every_surface_calls_the_same_risks_high() {
    let (folder, all) = plan();
    let levels_of_register = levels(&json(folder.path(), &["risks"]));
    let report = json(folder.path(), &["report"]);
    assert_eq!(levels(&report["risks"]), levels_of_register);
    assert_eq!(levels_of_register.len(), all.len());
    // A high risk that is open fails, one that is not rated is unknown, and any other is no check.
    let expected: BTreeMap<String, String> = levels_of_register
        .iter()
        .filter_map(|(id, level)| match level.as_str() {
            "high" | "extreme" => Some((id.clone(), "fail".to_owned())),
            "unknown" => Some((id.clone(), "unknown".to_owned())),
            _ => None,
        })
        .collect();
    assert_eq!(verdicts(&report), expected);
    assert_eq!(verdicts(&json(folder.path(), &["gate", "production"])), expected);
    assert_eq!(verdicts(&json(folder.path(), &["checklist"])), expected);
    assert_eq!(verdicts(&json(folder.path(), &["plan"])["readiness"]), expected);
    let high: Vec<&String> =
        expected.iter().filter(|(_, verdict)| *verdict == "fail").map(|(id, _)| id).collect();
    let findings = support::found(&out(&support::run(folder.path(), &["check", "--format", "json"])));
    for rule in ["high-risk-open", "high-risk-without-contingency"] {
        let mut of_rule: Vec<&str> = findings
            .iter()
            .filter(|found| found.rule.ends_with(rule))
            .map(|found| &found.message[..8])
            .collect();
        of_rule.sort_unstable();
        assert_eq!(of_rule, high, "{rule}");
    }
}

#[test]
fn the_heat_map_decides() {
    let (folder, all) = plan();
    let levels = levels(&json(folder.path(), &["risks"]));
    let is_high = |probability: &str, impact: &str| {
        let (id, _) = all.iter().find(|(_, of)| **of == (probability, impact)).expect("the risk");
        matches!(levels[id].as_str(), "high" | "extreme")
    };
    for (probability, impact) in
        [("39%", "Critical"), ("20%", "Critical"), ("60%", "Medium"), ("High", "Medium"), ("40%", "High")]
    {
        assert!(is_high(probability, impact), "{probability} × {impact}");
    }
    for (probability, impact) in
        [("19.9%", "Critical"), ("39.9%", "High"), ("100%", "Low"), ("59%", "Medium"), ("", "Critical")]
    {
        assert!(!is_high(probability, impact), "{probability} × {impact}");
    }
}
