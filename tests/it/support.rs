//! What several tests need: the binary, a folder of one's own, other people's programs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of the project.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The binary with a scrubbed environment, standing in `folder`, on a fixed day.
pub fn relplan(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relplan"));
    command.current_dir(folder).env_clear().env("COLUMNS", "100");
    command
}

/// Runs relplan in `folder` with these arguments on 2026-11-20.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    relplan(folder).args(["--today", "2026-11-20"]).args(arguments).output().expect("relplan can be started")
}

/// What a run wrote to standard output.
pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a run wrote to standard error.
pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with these files, which is removed at the end of the test.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

/// Python with the packages of `tests/validators/requirements.txt`, or nothing where they are not
/// installed: a loud skip, and in CI a failure.
pub fn python() -> Option<Command> {
    let local = project().join("target/validators/bin/python");
    let python = std::env::var_os("RELPLAN_PYTHON").map_or(local, PathBuf::from);
    if python.exists() {
        return Some(Command::new(python));
    }
    skipped("no Python with validators");
    None
}

/// Says that a test was skipped, past the test runner, which shows only what failing tests print. In CI it
/// fails instead.
pub fn skipped(why: &str) {
    assert!(
        std::env::var_os("CI").is_none(),
        "{why}: in CI the validators must be installed: tests/validators/install"
    );
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}; run tests/validators/install");
}
