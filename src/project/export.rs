//! The plan of a revision as files in a private folder, so that it is read like any other. It lasts as long as its value.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::Request;
use super::base::place_of_config;
use super::git::{Base, Repository, Tree, TreeFile};
use super::locate::{CONFIG_NAME, DEFAULT_FOLDERS, start_of};
use super::output::LOG_NAME;
use super::plan_globs::PlanGlobs;
use super::ssh::Room;
use crate::config::Config;
use crate::error::Error;
use crate::source::yaml::LARGEST_FILE;
use crate::source::{FileId, SourceFile};

/// The plan of a revision, written out.
pub struct Export {
    /// The revision.
    pub base: Base,
    /// The request that reads it.
    pub request: Request,
    _room: Room,
}

impl Export {
    /// Writes the files that the plan of a revision is read from into a private folder.
    ///
    /// # Errors
    ///
    /// A revision that is not there, or a folder that cannot be written.
    pub fn of(request: &Request, revision: &str) -> Result<Export, Error> {
        let start = start_of(request);
        let repository = Repository::around(&start, revision)?;
        let base = repository.exactly(revision)?;
        let prefix = repository.prefix_of(&start)?;
        let tree = Tree::of(repository.clone(), &base.commit)?;
        let place = place_of_config(&tree, &prefix, request.plan.is_some());
        let root = match &place {
            Some(place) => place.strip_suffix(CONFIG_NAME).unwrap_or_default().to_owned(),
            None => prefix.clone(),
        };
        let files = wanted(&tree, &root, place.as_deref())?;
        let found: Vec<&TreeFile> = files.iter().filter_map(|path| tree.file(path)).collect();
        let contents = tree.contents(&found)?;
        let unwritable = |source| Error::Unwritable { path: std::env::temp_dir(), source };
        let room = Room::new().map_err(unwritable)?;
        let top = room.folder().to_owned();
        let folder = top.join(&root);
        std::fs::create_dir_all(&folder).map_err(unwritable)?;
        // With this file the folder is a work tree of the same repository, from which the base is read.
        let git = format!("gitdir: {}\n", repository.git_folder()?.display());
        std::fs::write(top.join(".git"), git).map_err(unwritable)?;
        for (path, bytes) in files.iter().zip(contents) {
            let path = top.join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(&top)).map_err(unwritable)?;
            std::fs::write(path, bytes).map_err(unwritable)?;
        }
        let mut request = Request {
            working_folder: folder.clone(),
            plan: place.is_some().then_some(folder),
            base_is_exact: true,
            ..request.clone()
        };
        if let Some(evidence) = &mut request.evidence {
            evidence.commit.get_or_insert_with(|| base.commit.clone());
        }
        Ok(Export { base, request, _room: room })
    }
}

/// The paths of the files that a plan is read from, its configuration, its evidence and its log among them.
fn wanted(tree: &Tree, root: &str, place: Option<&str>) -> Result<Vec<String>, Error> {
    let config = match place.and_then(|place| tree.file(place)).filter(|file| file.size <= LARGEST_FILE) {
        Some(file) => {
            let bytes = tree.contents(&[file])?.pop().unwrap_or_default();
            Config::read(FileId(0), &SourceFile::decode(CONFIG_NAME, bytes))
        }
        None => Config::default(),
    };
    let chooser = PlanGlobs::new(&config.files)?;
    let named = named(&config)?;
    let is_wanted = |rest: &str| {
        let path = Path::new(rest);
        let in_plan = place.is_some() || DEFAULT_FOLDERS.iter().any(|name| path.starts_with(name));
        let is_file = path.file_name().is_some_and(|name| {
            [CONFIG_NAME, LOG_NAME, crate::evidence::FILE_NAME].iter().any(|known| name == *known)
        });
        (in_plan && chooser.takes(path, path)) || named.is_match(path) || is_file
    };
    let inside = tree.below(root).filter(|(rest, file)| file.size <= LARGEST_FILE && is_wanted(rest));
    Ok(inside.map(|(rest, _)| format!("{root}{rest}")).collect())
}

/// What a configuration names beside the files of the plan. A folder of reports stands for all that is in it.
fn named(config: &Config) -> Result<GlobSet, Error> {
    let families = config.families.sorted();
    let headings = families.iter().filter_map(|family| family.external.as_ref());
    let headings = headings.flat_map(|external| external.headings.iter());
    let names =
        config.evidence.files.iter().chain(&config.calendar.holiday_files).chain(&config.allowed_signers);
    let mut set = GlobSetBuilder::new();
    for name in headings.chain(names).map(|name| name.value.trim_end_matches('/')) {
        for pattern in [name.to_owned(), format!("{name}/**")] {
            if let Ok(glob) = GlobBuilder::new(&pattern).literal_separator(true).build() {
                set.add(glob);
            }
        }
    }
    set.build().map_err(|error| Error::BadGlob { glob: "files".into(), reason: error.kind().to_string() })
}

impl std::fmt::Debug for Export {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Export").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Room {
    /// The folder.
    pub(super) fn folder(&self) -> &PathBuf {
        &self.folder
    }
}
