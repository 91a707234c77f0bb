//! What release processes get wrong in writing, and relplan finds: contradictions within a process and between its
//! documents, each as its writers would put it, and the same plan without them.

use serde_json::Value;

use crate::support::{err, folder, out, run};

/// The rules that find something in a plan, with the text of each finding.
fn found(files: &[(&str, &str)], settings: &str) -> Vec<(String, String)> {
    let all: Vec<(&str, &str)> = files.iter().copied().chain([("relplan.toml", settings)]).collect();
    let folder = folder(&all);
    let output = run(folder.path(), &["check", "--format", "json", "--today", "2026-11-20"]);
    let json: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let findings = json["findings"].as_array().expect("findings").iter();
    findings.map(|finding| (text(finding, "rule"), text(finding, "message"))).collect()
}

fn rules(files: &[(&str, &str)], settings: &str) -> Vec<String> {
    let mut rules: Vec<String> = found(files, settings).into_iter().map(|(rule, _)| rule).collect();
    rules.sort();
    rules.dedup();
    rules
}

fn check(name: &str, wrong: &[(&str, &str)], right: &[(&str, &str)], rule: &str) {
    let of_wrong = rules(wrong, "");
    assert!(of_wrong.iter().any(|own| own == rule), "{name}: {of_wrong:?}");
    let of_right = found(right, "");
    assert!(!of_right.iter().any(|(own, _)| own == rule), "{name}: {of_right:?}");
}

const RELEASE: &str = "id: REL-001\ntitle: Spring\nversion: \"3.1.0\"\ndate: 2027-03-02\nowner: Lead\n";

#[test]
fn an_agenda_that_is_no_yaml() {
    let wrong =
        "id: LL-001\ntitle: Retrospective\nx-agenda:\n  Data: \"What happened\"\n  - Timeline\n  - Metrics\n";
    let right = "id: LL-001\ntitle: Retrospective\nx-agenda:\n  Data:\n    - Timeline\n    - Metrics\n";
    let of = |text| rules(&[("release/a.yaml", text)], "");
    let syntax =
        |own: &Vec<String>| own.iter().any(|rule| rule.contains("yaml") || rule.contains("separator"));
    assert!(syntax(&of(wrong)), "{:?}", of(wrong));
    assert!(!syntax(&of(right)), "{:?}", of(right));
}

#[test]
fn milestones_against_the_order_of_their_gates() {
    let with = |milestones: &str| format!("{RELEASE}milestones: {{{milestones}}}\n");
    let wrong = with("alpha: 4 weeks before, feature_complete: 3 weeks before");
    let right = with("feature_complete: 4 weeks before, alpha: 3 weeks before");
    check("alpha first", &[("release/a.yaml", &wrong)], &[("release/a.yaml", &right)], "milestone-order");
    let wrong = with("beta: 2 weeks before, code_freeze: 2 weeks before");
    let right = with("code_freeze: 3 weeks before, beta: 2 weeks before");
    check("one day", &[("release/a.yaml", &wrong)], &[("release/a.yaml", &right)], "milestone-order");
}

#[test]
fn a_hotfix_that_sorts_before_what_it_fixes() {
    let with = |version: &str| {
        format!(
            "id: REL-002\ntitle: Fix\nversion: \"{version}\"\ntype: hotfix\ndate: 2027-03-02\nowner: Lead\n"
        )
    };
    let (wrong, right) = (with("3.0.1-hotfix"), with("3.0.2"));
    check("hotfix", &[("release/a.yaml", &wrong)], &[("release/a.yaml", &right)], "hotfix-sorts-before");
}

#[test]
fn deployment_items_without_the_owner_that_their_gate_asks_for() {
    let with = |owner: &str| {
        format!("DEP-001: Production\nType: Environment\nStage: Pre-deploy\nName: production\n{owner}")
    };
    let (wrong, right) = (with(""), with("Owner: DevOps Lead\n"));
    check("owner", &[("release/a.yaml", &wrong)], &[("release/a.yaml", &right)], "owner-missing");
}

#[test]
fn a_criterion_that_asks_for_less_than_its_title() {
    let with = |share: &str| {
        format!(
            "DEP-002: All tests pass in staging\nType: Criteria\nRequirement: {share} of the tests pass\n"
        )
    };
    let (wrong, right) = (with("More than 95%"), with("100%"));
    check(
        "title",
        &[("release/a.yaml", &wrong)],
        &[("release/a.yaml", &right)],
        "title-contradicts-requirement",
    );
}

#[test]
fn a_trigger_over_a_baseline_with_an_absolute_threshold() {
    let with = |threshold: &str| {
        format!(
            "DEP-003: Error rate\nType: Rollback\nTrigger: The 5xx rate exceeds its baseline\nThreshold: \"{threshold}\"\n"
        )
    };
    let wrong = with("> 2% of requests for 5 minutes");
    let right = with("> 2pp over baseline for 5 minutes");
    check("baseline", &[("release/a.yaml", &wrong)], &[("release/a.yaml", &right)], "baseline-mismatch");
}

#[test]
fn targets_that_differ_between_documents() {
    let kpi = |id: &str, title: &str, target: &str| {
        format!("id: {id}\ntitle: {title}\ntarget: \"{target}\"\nunit: percent\n")
    };
    for (title, targets) in
        [("Test coverage", [">= 95%", ">= 90%"]), ("Deployment success rate", [">= 98%", ">= 99.5%"])]
    {
        let texts: Vec<String> =
            ["KPI-001", "KPI-002"].iter().zip(targets).map(|(id, target)| kpi(id, title, target)).collect();
        let same = kpi("KPI-002", title, targets[0]);
        check(
            title,
            &[("release/a.yaml", &texts[0]), ("release/b.yaml", &texts[1])],
            &[("release/a.yaml", &texts[0]), ("release/b.yaml", &same)],
            "targets-differ",
        );
    }
}
