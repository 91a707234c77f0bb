//! The files of evidence: those that `[evidence]` names, and those that the command line names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use ignore::WalkBuilder;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::config::{Config, EVIDENCE_FILES, GlobUse};
use crate::error::Error;
use crate::evidence::FILE_NAME;
use crate::source::{SourceFile, Spanned};

/// What the command line says about evidence.
#[derive(Debug, Clone, Default)]
pub struct EvidenceRequest {
    /// Files and folders beyond those that `relplan.toml` names.
    pub paths: Vec<PathBuf>,
    /// The commit that is judged.
    pub commit: Option<String>,
    /// The commit of evidence that names none.
    pub evidence_commit: Option<String>,
}

/// The endings of files that are read where a whole folder is named. What lies beside reports, logs and
/// pages, is none.
const ENDINGS: [&str; 14] = [
    "xml",
    "trx",
    "json",
    "jsonl",
    "ndjson",
    "sarif",
    "info",
    "lcov",
    "out",
    "tap",
    "csv",
    "prom",
    "om",
    "openmetrics",
];

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The files, in the order of their paths.
    pub files: Vec<(PathBuf, SourceFile)>,
    /// How many files each glob chose.
    pub globs: Vec<GlobUse>,
}

/// Finds and reads every file of evidence.
pub(super) fn read(
    request: &EvidenceRequest,
    root: Option<&Path>,
    config: &Config,
    working_folder: &Path,
) -> Result<Found, Error> {
    let mut chosen = Chosen::default();
    let mut globs = Vec::new();
    if let Some(root) = root {
        for glob in &config.evidence.files {
            let files = chosen.by_glob(root, &glob.value)?;
            globs.push(GlobUse { setting: EVIDENCE_FILES.to_owned(), glob: glob.clone(), files });
        }
    }
    for path in &request.paths {
        chosen.by_path(path, root)?;
    }
    let paths = chosen.once_each();
    let read = |path: PathBuf| {
        let file = super::read_file(&path, working_folder)?;
        Ok((path, file))
    };
    let files: Result<Vec<_>, Error> = paths.into_par_iter().map(read).collect();
    Ok(Found { files: files?, globs })
}

/// What globs chose.
#[derive(Debug, Default)]
pub(super) struct ByGlobs {
    /// The files, each once, in the order of their paths.
    pub paths: Vec<PathBuf>,
    /// The globs that chose none.
    pub idle: Vec<Spanned<String>>,
}

/// The files that globs choose from a folder.
pub(super) fn by_globs(root: &Path, globs: &[Spanned<String>]) -> Result<ByGlobs, Error> {
    let mut chosen = Chosen::default();
    let mut idle = Vec::new();
    for glob in globs {
        if chosen.by_glob(root, &glob.value)? == 0 {
            idle.push(glob.clone());
        }
    }
    let is_other = |path: &PathBuf| path.file_name().is_none_or(|name| name != FILE_NAME);
    Ok(ByGlobs { paths: chosen.once_each().into_iter().filter(is_other).collect(), idle })
}

/// The reports of a folder and of those below, in the order of their paths.
pub(super) fn reports_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut chosen = Chosen::default();
    chosen.by_path(folder, None)?;
    let paths = chosen.paths.into_iter();
    Ok(paths.filter(|path| path.file_name().is_none_or(|name| name != FILE_NAME)).collect())
}

/// The files that were chosen so far.
#[derive(Default)]
struct Chosen {
    paths: BTreeSet<PathBuf>,
}

impl Chosen {
    /// Takes what a glob chooses; how many files that is.
    fn by_glob(&mut self, root: &Path, glob: &str) -> Result<usize, Error> {
        let (folder, pattern) = split(glob);
        let folder = root.join(folder);
        if pattern.is_empty() {
            return match folder.exists() {
                true => self.by_path(&folder, Some(root)),
                false => Ok(0),
            };
        }
        let bad = |error: globset::Error| Error::BadGlob {
            glob: glob.to_owned(),
            reason: error.kind().to_string(),
        };
        let matcher =
            GlobBuilder::new(pattern).literal_separator(true).build().map_err(bad)?.compile_matcher();
        // A pattern that stays at its depth needs no walk through what lies below.
        let depth = (!pattern.contains("**")).then(|| pattern.split('/').count());
        self.walk(&folder, root, depth, |relative| matcher.is_match(relative))
    }

    /// Takes a file or what lies in a folder; how many files that is.
    fn by_path(&mut self, path: &Path, root: Option<&Path>) -> Result<usize, Error> {
        let about = std::fs::metadata(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => Error::PathMissing { path: path.to_owned() },
            _ => Error::Unreadable { path: path.to_owned(), source },
        })?;
        if about.is_dir() {
            return self.walk(path, path, None, |relative| {
                relative
                    .extension()
                    .is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
            });
        }
        if !about.is_file() {
            return Err(Error::NotAFile { path: path.to_owned() });
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        self.take(path, root.filter(|root| path.starts_with(root)).unwrap_or(folder));
        Ok(1)
    }

    /// Takes the files of a folder that fit; how many there are. What speaks of reports is none itself.
    fn walk(
        &mut self,
        folder: &Path,
        top: &Path,
        depth: Option<usize>,
        fits: impl Fn(&Path) -> bool,
    ) -> Result<usize, Error> {
        let mut count = 0;
        if !folder.exists() {
            return Ok(0);
        }
        let mut walk = WalkBuilder::new(folder);
        // CI likes folders that begin with a dot; what git keeps for itself is no evidence.
        walk.standard_filters(false).hidden(false).follow_links(true).max_depth(depth);
        walk.filter_entry(|item| item.file_name() != ".git");
        for item in walk.build() {
            let item = match item {
                Ok(item) => item,
                Err(error) => {
                    // What a link leads back to is walked through anyway; anything else stops relplan.
                    super::locate::loop_of(error)?;
                    continue;
                }
            };
            let path = item.path();
            let relative = path.strip_prefix(folder).unwrap_or(path);
            if item.file_type().is_some_and(|kind| kind.is_file()) && fits(relative) {
                count += usize::from(item.file_name() != FILE_NAME);
                self.take(path, top);
            }
        }
        Ok(count)
    }

    /// Takes a file, and each `evidence.json` that speaks of it, up to the folder `top`.
    fn take(&mut self, path: &Path, top: &Path) {
        let above = path.ancestors().skip(1).take_while(|folder| folder.starts_with(top));
        let beside = above.map(|folder| folder.join(FILE_NAME)).filter(|file| file.is_file());
        self.paths.extend(beside);
        self.paths.insert(path.to_owned());
    }

    /// The files, each once, however many ways lead to it.
    fn once_each(self) -> Vec<PathBuf> {
        let mut seen = FxHashSet::default();
        let canonical = |path: &PathBuf| std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        self.paths.into_iter().filter(|path| seen.insert(canonical(path))).collect()
    }
}

/// The folders at the beginning of a glob that are no patterns, and the rest.
fn split(glob: &str) -> (&str, &str) {
    let Some(first) = glob.find(['*', '?', '[', '{']) else { return (glob, "") };
    match glob[..first].rfind('/') {
        Some(slash) => (&glob[..slash], &glob[slash + 1..]),
        None => ("", glob),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_is_walked_from_the_first_folder_that_is_a_pattern() {
        assert_eq!(split("target/*/TEST-*.xml"), ("target", "*/TEST-*.xml"));
        assert_eq!(split("**/*.sarif"), ("", "**/*.sarif"));
        assert_eq!(split("../ci/report.xml"), ("../ci/report.xml", ""));
    }
}
