//! What of the files that were read differs from the commit that is checked out. Contents are compared, not what the index
//! of Git says of them: it can be told to look away.

use std::path::Path;

use super::git::{Repository, Tree, TreeFile};
use super::locate::{CONFIG_NAME, DEFAULT_FOLDERS};
use super::plan_globs::PlanGlobs;
use super::{Project, head};
use crate::error::Error;
use crate::model::Commit;
use crate::source::{Contents, FileId, SourceFile};
use crate::verdict::work_tree::{ChangedFile, FileChange, FilePart, WorkTree};

/// What errors name that come of reading the commit.
const HEAD: &str = "HEAD";

impl Project {
    /// Compares the files that were read with the commit that is judged, if it is the one that is checked out.
    pub fn work_tree(&self, judged: &Result<Commit, String>) -> WorkTree {
        let (Ok(judged), Ok(head)) = (judged, head::head(&self.root)) else { return WorkTree::NotCompared };
        if !head.commit.is_same_as(judged) {
            return WorkTree::NotCompared;
        }
        match self.differences(&head.commit) {
            Ok(mut files) => {
                files.sort();
                WorkTree::Compared { files }
            }
            Err(Error::NoBase { reason, .. }) => WorkTree::Unknown { reason },
            Err(error) => WorkTree::Unknown { reason: error.to_string() },
        }
    }

    fn differences(&self, commit: &Commit) -> Result<Vec<ChangedFile>, Error> {
        let repository = Repository::around(&self.root, HEAD)?;
        let tree = Tree::of(repository.clone(), commit.as_str())?;
        let mut changed = self.deleted(&repository, &tree)?;
        let mut committed: Vec<(FileId, FilePart, &TreeFile)> = Vec::new();
        for ((id, file), path) in self.sources.iter().zip(&self.paths) {
            let (Some(path), Some(part)) = (path, self.part_of(id)) else { continue };
            match repository.path_of(path).map(|inside| tree.file(&inside)) {
                Some(Some(found)) => committed.push((id, part, found)),
                Some(None) => changed.push(ChangedFile::new(file, part, FileChange::Untracked)),
                // Reports may come from anywhere; a plan outside of the repository is in no commit of it.
                None if part == FilePart::Evidence => {}
                None => changed.push(ChangedFile::new(file, part, FileChange::Untracked)),
            }
        }
        let blobs: Vec<&TreeFile> = committed.iter().map(|(_, _, found)| *found).collect();
        for ((id, part, _), bytes) in committed.iter().zip(tree.contents(&blobs)?) {
            let file = self.sources.file(*id);
            if !is_same(&self.bytes_of(*id)?, &bytes) {
                changed.push(ChangedFile::new(file, *part, FileChange::Modified));
            }
        }
        Ok(changed)
    }

    /// What a file is read for; nothing if it is the file of another commit, or was not read.
    fn part_of(&self, id: FileId) -> Option<FilePart> {
        let file = self.sources.file(id);
        match file.contents() {
            Contents::TooLarge(_) | Contents::LinkLoop => None,
            _ if self.evidence_files.binary_search(&id).is_ok() => Some(FilePart::Evidence),
            _ if self.plan_files.binary_search(&id).is_ok() => Some(FilePart::Plan),
            _ if self.is_configured_by_revision => None,
            _ => Some(FilePart::Configuration),
        }
    }

    fn bytes_of(&self, id: FileId) -> Result<Vec<u8>, Error> {
        let file = self.sources.file(id);
        let path = self.paths.get(id.0 as usize).and_then(Option::as_ref);
        match (file.contents(), path) {
            // What is no UTF-8 was replaced when it was read.
            (Contents::Invalid(_), Some(path)) => {
                std::fs::read(path).map_err(|source| Error::Unreadable { path: path.clone(), source })
            }
            _ => Ok(file.encode(file.text().to_owned())),
        }
    }

    /// The files of the plan that only the commit has.
    fn deleted(&self, repository: &Repository, tree: &Tree) -> Result<Vec<ChangedFile>, Error> {
        let chooser = PlanGlobs::new(&self.config.files)?;
        let root = repository.prefix_of(&self.root)?;
        let folders: Vec<String> = match self.is_configured() {
            true => vec![root.clone()],
            false => DEFAULT_FOLDERS.iter().map(|name| format!("{root}{name}/")).collect(),
        };
        let mut deleted = Vec::new();
        for folder in &folders {
            for (walked, _) in tree.below(folder) {
                let path = format!("{folder}{walked}");
                let relative = path.strip_prefix(&root).unwrap_or(walked);
                let is_read =
                    chooser.takes(Path::new(relative), Path::new(walked)) && relative != CONFIG_NAME;
                if is_read && self.root.join(relative).symlink_metadata().is_err() {
                    let (file, part) = (relative.to_owned(), FilePart::Plan);
                    deleted.push(ChangedFile { file, part, change: FileChange::Deleted });
                }
            }
        }
        Ok(deleted)
    }
}

impl ChangedFile {
    fn new(file: &SourceFile, part: FilePart, change: FileChange) -> Self {
        ChangedFile { file: file.name().to_owned(), part, change }
    }
}

/// Whether two files have the same contents, however their lines end: Git may write other line ends than it keeps.
fn is_same(read: &[u8], committed: &[u8]) -> bool {
    read == committed || without_returns(read).eq(without_returns(committed))
}

fn without_returns(bytes: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let before_line = |at: usize| bytes.get(at + 1) == Some(&b'\n');
    bytes
        .iter()
        .enumerate()
        .filter(move |(at, byte)| **byte != b'\r' || !before_line(*at))
        .map(|(_, byte)| *byte)
}
