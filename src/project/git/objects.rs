//! The contents of files, read from the objects of a repository.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::Stdio;

use super::{Repository, command};
use crate::error::Error;
use crate::source::yaml::LARGEST_FILE;

/// The beginning of a file that Git LFS keeps elsewhere.
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// No pointer is longer.
const LONGEST_POINTER: usize = 1024;

impl Repository {
    /// The contents of blobs, in the order in which they are named.
    pub fn blobs(&self, names: &[&str]) -> Result<Vec<Vec<u8>>, Error> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let child = command(&self.top)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = child.map_err(|error| self.without_git(&error))?;
        let mut input = child.stdin.take();
        let asked: String = names.iter().map(|name| format!("{name}\n")).collect();
        let mut answer = Vec::new();
        // Git answers while it is still being asked.
        let read = std::thread::scope(|scope| {
            scope.spawn(move || input.as_mut().map(|input| input.write_all(asked.as_bytes())));
            child.stdout.take().map(|mut output| output.read_to_end(&mut answer))
        });
        let ended = child.wait();
        if !matches!(read, Some(Ok(_))) || !ended.is_ok_and(|status| status.success()) {
            return Err(self.error("`git cat-file` failed", "run `git fsck`, and fix what it reports"));
        }
        let mut rest = answer.as_slice();
        names.iter().map(|name| self.next_blob(name, &mut rest)).collect()
    }

    /// The next answer: a line with name, type and size, the contents, and a line break.
    fn next_blob(&self, name: &str, rest: &mut &[u8]) -> Result<Vec<u8>, Error> {
        let missing = || {
            self.error(
                format!("the object {name} is missing"),
                "fetch it: `git fetch --refetch --no-filter origin`",
            )
        };
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(missing)?;
        let line = String::from_utf8_lossy(&rest[..end]).into_owned();
        *rest = &rest[end + 1..];
        let mut words = line.split(' ').skip(1);
        let (kind, size) = (words.next(), words.next().and_then(|size| size.parse::<usize>().ok()));
        let size = size.filter(|size| kind == Some("blob") && *size < rest.len()).ok_or_else(missing)?;
        let bytes = rest[..size].to_vec();
        *rest = &rest[size + 1..];
        self.behind_pointer(bytes)
    }

    /// What a pointer of Git LFS stands for; anything else as it is.
    fn behind_pointer(&self, bytes: Vec<u8>) -> Result<Vec<u8>, Error> {
        if bytes.len() > LONGEST_POINTER || !bytes.starts_with(POINTER) {
            return Ok(bytes);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let named = text.lines().find_map(|line| line.strip_prefix("oid sha256:")).map(str::trim);
        let is_name = |name: &&str| name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let Some(name) = named.filter(is_name) else { return Ok(bytes) };
        let folder = self.line(&["rev-parse", "--git-common-dir"])?;
        let kept = PathBuf::from(&self.top).join(folder).join("lfs/objects");
        let path = kept.join(&name[..2]).join(&name[2..4]).join(name);
        let about =
            std::fs::metadata(&path).ok().filter(|about| about.is_file() && about.len() <= LARGEST_FILE);
        about.and_then(|_| std::fs::read(&path).ok()).ok_or_else(|| {
            self.error(
                format!("Git LFS has not fetched the object {name}"),
                format!("fetch it: `git lfs fetch origin {}`", self.revision),
            )
        })
    }
}
