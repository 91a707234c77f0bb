//! The commits between deployments: which there are, their parents and their author times, asked once for all deployments.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;

use rustc_hash::{FxHashMap, FxHashSet};

use super::command;
use crate::metrics::{CommitHistory, CommitLog, LoggedCommit, RangeOfCommits};
use crate::model::Commit;

/// What Git knows of the commits of a range, in the repository of a folder.
pub fn commit_history(folder: &Path, range: &RangeOfCommits) -> CommitHistory {
    if range.of_period.is_empty() {
        return CommitHistory::Known(CommitLog::default());
    }
    read(folder, range).unwrap_or_else(|reason| CommitHistory::Unavailable(reason.to_owned()))
}

fn read(folder: &Path, range: &RangeOfCommits) -> Result<CommitHistory, &'static str> {
    let shallow = command(folder).args(["rev-parse", "--git-path", "shallow"]).output();
    let shallow = shallow.map_err(|_| "Git is not installed")?;
    if !shallow.status.success() {
        return Err("the plan is not in a Git repository");
    }
    let shallow = folder.join(String::from_utf8_lossy(&shallow.stdout).trim_end_matches(['\n', '\r']));
    let cut = match std::fs::read_to_string(&shallow) {
        Ok(text) => text.lines().map(str::to_owned).collect(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => FxHashSet::default(),
        Err(_) => return Err("the beginnings of the shallow clone cannot be read"),
    };
    let names = names(folder, range)?;
    let known = |commits: &[Commit], mark: &str| -> String {
        commits.iter().filter_map(|commit| names.get(commit)).map(|name| format!("{mark}{name}\n")).collect()
    };
    let wanted = known(&range.of_period, "");
    if wanted.is_empty() {
        return Ok(CommitHistory::Known(CommitLog { names, cut, ..CommitLog::default() }));
    }
    let log = ["log", "--stdin", "--no-show-signature", "--no-mailmap", "--format=tformat:%H %at %P"];
    let text = answer(folder, &log, wanted + &known(&range.before, "^"))?;
    let commits = text.lines().filter_map(logged).collect();
    Ok(CommitHistory::Known(CommitLog { names, commits, cut }))
}

/// The whole names of the commits that Git knows.
fn names(folder: &Path, range: &RangeOfCommits) -> Result<FxHashMap<Commit, String>, &'static str> {
    let asked: Vec<&Commit> = range.of_period.iter().chain(&range.before).collect();
    let lines = asked.iter().map(|commit| format!("{}^{{commit}}\n", commit.as_str())).collect();
    let text = answer(folder, &["cat-file", "--batch-check=%(objectname) %(objecttype)"], lines)?;
    // Git answers each line with one.
    let found = asked.iter().zip(text.lines()).filter_map(|(commit, line)| {
        let name = line.strip_suffix(" commit")?;
        let is_name = name.len() >= 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_name.then(|| ((*commit).clone(), name.to_owned()))
    });
    Ok(found.collect())
}

/// `<name> <author time> <parents>`.
fn logged(line: &str) -> Option<(String, LoggedCommit)> {
    let mut words = line.split(' ');
    let (name, authored) = (words.next()?, words.next()?.parse().ok()?);
    let parents = words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
    Some((name.to_owned(), LoggedCommit { parents, authored }))
}

/// What Git answers to lines; it answers while it is still being asked.
fn answer(folder: &Path, arguments: &[&str], asked: String) -> Result<String, &'static str> {
    const FAILED: &str = "Git cannot read the commits; run `git fsck`";
    let child = command(folder).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|_| "Git is not installed")?;
    let mut input = child.stdin.take();
    let mut text = Vec::new();
    let read = std::thread::scope(|scope| {
        scope.spawn(move || input.as_mut().map(|input| input.write_all(asked.as_bytes())));
        child.stdout.take().map(|mut output| output.read_to_end(&mut text))
    });
    let ended = child.wait();
    match matches!(read, Some(Ok(_))) && ended.is_ok_and(|status| status.success()) {
        true => String::from_utf8(text).map_err(|_| FAILED),
        false => Err(FAILED),
    }
}
