//! Files are written whole or not at all.
//!
//! The text goes into a file of its own beside the target, which is locked until it has taken the
//! target's place. A file of that kind that is not locked is what a killed run left; the next run
//! that writes to the same folder removes it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Writes a file by way of a temporary one beside it, so that whoever reads it
/// sees the old text or the new one, never half of either.
pub fn whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let unwritable = |source| Error::Unwritable { path: path.to_owned(), source };
    // A link stays a link: what it leads to is what is replaced.
    let target = destination(path);
    let temporary = Temporary::write(&target, bytes).map_err(unwritable)?;
    temporary.replace(&target).map_err(unwritable)
}

/// Replaces files with new texts: all of them, or none if one cannot be written.
///
/// # Errors
///
/// If a file is read-only or its folder cannot be written to. Then no file has changed.
pub fn all_whole(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Error> {
    let mut ready = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        let unwritable = |source| Error::Unwritable { path: path.clone(), source };
        let target = destination(path);
        if fs::metadata(&target).is_ok_and(|about| about.permissions().readonly()) {
            return Err(Error::ReadOnly { path: path.clone() });
        }
        ready.push((Temporary::write(&target, bytes).map_err(unwritable)?, target));
    }
    for (temporary, target) in ready {
        temporary.replace(&target).map_err(|source| Error::Unwritable { path: target.clone(), source })?;
    }
    Ok(())
}

/// Writes a file that must not exist yet, whole or not at all.
pub fn whole_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let temporary = Temporary::write(path, bytes)
        .map_err(|source| Error::Unwritable { path: path.to_owned(), source })?;
    temporary.become_new(path).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => Error::WouldOverwrite { path: path.to_owned() },
        _ => Error::Unwritable { path: path.to_owned(), source },
    })
}

/// Where a path leads through symbolic links, whether the last of them leads anywhere or not.
pub(super) fn destination(path: &Path) -> PathBuf {
    const MOST_LINKS: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = fs::read_link(&target) else { break };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    target
}

/// How the names of temporary files end.
const ENDING: &str = ".relplan-tmp";

/// A file that takes the place of another once it is complete. It goes when it is dropped.
struct Temporary {
    path: PathBuf,
    /// Locked as long as somebody is at work on it.
    file: File,
}

impl Temporary {
    /// Writes a text to a file beside `target`, with the permissions of `target` if that exists.
    fn write(target: &Path, bytes: &[u8]) -> io::Result<Self> {
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // A name of 255 bytes has no room for an ending.
        let name = &name[..name.floor_char_boundary(180)];
        let path = target.with_file_name(format!(".{name}.{}{ENDING}", std::process::id()));
        if let Some(folder) = target.parent() {
            remove_abandoned(folder);
        }
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        // Where files cannot be locked, nothing is removed either.
        let _ = file.lock();
        let temporary = Temporary { file: file.try_clone()?, path };
        file.write_all(bytes)?;
        if let Ok(metadata) = fs::metadata(target) {
            fs::set_permissions(&temporary.path, metadata.permissions())?;
        }
        file.sync_all()?;
        Ok(temporary)
    }

    fn replace(self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        sync_folder(target);
        Ok(())
    }

    /// A second name can be given only if nothing has it; a rename would replace what does.
    fn become_new(self, target: &Path) -> io::Result<()> {
        match fs::hard_link(&self.path, target) {
            // Not every file system knows second names.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !target.exists() => {
                fs::rename(&self.path, target)?;
            }
            linked => linked?,
        }
        sync_folder(target);
        Ok(())
    }
}

/// Makes a new name last: until then it may be in memory only.
fn sync_folder(target: &Path) {
    if let Some(folder) = target.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After a rename there is nothing to remove; a second name, or what is left of a failed attempt, goes.
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

/// Removes what killed runs left in a folder: temporary files that nobody holds the lock of.
fn remove_abandoned(folder: &Path) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    for item in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = item.file_name();
        let name = name.to_string_lossy();
        let is_ours = name.starts_with('.') && name.ends_with(ENDING);
        if is_ours && item.file_type().is_ok_and(|kind| kind.is_file()) && is_abandoned(&item.path()) {
            let _ = fs::remove_file(item.path());
        }
    }
}

/// Whether nobody is at work on a temporary file. Between its creation and its lock lies a moment, in which
/// it is empty; one that stays empty is abandoned, too.
fn is_abandoned(path: &Path) -> bool {
    let Ok(file) = OpenOptions::new().write(true).open(path) else { return false };
    if file.try_lock().is_err() {
        return false;
    }
    let Ok(about) = file.metadata() else { return false };
    let age = about.modified().ok().and_then(|time| time.elapsed().ok());
    about.len() > 0 || has_ended(path) || age.is_some_and(|age| age.as_secs() > 10)
}

/// Whether the process whose number a temporary file has in its name has ended, as far as the system says so.
fn has_ended(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let process = name.strip_suffix(ENDING).and_then(|name| name.rsplit('.').next());
    let processes = Path::new("/proc");
    let runs = |process: &str| processes.join(process).exists();
    process.is_some_and(|process| {
        process.bytes().all(|byte| byte.is_ascii_digit()) && runs("self") && !runs(process)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let items = fs::read_dir(folder).expect("a folder").flatten();
        let mut names: Vec<String> =
            items.map(|item| item.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_a_killed_run_left_is_removed_by_the_next() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(".a.html.1.relplan-tmp"), "half").expect("a file");
        fs::write(folder.path().join(".b.yaml.99999999.relplan-tmp"), "half").expect("a file");
        fs::write(folder.path().join(".mine.tmp"), "not ours").expect("a file");
        whole(&folder.path().join("a.html"), b"whole").expect("it is written");
        assert_eq!(names(folder.path()), [".mine.tmp", "a.html"]);
    }

    #[test]
    fn what_another_run_is_at_work_on_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(".a.html.1.relplan-tmp");
        fs::write(&path, "half").expect("a file");
        let held = File::open(&path).expect("a file");
        held.lock().expect("a lock");
        whole(&folder.path().join("b.html"), b"whole").expect("it is written");
        assert_eq!(names(folder.path()), [".a.html.1.relplan-tmp", "b.html"]);
        drop(held);
        whole_new(&folder.path().join("c.html"), b"whole").expect("it is written");
        assert_eq!(names(folder.path()), ["b.html", "c.html"]);
    }

    #[test]
    fn nothing_is_left_of_a_failed_attempt() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("a")).expect("a folder");
        assert!(whole(&folder.path().join("a"), b"x").is_err());
        assert!(whole(&folder.path().join("missing/a"), b"x").is_err());
        fs::write(folder.path().join("b"), "old").expect("a file");
        assert!(matches!(whole_new(&folder.path().join("b"), b"x"), Err(Error::WouldOverwrite { .. })));
        assert_eq!(names(folder.path()), ["a", "b"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_even_to_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("target", &link).expect("a link");
        for text in ["first", "second"] {
            whole(&link, text.as_bytes()).expect("it is written");
            assert_eq!(fs::read_to_string(folder.path().join("target")).expect("a file"), text);
        }
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
    }
}
