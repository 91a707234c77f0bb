//! Completions ask the plan, every command has a manual page, and the help lists the commands by group.

use std::path::Path;
use std::process::Command;

use crate::support::{self, code, err, out, project, run};

/// What a shell is offered behind these words.
fn offered(folder: &Path, words: &[&str]) -> String {
    let mut command: Command = support::relplan(folder);
    command.env("RELPLAN_COMPLETE", "fish").arg("--").arg("relplan").args(words);
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", err(&output));
    out(&output)
}

#[test]
fn a_shell_is_offered_what_the_plan_has() {
    let folder = project().join("examples/cloudconnect");
    for (words, expected) in [
        (&["trace", "EPIC-0"][..], "EPIC-01\tAI integration engine"),
        (&["rename", "RISK-00"], "RISK-001\t"),
        (&["gate", "prod"], "production\t"),
        (&["report", "--release", "n"], "next\tthe earliest release"),
        (&["explain", "owner-m"], "owner-missing\t"),
        (&["list", "--family", "MO"], "MON\t8 entries"),
        (&["checklist", "--format", "h"], "html"),
        (&["sta"], "status\t"),
    ] {
        let found = offered(&folder, words);
        assert!(found.contains(expected), "{words:?}: {found}");
    }
    let elsewhere = tempfile::tempdir().expect("a folder");
    assert_eq!(offered(elsewhere.path(), &["trace", "EPIC-0"]), "");
    let named = ["trace", "--plan", folder.to_str().expect("a path"), "EPIC-0"];
    assert!(offered(elsewhere.path(), &named).contains("EPIC-01"));
}

#[test]
fn each_shell_gets_a_line_that_asks() {
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(folder.path(), &["completions", shell]);
        assert!(out(&output).contains("RELPLAN_COMPLETE"), "{shell}: {}", out(&output));
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(folder.path(), &["man", "--output-dir", "."]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let commands = relplan::cli::command();
    for name in commands.get_subcommands().map(clap_name) {
        let page = std::fs::read_to_string(folder.path().join(format!("relplan-{name}.1"))).expect("a page");
        assert!(page.contains(&format!("relplan\\-{}", name.replace('-', "\\-"))), "{name}: {page}");
        assert_eq!(out(&run(folder.path(), &["man", &name])), page, "{name}");
    }
    let output = run(folder.path(), &["man", "nonsense"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("unknown command `nonsense`"), "{}", err(&output));
}

fn clap_name(command: &clap::Command) -> String {
    command.get_name().to_owned()
}
