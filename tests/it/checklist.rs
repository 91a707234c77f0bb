//! `relplan checklist`: no data is never a pass.

use serde_json::Value;

use crate::support::{code, err, folder, out, run};

fn checklist(plan: &str, more: &[&str]) -> Value {
    let plan = folder(&[("release/plan.yaml", plan)]);
    let output = run(plan.path(), &[&["checklist", "--format", "json"], more].concat());
    serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)))
}

fn check<'v>(list: &'v Value, id: &str) -> &'v Value {
    let checks = list["checks"].as_array().expect("checks");
    checks.iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("no {id}: {list}"))
}

/// The checks that are entries: those of gates come behind them.
fn entries(list: &Value) -> Vec<&Value> {
    let checks = list["checks"].as_array().expect("checks").iter();
    let of_gate = ["approval", "gate", "plan"];
    checks.filter(|check| !of_gate.contains(&check["kind"].as_str().unwrap_or_default())).collect()
}

/// The verdict and the reason of one entry in a plan that has nothing else to check.
fn judged(plan: &str) -> (String, String) {
    let list = checklist(plan, &[]);
    let check = &list["checks"][0];
    let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
    (text("verdict"), text("reason"))
}

/// A criterion with these fields.
fn criterion(fields: &str) -> (String, String) {
    judged(&format!(
        "- {{id: DEP-1, title: C, type: Criteria, stage: Pre-deploy, {fields}}}\n- {{id: TEST-1, title: T}}\n"
    ))
}

#[track_caller]
fn stands(judged: (String, String), verdict: &str, reason: &str) {
    assert_eq!(judged.0, verdict, "{}", judged.1);
    assert!(judged.1.contains(reason), "{}", judged.1);
}

#[test]
fn what_nobody_states_is_unknown() {
    stands(criterion("owner: A"), "unknown", "no status");
    stands(criterion("status: pending"), "unknown", "not checked yet");
    stands(criterion("status: mett"), "unknown", "invalid `status`");
    stands(criterion("status: met"), "pass", "self-reported as met");
    stands(criterion("status: failed"), "fail", "self-reported as not met");
}

#[test]
fn a_waiver_holds_for_somebody_and_for_a_time() {
    stands(criterion("status: waived"), "fail", "without a waiver");
    stands(criterion("status: waived, waiver: {reason: x, until: 2027-01-01}"), "fail", "it names no person");
    stands(
        criterion("status: waived, waiver: {by: Ann, reason: x, until: 2026-11-19}"),
        "fail",
        "expired on 2026-11-19",
    );
    stands(
        criterion("status: waived, waiver: {by: Ann, reason: x, until: 2026-11-20}"),
        "waived",
        "Ann until 2026-11-20: x",
    );
    stands(criterion("status: pending, waiver: {by: Ann, reason: x, until: 2026-11-19}"), "fail", "expired");
    stands(criterion("waiver: {by: Ann}"), "fail", "it has no `reason`");
    stands(criterion("waiver: {by: Ann, until: 2027-01-01}"), "fail", "it has no `reason`");
    // A day that does not exist is not for ever.
    stands(criterion("waiver: {by: Ann, reason: x, until: 2026-02-30}"), "fail", "invalid `until`");
    stands(criterion("status: met, waiver: {by: Ann, until: 2026-11-19}"), "pass", "self-reported as met");
}

#[test]
fn the_day_is_the_only_clock() {
    let plan = folder(&[(
        "release/plan.yaml",
        "- {id: DEP-1, title: C, type: Criteria, waiver: {by: Ann, reason: x, until: 2026-12-31}}\n",
    )]);
    let on = |day: &str| {
        out(&crate::support::relplan(plan.path())
            .args(["checklist", "--today", day])
            .output()
            .expect("it runs"))
    };
    assert!(on("2026-12-31").contains("◇ WAIVED"));
    assert!(on("2027-01-01").contains("✗ FAIL"));
}

/// Fifty tests in a range, with these statuses for the first of them, and the rest passing.
fn fifty(statuses: &[&str], criterion: &str) -> String {
    let mut plan = format!(
        "- {{id: DEP-2, title: All tests pass, type: Criteria, stage: Pre-deploy, linked_ids: TEST-001 to TEST-050, {criterion}}}\n"
    );
    for number in 1..=50 {
        match statuses.get(number - 1) {
            Some(&"missing") => {}
            Some(&"") => plan += &format!("- {{id: TEST-{number:03}, title: T}}\n"),
            Some(status) => plan += &format!("- {{id: TEST-{number:03}, title: T, status: {status}}}\n"),
            None => plan += &format!("- {{id: TEST-{number:03}, title: T, status: passing}}\n"),
        }
    }
    plan
}

#[test]
fn a_range_of_tests_is_counted() {
    let statuses = ["passing", "failing", "not run", "", "missing", "skipped", "blocked"];
    let list = checklist(&fifty(&statuses, "status: met"), &[]);
    let check = check(&list, "DEP-2");
    assert_eq!(
        check["tests"],
        serde_json::json!({
            "total": 50, "passed": 44, "failed": ["TEST-002", "TEST-007"],
            "unknown": ["TEST-003", "TEST-004", "TEST-006"], "missing": 1
        })
    );
    assert_eq!(check["verdict"], "fail");
    assert_eq!(
        check["reason"],
        "self-reported as met, but tests: 44 of 50 passed, 2 failed (TEST-002, TEST-007), 3 without a result \
         (TEST-003, TEST-004, TEST-006), 1 not in the plan (TEST-005)"
    );
}

#[test]
fn a_ticked_item_is_held_against_its_tests() {
    stands(judged(&fifty(&[], "status: met")), "pass", "tests: 50 of 50 passed");
    stands(judged(&fifty(&["passing", "not run"], "status: met")), "unknown", "1 without a result");
    stands(judged(&fifty(&["passing", "missing"], "status: met")), "unknown", "1 not in the plan");
    stands(judged(&fifty(&["passing", "failing"], "status: met")), "fail", "self-reported as met, but");
    stands(judged(&fifty(&["passing", "failing"], "status: pending")), "fail", "1 failed");
    let epics = "- {id: DEP-1, title: C, type: Criteria, stage: Pre-deploy, status: met, linked_ids: EPIC-1}\n\
                 - {id: EPIC-1, title: E, state: Testing, tests: TEST-1}\n- {id: TEST-1, title: T, status: passing}\n";
    stands(judged(epics), "warn", "epics: 0 of 1 complete, open: EPIC-1");
}

#[test]
fn a_complete_epic_is_held_against_its_tests() {
    let epic = |state: &str, status: &str| {
        judged(&format!(
            "- {{id: EPIC-1, title: E, tests: TEST-1{state}}}\n- {{id: TEST-1, title: T{status}}}\n"
        ))
    };
    stands(epic(", state: Complete", ", status: passing"), "pass", "1 of 1 passed");
    stands(epic(", state: Complete", ", status: failing"), "fail", "but tests");
    stands(epic(", state: Complete", ""), "unknown", "1 without a result");
    stands(epic(", state: Testing", ", status: passing"), "fail", "Testing, not complete");
    stands(epic(", state: Testing, due: 2026-11-01", ""), "fail", "overdue, due 2026-11-01");
    stands(epic(", state: Deferred", ""), "fail", "deferred, but in scope");
    stands(epic("", ", status: passing"), "unknown", "no state");
    stands(judged("- {id: EPIC-1, title: E, state: Complete}\n"), "warn", "without tests");
}

#[test]
fn a_high_risk_is_mitigated_or_accepted() {
    let risk = |fields: &str| {
        judged(&format!("- {{id: RISK-1, title: R, probability: 70%, impact: High{fields}}}\n"))
    };
    stands(risk(""), "unknown", "without a response");
    stands(risk(", status: mitigating"), "fail", "not yet mitigated");
    stands(risk(", status: mitigated"), "pass", "self-reported as mitigated");
    stands(risk(", status: mitigated, review_date: 2026-11-01"), "stale", "the review was due on 2026-11-01");
    stands(risk(", status: accepted"), "fail", "without a name");
    stands(
        risk(", status: accepted, accepted_by: Ann, expires: 2027-01-01"),
        "waived",
        "accepted by Ann until",
    );
    stands(
        risk(", status: accepted, accepted_by: Ann, expires: 2026-11-19"),
        "fail",
        "expired on 2026-11-19",
    );
    stands(judged("- {id: RISK-1, title: R, status: open}\n"), "unknown", "not rated");
    let small = folder(&[("release/plan.yaml", "- {id: RISK-1, title: R, probability: 10%, impact: Low}\n")]);
    assert_eq!(code(&run(small.path(), &["checklist"])), 2, "a small risk is nothing to check");
}

#[test]
fn approvals_are_given_by_somebody_on_a_day() {
    let approval = |fields: &str| {
        let plan =
            format!("- {{id: REL-1, title: R, version: 1.0.0, approvals: [{{role: QA Lead{fields}}}]}}\n");
        let list = checklist(&plan, &[]);
        let check = check(&list, "production/QA Lead");
        let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
        (text("verdict"), text("reason"))
    };
    stands(approval(""), "unknown", "pending");
    // Without a digest nobody can tell what was approved.
    stands(approval(", by: Ann, on: 2026-11-20"), "warn", "approved by Ann on 2026-11-20");
    stands(approval(", by: Ann, on: 2026-11-21"), "unknown", "in the future");
    stands(approval(", by: Ann"), "unknown", "without a date");
    stands(approval(", on: 2026-11-01"), "unknown", "without a name");
}

#[test]
fn validations_and_gates_never_pass_by_themselves() {
    let list = checklist(
        "- {id: DEP-1, title: Staging, type: Environment, stage: Deploy, order: 2, gate: DEP-2 to DEP-4 hold}\n\
         - {id: DEP-2, title: A, type: Criteria, status: met}\n\
         - {id: DEP-3, title: B, type: Criteria, status: failed}\n\
         - {id: DEP-4, title: C, type: Criteria, status: met}\n\
         - {id: DEP-5, title: Smoke, type: Validation, stage: Post-deploy}\n\
         - {id: DEP-6, title: Dev, type: Environment, order: 1, gate: DEP-2 holds, promotes_to: DEP-1}\n\
         - {id: DEP-7, title: Live, type: Environment, order: 3}\n",
        &[],
    );
    assert_eq!(check(&list, "DEP-5")["verdict"], "unknown");
    assert_eq!(check(&list, "DEP-1")["verdict"], "warn");
    let steps = list["progression"].as_array().expect("rungs");
    let seen: Vec<_> = steps.iter().map(|step| (step["id"].as_str(), step["verdict"].as_str())).collect();
    assert_eq!(
        seen,
        [(Some("DEP-6"), Some("unknown")), (Some("DEP-1"), Some("fail")), (Some("DEP-7"), Some("unknown"))]
    );
    assert_eq!(steps[1]["checks"], serde_json::json!(["DEP-2", "DEP-3", "DEP-4"]));
    assert_eq!(steps[0]["promotes_to"], serde_json::json!(["DEP-1"]));
}

const MIXED: &str = "\
- {id: DEP-1, title: Good, type: Criteria, stage: Pre-deploy, category: Security, status: met, owner: Ann}
- {id: DEP-2, title: Bad, type: Criteria, stage: Pre-deploy, category: Functional, blocker: No, status: failed, owner: Bob}
- {id: DEP-3, title: Worse, type: Criteria, stage: Pre-deploy, category: Functional, blocker: Yes, status: pending, owner: Ann}
- {id: DEP-4, title: Seen, type: Validation, stage: Post-deploy, owner: Bob}
- {id: DEP-5, title: Whenever, type: Criteria, status: met, evidence: \"https://ci.example/42\"}
";

#[test]
fn blockers_come_first_and_totals_last() {
    let list = checklist(MIXED, &[]);
    let ids: Vec<_> = entries(&list).into_iter().map(|check| check["id"].clone()).collect();
    assert_eq!(ids, ["DEP-3", "DEP-2", "DEP-1", "DEP-4", "DEP-5"]);
    let checks = list["checks"].as_array().expect("checks");
    assert!(checks[..5].iter().map(|check| &check["id"]).eq(&ids), "{checks:?}");
    let rows = list["totals"].as_array().expect("totals");
    assert_eq!(rows.last().expect("totals")["total"], checks.len());
    // Where no stage is stated there are no checks of gates.
    let unstaged = rows.iter().find(|row| row["stage"] == "not stated").expect("a row");
    assert_eq!(
        *unstaged,
        serde_json::json!({
            "stage": "not stated", "pass": 1, "waived": 0, "warn": 0, "stale": 0, "unknown": 0, "fail": 0, "total": 1,
            "open_blockers": 0
        })
    );
    let plan = folder(&[("release/plan.yaml", MIXED)]);
    let text = out(&run(plan.path(), &["checklist"]));
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("no {part}: {text}"));
    assert!(at("Blockers\n") < at("Pre-deploy\n") && at("Post-deploy\n") < at("No stage\n"));
    assert!(at("No stage\n") < at("\nGates\n") && at("\nGates\n") < at("Totals\n"));
}

#[test]
fn a_proof_says_what_it_is_worth() {
    let list = checklist(MIXED, &[]);
    assert_eq!(check(&list, "DEP-1")["proof"], serde_json::json!({"kind": "asserted"}));
    assert_eq!(check(&list, "DEP-3")["proof"], serde_json::json!({"kind": "none"}));
    assert_eq!(
        check(&list, "DEP-5")["proof"],
        serde_json::json!({"kind": "link", "text": "https://ci.example/42"})
    );
}

#[test]
fn filters_say_what_they_leave_out() {
    let plan = folder(&[("release/plan.yaml", MIXED)]);
    let text = out(&run(plan.path(), &["checklist", "--stage", "pre_deploy", "--owner", "ann", "--open"]));
    assert!(
        text.contains("Filtered: checks of stage Pre-deploy, owned by “ann”, that are open, 1 of 29."),
        "{text}"
    );
    assert!(text.contains("DEP-3") && !text.contains("DEP-1 "), "{text}");
    let done = "- {id: DEP-1, title: Good, type: Criteria, stage: Deploy, status: met}\n";
    let done = folder(&[("release/plan.yaml", done)]);
    let text = out(&run(done.path(), &["checklist", "--stage", "deploy", "--open"]));
    assert!(text.contains("✓ No open checks among the 1 selected."), "{text}");
}

#[test]
fn nothing_is_never_an_empty_green_page() {
    let plan = folder(&[("release/plan.yaml", MIXED)]);
    for (arguments, message) in [
        (&["--stage", "nosuch"][..], "the stages are Pre-deploy, Deploy, Post-deploy, Rollback"),
        (&["--stage", "rollback"], "no check has this stage and owner"),
        (&["--owner", "nobody"], "the owners are `Ann`, `Bob`"),
        (&["--owner", "nobody", "--open"], "no check has this stage and owner"),
        (&["--release", "9.9.9"], "unknown release `9.9.9`"),
    ] {
        let output = run(plan.path(), &[&["checklist"], arguments].concat());
        assert_eq!(code(&output), 2, "{arguments:?}: {}", out(&output));
        assert!(err(&output).contains(message), "{arguments:?}: {}", err(&output));
        assert!(out(&output).is_empty(), "{arguments:?}");
    }
    let tests = folder(&[("release/plan.yaml", "- {id: TEST-1, title: T, status: passing}\n")]);
    let output = run(tests.path(), &["checklist"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("no checks for this selection"), "{}", err(&output));
    // A release that selects no criterion says so before anything else.
    let plan = folder(&[(
        "release/plan.yaml",
        "- {id: REL-1, title: R, version: 1.0.0, approvals: [{role: QA, by: Ann, on: 2026-11-01}]}\n\
         - {id: REL-2, title: S, version: 2.0.0}\n\
         - {id: DEP-1, title: C, type: Criteria, release: 2.0.0, status: met}\n",
    )]);
    let text = out(&run(plan.path(), &["checklist", "--release", "1.0.0"]));
    assert!(text.contains("✗ No release criteria"), "{text}");
    assert!(!text.contains("DEP-1"), "{text}");
}

#[test]
fn scope_belongs_to_its_release() {
    let plan = "- {id: REL-1, title: R, version: 1.0.0, scope: {must: EPIC-1 to EPIC-2, could: EPIC-3}, excluded: [{id: EPIC-4, reason: later}]}\n\
         - {id: EPIC-1, title: A}\n- {id: EPIC-2, title: B}\n- {id: EPIC-3, title: C}\n- {id: EPIC-4, title: D}\n";
    let list = checklist(plan, &["--release", "1.0.0"]);
    let seen: Vec<_> = entries(&list)
        .into_iter()
        .map(|check| (check["id"].as_str().unwrap_or_default(), check["blocking"] == true))
        .collect();
    assert_eq!(seen, [("EPIC-1", true), ("EPIC-2", true), ("EPIC-3", false)]);
}

#[test]
fn markdown_is_a_task_list_and_csv_has_a_row_for_each_check() {
    let plan = folder(&[("release/plan.yaml", MIXED)]);
    let text = out(&run(plan.path(), &["checklist", "--format", "markdown"]));
    assert!(text.contains("- [ ] ✗ FAIL DEP-2 **Bad**: self-reported as not met (Bob)"), "{text}");
    assert!(text.contains("- [x] ✓ PASS DEP-1 **Good**: self-reported as met (Ann)"), "{text}");
    let text = out(&run(plan.path(), &["checklist", "--format", "csv"]));
    assert_eq!(text.lines().count(), 30, "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("DEP-")).count(), 5, "{text}");
    assert!(
        text.contains("DEP-3,criterion,Worse,Pre-deploy,Functional,UNKNOWN,yes,Ann,not checked yet,none,"),
        "{text}"
    );
}

#[test]
fn a_grouping_moves_checks_and_loses_none() {
    let ids = |list: &Value| -> Vec<String> {
        let checks = list["checks"].as_array().expect("checks").iter();
        checks.map(|check| format!("{} {}", check["owner"].as_str().unwrap_or("~"), check["id"])).collect()
    };
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    let by_stage = ids(&checklist(MIXED, &[]));
    let by_owner = ids(&checklist(MIXED, &["--by", "owner"]));
    assert_eq!(sorted(by_owner.clone()), sorted(by_stage.clone()));
    assert_ne!(by_owner, by_stage);
    let owners: Vec<&str> = by_owner.iter().map(|id| id.split(' ').next().unwrap_or_default()).collect();
    assert!(owners.is_sorted(), "{owners:?}");
    let by_category = checklist(MIXED, &["--by", "category"]);
    assert_eq!(sorted(ids(&by_category)), sorted(by_stage));
    assert_eq!(by_category["grouping"], "category");
    let plan = folder(&[("release/plan.yaml", MIXED)]);
    let text = out(&run(plan.path(), &["checklist", "--by", "owner"]));
    for owner in ["Ann", "Bob"] {
        let headings = text.lines().filter(|line| line.starts_with(&format!("{owner} ("))).count();
        assert_eq!(headings, 1, "{owner}:\n{text}");
    }
}

#[test]
fn deployment_steps_are_boxes_and_no_checks() {
    let plan = format!(
        "{MIXED}\
- {{id: DEP-21, title: Switch, type: Step, stage: Deploy, order: 2, owner: Ann, traffic: 100%, pause: 2h}}
- {{id: DEP-20, title: Back up, type: Step, stage: Pre-deploy, order: 1, owner: Bob, automated: yes, duration: 5m}}
- {{id: DEP-22, title: Switch back, type: Step, stage: Rollback, owner: Ann}}
"
    );
    let (without, with) = (checklist(MIXED, &[]), checklist(&plan, &[]));
    for figures in ["totals", "total", "criteria"] {
        assert_eq!(without[figures], with[figures], "{figures}");
    }
    let folder = folder(&[("release/plan.yaml", plan.as_str())]);
    let shown = |more: &[&str]| {
        let text = out(&run(folder.path(), &[&["checklist", "--format", "markdown"], more].concat()));
        let steps =
            text.split("## Deployment steps\n").nth(1).map(|rest| rest.split("\n## ").next().unwrap_or(rest));
        steps.unwrap_or_default().trim().to_owned()
    };
    let switch = "- [ ] DEP-21 **Switch**: 100 % of traffic, then wait 2 hours (Ann)";
    let back_up = "- [ ] DEP-20 **Back up**: automated, takes 5 minutes (Bob)";
    let back = "### Rollback, if needed\n\n- [ ] DEP-22 **Switch back** (Ann)";
    assert_eq!(shown(&[]), format!("### Pre-deploy\n\n{back_up}\n\n### Deploy\n\n{switch}\n\n{back}"));
    assert_eq!(shown(&["--owner", "bob"]), format!("### Pre-deploy\n\n{back_up}"));
    assert_eq!(shown(&["--stage", "Deploy"]), format!("### Deploy\n\n{switch}"));
}
