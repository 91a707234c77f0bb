//! Files are written whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::error::Error;

/// Writes a file by way of a temporary one beside it, so that whoever reads it
/// sees the old text or the new one, never half of either.
pub fn whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let unwritable = |source| Error::Unwritable { path: path.to_owned(), source };
    // A link stays a link: what it leads to is what is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = target.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = write_and_rename(&temporary, &target, bytes);
    if written.is_err() {
        // What is left of a failed attempt is of no use to anybody.
        let _ = fs::remove_file(&temporary);
    }
    written.map_err(unwritable)
}

/// Writes a file that must not exist yet, whole or not at all.
pub fn whole_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let unwritable = |source| Error::Unwritable { path: path.to_owned(), source };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let file = fs::OpenOptions::new().write(true).create_new(true).open(&temporary).map_err(unwritable)?;
    let written = write_and_link(file, &temporary, path, bytes);
    // It is a second name of the file, or what is left of a failed attempt.
    let _ = fs::remove_file(&temporary);
    written.map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => Error::WouldOverwrite { path: path.to_owned() },
        _ => unwritable(source),
    })
}

/// A second name can be given only if nothing has it; a rename would replace what does.
fn write_and_link(mut file: fs::File, temporary: &Path, target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()?;
    match fs::hard_link(temporary, target) {
        // Not every file system knows second names.
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists && !target.exists() => {
            fs::rename(temporary, target)
        }
        linked => linked,
    }
}

fn write_and_rename(temporary: &Path, target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(temporary)?;
    file.write_all(bytes)?;
    if let Ok(metadata) = fs::metadata(target) {
        fs::set_permissions(temporary, metadata.permissions())?;
    }
    file.sync_all()?;
    fs::rename(temporary, target)
}

/// Writes a file that must not exist yet.
pub fn new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let file = fs::OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = file.map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => Error::WouldOverwrite { path: path.to_owned() },
        _ => Error::Unwritable { path: path.to_owned(), source },
    })?;
    file.write_all(bytes).map_err(|source| Error::Unwritable { path: path.to_owned(), source })
}
