//! The templates of `relplan init`: each is a plan that passes on any day, and that leads to a decision.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::pipelines;
use crate::support::{self, code, err, folder, out};

const TEMPLATES: [&str; 8] =
    ["web-service", "mobile-app", "enterprise-api", "saas", "library", "coordinated", "hotfix", "regulated"];

fn on(day: &str, folder: &Path, arguments: &[&str]) -> Output {
    let mut command = support::relplan(folder);
    command.args(["--today", day]).args(arguments).output().expect("relplan can be started")
}

/// A plan that was begun on a day.
fn begun(template: &str, day: &str) -> tempfile::TempDir {
    let plan = folder(&[("a.txt", "")]);
    let output = on(day, plan.path(), &["init", "--template", template, "--product", "Shop"]);
    assert_eq!(code(&output), 0, "{template}: {}", err(&output));
    plan
}

fn json(day: &str, plan: &Path, arguments: &[&str]) -> Value {
    let output = on(day, plan, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)))
}

#[test]
fn every_template_passes_reports_and_has_a_calendar() {
    const DAY: &str = "2026-11-30";
    for template in TEMPLATES {
        let plan = begun(template, DAY);
        let check = on(DAY, plan.path(), &["check", "--fail-on", "note"]);
        assert_eq!((code(&check), out(&check).as_str()), (0, ""), "{template}: {}", err(&check));
        let format = on(DAY, plan.path(), &["fmt", "--check"]);
        assert_eq!(code(&format), 0, "{template}: {}", out(&format));
        let report = json(DAY, plan.path(), &["report"]);
        assert_eq!(report["decision"], "no_go", "{template}");
        let text = out(&on(DAY, plan.path(), &["report"]));
        for nothing in ["no TEST with", "no DEP with", "no EPIC", "no MON"] {
            assert!(!text.contains(nothing), "{template}: a gate asks for what the template lacks\n{text}");
        }
        let calendar = json(DAY, plan.path(), &["calendar"]);
        assert_eq!(calendar["conflicts"], serde_json::json!([]), "{template}");
        let notes = json(DAY, plan.path(), &["notes"]);
        assert_eq!(notes["gaps"], serde_json::json!([]), "{template}");
        for file in ["release/release.yaml", "release/deployment.yaml", "release/work.yaml"] {
            let lines = std::fs::read_to_string(plan.path().join(file)).expect("a file").lines().count();
            assert!(lines <= 170, "{template}: {file} has {lines} lines");
        }
        let file = ".github/workflows/relplan.yml";
        let schema = ["--builtin-schema", "github-workflows", "--regex-variant", "python", file];
        pipelines::valid(plan.path(), "check-jsonschema", &schema);
        let pipeline = plan.path().join(file);
        let pipeline = std::fs::read_to_string(pipeline).expect("a pipeline");
        let _: yaml_serde::Value = yaml_serde::from_str(&pipeline).expect("YAML");
        assert!(!pipeline.contains("{plan}") && !pipeline.contains("{tests}"), "{pipeline}");
    }
}

#[test]
fn templates_pass_on_any_day() {
    for day in
        ["2026-12-31", "2027-02-28", "2028-02-29", "2026-12-03", "2026-12-04", "2026-12-05", "2026-12-06"]
    {
        for template in TEMPLATES {
            let plan = begun(template, day);
            let check = on(day, plan.path(), &["check", "--fail-on", "note"]);
            assert_eq!((code(&check), out(&check).as_str()), (0, ""), "{template} {day}");
        }
    }
}

#[test]
fn two_runs_on_one_day_write_the_same() {
    for template in TEMPLATES {
        let read = || -> Vec<(String, Vec<u8>)> {
            let plan = begun(template, "2026-11-30");
            let top = plan.path().display().to_string();
            let files = support::snapshot(plan.path()).into_iter();
            files.map(|(path, bytes)| (path.replace(&top, ""), bytes)).collect()
        };
        assert!(read() == read(), "{template}");
    }
}

/// Runs git with an identity of its own.
fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=Release", "-c", "user.email=release@example.com"];
    let output = Command::new("git").arg("-C").arg(folder).args(identity).args(arguments).output();
    let output = output.expect("git can be started");
    assert!(output.status.success(), "{arguments:?}: {}", err(&output));
}

/// A repository with these files and this tag, if it is one.
fn repository(files: &[(&str, &str)], tag: &str) -> tempfile::TempDir {
    let made = folder(files);
    git(made.path(), &["init", "--quiet", "--initial-branch=main"]);
    git(made.path(), &["add", "."]);
    git(made.path(), &["commit", "--quiet", "--message", "Begin"]);
    git(made.path(), &["tag", tag]);
    made
}

#[test]
fn the_repository_proposes_version_and_pipeline() {
    let made = repository(
        &[("Cargo.toml", ""), ("src/lib.rs", ""), (".gitlab-ci.yml", "a: {script: [b]}\n")],
        "v1.4.2",
    );
    git(made.path(), &["tag", "v2.0.0-rc.1"]);
    let minimal = on("2026-11-30", made.path(), &["init", "first"]);
    assert!(err(&minimal).contains("--template library"), "{}", err(&minimal));
    assert!(!made.path().join("relplan.gitlab-ci.yml").exists(), "the small plan comes without a pipeline");
    let output = on("2026-11-30", made.path(), &["init", "--template", "library"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let release = std::fs::read_to_string(made.path().join("release/release.yaml")).expect("a file");
    assert!(release.contains("version: \"1.5.0\"") && release.contains("removed_in: \"2.0.0\""), "{release}");
    let pipeline = std::fs::read_to_string(made.path().join("relplan.gitlab-ci.yml")).expect("a pipeline");
    assert!(pipeline.contains("cargo nextest") && pipeline.contains("--evidence reports"), "{pipeline}");
    let schema = ["--builtin-schema", "gitlab-ci", "--regex-variant", "python", "relplan.gitlab-ci.yml"];
    pipelines::valid(made.path(), "check-jsonschema", &schema);
    assert!(err(&output).contains("include: [{local: relplan.gitlab-ci.yml}]"), "{}", err(&output));
    let fix = on("2026-11-30", made.path(), &["init", "fix", "--template", "hotfix", "--ci", "none"]);
    assert_eq!(code(&fix), 0, "{}", err(&fix));
    let release = std::fs::read_to_string(made.path().join("fix/release/release.yaml")).expect("a file");
    assert!(release.contains("version: \"1.4.3\""), "{release}");
}

#[test]
fn a_plan_below_the_top_has_its_pipeline_at_the_top() {
    let made = repository(&[("go.mod", "")], "v0.3.0");
    let output = on("2026-11-30", made.path(), &["init", "plans/it's one", "--template", "saas"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let pipeline =
        std::fs::read_to_string(made.path().join(".github/workflows/relplan.yml")).expect("a pipeline");
    assert!(pipeline.contains(r"relplan check --plan 'plans/it'\''s one' --evidence reports"), "{pipeline}");
    let before = support::snapshot(made.path());
    // A second plan would overwrite the pipeline of the first.
    let again = on("2026-11-30", made.path(), &["init", "other", "--template", "saas"]);
    assert_eq!(code(&again), 2);
    assert!(err(&again).contains("relplan.yml` already exists"), "{}", err(&again));
    assert_eq!(before, support::snapshot(made.path()), "all files or none");
    assert_eq!(
        code(&on("2026-11-30", made.path(), &["init", "other", "--template", "saas", "--ci", "none"])),
        0
    );
}

#[test]
fn names_cannot_break_a_file() {
    for name in ["It's \"quoted\": #1 {x} [y]", "- dash", "{version}", "Überblick 🚀", "a\\b", "yes", "1.10"]
    {
        let plan = folder(&[("a.txt", "")]);
        let output =
            on("2026-11-30", plan.path(), &["init", "--template", "library", &format!("--product={name}")]);
        assert_eq!(code(&output), 0, "{name}: {}", err(&output));
        let check = on("2026-11-30", plan.path(), &["check", "--fail-on", "note"]);
        assert_eq!((code(&check), out(&check).as_str()), (0, ""), "{name}");
        let found = json("2026-11-30", plan.path(), &["notes"]);
        assert_eq!(found["release"]["title"], format!("{name} 0.1.0"), "{name}");
    }
    for wrong in
        [["--product", "a\nb"], ["--product", " "], ["--release-version", "one"], ["--template", "none"]]
    {
        let plan = folder(&[("a.txt", "")]);
        let arguments = [&["init", "--template", "library"], &wrong[..]].concat();
        assert_eq!(code(&on("2026-11-30", plan.path(), &arguments)), 2, "{wrong:?}");
        assert_eq!(support::snapshot(plan.path()).len(), 1, "{wrong:?}");
    }
}

/// A file of a plan, changed as its team would.
fn edit(plan: &Path, name: &str, changes: &[(&str, &str)]) {
    let path = plan.join(name);
    let mut text = std::fs::read_to_string(&path).expect("a file");
    for (before, after) in changes {
        assert!(text.contains(before), "{name}: {before}");
        text = text.replace(before, after);
    }
    std::fs::write(path, text).expect("a file");
}

const JUNIT: &str = "<testsuite name=\"all\" tests=\"3\" failures=\"0\" errors=\"0\">\
    <testcase classname=\"unit\" name=\"search by a word\"/><testcase classname=\"unit\" name=\"smoke\"/>\
    <testcase classname=\"unit\" name=\"other\"/></testsuite>\n";
const SARIF: &str = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "scanner"}},
    "invocations": [{"executionSuccessful": true}], "results": []}]}"#;

/// What a newcomer does from the first command to GO.
#[test]
fn a_web_service_walks_to_go() {
    let made = repository(&[("Dockerfile", "")], "v1.0.0");
    let plan = made.path();
    let run = |arguments: &[&str]| support::relplan(plan).args(arguments).output().expect("a run");
    assert_eq!(code(&run(&["init", "--template", "web-service", "--product", "Shop"])), 0);
    edit(
        plan,
        "release/work.yaml",
        &[
            ("state: In Progress", "state: Complete"),
            ("# relplan: allow(runbook-never-tested) Test it in staging, then add `last_tested`.\n", ""),
            ("  steps:", "  last_tested: 2020-01-01\n  steps:"),
        ],
    );
    edit(
        plan,
        "release/deployment.yaml",
        &[
            (
                "  # relplan: allow(rollback-never-rehearsed) Rehearse it in staging, then add `last_rehearsed`.\n",
                "",
            ),
            ("    runbook: RUN-001", "    last_rehearsed: 2020-01-01\n    runbook: RUN-001"),
        ],
    );
    let today = chrono::Utc::now().date_naive().to_string();
    edit(plan, "release/work.yaml", &[("2020-01-01", &today)]);
    edit(plan, "release/deployment.yaml", &[("2020-01-01", &today)]);
    for (role, person) in
        [("QA Lead", "qa-lead@example.com"), ("Release Manager", "release-manager@example.com")]
    {
        let output = run(&["approve", "--role", role, "--by", person]);
        assert_eq!(code(&output), 0, "{}", err(&output));
    }
    git(plan, &["add", "."]);
    git(plan, &["commit", "--quiet", "--message", "Be ready"]);
    let reports =
        [("junit.xml", JUNIT), ("scan.sarif", SARIF), ("metrics.csv", "name,value,unit\nMON-002,210,ms\n")];
    std::fs::create_dir(plan.join("reports")).expect("a folder");
    for (name, text) in reports {
        std::fs::write(plan.join("reports").join(name), text).expect("a report");
    }
    assert_eq!(code(&run(&["stamp", "reports"])), 0);
    let report = run(&["report", "--evidence", "reports", "--format", "json"]);
    let view: Value = serde_json::from_str(&out(&report)).unwrap_or_else(|_| panic!("{}", err(&report)));
    assert_eq!(view["decision"], "go", "{}", out(&run(&["report", "--evidence", "reports"])));
    assert_eq!(code(&report), 0);
    let notes = out(&run(&["notes", "--audience", "customers", "--format", "markdown"]));
    assert!(notes.contains("- Search finds everything by a word."), "{notes}");
}
