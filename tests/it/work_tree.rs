//! What is judged is what the commit has: files that differ from it are named, and count by profile.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::judging::{Ground, TODAY};
use crate::support::{code, err, out, relplan};

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Rhea", "-c", "user.email=rhea@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git can be started");
    assert!(output.status.success(), "{arguments:?}: {}", err(&output));
    out(&output).trim().to_owned()
}

/// The plan that is GO, committed, with its evidence stamped for the commit.
fn ground() -> Ground {
    let ground = Ground::go();
    git(ground.path(), &["init", "--quiet", "--initial-branch=main"]);
    git(ground.path(), &["add", "--all"]);
    git(ground.path(), &["commit", "--quiet", "--message", "Plan"]);
    ground
}

fn report(ground: &Ground, more: &[&str]) -> Value {
    let mut command = relplan(ground.path());
    command.args(["report", "--today", TODAY, "--release", "REL-300", "--format", "json"]).args(more);
    let output = command.output().expect("relplan can be started");
    serde_json::from_str(&out(&output)).unwrap_or_else(|error| panic!("{error}: {}", err(&output)))
}

/// The files that differ, with the verdict of the check, under a profile.
fn seen(ground: &Ground, profile: &str) -> (Vec<String>, String) {
    let report = report(ground, &["--profile", profile]);
    let files = report["work_tree"]["files"].as_array().cloned().unwrap_or_default();
    let text = |file: &Value, key: &str| file[key].as_str().unwrap_or_default().to_owned();
    let files = files
        .iter()
        .map(|file| format!("{} {} {}", text(file, "part"), text(file, "change"), text(file, "file")));
    let checks = report["checks"].as_array().expect("checks");
    let check = checks.iter().find(|check| check["id"] == "plan/work-tree");
    (files.collect(), check.map_or_else(|| "-".to_owned(), |check| text(check, "verdict")))
}

fn all_profiles(ground: &Ground) -> [String; 4] {
    ["aggressive", "moderate", "conservative", "regulated"].map(|profile| seen(ground, profile).1)
}

fn append(ground: &Ground, file: &str, text: &str) {
    let path = ground.path().join(file);
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    std::fs::write(path, format!("{before}{text}")).expect("a file");
}

#[test]
fn a_clean_work_tree_says_nothing() {
    let ground = ground();
    assert_eq!(seen(&ground, "conservative"), (vec![], "-".to_owned()));
    assert_eq!(report(&ground, &[])["work_tree"]["state"], "compared");
    // Files that are not read do not matter.
    append(&ground, "src.rs", "fn main() {}\n");
    assert_eq!(seen(&ground, "conservative"), (vec![], "-".to_owned()));
}

#[test]
fn what_differs_is_named_and_counts_by_profile() {
    let ground = ground();
    append(&ground, "plan/release.yaml", "# changed\n");
    assert_eq!(seen(&ground, "moderate").0, ["plan modified plan/release.yaml"]);
    assert_eq!(all_profiles(&ground), ["-", "warn", "unknown", "unknown"]);
    append(&ground, "plan/more.yaml", "{id: LL-1, title: New}\n");
    append(&ground, "relplan.toml", "# changed\n");
    let expect = [
        "configuration modified relplan.toml",
        "plan modified plan/release.yaml",
        "plan untracked plan/more.yaml",
    ];
    let mut found = seen(&ground, "moderate").0;
    found.sort();
    assert_eq!(found, expect);
    let mut command = relplan(ground.path());
    let output =
        command.args(["gate", "production", "--today", TODAY]).output().expect("relplan can be started");
    assert!(out(&output).contains("3 files differ from the commit"), "{}", out(&output));
}

#[test]
fn a_deleted_file_differs() {
    let ground = ground();
    std::fs::remove_file(ground.path().join("plan/tests.yaml")).expect("a file");
    assert_eq!(seen(&ground, "moderate").0, ["plan deleted plan/tests.yaml"]);
}

#[test]
fn an_index_that_looks_away_hides_nothing() {
    for flag in ["--assume-unchanged", "--skip-worktree"] {
        let ground = ground();
        git(ground.path(), &["update-index", flag, "plan/release.yaml"]);
        append(&ground, "plan/release.yaml", "# changed\n");
        assert_eq!(seen(&ground, "moderate").0, ["plan modified plan/release.yaml"], "{flag}");
    }
    let ground = ground();
    append(&ground, ".git/info/exclude", "more.yaml\n");
    append(&ground, "plan/more.yaml", "{id: LL-1, title: Ignored}\n");
    assert_eq!(seen(&ground, "moderate").0, ["plan untracked plan/more.yaml"]);
}

#[test]
fn line_ends_make_no_difference() {
    let ground = ground();
    let path = ground.path().join("plan/tests.yaml");
    let text = std::fs::read_to_string(&path).expect("a file").replace('\n', "\r\n");
    std::fs::write(path, text).expect("a file");
    assert_eq!(seen(&ground, "conservative").0, [""; 0]);
}

#[test]
fn changed_reports_differ_and_new_ones_are_said() {
    let ground = ground();
    append(&ground, "reports/unit.xml", "<!-- again -->\n");
    let (files, verdict) = seen(&ground, "conservative");
    assert_eq!((files, verdict.as_str()), (vec!["evidence modified reports/unit.xml".to_owned()], "unknown"));
    let ground = self::ground();
    git(ground.path(), &["rm", "--quiet", "--cached", "reports/unit.xml"]);
    git(ground.path(), &["commit", "--quiet", "--message", "Reports are made anew"]);
    let (files, verdict) = seen(&ground, "conservative");
    assert_eq!((files, verdict.as_str()), (vec!["evidence untracked reports/unit.xml".to_owned()], "-"));
}

#[test]
fn another_commit_is_not_compared() {
    let ground = ground();
    append(&ground, "plan/release.yaml", "# changed\n");
    let judged = report(&ground, &["--commit", "4f2d9c1e8b7a6053d1c2b3a4958676564738291a"]);
    assert_eq!(judged["work_tree"]["state"], "not_compared");
    let head = git(ground.path(), &["rev-parse", "HEAD"]);
    assert_eq!(report(&ground, &["--commit", &head])["work_tree"]["state"], "compared");
}

#[test]
fn reports_and_decisions_name_the_configuration() {
    let ground = ground();
    let settings = report(&ground, &[])["configuration"].clone();
    assert_eq!(settings["path"], "relplan.toml");
    let digest = settings["sha256"].as_str().expect("a digest").to_owned();
    assert!(settings["roster"].is_string(), "{settings}");
    let mut command = relplan(ground.path());
    let output =
        command.args(["decide", "--by", "Rhea", "--today", TODAY]).output().expect("relplan can be started");
    assert_ne!(code(&output), 2, "{}", err(&output));
    let log = std::fs::read_to_string(ground.path().join("decisions.jsonl")).expect("the log");
    let record: Value = serde_json::from_str(log.trim()).expect("JSON");
    assert_eq!(record["configuration"]["path"], "relplan.toml");
    assert!(digest.ends_with(record["configuration"]["sha256"].as_str().expect("a digest")), "{digest}");
    assert!(record["roster"]["sha256"].is_string());
}
