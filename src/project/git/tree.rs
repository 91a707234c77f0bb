//! The files of a commit, without touching the work tree.

use std::collections::BTreeMap;
use std::path::Path;

use super::Repository;
use crate::error::Error;

/// A file of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    /// The name of its contents.
    pub blob: String,
    /// How many bytes it has.
    pub size: u64,
    /// The repository that holds it: 0, or that of a submodule.
    repository: usize,
}

/// The files of a commit, by their paths from the top of the repository, with `/` between the parts.
#[derive(Debug)]
pub struct Tree {
    repositories: Vec<Repository>,
    files: BTreeMap<String, TreeFile>,
}

/// Links that name links, as the kernel follows them.
const LONGEST_CHAIN: usize = 8;

/// What stands in a tree.
struct Item {
    mode: String,
    name: String,
    size: u64,
    path: String,
}

impl Tree {
    /// The files of a commit, those of submodules and behind symbolic links included.
    pub fn of(repository: Repository, commit: &str) -> Result<Tree, Error> {
        let mut tree = Tree { repositories: Vec::new(), files: BTreeMap::new() };
        let mut links = Vec::new();
        tree.take(repository, commit, "", &mut links)?;
        tree.follow(links)?;
        Ok(tree)
    }

    /// Takes the files of a commit, whose paths begin with `prefix`.
    fn take(
        &mut self,
        repository: Repository,
        commit: &str,
        prefix: &str,
        links: &mut Vec<(String, usize, String)>,
    ) -> Result<(), Error> {
        let listed = repository.run(&["ls-tree", "-r", "-z", "-l", "--full-tree", commit])?;
        let at = self.repositories.len();
        self.repositories.push(repository.clone());
        for item in listed.split(|byte| *byte == 0).filter_map(Item::read) {
            let path = format!("{prefix}{}", item.path);
            match item.mode.as_str() {
                "120000" => links.push((path, at, item.name)),
                "160000" => self.take_submodule(&repository, &item, &path, links)?,
                _ => {
                    let file = TreeFile { blob: item.name, size: item.size, repository: at };
                    self.files.insert(path, file);
                }
            }
        }
        Ok(())
    }

    /// The files of a submodule, if it is checked out: otherwise the plan of the work tree has none of them either.
    fn take_submodule(
        &mut self,
        outer: &Repository,
        item: &Item,
        path: &str,
        links: &mut Vec<(String, usize, String)>,
    ) -> Result<(), Error> {
        let folder = outer.top.join(&item.path);
        if !folder.join(".git").exists() {
            return Ok(());
        }
        let inner = Repository::around(&folder, &outer.revision)?;
        if inner == *outer {
            return Ok(());
        }
        if inner.ask(&["cat-file", "-e", &format!("{}^{{commit}}", item.name)]).is_none() {
            let reason = format!("the commit {} of the submodule `{path}` is not there", item.name);
            return Err(outer.error(reason, format!("fetch it: `git -C {path} fetch origin {}`", item.name)));
        }
        self.take(inner, &item.name, &format!("{path}/"), links)
    }

    /// Gives symbolic links the files that they lead to.
    fn follow(&mut self, links: Vec<(String, usize, String)>) -> Result<(), Error> {
        let mut targets = Vec::new();
        for (path, at, blob) in links {
            let bytes = self.repositories[at].blobs(&[&blob])?.pop().unwrap_or_default();
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            // What leads out of the repository is no part of any commit.
            if let Some(target) = normal(folder, &String::from_utf8_lossy(&bytes)) {
                targets.push((path, target));
            }
        }
        for _ in 0..LONGEST_CHAIN {
            let mut grew = false;
            for (path, target) in &targets {
                for (new, file) in self.behind(path, target) {
                    grew |= self.files.insert(new, file).is_none();
                }
            }
            if !grew {
                break;
            }
        }
        Ok(())
    }

    /// The file that a link leads to, or those of the folder.
    fn behind(&self, path: &str, target: &str) -> Vec<(String, TreeFile)> {
        if let Some(file) = self.files.get(target) {
            return vec![(path.to_owned(), file.clone())];
        }
        let folder = if target.is_empty() { String::new() } else { format!("{target}/") };
        // A folder that the link lies in would have no end.
        if path.starts_with(&folder) {
            return Vec::new();
        }
        let inside = self.files.range(folder.clone()..).take_while(|(name, _)| name.starts_with(&folder));
        inside.map(|(name, file)| (format!("{path}/{}", &name[folder.len()..]), file.clone())).collect()
    }

    /// The file of a path.
    pub fn file(&self, path: &str) -> Option<&TreeFile> {
        self.files.get(path)
    }

    /// The files whose paths begin with `prefix`, with the rest of their paths.
    pub fn below<'t>(&'t self, prefix: &'t str) -> impl Iterator<Item = (&'t str, &'t TreeFile)> {
        let from = self.files.range(prefix.to_owned()..);
        from.take_while(move |(path, _)| path.starts_with(prefix))
            .map(move |(path, file)| (&path[prefix.len()..], file))
    }

    /// Every path whose last part is this.
    pub fn named<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        let paths = self.files.keys().map(String::as_str);
        paths.filter(move |path| Path::new(path).file_name().is_some_and(|last| last == name))
    }

    /// The contents of files, in their order.
    pub fn contents(&self, files: &[&TreeFile]) -> Result<Vec<Vec<u8>>, Error> {
        let mut contents = vec![Vec::new(); files.len()];
        for (number, repository) in self.repositories.iter().enumerate() {
            let own = || files.iter().enumerate().filter(|(_, file)| file.repository == number);
            let names: Vec<&str> = own().map(|(_, file)| file.blob.as_str()).collect();
            for ((at, _), bytes) in own().zip(repository.blobs(&names)?) {
                contents[at] = bytes;
            }
        }
        Ok(contents)
    }
}

impl Item {
    /// Reads `<mode> <type> <name> <size>\t<path>`.
    fn read(line: &[u8]) -> Option<Item> {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        let about = std::str::from_utf8(&line[..tab]).ok()?;
        let mut words = about.split_whitespace();
        let (mode, _, name) = (words.next()?, words.next()?, words.next()?);
        let size = words.next().and_then(|size| size.parse().ok()).unwrap_or(0);
        // Other bytes than UTF-8 cannot be told apart in a name; the file is read all the same.
        let path = String::from_utf8_lossy(&line[tab + 1..]).into_owned();
        Some(Item { mode: mode.to_owned(), name: name.to_owned(), size, path })
    }
}

/// A relative path from a folder, without `.` and `..`; nothing if it leads out of the repository.
fn normal(folder: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_followed_inside_the_repository() {
        assert_eq!(normal("plan/parts", "../shared/a.yaml").as_deref(), Some("plan/shared/a.yaml"));
        assert_eq!(normal("plan", "./a.yaml").as_deref(), Some("plan/a.yaml"));
        assert_eq!(normal("plan", "../../a.yaml"), None);
        assert_eq!(normal("plan", "/etc/passwd"), None);
    }

    #[test]
    fn a_line_of_a_tree_is_read_whatever_its_path_is() {
        let item = Item::read(b"100644 blob 0123456789abcdef     42\tplan/a\tb \xff.yaml").expect("an item");
        assert_eq!((item.mode.as_str(), item.size), ("100644", 42));
        assert_eq!(item.path, "plan/a\tb \u{fffd}.yaml");
        assert!(Item::read(b"").is_none());
    }
}
