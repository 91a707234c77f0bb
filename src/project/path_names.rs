//! The folder that machine formats name files from, wherever the user stands: the root of the repository, or
//! that of the plan where there is none.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

/// Names files from a folder.
#[derive(Debug, Default)]
pub(super) struct PathNames {
    folder: PathBuf,
    /// Folders of files without links and detours, so that each is asked about once.
    folders: FxHashMap<PathBuf, PathBuf>,
}

impl PathNames {
    /// The names of the files of a plan whose root is `plan`. Outside of a repository they begin at `outer`, if there is one,
    /// where several plans are read together.
    pub fn of(plan: &Path, outer: Option<&Path>) -> Self {
        let plan = canonical(plan);
        let outer = outer.map(canonical);
        let repository = plan.ancestors().find(|folder| is_repository(folder));
        PathNames {
            folder: repository.or(outer.as_deref()).unwrap_or(&plan).to_owned(),
            folders: FxHashMap::default(),
        }
    }

    /// What the folder itself is called.
    pub fn folder_name(&self) -> Option<String> {
        self.folder.file_name().map(|name| name.to_string_lossy().into_owned())
    }

    /// The path of a file from the folder, with `/` between its parts; nothing if it lies elsewhere.
    pub fn name(&mut self, path: &Path) -> Option<String> {
        let folder = path.parent()?;
        if !self.folders.contains_key(folder) {
            self.folders.insert(folder.to_owned(), canonical(folder));
        }
        let below = self.folders.get(folder)?.strip_prefix(&self.folder).ok()?;
        let parts = below.components().map(|part| part.as_os_str()).chain(path.file_name());
        Some(parts.map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
    }
}

/// Whether a folder is the top of a work tree. Git passes over folders that only have the name.
pub(super) fn is_repository(folder: &Path) -> bool {
    folder.join(".git").is_file() || folder.join(".git/HEAD").symlink_metadata().is_ok()
}

fn canonical(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_repository_or_else_the_plan() {
        let at = tempfile::tempdir().expect("a folder");
        let plan = at.path().join("app");
        std::fs::create_dir_all(plan.join("release")).expect("a folder");
        let file = plan.join("release/../release/a.yaml");
        assert_eq!(PathNames::of(&plan, None).name(&file).as_deref(), Some("release/a.yaml"));
        assert_eq!(PathNames::of(&plan, None).name(&at.path().join("b.yaml")), None);
        assert_eq!(PathNames::of(&plan, Some(at.path())).name(&file).as_deref(), Some("app/release/a.yaml"));
        std::fs::create_dir(at.path().join(".git")).expect("a folder");
        assert_eq!(PathNames::of(&plan, None).name(&file).as_deref(), Some("release/a.yaml"));
        std::fs::write(at.path().join(".git/HEAD"), "").expect("a file");
        assert_eq!(PathNames::of(&plan, None).name(&file).as_deref(), Some("app/release/a.yaml"));
        assert_eq!(
            PathNames::of(&plan.join("release/.."), None).name(&plan.join("x")).as_deref(),
            Some("app/x")
        );
    }
}
