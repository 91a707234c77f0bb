//! The commit that a plan is compared with: where its branch left the base.

use super::Repository;
use crate::error::Error;

/// A commit that a plan is compared with, or whose configuration is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// What the user named: `origin/main`.
    pub revision: String,
    /// The commit, with all of its digits.
    pub commit: String,
    /// What places in its files begin with: the revision if it is the commit, or else the first digits of the commit.
    pub label: String,
}

/// How many digits name a commit.
const SHORT: usize = 12;

impl Repository {
    /// The merge base of a revision and the commit that is checked out: what the revision gained since then is no part
    /// of the change.
    pub fn merge_base(&self, revision: &str) -> Result<Base, Error> {
        let named = self.commit_of(revision)?;
        let head = self.ask(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
        let head = head.ok_or_else(|| {
            self.error("no commit is checked out", "commit the plan, then run the command again")
        })?;
        let found = self.ask(&["merge-base", &named, &head]);
        let commit = found.ok_or_else(|| self.no_merge_base(revision))?;
        let label = if commit == named { revision.to_owned() } else { commit.chars().take(SHORT).collect() };
        Ok(Base { revision: revision.to_owned(), commit, label })
    }

    /// The commit that a revision names.
    pub fn exactly(&self, revision: &str) -> Result<Base, Error> {
        let commit = self.commit_of(revision)?;
        Ok(Base { revision: revision.to_owned(), commit, label: revision.to_owned() })
    }

    fn commit_of(&self, revision: &str) -> Result<String, Error> {
        // Git would take it for an option, and `A..B` for two.
        if revision.starts_with('-') || revision.trim().is_empty() || revision.contains("..") {
            return Err(
                self.error("it is not a revision", "name a branch, a tag or a commit: `--base origin/main`")
            );
        }
        let wanted = format!("{revision}^{{commit}}");
        self.ask(&["rev-parse", "--verify", "--quiet", &wanted]).ok_or_else(|| self.unknown(revision))
    }

    fn unknown(&self, revision: &str) -> Error {
        let hint = format!("fetch it: `{}`", self.fetch_line(revision, self.is_shallow()));
        self.error("the repository has no such commit", hint)
    }

    fn no_merge_base(&self, revision: &str) -> Error {
        match self.is_shallow() {
            true => self.error(
                "the clone is shallow, and the commit where this branch left it is not there",
                format!("fetch the history: `{}`", self.fetch_line(revision, true)),
            ),
            false => self.error(
                "it has no commit in common with the one that is checked out",
                format!(
                    "name the branch that this one left, or fetch it: `{}`",
                    self.fetch_line(revision, false)
                ),
            ),
        }
    }

    fn is_shallow(&self) -> bool {
        self.ask(&["rev-parse", "--is-shallow-repository"]).is_some_and(|answer| answer == "true")
    }

    /// The line that makes a revision known under the name that was used, with the history up to it.
    fn fetch_line(&self, revision: &str, shallow: bool) -> String {
        let remotes = self.ask(&["remote"]).unwrap_or_default();
        let remotes: Vec<&str> = remotes.lines().collect();
        let usual = remotes.iter().find(|remote| **remote == "origin").or(remotes.first());
        let mut remote = usual.copied().unwrap_or("origin");
        let of_remote = remotes.iter().chain([&"origin"]).find_map(|remote| {
            let branch = revision.strip_prefix(remote)?.strip_prefix('/')?;
            Some((*remote, branch)).filter(|(_, branch)| !branch.is_empty())
        });
        let wanted = match of_remote {
            Some((name, branch)) => {
                remote = name;
                format!(" +refs/heads/{branch}:refs/remotes/{name}/{branch}")
            }
            None => self.refspec(revision),
        };
        if !shallow {
            return format!("git fetch {remote}{wanted}");
        }
        // The history of the commit that is checked out is cut off, too.
        let own = self.ask(&["symbolic-ref", "--short", "--quiet", "HEAD"]);
        let own = own.or_else(|| self.ask(&["rev-parse", "HEAD"])).unwrap_or_default();
        format!("git fetch --unshallow {remote}{wanted} {own}").trim_end().to_owned()
    }

    /// What to fetch for a name that is no branch of a remote.
    fn refspec(&self, revision: &str) -> String {
        let is_hash = revision.len() >= 7 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_name = revision.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
        let known = || self.ask(&["rev-parse", "--verify", "--quiet", revision]).is_some();
        match () {
            // `HEAD~3` and its like lie in the history of what is fetched anyway.
            () if !is_name || revision.starts_with("HEAD") => String::new(),
            () if is_hash || known() => format!(" {revision}"),
            () => format!(" {revision}:{revision}"),
        }
    }
}
