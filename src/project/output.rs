//! Where the product of a command goes: a file is replaced only if it is an ordinary one that nothing was
//! read from, and what is a pipe or a device is written to.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Project;
use super::write;
use crate::error::Error;

/// The log of decisions, where nothing else is named, beside `relplan.toml`.
pub const LOG_NAME: &str = "decisions.jsonl";

/// Writes a product to where `--output` says.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    match written_through(path) {
        true => write_through(path, bytes).map_err(|error| match error.kind() {
            // Whoever closed the pipe has seen enough.
            io::ErrorKind::BrokenPipe => Error::Output(error),
            _ => Error::Unwritable { path: path.to_owned(), source: error },
        }),
        false => write::whole(path, bytes),
    }
}

/// Writes files into a folder, which is made unless it is there: all of them, or none if one cannot be written.
pub fn write_into(folder: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|source| Error::Unwritable { path: folder.to_owned(), source })?;
    write::all_whole(files)
}

/// Whether a path leads to something that cannot be replaced: a pipe, a device, an open file of this process.
fn written_through(path: &Path) -> bool {
    let about = fs::metadata(path);
    let is_special = about.is_ok_and(|about| !about.is_file() && !about.is_dir());
    is_special || own_stream(path).is_some() || path.starts_with("/dev") || path.starts_with("/proc")
}

/// Standard output and standard error under their names in `/dev`: they may be files that were opened to be
/// added to, so that opening them again would write over their beginning.
fn own_stream(path: &Path) -> Option<Box<dyn Write>> {
    match path.to_str()? {
        "/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1" => Some(Box::new(io::stdout())),
        "/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2" => Some(Box::new(io::stderr())),
        _ => None,
    }
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut out = match own_stream(path) {
        Some(stream) => stream,
        None => Box::new(OpenOptions::new().write(true).open(path)?),
    };
    out.write_all(bytes)?;
    out.flush()
}

impl Project {
    /// Refuses to write over what was read: the plan, its configuration, evidence, a baseline; and over the log of
    /// decisions, which may be `also`.
    pub fn guard(&self, output: &Path, also: &[&Path]) -> Result<(), Error> {
        let log = self.root.join(LOG_NAME);
        let read = self.paths.iter().flatten().chain(&self.also_read).map(PathBuf::as_path);
        let protected = read.chain(also.iter().copied()).chain([log.as_path()]);
        let target = write::destination(output);
        let own = File::of(&target);
        for path in protected {
            if File::of(path).is_same(&own) {
                return Err(Error::OutputIsInput { path: output.to_owned() });
            }
        }
        Ok(())
    }
}

/// What tells a file from all others, whatever it is called: its device and number, or for one that does not
/// exist yet its folder and name.
struct File {
    number: Option<(u64, u64)>,
    path: Option<PathBuf>,
}

impl File {
    fn of(path: &Path) -> Self {
        let folder =
            path.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
        let folder = folder.and_then(|folder| fs::canonicalize(folder).ok());
        let path_of_all = fs::canonicalize(path).ok();
        let path_of_new = || Some(folder?.join(path.file_name()?));
        File { number: number(path), path: path_of_all.or_else(path_of_new) }
    }

    fn is_same(&self, other: &File) -> bool {
        let same_number = self.number.is_some() && self.number == other.number;
        let same_path = self.path.is_some() && self.path == other.path;
        same_number || same_path
    }
}

#[cfg(unix)]
fn number(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let about = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some((about.dev(), about.ino()))
}

#[cfg(not(unix))]
fn number(_: &Path) -> Option<(u64, u64)> {
    None
}
