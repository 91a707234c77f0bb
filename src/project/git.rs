//! What Git tells of a commit. It is spawned read-only: no hook, no file system monitor, no network, and an environment
//! of its own, so that nothing of the repository is executed.

use std::path::Path;
use std::process::{Command, Stdio};

use chrono::{DateTime, Utc};

use crate::model::Commit;

/// The most bytes of an answer that are looked at: a commit with its message is far shorter.
const LONGEST_ANSWER: usize = 1 << 20;

/// What Git knows of a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// Its parents.
    pub parents: Vec<String>,
    /// When it was made.
    pub time: Option<DateTime<Utc>>,
}

/// What Git knows of a commit; nothing if Git is not installed, or does not know it.
pub(super) fn known(folder: &Path, commit: &Commit) -> Option<Known> {
    let output = command(folder).args(["cat-file", "commit", commit.as_str()]).output().ok()?;
    if !output.status.success() || output.stdout.len() > LONGEST_ANSWER {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    // The headers end with the first empty line; what stands behind it is the message.
    let mut known = Known::default();
    for line in text.lines().take_while(|line| !line.is_empty()) {
        if let Some(parent) = line.strip_prefix("parent ") {
            known.parents.push(parent.to_owned());
        } else if line.starts_with("committer ") {
            // It ends with the seconds since 1970 and the offset of the zone.
            let seconds = line.rsplit(' ').nth(1).and_then(|seconds| seconds.parse().ok());
            known.time = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        }
    }
    Some(known)
}

/// Whether files that Git tracks differ from the commit that is checked out; nothing if Git cannot say.
pub fn is_modified(folder: &Path) -> Option<bool> {
    let output =
        command(folder).args(["status", "--porcelain", "--untracked-files=no", "-z"]).output().ok()?;
    output.status.success().then_some(!output.stdout.is_empty())
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
