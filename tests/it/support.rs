//! What several tests need: the binary, a folder of one's own, other people's programs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A whole file, in which nothing is found.
pub const GOOD: &str = "\
- id: EPIC-1
  title: Users sign in
  state: In Progress
  owner: Engineering
  tests: TEST-1
- id: TEST-1
  title: A user signs in
  owner: QA Lead
";

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

/// How a run ended.
pub fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

/// Runs relplan in `folder` on 2026-11-20, with a text as its input.
pub fn with_input(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = relplan(folder);
    command.args(["--today", "2026-11-20"]).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("relplan can be started");
    // What is refused at once ends before it has read anything.
    if let Err(error) = child.stdin.take().expect("its input").write_all(input.as_bytes()) {
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe, "{error}");
    }
    child.wait_with_output().expect("it ends")
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
pub fn folder<T: AsRef<[u8]>>(files: &[(&str, T)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

/// One finding of `relplan check --format json`, with its places as `file:line:column`, the primary one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub rule: String,
    pub level: String,
    pub message: String,
    pub places: Vec<String>,
}

/// The findings in the output of `relplan check --format json`.
pub fn found(json: &str) -> Vec<Found> {
    let report: serde_json::Value =
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    let findings = report["findings"].as_array().expect("a list of findings");
    findings.iter().map(read_finding).collect()
}

fn read_finding(finding: &serde_json::Value) -> Found {
    let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let related = finding["related"].as_array().into_iter().flatten();
    let locations = finding.get("location").into_iter().chain(related);
    let places = locations.map(|location| {
        let (file, start) = (location["file"].as_str().unwrap_or_default(), &location["start"]);
        format!("{file}:{}:{}", start["line"], start["column"])
    });
    Found { rule: text("rule"), level: text("level"), message: text("message"), places: places.collect() }
}

/// A copy of a folder, which is removed at the end of the test.
pub fn copy(from: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy_into(from, folder.path());
    folder
}

/// Copies what is in a folder into another, which is made if it is not there.
pub fn copy_into(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for item in std::fs::read_dir(from).expect("a folder").map(|item| item.expect("an item")) {
        let target = to.join(item.file_name());
        if item.path().is_dir() {
            copy_into(&item.path(), &target);
        } else {
            std::fs::copy(item.path(), target).expect("a copy");
        }
    }
}

/// The names and bytes of all files of a folder, sorted.
pub fn snapshot(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for item in std::fs::read_dir(folder).expect("a folder").map(|item| item.expect("an item").path()) {
        if item.is_dir() {
            files.extend(snapshot(&item));
        } else {
            files.push((item.display().to_string(), std::fs::read(&item).unwrap_or_default()));
        }
    }
    files.sort();
    files
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

/// A program that one of the packages of `tests/validators/requirements.txt` brings, or nothing where it is not
/// installed.
pub fn installed(program: &str) -> Option<PathBuf> {
    let path = project().join("target/validators/bin").join(program);
    if path.exists() {
        return Some(path);
    }
    skipped(&format!("no {program}"));
    None
}

/// What `validate.py` says in `folder`: what it printed, or what is wrong. Nothing where it, or a package
/// that it needs, is not installed.
pub fn accepted(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let Some(mut python) = python() else { return Ok(String::new()) };
    let script = project().join("tests/validators/validate.py");
    let output =
        python.current_dir(folder).arg(script).args(arguments).output().expect("Python can be started");
    match output.status.code() {
        Some(0) => Ok(out(&output)),
        Some(3) => {
            skipped(err(&output).trim());
            Ok(String::new())
        }
        _ => Err(err(&output)),
    }
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

/// A Python program that runs a command on a terminal of its own, of 100 columns and 30 lines, and prints what it wrote
/// there.
pub(crate) const TERMINAL: &str = "
import fcntl, os, pty, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 30, 100, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
written = b''
while True:
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    written += part
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(written)
sys.exit(os.waitstatus_to_exitcode(status))
";
