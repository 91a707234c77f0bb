//! Which commits each deployment brought to production, from what Git knows of them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Deployment;
use crate::model::Commit;

/// What is known of the commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommitHistory {
    /// Nothing, and why.
    Unavailable(String),
    /// What Git says.
    Known(CommitLog),
}

/// The commits between deployments, as Git knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommitLog {
    /// The whole names of the commits that deployments name; those that Git does not know are absent.
    pub names: FxHashMap<Commit, String>,
    /// The commits of the range, by their whole names.
    pub commits: FxHashMap<String, LoggedCommit>,
    /// The commits whose parents a shallow clone leaves out.
    pub cut: FxHashSet<String>,
}

/// A commit of the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedCommit {
    /// The parents, also those outside of the range.
    pub parents: Vec<String>,
    /// The author time, in seconds since 1970.
    pub authored: i64,
}

/// The commits that Git is asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RangeOfCommits {
    /// Those that were deployed in the period.
    pub of_period: Vec<Commit>,
    /// Those that were deployed before: what they contain was deployed already.
    pub before: Vec<Commit>,
}

/// The commits to ask about: of the deployments from the position `first` on, and of those before.
pub(super) fn range(deployments: &[&Deployment], first: usize) -> RangeOfCommits {
    let commits = |part: &[&Deployment]| {
        let mut seen = FxHashSet::default();
        part.iter()
            .filter_map(|one| one.commit.clone())
            .filter(|commit| seen.insert(commit.clone()))
            .collect()
    };
    let (before, of_period) = deployments.split_at(first.min(deployments.len()));
    RangeOfCommits { of_period: commits(of_period), before: commits(before) }
}

/// Why the commits of a deployment are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum NoCommits {
    /// It names no commit.
    NotStated,
    /// Git does not know its commit.
    NotInRepository,
    /// It is the first on record, so that its commits have no beginning.
    First,
    /// The deployment before it names no commit that Git knows, so that some of these may have been its.
    PreviousUnknown,
    /// The clone is shallow, and commits between both are missing.
    Shallow,
}

impl NoCommits {
    /// How many deployments are left out for this, in words.
    pub fn words(self) -> &'static str {
        match self {
            NoCommits::NotStated => "no commit is recorded",
            NoCommits::NotInRepository => "the commit is not in the repository",
            NoCommits::First => "first deployment on record",
            NoCommits::PreviousUnknown => "the commit of the deployment before is not known",
            NoCommits::Shallow => "the clone is shallow",
        }
    }
}

/// The author times of the commits that each deployment from the position `first` on brought: those that it contains and
/// none before it does. Merge commits bring no change of their own and are left out.
pub(super) fn brought(
    deployments: &[&Deployment],
    first: usize,
    log: &CommitLog,
) -> Vec<Result<Vec<i64>, NoCommits>> {
    let name = |deployment: &Deployment| deployment.commit.as_ref().and_then(|commit| log.names.get(commit));
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let own = |(at, deployment): (usize, &&Deployment)| {
        let found = name(deployment).map(|name| walk(name, log, &mut seen));
        let Some(found) = found else {
            let is_stated = deployment.commit.is_some();
            return Err(if is_stated { NoCommits::NotInRepository } else { NoCommits::NotStated });
        };
        let before = at.checked_sub(1).map(|before| name(deployments[before]));
        match before {
            None => Err(NoCommits::First),
            Some(None) => Err(NoCommits::PreviousUnknown),
            Some(Some(_)) => found,
        }
    };
    deployments.iter().enumerate().skip(first).map(own).collect()
}

/// The author times of the commits that one contains and that were not seen before.
fn walk<'l>(name: &'l str, log: &'l CommitLog, seen: &mut FxHashSet<&'l str>) -> Result<Vec<i64>, NoCommits> {
    let mut authored = Vec::new();
    let mut is_cut = false;
    let mut waiting = vec![name];
    while let Some(name) = waiting.pop() {
        // What is not in the range was deployed before it.
        let Some(commit) = log.commits.get(name) else { continue };
        if !seen.insert(name) {
            continue;
        }
        is_cut |= log.cut.contains(name);
        if commit.parents.len() < 2 {
            authored.push(commit.authored);
        }
        waiting.extend(commit.parents.iter().map(String::as_str));
    }
    if is_cut { Err(NoCommits::Shallow) } else { Ok(authored) }
}
