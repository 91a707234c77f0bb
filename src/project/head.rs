//! The commit that a work tree stands on, read from the files of git. Nothing is executed.
//!
//! The layout is that of gitrepository-layout(5) and git-worktree(1): `.git` is a folder, or a file that names
//! one; `HEAD` holds a commit or the name of a ref; a ref is a file of its own, or a line of `packed-refs`.
//! `GIT_DIR` and its like are not looked at.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use crate::model::Commit;

/// How many refs may name one another until one names a commit, as in git itself.
const LONGEST_CHAIN: usize = 5;

/// No ref, and no file that leads to a repository, is longer than a path.
const LONGEST_REF: u64 = 8192;

/// Where a work tree stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The commit, with all of its digits.
    pub commit: Commit,
    /// The ref that `HEAD` names, `refs/heads/main`; none if `HEAD` is detached.
    pub branch: Option<String>,
}

/// Why it cannot be said on which commit a work tree stands.
#[derive(Debug, thiserror::Error)]
pub enum NoHead {
    /// Neither the folder nor any above it is the work tree of a repository.
    #[error("`{}` is not in a git repository", .folder.display())]
    NoRepository {
        /// The folder.
        folder: PathBuf,
    },
    /// The branch has no commit yet.
    #[error("the branch `{branch}` has no commit yet")]
    Unborn {
        /// The branch, without `refs/heads/`.
        branch: String,
    },
    /// A `.git` file that leads nowhere: a work tree or a submodule whose repository was moved.
    #[error("`{}` does not point to a repository", .file.display())]
    BrokenLink {
        /// The file.
        file: PathBuf,
    },
    /// A ref that holds neither a commit nor the name of a ref.
    #[error("the ref `{name}` is broken: {reason}")]
    BrokenRef {
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Refs that name one another.
    #[error("the ref `{name}` is a chain of more than {LONGEST_CHAIN} refs")]
    EndlessRefs {
        /// The last one that was looked at.
        name: String,
    },
    /// The repository keeps its refs in a reftable, which is not read.
    #[error("`{}` stores its refs as a reftable, which relplan cannot read; pass the commit instead", .repository.display())]
    Reftable {
        /// The repository.
        repository: PathBuf,
    },
    /// A file of the repository that cannot be read.
    #[error("cannot read `{}`: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The commit of the work tree that a folder lies in.
pub fn head(folder: &Path) -> Result<Head, NoHead> {
    let repository = Repository::around(folder)?;
    if repository.common.join("reftable").is_dir() {
        return Err(NoHead::Reftable { repository: repository.common });
    }
    let mut name = "HEAD".to_owned();
    let mut branch = None;
    for _ in 0..=LONGEST_CHAIN {
        match repository.read(&name)? {
            Some(Ref::Commit(commit)) => return Ok(Head { commit, branch }),
            Some(Ref::Symbolic(next)) => {
                branch.get_or_insert_with(|| next.clone());
                name = next;
            }
            None if name == "HEAD" => return Err(broken(&name, "it is missing")),
            None => {
                let branch = name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned();
                return Err(NoHead::Unborn { branch });
            }
        }
    }
    Err(NoHead::EndlessRefs { name })
}

/// The address of the repository that the one around a folder was cloned from.
pub(super) fn origin(folder: &Path) -> Option<String> {
    const LARGEST: u64 = 1 << 20;
    let repository = Repository::around(folder).ok()?;
    let mut bytes = Vec::new();
    File::open(repository.common.join("config")).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines().map(str::trim).skip_while(|line| *line != "[remote \"origin\"]").skip(1);
    let url = lines.by_ref().take_while(|line| !line.starts_with('[')).find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "url").then(|| value.trim().to_owned())
    });
    url.filter(|url| !url.is_empty())
}

/// The folders of a repository.
struct Repository {
    /// What belongs to this work tree alone, `HEAD` among it.
    own: PathBuf,
    /// What all work trees of the repository share.
    common: PathBuf,
}

/// What a ref holds.
enum Ref {
    Commit(Commit),
    /// The name of another ref.
    Symbolic(String),
}

impl Repository {
    /// The repository of the nearest work tree, looked for in a folder and then in those above it.
    fn around(folder: &Path) -> Result<Repository, NoHead> {
        let unreadable = |source| NoHead::Unreadable { path: folder.to_owned(), source };
        // What leads to the folder may be relative, or a link to another tree.
        let start = fs::canonicalize(folder).map_err(unreadable)?;
        for place in start.ancestors() {
            let link = place.join(".git");
            let own = match fs::metadata(&link) {
                // git passes over folders that only have the name.
                Ok(found) if found.is_dir() && link.join("HEAD").symlink_metadata().is_ok() => link,
                Ok(found) if found.is_file() => follow(&link)?,
                _ => continue,
            };
            let common = common_folder(&own)?;
            return Ok(Repository { own, common });
        }
        Err(NoHead::NoRepository { folder: folder.to_owned() })
    }

    /// What a ref holds; nothing if there is no such ref.
    fn read(&self, name: &str) -> Result<Option<Ref>, NoHead> {
        let path = self.folder_of(name).join(name);
        match read_short(&path)? {
            Some(text) => parse_ref(name, &text).map(Some),
            None if name == "HEAD" => Ok(None),
            None => self.read_packed(name),
        }
    }

    /// Some refs belong to one work tree: `HEAD`, and those of git-worktree(1), section "REFS".
    fn folder_of(&self, name: &str) -> &Path {
        let own = ["refs/bisect/", "refs/worktree/", "refs/rewritten/"];
        let is_own = name == "HEAD" || own.iter().any(|prefix| name.starts_with(prefix));
        if is_own { &self.own } else { &self.common }
    }

    /// What `packed-refs` says of a ref: a line `<commit> <name>`.
    fn read_packed(&self, name: &str) -> Result<Option<Ref>, NoHead> {
        let path = self.common.join("packed-refs");
        let unreadable = |source| NoHead::Unreadable { path: path.clone(), source };
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        // It may hold a hundred thousand refs, and names need not be UTF-8.
        for line in BufReader::new(file).split(b'\n') {
            let line = line.map_err(unreadable)?;
            let line = line.strip_suffix(b"\r").unwrap_or(&line);
            let commit = line.strip_suffix(name.as_bytes()).and_then(|rest| rest.strip_suffix(b" "));
            if let Some(commit) = commit.filter(|commit| !commit.starts_with(b"#")) {
                return whole_commit(name, &String::from_utf8_lossy(commit)).map(Some);
            }
        }
        Ok(None)
    }
}

/// Where a `.git` file leads: `gitdir: ` and a path, from its own folder if it is relative.
fn follow(file: &Path) -> Result<PathBuf, NoHead> {
    let broken = || NoHead::BrokenLink { file: file.to_owned() };
    let text = read_short(file)?.ok_or_else(broken)?;
    let target = text.strip_prefix("gitdir:").ok_or_else(broken)?.trim();
    let target = file.parent().unwrap_or(file).join(target);
    let is_repository = !text.trim().ends_with("gitdir:") && target.join("HEAD").symlink_metadata().is_ok();
    is_repository.then_some(target).ok_or_else(broken)
}

/// The folder that a work tree shares with others: a file says which, or it has none but its own.
fn common_folder(own: &Path) -> Result<PathBuf, NoHead> {
    let file = own.join("commondir");
    let Some(text) = read_short(&file)? else { return Ok(own.to_owned()) };
    let common = own.join(text.trim_end_matches(['\n', '\r']));
    if common.is_dir() { Ok(common) } else { Err(NoHead::BrokenLink { file }) }
}

fn parse_ref(name: &str, text: &str) -> Result<Ref, NoHead> {
    let Some(target) = text.strip_prefix("ref:") else { return whole_commit(name, text.trim_end()) };
    let target = target.trim();
    // A name is joined to the folder of the repository, and must not lead out of it.
    let inside = Path::new(target).components().all(|part| matches!(part, Component::Normal(_)));
    if inside && target.starts_with("refs/") {
        Ok(Ref::Symbolic(target.to_owned()))
    } else {
        Err(broken(name, &format!("`{target}` is not a ref name")))
    }
}

fn whole_commit(name: &str, text: &str) -> Result<Ref, NoHead> {
    match Commit::parse(text) {
        Ok(commit) if commit.is_whole() => Ok(Ref::Commit(commit)),
        Ok(commit) => Err(broken(name, &format!("`{commit}` is not a full commit id"))),
        Err(error) if text.is_empty() => Err(broken(name, &format!("it {error}"))),
        Err(error) => Err(broken(name, &format!("`{}` {error}", text.escape_debug()))),
    }
}

fn broken(name: &str, reason: &str) -> NoHead {
    NoHead::BrokenRef { name: name.to_owned(), reason: reason.to_owned() }
}

/// The text of a short file; nothing if there is no file.
fn read_short(path: &Path) -> Result<Option<String>, NoHead> {
    let unreadable = |source| NoHead::Unreadable { path: path.to_owned(), source };
    match fs::metadata(path) {
        // A pipe would never end.
        Ok(found) if found.is_file() => {}
        Ok(_) => return Ok(None),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(error)),
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(LONGEST_REF).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
