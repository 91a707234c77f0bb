//! What a person sees on a terminal: a report of one screen, and a pager for what is longer.

#![cfg(unix)]

use std::fmt::Write;
use std::path::Path;

use crate::support::{self, TERMINAL, err, folder, out, relplan};

/// A release that 300 work packages of 30 owners keep from shipping.
fn plan() -> tempfile::TempDir {
    let mut entries = String::from(
        "- {id: REL-1, title: R, version: 1.0.0, date: 2027-03-01, scope: {must: EPIC-1 to EPIC-300}}\n",
    );
    for number in 1..=300 {
        let owner = number % 30;
        let _ =
            writeln!(entries, "- {{id: EPIC-{number}, title: T, owner: Team {owner}, status: In Progress}}");
    }
    folder(&[("plan/a.yaml", &entries)])
}

/// What a command writes to a terminal of 100 columns and 30 lines, and its exit code; nothing without Python.
fn seen(folder: &Path, pager: &str, arguments: &[&str]) -> Option<(String, Option<i32>)> {
    seen_with(folder, &[("RELPLAN_PAGER", pager)], arguments)
}

/// The same with variables of one's own.
fn seen_with(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Option<(String, Option<i32>)> {
    let mut python = support::python()?;
    python.env_clear().env("PATH", "/usr/bin:/bin").env("TERM", "xterm").env("NO_COLOR", "1");
    python.envs(variables.iter().copied()).current_dir(folder);
    python.args(["-c", TERMINAL, env!("CARGO_BIN_EXE_relplan")]).args(arguments);
    let output = python.args(["--today", "2026-11-20"]).output().expect("Python can be started");
    Some((out(&output).replace("\r\n", "\n"), output.status.code()))
}

#[test]
fn a_report_on_a_terminal_fits_it_and_ends_with_the_decision() {
    let plan = plan();
    let Some((text, code)) = seen(plan.path(), "cat > paged", &["report"]) else { return };
    assert_eq!(code, Some(1), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() < 30, "{} lines:\n{text}", lines.len());
    assert!(lines.last().is_some_and(|last| last.starts_with("✗ NO-GO: ")), "{text}");
    assert!(text.contains("`relplan report --full`"), "{text}");
    assert!(!plan.path().join("paged").exists(), "one screen needs no pager");
}

#[test]
fn the_rows_of_a_short_report_add_up_to_its_blockers() {
    let plan = plan();
    let output = relplan(plan.path()).args(["report", "--brief", "--today", "2026-11-20"]).output();
    let text = out(&output.expect("relplan can be started"));
    let stated: usize = text
        .lines()
        .find_map(|line| line.strip_suffix(" blockers"))
        .and_then(|count| count.parse().ok())
        .unwrap_or_else(|| panic!("{text}"));
    let rows = text
        .lines()
        .skip_while(|line| !line.contains("Owner"))
        .skip(2)
        .take_while(|line| !line.starts_with('─'));
    let figure = |row: &str| row.split_whitespace().rev().find_map(|word| word.parse::<usize>().ok());
    let shown: usize = rows.filter_map(|row| figure(&row[..row.len().min(40)])).sum();
    assert_eq!(shown, stated, "{text}");
    assert!(stated >= 300, "{text}");
}

#[test]
fn a_long_document_goes_to_the_pager() {
    let plan = plan();
    let paged = plan.path().join("paged");
    let piped =
        relplan(plan.path()).args(["report", "--today", "2026-11-20"]).output().expect("it can be started");
    let whole = out(&piped);
    assert!(whole.lines().count() > 300, "piped, it is whole");
    let Some((text, code)) = seen(plan.path(), "cat > paged", &["report", "--full"]) else { return };
    assert_eq!((text.as_str(), code), ("", Some(1)), "the pager has it");
    assert_eq!(std::fs::read_to_string(&paged).expect("the pager wrote it"), whole);
    std::fs::remove_file(&paged).expect("it is removed");
    for (pager, more) in
        [("cat > paged", &["--no-pager"][..]), ("no-such-pager", &[]), ("", &[]), ("cat", &[])]
    {
        let arguments = [&["report", "--full"], more].concat();
        let (text, _) = seen(plan.path(), pager, &arguments).expect("Python was there");
        assert!(text.ends_with(&whole), "{pager}: {text}");
        assert!(!paged.exists());
    }
}

#[test]
fn a_job_with_a_terminal_gets_the_whole_report_at_once() {
    let plan = plan();
    let variables = [("CI", "true"), ("RELPLAN_PAGER", "cat > paged")];
    let Some((text, _)) = seen_with(plan.path(), &variables, &["report"]) else { return };
    assert!(text.lines().count() > 300, "{text}");
    assert!(!plan.path().join("paged").exists());
}

#[test]
fn a_report_of_one_screen_is_for_the_terminal() {
    let plan = plan();
    for arguments in [&["--format", "html"][..], &["--output", "report.md"]] {
        let output =
            relplan(plan.path()).args(["report", "--brief"]).args(arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains("leave out `--brief`"), "{}", err(&output));
        assert!(!plan.path().join("report.md").exists());
    }
}
