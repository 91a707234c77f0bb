//! What moves while a run takes its time: on a terminal, and nowhere else.

use crate::support::{self, folder, project};

/// What a check writes to a terminal whose `git` takes two seconds to find no commit.
#[cfg(unix)]
fn written(more: &[(&str, &str)], quiet: bool) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let mut python = support::python()?;
    let plan = folder(&[
        ("plan/a.yaml", "- {id: EPIC-1, title: A}\n"),
        ("bin/git", "#!/bin/sh\n/bin/sleep 2\nexit 128\n"),
    ]);
    let git = plan.path().join("bin/git");
    std::fs::set_permissions(&git, std::fs::Permissions::from_mode(0o755)).expect("it can be run");
    let program = env!("CARGO_BIN_EXE_relplan");
    python
        .env("PATH", plan.path().join("bin"))
        .env("TERM", "xterm")
        .env_remove("CI")
        .current_dir(plan.path());
    python.envs(more.iter().copied());
    python.args(["-c", support::TERMINAL, program, "check", "--base", "main"]);
    if quiet {
        python.arg("--quiet");
    }
    let output = python.output().expect("Python can be started");
    assert_eq!(output.status.code(), Some(2), "{}", support::err(&output));
    let text = support::out(&output);
    assert!(text.contains("error"), "{}: {text}", project().display());
    Some(text)
}

#[test]
#[cfg(unix)]
fn a_long_run_shows_that_it_goes_on_and_leaves_nothing_behind() {
    let Some(text) = written(&[], false) else { return };
    assert!(text.contains("relplan check, 1s"), "{text:?}");
    let (_, after) = text.rsplit_once("relplan check, ").expect("it was shown");
    assert!(after.contains("\u{1b}[2K") || after.contains("\r"), "the line is not cleared: {after:?}");
    let last = text.trim_end().lines().last().unwrap_or_default();
    assert!(!last.contains("relplan check,"), "{text:?}");
}

#[test]
#[cfg(unix)]
fn nothing_moves_where_nobody_looks() {
    for (more, quiet) in [(("CI", "true"), false), (("TERM", "dumb"), false), (("LANG", "C"), true)] {
        let Some(text) = written(&[more], quiet) else { return };
        assert!(!text.contains("relplan check,"), "{more:?}: {text:?}");
    }
}
