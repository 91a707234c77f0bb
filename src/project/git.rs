//! What Git tells of a commit. It is spawned read-only: no hook, no file system monitor, no network, and an environment
//! of its own, so that nothing of the repository is executed.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::model::Commit;

/// The most bytes of an answer that are looked at: a commit with its message is far shorter.
const LONGEST_ANSWER: usize = 1 << 20;

/// The parents of a commit; nothing if Git is not installed, or does not know the commit.
pub(super) fn parents(folder: &Path, commit: &Commit) -> Option<Vec<String>> {
    let output = command(folder).args(["cat-file", "commit", commit.as_str()]).output().ok()?;
    if !output.status.success() || output.stdout.len() > LONGEST_ANSWER {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    // The headers end with the first empty line; what stands behind it is the message.
    let headers = text.lines().take_while(|line| !line.is_empty());
    Some(headers.filter_map(|line| line.strip_prefix("parent ")).map(str::to_owned).collect())
}

/// Git in a folder, so that it reads and does nothing else.
fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .arg("--no-optional-locks")
        .args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"])
        .arg("-C")
        .arg(folder)
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .envs(std::env::var_os("HOME").map(|home| ("HOME", home)))
        .envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)))
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}
