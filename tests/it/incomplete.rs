//! A part of the plan that chooses no file makes it incomplete: its gates are UNKNOWN. What is listed by name must exist.

use std::path::Path;
use std::process::Output;

use relplan::verdict::decision::Decision;
use serde_json::Value;

use crate::judging::{COMMIT, Ground, TODAY};
use crate::support::{code, err, folder, found, out, relplan};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    relplan(folder).args(["--today", TODAY]).args(arguments).output().expect("relplan can be started")
}

const JUDGING: [&[&str]; 5] = [
    &["report", "--commit", COMMIT],
    &["gate", "production", "--commit", COMMIT],
    &["gate", "readiness", "--commit", COMMIT],
    &["check", "--gate", "production", "--commit", COMMIT],
    &["decide", "--commit", COMMIT, "--by", "Rhea"],
];

/// The plan that is GO, with a setting more.
fn with(from: &str, to: &str) -> Ground {
    let mut ground = Ground::go();
    ground.replace("relplan.toml", from, to);
    ground.sign();
    ground
}

/// Patterns that choose nothing, in each place that takes one.
fn incomplete() -> [Ground; 5] {
    let headings = "[families.ADR]\nexternal = true\nheadings = [\"adr/*.md\"]\n\n[evidence]\n";
    [
        with("[evidence]\n", "[plan]\nfiles = [\"plan/*.yaml\", \"vendor/plan/*.yaml\"]\n\n[evidence]\n"),
        with("\"reports/*.sarif\",", "\"reports/*.sarif\",\n  \"reports/*.trx\","),
        with("[evidence]\n", headings),
        // What is chosen and then excluded is not there either.
        with(
            "[evidence]\n",
            "[plan]\nfiles = [\"plan/*.yaml\", \"reports/*.yaml\", \"docs/*.yml\"]\nexclude = [\"docs/*.yml\"]\n\n[evidence]\n",
        ),
        // What speaks of reports is no report.
        with("\"reports/*.sarif\",", "\"reports/*.sarif\",\n  \"reports/evid*.json\","),
    ]
}

#[test]
fn a_pattern_that_chooses_no_file_keeps_every_gate_closed() {
    for ground in incomplete() {
        for arguments in JUDGING {
            let output = run(ground.path(), arguments);
            let text = out(&output) + &err(&output);
            assert_eq!(code(&output), 1, "{arguments:?}: {text}");
            assert!(text.contains("The plan is complete"), "{arguments:?}: {text}");
        }
        let outcome = ground.judge();
        let check =
            outcome.report().checks.iter().find(|check| check.id == "plan/complete").expect("the check");
        assert_eq!(check.verdict, relplan::verdict::Verdict::Unknown);
        assert!(check.reason.contains("match no file") || check.reason.contains("matches no file"));
        assert!(check.reason.contains("relplan.toml:"), "{}", check.reason);
        let findings = found(&out(&run(ground.path(), &["check", "--format", "json"])));
        let idle: Vec<_> = findings.iter().filter(|found| found.rule.ends_with("unmatched-glob")).collect();
        assert!(!idle.is_empty());
        assert!(idle.iter().all(|found| found.places[0].starts_with("relplan.toml:")), "{idle:?}");
    }
}

#[test]
fn once_its_files_are_there_the_plan_is_judged_by_them() {
    let mut ground =
        with("[evidence]\n", "[plan]\nfiles = [\"plan/*.yaml\", \"vendor/plan/*.yaml\"]\n\n[evidence]\n");
    ground.append("vendor/plan/more.yaml", "- id: MON-009\n  title: Load\n  owner: Ann\n  query: up\n");
    ground.sign();
    assert_eq!(ground.judge().decision(), Some(Decision::Go), "{}", ground.judge().words());
}

#[test]
fn nobody_can_waive_what_is_missing() {
    let [mut ground, ..] = incomplete();
    for check in ["plan/complete", "The plan is complete"] {
        let waiver = format!("  - check: {check}\n    by: Sven\n    reason: x\n    until: 2027-03-20\n");
        ground.append(
            "plan/waivers.yaml",
            &if check == "plan/complete" { format!("waivers:\n{waiver}") } else { waiver },
        );
    }
    ground.sign();
    assert_eq!(ground.judge().code(), 1, "{}", ground.judge().words());
}

#[test]
fn every_format_lists_the_files_of_each_pattern() {
    let ground = Ground::go();
    let json = out(&run(ground.path(), &["report", "--commit", COMMIT, "--format", "json"]));
    let report: Value = serde_json::from_str(&json).expect("JSON");
    let checked = out(&run(ground.path(), &["check", "--format", "json"]));
    let checked: Value = serde_json::from_str(&checked).expect("JSON");
    for looked_at in [&report["checked"], &checked["checked"]] {
        let globs = looked_at["globs"].as_array().expect("globs");
        let xml = globs.iter().find(|glob| glob["glob"] == "reports/*.xml").expect("the glob");
        assert_eq!(
            *xml,
            serde_json::json!({"setting": "evidence.files", "glob": "reports/*.xml", "files": 3})
        );
    }
    for format in ["terminal", "markdown", "html"] {
        let text = out(&run(ground.path(), &["report", "--commit", COMMIT, "--format", format]));
        for part in ["Files by glob", "reports/*.xml", "evidence.files"] {
            assert!(text.contains(part), "{format}: no {part}: {text}");
        }
    }
}

#[test]
fn a_document_of_an_incomplete_plan_says_so() {
    let [ground, ..] = incomplete();
    for arguments in [&["risks"][..], &["scope"], &["plan"], &["checklist"], &["report"]] {
        let shown = run(ground.path(), arguments);
        assert!(out(&shown).contains("The plan is incomplete"), "{arguments:?}: {}", out(&shown));
        let json = out(&run(ground.path(), &[arguments, &["--format", "json"]].concat()));
        let view: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(view["whole"], false, "{arguments:?}");
    }
    let approve = ["approve", "--role", "QA Lead", "--by", "quinn@example.com"];
    let output = run(ground.path(), &approve);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("the plan is incomplete"), "{}", err(&output));
}

#[test]
fn a_file_that_is_listed_by_name_must_exist() {
    for (from, to, name) in [
        (
            "[evidence]\n",
            "[plan]\nfiles = [\"plan/*.yaml\", \"vendor/more.yaml\"]\n\n[evidence]\n",
            "vendor/more.yaml",
        ),
        ("\"reports/metrics.json\",", "\"reports/metric.json\",", "reports/metric.json"),
        (
            "[evidence]\n",
            "[families.ADR]\nexternal = true\nheadings = [\"docs/adr.md\"]\n\n[evidence]\n",
            "docs/adr.md",
        ),
    ] {
        let mut ground = Ground::go();
        ground.replace("relplan.toml", from, to);
        for arguments in JUDGING.into_iter().chain([&["check"][..]]) {
            let output = run(ground.path(), arguments);
            assert_eq!(code(&output), 2, "{arguments:?}: {}", out(&output));
            let message = format!("`{name}` does not exist, and relplan.toml:");
            assert!(err(&output).contains(&message), "{arguments:?}: {}", err(&output));
        }
    }
    // A folder is no file, and one without any is idle.
    let mut empty = Ground::go();
    empty.replace("relplan.toml", "\"reports/metrics.json\",", "\"reports/metrics.json\",\n  \"more\",");
    std::fs::create_dir(empty.path().join("more")).expect("a folder");
    assert_eq!(code(&run(empty.path(), &["report", "--commit", COMMIT])), 1);
}

#[test]
fn a_configuration_that_is_no_file_is_not_passed_over() {
    let plan = "- id: EPIC-1\n  title: One\n  owner: Ann\n";
    let outer = folder(&[
        ("relplan.toml", "[rules]\nunlinked-entry = \"off\"\n"),
        ("team/release/plan.yaml", plan),
        ("team/relplan.toml/keep", ""),
    ]);
    let team = outer.path().join("team");
    for arguments in
        [&["check"][..], &["report"], &["list"], &["check", "release"], &["check", "--plan", "."]]
    {
        let output = run(&team, arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", out(&output));
        assert!(err(&output).contains("relplan.toml` is not a file"), "{}", err(&output));
    }
    #[cfg(unix)]
    {
        std::fs::remove_dir_all(team.join("relplan.toml")).expect("a folder");
        for target in ["nowhere.toml", "relplan.toml"] {
            std::os::unix::fs::symlink(target, team.join("relplan.toml")).expect("a link");
            let output = run(&team, &["check"]);
            assert_eq!(code(&output), 2, "{target}: {}", out(&output));
            assert!(err(&output).contains("relplan.toml"), "{}", err(&output));
            std::fs::remove_file(team.join("relplan.toml")).expect("a link");
        }
    }
    // Without one, that of the folder above counts.
    let _ = std::fs::remove_dir_all(team.join("relplan.toml"));
    assert_eq!(code(&run(&team, &["list"])), 0);
}
