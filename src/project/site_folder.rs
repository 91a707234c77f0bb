//! The folder of a site: which files in it are relplan's, and how a new site takes the place of an earlier one.
//!
//! A manifest names the files that relplan wrote. Only these are ever replaced or removed; everything else in the folder
//! belongs to somebody else.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::lock::{self, Lock};
use super::write;
use crate::error::Error;

/// What names the files of the site.
pub const MANIFEST: &str = ".relplan-site.json";

/// The folder in which a new site is put together before it takes the place of an earlier one.
const STAGE: &str = ".relplan-site-stage";

/// The form of the manifest.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Manifest {
    version: u32,
    files: BTreeSet<String>,
}

/// A folder that is empty, not there yet, or a site of relplan.
#[derive(Debug)]
pub struct SiteFolder {
    path: PathBuf,
    own: BTreeSet<String>,
}

/// A file of a site that is not as the plan gives it now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StaleFile {
    /// Its path in the folder.
    pub path: String,
    /// What is wrong with it.
    pub state: StaleState,
}

/// What is wrong with a file of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StaleState {
    /// It says something else.
    Differs,
    /// It is not there.
    Missing,
    /// The plan does not give it any more.
    LeftOver,
}

impl SiteFolder {
    /// Looks at a folder.
    ///
    /// # Errors
    ///
    /// If it holds files and is no site of relplan, is no folder, or cannot be read.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
        let mut items = match fs::read_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(SiteFolder { path: path.to_owned(), own: BTreeSet::new() });
            }
            items => items.map_err(unreadable)?,
        };
        let own = match fs::read(path.join(MANIFEST)) {
            Ok(bytes) => manifest(&bytes).ok_or_else(|| Error::NotASite { path: path.to_owned() })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // What a killed run left holds nobody's files.
                let is_foreign = |item: io::Result<fs::DirEntry>| {
                    item.map(|item| item.file_name() != STAGE && item.file_name() != lock::FILE)
                };
                if items.any(|item| is_foreign(item).unwrap_or(true)) {
                    return Err(Error::NotASite { path: path.to_owned() });
                }
                BTreeSet::new()
            }
            Err(source) => return Err(Error::Unreadable { path: path.join(MANIFEST), source }),
        };
        Ok(SiteFolder { path: path.to_owned(), own })
    }

    /// Begins to put a new site together, once nobody else does.
    ///
    /// # Errors
    ///
    /// If the folder cannot be written to, or has become that of somebody else.
    pub fn stage(&mut self) -> Result<Stage<'_>, Error> {
        let path = self.path.join(STAGE);
        let unwritable = |source| Error::Unwritable { path: path.clone(), source };
        let is_new = !self.path.exists();
        fs::create_dir_all(&self.path).map_err(unwritable)?;
        let lock = Lock::of_folder(&self.path)?;
        // Whoever was first may have written other files.
        *self = SiteFolder::open(&self.path)?;
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unwritable(error)),
            _ => {}
        }
        fs::create_dir(&path).map_err(unwritable)?;
        Ok(Stage { folder: self, path, is_new, _lock: lock })
    }

    /// A file of the site as it is now; nothing if it is not there.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn state(&self, path: &str, text: &str) -> Result<Option<StaleFile>, Error> {
        let file = self.path.join(path);
        let state = match fs::read(&file) {
            Ok(bytes) if bytes == text.as_bytes() => return Ok(None),
            Ok(_) => StaleState::Differs,
            Err(error) if error.kind() == io::ErrorKind::NotFound => StaleState::Missing,
            Err(source) => return Err(Error::Unreadable { path: file, source }),
        };
        Ok(Some(StaleFile { path: path.to_owned(), state }))
    }

    /// The files of the earlier site that a new one does not have, as far as they are there.
    pub fn left_over(&self, files: &[String]) -> Vec<StaleFile> {
        let new: BTreeSet<&str> = files.iter().map(String::as_str).collect();
        let gone =
            self.own.iter().filter(|path| !new.contains(path.as_str()) && self.path.join(path).exists());
        gone.map(|path| StaleFile { path: path.clone(), state: StaleState::LeftOver }).collect()
    }

    fn write_manifest(&self, files: BTreeSet<String>) -> Result<(), Error> {
        let path = self.path.join(MANIFEST);
        let manifest = Manifest { version: 1, files };
        let text = serde_json::to_string_pretty(&manifest)
            .map_err(|error| Error::Unwritable { path: path.clone(), source: error.into() })?;
        write::whole(&path, format!("{text}\n").as_bytes())
    }
}

/// The first part of a path.
fn top(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

/// Does something that makes a file, whose folder is made if it is not there: mostly it is.
fn into_folder(file: &Path, make: impl Fn() -> io::Result<()>) -> io::Result<()> {
    match (make(), file.parent()) {
        (Err(error), Some(folder)) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            make()
        }
        (made, _) => made,
    }
}

/// The files that a manifest names; nothing if it is none. A path that leads out of the folder is none of ours.
fn manifest(bytes: &[u8]) -> Option<BTreeSet<String>> {
    let manifest: Manifest = serde_json::from_slice(bytes).ok()?;
    let is_inside = |path: &String| {
        !path.contains('\\') && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
    };
    (manifest.version == 1 && manifest.files.iter().all(is_inside)).then_some(manifest.files)
}

/// A site that is being put together. It goes when it is dropped before it is finished.
pub struct Stage<'f> {
    folder: &'f SiteFolder,
    path: PathBuf,
    is_new: bool,
    /// Held until everything else is done.
    _lock: Lock,
}

impl Stage<'_> {
    /// Puts a file into it. A site is made again in seconds: unlike records, its files are not forced to the disk one by
    /// one.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn put(&self, path: &str, text: &str) -> Result<(), Error> {
        let file = self.path.join(path);
        into_folder(&file, || fs::write(&file, text))
            .map_err(|source| Error::Unwritable { path: self.folder.path.join(path), source })
    }

    /// Puts the site where it belongs and removes what is left of the earlier one. Ends with how many files were removed.
    ///
    /// # Errors
    ///
    /// If a file would replace one that is not relplan's, or a file cannot be moved. In the first case nothing changed.
    pub fn finish(self, files: &[String]) -> Result<usize, Error> {
        let folder = self.folder;
        for path in files {
            self.refuse_foreign(path)?;
        }
        let new: BTreeSet<String> = files.iter().cloned().collect();
        // Whatever happens next, a later run knows which files are its own.
        folder.write_manifest(folder.own.union(&new).cloned().collect())?;
        let moved = self.move_new_folders(files)?;
        for path in files.iter().filter(|path| !moved.contains(top(path))) {
            let target = folder.path.join(path);
            into_folder(&target, || fs::rename(self.path.join(path), &target))
                .map_err(|source| Error::Unwritable { path: target.clone(), source })?;
        }
        let left_over = folder.left_over(files);
        for StaleFile { path, .. } in &left_over {
            let target = folder.path.join(path);
            fs::remove_file(&target).map_err(|source| Error::Unwritable { path: target.clone(), source })?;
            // A folder that is empty now goes, too; one with files of others stays.
            let parents = Path::new(path).ancestors().skip(1).filter(|parent| !parent.as_os_str().is_empty());
            for parent in parents {
                let _ = fs::remove_dir(folder.path.join(parent));
            }
        }
        folder.write_manifest(new)?;
        Ok(left_over.len())
    }

    /// Moves the folders of the new site that the earlier one does not have, each in one step; which they are.
    fn move_new_folders<'p>(&self, files: &'p [String]) -> Result<BTreeSet<&'p str>, Error> {
        let folders: BTreeSet<&str> =
            files.iter().filter(|path| path.contains('/')).map(|path| top(path)).collect();
        let mut moved = BTreeSet::new();
        for name in folders {
            let target = self.folder.path.join(name);
            if fs::symlink_metadata(&target).is_err() {
                fs::rename(self.path.join(name), &target)
                    .map_err(|source| Error::Unwritable { path: target, source })?;
                moved.insert(name);
            }
        }
        Ok(moved)
    }

    /// Refuses to write where somebody else's file is, or through a link out of the folder.
    fn refuse_foreign(&self, path: &str) -> Result<(), Error> {
        let folder = self.folder;
        let target = folder.path.join(path);
        let foreign = |path: PathBuf| Error::ForeignFile { path };
        let parents = Path::new(path).ancestors().skip(1).filter(|parent| !parent.as_os_str().is_empty());
        for parent in parents {
            let parent = folder.path.join(parent);
            if fs::symlink_metadata(&parent).is_ok_and(|about| !about.is_dir()) {
                return Err(foreign(parent));
            }
        }
        match fs::symlink_metadata(&target) {
            Ok(about) if !about.is_file() || !folder.own.contains(path) => Err(foreign(target)),
            _ => Ok(()),
        }
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
        if self.is_new {
            // Only an empty folder is removed.
            let _ = fs::remove_dir(&self.folder.path);
        }
    }
}
