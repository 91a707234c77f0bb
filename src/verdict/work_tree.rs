//! How the files that were read differ from the commit that is judged, where that is the one that is checked out.

use schemars::JsonSchema;
use serde::Serialize;

use super::check::{Check, CheckKind, Judged};
use super::gates::{CheckTable, JudgedCriterion, criterion};
use super::{Judge, Verdict};
use crate::config::WorkTreeChanges;

/// How the work tree stands to the commit that is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum WorkTree {
    /// It was not compared: there is no repository, or another commit is judged.
    #[default]
    NotCompared,
    /// It was compared.
    Compared {
        /// The files that differ, by path.
        files: Vec<ChangedFile>,
    },
    /// Git could not tell.
    Unknown {
        /// Why.
        reason: String,
    },
}

/// A file that differs from the commit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ChangedFile {
    /// Its path.
    pub file: String,
    /// What it is read for.
    pub part: FilePart,
    /// How it differs.
    pub change: FileChange,
}

/// What a file is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilePart {
    /// Settings: `relplan.toml`, and what it names beside plan and evidence.
    Configuration,
    /// Entries and records.
    Plan,
    /// Reports.
    Evidence,
}

/// How a file differs from a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileChange {
    /// It has other contents.
    Modified,
    /// The commit does not have it.
    Untracked,
    /// Only the commit has it.
    Deleted,
}

impl FileChange {
    /// As people call it.
    pub const fn word(self) -> &'static str {
        match self {
            FileChange::Modified => "modified",
            FileChange::Untracked => "untracked",
            FileChange::Deleted => "deleted",
        }
    }
}

/// How many files are named.
const NAMED: usize = 5;

impl WorkTree {
    /// The files whose difference counts: all but new reports, which a pipeline makes for a commit and adds to none.
    pub fn counted(&self) -> Vec<&ChangedFile> {
        let WorkTree::Compared { files } = self else { return Vec::new() };
        let is_new =
            |file: &ChangedFile| file.part == FilePart::Evidence && file.change == FileChange::Untracked;
        files.iter().filter(|file| !is_new(file)).collect()
    }

    /// How many reports the commit does not have.
    pub fn new_reports(&self) -> usize {
        match self {
            WorkTree::Compared { files } => files.len() - self.counted().len(),
            WorkTree::NotCompared | WorkTree::Unknown { .. } => 0,
        }
    }

    /// What differs and counts, in words; nothing if nothing does.
    pub fn difference(&self) -> Option<String> {
        if let WorkTree::Unknown { reason } = self {
            return Some(format!("cannot be compared with the commit: {reason}"));
        }
        let counted = self.counted();
        let count = match counted.len() {
            0 => return None,
            1 => "1 file differs from the commit".to_owned(),
            count => format!("{count} files differ from the commit"),
        };
        let named =
            counted.iter().take(NAMED).map(|file| format!("`{}` ({})", file.file, file.change.word()));
        let named: Vec<String> = named.collect();
        let more = counted.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Some(format!("{count}: {}{more}", named.join(", ")))
    }
}

impl Judge<'_> {
    /// That what was read is what the commit has, if it is not: whoever checks out the commit would read something else.
    pub(super) fn work_tree_is_clean(&self, table: &mut CheckTable) -> Option<JudgedCriterion> {
        const NAME: &str = "The work tree matches the commit";
        let work_tree = self.basis.facts.work_tree;
        let difference = work_tree.difference()?;
        let verdict = match self.basis.profile.work_tree {
            WorkTreeChanges::Accept => return None,
            WorkTreeChanges::Warn => Verdict::Warn,
            WorkTreeChanges::Unknown => Verdict::Unknown,
        };
        let make = || {
            let next = match work_tree {
                WorkTree::Unknown { .. } => "run `git status` in this folder, and fix what it reports",
                _ => "commit or restore the files, then run the command again",
            };
            let judged = Judged::new(verdict, difference, next);
            Check::of_gate("plan/work-tree".to_owned(), CheckKind::Plan, NAME, judged)
        };
        let at = table.put((CheckKind::Plan, NAME.to_owned()), make);
        Some(criterion(NAME, None, vec![(at, true)], work_tree.counted().len(), table))
    }
}
