//! What Git tells of commits and of the files in them. It is spawned read-only: no hook, no file system monitor, no
//! network, and an environment of its own, so that nothing of the repository is executed.

mod base;
mod history;
mod objects;
mod tree;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::model::{Commit, Id, Prefix, id};

pub use base::Base;
pub use history::commit_history;
pub(super) use tree::{Tree, TreeFile};

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

/// The ids of a family that the files below a folder have on any local branch; none without Git.
pub fn ids_on_branches(folder: &Path, prefix: Prefix) -> Vec<Id> {
    let branches = command(folder).args(["for-each-ref", "--format=%(objectname)", "refs/heads"]).output();
    let Some(branches) = branches.ok().filter(|output| output.status.success()) else { return Vec::new() };
    let commits = String::from_utf8_lossy(&branches.stdout).into_owned();
    let mut commits: Vec<&str> = commits.lines().collect();
    commits.sort_unstable();
    commits.dedup();
    if commits.is_empty() {
        return Vec::new();
    }
    let pattern = format!("{prefix}-[0-9]+");
    let found = command(folder)
        .args(["grep", "-h", "-I", "-o", "-E", "--no-textconv", "-e", &pattern])
        .args(&commits)
        .args(["--", "."])
        .output();
    // It fails where it finds nothing.
    let text = found.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let mut ids: Vec<Id> = text.lines().filter_map(|line| id::parse(line.trim()).ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| id.prefix == prefix);
    ids
}

/// The folder at the top of the work tree that a folder lies in; nothing without Git or outside of a repository.
pub(super) fn top(folder: &Path) -> Option<PathBuf> {
    let output = command(folder).args(["rev-parse", "--show-toplevel"]).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']).to_owned();
    (output.status.success() && !text.is_empty()).then(|| PathBuf::from(text))
}

/// The tags of a repository; none without Git.
pub(super) fn tags(folder: &Path) -> Vec<String> {
    let output = command(folder).args(["tag", "--list"]).output();
    let text = output.ok().filter(|output| output.status.success()).map(|output| output.stdout);
    String::from_utf8_lossy(&text.unwrap_or_default()).lines().map(str::to_owned).collect()
}

/// Whether files that Git tracks differ from the commit that is checked out; nothing if Git cannot say.
pub fn is_modified(folder: &Path) -> Option<bool> {
    let output =
        command(folder).args(["status", "--porcelain", "--untracked-files=no", "-z"]).output().ok()?;
    output.status.success().then_some(!output.stdout.is_empty())
}

/// Whether the commit that is checked out has a file of this path, from an existing folder.
pub(super) fn is_committed(folder: &Path, path: &Path) -> bool {
    let listed = command(folder).args(["ls-tree", "-z", "--name-only", "HEAD", "--"]).arg(path).output();
    listed.is_ok_and(|listed| listed.status.success() && !listed.stdout.is_empty())
}

/// The repository that a folder lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repository {
    /// The folder at the top of its work tree.
    pub top: PathBuf,
    /// What the user named, for errors.
    revision: String,
}

impl Repository {
    /// The repository of a folder, to read a revision from it.
    pub fn around(folder: &Path, revision: &str) -> Result<Repository, Error> {
        let mut repository = Repository { top: folder.to_owned(), revision: revision.to_owned() };
        let top = repository.line(&["rev-parse", "--show-toplevel"])?;
        repository.top = PathBuf::from(top);
        Ok(repository)
    }

    /// The path of an existing folder from the top of the work tree, with `/` at its end unless it is empty.
    pub fn prefix_of(&self, folder: &Path) -> Result<String, Error> {
        let inside = Repository { top: folder.to_owned(), revision: self.revision.clone() };
        inside.line(&["rev-parse", "--show-prefix"])
    }

    /// The path of a file from the top of the work tree; nothing if it lies outside of it.
    pub fn path_of(&self, path: &Path) -> Option<String> {
        let folder = std::fs::canonicalize(path.parent()?).ok()?;
        let top = std::fs::canonicalize(&self.top).ok()?;
        let inside = folder.strip_prefix(top).ok()?.join(path.file_name()?);
        let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Some(parts.join("/"))
    }

    /// The folder that Git keeps this work tree's part of the repository in.
    pub fn git_folder(&self) -> Result<PathBuf, Error> {
        self.line(&["rev-parse", "--absolute-git-dir"]).map(PathBuf::from)
    }

    /// The paths of the files that differ between a commit and the work tree, from the top of it.
    pub fn changed_since(&self, commit: &str) -> Result<Vec<String>, Error> {
        let mut arguments = self.without_filters();
        let diff = ["diff", "--name-only", "-z", "--no-ext-diff", "--no-textconv", "--no-renames"];
        arguments.extend(diff.map(str::to_owned));
        arguments.extend(["--ignore-submodules=dirty", commit, "--"].map(str::to_owned));
        let listed = self.run(&arguments)?;
        let paths = listed.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        Ok(paths.map(|path| String::from_utf8_lossy(path).into_owned()).collect())
    }

    /// Settings that switch off every filter of the repository: to compare files, Git would run them.
    fn without_filters(&self) -> Vec<String> {
        let pattern = r"^filter\..*\.(clean|smudge|process|required)$";
        let known = self.ask(&["config", "--name-only", "--get-regexp", pattern]).unwrap_or_default();
        let off = known.lines().map(|name| match name.ends_with(".required") {
            true => format!("{name}=false"),
            false => format!("{name}="),
        });
        off.flat_map(|setting| ["-c".to_owned(), setting]).collect()
    }

    /// What Git writes to standard output; an error with its own words if it fails.
    fn run<T: AsRef<OsStr>>(&self, arguments: &[T]) -> Result<Vec<u8>, Error> {
        let output = command(&self.top).args(arguments).stderr(Stdio::piped()).output();
        let output = output.map_err(|error| self.without_git(&error))?;
        match output.status.success() {
            true => Ok(output.stdout),
            false => Err(self.refused(&String::from_utf8_lossy(&output.stderr))),
        }
    }

    /// The one line that Git writes.
    fn line<T: AsRef<OsStr>>(&self, arguments: &[T]) -> Result<String, Error> {
        let bytes = self.run(arguments)?;
        Ok(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned())
    }

    /// The one line that Git writes; nothing if it says no.
    fn ask<T: AsRef<OsStr>>(&self, arguments: &[T]) -> Option<String> {
        let output = command(&self.top).args(arguments).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout);
        output.status.success().then(|| text.trim_end_matches(['\n', '\r']).to_owned())
    }

    /// An error about a revision without a configuration.
    pub fn without_config(&self, path: &str) -> Error {
        self.error(
            format!("it has no `{path}`"),
            "name a revision that has one, or leave out `--config-from`",
        )
    }

    /// An error about a configuration that was moved, nobody can tell from where.
    pub fn ambiguous_move(&self, paths: &[&str]) -> Error {
        let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
        let reason = format!("relplan.toml was moved, and may have been any of {}", paths.join(", "));
        self.error(reason, "move it in a change of its own, and compare the plan afterwards")
    }

    /// An error about the revision that was named.
    fn error(&self, reason: impl Into<String>, hint: impl Into<String>) -> Error {
        Error::NoBase { revision: self.revision.clone(), reason: reason.into(), hint: hint.into() }
    }

    fn without_git(&self, error: &std::io::Error) -> Error {
        self.error(format!("`git` cannot be started: {error}"), "install Git, or add it to PATH")
    }

    /// What Git refuses, in its own words.
    fn refused(&self, words: &str) -> Error {
        let first = words.lines().find(|line| !line.trim().is_empty()).unwrap_or("git failed");
        let reason = first.trim().trim_start_matches("fatal: ");
        let hint = if reason.contains("not a git repository") {
            "run relplan in a clone of the repository, with its history: `git fetch --unshallow`"
        } else if reason.contains("dubious ownership") {
            "trust the folder: `git config --global --add safe.directory \"$PWD\"`"
        } else {
            "run `git status` in this folder, and fix what it reports"
        };
        self.error(reason, hint)
    }
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
        .env("GIT_LITERAL_PATHSPECS", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}
