//! A plan that is GO, with each of its lines left out in turn: the release is stopped, or the line asks for nothing.

use std::path::Path;

use super::git::Repository;
use crate::judging::{COMMIT, TODAY};
use crate::support::{code, err, out, project, run};

/// Lines that may be left out of a plan that stays GO, and why that makes no gate easier to pass.
const HARMLESS: &[(&str, &str)] = &[
    ("release: REL-300", "the digest of an approval says what was approved, and it is that of this release"),
    (
        "gate: readiness",
        "an approval of a whole release is one for each of its gates; its digest binds it as before",
    ),
    ("gate: production", "the same"),
    ("may_waive = true", "fewer people may waive"),
    ("status: frozen", "the status of a release is progress"),
    ("last_tested: 2027-03-01", "no criterion asks when a runbook was tested; it is a warning"),
];

const FILES: [&str; 6] = [
    "plan/approvals.yaml",
    "plan/criteria.yaml",
    "plan/deployment.yaml",
    "plan/release.yaml",
    "plan/tests.yaml",
    "relplan.toml",
];

/// Whether a command lets the release pass that asks for as much as on `main`.
fn passes(folder: &Path, command: &[&str]) -> bool {
    let output = run(folder, &[command, &["--base", "main", "--commit", COMMIT, "--today", TODAY]].concat());
    match code(&output) {
        0 => true,
        1 | 2 => false,
        code => panic!("exit code {code}: {}{}", out(&output), err(&output)),
    }
}

/// A file without each of its lines, and the line.
fn without_each_line(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let without = |at: usize| [&lines[..at], &lines[at + 1..]].concat().concat();
    let said = lines.iter().enumerate().filter(|(_, line)| !line.trim().is_empty());
    said.map(|(at, line)| (without(at), line.trim().trim_start_matches("- ").to_owned())).collect()
}

#[test]
fn a_line_that_is_left_out_stops_the_release_or_asks_for_nothing() {
    let go = project().join("tests/plans/go");
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let judge = |files: &'static [&'static str]| {
            let repository = Repository::of(&go, &[]);
            assert!(passes(repository.path(), &["report"]), "the plan itself is GO");
            let mut wrong = Vec::new();
            for name in files {
                let whole = std::fs::read_to_string(go.join(name)).expect("a file");
                for (number, (text, line)) in without_each_line(&whole).into_iter().enumerate() {
                    repository.write(name, &text);
                    let ships = passes(repository.path(), &["report"]);
                    if ships && !HARMLESS.iter().any(|(harmless, _)| *harmless == line) {
                        wrong.push(format!("{name}: GO without `{line}`"));
                    }
                    // Every command gives the same answer; a part of them is asked.
                    if number % 6 == 0
                        && passes(repository.path(), &["check", "--gate", "production"]) != ships
                    {
                        wrong.push(format!("{name}: `check --gate` and `report` disagree without `{line}`"));
                    }
                }
                repository.write(name, &whole);
            }
            wrong
        };
        let workers = [&FILES[..3], &FILES[3..]].map(|files| scope.spawn(move || judge(files)));
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
