//! What a change does: `diff`, `check --since`, and what a step of GitHub Actions gets.

use serde_json::Value;

use crate::base::git::{Repository, plain};
use crate::support::{code, err, folder, found, out, relplan, run};

const PLAN: &str = "\
- id: DEP-1
  type: Criteria
  title: It works
  owner: QA Team
  blocker: yes
  status: met
  linked_ids: TEST-1
- {id: TEST-1, title: A user signs in, owner: QA Lead}
- {id: RISK-1, title: It is late, owner: Ada, status: open, probability: 10%, impact: Low}
- {id: KPI-1, title: Sign-ins, owner: Ada, tests: TEST-404}
";

fn repository() -> Repository {
    Repository::of(folder(&[("plan/plan.yaml", PLAN), ("relplan.toml", "")]).path(), &[])
}

fn diff(repository: &Repository, arguments: &[&str]) -> Value {
    let output = run(repository.path(), &[&["diff", "--format", "json"], arguments].concat());
    assert_eq!(code(&output), 0, "{}", err(&output));
    serde_json::from_str(&out(&output)).expect("JSON")
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(|entry| entry["id"].as_str()).collect()
}

#[test]
fn entries_are_added_removed_renamed_and_changed() {
    let repository = repository();
    let plan = PLAN.replace("blocker: yes", "blocker: no").replace("RISK-1", "RISK-9").replace(
        "- {id: KPI-1, title: Sign-ins, owner: Ada, tests: TEST-404}\n",
        "- {id: EPIC-5, title: New, owner: Ada}\n",
    );
    repository.write("plan/plan.yaml", &plan);
    let json = diff(&repository, &["main"]);
    let entries = &json["entries"];
    assert_eq!(ids(&entries["added"]), ["EPIC-5"]);
    assert_eq!(ids(&entries["removed"]), ["KPI-1"]);
    assert_eq!(
        (ids(&entries["renamed"]), &entries["renamed"][0]["from"]),
        (vec!["RISK-9"], &"RISK-1".into())
    );
    assert_eq!(ids(&entries["changed"]), ["DEP-1"]);
    let field = &entries["changed"][0]["fields"][0];
    assert_eq!(
        (&field["field"], &field["before"], &field["after"], &field["loosened"]),
        (&"blocker".into(), &"yes".into(), &"no".into(), &true.into())
    );
    assert_eq!(entries["removed"][0]["place"], "main:plan/plan.yaml:10");
    let checks: Vec<&str> = ids(&json["checks"]);
    assert!(!checks.contains(&"RISK-9"), "a renamed entry has the status that it had: {checks:?}");
    assert_eq!(json["findings"]["fixed"]["error"], 1, "{json}");
    assert!(
        json["loosened"].as_array().is_some_and(|all| all.iter().any(|one| one["name"] == "DEP-1.blocker"))
    );
}

#[test]
fn a_change_of_layout_is_none() {
    let repository = repository();
    repository.write(
        "plan/other/moved.yaml",
        &format!("# A comment.\n{}", PLAN.replace("blocker: yes", "blocker:   yes")),
    );
    std::fs::remove_file(repository.path().join("plan/plan.yaml")).expect("a file");
    let json = diff(&repository, &["main"]);
    for list in ["added", "removed", "renamed", "changed"] {
        assert!(ids(&json["entries"][list]).is_empty(), "{list}: {json}");
    }
    assert_eq!(json["checks"].as_array().map(Vec::len), Some(0));
    assert_eq!(json["decision"]["direction"], "other");
}

#[test]
fn a_status_that_became_worse_comes_first() {
    let repository = repository();
    repository.write("plan/plan.yaml", &PLAN.replace("status: met", "status: failed"));
    let json = diff(&repository, &["main"]);
    let first = &json["checks"][0];
    assert_eq!(
        (&first["id"], &first["direction"], &first["after"]),
        (&"DEP-1".into(), &"worse".into(), &"fail".into()),
        "{json}"
    );
    repository.write("plan/plan.yaml", PLAN);
    repository.commit("nothing");
    repository.git(&["checkout", "-q", "-b", "worse"]);
    repository.write("plan/plan.yaml", &PLAN.replace("status: met", "status: failed"));
    repository.commit("worse");
    // The other way round it became better; both sides are commits, and the work tree is neither.
    repository.write("plan/plan.yaml", "");
    let json = diff(&repository, &["worse", "main"]);
    assert_eq!(json["checks"][0]["direction"], "better", "{json}");
    assert_eq!(json["head"]["revision"], "main");
    assert!(ids(&json["entries"]["removed"]).is_empty(), "{json}");
    let json = diff(&repository, &["main", "worse"]);
    assert_eq!(json["checks"][0]["direction"], "worse", "{json}");
}

#[test]
fn what_cannot_be_compared_is_one_error_or_a_remark() {
    let repository = repository();
    for (arguments, words) in [
        (&["diff", "nowhere"][..], "no such commit"),
        (&["diff", "main", "nowhere"], "no such commit"),
        (&["check", "--since", "nowhere"], "no such commit"),
        (&["check", "--since", "--base"], ""),
    ] {
        let output = run(repository.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(err(&output).contains(words), "{}", err(&output));
    }
    // A base with YAML errors: what they hide is said to be unknown.
    repository.git(&["checkout", "-q", "main"]);
    repository.write("plan/plan.yaml", &PLAN.replace("- {id: TEST-1,", "- {id: [TEST-1,"));
    repository.commit("broken");
    repository.git(&["checkout", "-q", "-b", "fixes"]);
    repository.write("plan/plan.yaml", PLAN);
    assert_eq!(diff(&repository, &["main"])["base_whole"], false);
    let shown = out(&run(repository.path(), &["diff", "main"]));
    assert!(shown.contains("The plan of main has errors that hide entries"), "{shown}");
    // A base whose configuration cannot be read asks for nothing that could be compared.
    repository.write("relplan.toml", "[plan\n");
    repository.commit("broken configuration");
    repository.write("relplan.toml", "");
    for arguments in [&["diff", "HEAD"][..], &["check", "--since", "HEAD"], &["check", "--base", "HEAD"]] {
        let output = run(repository.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", out(&output));
        assert!(err(&output).contains("`HEAD:relplan.toml` has errors"), "{}", err(&output));
    }
}

#[test]
fn a_shallow_clone_without_the_base_is_an_error_with_the_command_to_run() {
    let repository = repository();
    repository.commit("one more");
    let at = tempfile::tempdir().expect("a folder");
    let url = format!("file://{}", repository.path().display());
    plain(at.path(), &["clone", "-q", "--depth", "1", "--branch", "change", &url, "clone"]);
    let clone = at.path().join("clone");
    for arguments in [&["diff", "origin/main"][..], &["check", "--since", "origin/main"]] {
        let output = run(&clone, arguments);
        assert_eq!(code(&output), 2, "{}", out(&output));
        assert!(err(&output).contains("git fetch --unshallow"), "{}", err(&output));
        assert!(out(&output).is_empty());
    }
}

#[test]
fn since_reports_only_what_the_change_made_worse() {
    let repository = repository();
    let check = |more: &[&str]| run(repository.path(), &[&["check", "--since", "main"], more].concat());
    let all = found(&out(&run(repository.path(), &["check", "--format", "json"]))).len();
    assert!(all > 0);
    let nothing = check(&[]);
    assert_eq!(code(&nothing), 0, "{}", out(&nothing));
    assert!(
        err(&nothing).contains(&format!("{all} findings that are not new are hidden")),
        "{}",
        err(&nothing)
    );
    // A looser criterion is no finding of this question.
    repository.write("plan/plan.yaml", &PLAN.replace("blocker: yes", "blocker: no"));
    assert_eq!(code(&check(&[])), 0, "{}", out(&check(&[])));
    repository.write(
        "plan/plan.yaml",
        &format!("# Moved down.\n{}", PLAN.replace("linked_ids: TEST-1", "linked_ids: TEST-7")),
    );
    let worse = check(&["--format", "json"]);
    assert_eq!(code(&worse), 1);
    let found = found(&out(&worse));
    assert!(found.iter().any(|finding| finding.message.contains("TEST-7")), "{found:?}");
    assert!(found.iter().all(|finding| !finding.message.contains("TEST-404")), "{found:?}");
    let json: Value = serde_json::from_str(&out(&worse)).expect("JSON");
    assert_eq!(json["since"]["revision"], "main");
    assert!(json["base"].is_null());
}

#[test]
fn a_comment_is_never_longer_than_github_accepts() {
    let repository = repository();
    let many: String = (1..3000)
        .map(|number| {
            format!(
                "- {{id: FEA-{number}, title: \"{}\", linked_ids: TEST-{}}}\n",
                "a | title ".repeat(4),
                1000 + number
            )
        })
        .collect();
    repository.write("plan/many.yaml", &many);
    for command in [&["diff", "main"][..], &["check", "--since", "main"], &["check"]] {
        let text = out(&run(repository.path(), &[command, &["--format", "markdown"]].concat()));
        assert!(text.len() <= 65_536, "{command:?}: {}", text.len());
        assert!(text.len() > 40_000, "{command:?}: {}", text.len());
        assert!(text.contains("left out"), "{command:?}: {}", &text[text.len() - 300..]);
        assert_eq!(text.matches("<details").count(), text.matches("</details>").count());
    }
}

#[test]
fn a_step_of_github_actions_gets_a_summary_and_outputs() {
    let repository = repository();
    let at = tempfile::tempdir().expect("a folder");
    let (summary, outputs) = (at.path().join("summary.md"), at.path().join("outputs"));
    std::fs::write(&outputs, "earlier=1\n").expect("a file");
    let step = |arguments: &[&str], summary: &std::path::Path| {
        let mut command = relplan(repository.path());
        command.args(["--today", "2026-11-20"]).args(arguments).args(["--format", "github"]);
        command.env("GITHUB_STEP_SUMMARY", summary).env("GITHUB_OUTPUT", &outputs);
        command.output().expect("relplan can be started")
    };
    let text = |path: &std::path::Path| std::fs::read_to_string(path).unwrap_or_default();
    let report = step(&["report"], &summary);
    assert_eq!(code(&report), 1, "{}", err(&report));
    assert!(out(&report).lines().any(|line| line.starts_with("::error ")), "{}", out(&report));
    assert!(out(&report).lines().last().is_some_and(|line| line.starts_with("NO-GO: ")), "{}", out(&report));
    assert!(text(&summary).starts_with("# Go/no-go report"), "{}", text(&summary));
    let values = text(&outputs);
    assert!(values.starts_with("earlier=1\ndecision=NO-GO\nblockers="), "{values}");
    assert!(values.contains("\nconfidence="), "{values}");
    let gate = step(&["gate", "production"], &summary);
    assert_eq!(code(&gate), 1);
    assert!(text(&outputs).contains("\ndecision=FAIL\n"), "{}", text(&outputs));
    assert!(text(&summary).matches("\n# ").count() >= 1, "a second document is added: {}", text(&summary));
    let check = step(&["check"], &summary);
    assert_eq!(code(&check), 1);
    assert!(text(&summary).contains("### relplan check: "), "{}", text(&summary));
    // An empty variable names no file, and one that cannot be written stops the run before anything is recorded.
    assert_eq!(code(&step(&["report"], std::path::Path::new(""))), 1);
    let refused = step(&["decide", "--by", "Ada"], &at.path().join("no/such/folder/file"));
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).contains("which GITHUB_STEP_SUMMARY names"), "{}", err(&refused));
    assert!(out(&refused).is_empty() && !repository.path().join("decisions.jsonl").exists());
    let before = text(&outputs);
    assert_eq!(code(&step(&["decide", "--by", "Ada"], &summary)), 1);
    assert_ne!(text(&outputs), before);
    // Without the format, nothing is written there.
    let before = text(&outputs);
    let mut command = relplan(repository.path());
    command.arg("report").env("GITHUB_STEP_SUMMARY", &summary).env("GITHUB_OUTPUT", &outputs);
    command.output().expect("relplan can be started");
    assert_eq!(text(&outputs), before);
}

#[test]
fn a_full_summary_is_left_alone() {
    let repository = repository();
    let at = folder(&[("summary.md", "x".repeat((1 << 20) - 100))]);
    let path = at.path().join("summary.md");
    let mut command = relplan(repository.path());
    command.args(["report", "--format", "github"]).env("GITHUB_STEP_SUMMARY", &path);
    let output = command.output().expect("relplan can be started");
    assert_eq!(code(&output), 1);
    assert!(err(&output).contains("the job summary is full"), "{}", err(&output));
    assert_eq!(std::fs::metadata(&path).expect("a file").len(), (1 << 20) - 100);
}
