//! `next`: the earliest release that has not shipped, the same for every command; and `--strict`.

use serde_json::Value;
use tempfile::TempDir;

use crate::judging::{COMMIT, Ground, TODAY};
use crate::support::{code, err, folder, out, relplan, run};

const DAY: &str = "2026-11-20";

const ITEMS: &str = "\
- {id: DEP-1, type: Criteria, title: Tests pass, requirement: All tests pass, stage: Pre-deploy, owner: A}
- {id: DEP-2, type: Rollback, title: Back, trigger: Errors, procedure: Redeploy, owner: A}
- {id: RISK-1, title: Load, probability: Low, impact: Low, owner: A}
- {id: EPIC-1, title: Search, state: Planned, owner: A}
- {id: TEST-1, title: Finds}
";

/// A plan with these releases, each the fields of an entry.
fn plan(releases: &[&str]) -> TempDir {
    let releases: String = (1..)
        .zip(releases)
        .map(|(number, fields)| format!("- {{id: REL-{number}, title: T, {fields}}}\n"))
        .collect();
    folder(&[("plan/plan.yaml", format!("{releases}{ITEMS}")), ("relplan.toml", String::new())])
}

fn json(plan: &TempDir, arguments: &[&str]) -> Value {
    let output = run(plan.path(), &[arguments, &["--today", DAY, "--format", "json"]].concat());
    serde_json::from_str(&out(&output))
        .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", err(&output)))
}

/// The release that a command is about.
fn about(plan: &TempDir, arguments: &[&str]) -> String {
    json(plan, arguments)["release"]["id"].as_str().unwrap_or("-").to_owned()
}

#[track_caller]
fn next_is(expect: &str, releases: &[&str]) {
    assert_eq!(about(&plan(releases), &["report"]), expect, "{releases:?}");
}

const LATE: &str = "version: 1.0.0, date: 2026-10-01";
const COMING: &str = "version: 1.1.0, date: 2026-12-01";

#[test]
fn a_release_that_slipped_is_next() {
    next_is("REL-1", &[LATE, COMING]);
    for late in [
        "status: planned",
        "status: in progress",
        "status: frozen",
        "deployed_at: 2026-11-19",
        "outcome: failed",
    ] {
        next_is("REL-2", &[COMING, &format!("{LATE}, {late}")]);
    }
    next_is(
        "REL-1",
        &[
            &format!("{LATE}, status: in progress, deployed_at: 2026-11-19, rollout: [{{traffic: 10%}}]"),
            COMING,
        ],
    );
}

#[test]
fn a_release_that_is_over_is_not_next() {
    for over in [
        "status: released",
        "status: rolled back",
        "status: cancelled",
        "outcome: success",
        "outcome: partial",
    ] {
        next_is("REL-2", &[&format!("{LATE}, {over}"), COMING]);
    }
    next_is("-", &[&format!("{LATE}, status: released")]);
}

#[test]
fn one_that_is_tried_again_has_the_status_of_a_release_to_come() {
    next_is(
        "REL-1",
        &[&format!("{LATE}, status: planned, deployed_at: 2026-10-01, outcome: rolled back"), COMING],
    );
    next_is("REL-1", &[&format!("{LATE}, status: in progress, outcome: failed"), COMING]);
}

#[test]
fn a_superseded_release_is_not_next() {
    next_is("REL-2", &[LATE, &format!("{COMING}, supersedes: REL-1")]);
    next_is("REL-1", &[LATE, &format!("{COMING}, supersedes: REL-1, status: cancelled")]);
    next_is("REL-1", &[&format!("{LATE}, supersedes: REL-2"), &format!("{COMING}, supersedes: REL-1")]);
    next_is("REL-1", &[&format!("{LATE}, supersedes: REL-1"), COMING]);
}

#[test]
fn releases_without_a_date_come_last() {
    next_is("REL-2", &["version: 0.9.0", LATE]);
    next_is("REL-2", &["version: 0.9.0", COMING]);
    next_is("REL-1", &["version: 0.9.0", "version: 1.0.0"]);
}

#[test]
fn every_command_has_the_same_next_release() {
    let releases = [COMING, &format!("{LATE}, status: in progress"), "version: 2.0.0"];
    let plan = plan(&releases);
    let commands: [&[&str]; 4] = [&["report"], &["gate", "production"], &["checklist"], &["plan"]];
    for command in commands {
        assert_eq!(about(&plan, command), "REL-2", "{command:?}");
        assert_eq!(about(&plan, &[command, &["--release", "next"]].concat()), "REL-2", "{command:?}");
    }
    let views: [&[&str]; 4] = [&["risks"], &["scope"], &["rollback"], &["matrix", "EPIC", "TEST"]];
    for view in views {
        assert_eq!(about(&plan, &[view, &["--release", "next"]].concat()), "REL-2", "{view:?}");
    }
    let calendar = json(&plan, &["calendar", "--release", "next"]);
    assert_eq!(calendar["releases"][0]["id"], "REL-2");
    assert_eq!(calendar["releases"].as_array().map(Vec::len), Some(1));
    let approved = run(plan.path(), &["approve", "--today", DAY, "--role", "QA Lead", "--by", "Tess"]);
    assert!(err(&approved).contains(" of REL-2 as QA Lead"), "{}", err(&approved));
    run(plan.path(), &["decide", "--today", DAY, "--by", "Rhea"]);
    let log = std::fs::read_to_string(plan.path().join("decisions.jsonl")).expect("the log");
    let record: Value = serde_json::from_str(log.trim()).expect("JSON");
    assert_eq!(record["release"], "REL-2");
}

#[test]
fn the_head_names_what_is_overdue() {
    let plan = plan(&[
        LATE,
        COMING,
        "version: 0.8.0, date: 2026-09-01, status: in progress",
        &format!("{LATE}, status: released"),
    ]);
    let overdue = &json(&plan, &["report", "--release", "REL-2"])["overdue"];
    let found: Vec<_> = overdue
        .as_array()
        .expect("a list")
        .iter()
        .map(|late| (late["id"].clone(), late["days"].clone()))
        .collect();
    assert_eq!(found, [("REL-3".into(), 80.into()), ("REL-1".into(), 50.into())]);
    for command in [&["report"][..], &["gate", "production"]] {
        let text = out(&run(plan.path(), &[command, &["--today", DAY, "--format", "markdown"]].concat()));
        let line = "2 releases: REL-3 0.8.0, Tue 2026-09-01 (80 days ago); REL-1 1.0.0, Thu 2026-10-01 (50 days ago)";
        assert!(text.contains(line), "{text}");
    }
    let none = json(&self::plan(&[COMING, &format!("{LATE}, deployed_at: 2026-11-19")]), &["report"]);
    assert_eq!(none.get("overdue"), None);
}

#[test]
fn strict_stops_at_conditions() {
    // An approval without a digest counts, with a warning.
    let mut ground = Ground::go();
    let exit = |ground: &Ground, arguments: &[&str]| {
        let mut command = relplan(ground.path());
        code(
            &command
                .args(arguments)
                .args(["--today", TODAY, "--commit", COMMIT])
                .output()
                .expect("relplan can be started"),
        )
    };
    let commands: [&[&str]; 4] = [
        &["report"],
        &["gate", "production"],
        &["check", "--gate", "production"],
        &["decide", "--by", "Rhea"],
    ];
    for command in commands {
        assert_eq!(exit(&ground, &[command, &["--strict"]].concat()), 0, "{command:?}");
    }
    let text = ground.text("plan/approvals.yaml");
    let without = text.lines().filter(|line| !line.trim_start().starts_with("digest:")).collect::<Vec<_>>();
    ground.put(&[("plan/approvals.yaml", Some(format!("{}\n", without.join("\n")).into_bytes()))]);
    for command in commands {
        assert_eq!(exit(&ground, command), 0, "{command:?}");
        assert_eq!(exit(&ground, &[command, &["--strict"]].concat()), 1, "{command:?}");
    }
    assert_eq!(exit(&ground, &["check", "--strict"]), 2);
}
