//! Feature flags: what rollbacks make of them, and what flagd makes of their export.

use std::process::Command;

use crate::support::{code, err, folder, out, project, run, skipped};

/// A plan with a release flag and a rollback that switches it.
fn plan(flag: &str) -> String {
    let fields = |text: &str| -> String {
        text.split(" | ").filter(|line| !line.is_empty()).map(|line| format!("  {line}\n")).collect()
    };
    format!(
        "- id: DEP-003\n  title: Checkout fails\n  type: Rollback\n  stage: Rollback\n  owner: On-call\n  severity: Critical\n  \
         automatic: no\n  authority: On-call\n  max_duration: 5m\n  last_rehearsed: 2026-11-12\n  trigger: Payments fail\n  \
         threshold: '> 2% of requests for 5m'\n  procedure: [Watch the payments]\n  notification: '#ops'\n  flags: FLAG-001\n\
         - id: FLAG-001\n  title: New checkout\n  owner: Checkout Team\n{}",
        fields(flag)
    )
}

const SWITCHABLE: &str = "key: checkout-v2 | category: release | default: off | kill_switch: off | expires: 2027-03-01 | \
                          removal_ticket: SHOP-482";

#[test]
fn the_kill_switch_is_the_first_step_of_the_rollback() {
    let folder = folder(&[("plan/plan.yaml", plan(SWITCHABLE))]);
    let step = "Set feature flag `checkout-v2` to `off` for everyone";
    for (arguments, shown) in [
        (&["rollback"][..], step),
        (&["rollback", "--format", "json"], step),
        (&["rollback", "--format", "mermaid"], "Set feature flag"),
        (&["export", "runbook", "--output-dir", "runbooks"], ""),
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(code(&output), 0, "{arguments:?}: {}", err(&output));
        assert!(out(&output).contains(shown), "{arguments:?}: {}", out(&output));
    }
    let runbook = std::fs::read_to_string(folder.path().join("runbooks/DEP-003.md")).expect("a runbook");
    let (switch, procedure) = (runbook.find("checkout-v2"), runbook.find("Watch the payments"));
    assert!(switch.is_some() && switch < procedure, "{runbook}");
}

/// The rollback was rehearsed, but relies on a flag that cannot be switched.
#[test]
fn a_rollback_without_its_kill_switch_never_passes() {
    let verdict = |flag: &str| {
        let folder = folder(&[("plan/plan.yaml", plan(flag))]);
        let output = run(folder.path(), &["report", "--format", "json", "--today", "2026-11-20"]);
        let json: serde_json::Value =
            serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
        find_check(&json, "DEP-003").unwrap_or_else(|| panic!("no check of DEP-003: {json:#}"))
    };
    assert_eq!(verdict(SWITCHABLE).0, "pass");
    for (flag, expect, reason) in [
        ("key: checkout-v2 | category: release | default: off", "fail", "FLAG-001 has no kill switch"),
        ("category: release | kill_switch: off", "fail", "FLAG-001 has no key"),
        (
            "key: checkout-v2 | kill_switch: none",
            "fail",
            "FLAG-001 has a kill switch that is none of its variants",
        ),
        ("key: checkout-v2 | kill_switch: off | status: removed", "fail", "FLAG-001 is removed"),
    ] {
        let (verdict, why) = verdict(flag);
        assert_eq!((verdict.as_str(), why.as_str()), (expect, reason), "{flag}");
    }
}

/// Verdict and reason of the first check of an entry, wherever it stands in a document.
fn find_check(value: &serde_json::Value, id: &str) -> Option<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    match value {
        serde_json::Value::Object(map)
            if map.get("id").is_some_and(|own| own == id) && map.contains_key("verdict") =>
        {
            Some((text(&map["verdict"]), text(&map["reason"])))
        }
        serde_json::Value::Object(map) => map.values().find_map(|value| find_check(value, id)),
        serde_json::Value::Array(items) => items.iter().find_map(|value| find_check(value, id)),
        _ => None,
    }
}

/// The variants that flagd gives to users, by their flag and context; nothing where flagd is not installed.
fn served(plan: &str, users: &serde_json::Value) -> Option<Vec<String>> {
    let folder = folder(&[("plan/plan.yaml", plan)]);
    let output = run(folder.path(), &["export", "flagd", "--output-dir", "out"]);
    assert_eq!((code(&output), err(&output).as_str()), (0, ""), "{plan}");
    std::fs::write(folder.path().join("users.json"), users.to_string()).expect("a file");
    let mut flagd = Command::new("node");
    flagd.arg(project().join("tests/validators/flagd.mjs")).args(["out/flags.flagd.json", "users.json"]);
    flagd.env("RELPLAN_NODE_MODULES", project().join("target/validators/node/node_modules"));
    match flagd.current_dir(folder.path()).output() {
        Ok(output) if output.status.code() != Some(3) => {
            assert!(output.status.success(), "{plan}: {}", err(&output));
            Some(out(&output).lines().map(str::to_owned).collect())
        }
        _ => {
            skipped("no flagd-core");
            None
        }
    }
}

#[test]
fn flagd_serves_what_the_plan_says() {
    let flag = |fields: &str| {
        format!("- {{id: FLAG-001, title: 'A \"flag\"', key: f, category: release, {fields}}}\n")
    };
    let user = |context: serde_json::Value| serde_json::json!(["f", context]);
    let beta = user(serde_json::json!({"targetingKey": "u1", "ring": "beta"}));
    let other = user(serde_json::json!({"targetingKey": "u1", "ring": "stable"}));
    let nobody = user(serde_json::json!({}));
    for (fields, users, expect) in [
        ("default: off", vec![&beta, &nobody], vec!["off", "off"]),
        ("default: on", vec![&beta, &nobody], vec!["on", "on"]),
        (
            "default: off, targeting: [{attribute: ring, in: [internal, beta], serve: on}]",
            vec![&beta, &other, &nobody],
            vec!["on", "off", "off"],
        ),
        ("default: off, targeting: [{percentage: 100%, serve: on}]", vec![&beta, &other], vec!["on", "on"]),
        ("default: off, targeting: [{percentage: 0%, serve: on}]", vec![&beta, &other], vec!["off", "off"]),
        (
            "default: off, targeting: [{attribute: ring, in: [beta], percentage: 0%, serve: on}, {percentage: 100%, serve: on}]",
            vec![&beta, &other],
            vec!["off", "on"],
        ),
        (
            "variants: {small: 16, large: 2.5}, default: small, targeting: [{attribute: ring, in: [beta], serve: large}]",
            vec![&beta, &other],
            vec!["large", "small"],
        ),
        ("variants: {a: x, b: '1'}, default: b", vec![&nobody], vec!["b"]),
    ] {
        let Some(found) = served(&flag(fields), &serde_json::json!(users)) else { return };
        assert_eq!(found, expect, "{fields}");
    }
}

/// A share is a share: of 4,000 users, flagd gives the variant to about as many as the plan says, and another figure in the
/// plan gives another number of users.
#[test]
fn flagd_serves_the_share_that_the_plan_says() {
    let users: Vec<_> = (0..4000)
        .map(|number| serde_json::json!(["f", {"targetingKey": format!("user-{number}")}]))
        .collect();
    for (percentage, expect) in [("10%", 400.0_f64), ("33.3%", 1332.0), ("90%", 3600.0)] {
        let plan = format!(
            "- {{id: FLAG-001, title: Flag, key: f, default: off, targeting: [{{percentage: {percentage}, serve: on}}]}}\n"
        );
        let Some(found) = served(&plan, &serde_json::json!(users)) else { return };
        let on = found.iter().filter(|variant| *variant == "on").count() as f64;
        // Five standard deviations of a binomial distribution.
        let share = expect / 4000.0;
        let tolerance = 5.0 * (4000.0 * share * (1.0 - share)).sqrt();
        assert!((on - expect).abs() < tolerance, "{percentage}: {on} users");
    }
}

#[test]
fn what_flagd_cannot_mean_is_left_out_with_the_reason() {
    for (fields, reason) in [
        ("default: off", "it has no `key`"),
        ("key: f", "it has no `default`"),
        ("key: f, default: maybe", "its `default` is `maybe`, which is none of its variants"),
        ("key: f, default: off, targeting: [{audience: Beta users, serve: on}]", "is stated in words"),
        (
            "key: f, default: off, targeting: [{audience: Beta users, percentage: 5%, serve: on}]",
            "is stated in words",
        ),
        ("key: f, default: off, targeting: [{attribute: ring, serve: on}]", "an attribute without values"),
        ("key: f, default: off, targeting: [{in: [beta], serve: on}]", "values without an attribute"),
        ("key: f, default: off, targeting: [{serve: on}]", "does not say whom it targets"),
        ("key: f, default: off, targeting: [{percentage: 5%}]", "serves no variant"),
        ("key: f, default: off, targeting: [{percentage: 5%, serve: maybe}]", "none of its variants"),
        ("key: f, default: off, targeting: [{percentage: 0.12345%, serve: on}]", "more than three decimals"),
        ("key: f, variants: {a: 9007199254740993, b: 1}, default: a", "beyond the numbers"),
    ] {
        let plan = format!("- {{id: FLAG-001, title: Flag, {fields}}}\n");
        let folder = folder(&[("plan/plan.yaml", plan)]);
        let output = run(folder.path(), &["export", "flagd"]);
        assert_eq!((code(&output), out(&output).as_str()), (2, ""), "{fields}: {}", err(&output));
        assert!(err(&output).contains(reason), "{fields}: {}", err(&output));
    }
    let twice =
        "- {id: FLAG-001, title: A, key: f, default: off}\n- {id: FLAG-002, title: B, key: f, default: on}\n";
    let folder = folder(&[("plan/plan.yaml", twice)]);
    let output = run(folder.path(), &["export", "flagd"]);
    assert!(err(&output).contains("FLAG-002: left out: FLAG-001 has its key"), "{}", err(&output));
}
