//! What the words and figures of a plan say, whether they agree, and what follows for its gates.

use serde_json::Value;

use crate::support::{folder, out, relplan, run};

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
    let rule = "invalid-threshold";
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
        finds("invalid-threshold", &rollback(text), &[]);
    }
}

/// The verdict of a criterion about coverage, of which a report shows 90 %.
fn covered(requirement: &str, coverage: &str) -> String {
    let yaml = format!(
        "{{id: DEP-1, type: Criteria, title: The code is covered, requirement: {requirement}, \
         evidence: {{coverage: {coverage}}}}}\n"
    );
    let lines: String = (1..=10).map(|line| format!("DA:{line},{}\n", u8::from(line > 1))).collect();
    let lcov = format!("SF:src/a.rs\n{lines}end_of_record\n");
    let stamp = r#"{"commit": "4f2d9c1e8b7a6053d1c2b3a4958676564738291a", "time": "2026-11-19T08:00:00Z"}"#;
    let plan = folder(&[
        ("plan/plan.yaml", yaml),
        ("relplan.toml", String::new()),
        ("coverage.lcov", lcov),
        ("evidence.json", stamp.to_owned()),
    ]);
    let mut command = relplan(plan.path());
    command.args(["checklist", "--format", "json", "--evidence", "coverage.lcov", "--today", "2026-11-20"]);
    command.args(["--commit", "4f2d9c1e8b7a6053d1c2b3a4958676564738291a"]);
    let list = out(&command.output().expect("relplan can be started"));
    let list: Value = serde_json::from_str(&list).unwrap_or_else(|error| panic!("{error}: {list}"));
    let check = find(&list, "DEP-1").unwrap_or_else(|| panic!("no check: {list:#}"));
    check["verdict"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_stricter_of_words_and_evidence_counts() {
    assert_eq!(covered("The code is tested", "80%"), "pass");
    assert_eq!(covered("At least 90% line coverage", "80%"), "pass");
    assert_eq!(covered("At least 95% line coverage", "80%"), "fail");
    assert_eq!(covered("At least 80% line coverage", "95%"), "fail");
    assert_eq!(covered("Code coverage above 90%", "80%"), "fail");
}

#[test]
fn a_planned_release_without_deployment_items_fails_the_check() {
    let release =
        "{id: REL-1, title: First, version: 1.0.0, date: 2026-12-01, status: planned, owner: Lead}\n";
    let plan = folder(&[("plan/plan.yaml", release), ("relplan.toml", "")]);
    let run = run(plan.path(), &["check"]);
    assert_eq!(crate::support::code(&run), 1, "{}", out(&run));
    for (rule, word) in [
        ("no-environments", "environment"),
        ("no-criteria", "criterion"),
        ("no-rollback", "rollback"),
        ("no-validation", "validation"),
    ] {
        let found = of_rule(rule, release);
        assert_eq!(found.len(), 1, "{rule}: {found:?}");
        assert!(found[0].starts_with(&format!("REL-1 has no {word} | ")), "{found:?}");
    }
}

#[test]
fn a_placeholder_is_missing_for_rules_and_verdicts() {
    for text in ["TBD", "we'll figure it out", "works on my machine", "n/a", "'?'", "to be decided later"] {
        let yaml = format!("{{id: DEP-1, type: Rollback, title: T, owner: A, procedure: {text}}}\n");
        assert_eq!(of_rule("rollback-without-procedure", &yaml).len(), 1, "{text}");
        assert_eq!(of_rule("placeholder-text", &yaml).len(), 1, "{text}");
        let yaml =
            format!("{{id: DEP-1, type: Environment, title: T, name: staging, infrastructure: {text}}}\n");
        let (verdict, reason) = verdict(&yaml, "DEP-1");
        assert_ne!(verdict, "pass", "{text}: {reason}");
    }
}

#[test]
fn versions_of_other_schemes_are_accepted() {
    for version in ["2026.1", "3.15.0rc1", "33.0.0.0rc1", "25.11", "v1.37.0", "44", "2026.10.0", "24.04.1"] {
        let yaml = format!("{{id: REL-1, title: T, version: \"{version}\", type: major}}\n");
        finds("invalid-version", &yaml, &[]);
        if version != "v1.37.0" {
            finds("release-type-mismatch", &yaml, &[]);
        }
    }
    let stated = "{id: REL-1, title: T, version: \"3.1\", version_scheme: pep440}\n";
    finds("invalid-version", stated, &[]);
    let found =
        findings("{id: REL-1, title: T, version: \"3.1\"}\n", "[plan]\nversion_scheme = \"pep440\"\n");
    assert!(found.iter().all(|finding| finding.rule != "invalid-version"));
    let wrong = "{id: REL-1, title: T, version: \"3.1.0\", version_scheme: calver}\n";
    finds(
        "invalid-version",
        wrong,
        &["REL-1: `\"3.1.0\"` is not a valid calver version | write it like `2026.1` or `25.11`"],
    );
}

#[test]
fn versions_of_a_declared_family_are_checked() {
    let toml = "[families.DLV]\ntitle = \"deliverable\"\n[families.DLV.fields.version]\ntype = \"version\"\n";
    let yaml = |version: &str| format!("{{id: DLV-001, title: nova, version: {version}}}\n");
    let invalid = |yaml: &str| findings(yaml, toml).iter().any(|finding| finding.rule == "invalid-version");
    assert!(!invalid(&yaml("33.0.0.0rc1")));
    assert!(!invalid(&yaml("17.1.0")));
    assert!(invalid(&yaml("next one")));
}

fn release(milestones: &str) -> String {
    format!("{{id: REL-1, title: T, version: 1.30.0, date: 2026-12-02, milestones: {{{milestones}}}}}\n")
}

#[test]
fn a_stated_weekday_is_held_against_its_day() {
    let rule = "invalid-milestone";
    for text in ["Wednesday 27th February 2024", "2024-02-27 (Wednesday)", "'Wednesday, 2024-02-27'"] {
        let yaml = release(&format!("docs freeze: {text}"));
        finds(
            rule,
            &yaml,
            &["REL-1: `docs freeze` says Wednesday, and 2024-02-27 is a Tuesday | \
               write `2024-02-27 (Tuesday)` or `2024-02-28 (Wednesday)`"],
        );
    }
    for text in ["Tuesday 27th February 2024", "2024-02-27 (Tuesday)", "27 February 2024"] {
        finds(rule, &release(&format!("docs freeze: {text}")), &[]);
    }
    let due = "{id: EPIC-1, title: E, owner: A, due: 'Monday, 2026-12-01'}\n";
    finds(
        "impossible-date",
        due,
        &["EPIC-1: `due` says Monday, and 2026-12-01 is a Tuesday | \
           write `2026-12-01 (Tuesday)` or `2026-11-30 (Monday)`"],
    );
}

#[test]
fn weeks_and_days_last_as_long_as_is_said() {
    let days = |milestones: &str| {
        let plan = folder(&[("plan/plan.yaml", release(milestones)), ("relplan.toml", String::new())]);
        let calendar = out(&run(plan.path(), &["calendar", "--format", "json"]));
        let calendar: Value = serde_json::from_str(&calendar).expect("JSON");
        let all = calendar["releases"][0]["milestones"].as_array().expect("milestones").clone();
        let own = all.into_iter().find(|milestone| milestone["stated_by"] == "release").expect("its own");
        format!("{}..{}", own["day"].as_str().unwrap_or("-"), own["until"].as_str().unwrap_or("-"))
    };
    assert_eq!(days("KubeCon: 2026-11-24 to 2026-11-25"), "2026-11-24..2026-11-25");
    assert_eq!(days("rc1 target week: R-1"), "2026-11-23..2026-11-29");
    assert_eq!(days("rc2: week of R-1"), "2026-11-23..2026-11-29");
    assert_eq!(days("rc1: R-1"), "2026-11-25..-");
    finds(
        "invalid-milestone",
        &release("KubeCon: 2026-11-25 to 2026-11-24"),
        &["REL-1: `KubeCon` is at `2026-11-25 to 2026-11-24`, which ends before it begins | \
           write the first day first: `2027-06-18 to 2027-06-19`"],
    );
}

#[test]
fn milestones_keep_their_order() {
    let rule = "milestone-order";
    let found = of_rule(rule, &release("support_end: 2026-06-02"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("REL-1: support end comes before production"), "{found:?}");
    for milestones in [
        "candidate 1: 2026-11-20, candidate 2: 2026-11-13",
        "rc2: 2026-11-13, rc1: 2026-11-20",
        "alpha 3: 2026-11-13, beta 1: 2026-11-06",
    ] {
        let found = of_rule(rule, &release(milestones));
        assert_eq!(found.len(), 1, "{milestones}: {found:?}");
    }
    finds(rule, &release("rc1: 2026-11-13, rc2: 2026-11-20, alpha 1: 2026-10-01, beta 1: 2026-10-20"), &[]);
    finds(rule, &release("sprint 2: 2026-11-13, sprint 1: 2026-11-20"), &[]);
}

#[test]
fn links_are_read_in_the_notations_of_markdown() {
    let epics = |link: &str| {
        format!(
            "- {{id: EPIC-1, title: E, owner: A, verified_by: \"{link}\"}}\n- {{id: TEST-001, title: T}}\n\
             - {{id: TEST-002, title: T}}\n"
        )
    };
    for link in [
        "`TEST-001` (by hand)",
        "[TEST-001](SoT.TESTING.md#test-001)",
        "[TEST-001]",
        "TEST-001 — by hand",
        "TEST-001 - by hand, TEST-002",
        "TEST-001: by hand",
        "**TEST-001**, `TEST-002`",
    ] {
        finds("invalid-link", &epics(link), &[]);
        finds("epic-without-test", &epics(link), &[]);
    }
    assert_eq!(of_rule("invalid-link", &epics("TEST-001 — TEST-XXX")).len(), 1);
}

#[test]
fn every_id_in_prose_is_looked_for() {
    let missing = |yaml: &str| {
        let found = of_rule("mention-target-missing", yaml);
        let ids = found.iter().filter_map(|message| message.split('`').nth(1).map(str::to_owned));
        ids.collect::<Vec<_>>()
    };
    let apis =
        "- {id: API-001, title: A, linked_ids: TEST-001}\n- {id: API-101, title: B, linked_ids: TEST-001}\n";
    let test =
        |field: &str| format!("{apis}- {{id: TEST-001, title: T, {field}: consumers of API-001/101/006}}\n");
    assert_eq!(missing(&test("description")), ["API-006"]);
    assert_eq!(missing(&test("x-context")), ["API-006"]);
    assert_eq!(
        missing(&format!("{apis}- {{id: TEST-001, title: T, x-notes: [{{more: [API-007]}}]}}\n")),
        ["API-007"]
    );
    assert_eq!(
        missing(&format!("{apis}- {{id: TEST-001, title: T, description: API-001/2 of it}}\n")),
        [""; 0]
    );
}

#[test]
fn a_team_may_be_a_list() {
    let yaml = |team: &str| format!("{{id: REL-1, title: T, version: 1.0.0, team: {team}}}\n");
    for team in ["[Hugo van Kemenade, Steve Dower]", "[{Release Manager: Hugo}, 'QA Lead: Ned']", "{QA: Ned}"]
    {
        finds("wrong-shape", &yaml(team), &[]);
        let plan = folder(&[("plan/plan.yaml", yaml(team)), ("relplan.toml", String::new())]);
        let document = out(&run(plan.path(), &["plan"]));
        assert!(document.contains("Hugo") || document.contains("Ned"), "{document}");
    }
}
