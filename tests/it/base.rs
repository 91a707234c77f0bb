//! A plan against its base, in real repositories: what asks for less is named with both places, and what asks for as
//! much or for more is not.

pub mod git;
mod lines;
mod page;
mod table;

use std::path::Path;

use serde_json::Value;

use crate::support::{GOOD, code, err, folder, found, out, project, run};
use git::Repository;
use table::{Case, apply, cases};

/// The rules that compare with the base.
const RULES: [&str; 5] =
    ["loosened-configuration", "loosened-entry", "loosened-waiver", "replaced-evidence", "rewritten-record"];

/// What a case came to: what is wrong with it, if anything.
type Judge = fn(&Case, &Path) -> Result<(), String>;

/// Judges every case of a table, each in the same repository, which is put back behind it.
fn judge_all(name: &str, least: usize, judge: Judge) {
    let base = project().join("tests/base");
    let all = cases(&std::fs::read_to_string(base.join(name)).expect("the table"));
    assert!(all.len() >= least, "{name} has {} cases", all.len());
    // Two workers, since a case is mostly a process that is waited for.
    let (first, second) = all.split_at(all.len() / 2);
    let judge_some = |some: &[Case]| {
        let repository = Repository::of(&base, &["loosenings.txt", "harmless.txt"]);
        let mut wrong = Vec::new();
        for case in some {
            apply(case, repository.path());
            wrong.extend(judge(case, repository.path()).err().map(|why| format!("{}: {why}", case.name)));
            repository.restore();
        }
        wrong
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let workers = [first, second].map(|some| scope.spawn(|| judge_some(some)));
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker")).collect()
    });
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

/// What is loosened: the name, and the files that are pointed to.
fn loosened(folder: &Path) -> Result<Vec<(String, Vec<String>)>, String> {
    let output = run(folder, &["check", "--base", "main", "--format", "json"]);
    let json: Value = serde_json::from_str(&out(&output)).map_err(|_| err(&output))?;
    let named = json["base"]["loosened"].as_array().into_iter().flatten();
    let named = named.map(|item| {
        let files = ["place", "base"].map(|key| item[key].as_str().unwrap_or_default().to_owned());
        (item["name"].as_str().unwrap_or_default().to_owned(), files.to_vec())
    });
    let named: Vec<_> = named.collect();
    // Every one of them is a finding with the same places, and fails the check.
    let findings = found(&out(&output));
    let of_base = findings.iter().filter(|finding| RULES.contains(&finding.rule.as_str()));
    if of_base.count() != named.len() || (code(&output) != 1 && !named.is_empty()) {
        return Err(format!("{named:?} are not what was found: {findings:?}"));
    }
    Ok(named)
}

#[test]
fn what_asks_for_less_is_named_with_both_places() {
    judge_all("loosenings.txt", 100, |case, folder| {
        let found = loosened(folder)?;
        let Some((_, places)) = found.iter().find(|(name, _)| *name == case.name) else {
            return Err(format!("not named; loosened: {found:?}"));
        };
        let deleted = case.deletes_everything(places);
        let in_base = places[1].starts_with("main:");
        let in_tree = !places[0].is_empty() && !places[0].starts_with("main:");
        if in_base && (in_tree || deleted) { Ok(()) } else { Err(format!("at {places:?}")) }
    });
}

#[test]
fn a_renamed_entry_asks_for_as_much_as_before_and_hides_no_other() {
    let repository = Repository::of(&project().join("tests/base"), &["loosenings.txt", "harmless.txt"]);
    let folder = repository.path();
    for id in ["DEP-001", "TEST-101", "REL-300"] {
        let new = id.replace('-', "-9");
        let output = run(folder, &["rename", id, &new]);
        assert_eq!(code(&output), 0, "{id}: {}", err(&output));
        assert_eq!(loosened(folder), Ok(Vec::new()), "{id}");
        repository.restore();
    }
    // An entry of the base cannot take the place of another one that is gone.
    let path = folder.join("plan/criteria.yaml");
    let text = std::fs::read_to_string(&path).expect("the criteria");
    let start = text.find("- id: DEP-001").expect("an entry");
    let end = text.find("- id: DEP-002").expect("the next");
    let hidden = format!("{}{}", &text[..start], &text[end..]);
    let claimed = hidden.replace("- id: DEP-002\n", "- id: DEP-002\n  formerly: DEP-001\n");
    std::fs::write(&path, claimed).expect("written");
    let found = loosened(folder).expect("a comparison");
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains(&"DEP-001") && names.contains(&"DEP-002.formerly"), "{names:?}");
}

#[test]
fn what_asks_for_as_much_is_not_named() {
    judge_all("harmless.txt", 100, |_, folder| match loosened(folder)?.as_slice() {
        [] => Ok(()),
        found => Err(format!("loosened: {found:?}")),
    });
}

/// A plan of one file, committed on `main`; the branch `change` is checked out.
fn small(yaml: &str, toml: &str) -> Repository {
    let files = folder(&[("plan/plan.yaml", yaml), ("relplan.toml", toml)]);
    Repository::of(files.path(), &[])
}

const PLAN: &str = "\
- id: DEP-1
  type: Criteria
  title: It works
  owner: QA Team
  blocker: yes
- id: EPIC-1
  title: Sign in
  owner: Engineering
  tests: TEST-1
- {id: TEST-1, title: A user signs in, owner: QA Lead}
";

const ROLES: &str =
    "[roles.Lead]\nmay_waive = true\nholders = [{ person = \"ada@example.com\", name = \"Ada\" }]\n";

fn not_blocking() -> String {
    PLAN.replace("blocker: yes", "blocker: no")
}

#[test]
fn the_merge_base_is_compared_and_never_the_tip() {
    let repository = small(PLAN, "");
    // The base goes on and asks for more; the branch changes nothing.
    repository.git(&["checkout", "-q", "main"]);
    repository.write("plan/plan.yaml", &PLAN.replace("blocker: yes", "blocker: yes\n  priority: must"));
    repository.write("relplan.toml", "[rules]\nowner-missing = \"error\"\n");
    repository.commit("ask for more");
    repository.git(&["checkout", "-q", "change"]);
    assert_eq!(loosened(repository.path()), Ok(Vec::new()));
    repository.write("plan/plan.yaml", &not_blocking());
    let places = loosened(repository.path()).expect("it is compared").remove(0).1;
    let base = repository.line(&["merge-base", "main", "change"]);
    assert_eq!(places, ["plan/plan.yaml:5", &format!("{}:plan/plan.yaml:5", &base[..12])]);
}

#[test]
fn loosened_findings_do_not_fail_where_that_is_allowed() {
    let repository = small(PLAN, "");
    repository.write("plan/plan.yaml", &not_blocking());
    let check = |more: &[&str]| run(repository.path(), &[&["check", "--base", "main"], more].concat());
    assert_eq!(code(&check(&[])), 1);
    let allowed = check(&["--allow-loosened", "--fail-on", "note", "--only-new"]);
    assert_eq!(code(&allowed), 0, "{}", out(&allowed));
    assert!(out(&allowed).contains("`blocker` of `DEP-1` loosened from `yes` to `no`"), "{}", out(&allowed));
}

#[test]
fn neither_the_configuration_nor_a_comment_of_the_change_excuses_it() {
    let repository = small(PLAN, "");
    let commented =
        not_blocking().replace("- id: DEP-1", "# relplan: allow(loosened-entry) fine\n- id: DEP-1");
    repository.write("plan/plan.yaml", &commented);
    repository.write("relplan.toml", "[rules]\nloosened-entry = \"off\"\nloosened-configuration = \"off\"\n");
    let names: Vec<String> =
        loosened(repository.path()).expect("it is compared").into_iter().map(|(name, _)| name).collect();
    for name in ["DEP-1.blocker", "rules.loosened-entry", "DEP-1.allow.loosened-entry"] {
        assert!(names.iter().any(|found| found == name), "{name}: {names:?}");
    }
}

#[test]
fn the_level_is_that_of_the_base() {
    let repository = small(PLAN, "[rules]\nloosened-entry = \"warning\"\n");
    repository.write("plan/plan.yaml", &not_blocking());
    let output = run(repository.path(), &["check", "--base", "main", "--only-new"]);
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert!(out(&output).contains("warning RP1110 loosened-entry"), "{}", out(&output));
}

fn waiver(by: &str, role: &str) -> String {
    format!(
        "{}\n---\nwaivers:\n  - check: \"loosened:DEP-1.blocker\"\n    by: {by}\n    role: {role}\n    reason: The \
         service is retired\n    on: 2026-11-20\n    until: 2026-12-20\n",
        not_blocking()
    )
}

#[test]
fn a_role_of_the_base_may_waive_what_is_loosened() {
    let repository = small(PLAN, ROLES);
    repository.write("plan/plan.yaml", &waiver("ada@example.com", "Lead"));
    let output = run(repository.path(), &["check", "--base", "main", "--only-new", "--format", "json"]);
    let json: Value = serde_json::from_str(&out(&output)).expect("JSON");
    let waived = json["base"]["loosened"][0]["waived"].as_str().unwrap_or_default();
    assert!(waived.contains("ada@example.com"), "{waived}");
    assert!(waived.contains("until 2026-12-20"), "{waived}");
    assert_eq!(code(&output), 0, "{}", out(&output));
}

#[test]
fn nobody_grants_himself_the_right_to_waive() {
    let refused = |roles: &str, by: &str, role: &str, why: &str| {
        let repository = small(PLAN, ROLES);
        repository.write("relplan.toml", roles);
        repository.write("plan/plan.yaml", &waiver(by, role));
        let output = run(repository.path(), &["check", "--base", "main", "--format", "json"]);
        let json: Value = serde_json::from_str(&out(&output)).expect("JSON");
        assert_eq!(code(&output), 1, "{by} as {role}");
        let told = json["base"]["refused_waivers"][0].as_str().unwrap_or_default().to_owned();
        assert!(told.contains(why), "{told}");
    };
    let with_eve = ROLES.replace(" }]", " }, { person = \"eve@example.com\", name = \"Eve\" }]");
    refused(&with_eve, "eve@example.com", "Lead", "not on the roster (by the roster of `main`)");
    let of_eve = "[roles.Boss]\nmay_waive = true\nholders = [{ person = \"eve@example.com\" }]\n";
    refused(
        &format!("{ROLES}{of_eve}"),
        "eve@example.com",
        "Boss",
        "not on the roster (by the roster of `main`)",
    );
    refused(ROLES, "ada@example.com", "\"\"", "`role` is missing");
}

#[test]
fn without_a_roster_in_the_base_nobody_may_waive() {
    let repository = small(PLAN, "");
    repository.write("relplan.toml", ROLES);
    repository.write("plan/plan.yaml", &waiver("ada@example.com", "Lead"));
    let output = run(repository.path(), &["check", "--base", "main"]);
    assert_eq!(code(&output), 1, "{}", out(&output));
}

#[test]
fn the_configuration_of_the_base_can_judge() {
    let strict = "[rules]\nmissing-title = \"error\"\n";
    let repository = small(GOOD, strict);
    repository.write("relplan.toml", "[rules]\nmissing-title = \"off\"\n");
    repository.write("plan/plan.yaml", &GOOD.replace("  title: A user signs in\n", ""));
    assert_eq!(code(&run(repository.path(), &["check"])), 0);
    let output = run(repository.path(), &["check", "--config-from", "main"]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("main:relplan.toml:2:"), "{}", out(&output));
    let output = run(repository.path(), &["check", "--config-from", "change~7"]);
    assert_eq!(code(&output), 2);
    // The file may even be gone.
    std::fs::remove_file(repository.path().join("relplan.toml")).expect("it is removed");
    assert_eq!(code(&run(repository.path(), &["check", "--config-from", "main"])), 1);
}

#[test]
fn findings_can_be_limited_to_what_the_change_made_worse() {
    let unowned = PLAN.replace("  owner: QA Team\n", "");
    let strict = "[rules]\nowner-missing = \"error\"\n";
    let repository = small(&unowned, strict);
    repository.git(&["mv", "plan/plan.yaml", "plan/moved.yaml"]);
    let check = |more: &[&str]| run(repository.path(), &[&["check", "--base", "main"], more].concat());
    assert_eq!(code(&check(&[])), 1);
    assert_eq!(code(&check(&["--only-new"])), 0, "{}", out(&check(&["--only-new"])));
    repository.write("plan/more.yaml", "{id: DEP-2, type: Criteria, title: It is fast}\n");
    let output = check(&["--only-new"]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("DEP-2") && !out(&output).contains("DEP-1"), "{}", out(&output));
}

#[test]
fn report_and_gate_judge_against_the_base() {
    let repository = small(PLAN, "");
    repository.write("plan/plan.yaml", &not_blocking());
    for command in [&["report"][..], &["gate", "production"]] {
        let output = run(repository.path(), &[command, &["--base", "main", "--format", "json"]].concat());
        let json: Value = serde_json::from_str(&out(&output)).expect("JSON");
        assert_eq!(code(&output), 1);
        assert_eq!(json["base"]["loosened"][0]["name"], "DEP-1.blocker", "{json}");
        for format in ["terminal", "markdown", "html"] {
            let output = run(repository.path(), &[command, &["--base", "main", "--format", format]].concat());
            let text = out(&output);
            assert!(
                text.contains("Changes against the base") || text.contains("CHANGES AGAINST"),
                "{format}: {text}"
            );
            assert!(text.contains("main:plan/plan.yaml:5"), "{format}: {text}");
        }
    }
}

#[test]
fn a_gate_of_ones_own_lets_nothing_loosened_through() {
    let gate = "[gates.own]\nafter = []\napprovals = []\ncriteria = [{ name = \"Work\", from = \"EPIC\" }]\n";
    let done = |plan: &str| plan.replace("  tests: TEST-1\n", "  state: Complete\n");
    let repository = small(&done(PLAN), gate);
    assert_eq!(code(&run(repository.path(), &["gate", "own", "--base", "main"])), 0);
    repository.write("plan/plan.yaml", &done(&not_blocking()));
    assert_eq!(code(&run(repository.path(), &["gate", "own"])), 0);
    let output = run(repository.path(), &["gate", "own", "--base", "main"]);
    assert_eq!(code(&output), 1, "{}", out(&output));
    assert!(err(&output).contains("1 loosened requirement against the base"), "{}", err(&output));
    let allowed = run(repository.path(), &["gate", "own", "--base", "main", "--allow-loosened"]);
    assert_eq!(code(&allowed), 0, "{}", err(&allowed));
}

#[test]
fn where_the_base_had_no_plan_everything_is_new() {
    let files = folder(&[("README.md", "A project.")]);
    let repository = Repository::of(files.path(), &[]);
    repository.write("plan/plan.yaml", GOOD);
    let output = run(repository.path(), &["check", "--base", "main"]);
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert!(err(&output).contains("it has no plan here, so that every entry is new"), "{}", err(&output));
}

#[test]
fn a_folder_that_was_moved_is_compared_with_where_it_was() {
    let files =
        folder(&[("old/plan/plan.yaml", PLAN), ("old/relplan.toml", "[plan]\nfiles = [\"plan/*.yaml\"]\n")]);
    let repository = Repository::of(files.path(), &[]);
    repository.git(&["mv", "old", "new"]);
    repository.write("new/plan/plan.yaml", &not_blocking());
    let output = run(repository.path(), &["--plan", "new", "check", "--base", "main", "--format", "json"]);
    let json: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    assert_eq!(json["base"]["loosened"][0]["base"], "main:old/plan/plan.yaml:5", "{json}");
}

#[test]
fn a_plan_without_a_configuration_is_compared_by_its_folder() {
    let files = folder(&[("docs/release.yaml", PLAN)]);
    let repository = Repository::of(files.path(), &[]);
    repository.write("docs/release.yaml", &not_blocking());
    for path in ["docs", "docs/release.yaml"] {
        let output = run(repository.path(), &["check", path, "--base", "main"]);
        assert!(out(&output).contains("`blocker` of `DEP-1`"), "{path}: {}{}", out(&output), err(&output));
    }
    let output = run(&repository.path().join("docs"), &["check", ".", "--base", "main"]);
    assert!(out(&output).contains("`blocker` of `DEP-1`"), "{}{}", out(&output), err(&output));
}

#[test]
fn names_of_files_may_be_anything() {
    let odd = "plan/a b\t'ü\u{1F680}.yaml";
    let files = folder(&[(odd, PLAN), ("relplan.toml", "")]);
    let repository = Repository::of(files.path(), &[]);
    repository.write(odd, &not_blocking());
    let found = loosened(repository.path()).expect("it is compared");
    assert_eq!(found[0].0, "DEP-1.blocker");
}

#[cfg(unix)]
#[test]
fn links_are_followed_as_on_the_disk() {
    let files = folder(&[
        ("shared/parts/plan.yaml", PLAN),
        ("relplan.toml", "[plan]\nfiles = [\"plan/**/*.yaml\"]\n"),
    ]);
    std::fs::create_dir(files.path().join("plan")).expect("a folder");
    std::os::unix::fs::symlink("../shared/parts", files.path().join("plan/linked")).expect("a link");
    let repository = Repository::of(files.path(), &[]);
    assert_eq!(loosened(repository.path()), Ok(Vec::new()));
    repository.write("shared/parts/plan.yaml", &not_blocking());
    let found = loosened(repository.path()).expect("it is compared");
    assert_eq!(found[0].0, "DEP-1.blocker");
    assert_eq!(found[0].1[1], "main:plan/linked/plan.yaml:5");
}

#[test]
fn a_submodule_is_read_from_its_own_objects() {
    let inner = small(PLAN, "");
    let files = folder(&[("relplan.toml", "[plan]\nfiles = [\"parts/plan/*.yaml\"]\n")]);
    let repository = Repository::of(files.path(), &[]);
    let source = inner.path().display().to_string();
    repository.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &source, "parts"]);
    repository.commit("take the parts");
    repository.git(&["branch", "-qf", "main"]);
    repository.write("parts/plan/plan.yaml", &not_blocking());
    let found = loosened(repository.path()).expect("it is compared");
    assert_eq!(found[0].0, "DEP-1.blocker");
    assert_eq!(found[0].1[1], "main:parts/plan/plan.yaml:5");
}

#[test]
fn a_pointer_of_large_file_storage_is_followed_or_refused() {
    let repository = small(PLAN, "");
    let text = not_blocking();
    let digest = "c".repeat(64);
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {}\n", PLAN.len());
    repository.write("plan/plan.yaml", &pointer);
    repository.commit("keep it elsewhere");
    repository.git(&["branch", "-qf", "main"]);
    repository.write("plan/plan.yaml", &text);
    let output = run(repository.path(), &["check", "--base", "main"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("git lfs fetch origin main"), "{}", err(&output));
    let kept = format!(".git/lfs/objects/cc/cc/{digest}");
    repository.write(&kept, PLAN);
    assert_eq!(loosened(repository.path()).expect("it is compared")[0].0, "DEP-1.blocker");
}

#[test]
fn line_ends_of_the_work_tree_make_no_difference() {
    let repository = small(PLAN, "");
    repository.git(&["config", "core.autocrlf", "true"]);
    repository.write("plan/plan.yaml", &PLAN.replace('\n', "\r\n"));
    assert_eq!(loosened(repository.path()), Ok(Vec::new()));
}

#[test]
fn what_cannot_be_compared_stops_with_the_line_to_run() {
    let repository = small(PLAN, "");
    let refused = |revision: &str, why: &str, line: &str| {
        let base = format!("--base={revision}");
        let output = run(repository.path(), &["check", &base]);
        assert_eq!(code(&output), 2, "{revision}: {}", out(&output));
        assert!(err(&output).contains(why) && err(&output).contains(line), "{revision}: {}", err(&output));
    };
    refused("origin/main", "no such commit", "git fetch origin +refs/heads/main:refs/remotes/origin/main");
    refused("trunk", "no such commit", "git fetch origin trunk:trunk");
    refused("0123456789abcdef", "no such commit", "git fetch origin 0123456789abcdef");
    refused("--upload-pack=x", "not a revision", "--base origin/main");
    refused("main..change", "not a revision", "--base origin/main");
    refused("", "not a revision", "--base origin/main");
    let output = run(repository.path(), &["check", "-", "--base", "main"]);
    assert_eq!(code(&output), 2);
    let outside = folder(&[("plan/plan.yaml", PLAN)]);
    let output = run(outside.path(), &["check", "--base", "main"]);
    assert_eq!(code(&output), 2, "{}", out(&output));
    assert!(err(&output).contains("not a git repository"), "{}", err(&output));
    let output = crate::support::relplan(repository.path())
        .env("PATH", outside.path())
        .args(["check", "--base", "main"])
        .output()
        .expect("relplan can be started");
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("`git` cannot be started"), "{}", err(&output));
}

#[test]
fn a_shallow_clone_says_which_line_brings_the_history() {
    let repository = small(PLAN, "");
    repository.write("plan/plan.yaml", &not_blocking());
    repository.commit("no blocker");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("more.txt", "more");
    repository.commit("go on");
    let clones = tempfile::tempdir().expect("a folder");
    let source = format!("file://{}", repository.path().display());
    git::plain(clones.path(), &["clone", "-q", "--depth", "1", "--branch", "change", &source, "clone"]);
    let clone = clones.path().join("clone");
    let mut told = Vec::new();
    for _ in 0..3 {
        let output = run(&clone, &["check", "--base", "origin/main"]);
        if code(&output) != 2 {
            assert!(out(&output).contains("`blocker` of `DEP-1`"), "{}", out(&output));
            assert!(!told.is_empty(), "a shallow clone was compared");
            return;
        }
        // The line that the error names is run as it stands.
        let text = err(&output);
        let line =
            text.split('`').find(|part| part.starts_with("git fetch")).expect("a line to run").to_owned();
        let words: Vec<&str> = line.split(' ').skip(1).collect();
        git::plain(&clone, &[&["-c", "protocol.file.allow=always"], words.as_slice()].concat());
        told.push(line);
    }
    panic!("the lines do not help: {told:?}");
}

#[test]
fn nothing_of_the_repository_is_executed() {
    let repository = small(PLAN, "");
    let mark = repository.path().join("executed");
    let evil = format!("touch {}", mark.display());
    repository.write(".gitattributes", "*.yaml filter=evil diff=evil\n");
    repository.commit("attributes");
    for name in
        ["core.fsmonitor", "core.sshCommand", "diff.external", "filter.evil.clean", "diff.evil.textconv"]
    {
        repository.git(&["config", name, &evil]);
    }
    repository.write(".git/hooks/post-index-change", &format!("#!/bin/sh\n{evil}\n"));
    repository.write("plan/plan.yaml", &not_blocking());
    repository.write("reports/unit.xml", "<testsuite/>");
    assert_eq!(code(&run(repository.path(), &["check", "--base", "main"])), 1);
    assert_eq!(code(&run(repository.path(), &["report", "--base", "main"])), 1);
    assert!(!mark.exists(), "a command of the repository ran");
}
